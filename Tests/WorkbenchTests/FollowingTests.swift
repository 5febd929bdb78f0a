import Datasets
import KerasCode
import NeuralNets
import Scripts
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("What is set at the prompt shows everywhere")
struct FollowingTests {
  private func pilot(_ data: String = "spiral", screen: ScreenName = .train) throws -> LabPilot {
    let pilot = try LabPilot(data, hidden: [6], epochs: 3, screen: screen)
    furnish(pilot)
    return pilot
  }

  /// What the lab can read from outside: here dense layers alone. Another run brings its own.
  private func furnish(_ pilot: LabPilot) {
    pilot.lab.workshop = Workshop(
      layer: { _ in
        guard let type = LayerCatalog.type(named: "Dense") else {
          throw RunFailure("no Dense", remedy: "one")
        }
        return Component(
          kind: "Dense", arguments: try Arguments(type.arguments, positional: [.integer(4)]))
      },
      program: { _, settings in settings }, data: { _, settings in settings },
      code: { _, _ in [] })
  }

  /// As typed behind `:`.
  private func type(_ command: String, _ pilot: inout LabPilot) {
    _ = pilot.lab.ask(command)
    _ = pilot.state.receive(.run(pilot.lab.snapshot()))
  }

  @Test("settings, before the first step and on the way", arguments: [0, 5])
  func settings(steps: Int) throws {
    var pilot = try pilot()
    pilot.run([.lab(.move(steps, .step))])
    type("set epochs = 77", &pilot)
    #expect(pilot.state.workpiece.epochs == 77 && pilot.state.runIsCurrent)
    #expect(pilot.text.contains(" 77"))
    type("set batch_size = 5", &pilot)
    #expect(pilot.state.workpiece.batchSize == 5)
    type("set dense.kernel_regularizer = L2(0.03)", &pilot)
    pilot.press("z")
    #expect(SettingField.l2.value(pilot.state) == "differs by layer")
  }

  @Test("a program that was loaded is what Build shows")
  func program() throws {
    var pilot = try pilot(screen: .train)
    pilot.lab.workshop?.program = { name, settings in
      var loaded = settings
      loaded.epochs = 9
      loaded.program = RunSettings.Program(name: name, text: "# its own words\n")
      return loaded
    }
    type("load other.py", &pilot)
    #expect(pilot.state.workpiece.fileName == "other.py")
    #expect(pilot.state.workpiece.source == "# its own words\n")
  }

  @Test("a program that does not shuffle is opened so, and what is set then shows")
  func unshuffled() throws {
    let file = try ModelFile.read(
      """
      import keras
      import numpy as np
      X = np.arange(24.0).reshape(12, 2) / 24
      y = np.array([0, 1] * 6)
      model = keras.Sequential([
          keras.Input(shape=(2,)), keras.layers.Dense(1, activation="sigmoid")])
      model.compile(optimizer="sgd", loss="binary_crossentropy")
      model.fit(X, y, epochs=4, batch_size=6, shuffle=False)
      """, file: "still.py")
    let settings = try ModelLoader(library: .init()).settings(file, RunOverrides())
    var pilot = try pilot()
    let opened = OpenedModel(
      model: settings.model, data: settings.data, epochs: settings.epochs,
      batchSize: settings.batchSize, path: "still.py", source: "")
    pilot.run(pilot.state.receive(.model(opened.with(settings))))
    pilot.run(pilot.state.go(to: .train))
    #expect(SettingField.shuffle.value(pilot.state) == "never")
    #expect(pilot.lab.session?.settings.shuffles == false)
    type("set batch_size = 3", &pilot)
    #expect(SettingField.batchSize.value(pilot.state) == "3")
  }

  @Test("layers: the diagram and the code of Build follow", arguments: [0, 5])
  func layers(steps: Int) throws {
    var pilot = try pilot(screen: .build)
    if steps == 0, pilot.lab.session == nil { pilot.run(pilot.state.openRun()) }
    if steps > 0 {
      pilot.run(pilot.state.openRun())
      pilot.run([.lab(.move(steps, .step))])
    }
    furnish(pilot)
    let before = pilot.state.workpiece.model
    type("add Dense(4) after dense", &pilot)
    #expect(pilot.state.workpiece.model.layers.count == before.layers.count + 1)
    #expect(pilot.state.runIsCurrent)
    #expect(KerasSource.text(of: pilot.state.workpiece).contains("Dense(4"))
    #expect(pilot.text.contains("dense_2"))
    type("remove dense_1", &pilot)
    #expect(pilot.state.workpiece.model == before)
  }

  @Test("u takes it back, also where nothing was trained yet")
  func undone() throws {
    var pilot = try pilot()
    type("set epochs = 77", &pilot)
    pilot.press("u")
    pilot.answer()
    #expect(pilot.state.workpiece.epochs == 3 && pilot.lab.session?.settings.epochs == 3)
    pilot.press("U")
    pilot.answer()
    #expect(pilot.state.workpiece.epochs == 77 && pilot.lab.session?.settings.epochs == 77)
  }

