import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("A run that goes on under other settings")
struct ChangeTests {
  private static func lab(_ name: String = "dense, dropout, Adam") throws -> Lab {
    let sample = try #require(SampleRun.all.first { $0.name == name })
    let lab = Lab()
    lab.handle(.open(sample.settings))
    return lab
  }

  @Test("Weights are kept, before the change every number is as it was, after it too when replayed")
  func travelling() throws {
    let lab = try Self.lab()
    let session = try #require(lab.session)
    lab.handle(.go(Position(step: 5)))
    let old = session.digest
    let before = session.weights
    var settings = session.settings
    settings.batchSize = 3
    settings.model.compilation?.optimizer = .known("SGD", [("learning_rate", .number(0.02))])
    lab.handle(.change(settings, words: "optimizer SGD"))
    #expect(lab.snapshot().failure == nil)
    #expect(session.position == Position(step: 5))
    #expect(session.weights.map(\.tensor) == before.map(\.tensor))
    #expect(session.learningRate(at: 5) == 0.02 && session.learningRate(at: 4) != 0.02)
    lab.handle(.go(Position(step: 9)))
    let late = session.digest
    let losses = session.history.steps.map(\.loss)
    lab.handle(.go(Position(step: 3)))
    #expect(session.settings.batchSize != 3)
    lab.handle(.go(Position(step: 9)))
    #expect(session.digest == late)
    #expect(session.history.steps.map(\.loss) == losses)
    lab.handle(.go(Position(step: 4)))
    lab.handle(.move(1, .instruction))
    lab.handle(.go(Position(step: 5)))
    #expect(session.settings.batchSize == 3)
    lab.handle(.move(-1, .instruction))
    #expect(session.position.step == 4 && session.settings.batchSize != 3)
    #expect(session.digest != old)
  }

  @Test("The same settings taken up change nothing that is computed")
  func nothingChanged() throws {
    let (one, other) = (try Self.lab(), try Self.lab())
    for lab in [one, other] { lab.handle(.go(Position(step: 4))) }
    let settings = try #require(one.session?.settings)
    one.handle(.change(settings, words: ""))
    for lab in [one, other] { lab.handle(.go(Position(step: 8))) }
    let (a, b) = (try #require(one.session), try #require(other.session))
    #expect(a.digest == b.digest)
    #expect(a.history == b.history)
    #expect(a.isFinished == b.isFinished && a.settings.totalSteps == b.settings.totalSteps)
  }

  @Test("Layers are kept by name and shape; what does not fit starts anew and is named")
  func layers() throws {
    let lab = try Self.lab()
    lab.handle(.go(Position(step: 3)))
    let session = try #require(lab.session)
    let kernel = try #require(session.weights.first)
    var settings = session.settings
    let last = settings.model.layers.count - 1
    try settings.model.layers[last - 1].arguments.set("units", .integer(4))
    lab.handle(.change(settings, words: "fewer units"))
    let (_, kept) = try #require(lab.snapshot().kept)
    #expect(kept.kept == 1 && kept.layers == 3 && kept.anew.count == 2)
    #expect(session.weights.first?.tensor == kernel.tensor)
    lab.handle(.move(2, .step))
    #expect(session.position == Position(step: 5))
    #expect(lab.snapshot().changes.map(\.words) == ["fewer units"])
  }

  @Test("Settings that make no run are refused, and the run is as it was")
  func refused() throws {
    let lab = try Self.lab()
    lab.handle(.go(Position(step: 3)))
    let session = try #require(lab.session)
    let digest = session.digest
    var settings = session.settings
    settings.batchSize = 0
    lab.handle(.change(settings, words: ""))
    #expect(lab.snapshot().failure?.contains("batch size 0") == true)
    #expect(session.digest == digest && session.position == Position(step: 3))
  }

  @Test("A run with averaged weights ends with its averages, also when one comes there again")
  func averages() throws {
    let sample = try #require(SampleRun.all.first)
    var settings = sample.settings
    settings.model.compilation?.optimizer = .known(
      "SGD", [("use_ema", .boolean(true)), ("ema_momentum", .number(0.9))])
    let lab = Lab()
    lab.handle(.open(settings))
    lab.handle(.play)
    _ = lab.train(steps: 10_000)
    let session = try #require(lab.session)
    #expect(lab.activity == .finished)
    let name = try #require(session.network.weights.first?.name)
    let weight = try #require(session.plan.value(named: name))
    let average = try #require(session.plan.value(named: name + ".average"))
    #expect(session.execution.numbers(of: weight) == session.execution.numbers(of: average))
    let digest = session.digest
    lab.handle(.go(Position(step: 1)))
    lab.handle(.go(Position(step: settings.totalSteps)))
    #expect(session.digest == digest)
  }

  @Test(
    "Gradients, optimizer state and updates are pictures of the numbers of the last step",
    arguments: ["dense, dropout, Adam", "dense, SGD"])
  func quantities(name: String) throws {
    let lab = try Self.lab(name)
    for quantity in LayerPicture.Quantity.allCases {
      lab.handle(.look(Interest(pictures: true, quantity: quantity)))
      lab.handle(.go(Position(step: 0)))
      let atStart = try #require(lab.snapshot().pictures)
      #expect(
        atStart.layers.isEmpty == [.gradient, .update].contains(quantity)
          || quantity == .secondState)
      lab.handle(.go(Position(step: 2)))
      let session = try #require(lab.session)
      let layers = try #require(lab.snapshot().pictures).layers
      guard quantity != .secondState || name.contains("Adam") else {
        #expect(layers.isEmpty)
        continue
      }
      let first = try #require(layers.first)
      let kernel = try #require(session.network.weights.first?.name)
      let value = try #require(session.plan.value(named: kernel))
      switch quantity {
      case .gradient:
        let gradient = try #require(session.plan.gradients[value])
        #expect(first.tensor.scalars == session.execution.numbers(of: gradient))
      case .weights: #expect(first.tensor == session.execution.tensor(value))
      case .update:
        let after = session.execution.tensor(value)
        lab.handle(.go(Position(step: 1)))
        let before = session.execution.tensor(value)
        #expect(first.tensor.scalars == zip(after.scalars, before.scalars).map { $0 - $1 })
      case .state, .secondState, .activation: #expect(first.tensor.count > 0)
      }
    }
  }

  @Test("A unit with a hopeless bias is dead, one with a huge one saturated")
  func health() throws {
    let lab = try Self.lab()
    lab.handle(.look(Interest(pictures: true)))
    let names = try #require(lab.session?.network.layers.map(\.name))
    lab.handle(.setWeight("\(names[2])/bias", at: 3, to: -1000))
    lab.handle(.setWeight("\(names[0])/bias", at: 5, to: 1000))
    let health = try #require(lab.snapshot().pictures).health
    #expect(health.first { $0.name == names[2] }?.dead.contains(3) == true)
    #expect(health.first { $0.name == names[0] }?.saturated.contains(5) == true)
    #expect(!health.contains { $0.name == names.last })
    lab.handle(.setWeight("nowhere", at: 0, to: 1))
    #expect(lab.snapshot().failure != nil)
  }
}
