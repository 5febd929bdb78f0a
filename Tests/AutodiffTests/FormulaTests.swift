import Autodiff
import Foundation
import Tensors
import Testing

/// A rule that treats one parameter after the other.
private protocol OneByOne: UpdateRule {
  func update(_ parameter: Value, gradient: Value, _ emitter: inout Emitter)
}

extension OneByOne {
  func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {
    for one in parameters { update(one.parameter, gradient: one.gradient, &emitter) }
  }
}

/// Adam, written as formulas of w, g, m and v.
private struct FormulaAdam: OneByOne {
  func update(_ parameter: Value, gradient: Value, _ emitter: inout Emitter) {
    let name = emitter.name(of: parameter)
    let states = ["m", "v"].map {
      emitter.value(name + "." + $0, $0, parameter.shape, role: .optimizerState)
    }
    let (w, g, m, v) = (
      Formula.operand(0), Formula.operand(1), Formula.operand(2), Formula.operand(3)
    )
    let (b1, b2) = (Formula.named("β₁", 0.9), Formula.named("β₂", 0.999))
    let mean = Formula.named("m", m + (g - m) * (1 - b1))
    let variance = Formula.named("v", v + (.square(g) - v) * (1 - b2))
    let (p1, p2) = (Formula.power(b1, .updateCount), Formula.power(b2, .updateCount))
    let rate = Formula.named("α", .learningRate * .sqrt(1 - p2) / (1 - p1))
    emitter.emitUpdate(
      [
        (parameter, w - mean * rate / (.sqrt(variance) + .named("ε", 1e-7))),
        (states[0], mean), (states[1], variance),
      ], operands: [parameter, gradient] + states, names: ["w", "g", "m", "v"])
  }
}

/// Adam by the kernel of its own.
private struct KernelAdam: OneByOne {
  func update(_ parameter: Value, gradient: Value, _ emitter: inout Emitter) {
    let states = ["m", "v"].map {
      emitter.value("\(parameter.id).\($0)", $0, parameter.shape, role: .optimizerState)
    }
    emitter.emit(
      "adam",
      [
        KernelCall(
          .adam, [parameter, gradient] + states, sizes: [parameter.shape.count],
          constants: [0.9, 0.999, 1e-7, 1 - 0.9, 1 - 0.999])
      ],
      [
        InstructionResult(
          parameter, "w",
          .adam(
            parameter, gradient: gradient, m: states[0], v: states[1], beta1: 0.9, beta2: 0.999,
            epsilon: 1e-7))
      ], overwrites: [parameter] + states)
  }
}

@Suite("Formulas in plans")
struct FormulaPlanTests {
  private func execution(_ optimizer: any UpdateRule) -> Execution {
    let example = OpExample(
      "gelu", FormulaOp("gelu") { x, b in 0.5 * (x + b) * (1 + .erf(x / .sqrt(2))) },
      [("x", "x", [3, 5]), ("b", "b", [5])])
    let execution = Execution(example.plan(optimizer: optimizer))
    for value in execution.plan.parameters + (execution.plan.target.map { [$0] } ?? []) {
      let random = CounterRandom(seed: 5, name: execution.plan[value].name)
      execution.write((0..<value.shape.count).map { Float(random.normal(at: $0)) }, to: value)
    }
    return execution
  }

  @Test("an update by formulas is the kernel's, byte for byte, step after step")
  func sameAsKernel() {
    let (own, kernel) = (execution(FormulaAdam()), execution(KernelAdam()))
    for step in 0..<5 {
      for execution in [own, kernel] {
        execution.begin(seed: 1, step: step, learningRate: 0.01)
        execution.run()
      }
    }
    for (a, b) in zip(own.plan.parameters, kernel.plan.parameters) {
      #expect(own.numbers(of: a) == kernel.numbers(of: b))
    }
  }