  @Test("a run of another network than one works on leaves that alone")
  func other() throws {
    var pilot = try pilot()
    pilot.run([.lab(.move(3, .step))])
    pilot.state.workpiece.seed = 99
    type("set epochs = 77", &pilot)
    #expect(pilot.state.workpiece.epochs == 3)
  }

  @Test("r starts over at the rate that was set by hand")
  func startOver() throws {
    var pilot = try pilot()
    type("set learning_rate = 0.375", &pilot)
    pilot.run([.lab(.move(3, .step))])
    pilot.press("r")
    #expect(pilot.lab.session?.learningRate == 0.375 && pilot.lab.session?.position.step == 0)
  }

  @Test("where EarlyStopping ended the run stands on the chart, and is said")
  func stopped() throws {
    let file = try ModelFile.read(
      """
      import keras
      import numpy as np
      X = np.arange(24.0).reshape(12, 2) / 24
      y = np.array([0, 1] * 6)
      model = keras.Sequential([
          keras.Input(shape=(2,)), keras.layers.Dense(1, activation="sigmoid")])
      model.compile(optimizer=keras.optimizers.SGD(0.0), loss="binary_crossentropy")
      model.fit(X[:8], y[:8], epochs=40, validation_data=(X[8:], y[8:]),
                callbacks=[keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)])
      """, file: "stop.py")
    let settings = try ModelLoader(library: .init()).settings(file, RunOverrides())
    var pilot = try pilot()
    let opened = OpenedModel(
      model: settings.model, data: settings.data, epochs: settings.epochs,
      batchSize: settings.batchSize, path: "stop.py", source: "")
    pilot.run(pilot.state.receive(.model(opened.with(settings))))
    pilot.run(pilot.state.go(to: .train))
    #expect(pilot.lab.session?.settings.callbacks.components.count == 1)
    pilot.press(" ")
    pilot.train(1000)
    #expect(pilot.lab.session?.position.step == 4 && pilot.state.lab.activity == .finished)
    #expect(pilot.text.contains("■") && pilot.text.contains("◆"))
    #expect(pilot.state.messageReader.lines.contains { $0.contains("EarlyStopping after epoch 4") })
    #expect(Happenings.lines(pilot.state.lab).contains { $0.text == "stopped by EarlyStopping" })
  }
}

@Suite("The plane of a single output")
struct PlaneCenterTests {
  private func learned(_ activation: String, _ targets: [Float], loss: String) throws -> LabPilot {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 3)
    let file = try ModelFile.read(
      """
      import keras
      import numpy as np
      X = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
      y = np.array(\(targets))
      model = keras.Sequential([
          keras.Input(shape=(2,)), keras.layers.Dense(1, activation="\(activation)")])
      model.compile(optimizer="sgd", loss="\(loss)")
      model.fit(X, y, epochs=4)
      """, file: "plane.py")
    let settings = try ModelLoader(library: .init()).settings(file, RunOverrides())
    pilot.run([.lab(.open(settings)), .lab(.look(pilot.state.interest))])
    return pilot
  }

  @Test(
    "its two colors part where the two classes do",
    arguments: [
      ("sigmoid", [0, 1, 0, 1], "mse", Float(0.5)), ("tanh", [-1, 1, -1, 1], "mse", 0),
      ("linear", [-1, 1, -1, 1], "hinge", 0), ("linear", [0, 1, 0, 1], "mse", 0.5),
      ("linear", [100, 300, 200, 150], "mse", 200), ("linear", [-3, 5, 2, -2], "mse", 0),
    ] as [(String, [Float], String, Float)])
  func center(activation: String, targets: [Float], loss: String, center: Float) throws {
    let pilot = try learned(activation, targets, loss: loss)
    let plane = try #require(pilot.state.lab.pictures?.plane)
    #expect(plane.meaning == .value && plane.center == center)
    if activation == "sigmoid" {
      #expect(plane.parted.contains { $0 > 0 } && plane.parted.contains { $0 < 0 })
    }
  }

  @Test("points are told from their ground on every terminal")
  func points() throws {
    for ability in Ability.tiers {
      var pilot = try learned("sigmoid", [0, 1, 0, 1], loss: "mse")
      pilot.state.ability = ability
      let grid = pilot.state.frame()
      let marks: Set<Unicode.Scalar> =
        ability.hasBackgrounds
        ? Set([0, 1].map { ScatterPlot.mark(of: $0, ability: ability) })
        : ["+", "-"]
      let wanted: Ink = ability.hasBackgrounds ? .contrast : .text
      let found = Set(grid.cells.filter { $0.foreground == wanted }.map(\.scalar))
      #expect(marks.isSubset(of: found), "\(ability)")
    }
  }
}
