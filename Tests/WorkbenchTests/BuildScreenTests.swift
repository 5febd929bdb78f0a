import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("The Build screen")
struct BuildScreenTests {
  private static let digits = Result { try DatasetLibrary().load("digits") }

  /// The lab on Build, with a data set and a network for it.
  static func state(
    _ data: String = "digits", model: ModelDescription? = nil, size: Size = Size(120, 36),
    ability: Ability = .full
  ) throws -> AppState {
    let library = DatasetLibrary()
    let dataset = data == "digits" ? try digits.get() : try library.load(data)
    let standard = ModelDescription.perceptron(
      inputShape: dataset.exampleShape, hidden: [16], classes: dataset.task.classes?.count ?? 0)
    var state = AppState(
      size: size, ability: ability, library: library,
      workpiece: Workpiece(model: model ?? standard, dataset: dataset))
    _ = state.go(to: .build)
    return state
  }

  static func press(_ keys: [Key], _ state: inout AppState) -> [Effect] {
    keys.flatMap { state.handle(.key($0, [])) }
  }

  static func type(_ text: String, _ state: inout AppState) -> [Effect] {
    press(text.map { $0 == "\n" ? .enter : .character($0) }, &state)
  }

  /// Units and activations: `64 relu`.
  static func summary(_ model: ModelDescription) -> [String] {
    model.layers.map { "\($0.kind) \($0.arguments["units"]) \($0.arguments["activation"])" }
  }

