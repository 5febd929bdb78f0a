import Autodiff
import Foundation
import Tensors
import Testing

/// Learns nothing: the ops are looked at, not trained.
private struct NoUpdate: UpdateRule {
  func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {}
}

extension OpExample: CustomTestStringConvertible {
  package var testDescription: String { name }

  /// A step over random numbers, just begun.
  fileprivate func begun() -> Execution {
    let execution = Execution(plan(optimizer: NoUpdate()))
    execution.begin(seed: 4, step: 0, learningRate: 0)
    for (value, numbers) in start(of: execution.plan, { CounterRandom(seed: 7, name: $0) }) {
      execution.write(numbers, to: value)
    }
    return execution
  }
}

@Suite("Ops")
struct OpTests {
  @Test("every gradient agrees with central differences in Float64", arguments: OpCatalog.all)
  func gradients(example: OpExample) throws {
    let execution = example.begun()
    #expect(execution.plan.parameters.allSatisfy { execution.plan.gradients[$0] != nil })
    // What only chooses or draws has no input to derive by.
    guard !execution.plan.gradients.isEmpty else { return }
    let worst = try #require(GradientCheck(execution).worst())
    #expect(worst.1 < 1e-6, "\(worst.0)")
  }

  @Test("the kernels give what their readable twins give", arguments: OpCatalog.all)
  func twins(example: OpExample) {
    let execution = example.begun()
    var twin = ReferenceExecution<Double>(execution)
    twin.run(0..<execution.plan.instructions.count)
    execution.run()
    for instruction in execution.plan.instructions {
      for result in instruction.results {
        let numbers = execution.numbers(of: result.value)
        let size = numbers.reduce(0) { max($0, abs($1)) }
        let off = numbers.indices.map { abs(Double(numbers[$0]) - twin[result.value, $0]) }.max()
        #expect(off ?? 0 <= 1e-5 * Double(max(size, 1e-3)), "\(instruction.title)")
      }
    }
  }

  @Test("every number can be opened, and sums add up", arguments: OpCatalog.all)
  func explanations(example: OpExample) throws {
    let execution = example.begun()
    let plan = execution.plan
    execution.run()
    let explainer = CellExplainer(plan, environment: execution.stepEnvironment) {
      execution.number($0, at: $1)
    }
    for instruction in plan.instructions {
      for result in instruction.results {
        for cell in 0..<result.value.shape.count {
          let number = execution.number(result.value, at: cell)
          let explanation = explainer.explain(result, at: cell, value: number)
          switch explanation.body {
          case .sum(let terms):
            let sum = try #require(explanation.recomputed)
            let size = terms.reduce(0) { $0 + abs($1.product) }
            #expect(abs(sum - Double(number)) <= 1e-6 * max(size, 1e-30), "\(explanation.name)")
          case .formula(let text, let operands):
            #expect(text.components(separatedBy: "{}").count == operands.count + 1)
          }
        }
      }
    }
  }

  @Test("going back and forth leaves the same numbers", arguments: OpCatalog.all)
  func travel(example: OpExample) {
    let straight = example.begun()
    straight.run()
    let wandering = example.begun()
    while !wandering.isDone {
      wandering.advance()
      wandering.retreat()
      wandering.advance()
    }
    #expect(wandering.digest() == straight.digest())
  }

  @Test("every file of ops is in the catalog")
  func catalog() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Autodiff/Ops")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }
      .compactMap { $0.split(whereSeparator: { $0 == "." || $0 == "+" }).first.map(String.init) }
    #expect(files.count > 5)
    // Every example is judged by a loss, so that has none of its own.
    #expect(Set(files) == Set(OpCatalog.all.map { "\(type(of: $0.op))" } + ["LossOp"]))
  }

  @Test("an operand of a term says which example and time step it belongs to")
  func placesInTime() throws {
    let example = try #require(OpCatalog.all.first { $0.name == "memory, last output" })
    let execution = example.begun()
    execution.run()
    let explainer = CellExplainer(execution.plan, environment: execution.stepEnvironment) {
      execution.number($0, at: $1)
    }
    let kernel = try #require(execution.plan.value(named: "W.grad"))
    let maker = try #require(execution.plan.origin(of: kernel))
    let result = try #require(
      execution.plan.instructions[maker].results.first { $0.value == kernel })
    let explanation = explainer.explain(result, at: 0, value: execution.number(kernel, at: 0))
    guard case .sum(let terms) = explanation.body else {
      Issue.record("not a sum")
      return
    }
    #expect(terms.map(\.time) == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(terms.map(\.example) == [0, 1, 0, 1, 0, 1, 0, 1])
  }
}
