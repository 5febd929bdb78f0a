import NeuralNets
import Tensors
import Testing
import Training

@Suite("Asking what a setting does, over many seeds")
struct SeedQuestionTests {
  private static func settings(_ name: String = "dense, SGD") throws -> RunSettings {
    var settings = try #require(SampleRun.all.first { $0.name == name }).settings
    settings.epochs = 4
    return settings
  }

  @Test("a rate that is far too small hurts, clearly, and the pairs are the runs' own numbers")
  func hurts() throws {
    var settings = try Self.settings("LSTM")
    settings.data = TrainingData(name: "numbers", training: settings.data.training)
    settings.model.compilation?.metrics = []
    let patch = try SettingPatch("learning_rate = 1e-7")
    let question = try SeedQuestion(patch, of: settings, seeds: 4)
    while !question.isDone { try question.advance(steps: 7) }
    let standing = question.standing
    #expect(standing.progress == 1 && standing.measure == .loss && standing.with.count == 4)
    for seed in 1...4 {
      var own = settings
      own.seed = UInt64(seed)
      let run = try Session(own)
      run.go(to: run.end)
      #expect(Double(try #require(run.history.epochs.last).loss) == standing.without[seed - 1])
    }
    #expect(standing.difference.isClear && standing.difference.mean > 0)
    #expect(standing.sentences[0].hasPrefix("learning_rate = 1e-7 hurts: loss +"))
  }

  @Test("a rate that was set by hand is the one the runs train with, but where a rate is asked for")
  func byHand() throws {
    let settings = try Self.settings()
    for (text, isOwn) in [("batch_size = 4", false), ("learning_rate = 0.02", true)] {
      let patch = try SettingPatch(text)
      let question = try SeedQuestion(patch, of: settings, rateByHand: 0.3, seeds: 2)
      while !question.isDone { try question.advance(steps: 50) }
      for (losses, own, rate) in [
        (question.standing.without, settings, 0.3),
        (question.standing.with, try patch.applied(to: settings), isOwn ? nil : 0.3),
      ] as [([Double], RunSettings, Float?)] {
        var settings = own
        settings.seed = 1
        let run = try Session(settings)
        if let rate { run.setLearningRate(rate) }
        run.go(to: run.end)
        let last = try #require(run.history.epochs.last)
        let isAccuracy = question.standing.measure == .accuracy
        let end = isAccuracy ? try #require(last.accuracy) : last.loss
        #expect(losses.first == Double(end), "\(text)")
      }
    }
  }

  @Test("where the rate was set by hand, a question about the rate has to differ from that one")
  func otherThanByHand() throws {
    let settings = try Self.settings()
    let own = Float(try #require(settings.model.compilation?.optimizer.fixedRate))
    #expect(throws: RunFailure.self) {
      try SeedQuestion(SettingPatch("learning_rate = 0.3"), of: settings, rateByHand: 0.3, seeds: 2)
    }
    #expect(throws: RunFailure.self) {
      try SeedQuestion(SettingPatch("learning_rate = \(own)"), of: settings, seeds: 2)
    }
    let question = try SeedQuestion(
      SettingPatch("learning_rate = \(own)"), of: settings, rateByHand: 0.3, seeds: 2)
    while !question.isDone { try question.advance(steps: 50) }
    #expect(question.standing.with != question.standing.without)
  }

  @Test(
    "Student's quantiles agree with the tables",
    arguments: [
      (1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (5, 2.5706), (9, 2.2622), (29, 2.0452),
      (99, 1.9842),
    ])
  func quantiles(degrees: Int, table: Double) throws {
    // Three pairs more than degrees of freedom are not needed: the width says the quantile.
    let pairs = (0...degrees).map { (without: 0.0, with: $0 % 2 == 0 ? 1.0 : -1.0) }
    let difference = PairedDifference(pairs)
    let quantile =
      difference.halfWidth * Double(degrees + 1).squareRoot() / difference.deviation
    #expect(abs(quantile - table) < 0.002 * table)
  }

  @Test("dropout goes behind every hidden activation, or into the layers that are there")
  func dropout() throws {
    let settings = try Self.settings()
    let changed = try SettingPatch("dropout = 0.2").applied(to: settings)
    #expect(changed.model.layers.map(\.kind) == ["Dense", "Dropout", "Dense"])
    let again = try SettingPatch("dropout=0.5").applied(to: changed)
    #expect(again.model.layers.map(\.kind) == ["Dense", "Dropout", "Dense"])
    #expect(again.model.layers[1].arguments.number("rate") == 0.5)
  }

  @Test(
    "every kind of setting can be asked about",
    arguments: [
      "batch_size = 2", "epochs = 3", "shuffle = False", "optimizer = adam", "activation = tanh",
      "dense.units = 5", "optimizer.momentum = 0.5", "dense.kernel_regularizer = l2",
    ])
  func kinds(text: String) throws {
    let question = try SeedQuestion(try SettingPatch(text), of: try Self.settings(), seeds: 2)
    while !question.isDone { try question.advance(steps: 100) }
    #expect(question.standing.difference.count == 2)
  }

  @Test(
    "what is no setting is refused in words, and nothing else happens",
    arguments: [
      "learning_rate = fast", "lerning_rate = 0.1", "dense.units = -3", "dense.colour = 3",
      "nothing.units = 3", "batch_size = 0", "optimizer = adamm", "dropout = 3", "epochs = 4",
      "= 3",
      "dropout =", "optimizer.beta_9 = 1",
    ])
  func refused(text: String) throws {
    let session = try Session(try Self.settings())
    var debugger = Debugger(session)
    #expect(throws: DebuggerCommand.Failure.self) {
      _ = try debugger.run("ask \(text) over 3 seeds")
    }
    #expect(throws: DebuggerCommand.Failure.self) {
      _ = try debugger.run("ask dropout = 0.1 over 1 seeds")
    }
  }

  @Test("the lab answers while the run rests, and stops when asked to")
  func lab() throws {
    let lab = Lab(defers: true)
    lab.handle(.open(try Self.settings()))
    #expect(lab.ask("ask dropout = 0.2 over 5 seeds")[0].contains("5 times"))
    #expect(lab.hasWork)
    var slices = 0
    while lab.hasWork {
      _ = lab.attend {
        slices += 1; return slices % 3 == 0
      }
    }
    #expect(lab.snapshot().asked?.isDone == true)
    _ = lab.ask("ask dropout = 0.4 over 5 seeds")
    _ = lab.ask("ask stop")
    #expect(!lab.hasWork && lab.snapshot().asked == nil)
  }
}
