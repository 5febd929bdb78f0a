import Autodiff
import Foundation
import KerasCode
import NeuralNets
import Scripts
import Tensors
import Testing
import Training

/// Programs that train batch by batch, in loops of their own; each prints the losses that it meets.
enum Loop: String, CaseIterable {
  /// One network alone.
  case single
  /// A generator through a discriminator that it cannot change, and the discriminator twice a step.
  case gan
  /// Batch normalization and dropout, which take numbers of their own each time.
  case noisy
  /// A layer that is frozen every other time.
  case freezing
  /// Weights that the program sets, a rate that it lowers, compiling anew, and a fit in between.
  case meddling
  /// Two inputs, weights of examples.
  case several
  /// A layer that carries on, predictions in between, and resets.
  case carrying

  var program: String {
    "import numpy as np\nimport keras\nfrom keras import layers\nkeras.utils.set_random_seed(4)\n"
      + "rng = np.random.default_rng(2)\n" + body
  }

  private var body: String {
    switch self {
    case .single:
      return net("model", 3) + "model.compile(optimizer=\"adam\", loss=\"mse\")\n"
        + "for i in range(6):\n  x = rng.normal(size=(4 + i % 2, 3))\n"
        + "  print(model.train_on_batch(x, x[:, :1]))\n"
    case .gan: return gan(extra: "")
    case .noisy: return gan(extra: "layers.BatchNormalization(), layers.Dropout(0.3), ")
    case .freezing:
      return net("model", 3) + "model.compile(optimizer=\"adam\", loss=\"mse\")\n"
        + "x = rng.normal(size=(6, 3))\nfor i in range(7):\n"
        + "  model.layers[0].trainable = i % 2 == 0\n  print(model.train_on_batch(x, x[:, :1]))\n"
    case .meddling:
      return net("model", 3)
        + "model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss=\"mse\")\n"
        + "x = rng.normal(size=(6, 3))\nfor i in range(8):\n"
        + "  print(model.train_on_batch(x, x[:, :1]))\n"
        + "  if i == 1:\n    model.set_weights([w * 0.5 for w in model.get_weights()])\n"
        + "  if i == 3:\n    model.optimizer.learning_rate = 0.02\n"
        + "  if i == 4:\n    model.compile(optimizer=\"rmsprop\", loss=\"mae\")\n"
        + "  if i == 5:\n    h = model.fit(x, x[:, :1], epochs=2, batch_size=6, verbose=0)\n"
        + "    print(h.history[\"loss\"][0])\n    print(h.history[\"loss\"][1])\n"
    case .carrying:
      return "model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)),"
        + " layers.Bidirectional(layers.GRU(2, stateful=True)), layers.Dense(1)])\n"
        + "model.compile(optimizer=\"adam\", loss=\"mse\")\nfor i in range(9):\n"
        + "  x = rng.normal(size=(2, 3, 1))\n"
        + "  print(model.train_on_batch(x, x[:, 0]))\n"
        + "  if i % 2:\n    model.predict(x, verbose=0)\n"
        + "  if i == 5:\n    model.layers[0].reset_state()\n"
    case .several:
      return "a = keras.Input(shape=(2,), name=\"a\")\nb = keras.Input(shape=(3,), name=\"b\")\n"
        + "y = layers.Dense(1)(layers.Concatenate()([a, b]))\nmodel = keras.Model([a, b], y)\n"
        + "model.compile(optimizer=\"sgd\", loss=\"mse\")\nfor i in range(4):\n"
        + "  p, q = rng.normal(size=(5, 2)), rng.normal(size=(5, 3))\n"
        + "  print(model.train_on_batch([p, q], q[:, :1], sample_weight=np.arange(5.0)))\n"
    }
  }

  private func net(_ name: String, _ inputs: Int, _ extra: String = "") -> String {
    "\(name) = keras.Sequential([keras.Input(shape=(\(inputs),)), "
      + "layers.Dense(4, activation=\"tanh\"), \(extra)layers.Dense(1)])\n"
  }

  private func gan(extra: String) -> String {
    net("generator", 2, extra) + net("discriminator", 1)
      + "discriminator.compile(optimizer=\"adam\", loss=\"mse\")\ndiscriminator.trainable = False\n"
      + "gan = keras.Sequential([generator, discriminator])\n"
      + "gan.compile(optimizer=\"adam\", loss=\"mse\")\nfor i in range(5):\n"
      + "  fake = generator.predict(rng.normal(size=(6, 2)), verbose=0)\n"
      + "  discriminator.trainable = True\n"
      + "  print(discriminator.train_on_batch(rng.normal(3, 1, size=(6, 1)), np.ones((6, 1))))\n"
      + "  print(discriminator.train_on_batch(fake, np.zeros((6, 1))))\n"
      + "  discriminator.trainable = False\n"
      + "  print(gan.train_on_batch(rng.normal(size=(8, 2)), np.ones((8, 1))))\n"
  }

  /// What was recorded, and what the program printed meanwhile.
  func recorded(limit: Int = 1_000_000) throws -> (run: PassRun, printed: String) {
    var output = ""
    let console = ScriptConsole(now: { 0 }, write: { output += $0 })
    let run = try ScriptHost.recordPasses(
      program, file: "loop.py", folder: ProgramFolder(FileManager.default.temporaryDirectory),
      seed: 1, console, limit: limit)
    return (run, output)
  }
}

