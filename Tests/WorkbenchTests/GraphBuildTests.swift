import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("Build with a model that is no chain")
struct GraphBuildTests {
  /// Two ways from the input that meet again.
  private static func model(units: Int = 32) -> ModelDescription {
    func dense(_ units: Int, _ activation: String) -> Component {
      .known("Dense", [("units", .integer(units)), ("activation", .text(activation))])
    }
    var model = ModelDescription(
      name: "functional", inputShape: [64],
      layers: [
        dense(32, "relu"), dense(units, "tanh"), .known("Add"), dense(10, "softmax"),
      ],
      wiring: Wiring(
        inputs: [Wiring.Input(shape: [64])],
        calls: [
          Wiring.Call(layer: 0, inputs: [.input(0)]), Wiring.Call(layer: 1, inputs: [.input(0)]),
          Wiring.Call(layer: 2, inputs: [.call(0), .call(1)]),
          Wiring.Call(layer: 3, inputs: [.call(2)]),
        ], outputs: [.call(3)]))
    model.compilation = Compilation(
      optimizer: .known("Adam"), loss: .known("SparseCategoricalCrossentropy"))
    return model
  }

  private static func text(_ state: AppState) -> String {
    state.frame().text.joined(separator: "\n")
  }

  /// Opens a list and takes its line of that label.
  private static func choose(_ label: String, _ state: inout AppState) throws {
    guard case .menu(var menu) = state.overlay else {
      Issue.record("no list to choose \(label) from")
      return
    }
    let index = try #require(menu.items.firstIndex { $0.label == label }, "\(menu.items)")
    menu.selection = ListSelection(index: index)
    state.overlay = .menu(menu)
    _ = BuildRig.type("\n", &state)
  }

  @Test(
    "it says what each layer takes, draws boxes and lines and shows its code",
    arguments: [(120, 36), (100, 30), (80, 24), (60, 20)])
  func shown(_ width: Int, _ height: Int) throws {
    var state = try BuildRig.state(model: Self.model(), size: Size(width, height))
    #expect(Self.text(state).contains("dense_1"))
    #expect(Self.text(state).contains("← ") || Self.text(state).contains("with "))
    state.focus[.build] = "network"
    #expect(Self.text(state).contains("add"))
    #expect(Self.text(state).contains("╯") || Self.text(state).contains("┴"))
    if width == 120 { #expect(Self.text(state).contains("x = layers.Add()([dense, x])")) }
    #expect(state.build.code(state).contains("model = keras.Model(inputs, outputs)\n"))
  }

  @Test("layers of a graph are added, doubled, moved and deleted, and u takes all back")
  func edited() throws {
    var state = try BuildRig.state(model: Self.model())
    _ = BuildRig.type("a\n", &state)
    #expect(state.workpiece.model.layers.count == 5)
    _ = BuildRig.type("\n32\nK", &state)
    _ = BuildRig.type("d", &state)
    #expect(state.workpiece.model.layers.count == 6)
    #expect(
      state.workpiece.model.layers.filter { $0.arguments["units"] == .integer(32) }.count == 4)
    #expect((try? Network(state.workpiece.model)) != nil)
    _ = BuildRig.type("xx", &state)
    for _ in 0..<8 { _ = BuildRig.type("u", &state) }
    #expect(state.workpiece.model == Self.model())
    // A layer before a merge changes places with nothing: the reason is said.
    state.choose(line: 3)
    _ = BuildRig.type("K", &state)
    #expect(Self.text(state).contains("takes several arrays"))
  }

  @Test("deleting the merge of a branch leaves a row, which is a Sequential again")
  func unbranched() throws {
    var state = try BuildRig.state(model: Self.model())
    state.choose(line: 3)
    _ = BuildRig.type("x", &state)
    #expect(state.workpiece.model.isChain)
    #expect(state.message?.toast.text.contains("Sequential") == true)
    #expect(state.build.code(state).contains("keras.Sequential(["))
  }

