import NeuralNets
import Tensors
import Testing
import Training

/// An expression that holds in the lab of these tests.
struct NamedFact: Sendable, CustomTestStringConvertible {
  let text: String
  var testDescription: String { text }

  init(_ text: String) { self.text = text }

  /// After two epochs of a run of sample 0, with examples held back.
  static let ofRun: [NamedFact] = [
    "step == 6 and instruction == 0 and pass == 0 and epoch == 2 and steps == 6",
    "epochs == 30 and batch_size == 8 and seed == 5", "abs(learning_rate - 0.001) < 1e-9",
    "not finished and begun", "parameters == parameters(\"dense\") + 68",
    "parameters(\"dense\") == 63", "train_loss > 0 and 0 <= train_accuracy <= 1",
    "val_loss > 0 and 0 <= val_accuracy <= 1", "loss > 0 and 0 <= accuracy <= 1",
    "gradient_norm > 0 and update_ratio > 0",
    "count(dense/kernel) == 54", "finite(dense/kernel.grad)", "len(dense/output) == 6",
    "shape(input)[1] == 6",
    "layers == 4 and layers(\"Dense\") == 3 and layers(\"Dropout\") == 1 and layers(\"LSTM\") == 0",
    "dense.units == 9", "dense.activation == \"tanh\"", "dense.activation != \"relu\"",
    "dense.use_bias", "dropout.rate == 0.3", "optimizer == \"Adam\"", "optimizer == 'adam'",
    "optimizer != \"SGD\"", "abs(optimizer.beta_1 - 0.9) < 1e-6",
    "loss_function == \"sparse_categorical_crossentropy\"",
    "loss_function == \"SparseCategoricalCrossentropy\"", "data == \"held back\"",
    "examples == 22 and held_back == 22 and steps_per_epoch == 3", "shuffle", "not scaled",
    "len(history(loss)) == 6", "history(loss)[0] > 0", "history(loss)[-1] == last(history(loss))",
    "first(history(loss)) == history(loss)[0]", "len(history(val_loss)) == 2",
    "min(history(val_loss)) == history(val_loss)[argmin(history(val_loss))]",
    "max(history(val_accuracy)) >= first(history(val_accuracy))",
    "history(learning_rate)[0] == history(learning_rate)[5]",
    "len(history(train_loss)) == len(history(train_accuracy))",
    "all(history(gradient_norm) > 0) and any(history(update_ratio) > 0)",
    "all(history(accuracy) >= 0)", "argmax(history(loss)) >= 0", "len(loss) == 1",
    "nan(nan) and sum(history(loss)) > 0 and abs(-1) == 1", "update_ratio(dense/kernel) > 0",
    "(\"a\" == \"a\") and not (\"a\" == \"b\")", "paused",
  ].map(NamedFact.init)

  /// Each with the commands after which it holds, and before which it does not.
  static let ofDoings: [(commands: [String], holds: String)] = [
    (["back"], "moved_back == 1 and stepped_back == 1"),
    (["step phase"], "visited(forward dense)"),
    (["set dense/kernel[0,0] = 1", "drop 0", "set epochs = 50"], "sets == 3"),
    (["set learning_rate = 0.5"], "branches == 2 and branch == 2"),
    (["break if loss > 0"], "breakpoints == 1"),
    (["break if loss > 0", "continue"], "stops == 1 and stop_step >= 6"),
    (["break if loss > 0", "continue"], "stopped(\"loss > 0\") and not stopped(\"loss-up\")"),
    (["break backward dense", "continue"], "stopped(\"backward dense\")"),
    (["explain dense/kernel.grad[0,1]"], "explained(\"dense/kernel.grad\")"),
    (["explain dense/kernel.grad[0,1]"], "explained(\"dense/kernel.grad[0,1]\")"),
    (["explain dense/kernel.grad[0,1]"], "explained(dense/kernel.grad[0,1])"),
    (["why dense/kernel[0,1]"], "explained(\"dense/kernel\")"),
    (["check dense/kernel[0,1]"], "checks == 1 and worst_check < 1e-5"),
    (["check"], "checks > 50"), (["sabotage staleGradient"], "sabotaged and not proved"),
    (["ask batch_size = 3 over 2 seeds"], "asked == 1"),
    (["sabotage learningRateTooHigh", "step 20 step", "verdict setting learning_rate"], "proved"),
  ]
}

@Suite("Every name that expressions know")
struct ExpressionNamesTests {
  private static func settings() -> RunSettings {
    var settings = SampleRun.all[0].settings
    settings.data = TrainingData(
      name: "held back", training: settings.data.training, validation: settings.data.training,
      classes: settings.data.classes)
    settings.epochs = 30
    return settings
  }

  private static func lab() throws -> Lab {
    let lab = Lab()
    lab.handle(.open(settings()))
    lab.handle(.go(Position(step: 2 * (lab.session?.stepsPerEpoch ?? 0))))
    lab.beginPage()
    return lab
  }

  private func holds(_ text: String, _ lab: Lab) throws -> Bool {
    try #require(lab.readings([text])[text]).get().holds()
  }

