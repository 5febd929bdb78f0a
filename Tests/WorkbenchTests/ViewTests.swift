import Autodiff
import Datasets
import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

/// A network on data, with the view of one of its layers.
struct ViewCase: CustomTestStringConvertible, Sendable {
  let name: String
  let data: String
  let layer: String
  let kind: CloseUp
  let layers: String
  var loss = "sparse_categorical_crossentropy"

  var testDescription: String { name }

  /// The lab on Train, a few steps trained, with the view open.
  func pilot(size: Size = Size(120, 36), ability: Ability = .full) throws -> LabPilot {
    var pilot = try LabPilot(
      data == "digits" || data == "sunspots" ? data : data + ":examples=40", size: size,
      ability: ability, screen: .build)
    let code = """
      import keras
      from keras import layers
      inputs = keras.Input(shape=\(pilot.state.workpiece.dataset.exampleShape.tuple))
      x = inputs
      \(layers)
      model = keras.Model(inputs, x)
      model.compile(optimizer="adam", loss="\(loss)")
      """
    pilot.state.workpiece.model = try ModelFile.read(code, file: "view.py").description
    pilot.press("4")
    pilot.press(".")
    open(&pilot)
    return pilot
  }

  /// Opens the view by the keys that one would press.
  func open(_ pilot: inout LabPilot) {
    if layer.isEmpty {
      pilot.press(kind == .walk ? "W" : "O")
      return
    }
    let scene = LayerScene(pilot.state)
    pilot.state.train.layers.layer = scene.layers.firstIndex { $0.name == layer } ?? 0
    pilot.press("I")
  }

  static let all = [
    ViewCase(
      name: "convolution", data: "digits", layer: "conv", kind: .kernel,
      layers: """
        x = layers.Reshape((8, 8, 1))(x)
        x = layers.Conv2D(6, 3, padding="same", activation="relu", name="conv")(x)
        x = layers.MaxPooling2D(2, name="pool")(x)
        x = layers.Dense(10, activation="softmax")(layers.Flatten()(x))
        """),
    ViewCase(
      name: "strides and dilation", data: "tones", layer: "deep", kind: .kernel,
      layers: """
        x = layers.Conv2D(4, 3, strides=2, activation="relu")(x)
        x = layers.DepthwiseConv2D(2, dilation_rate=2, name="deep")(x)
        x = layers.Dense(4, activation="softmax")(layers.Flatten()(x))
        """),
    ViewCase(
      name: "pooling", data: "tones", layer: "pool", kind: .kernel,
      layers: """
        x = layers.Conv2D(3, 3)(x)
        x = layers.AveragePooling2D(2, name="pool")(x)
        x = layers.Dense(4, activation="softmax")(layers.Flatten()(x))
        """),
    ViewCase(
      name: "transposed", data: "phantom-scans", layer: "up", kind: .kernel,
      layers: """
        x = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2DTranspose(2, 3, strides=2, padding="same", name="up")(x)
        x = layers.Softmax()(x)
        """),
    ViewCase(
      name: "sequence", data: "splice", layer: "motif", kind: .kernel,
      layers: """
        x = layers.Embedding(5, 6, name="bases")(x)
        x = layers.Conv1D(5, 7, activation="relu", name="motif")(x)
        x = layers.Dense(3, activation="softmax")(layers.GlobalMaxPooling1D()(x))
        """),
    ViewCase(
      name: "attention", data: "sort-letters", layer: "look", kind: .attention,
      layers: """
        x = layers.Embedding(27, 12, name="letters")(x)
        x = layers.MultiHeadAttention(3, 4, name="look")(x, x, use_causal_mask=True)
        x = layers.Dense(12, activation="softmax")(x)
        """),
    ViewCase(
      name: "one head", data: "number-words", layer: "look", kind: .attention,
      layers: """
        x = layers.Embedding(40, 8, name="letters")(x)
        x = layers.Attention(name="look")([x, x])
        x = layers.Dense(11, activation="softmax")(layers.Reshape((4, 12))(x))
        """),
    ViewCase(
      name: "gates", data: "recall", layer: "memory", kind: .gates,
      layers: """
        x = layers.Embedding(40, 4, name="bases")(x)
        x = layers.LSTM(5, name="memory")(x)
        x = layers.Dense(10, activation="softmax")(x)
        """),
    ViewCase(
      name: "both directions", data: "recall", layer: "both", kind: .gates,
      layers: """
        x = layers.Embedding(40, 4, name="bases")(x)
        x = layers.Bidirectional(layers.GRU(3), name="both")(x)
        x = layers.Dense(10, activation="softmax")(x)
        """),
    ViewCase(
      name: "no gates", data: "sunspots", layer: "memory", kind: .gates,
      layers: """
        x = layers.SimpleRNN(4, name="memory")(x)
        x = layers.Dense(1)(x)
        """, loss: "mse"),
    ViewCase(
      name: "words", data: "stories", layer: "letters", kind: .embedding,
      layers: """
        x = layers.Embedding(59, 6, name="letters")(x)
        x = layers.Dense(59, activation="softmax")(x)
        """),
    ViewCase(
      name: "masks", data: "phantom-scans", layer: "", kind: .outputs,
      layers: """
        x = layers.Conv2D(2, 3, padding="same", activation="softmax")(x)
        """),
    ViewCase(
      name: "next letters", data: "stories", layer: "", kind: .outputs,
      layers: """
        x = layers.Embedding(59, 6)(x)
        x = layers.Dense(59, activation="softmax")(x)
        """),
    ViewCase(
      name: "layer by layer", data: "digits", layer: "", kind: .walk,
      layers: """
        x = layers.Reshape((8, 8, 1))(x)
        x = layers.Conv2D(6, 3, activation="relu", name="conv")(x)
        x = layers.MaxPooling2D(2, name="pool")(x)
        x = layers.Dropout(0.2)(layers.Flatten()(x))
        x = layers.Dense(10, activation="softmax")(x)
        """),
    ViewCase(
      name: "layer by layer through a sequence", data: "stories", layer: "", kind: .walk,
      layers: """
        x = layers.Embedding(59, 6)(x)
        x = layers.LSTM(5, return_sequences=True)(x)
        x = layers.Dense(59, activation="softmax")(x)
        """),
    ViewCase(
      name: "layer by layer through large pictures", data: "phantom-scans", layer: "", kind: .walk,
      layers: """
        x = layers.Conv2D(20, 3, strides=2, padding="same", activation="relu")(x)
        x = layers.Conv2DTranspose(2, 3, strides=2, padding="same")(x)
        x = layers.Softmax()(x)
        """),
    ViewCase(
      name: "layer by layer to a number", data: "sunspots", layer: "", kind: .walk,
      layers: """
        x = layers.LSTM(4)(x)
        x = layers.Dense(1)(x)
        """, loss: "mse"),
  ]
}