  @Test("a row gets a branch and a skip connection, and says that it is a keras.Model then")
  func branched() throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("b\n", &state)
    try Self.choose("laid beside dense", &state)
    #expect(!state.workpiece.model.isChain)
    #expect(state.message?.toast.text.contains("keras.Model") == true)
    #expect((try? Network(state.workpiece.model)) != nil)
    let before = state.workpiece.model
    state.choose(line: 1)
    _ = BuildRig.type("S", &state)
    guard case .menu(let menu) = state.overlay else {
      Issue.record("no list")
      return
    }
    #expect(menu.items.contains { $0.detail.contains("gives") })
    _ = BuildRig.type("\n", &state)
    #expect(state.workpiece.model.layers.count > before.layers.count)
    #expect((try? Network(state.workpiece.model)) != nil)
    let code = state.build.code(state)
    _ = BuildRig.type("uu", &state)
    #expect(state.workpiece.model.isChain)
    _ = state.handle(.paste(code))
    #expect(!state.workpiece.model.isChain)
  }

  @Test("what would not fit is in the list with its reason, and choosing it changes nothing")
  func refused() throws {
    var state = try BuildRig.state(model: Self.model())
    state.choose(line: 4)
    _ = BuildRig.type("r", &state)
    guard case .menu(var list) = state.overlay else {
      Issue.record("no list")
      return
    }
    #expect(list.items.contains { $0.detail.hasPrefix("gives") })
    state.overlay = nil
    state.choose(line: 1)
    _ = BuildRig.type("r", &state)
    if case .menu(let other) = state.overlay { list = other }
    let bad = try #require(list.items.firstIndex { $0.detail.hasPrefix("× ") })
    #expect(list.items[bad].detail.contains("circle") || list.items[bad].detail.contains("gets"))
    list.selection = ListSelection(index: bad)
    state.overlay = .menu(list)
    _ = BuildRig.type("\n", &state)
    #expect(state.workpiece.model == Self.model())
    #expect(state.message?.toast.text.contains("not done") == true)
  }

  @Test("where nothing fits there is no list to choose from: the reasons are there to read")
  func nothingFits() throws {
    var state = try BuildRig.state()
    let model = state.workpiece.model
    _ = BuildRig.type("r", &state)
    guard case .reader(let reader) = state.overlay else {
      Issue.record("no reasons")
      return
    }
    #expect(reader.title.contains("Nothing to choose"))
    #expect(reader.lines.contains { $0.contains("×") })
    #expect(state.workpiece.model == model)
  }

  @Test("arrows follow the lines of the diagram, and a click chooses a box")
  func diagram() throws {
    var state = try BuildRig.state(model: Self.model(), size: Size(200, 60))
    state.focus[.build] = "network"
    state.choose(line: 0)
    var seen: Set<Int> = []
    for key in [Key.right, .down, .right, .right, .up] {
      _ = BuildRig.press([key], &state)
      seen.insert(state.build.line)
    }
    #expect(seen.count >= 3)
    let text = state.frame().text
    let y = try #require(text.firstIndex { $0.contains("─dense_1─") || $0.contains("[dense_1") })
    let row = Array(text[y])
    let x = try #require(row.indices.first { String(row[$0...].prefix(7)) == "dense_1" && $0 > 40 })
    state.choose(line: 0)
    let click = Mouse(.press, .left, at: Point(x, y))
    _ = state.handle(.mouse(click))
    #expect(state.workpiece.model.layerNames[state.build.line - 1] == "dense_1")
  }

  @Test("a class of the program is left alone, with the reason")
  func ownClass() throws {
    var model = Self.model()
    model.wiring?.weights = [WeightSpec("scale", [3], .zeros)]
    var state = try BuildRig.state(model: model)
    _ = BuildRig.type("b", &state)
    #expect(state.overlay == nil)
    #expect(state.message?.toast.text.contains("class of the program") == true)
  }

  @Test("every line and key of a graph that does not fit draws")
  func unfit() throws {
    for size in [Size(120, 36), Size(80, 24)] {
      var state = try BuildRig.state(model: Self.model(units: 31), size: size)
      for key in "jjjjjjkkkkkk" {
        _ = BuildRig.type(String(key), &state)
        #expect(!state.frame().text.isEmpty)
      }
      _ = BuildRig.press([.tab, .enter, .escape, .tab, .enter, .escape], &state)
      #expect(!state.frame().text.isEmpty)
    }
  }

  @Test(
    "a run of a graph shows its values and the largest weights in the boxes", arguments: [36, 24])
  func numbers(height: Int) throws {
    var state = try BuildRig.state(model: Self.model(), size: Size(120, height))
    let lab = Lab()
    lab.handle(.open(try state.workpiece.settings()))
    for _ in 0..<3 {
      state.receive(lab.snapshot())
      lab.handle(.look(state.interest))
    }
    state.receive(lab.snapshot())
    state.focus[.build] = "network"
    let text = Self.text(state)
    #expect(text.contains("example 0 of 1,797"))
    #expect(text.contains("step 0"))
    let area = try #require(state.panels.first { $0.id == "network" }?.area)
    let grid = state.frame()
    let marks = (area.y + 1..<area.bottom - 2).flatMap { y in
      (area.x..<area.right).compactMap { grid[Point($0, y)]?.scalar }
    }
    #expect(marks.count { $0 == "●" || $0 == "○" || $0 == "·" } > 12)
    #expect(state.bindings.first { $0.name == "next example" }?.whyNot(state) == nil)
  }
}