  @Test("what is said of the run, its network and its history is so", arguments: NamedFact.ofRun)
  func run(fact: NamedFact) throws {
    let lab = try Self.lab()
    #expect(try holds(fact.text, lab))
    // The same at the prompt.
    #expect(try lab.carryOut("print \(fact.text)").first?.hasSuffix("= true") == true)
  }

  @Test("what one does is known", arguments: NamedFact.ofDoings.indices)
  func doings(place: Int) throws {
    let (commands, fact) = NamedFact.ofDoings[place]
    let lab = try Self.lab()
    #expect((try? holds(fact, lab)) != true)
    for command in commands {
      _ = try lab.carryOut(command)
      lab.finishWork()
    }
    #expect(try holds(fact, lab), "\(fact)")
    lab.beginPage()
    let stays = ["breakpoints", "branches", "sabotaged"].contains { fact.contains($0) }
    if !stays { #expect((try? holds(fact, lab)) != true, "\(fact) on the next page") }
  }

  @Test("what screens do counts as commands do")
  func screens() throws {
    let lab = try Self.lab()
    lab.handle(.setWeight("dense/kernel", at: 0, to: 2))
    lab.handle(.learningRate(0.5))
    lab.handle(.did(.exported("PyTorch")))
    #expect(try holds("sets == 2 and exported(\"pytorch\") and not exported(\"keras\")", lab))
    lab.handle(.restart(seed: nil))
    #expect(try holds("sets == 2 and exported(\"pytorch\") and step == 0", lab))
    _ = try lab.carryOut("set epochs = 3")
    #expect(try holds("sets == 3", lab))
    lab.handle(.open(Self.settings()))
    #expect(try holds("sets == 0 and not exported(\"pytorch\")", lab))
  }

  @Test("every name of the catalog has a fact, and is listed and completed")
  func catalog() throws {
    let facts =
      NamedFact.ofRun.map(\.text) + NamedFact.ofDoings.map(\.holds)
      + ["exported(\"pytorch\")", "before(x)"]
    let help = try Debugger(try Session(Self.settings())).helped
    for entry in ExpressionNames.all {
      if let name = entry.name {
        #expect(facts.contains { $0.contains(name) }, "no fact of \(name)")
      }
      #expect(help.contains { $0.contains(entry.form) && $0.contains(entry.meaning) })
    }
    let lines = DebuggerCompletion(try Session(Self.settings())).lines(for: "print ")
    for name in ExpressionNames.names(in: [.run, .network, .doings]) {
      #expect(lines.contains("print \(name)"))
    }
  }

  @Test(
    "what means nothing says what would be right",
    arguments: [
      ("optimizer", "true nor false"), ("optimizer > \"Adam\"", "== or !="),
      ("dense.units == \"9\"", "a text in quotes"), ("\"a", "behind it"),
      ("optimizer + 1 > 0", "in quotes"), ("dense.unit == 1", "dense.units"),
      ("layers(\"Dens\") == 1", "Dense"), ("parameters(\"dens\") > 1", "dense"),
      ("history(los) > 1", "history(loss)"), ("history(1) > 1", "history(NAME)"),
      ("explained() ", "explained(\"dense/kernel.grad\")"), ("before(loss) > 1", "after:"),
      ("stop_step > 1", "what you do"), ("worst_check > 1", "what you do"),
    ])
  func refused(text: String, remedy: String) throws {
    let lab = try Self.lab()
    let failure = #expect(throws: ExpressionFailure.self) { try holds(text, lab) }
    #expect("\(try #require(failure))".contains(remedy), "\(String(describing: failure))")
  }

  @Test("before looks at another lab")
  func before() throws {
    let (early, late) = (try Self.lab(), try Self.lab())
    _ = try late.carryOut("step 3 step")
    let text = "before(step) == 6 and step == 9 and before(history(loss)[5]) == history(loss)[5]"
    #expect(try late.readings([text], before: early)[text]?.get() == .truth(true))
  }

  @Test(
    "conditions of breakpoints know network and history",
    arguments: [
      ("optimizer == \"Adam\" and step == 8", 8), ("dense.units == 9 and step > 8", 9),
      ("layers(\"Dense\") == 3 and step > 8", 9),
      ("len(history(val_loss)) >= 3", 9), ("len(history(loss)) > 9", 10),
    ])
  func breakpoints(condition: String, step: Int) throws {
    let lab = try Self.lab()
    _ = try lab.carryOut("break if \(condition)")
    _ = try lab.carryOut("continue")
    #expect(lab.session?.position.step == step)
  }

  @Test("a condition about what one did is refused, and one that never holds")
  func noDoings() throws {
    let lab = try Self.lab()
    for condition in [
      "sets > 1", "stopped(\"nan\")", "explained(\"loss\")", "dense.activation == \"relu\"",
    ] {
      #expect(throws: (any Error).self) { try lab.carryOut("break if \(condition)") }
    }
  }
}

extension Debugger {
  fileprivate var helped: [String] {
    get throws {
      var copy = self
      return try copy.run("help expressions").lines
    }
  }
}