  @Test("an update by formulas is its twin's, and can be taken back")
  func twinAndTravel() throws {
    let execution = execution(FormulaAdam())
    execution.begin(seed: 1, step: 2, learningRate: 0.01)
    let update = execution.plan.range(of: .update)
    while execution.position < update.lowerBound { execution.advance() }
    var twin = ReferenceExecution<Double>(execution)
    twin.run(0..<execution.plan.instructions.count)
    let before = execution.digest()
    execution.advance()
    execution.retreat()
    #expect(execution.digest() == before)
    while !execution.isDone { execution.advance() }
    for parameter in execution.plan.parameters {
      for (i, number) in execution.numbers(of: parameter).enumerated() {
        #expect(abs(Double(number) - twin[parameter, i]) < 1e-6)
      }
    }
  }

  @Test("an update is explained with the numbers before it")
  func explanation() throws {
    let execution = execution(FormulaAdam())
    execution.begin(seed: 1, step: 2, learningRate: 0.01)
    let update = execution.plan.range(of: .update)
    while execution.position <= update.lowerBound { execution.advance() }
    let instruction = execution.plan.instructions[update.lowerBound]
    let result = instruction.results[0]
    #expect(result.formula == "w ← w − m × α / (√v + ε)")
    let before = execution.before(instruction)
    let explainer = CellExplainer(execution.plan, environment: execution.stepEnvironment) {
      before[$0]?[$1] ?? execution.number($0, at: $1)
    }
    let now = execution.number(result.value, at: 4)
    guard case .formula(let text, let operands) = explainer.explain(result, at: 4, value: now).body
    else {
      Issue.record("not a formula")
      return
    }
    #expect(text == "{} − {} × {} / (√{} + {})")
    let n = operands.map { Double($0.value) }
    #expect(Float(n[0]) == before[result.value]?[4])
    #expect(abs(n[0] - n[1] * n[2] / (n[3].squareRoot() + n[4]) - Double(now)) < 1e-6)
  }

  @Test(
    "shapes meet by NumPy's rules, where rows and columns are enough",
    arguments: [
      ([[4, 3], [3]], [.full, .perColumn]), ([[4, 3], [4, 1]], [.full, .perRow]),
      ([[2, 4, 3], [4, 3]], [.full, .perColumn]), ([[2, 4, 3], [2, 1, 1]], [.full, .perRow]),
      ([[4, 3], []], [.full, .scalar]), ([[3], [4, 1]], [.perColumn, .perRow]),
      ([[2, 4, 3], [4, 1]], nil), ([[2, 4, 3], [3], [4, 3]], nil),
    ] as [([[Int]], [OperandMode]?)])
  func layouts(shapes: [[Int]], modes: [OperandMode]?) throws {
    let shapes = shapes.map { Shape($0) }
    let output = try #require(OperandLayout.broadcast(shapes))
    #expect(OperandLayout(shapes, output: output)?.modes == modes)
    #expect(FormulaOp.fits(shapes) == (modes != nil))
  }

  @Test("shapes that do not fit are said not to")
  func misfit() {
    #expect(OperandLayout.broadcast([[4, 3], [4]]) == nil)
    #expect(!FormulaOp.fits([[4, 3], [4]]))
  }

  @Test("axes that are not side by side are reduced one after the other")
  func axes() {
    var builder = GraphBuilder(mode: .inference)
    let x = builder.input("x", "x", [2, 3, 4])
    let y = builder.layer("sum") { $0.reduce(.sum, x, axes: [0, -1]) }
    let z = builder.layer("mean") { $0.reduce(.mean, y, keepsAxes: true) }
    #expect(y.shape == [3])
    #expect(z.shape == [1])
    let execution = Execution(Planner.plan(builder, inputs: [x], outputs: [z], parameters: []))
    execution.write((0..<24).map { Float($0) }, to: x)
    execution.run()
    #expect(execution.numbers(of: y) == [60, 92, 124])
    #expect(execution.numbers(of: z) == [92])
  }
}
