import Autodiff
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("u takes back what a command changed")
struct CommandUndoTests {
  /// One of each command that changes the run of the toy, 2-4-2.
  static let changing = [
    "set learning_rate = 0.3", "set dense/kernel[0,0] = 0.5", "set input[0,0] = 2",
    "set target[0] = 1", "drop 0", "skip update", "set batch_size = 3", "set dense.units = 5",
    "set dense.kernel_regularizer = L2(0.03)", "add Dense(4) first", "remove dense", "sabotage",
  ]

  private static func workshop() -> Workshop {
    Workshop(
      layer: { _ in
        guard let type = LayerCatalog.type(named: "Dense") else {
          throw RunFailure("no Dense", remedy: "one")
        }
        return Component(
          kind: "Dense", arguments: try Arguments(type.arguments, positional: [.integer(4)]))
      },
      program: { _, settings in settings }, data: { _, settings in settings }, code: { _, _ in [] })
  }

  @Test(
    "at the start and on the way; U does it again", arguments: changing, [0, 3])
  func takenBack(command: String, steps: Int) throws {
    var rig = StepRig.toy(batchSize: 2)
    rig.lab.workshop = Self.workshop()
    rig.run([.lab(.go(Position(step: steps)))])
    let (digest, model) = (try #require(rig.lab.session).digest, rig.state.workpiece.model)
    rig.run(rig.state.handle(.redraw) + [.ask(command)])
    let changed = try #require(rig.lab.session)
    #expect(
      changed.digest != digest || changed.settings.model != model || command != "skip update"
        || !changed.changesInForce.isEmpty)
    let after = (changed.digest, changed.settings.model)
    #expect(rig.state.edits.past.count == 1, "\(rig.state.edits.past.map(\.name.text))")
    rig.press("u")
    let back = try #require(rig.lab.session)
    #expect(back.digest == digest && back.settings.model == model)
    #expect(rig.state.workpiece.model == model && back.changesInForce.isEmpty)
    #expect(rig.state.edits.past.isEmpty)
    #expect(rig.state.message?.toast.text.contains("U does it again") == true)
    rig.press("U")
    let again = try #require(rig.lab.session)
    #expect(again.digest == after.0 && again.settings.model == after.1)
    rig.press("u")
    #expect(rig.lab.session?.digest == digest)
  }

  @Test("a rate that is doubled three times within a step is eight times what it was at the next")
  func doubledWithinStep() throws {
    var rig = StepRig.toy(batchSize: 2)
    rig.run([.lab(.go(Position(step: 1, instruction: 2)))])
    let session = try #require(rig.lab.session)
    let rate = session.learningRate
    rig.press("4")
    for _ in 0..<3 { rig.press(">") }
    #expect(rig.state.lab.learningRate == 8 * rate)
    rig.run([.lab(.go(Position(step: 3)))])
    #expect(try #require(rig.lab.session).learningRate == 8 * rate)
  }

  @Test("weights that are set at the start go one by one")
  func oneByOne() throws {
    var rig = StepRig.toy(batchSize: 2)
    rig.run([.lab(.go(Position(step: 0)))])
    var digests: [String] = []
    for place in ["0,0", "0,1", "1,0"] {
      digests.append(try #require(rig.lab.session).digest.description)
      rig.run([.ask("set dense/kernel[\(place)] = 0.5")])
    }
    for digest in digests.reversed() {
      rig.press("u")
      #expect(rig.lab.session?.digest.description == digest)
    }
    rig.press("u")
    #expect(rig.state.message?.toast.text.contains("nothing to undo") == true)
  }

  @Test("in a lesson: a weight at step 0, and a layer")
  func lesson() throws {
    let made = try LessonRig.lesson("# A\n\n```{setup}\nmodel: model.py\n```\n\nText.\n")
    var rig = try LessonRig([made])
    rig.run(rig.state.openLesson(made.name, page: 0))
    rig.lab.workshop = Self.workshop()
    let digest = try #require(rig.lab.session).digest
    for command in ["set dense/kernel[0,0] = 0.75", "add Dense(4) first"] {
      rig.run([.ask(command)])
      #expect(rig.lab.session?.digest != digest, "\(command)")
      rig.press(.character("u"))
      #expect(rig.lab.session?.digest == digest, "\(command)")
    }
  }

  @Test("a run that a command makes another one is shown as fast as the one before")
  func pace() throws {
    let rig = StepRig.toy(batchSize: 2)
    rig.lab.handle(.pace(.full))
    _ = rig.lab.ask("set dense.kernel_regularizer = L2(0.1)")
    #expect(rig.lab.pace == .full)
  }

  @Test("a weight that was set after its update stands beside the equation, not in it")
  func equation() throws {
    var rig = StepRig.toy(batchSize: 2)
    rig.run([.lab(.go(Position(step: 2)))])
    let updated = try #require(rig.moment.plan.parameters.first)
    let maker = try #require(
      rig.moment.plan.instructions.lastIndex { $0.results.contains { $0.value == updated } })
    rig.run([.ask("set dense_1/bias[0] = 52")])
    rig.state.step.interest.cell = 0
    rig.run([.lab(.look(rig.state.interest))])
    let text = rig.text.joined(separator: "\n")
    #expect(maker > 0 && rig.moment.explanation?.afterwards?.number == 52)
    #expect(text.contains("then set by hand: 52"))
    #expect(rig.moment.explanation.map { abs($0.result) < 2 } == true)
  }
}
