import Datasets
import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("What Build checks")
struct BuildChecksTests {
  @Test(
    "an output of a narrow range is no fault where all targets lie in it",
    arguments: [
      ("sigmoid", 1, true), ("sigmoid", 1.5, false), ("tanh", -1, true), ("relu", -1, false),
    ])
  func range(activation: String, target: Float, fits: Bool) throws {
    var model = ModelDescription.perceptron(inputShape: [2], hidden: [3], classes: 0)
    try model.layers[1].arguments.set("activation", .text(activation))
    let dataset = Dataset(
      name: "pairs", origin: "", license: "", features: ["a", "b"], task: .regression,
      training: Dataset.Part(
        inputs: Tensor(shape: [2, 2], scalars: [1, 2, 3, 4]),
        targets: Tensor(shape: [2, 1], scalars: [0.5, target])))
    let checks = OutputChecks.all(Blueprint(model, dataShape: [2]), dataset)
    #expect(checks.map(\.verdict) == [fits ? .good : .advice])
    #expect(
      checks.allSatisfy { $0.text.contains(fits ? "as the targets are" : "linear gives any") })
  }

  @Test("a network without layers offers a way out, and Enter takes it")
  func wayOut() throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("xx", &state)
    #expect(state.workpiece.model.layers.isEmpty)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("One way out"))
    #expect(text.contains("650"))
    // Training waits and says why.
    #expect(BuildRig.type("t", &state).isEmpty)
    #expect(state.message?.toast.text.contains("has no layer") == true)
    state.focus[.build] = "ways"
    _ = BuildRig.type("\n", &state)
    #expect(try Network(state.workpiece.model).parameterCount == 650)
  }

  @Test(
    "a convolution that does not fit says why with its numbers, and Enter takes a way out",
    .enabled(if: LayerCatalog.type(named: "Conv2D") != nil))
  func convolution() throws {
    let code = """
      import keras
      from keras import layers
      model = keras.Sequential([
          keras.Input((8, 8, 1)), layers.Conv2D(8, 3, activation="relu"),
          layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
          layers.Dense(10, activation="softmax")])
      model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

      """
    let model = try ModelFile.read(code, file: "model.py").description
    var state = try BuildRig.state(model: model)
    _ = BuildRig.press([.down, .down], &state)
    _ = BuildRig.type("a\n", &state)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("(2 − 3) / 1 + 1 = 0"))
    #expect(text.contains("2 × 2 comes in, the kernel is 3 × 3"))
    #expect(text.contains("waits"))
    #expect(text.contains("padding=\"same\""))
    #expect(text.contains("2,738"))
    _ = BuildRig.type("\n", &state)
    #expect(try Network(state.workpiece.model).parameterCount == 2738)
    _ = BuildRig.type("u", &state)
    #expect((try? Network(state.workpiece.model)) == nil)
  }

  @Test("where an image gives an output at each place, Flatten before the last layer mends it")
  func flattened() throws {
    let code = """
      import keras
      from keras import layers
      model = keras.Sequential([
          keras.Input((8, 8, 1)), layers.Conv2D(8, 3, activation="relu"),
          layers.Dense(10, activation="softmax")])
      model.compile("adam", loss="sparse_categorical_crossentropy")

      """
    var state = try BuildRig.state(model: try ModelFile.read(code, file: "model.py").description)
    let failing = try #require(state.buildChecks.first { $0.verdict == .fails })
    #expect(failing.fix?.title == "Flatten before dense", "\(failing)")
    state.focus[.build] = "checks"
    _ = BuildRig.type("\n", &state)
    #expect(BuildChecks.whyNoRun(state) == nil)
    #expect(state.workpiece.model.layers.map(\.kind) == ["Conv2D", "Flatten", "Dense"])
  }

  @Test(
    "inputs of any range are no matter where the first layer scales them",
    arguments: [("Rescaling(0.0625), ", false), ("", true)])
  func scaled(first: String, isTold: Bool) throws {
    let code = """
      import keras
      from keras import layers
      model = keras.Sequential([
          keras.Input((64,)), layers.\(first.isEmpty ? "" : first + "layers.")Dense(10,
          activation="softmax")])
      model.compile("adam", loss="sparse_categorical_crossentropy")

      """
    let state = try BuildRig.state(model: try ModelFile.read(code, file: "model.py").description)
    #expect(state.buildChecks.contains { $0.title == "inputs" } == isTold)
  }

  @Test("what is advised is said in words, however little room there is", arguments: Sizes.all)
  func words(size: Size) throws {
    var state = try BuildRig.state("diabetes", size: size)
    state.workpiece.model.compilation?.loss = .known("SparseCategoricalCrossentropy")
    state.focus[.build] = "checks"
    let names = state.buildChecks.filter { $0.verdict != .good }.map(\.title)
    #expect(!names.isEmpty)
    for line in state.frame().text {
      for name in names where line.contains("▲ " + name) {
        let words = line.split(separator: "▲ " + name).last?.prefix { $0 != "│" } ?? ""
        #expect(words.contains { $0.isLetter }, "\(line)")
      }
    }
  }

  @Test("a layer for sequences on digits that lie flat: its relative for pictures is a way out")
  func pictures() throws {
    var state = try BuildRig.state()
    let convolution = try #require(Component.standard("Conv1D"))
    state.workpiece.model.layers.insert(convolution, at: 0)
    let ways = WayOut.all(for: Blueprint(state.workpiece), state.workpiece.dataset)
    let way = try #require(ways.first { $0.code.hasPrefix("Conv2D, Input(shape=(8, 8, 1))") })
    #expect(way.model.layers[0].kind == "Conv2D")
    #expect(way.gives.rank == 3)
    // Where the data have pictures, their layers stand before those of sequences.
    state.offerLayers(above: false)
    guard case .menu(let menu)? = state.overlay else {
      Issue.record("no list")
      return
    }
    let kinds = menu.items.map(\.label)
    let pictures = try #require(kinds.firstIndex(of: "Conv2D"))
    #expect(pictures < (kinds.firstIndex(of: "Conv1D") ?? 0))
  }

  @Test("a stateful layer asks for batches of one size, in the model and in the run")
  func batches() throws {
    let code = """
      import keras
      from keras import layers
      model = keras.Sequential([
          keras.Input((8, 8)), layers.LSTM(4, stateful=True),
          layers.Dense(10, activation="softmax")])
      model.compile("adam", loss="sparse_categorical_crossentropy")

      """
    var model = try ModelFile.read(
      code.replacing(", stateful=True", with: ""), file: "model.py"
    ).description
    try model.layers[0].arguments.set("stateful", .boolean(true))
    var state = try BuildRig.state(model: model)
    #expect(BuildChecks.whyNoRun(state)?.contains("has stateful=True") == true)
    let ways = WayOut.all(for: Blueprint(state.workpiece), state.workpiece.dataset)
    #expect(ways.map(\.code).prefix(2) == ["batch_size=32", "without stateful=True"])

    state.workpiece.model = ways[0].model
    #expect(BuildChecks.whyNoRun(state) == nil)
    state.workpiece.batchSize = 16
    #expect(BuildChecks.whyNoRun(state)?.contains("a batch of the run has 16") == true)
    let check = BatchChecks.size(Blueprint(state.workpiece), state.workpiece)
    #expect(check?.fix?.batchSize == 32)
    let facts = DataFacts(state.workpiece)
    let rest = BatchChecks.rest(Blueprint(state.workpiece), facts)
    #expect((rest == nil) == facts.trainingCount.isMultiple(of: 32))
  }

  @Test("two layers of one name: the refusal names it, and a way out keeps both")
  func names() throws {
    var state = try BuildRig.state()
    var copy = state.workpiece.model
    copy.layers.insert(copy.layers[0], at: 0)
    for i in 0...1 { try copy.layers[i].arguments.set("name", .text("twin")) }
    state.workpiece.model = copy
    _ = BuildRig.press([.down], &state)
    #expect(state.frame().text.joined().contains("is the name of two layers"))
    state.focus[.build] = "ways"
    _ = BuildRig.type("\n", &state)
    #expect(state.workpiece.model.layers.count == 3)
    #expect((try? Network(state.workpiece.model)) != nil)
  }

  @Test("a loss that does not fit the data stops the run with its numbers; advice does not")
  func losses() throws {
    var state = try BuildRig.state()
    let last = state.workpiece.model.layers.count - 1
    try state.workpiece.model.layers[last].arguments.set("units", .integer(9))
    #expect(BuildRig.type("t", &state).isEmpty)
    #expect(state.message?.toast.text.contains("10 classes, 9 outputs") == true)
    try state.workpiece.model.layers[last].arguments.set("units", .integer(10))
    try state.workpiece.model.layers[0].arguments.set("activation", .text("softmax"))
    #expect(state.frame().text.joined().contains("softmax in the middle"))
    #expect(!BuildRig.type("t", &state).isEmpty)
    #expect(state.screen == .train)
  }

  @Test("checks name what is wrong and Enter mends it")
  func remedies() throws {
    var state = try BuildRig.state()
    try state.workpiece.model.layers[1].arguments.set("units", .integer(9))
    try state.workpiece.model.layers[0].arguments.set("activation", .text("softmax"))
    try state.workpiece.model.compilation?.optimizer.arguments.set("learning_rate", .number(3))
    state.focus[.build] = "checks"
    for _ in 0..<12 {
      guard let place = state.buildChecks.firstIndex(where: { $0.fix?.model != nil }) else { break }
      state.build.check = place
      _ = BuildRig.type("\n", &state)
    }
    #expect(state.buildChecks.allSatisfy { $0.fix?.model == nil })
    #expect(state.workpiece.model.layers[1].arguments["units"] == .integer(10))
    #expect(state.workpiece.model.layers[0].arguments["activation"] == .text("relu"))
    let rate = state.workpiece.model.compilation?.optimizer.arguments["learning_rate"]
    #expect(rate == .number(0.001))
  }

  @Test("every remedy of every check makes a network that has one thing less to say")
  func everyRemedy() throws {
    var state = try BuildRig.state()
    let lines = [
      "layers.Dropout(0.5)", "layers.BatchNormalization()",
      "layers.Dense(4, activation=\"sigmoid\")", "layers.Dense(4, activation=\"sigmoid\")",
      "layers.Dense(4, activation=\"sigmoid\")", "layers.Dense(3, kernel_initializer=\"zeros\")",
      "layers.Dense(1, activation=\"softmax\")", "layers.Dense(10)", "layers.Dropout(0.3)",
    ]
    _ = state.handle(.paste(lines.joined(separator: "\n")))
    state.workpiece.batchSize = 5000
    for check in state.buildChecks where check.fix != nil {
      var copy = state
      copy.take(check)
      #expect(copy.buildChecks != state.buildChecks, "\(check.title): \(check.text)")
      #expect(Blueprint(copy.workpiece).failure == nil, "\(check.title): \(check.text)")
    }
    #expect(state.buildChecks.count { $0.fix != nil } >= 6)
  }

  private static let misfit = """
    import keras
    from keras import layers
    model = keras.Sequential([
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(8, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")

    """

  @Test("a file whose layer does not fit opens there, and Enter takes a way out")
  func openedMisfit() throws {
    #expect(throws: Diagnostic.self) { try ModelFile.read(Self.misfit, file: "a.py") }
    let file = try ModelFile.read(Self.misfit, file: "a.py", keepsMisfits: true)
    #expect(file.description.layers.count == 5)
    var state = try BuildRig.state()
    _ = state.receive(
      .model(
        OpenedModel(
          model: file.description, data: nil, epochs: nil, batchSize: nil, path: "a.py",
          source: Self.misfit)))
    #expect(state.build.line == 3)
    #expect(state.message?.toast.text.contains("conv2d_1 does not fit yet") == true)
    // What is saved is the file as it is, mended.
    #expect(state.build.code(state).contains("layers.Conv2D(32, 3"))
    _ = BuildRig.type("\n", &state)
    #expect((try? Network(state.workpiece.model, inputShape: [8, 8, 1])) != nil)
    #expect(state.workpiece.model.layers.count == 5)
  }

  @Test(
    "Step without a run says why none can begin and which key mends it",
    arguments: SnapshotTests.sizes)
  func noRun(size: Size) throws {
    let model = try ModelFile.read(Self.misfit, file: "a.py", keepsMisfits: true).description
    var state = try BuildRig.state(model: model, size: size)
    _ = state.go(to: .step)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("No run can begin"))
    #expect(text.contains("mends the network on Build"))
    #expect(text.contains("backward") && text.contains("update"))
  }

  @Test("the first check that can be mended is the chosen one, and no title ends in a separator")
  func firstRemedy() throws {
    var state = try BuildRig.state()
    state.workpiece.preparation.standardizes = false
    state.focus[.build] = "checks"
    #expect(state.buildChecks.first?.fix != nil)
    for check in state.buildChecks.indices {
      if check > 0 { state.build.check = check }
      let title = try #require(state.frame().text.first { $0.contains("─ Checks ─") })
      #expect(!title.contains("·  ─"), "\(title)")
    }
    state.build.check = nil
    _ = BuildRig.type("\n", &state)
    #expect(state.message?.toast.kind == .good, "\(state.message?.toast.text ?? "nothing")")
  }

  @Test("the cost of a step is that of its examples, forward")
  func costOfStep() throws {
    let state = try BuildRig.state()
    let batch = state.workpiece.batchSize
    let adds = NumberFormat.integer((64 * 16 + 16 * 10) * batch)
    #expect(state.frame().text.contains { $0.contains("multiply-adds") && $0.contains(adds) })
  }
}
