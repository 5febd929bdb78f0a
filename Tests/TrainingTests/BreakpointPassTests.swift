import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("Breakpoints in a run of passes")
struct BreakpointPassTests {
  /// Two networks that take turns, the discriminator twice in a step, as the loop of a GAN does.
  private func run() throws -> PassRun {
    func network(_ name: String, _ layers: [String]) throws -> ModelDescription {
      let components = layers.map { layer in
        component(
          "Dense", LayerCatalog.type(named: "Dense")?.arguments ?? [],
          ["units": 2, "activation": "tanh", "name": layer])
      }
      let optimizer = try #require(OptimizerCatalog.named("SGD"))
      let loss = try #require(LossCatalog.named("MeanSquaredError"))
      return ModelDescription(
        inputShape: [2], layers: components,
        compilation: Compilation(
          optimizer: component("SGD", optimizer.arguments, [:]), loss: loss.standard))
    }
    let models = [
      try network("discriminator", ["inner", "verdict"]), try network("generator", ["maker"]),
    ]
    let random = CounterRandom(seed: 3, name: "passes")
    let passes = try (0..<18).map { pass in
      let which = pass % 3 == 2 ? 1 : 0
      let numbers = (0..<12).map { Float(random.normal(at: pass * 100 + $0)) }
      let batch = Examples(
        inputs: Tensor(shape: [3, 2], scalars: Array(numbers[..<6])),
        targets: Tensor(shape: [3, 2], scalars: numbers[6...].map { $0 / 3 }))
      let isFirst = pass == 0 || pass == 2
      return PassRun.Pass(
        network: which, batch: batch, updates: which == 1 ? pass / 3 : pass - (pass + 1) / 3,
        learningRate: 0.05,
        given: isFirst ? try Network(models[which]).initialWeights(seed: 2) : [:])
    }
    return PassRun(
      name: "loop.py",
      networks: zip(["discriminator", "generator"], models).enumerated().map { i, named in
        PassRun.Network(
          name: named.0, program: i, model: named.1, seed: 2, sharedNames: [:], memory: named.0)
      }, passes: passes)
  }

  @Test("the passes of a network, and layers that only one has, are places")
  func places() throws {
    var debugger = Debugger(try Session(passes: try run()))
    let session = debugger.session
    _ = try debugger.run("break generator")
    _ = try debugger.run("break backward inner")
    var stops: [Position] = []
    while try debugger.run("continue").lines[0].hasPrefix("breakpoint") {
      stops.append(session.position)
    }
    #expect(session.isFinished)
    let generator = stops.filter { $0.instruction == 0 }
    #expect(generator == (0..<6).map { Position(step: $0, pass: 2) })
    #expect(stops.count == 18 && stops == stops.sorted())
    for stop in stops.reversed() {
      _ = try debugger.run("reverse-continue")
      #expect(session.position == stop)
    }
    #expect(debugger.breakpoints.rows.map(\.hits) == [12, 24])
  }

  @Test("a value of one network is compared with what it was when that network learned last")
  func watches() throws {
    let session = try Session(passes: try run())
    session.go(to: session.end)
    let element = "maker/bias[0]"
    var debugger = Debugger(session)
    _ = try debugger.run("watch \(element)")
    _ = try debugger.run("break if loss > 0 and norm(maker/kernel) > 0")
    _ = try debugger.run("disable 2")
    var found: [Position] = []
    while try debugger.run("reverse-continue").lines[0].hasPrefix("breakpoint") {
      found.append(session.position)
    }
    // The first update is compared with nothing, the last one is where the run ends.
    #expect(found == [5, 4, 3, 2].map { Position(step: $0) })
    var again: [Position] = []
    while try debugger.run("continue").lines[0].hasPrefix("breakpoint") {
      again.append(session.position)
    }
    #expect(again == found.reversed() + [session.end])
    _ = try debugger.run("enable 2")
    _ = try debugger.run("disable 1")
    session.go(to: Position(step: 0))
    _ = try debugger.run("continue")
    #expect(session.position.step == 0 && session.shownPass?.network == "generator")
  }

  @Test("what no network has is refused")
  func refused() throws {
    var debugger = Debugger(try Session(passes: try run()))
    for wrong in [
      "break nobody", "break if nobody/kernel[0,0] > 1", "break plateau", "break flips 1",
      "watch val_loss",
    ] {
      #expect(throws: (any Error).self) { try debugger.run(wrong) }
    }
    #expect(debugger.breakpoints.rows.isEmpty)
  }
}