  @Test("a network for digits is built by thirteen keys")
  func digitsNetwork() throws {
    var state = try Self.state()
    _ = Self.type("na\n\n64\na\n\n32\n", &state)
    #expect(
      state.workpiece.model
        == .perceptron(inputShape: [64], hidden: [64, 32], classes: 10))
    #expect(try Network(state.workpiece.model).parameterCount == 6570)
    #expect(!state.workpiece.isSaved)
    #expect(state.frame().text.joined().contains("6,570"))
  }

  @Test("u takes every edit back and U does it again")
  func undo() throws {
    var state = try Self.state()
    let first = state.workpiece.model
    _ = Self.type("na\n\n64\nddJKx", &state)
    let last = state.workpiece.model
    #expect(first != last)
    for _ in 0..<20 { _ = Self.type("u", &state) }
    #expect(state.workpiece.model == first)
    for _ in 0..<20 { _ = Self.type("U", &state) }
    #expect(state.workpiece.model == last)
  }

  @Test("every layer kind can be added, drawn, deleted", arguments: LayerCatalog.ofChains.indices)
  func everyKind(index: Int) throws {
    var state = try Self.state()
    _ = Self.type("a", &state)
    guard case .menu(var menu) = state.overlay else {
      Issue.record("no menu")
      return
    }
    menu.selection = ListSelection(index: index)
    state.overlay = .menu(menu)
    _ = Self.type("\n", &state)
    #expect(state.workpiece.model.layers[1].kind == LayerCatalog.ofChains[index].kind)
    #expect(!state.frame().text.joined().isEmpty)
    _ = Self.type("x", &state)
    #expect(state.workpiece.model.layers.count == 2)
  }

  @Test("a network without layers offers a way out, and Enter takes it")
  func wayOut() throws {
    var state = try Self.state()
    _ = Self.type("xx", &state)
    #expect(state.workpiece.model.layers.isEmpty)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("One way out"))
    #expect(text.contains("650"))
    // Training waits and says why.
    #expect(Self.type("t", &state).isEmpty)
    #expect(state.message?.toast.text.contains("has no layer") == true)
    state.focus[.build] = "ways"
    _ = Self.type("\n", &state)
    #expect(try Network(state.workpiece.model).parameterCount == 650)
  }

  @Test(
    "a convolution that does not fit says why with its numbers, and Enter takes a way out",
    .enabled(if: LayerCatalog.type(named: "Conv2D") != nil))
  func convolution() throws {
    var state = try Self.state()
    _ = Self.type("T", &state)
    _ = Self.press([.down, .down, .down, .enter, .down, .down], &state)
    _ = Self.type("a\n", &state)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("(2 − 3) / 1 + 1 = 0"))
    #expect(text.contains("2 × 2 comes in, the kernel is 3 × 3"))
    #expect(text.contains("waits"))
    #expect(text.contains("padding=\"same\""))
    #expect(text.contains("2,738"))
    _ = Self.type("\n", &state)
    #expect(try Network(state.workpiece.model).parameterCount == 2738)
    _ = Self.type("u", &state)
    #expect((try? Network(state.workpiece.model)) == nil)
  }

  @Test("two layers of one name: the refusal names it, and a way out keeps both")
  func names() throws {
    var state = try Self.state()
    var copy = state.workpiece.model
    copy.layers.insert(copy.layers[0], at: 0)
    for i in 0...1 { try copy.layers[i].arguments.set("name", .text("twin")) }
    state.workpiece.model = copy
    _ = Self.press([.down], &state)
    #expect(state.frame().text.joined().contains("is the name of two layers"))
    state.focus[.build] = "ways"
    _ = Self.type("\n", &state)
    #expect(state.workpiece.model.layers.count == 3)
    #expect((try? Network(state.workpiece.model)) != nil)
  }

  @Test("a loss that does not fit the data stops the run with its numbers; advice does not")
  func losses() throws {
    var state = try Self.state()
    let last = state.workpiece.model.layers.count - 1
    try state.workpiece.model.layers[last].arguments.set("units", .integer(9))
    #expect(Self.type("t", &state).isEmpty)
    #expect(state.message?.toast.text.contains("10 classes, 9 outputs") == true)
    try state.workpiece.model.layers[last].arguments.set("units", .integer(10))
    try state.workpiece.model.layers[0].arguments.set("activation", .text("softmax"))
    #expect(state.frame().text.joined().contains("softmax in the middle"))
    #expect(!Self.type("t", &state).isEmpty)
    #expect(state.screen == .train)
  }

  @Test("training a network from Build opens its run")
  func run() throws {
    var state = try Self.state()
    let lab = Lab()
    for effect in Self.type("s", &state) {
      if case .lab(let request) = effect { lab.handle(request) }
    }
    #expect(state.screen == .step)
    #expect(lab.session?.network.parameterCount == 1210)
    state.receive(lab.snapshot())
    #expect(state.runIsCurrent)
  }

  @Test("weights of a run color the lines of the diagram")
  func weights() throws {
    var state = try Self.state()
    let lab = Lab()
    lab.handle(.look(state.interest))
    lab.handle(.open(try state.workpiece.settings()))
    state.receive(lab.snapshot())
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("weights of step 0"))
    // A changed network has no weights yet.
    _ = Self.type("d", &state)
    #expect(!state.frame().text.joined().contains("weights of step"))
  }

  @Test("a line of Keras code typed at the prompt changes the network, and u takes it back")
  func typedCode() throws {
    var state = try Self.state()
    let before = state.workpiece.model
    _ = Self.type(":model.add(layers.Dense(5, activation='gelu'))\n", &state)
    #expect(state.workpiece.model.layers.last?.arguments["units"] == .integer(5))
    _ = Self.type(":Dropout(0.25)\n", &state)
    #expect(state.workpiece.model.layers.last?.kind == "Dropout")
    _ = Self.type(":model.pop()\n", &state)
    #expect(state.workpiece.model.layers.last?.kind == "Dense")
    _ = Self.type("uuu", &state)
    #expect(state.workpiece.model == before)
    _ = Self.type(":model.add(Desne(5))\n", &state)
    #expect(state.workpiece.model == before)
    #expect(state.frame().text.joined().contains("Desne"))
  }

  @Test("fields: steps, typed values, choices, refusals")
  func fields() throws {
    var state = try Self.state()
    state.focus[.build] = "inspector"
    _ = Self.press([.right], &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(20))
    _ = Self.press([.left, .left], &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    _ = Self.type("\n99999999\n", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    #expect(state.message?.toast.text.contains("a whole number from 1 to 65536") == true)
    _ = Self.press([.down, .right], &state)
    #expect(state.workpiece.model.layers[0].arguments["activation"] == .text("relu6"))
    _ = Self.press([.down, .character(" ")], &state)
    #expect(state.workpiece.model.layers[0].arguments["use_bias"] == .boolean(false))
  }

  @Test("c shows how the network is trained, and its fields change it")
  func compile() throws {
    var state = try Self.state()
    _ = Self.type("c", &state)
    _ = Self.press([.down, .right], &state)
    let optimizer = try #require(state.workpiece.model.compilation?.optimizer)
    #expect(optimizer.arguments["learning_rate"] == .number(0.002))
    _ = Self.press([.end, .up], &state)
    _ = Self.type("\n64\n", &state)
    #expect(state.workpiece.batchSize == 64)
    _ = Self.type("u", &state)
    #expect(state.workpiece.batchSize == 32)
  }

  @Test("impossible input shapes are refused and never trap")
  func inputShapes() throws {
    var state = try Self.state()
    _ = Self.press([.up], &state)
    for text in ["99999999999999999999", "0", "9999999,9999999", "1,2,3,4,5,6", ",", "8 8 1"] {
      _ = Self.type("\n" + text + "\n", &state)
      #expect(state.frame().text.count == 36)
    }
    #expect(state.workpiece.model.inputShape == [8, 8, 1])
  }

  @Test("pasted code becomes the network, and what is not code says why")
  func paste() throws {
    var state = try Self.state()
    _ = state.handle(.paste("model = Sequential([Input(shape=(64,)), layers.Dense(10)])"))
    #expect(Self.summary(state.workpiece.model) == ["Dense integer(10) none"])
    #expect(state.workpiece.model.compilation != nil)
    _ = state.handle(.paste("model = Desne(4)"))
    guard case .reader(let reader) = state.overlay else {
      Issue.record("no text")
      return
    }
    #expect(reader.lines.joined().contains("Desne"))
  }

  @Test("a pasted layer, or several lines of model.add, go to the end")
  func pasteFragment() throws {
    var state = try Self.state()
    let before = state.workpiece.model
    _ = state.handle(.paste("layers.Dropout(0.25),\nlayers.Dense(7)\n"))
    #expect(state.workpiece.model.layers.suffix(2).map(\.kind) == ["Dropout", "Dense"])
    _ = Self.type("u", &state)
    #expect(state.workpiece.model == before)
    _ = state.handle(.paste("model.add(layers.Dense(5))\nmodel.add(layers.Dense(6))"))
    #expect(
      state.workpiece.model.layers.suffix(2).map { $0.arguments["units"] } == [
        .integer(5), .integer(6),
      ])
  }

  @Test("E edits the code: typed text becomes the network, a mistake is marked and nothing is lost")
  func editor() throws {
    var state = try Self.state()
    let before = state.workpiece.model
    _ = Self.type("E", &state)
    #expect(state.frame().text.joined().contains("[ apply ]"))
    // Keys that act elsewhere type here.
    _ = Self.press([.end, .enter], &state)
    _ = Self.type("layers.Dense(5, activation=\"tanh\"),", &state)
    #expect(state.screen == .build)
    _ = state.handle(.key(.character("s"), .control))
    #expect(state.workpiece.model.layers.count == before.layers.count + 1)
    #expect(state.workpiece.model.layers[1].arguments["units"] == .integer(5))
    _ = Self.type("u", &state)
    #expect(state.workpiece.model == before)

    _ = Self.type("E", &state)
    _ = Self.press([.end, .enter], &state)
    _ = Self.type("layers.Desne(5),", &state)
    _ = state.handle(.key(.character("s"), .control))
    #expect(state.workpiece.model == before)
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("^~"))
    #expect(text.contains("Desne"))
    #expect(text.contains("line 4"))
    _ = Self.press([.escape], &state)
    #expect(state.frame().text.joined().contains("a changed text waits"))
    _ = Self.type("E", &state)
    #expect(state.frame().text.joined().contains("Desne"))
    _ = state.handle(.key(.character("r"), .control))
    #expect(!state.frame().text.joined().contains("Desne"))
    _ = Self.press([.escape], &state)
    #expect(state.workpiece.model == before)
  }

  @Test("the button below the code applies it, and a click on a line chooses its layer")
  func codeByMouse() throws {
    var state = try Self.state()
    _ = Self.type("E", &state)
    _ = Self.press(Array(repeating: .down, count: 30) + [.enter], &state)
    #expect(state.build.draft == nil)
    let text = state.frame().text
    let y = try #require(text.lastIndex { $0.contains("activation=\"softmax\"") })
    let click = Mouse(.press, .left, at: Point(80, y))
    _ = state.handle(.mouse(click))
    #expect(state.build.line == 2)
  }

  @Test(
    "every template makes a network for its data or says why not", arguments: ["digits", "spiral"])
  func templates(data: String) throws {
    var state = try Self.state(data)
    _ = Self.type("T", &state)
    guard case .templates(let shown) = state.overlay else {
      Issue.record("no templates")
      return
    }
    #expect(shown.all.count >= 8)
    for one in shown.all {
      if let model = one.model {
        #expect((try? Network(model, inputShape: state.workpiece.dataset.exampleShape)) != nil)
        #expect(one.parameters > 0)
      } else {
        #expect(one.reason?.contains(data) == true, "\(one.template.title): \(one.reason ?? "")")
      }
    }
    for _ in shown.all.indices {
      #expect(state.frame().text.joined().contains("fit \(data)"))
      _ = Self.press([.down], &state)
    }
    _ = Self.press([.home, .down, .enter], &state)
    #expect(Self.summary(state.workpiece.model).count == 3)
    #expect(Self.type("t", &state).isEmpty == false)
  }

  @Test("checks name what is wrong and Enter mends it")
  func remedies() throws {
    var state = try Self.state()
    try state.workpiece.model.layers[1].arguments.set("units", .integer(9))
    try state.workpiece.model.layers[0].arguments.set("activation", .text("softmax"))
    try state.workpiece.model.compilation?.optimizer.arguments.set("learning_rate", .number(3))
    state.focus[.build] = "checks"
    for _ in 0..<12 {
      guard let place = state.buildChecks.firstIndex(where: { $0.fix?.model != nil }) else { break }
      state.build.check = place
      _ = Self.type("\n", &state)
    }
    #expect(state.buildChecks.allSatisfy { $0.fix?.model == nil })
    #expect(state.workpiece.model.layers[1].arguments["units"] == .integer(10))
    #expect(state.workpiece.model.layers[0].arguments["activation"] == .text("relu"))
    let rate = state.workpiece.model.compilation?.optimizer.arguments["learning_rate"]
    #expect(rate == .number(0.001))
  }

  @Test("every remedy of every check makes a network that has one thing less to say")
  func everyRemedy() throws {
    var state = try Self.state()
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

  @Test(
    "all arguments of every layer can be seen, stepped and opened",
    arguments: LayerCatalog.all.indices)
  func everyArgument(index: Int) throws {
    let kind = LayerCatalog.all[index].kind
    guard let layer = Component.standard(kind) else {
      Issue.record("\(kind) cannot be made")
      return
    }
    var state = try Self.state()
    state.workpiece.model.layers.insert(layer, at: 0)
    state.choose(line: 1)
    state.build.showsAll = true
    state.focus[.build] = "inspector"
    let names = Set(state.inspectorFields.map(\.spec.name))
    for spec in LayerCatalog.all[index].arguments where spec.kind != .fixed {
      #expect(names.contains(spec.name), "\(kind) \(spec.name)")
    }
    for place in state.inspectorFields.indices {
      state.build.field = place
      _ = Self.press([.right, .left, .enter], &state)
      if case .menu(let menu) = state.overlay {
        #expect(menu.items.allSatisfy { !$0.label.isEmpty })
        let empty = menu.items.filter { $0.detail.isEmpty }.map(\.label)
        #expect(empty.isEmpty, "\(kind): no word on \(empty)")
      }
      _ = Self.press([.escape], &state)
      state.overlay = nil
      state.field = nil
    }
    #expect(state.frame().text.count == 36)
  }

  @Test("the strength of a regularizer is a field of its own, and None takes it away")
  func regularizers() throws {
    var state = try Self.state()
    state.build.showsAll = true
    state.focus[.build] = "inspector"
    let place = try #require(
      state.inspectorFields.firstIndex { $0.spec.name == "kernel_regularizer" })
    state.build.field = place
    _ = Self.press([.right], &state)
    #expect(state.workpiece.model.layers[0].arguments.component("kernel_regularizer") != nil)
    state.build.field = place + 1
    _ = Self.type("\n0.25\n", &state)
    let component = state.workpiece.model.layers[0].arguments.component("kernel_regularizer")
    #expect(component?.arguments.values.values.contains(.number(0.25)) == true)
    #expect(state.build.code(state).contains("0.25"))
    state.build.field = place
    _ = Self.press([.left], &state)
    #expect(state.workpiece.model.layers[0].arguments["kernel_regularizer"] == .none)
  }

  @Test("the diagram: arrows go over layers and units, + and - change their number")
  func diagram() throws {
    var state = try Self.state()
    state.focus[.build] = "network"
    _ = Self.press([.right], &state)
    #expect(state.build.line == 2)
    _ = Self.press([.left, .down, .down], &state)
    #expect(state.build.unit == 1)
    _ = Self.type("+", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(20))
    _ = Self.type("--", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    _ = Self.press([.enter], &state)
    #expect(state.focusedPanel == "inspector")
  }

  @Test("a run of this network gives its values for one example, and ] shows the next one's")
  func values() throws {
    var state = try Self.state()
    let lab = Lab()
    lab.handle(.open(try state.workpiece.settings()))
    state.receive(lab.snapshot())
    lab.handle(.look(state.interest))
    state.receive(lab.snapshot())
    lab.handle(.look(state.interest))
    state.receive(lab.snapshot())
    state.focus[.build] = "network"
    #expect(state.frame().text.joined().contains("example 1 of"))
    for effect in Self.type("]", &state) {
      if case .lab(let request) = effect { lab.handle(request) }
    }
    state.receive(lab.snapshot())
    #expect(state.frame().text.joined().contains("example 2 of"))
    _ = Self.press([.down], &state)
    #expect(state.frame().text.joined().contains("unit 1:"))
  }

  @Test("saving writes the code that opens as the same network")
  func saving() throws {
    var state = try Self.state()
    _ = Self.type("w", &state)
    let effects = Self.type("2.py\n", &state)
    guard case .write(let path, let text) = try #require(effects.last) else {
      Issue.record("nothing written")
      return
    }
    #expect(path == "untitled.py2.py")
    let model = state.workpiece.model
    _ = Self.type("n", &state)
    _ = state.handle(.paste(text))
    #expect(state.workpiece.model == model)
    _ = state.receive(.saved(path: path))
    #expect(state.workpiece.isSaved)
  }

  @Test("keys on Build are one thing each and have help")
  func bindings() throws {
    var state = try Self.state()
    for panel in ["layers", "inspector", "code", "network", "checks"] {
      state.focus[.build] = panel
      let keys = state.bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
      #expect(state.bindings.allSatisfy { !$0.help.isEmpty })
    }
  }

  static let sizes = [
    Size(60, 16), Size(79, 24), Size(80, 24), Size(100, 30), Size(120, 36), Size(200, 60),
  ]
  static let abilities = [
    Ability.full, Ability(depth: .indexed, glyphs: .full), Ability(depth: .none, glyphs: .full),
    Ability(depth: .ansi, glyphs: .ascii),
  ]

  @Test("every size and ability draws, with every panel focused or alone", arguments: sizes)
  func everySize(size: Size) throws {
    for ability in Self.abilities {
      for isBroken in [false, true] {
        var state = try Self.state(size: size, ability: ability)
        if isBroken { state.workpiece.model.layers = [] }
        for _ in 0..<7 {
          state.isZoomed = false
          #expect(state.frame().text.joined().contains("Layers"))
          state.isZoomed = true
          #expect(state.frame().text.count == size.height)
          _ = Self.press([.tab], &state)
        }
      }
    }
  }

  @Test("any keys in any order never trap")
  func anyKeys() throws {
    let keys: [Key] =
      "aAxdJKuUTcnwyjkbSmrgE+-[] 0129".map { .character($0) } + [
        .enter, .escape, .up, .down, .left, .right, .tab, .home, .end, .backspace,
      ]
    for seed in 1...4 {
      var state = try Self.state(seed % 2 == 0 ? "spiral" : "digits")
      let random = CounterRandom(seed: UInt64(seed), name: "keys", call: 0)
      for i in 0..<400 {
        let key = keys[Int(random.uniform(at: i) * Double(keys.count))]
        _ = state.handle(.key(key, []))
        if state.screen != .build { _ = state.go(to: .build) }
        if i % 8 == 0 { _ = state.frame() }
      }
    }
  }
}
