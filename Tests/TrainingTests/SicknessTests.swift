import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("Sicknesses of a run")
struct SicknessTests {
  /// A run of dense layers on numbers drawn at random, with classes that mean nothing.
  private func settings(
    _ layers: [(String, [String: any Sendable])], loss: String = "SparseCategoricalCrossentropy",
    rate: Double = 0.1, epochs: Int = 3, optimizer: String = "SGD", rows: Int = 24,
    holdsBack: Bool = false, shuffles: Bool = true
  ) -> RunSettings {
    let classes = loss == "MeanSquaredError" ? 0 : 3
    var settings = SampleRun(
      "sick", input: [4], layers: layers, loss: loss, optimizer: optimizer,
      optimizerArguments: ["learning_rate": rate], classes: classes, rows: rows
    ).settings
    settings.epochs = epochs
    settings.shuffles = shuffles
    guard holdsBack else { return settings }
    let data = settings.data.training
    let half = Array(0..<rows / 2)
    settings.data = TrainingData(
      name: "sick", training: data.rows(half), validation: data.rows(half.map { $0 + rows / 2 }),
      classes: settings.data.classes)
    return settings
  }

  private let hidden: [(String, [String: any Sendable])] = [
    ("Dense", ["units": 6, "activation": "relu"]),
    ("Dense", ["units": 3, "activation": "softmax"]),
  ]

  private func stop(_ debugger: inout Debugger, _ command: String) throws -> Stop {
    _ = try debugger.run(command)
    _ = try debugger.run("continue")
    return try #require(debugger.stop, "\(command)")
  }

  @Test("NaN stops at the instruction that first wrote it, and tells what it was made of")
  func unsound() throws {
    let layers: [(String, [String: any Sendable])] = [
      ("Dense", ["units": 5]), ("Dense", ["units": 1]),
    ]
    var debugger = Debugger(
      try Session(settings(layers, loss: "MeanSquaredError", epochs: 20)))
    let session = debugger.session
    _ = try debugger.run("set learning_rate = 1e12")
    let explosion = try stop(&debugger, "break exploding 1e6")
    #expect(session.history.count <= 3 && explosion.reasons[0].words[0].contains("more than"))
    _ = try debugger.run("delete")
    session.go(to: Position(step: 0))
    let stop = try stop(&debugger, "break nan")
    let origin = session.position
    func isSound() -> Bool {
      session.plan.instructions.prefix(session.execution.position).allSatisfy { instruction in
        instruction.results.allSatisfy {
          session.execution.numbers(of: $0.value).allSatisfy(\.isFinite)
        }
      }
    }
    #expect(!isSound())
    #expect(stop.reasons[0].words[0].contains("is the first number that is not finite"))
    #expect(stop.reasons[0].words.contains { $0.hasPrefix("from ") })
    session.move(-1, by: .instruction)
    #expect(isSound())
    _ = try debugger.run("continue")
    #expect(session.position == origin)
    // It sets in once, and is found again from the end.
    #expect(try debugger.run("continue").lines[0] == "no breakpoint, the end of the run")
    _ = try debugger.run("reverse-continue")
    #expect(session.position == origin)
    #expect(try debugger.run("when nan").lines[0].contains("held at \(origin):"))
  }

  @Test("a unit with a hopeless bias dies where it was set, and only it is named")
  func dead() throws {
    var debugger = Debugger(try Session(settings(hidden)))
    for _ in 0..<3 { debugger.session.trainStep() }
    _ = try debugger.run("set dense/bias[2] = -1000")
    let stop = try stop(&debugger, "break dead-relu dense")
    // Where the layer first speaks with that bias.
    let spoken = debugger.session.plan.instructions.firstIndex { $0.title == "relu" } ?? 0
    let place = Position(step: 3, instruction: spoken + 1)
    #expect(debugger.session.position == place)
    #expect(stop.reasons[0].words[0].hasPrefix("unit 2 of dense: relu gives 0 for each of the 24"))
    #expect(try debugger.run("continue").lines[0] == "no breakpoint, the end of the run")
    _ = try debugger.run("reverse-continue")
    #expect(debugger.session.position == place)
  }

  @Test("one unit of a layer can be asked for: it alone counts")
  func oneUnit() throws {
    var debugger = Debugger(try Session(settings(hidden)))
    for _ in 0..<3 { debugger.session.trainStep() }
    _ = try debugger.run("set dense/bias[2] = -1000")
    debugger.session.trainStep()
    _ = try debugger.run("set dense/bias[4] = -1000")
    for _ in 0..<2 { debugger.session.trainStep() }
    for (unit, step) in [(4, 4), (2, 3)] {
      let lines = try debugger.run("goto when dead dense[\(unit)]").lines
      #expect(debugger.session.position.step == step && lines[0].contains("unit \(unit) of dense"))
      #expect(debugger.stop?.sickness == "dead dense[\(unit)]")
    }
    #expect(try debugger.run("when dead dense[1]").lines[0].contains("held nowhere"))
    for wrong in ["dense[6]", "dense[x]", "dense[-1]"] {
      #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("break dead \(wrong)") }
    }
  }

  @Test("tanh with large weights saturates from the first step on")
  func saturated() throws {
    var large = settings([
      ("Dense", ["units": 4, "activation": "tanh"]),
      ("Dense", ["units": 3, "activation": "softmax"]),
    ])
    large.initialWeights = ["dense/bias": Tensor(shape: [4], scalars: [50, 0, -50, 0])]
    var debugger = Debugger(try Session(large))
    let stop = try stop(&debugger, "break saturation")
    #expect(debugger.session.position.step == 0)
    #expect(stop.reasons[0].words[0].hasPrefix("units 0 and 2 of dense: at an end"))
  }

