import NeuralNets
import Tensors
import Testing
import Training

private func debugger(steps: Int = 0) throws -> Debugger {
  let session = try Session(SampleRun.all[0].settings)
  session.go(to: Position(step: steps))
  var debugger = Debugger(session)
  debugger.workshop = Workshop(
    layer: { text in
      guard text.hasPrefix("Dense("), let type = LayerCatalog.type(named: "Dense") else {
        throw RunFailure("no layer \(text)", remedy: "Dense(4)")
      }
      return Component(
        kind: "Dense", arguments: try Arguments(type.arguments, positional: [.integer(4)]))
    },
    program: { name, _ in
      guard name == "other.py" else { throw RunFailure("no \(name)", remedy: "other.py") }
      return SampleRun.all[1].settings
    },
    data: { _, settings in settings },
    code: { format, _ in ["# \(format)"] })
  return debugger
}

@Suite("Commands that make a run another one")
struct RunCommandTests {
  @Test(
    "every setting can be set, before the first step and on the way",
    arguments: [
      "batch_size = 3", "epochs = 77", "shuffle = False", "optimizer = sgd",
      "optimizer.beta_1 = 0.5", "activation = sigmoid", "dense.units = 4",
      "dense.activation = relu", "dropout = 0.5", "loss = mse", "seed = 12", "scale = standard",
    ], [0, 3])
  func settings(setting: String, steps: Int) throws {
    // Classes are no numbers to be met: mean_squared_error needs one output.
    var debugger = try debugger(steps: steps)
    if setting.hasPrefix("loss") { _ = try debugger.run("load other.py") }
    let setting = setting == "loss = mse" ? "loss = mean_absolute_error" : setting
    if setting.hasPrefix("loss"), steps > 0 { _ = try debugger.run("step \(steps) step") }
    let before = debugger.session
    _ = try debugger.run("set \(setting)")
    #expect(steps > 0 ? debugger.session === before : debugger.session !== before)
    #expect(debugger.session.position.step == (steps > 0 ? steps : 0))
    #expect(debugger.session.branchCount == (steps > 0 ? 2 : 1))
    _ = try debugger.run("step 2 step")
    #expect(throws: (any Error).self) { try debugger.run("set \(setting)") }
  }

  @Test("before the first step a change gives what a program that said so gives")
  func anew() throws {
    var debugger = try debugger()
    _ = try debugger.run("set dense.units = 4")
    let patched = try SettingPatch("dense.units = 4").applied(to: SampleRun.all[0].settings)
    #expect(debugger.session.digest == (try Session(patched)).digest)
  }

  @Test("what was set by hand before the first step stays")
  func handSet() throws {
    var debugger = try debugger()
    _ = try debugger.run("set dense/kernel[0,0] = 0.5")
    _ = try debugger.run("set epochs = 33")
    let kernel = try #require(debugger.session.weights.first { $0.name == "dense/kernel" })
    #expect(kernel.tensor.scalars[0] == 0.5)
    #expect(debugger.session.settings.epochs == 33)
  }

  @Test("layers come and go, named as from scratch")
  func layers() throws {
    var debugger = try debugger()
    let names = { debugger.session.network.layers.map(\.name) }
    let before = names()
    _ = try debugger.run("add Dense(4) after dense")
    #expect(names() == ["dense", "dense_1", "dropout", "dense_2", "dense_3"])
    _ = try debugger.run("remove dense_1")
    #expect(names() == before)
    _ = try debugger.run("add Dense(4) first")
    #expect(names() == ["dense", "dense_1", "dropout", "dense_2", "dense_3"])
    #expect(debugger.session.network.layers[0].outputShape == [4])
  }

  @Test("load takes another program, restart begins again with the same settings")
  func loadAndRestart() throws {
    var debugger = try debugger(steps: 3)
    let start = try Session(SampleRun.all[0].settings).digest
    _ = try debugger.run("restart")
    #expect(debugger.session.digest == start && debugger.session.history.count == 0)
    _ = try debugger.run("load other.py")
    #expect(debugger.session.settings.model == SampleRun.all[1].settings.model)
  }

  @Test("restart keeps what was set by hand, the learning rate too, and says it")
  func restartKeeps() throws {
    var debugger = try debugger(steps: 3)
    _ = try debugger.run("set learning_rate = 0.375")
    _ = try debugger.run("set batch_size = 3")
    let sets = try debugger.run("print sets").lines
    let reply = try debugger.run("restart")
    #expect(debugger.session.position.step == 0 && debugger.session.learningRate == 0.375)
    #expect(debugger.session.settings.batchSize == 3)
    #expect(reply.lines[0].contains("learning rate 0.375 as set by hand, batch size 3"))
    // It is nothing that was set anew.
    #expect(try debugger.run("print sets").lines == sets)
    _ = try debugger.run("step 4 step")
    #expect(debugger.session.history.steps.allSatisfy { $0.learningRate == 0.375 })
    _ = try debugger.run("set optimizer = sgd")
    _ = try debugger.run("restart")
    #expect(debugger.session.learningRate == 0.01)
  }

  @Test("restart by a key keeps the rate as the command does")
  func restartInLab() {
    let lab = Lab()
    lab.handle(.open(SampleRun.all[0].settings))
    lab.handle(.learningRate(0.375))
    _ = lab.ask("step 3 step")
    lab.handle(.restart(seed: 9))
    #expect(lab.session?.learningRate == 0.375 && lab.session?.settings.seed == 9)
    #expect(lab.snapshot().rateByHand == 0.375)
  }

