import Foundation
import NeuralNets
import Tensors
import Testing

@testable import Training

@Suite("The command forward")
struct ForwardCommandTests {
  private static func debugger(_ name: String, holdsBack: Bool = false) throws -> Debugger {
    var settings = try #require(SampleRun.all.first { $0.name == name }).settings
    if holdsBack {
      let all = settings.data.training
      settings.data = TrainingData(
        name: name, training: all.rows(Array(0..<all.count - 3)),
        validation: all.rows(Array(all.count - 3..<all.count)), classes: settings.data.classes)
    }
    return Debugger(try Session(settings))
  }

  private static func failure(
    _ command: String, _ debugger: Debugger
  ) -> DebuggerCommand.Failure? {
    var debugger = debugger
    do {
      _ = try debugger.run(command)
      return nil
    } catch { return error as? DebuggerCommand.Failure }
  }

  @Test("it tells each layer, each class, and terms that add up; the moment stays as it is")
  func tells() throws {
    var debugger = try Self.debugger("convolution, pooling, dropout", holdsBack: true)
    _ = try debugger.run("goto step 2")
    let before = try debugger.run("info digest")
    let reply = try debugger.run("forward 1")
    #expect(try debugger.run("info digest") == before)
    func field(_ name: String) throws -> DebuggerReply.Field {
      try #require(reply.fields.first { $0.name == name }?.value)
    }
    #expect(
      try field("layers")
        == .texts(["input", "conv2d", "max_pooling2d", "dropout", "flatten", "dense"]))
    #expect(try field("rows") == .text("unseen"))
    let data = debugger.session.settings.data
    let example = try #require(data.validation?.rows([1]))
    #expect(try field("input") == .numbers(example.inputs.scalars))
    #expect(
      try field("dense/output") == .numbers(debugger.session.predict(example.inputs).scalars))
    guard case .numbers(let scores) = try field("scores"),
      case .integer(let said) = try field("said"),
      case .integer(let rival) = try field("rival"), case .double(let total) = try field("total"),
      case .double(let size) = try field("size")
    else {
      Issue.record("no scores")
      return
    }
    #expect(abs(total - Double(scores[said] - scores[rival])) <= 2e-6 * size)
    // The logits are what the softmax was made of.
    let sum = scores.reduce(0) { $0 + exp($1) }
    #expect(try field("outputs") == field("dense/output"))
    guard case .numbers(let p) = try field("outputs") else { return }
    for (score, p) in zip(scores, p) { #expect(abs(exp(score) / sum - p) < 1e-5) }
    let text = reply.lines.joined(separator: "\n")
    #expect(reply.lines[0].hasPrefix("unseen example 1 is "))
    #expect(text.contains("conv2d  Conv2D  (7, 6, 2) → (5, 4, 4)  each filter slides over"))
    #expect(text.contains("forward alone it gives what it gets"))
    guard case .texts(let terms) = try field("terms") else { return }
    #expect(terms.contains("dense/bias") && terms.contains("flatten/output[0]"))
    // A number, what it is multiplied by, and what that makes.
    let products = text.matches(
      of: /([+-][\d.e-]+) +flatten\/output\[\d+\] = ([\d.e-]+), times (-?[\d.e-]+)/)
    #expect(!products.isEmpty)
    for product in products {
      let (amount, number) = (try #require(Double(product.1)), try #require(Double(product.2)))
      let weight = try #require(Double(product.3))
      #expect(abs(number * weight - amount) <= 1e-5 * abs(amount), "\(product.0)")
    }
  }

  @Test("batch normalization goes by its moving statistics, dropout drops nothing")
  func evaluation() throws {
    for sample in SampleRun.all {
      var debugger = Debugger(try Session(sample.settings))
      _ = try debugger.run("goto step 1")
      let reply = try debugger.run("forward 0 of training")
      let given = debugger.session.predict(sample.settings.data.training.rows([0]).allInputs)
      #expect(
        reply.fields.contains { $0.value == .numbers(given[0].scalars) }, "\(sample.name)")
    }
  }

  @Test("nothing was done that could be taken back")
  func undo() throws {
    var debugger = try Self.debugger("binary, Nesterov")
    _ = try debugger.run("forward 0")
    #expect(Self.failure("undo", debugger)?.problem.contains("nothing was set") == true)
  }

  @Test("of two classes that one number tells apart the other's score is 0")
  func binary() throws {
    var debugger = try Self.debugger("binary, Nesterov")
    let reply = try debugger.run("forward 2")
    guard case .numbers(let scores)? = reply.fields.first(where: { $0.name == "scores" })?.value,
      case .double(let total)? = reply.fields.first(where: { $0.name == "total" })?.value,
      case .integer(let said)? = reply.fields.first(where: { $0.name == "said" })?.value
    else {
      Issue.record("no scores")
      return
    }
    #expect(scores.count == 2 && scores[0] == 0)
    #expect(abs(abs(total) - Double(abs(scores[1]))) < 1e-5)
    // The terms speak for what is said.
    #expect(total >= 0 && (said == 1) == (scores[1] > 0))
  }

  @Test("numbers that are to be met stand beside those that are right, the farthest off first")
  func numbers() throws {
    var debugger = try Self.debugger("dense, SGD")
    let reply = try debugger.run("forward 1")
    let data = debugger.session.settings.data.training.rows([1])
    let said = debugger.session.predict(data.inputs).scalars
    let right = data.targets.scalars
    let far = said.indices.max { abs(said[$0] - right[$0]) < abs(said[$1] - right[$1]) } ?? 0
    #expect(reply.fields.first { $0.name == "said" }?.value == .integer(far))
    let heading = try #require(reply.lines.firstIndex { $0.hasPrefix("what comes out") })
    #expect(
      reply.lines[heading + 1].hasPrefix("    \(far): \(said[far])  right \(right[far]), off by"))
    #expect(
      reply.lines.contains {
        $0.hasPrefix("what \(far) is made of, dense_1/") && $0.hasSuffix(" = \(said[far]):")
      })
    // What goes in, number by number.
    let input = data.inputs.scalars.map(\.description).joined(separator: ", ")
    #expect(reply.lines.contains("    " + input))
  }

  @Test("of a network that has lost its numbers no class is said")
  func lost() throws {
    var debugger = try Self.debugger("dense, dropout, Adam")
    _ = try debugger.run("set dense/kernel[0,0] = 3e38")
    _ = try debugger.run("set dense_2/bias[0] = 3e38")
    _ = try debugger.run("set dense_2/kernel[0,0] = 3e38")
    _ = try debugger.run("set learning_rate = 1e30")
    _ = try debugger.run("step 3 step")
    let lines = try debugger.run("forward 0").lines
    #expect(lines[0].contains("no number; 'origin nan' finds where that began"))
    #expect(!lines.contains { $0.hasSuffix("said") || $0.contains("said, right") })
  }

  @Test("what it cannot do it refuses with what was found and what would be right")
  func refusals() throws {
    let held = try Self.debugger("dense, SGD", holdsBack: true)
    let all = try Self.debugger("dense, SGD")
    let count = all.session.settings.data.training.count
    for (command, debugger, problem, remedy) in [
      ("forward 3", held, "example 3 of 3 unseen examples", "one from 0 to 2"),
      (
        "forward \(count) of training", all, "example \(count) of \(count) training examples",
        "one from 0 to \(count - 1)"
      ),
      (
        "forward 1 of unseen", all, "the run holds no examples back: none is unseen",
        "forward 1 of training, or a run with --validation-split 0.2"
      ),
      ("forward", all, "forward without an example", "as forward 17"),
      ("forward seven", all, "'seven' for the example's row", "a whole number from 0"),
      (
        "forward 1 of tests", all, "'of tests' after the example",
        "forward 1, forward 1 of unseen or forward 1 of training"
      ),
    ] {
      let failure = Self.failure(command, debugger)
      #expect(failure == DebuggerCommand.Failure(problem, remedy: remedy), "\(command)")
    }
    var debugger = all
    #expect(try debugger.run("forward 1").lines[0].hasPrefix("training example 1"))
  }
}