  @Test("a gradient vanishes on its way through sigmoids")
  func vanishing() throws {
    let deep = (0..<8).map { _ in
      ("Dense", ["units": 4, "activation": "sigmoid"] as [String: any Sendable])
    }
    var debugger = Debugger(
      try Session(settings(deep + [("Dense", ["units": 3, "activation": "softmax"])])))
    let stop = try stop(&debugger, "break vanishing 0.001")
    #expect(debugger.session.position.step == 0)
    #expect(stop.reasons[0].words[0].contains("the gradient of dense/kernel is"))
  }

  @Test("an update that is too large leaves its band")
  func ratio() throws {
    var debugger = Debugger(try Session(settings(hidden)))
    _ = try debugger.run("set learning_rate = 5")
    let stop = try stop(&debugger, "break ratio")
    let ratio = try #require(debugger.session.history.steps.last?.updateRatio)
    #expect(ratio > 1e-2 && stop.reasons[0].words[0].contains(ValueText.number(ratio)))
  }

  @Test("a loss that rises so many times in a row is told with its numbers")
  func rising() throws {
    let layers: [(String, [String: any Sendable])] = [("Dense", ["units": 1])]
    var debugger = Debugger(
      try Session(settings(layers, loss: "MeanSquaredError", epochs: 9)))
    _ = try debugger.run("set learning_rate = 2")
    let stop = try stop(&debugger, "break loss-up 4")
    let losses = debugger.session.history.steps.map(\.loss)
    #expect(zip(losses.suffix(5), losses.suffix(4)).allSatisfy { $0 < $1 })
    #expect(stop.reasons[0].words[0].hasPrefix("the loss rose 4 times in a row: "))
    #expect(debugger.session.position.instruction > 0)
    // A loss that rises on is told again.
    let first = debugger.session.position.step
    _ = try debugger.run("continue")
    #expect(debugger.session.position.step == first + 4)
    _ = try debugger.run("reverse-continue")
    #expect(debugger.session.position.step == first)
  }

  @Test("a rate of 0 gives a plateau at the end of the sixth epoch")
  func level() throws {
    var debugger = Debugger(try Session(settings(hidden, epochs: 9)))
    _ = try debugger.run("set learning_rate = 0")
    _ = try stop(&debugger, "break plateau")
    #expect(debugger.session.position == Position(step: 6 * debugger.session.stepsPerEpoch))
    _ = try debugger.run("continue")
    _ = try debugger.run("reverse-continue")
    #expect(debugger.session.position == Position(step: 6 * debugger.session.stepsPerEpoch))
  }

  @Test("classes that mean nothing are learned by heart")
  func overfitting() throws {
    var debugger = Debugger(
      try Session(
        settings(
          [
            ("Dense", ["units": 32, "activation": "relu"]),
            ("Dense", ["units": 3, "activation": "softmax"]),
          ], rate: 0.02, epochs: 80, optimizer: "Adam", rows: 40, holdsBack: true)))
    let stop = try stop(&debugger, "break overfit")
    #expect(stop.reasons[0].words[0].hasPrefix("it learns by heart: loss "))
    let end = debugger.session.position
    #expect(debugger.session.history.turns.all.contains { $0.kind == .overfitting })
    _ = try debugger.run("goto end")
    _ = try debugger.run("reverse-continue")
    #expect(debugger.session.position == end)
  }

  @Test("a prediction that flips is another class than after the step before")
  func flips() throws {
    let session = try Session(settings(hidden, rate: 0.5, epochs: 30))
    let rows = session.settings.data.training.rows([5]).inputs
    func said() -> Int {
      let output = session.predict(rows).scalars
      return output.indices.max { output[$0] < output[$1] } ?? 0
    }
    var flips: [Position] = []
    session.trainStep()
    var last = said()
    while !session.isFinished {
      session.trainStep()
      if said() != last { flips.append(session.position) }
      last = said()
    }
    #expect(!flips.isEmpty)
    var debugger = Debugger(session)
    _ = try debugger.run("break flips 5")
    for flip in flips.reversed() {
      _ = try debugger.run("reverse-continue")
      #expect(session.position == flip)
    }
    session.go(to: Position(step: 0))
    for flip in flips {
      _ = try debugger.run("continue")
      #expect(session.position == flip)
    }
    #expect(debugger.stop?.reasons[0].words[0].hasPrefix("training example 5 was ") == true)
  }

  @Test("a weight that crosses zero has another sign than after the step before")
  func sign() throws {
    let session = try Session(settings(hidden, rate: 0.5, epochs: 40))
    var debugger = Debugger(session)
    _ = try debugger.run("break sign dense/kernel[1,2]")
    _ = try debugger.run("goto end")
    while session.position > Position(step: 0) {
      let reply = try debugger.run("reverse-continue")
      guard debugger.stop != nil else { continue }
      func number(_ name: String) -> Double? {
        guard case .texts(let all)? = reply.fields.first(where: { $0.name == name })?.value else {
          return nil
        }
        return all.first.flatMap { Double($0) }
      }
      let (old, new) = (try #require(number("old")), try #require(number("new")))
      #expect((old < 0) != (new < 0))
    }
  }
}