  @Test(
    "penalties are set as Keras writes them",
    arguments: [
      ("L2(0.03)", "L2", ["l2": 0.03]), ("regularizers.L1(l1=0.5)", "L1", ["l1": 0.5]),
      ("keras.regularizers.L1L2(l1=1e-3, l2=0.01)", "L1L2", ["l1": 0.001, "l2": 0.01]),
    ], [0, 3])
  func penalties(value: (String, String, [String: Double]), steps: Int) throws {
    var debugger = try debugger(steps: steps)
    let before = debugger.session.weights.map(\.tensor)
    _ = try debugger.run("set dense.kernel_regularizer = \(value.0)")
    let layer = debugger.session.settings.model.layers[0]
    let penalty = try #require(layer.arguments.component("kernel_regularizer"))
    #expect(penalty.kind == value.1)
    for (name, number) in value.2 { #expect(penalty.arguments.number(name) == number) }
    // Nothing but the loss is another one.
    #expect(debugger.session.weights.map(\.tensor) == before)
    _ = try debugger.run("step 2 step")
    _ = try debugger.run("set dense.kernel_regularizer = None")
    #expect(debugger.session.settings.model == SampleRun.all[0].settings.model)
  }

  @Test("a rate of dropout and an activation are arguments too")
  func otherArguments() throws {
    var debugger = try debugger(steps: 2)
    _ = try debugger.run("set dropout.rate = 0.125")
    #expect(debugger.session.settings.model.layers[1].arguments.number("rate") == 0.125)
    _ = try debugger.run("set dense.kernel_constraint = MaxNorm(2)")
    #expect(debugger.session.settings.model.layers[0].arguments["kernel_constraint"] != .none)
    let lines = try debugger.run("complete set dense.kernel_r").lines
    #expect(lines.contains("set dense.kernel_regularizer"), "\(lines)")
    let values = try debugger.run("complete set dense.kernel_regularizer = L").lines
    #expect(values.contains("set dense.kernel_regularizer = L2("), "\(values)")
  }

  @Test("another optimizer says which learning rate it brings, where it is another one")
  func optimizerRate() throws {
    var debugger = try debugger(steps: 2)
    _ = try debugger.run("set optimizer = sgd")
    let words = try debugger.run("set optimizer = adam").lines[0]
    #expect(words.hasPrefix("optimizer = adam, learning rate 0.01 → 0.001 from step 2"), "\(words)")
    let unchanged = try debugger.run("set optimizer = nadam").lines[0]
    #expect(!unchanged.contains("learning rate"), "\(unchanged)")
  }

  @Test("an export shows a program, and is remembered")
  func export() throws {
    var debugger = try debugger()
    #expect(try debugger.run("export pytorch").lines == ["# pytorch"])
    #expect(try debugger.run("print exported(\"pytorch\")").lines[0].hasSuffix("true"))
  }

  @Test("a fault is planted by its id")
  func sabotage() throws {
    var debugger = try debugger(steps: 1)
    _ = try debugger.run("sabotage staleGradient")
    #expect(try debugger.run("reveal").fields.first?.value == .text("staleGradient"))
  }

  @Test(
    "what cannot be done says what would be right",
    arguments: [
      ("set nonsense = relu", "learning_rate"), ("set epoch = many", "set"),
      ("set dense.unit = 4", "units"), ("set dens.units = 4", "dense"),
      ("set dense.kernel_regularizer = L3(1)", "L1L2"),
      ("set dense.kernel_regularizer = L2(l3=1)", "l2"),
      ("set target = 3", "set target[3] = X for example 3"),
      ("set input = 3", "set input[3,0] = X for example 3"),
      ("set batch_size = 0", "whole number"), ("set loss = nonsense", "mse"),
      ("set scale = large", "standard"), ("add", "add Dense"), ("add Dense", "add Dense"),
      ("add Dense(4) before dense", "after dense"), ("add Dense(4) after nothing", "dense"),
      ("remove", "remove dense_1"), ("remove nothing", "dense"), ("load", "load model.py"),
      ("load nothing.py", "other.py"), ("restart now", "restart"),
      ("sabotage staleGradien", "staleGradient"), ("ask seed = 3 over 2 seeds", "dropout"),
    ])
  func refused(command: String, remedy: String) throws {
    var debugger = try debugger()
    let error = try #require(throws: (any Error).self) { try debugger.run(command) }
    #expect("\(error)".contains(remedy), "\(error)")
  }

  @Test("in the lab a new run takes the place of the old one")
  func inLab() throws {
    let lab = Lab()
    lab.handle(.open(SampleRun.all[0].settings))
    let run = lab.runNumber
    _ = try lab.carryOut("set epochs = 5")
    #expect(lab.runNumber == run + 1)
    #expect(lab.session?.settings.epochs == 5 && lab.activity == .paused)
    _ = try lab.carryOut("step 2 step")
    _ = try lab.carryOut("set epochs = 6")
    #expect(lab.runNumber == run + 1 && lab.session?.settings.epochs == 6)
    #expect(throws: (any Error).self) { try lab.carryOut("load x.py") }
  }
}