@Suite("Passes of a program's loop")
struct PassTests {
  @Test("Networks trained in turn print what they print with Keras")
  func besideKeras() throws {
    let found = try printed(try reference("keras_passes.py")).split(separator: "\n")
    let wanted = try reference("keras_passes.txt").split(separator: "\n")
    for (ours, theirs) in zip(found, wanted) { #expect(ours == theirs) }
    #expect(found.count == wanted.count)
  }

  @Test(
    "Going through the passes again meets the program's losses, to the last bit",
    arguments: Loop.allCases)
  func sameLosses(_ loop: Loop) throws {
    let (run, printed) = try loop.recorded()
    let session = try Session(passes: run)
    session.go(to: session.end)
    #expect(session.isFinished && session.history.count == run.passes.count)
    let losses = session.history.steps.map { PythonFormat.number(Double($0.loss)) }
    #expect(losses == printed.split(separator: "\n").map(String.init))
  }

  @Test("Stepping back and forth gives the digests of a straight run", arguments: Loop.allCases)
  func digests(_ loop: Loop) throws {
    let (run, _) = try loop.recorded()
    let (straight, wandering) = (try Session(passes: run), try Session(passes: run))
    var (inside, ends): ([Digest], [Digest]) = ([], [])
    for _ in run.passes {
      straight.move(7, by: .instruction)
      inside.append(straight.digest)
      straight.move(1, by: .pass)
      ends.append(straight.digest)
    }
    let order = run.passes.indices.map { ($0 * 5 + 3) % run.passes.count } + [0, 2, 1]
    wandering.go(to: wandering.end)
    for pass in order {
      wandering.go(to: Position(step: 0))
      wandering.move(pass, by: .pass)
      if pass > 0 { #expect(wandering.digest == ends[pass - 1]) }
      wandering.move(7, by: .instruction)
      #expect(wandering.digest == inside[pass])
      wandering.move(1, by: .pass)
      #expect(wandering.digest == ends[pass])
      wandering.move(-3, by: .instruction)
      wandering.move(-1, by: .phase)
      wandering.move(-1, by: .pass)
      wandering.move(7, by: .instruction)
      wandering.move(2, by: .pass)
      wandering.move(-1, by: .pass)
      #expect(wandering.digest == ends[min(pass, run.passes.count - 2)])
    }
  }

  @Test("Every instruction can be gone back over, through passes of different networks")
  func allTheWayBack() throws {
    let session = try Session(passes: try Loop.gan.recorded().run)
    var forwards: [(Position, Digest)] = []
    while session.position < Position(step: 2) {
      forwards.append((session.position, session.digest))
      session.move(1, by: .instruction)
    }
    for (position, digest) in forwards.reversed() {
      session.move(-1, by: .instruction)
      #expect(session.position == position)
      // The very start has no end of a pass before it.
      #expect(session.digest == digest)
    }
  }

  @Test("A step is a round of the models in turn; alone, each batch is one")
  func steps() throws {
    let gan = try Loop.gan.recorded().run
    #expect(gan.stepBegins == [0, 3, 6, 9, 12] && gan.passCount(ofStep: 1) == 3)
    #expect(try Loop.single.recorded().run.stepBegins == Array(0..<6))
    let session = try Session(passes: gan)
    session.move(1, by: .step)
    #expect(session.position == Position(step: 1))
    session.move(2, by: .pass)
    #expect(session.position == Position(step: 1, pass: 2))
    session.move(-1, by: .step)
    #expect(session.position == Position(step: 1))
    session.move(-1, by: .step)
    #expect(session.position == Position(step: 0))
    session.go(to: Position(step: 99))
    #expect(session.position == session.end && session.position == Position(step: 5))
    session.move(1, by: .line)
    #expect(session.position == session.end)
  }

  @Test("Networks share their weights: what one learns the other has")
  func sharing() throws {
    let session = try Session(passes: try Loop.gan.recorded().run)
    session.go(to: Position(step: 1, pass: 2))
    let learned = session.weightsByName
    session.move(1, by: .instruction)
    let seen = session.weightsByName
    let names = learned.keys.filter { seen["discriminator/" + $0] != nil }
    #expect(seen.count == 8)
    #expect(seen.values.filter { learned.values.contains($0) }.count == learned.count)
    #expect(names.allSatisfy { seen["discriminator/" + $0] == learned[$0] })
  }

  @Test("The debugger says which pass it is, and refuses what a loop has not")
  func debugger() throws {
    var debugger = Debugger(try Session(passes: try Loop.gan.recorded().run))
    let line = try debugger.run("step 4 passes").lines[0]
    #expect(line.hasPrefix("step 1 · pass 0 of 3, sequential"))
    #expect(line.hasSuffix("the pass is done: pass 1 begins"))
    #expect(try debugger.run("goto pass 1 end").lines[0].contains("pass 2 begins"))
    #expect(try debugger.run("print pass").lines == ["pass = 2"])
    for command in ["step 1 epoch", "goto epoch 1", "set learning_rate = 1"] {
      #expect(throws: DebuggerCommand.Failure.self) { try debugger.run(command) }
    }
    #expect(try debugger.run("info run").lines[0].contains("15 passes in 5 steps"))
  }

  @Test("A record that is full ends, and says so")
  func full() throws {
    let run = try Loop.gan.recorded(limit: 60).run
    #expect(run.passes.count < 15 && run.shortness != nil)
    let session = try Session(passes: run)
    session.go(to: session.end)
    #expect(session.history.count == run.passes.count)
  }

  @Test("A program is known for one that trains in a loop before it runs")
  func known() {
    for loop in Loop.allCases {
      #expect(ModelFile.trainsByBatch(loop.program, file: "loop.py"))
    }
    for ends in SeveralEnds.allCases {
      #expect(!ModelFile.trainsByBatch(ends.program, file: "fit.py"))
    }
    #expect(!ModelFile.trainsByBatch("this is no program", file: "bad.py"))
  }
}