extension ViewCase {
  /// What the snapshots show of each view.
  static var scenes: [Scene] {
    let shown = ["convolution", "attention", "gates", "masks", "layer by layer"]
    return all.filter { shown.contains($0.name) }.map { example in
      Scene("view-" + example.name.replacing(" ", with: "-")) { try example.pilot().state }
    }
  }
}

@Suite("Views of layers")
struct ViewTests {
  private static let sizes = [Size(120, 36), Size(80, 24), Size(60, 16)]

  @Test("a view is drawn at every size in every tier, with its title", arguments: ViewCase.all)
  func drawn(_ example: ViewCase) throws {
    var pilot = try example.pilot()
    #expect(pilot.state.openCloseUp?.interest.kind == example.kind)
    let view = ViewCatalog.view(example.kind)
    let picture = try #require(pilot.state.lab.closeUp)
    #expect(view.extent(picture) != nil)
    for ability in Ability.tiers {
      pilot.state.ability = ability
      for size in Self.sizes {
        pilot.run(pilot.state.handle(.resize(size)))
        let grid = pilot.state.frame()
        #expect(grid.text.joined().contains(view.title(picture)))
        // The title, a line of words and the legend at least.
        let filled = grid.text.filter { $0.contains { !" │|".contains($0) } }
        #expect(filled.count > 6, "\(size.width) × \(size.height)")
      }
    }
  }

