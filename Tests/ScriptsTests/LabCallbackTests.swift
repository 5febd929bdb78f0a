import Datasets
import Foundation
import KerasCode
import NeuralNets
import Scripts
import Tensors
import Testing
import Training

/// The callbacks of a program in a run that one travels in.
@Suite("Callbacks in the lab")
struct LabCallbackTests {
  private static func program(_ callbacks: String, epochs: Int = 60, rate: Double = 0.3) -> String {
    """
    import keras
    import numpy as np
    from keras import layers
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 4))
    y = (X[:, 0] + 0.8 * rng.normal(size=60) > 0).astype("float32")
    keras.utils.set_random_seed(5)
    model = keras.Sequential([
        keras.Input(shape=(4,)), layers.Dense(16, activation="tanh"),
        layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.SGD(\(rate)), loss="binary_crossentropy",
                  metrics=["accuracy"])
    model.fit(X[:40], y[:40], epochs=\(epochs), batch_size=16, validation_data=(X[40:], y[40:]),
              callbacks=[\(callbacks)])
    """
  }

  static let lists = [
    "keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)",
    "keras.callbacks.EarlyStopping(patience=2)",
    "keras.callbacks.EarlyStopping(monitor='val_accuracy', patience=4, restore_best_weights=True)",
    "keras.callbacks.EarlyStopping(monitor='accuracy', patience=2, start_from_epoch=5)",
    "keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.5, min_lr=0.001)",
    "keras.callbacks.ReduceLROnPlateau(patience=1), keras.callbacks.EarlyStopping(patience=6)",
  ]

  private func settings(_ text: String) throws -> RunSettings {
    let file = try ModelFile.read(text, file: "program.py")
    return try ModelLoader(library: .init()).settings(file, RunOverrides())
  }

  @Test("of a metric that is only measured in a fit is said where it is followed")
  func measuredElsewhere() throws {
    let text = Self.program("keras.callbacks.EarlyStopping(monitor='mae')")
      .replacingOccurrences(of: "metrics=[\"accuracy\"]", with: "metrics=[\"mae\"]")
    let notes = try Session(settings(text)).callbackNotes
    #expect(notes.count == 1)
    #expect(notes.first?.contains("backstep run FILE.py has it") == true, "\(notes)")
    #expect(notes.first?.contains("val_mae") == true, "\(notes)")
    let none = Self.program("keras.callbacks.EarlyStopping(monitor='nothing')")
    #expect(
      try Session(settings(none)).callbackNotes.first?.contains("which is not there") == true)
  }

  @Test("the terms of a mean loss are named by their examples")
  func meanLoss() throws {
    let text = Self.program("").replacingOccurrences(
      of: "loss=\"binary_crossentropy\"",
      with: "loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
    )
    .replacingOccurrences(of: "layers.Dense(1, activation=\"sigmoid\")", with: "layers.Dense(2)")
    var debugger = Debugger(try Session(settings(text)))
    _ = try debugger.run("step 1 step")
    let lines = try debugger.run("explain loss").lines
    let named = lines.compactMap { line -> Bool? in
      guard let at = line.range(of: "example "), let of = line.range(of: "L[") else { return nil }
      return line[at.upperBound...].prefix { $0.isNumber }
        == line[of.upperBound...].prefix { $0.isNumber }
    }
    #expect(named.count > 8 && named.allSatisfy(\.self), "\(lines)")
  }

  private func fitted(_ text: String) throws -> Fit {
    let file = try ModelFile.read(text, file: "program.py")
    var settings = try settings(text)
    settings.callbacks = RunCallbacks()
    let fit = try Fit(Session(settings), callbacks: file.fit?.options.callbacks ?? [])
    for _ in 0..<settings.epochs where !fit.stops {
      for _ in 0..<fit.session.stepsPerEpoch { try fit.step() }
      _ = try fit.finishEpoch()
    }
    return fit
  }

  @Test("a run ends where a fit ends, with its weights and its rates", arguments: lists)
  func asFit(callbacks: String) throws {
    let text = Self.program(callbacks)
    let fit = try fitted(text)
    let session = try Session(settings(text))
    while !session.isFinished { session.trainStep() }
    #expect(session.history.epochCount == fit.history.count)
    for (name, tensor) in session.weights { #expect(fit.weights[name] == tensor, "\(name)") }
    #expect(
      session.history.steps.map(\.learningRate) == fit.session.history.steps.map(\.learningRate))
    if callbacks.contains("EarlyStopping(p") { #expect(session.stoppedAt == session.end.step) }
  }

  @Test("it is the same whichever way one goes through it", arguments: lists)
  func travelled(callbacks: String) throws {
    let session = try Session(settings(Self.program(callbacks)))
    var digests: [Int: Digest] = [0: session.digest]
    while !session.isFinished {
      session.trainStep()
      digests[session.position.step] = session.digest
    }
    let end = session.position
    for step in [end.step - 1, 0, end.step, 7, end.step, end.step - 4, 3, end.step] {
      session.go(to: Position(step: step))
      #expect(session.digest == digests[step], "step \(step)")
    }
    // Backwards through what was restored, one instruction at a time.
    session.move(-1, by: .instruction)
    #expect(session.position.step == end.step - 1)
    session.go(to: end)
    #expect(session.digest == digests[end.step])
    #expect(session.isFinished)
  }

  @Test("a move over the end halts there, and the next one goes on")
  func halts() throws {
    var debugger = Debugger(try Session(settings(Self.program(Self.lists[0]))))
    let reply = try debugger.run("goto epoch 60")
    let stop = try #require(debugger.session.stoppedAt)
    #expect(debugger.session.position.step == stop && stop < 180)
    #expect(reply.lines.contains { $0.hasPrefix("EarlyStopping after epoch") }, "\(reply.lines)")
    #expect(reply.lines.contains { $0.contains("the weights are again those of epoch") })
    _ = try debugger.run("goto start")
    #expect(try debugger.run("continue").lines[0].contains("the end of the run"))
    #expect(debugger.session.position.step == stop)
    _ = try debugger.run("step 2 epoch")
    #expect(debugger.session.position.step == stop + 6)
  }

  @Test("another branch is watched by itself; without callbacks the run goes to its end")
  func branches() throws {
    var debugger = Debugger(try Session(settings(Self.program(Self.lists[0]))))
    _ = try debugger.run("goto end")
    let stop = debugger.session.position.step
    _ = try debugger.run("goto step 4")
    _ = try debugger.run("set learning_rate = 0.001")
    #expect(debugger.session.stoppedAt == nil)
    _ = try debugger.run("goto end")
    #expect(debugger.session.position.step != stop)
    _ = try debugger.run("switch 1")
    #expect(debugger.session.stoppedAt == stop)
    _ = try debugger.run("goto step \(stop)")
    _ = try debugger.run("set callbacks = None")
    #expect(!debugger.session.isFinished)
    _ = try debugger.run("goto end")
    #expect(debugger.session.position.step == 180)
    #expect(throws: (any Error).self) { try debugger.run("set callbacks = 3") }
  }

  @Test("patience is set at the prompt")
  func patience() throws {
    var debugger = Debugger(try Session(settings(Self.program(Self.lists[1]))))
    _ = try debugger.run("goto end")
    let early = debugger.session.position.step
    _ = try debugger.run("goto start")
    _ = try debugger.run("set EarlyStopping.patience = 9")
    _ = try debugger.run("goto end")
    #expect(debugger.session.position.step > early)
  }

  @Test("a schedule gives each epoch its rate")
  func schedule() throws {
    let list = "keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.5 if epoch else lr)"
    let session = try Session(settings(Self.program(list, epochs: 4)))
    session.go(to: session.end)
    let rates = session.history.steps.map(\.learningRate)
    #expect(rates == [0.3, 0.15, 0.075, 0.0375].flatMap { [Float](repeating: $0, count: 3) })
    session.go(to: Position(step: 0))
    #expect(session.learningRate == 0.3)
  }

  @Test("a loss that is no number ends the run")
  func notANumber() throws {
    let text = Self.program("keras.callbacks.TerminateOnNaN()", rate: 1e6)
      .replacing("binary_crossentropy", with: "mse")
      .replacing("activation=\"sigmoid\"", with: "activation=\"linear\"")
      .replacing("activation=\"tanh\"", with: "activation=\"relu\"")
    let session = try Session(settings(text))
    session.go(to: session.end)
    let unsound = try #require(session.history.firstUnsound)
    #expect(session.position.step == unsound + 1)
  }

  @Test("a run whose past is known again ends where it ended")
  func adopted() throws {
    let all = try settings(Self.program(Self.lists[5]))
    let first = try Session(all)
    while !first.isFinished { first.trainStep() }
    let second = try Session(all)
    second.adopt(first.history)
    #expect(second.stoppedAt == first.stoppedAt)
    #expect(second.callbackDeeds == first.callbackDeeds)
    second.go(to: first.position)
    #expect(second.digest == first.digest)
  }

  @Test("what cannot be heeded is said")
  func said() throws {
    let list =
      "keras.callbacks.ModelCheckpoint('w.keras'), "
      + "keras.callbacks.EarlyStopping(monitor='val_mae')"
    let notes = try Session(settings(Self.program(list))).callbackNotes
    #expect(notes.count == 2)
    #expect(notes[0].contains("ModelCheckpoint does nothing here"))
    #expect(notes[1].contains("EarlyStopping watches val_mae"), "\(notes)")
    #expect(try Session(settings(Self.program(Self.lists[0]))).callbackNotes.isEmpty)
  }
}