  @Test("a view has room for nothing and draws no cell outside", arguments: ViewCase.all)
  func tiny(_ example: ViewCase) throws {
    let pilot = try example.pilot()
    let open = try #require(pilot.state.openCloseUp)
    let picture = try #require(pilot.state.lab.closeUp)
    for ability in Ability.tiers {
      for size in [Size(20, 5), Size(8, 3), Size(3, 2), Size(1, 1), Size(0, 0), Size(50, 2)] {
        var grid = CellGrid(size: Size(70, 20), ability: ability)
        let area = Rect(4, 3, size.width, size.height)
        grid.clipped(to: area) { grid in
          ViewCatalog.view(open.interest.kind).draw(
            CloseUpLook(
              state: pilot.state, picture: picture, interest: open.interest, area: area),
            on: &grid)
        }
      }
    }
  }

  @Test("every key that a view shows does something", arguments: ViewCase.all)
  func keys(_ example: ViewCase) throws {
    var pilot = try example.pilot()
    let open = try #require(pilot.state.openCloseUp)
    let view = ViewCatalog.view(example.kind)
    let extent = try #require(pilot.state.lab.closeUp.flatMap { view.extent($0) })
    for keys in [[Key.right, .left], [.down, .up]] {
      let before = pilot.state.frame()
      pilot.press(keys[0])
      // The outermost word has none beyond it.
      if example.kind == .embedding, pilot.state.frame() == before { pilot.press(keys[1]) }
      let isFree = keys[0] == .right ? extent.columns > 1 : extent.rows > 1
      if example.kind == .embedding || isFree { #expect(pilot.state.frame() != before) }
    }
    if extent.parts > 1, !view.part.isEmpty {
      pilot.press(.pageDown)
      #expect(pilot.state.openCloseUp?.interest.part == 1)
    }
    if extent.channels > 1 {
      pilot.press("}")
      #expect(pilot.state.openCloseUp?.interest.channel == 1)
    }
    if example.kind != .embedding {
      let before = pilot.state.openCloseUp?.interest.example
      pilot.press("]")
      #expect(pilot.state.openCloseUp?.interest.example != before)
      pilot.press("[")
      #expect(pilot.state.openCloseUp?.interest.example == before)
    }
    pilot.press(.home)
    pilot.press(.end)
    pilot.press(.escape)
    #expect(pilot.state.openCloseUp == nil)
    #expect(pilot.state.focusedPanel == "layers")
    #expect(open.screen == .train)
  }

  @Test("a view goes on while the run trains, and leaves with its run")
  func training() throws {
    let example = try #require(ViewCase.all.first)
    var pilot = try example.pilot()
    let before = pilot.state.lab.closeUp
    pilot.press(" ")
    pilot.train(5)
    #expect(pilot.state.lab.closeUp != before)
    #expect(pilot.state.lab.pictures == nil)
  }

  @Test("a kernel begins at its map's largest number, and stays there while the run goes on")
  func largest() throws {
    let example = try #require(ViewCase.all.first { $0.kind == .kernel })
    var pilot = try example.pilot()
    guard case .kernel(let kernel)? = pilot.state.lab.closeUp else {
      Issue.record("no kernel")
      return
    }
    let shown = try #require(kernel.number(kernel.row, kernel.column, map: kernel.map))
    #expect(abs(shown) == kernel.map(kernel.map).map { abs($0) }.max())
    pilot.press(" ")
    pilot.train(5)
    guard case .kernel(let later)? = pilot.state.lab.closeUp else { return }
    #expect((later.row, later.column) == (kernel.row, kernel.column))
  }

  @Test("each row of attention adds up to 1, and has the tokens of its example beside it")
  func attention() throws {
    for name in ["attention", "one head"] {
      let example = try #require(ViewCase.all.first { $0.name == name })
      var pilot = try example.pilot()
      pilot.press("]")
      guard case .attention(let attention)? = pilot.state.lab.closeUp else {
        Issue.record("no attention")
        return
      }
      for row in 0..<attention.headCount * attention.rows {
        let sum = (0..<attention.columns).reduce(Float(0)) {
          $0 + attention.weights.scalars[row * attention.columns + $1]
        }
        #expect(abs(sum - 1) < 1e-5)
      }
      let data = try #require(pilot.state.lab.settings?.data)
      let row = try #require(pilot.state.openCloseUp?.interest.example)
      let tokens = (data.validation ?? data.training).inputs.rows([row]).scalars
      #expect(attention.lookers == tokens && attention.lookedAt == tokens)
      // Nothing is looked at that comes later.
      if name == "attention" { #expect(attention.weight(1, 0, 1) == 0) }
      let words = try #require(pilot.state.workpiece.dataset.vocabulary)
      #expect(pilot.text.contains("head 0: \(words[Int(tokens[0])]) at 0 looks at"))
    }
  }

  @Test("backwards the tokens come in from the end")
  func directions() throws {
    let example = try #require(ViewCase.all.first { $0.name == "both directions" })
    var pilot = try example.pilot()
    guard case .gates(let forwards)? = pilot.state.lab.closeUp else { return }
    pilot.press(.pageDown)
    guard case .gates(let backwards)? = pilot.state.lab.closeUp else { return }
    #expect(forwards.directions.count == 2)
    #expect(backwards.recurrent.layer.contains("backward"))
    #expect(backwards.tokens == forwards.tokens?.reversed())
    let first = forwards.recurrent.row(.x)?.numbers.first
    #expect(backwards.recurrent.row(.x)?.numbers.last == first)
  }

  @Test("another run without the layer closes its view")
  func otherRun() throws {
    let example = try #require(ViewCase.all.first)
    var pilot = try example.pilot()
    pilot.state.workpiece.model = .perceptron(inputShape: [64], hidden: [5], classes: 10)
    pilot.run(pilot.state.openRun())
    let snapshot = pilot.lab.snapshot()
    pilot.state.lab.runNumber = -1
    pilot.run(pilot.state.receive(.run(snapshot)))
    #expect(pilot.state.closeUp == nil)
    #expect(pilot.state.lab.pictures != nil)
  }

  @Test("of a layer without a view the nearest one that has any is opened; else it says why")
  func nearest() throws {
    let example = try #require(ViewCase.all.first)
    var pilot = try example.pilot()
    pilot.press(.escape)
    let layers = LayerScene(pilot.state).layers
    pilot.state.train.layers.layer = layers.count - 1
    pilot.press("I")
    let open = try #require(pilot.state.openCloseUp)
    let offers = CloseUpKeys.offers(pilot.state.lab.network)
    #expect(offers.contains { $0.layer == open.interest.layer })
    let text = try #require(pilot.state.message?.toast.text)
    #expect(text.contains("a Dense, has no view of its own: this is \(open.interest.layer)"))
    pilot.press(.escape)
    pilot.press("O")
    #expect(pilot.state.message?.toast.text.contains("as many places") == true)
    let scene = try LabPilot("spiral")
    #expect(CloseUpKeys.whyNotInside(scene.state)?.contains("there are some for") == true)
  }

  @Test("v goes through all views of a network; L names also those it has not")
  func turning() throws {
    let example = try #require(ViewCase.all.first)
    var pilot = try example.pilot()
    var seen: [String] = []
    for _ in 0..<2 {
      seen.append(pilot.state.openCloseUp?.interest.layer ?? "")
      pilot.press("v")
    }
    #expect(seen == ["conv", "pool"])
    #expect(pilot.state.openCloseUp?.interest.kind == .walk)
    pilot.press("v")
    #expect(pilot.state.openCloseUp?.interest.layer == "conv")
    pilot.press("L")
    #expect(pilot.text.contains("not here: it takes an attention layer"))
  }

  @Test("on Step a view shows the numbers of the step at hand, for the layer of the line")
  func stepping() throws {
    let example = try #require(ViewCase.all.first)
    var pilot = try example.pilot()
    pilot.press(.escape)
    pilot.press("s")
    pilot.press("f...")
    while pilot.state.lab.moment.flatMap({ moment in
      moment.instruction.flatMap { moment.plan.instructions[$0].layer }
    }) != "conv" {
      pilot.press(".")
      guard pilot.state.lab.moment?.instruction ?? 99 < 40 else { break }
    }
    pilot.press("I")
    #expect(pilot.state.openCloseUp?.screen == .step)
    guard case .kernel(let kernel)? = pilot.state.lab.closeUp else {
      Issue.record("no view: \(String(describing: pilot.state.lab.closeUp))")
      return
    }
    #expect(kernel.layer == "conv")
    #expect(pilot.text.contains("of this batch"))
    // One line on: the view stays, its numbers are those of the moment.
    pilot.press(".")
    #expect(pilot.state.openCloseUp != nil)
    pilot.press(.escape)
    #expect(pilot.state.openCloseUp == nil && pilot.state.screen == .step)
  }
}