@Suite("Weights that a program gives")
struct GivenWeightTests {
  private static func program(_ before: String, _ after: String = "") -> String {
    """
    import keras
    import numpy as np
    from keras import layers
    keras.utils.set_random_seed(5)
    X = np.arange(12.0).reshape(6, 2) / 10
    y = X[:, :1] - X[:, 1:]
    model = keras.Sequential([
        keras.Input(shape=(2,)), layers.Dense(3, activation="tanh", name="hidden"), layers.Dense(1)])
    \(before)
    model.compile(optimizer="sgd", loss="mse")
    \(after)
    model.fit(X, y, epochs=2)
    """
  }

  private func session(_ text: String) throws -> Session {
    let file = try ModelFile.read(text, file: "program.py")
    return try Session(ModelLoader(library: .init()).settings(file, RunOverrides()))
  }

  private static let lines = [
    "model.set_weights([np.full(w.shape, 0.25) for w in model.get_weights()])",
    "for layer in model.layers: layer.set_weights([w * 0 + 0.25 for w in layer.get_weights()])",
    "for w in model.weights: w.assign(np.ones(w.shape) / 4)",
  ]

  @Test("they are those that the run begins with, before or after compile", arguments: lines)
  func given(line: String) throws {
    for text in [Self.program(line), Self.program("", line)] {
      let session = try session(text)
      #expect(session.weights.count == 4)
      for (name, tensor) in session.weights {
        #expect(tensor.scalars.allSatisfy { $0 == 0.25 }, "\(name)")
      }
    }
  }

  @Test("the others are as they are drawn, also where they were read and given back")
  func others() throws {
    let plain = try session(Self.program(""))
    let text = """
      w = model.get_weights()
      w[1][0] = 7
      model.set_weights(w)
      """
    let changed = try session(Self.program(text))
    for (one, other) in zip(plain.weights, changed.weights) {
      if one.name == "hidden/bias" {
        #expect(other.tensor.scalars == [7, 0, 0])
      } else {
        #expect(one.tensor == other.tensor, "\(one.name)")
      }
    }
  }

  @Test("what fits of them stays when the network changes, and a restart begins with them")
  func changed() throws {
    var debugger = Debugger(try session(Self.program(Self.lines[0])))
    _ = try debugger.run("set hidden.units = 5")
    let bias = try #require(debugger.session.weights.first { $0.name == "dense/bias" })
    #expect(bias.tensor.scalars == [0.25])
    _ = try debugger.run("step 2 step")
    _ = try debugger.run("restart")
    #expect(debugger.session.weights.first { $0.name == "dense/bias" }?.tensor.scalars == [0.25])
  }
}
