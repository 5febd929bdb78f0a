import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import TestSupport
import Testing
import Training
@testable import Workbench

@Suite("The Build screen")
struct BuildScreenTests {
  @Test("a network for digits is built by fifteen keys")
  func digitsNetwork() throws {
    var state = try BuildRig.state()
    BuildRig.begin(&state)
    _ = BuildRig.type("a\n\n64\na\n\n32\n", &state)
    #expect(
      state.workpiece.model
        == .perceptron(inputShape: [64], hidden: [64, 32], classes: 10))
    #expect(try Network(state.workpiece.model).parameterCount == 6570)
    #expect(!state.workpiece.isSaved)
    #expect(state.frame().text.joined().contains("6,570"))
  }

  @Test("u takes every edit back and U does it again")
  func undo() throws {
    var state = try BuildRig.state()
    let first = state.workpiece.model
    BuildRig.begin(&state)
    _ = BuildRig.type("a\n\n64\nddJKx", &state)
    let last = state.workpiece.model
    #expect(first != last)
    for _ in 0..<20 { _ = BuildRig.type("u", &state) }
    #expect(state.workpiece.model == first)
    for _ in 0..<20 { _ = BuildRig.type("U", &state) }
    #expect(state.workpiece.model == last)
  }

  @Test("every layer kind can be added, drawn, deleted", arguments: LayerCatalog.ofChains.indices)
  func everyKind(index: Int) throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("a", &state)
    guard case .menu(var menu) = state.overlay else {
      Issue.record("no menu")
      return
    }
    let kind = LayerCatalog.ofChains[index].kind
    menu.selection = ListSelection(index: menu.items.firstIndex { $0.label == kind } ?? -1)
    state.overlay = .menu(menu)
    _ = BuildRig.type("\n", &state)
    #expect(state.workpiece.model.layers[1].kind == kind)
    #expect(!state.frame().text.joined().isEmpty)
    _ = BuildRig.type("x", &state)
    #expect(state.workpiece.model.layers.count == 2)
  }

  @Test("training a network from Build opens its run")
  func run() throws {
    var state = try BuildRig.state()
    let lab = Lab()
    for effect in BuildRig.type("s", &state) {
      if case .lab(let request) = effect { lab.handle(request) }
    }
    #expect(state.screen == .step)
    #expect(lab.session?.network.parameterCount == 1210)
    state.receive(lab.snapshot())
    #expect(state.runIsCurrent)
  }

  @Test("weights of a run color the lines of the diagram")
  func weights() throws {
    var state = try BuildRig.state()
    let lab = Lab()
    lab.handle(.look(state.interest))
    lab.handle(.open(try state.workpiece.settings()))
    state.receive(lab.snapshot())
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("weights of step 0"))
    // A changed network has no weights yet.
    _ = BuildRig.type("d", &state)
    #expect(!state.frame().text.joined().contains("weights of step"))
  }

  @Test(
    "every template makes a network for its data or says why not", arguments: ["digits", "spiral"])
  func templates(data: String) throws {
    var state = try BuildRig.state(data)
    _ = BuildRig.type("T", &state)
    guard case .templates(let shown) = state.overlay else {
      Issue.record("no templates")
      return
    }
    #expect(shown.all.count >= 13)
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
      _ = BuildRig.press([.down], &state)
    }
    _ = BuildRig.press([.home, .down, .enter], &state)
    #expect(BuildRig.summary(state.workpiece.model).count == 4)
    #expect(BuildRig.type("t", &state).isEmpty == false)
  }

  @Test("the diagram: arrows go over layers and units, + and - change their number")
  func diagram() throws {
    var state = try BuildRig.state()
    state.focus[.build] = "network"
    _ = BuildRig.press([.right], &state)
    #expect(state.build.line == 2)
    _ = BuildRig.press([.left, .down, .down], &state)
    #expect(state.build.unit == 1)
    _ = BuildRig.type("+", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(20))
    _ = BuildRig.type("--", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(15))
    _ = BuildRig.press([.enter], &state)
    #expect(state.focusedPanel == "inspector")
  }

  @Test("a run of this network gives its values for one example, and ] shows the next one's")
  func values() throws {
    var state = try BuildRig.state()
    let lab = Lab()
    lab.handle(.open(try state.workpiece.settings()))
    state.receive(lab.snapshot())
    lab.handle(.look(state.interest))
    state.receive(lab.snapshot())
    lab.handle(.look(state.interest))
    state.receive(lab.snapshot())
    state.focus[.build] = "network"
    #expect(state.frame().text.joined().contains("example 0 of"))
    for effect in BuildRig.type("]", &state) {
      if case .lab(let request) = effect { lab.handle(request) }
    }
    state.receive(lab.snapshot())
    #expect(state.frame().text.joined().contains("example 1 of"))
    _ = BuildRig.press([.down], &state)
    #expect(state.frame().text.joined().contains("unit 0:"))
  }

  @Test("saving writes the code that opens as the same network")
  func saving() throws {
    var state = try BuildRig.state()
    _ = BuildRig.type("w", &state)
    let effects = BuildRig.type("2.py\n", &state)
    guard case .write(let path, let text, _) = try #require(effects.last) else {
      Issue.record("nothing written")
      return
    }
    #expect(path == "untitled.py2.py")
    let model = state.workpiece.model
    BuildRig.begin(&state)
    _ = state.handle(.paste(text))
    #expect(state.workpiece.model == model)
    _ = state.receive(.saved(path: path))
    #expect(state.workpiece.isSaved)
  }

  @Test("keys on Build are one thing each and have help")
  func bindings() throws {
    var state = try BuildRig.state()
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
        var state = try BuildRig.state(size: size, ability: ability)
        if isBroken { state.workpiece.model.layers = [] }
        for _ in 0..<7 {
          state.isZoomed = false
          #expect(state.frame().text.joined().contains("Layers"))
          state.isZoomed = true
          #expect(state.frame().text.count == size.height)
          _ = BuildRig.press([.tab], &state)
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
    for seed in 1...2 {
      var state = try BuildRig.state(seed % 2 == 0 ? "spiral" : "digits")
      let random = CounterRandom(seed: UInt64(seed), name: "keys", call: 0)
      for i in 0..<RandomWalk.moves(usually: 300) {
        let key = keys[Int(random.uniform(at: i) * Double(keys.count))]
        _ = state.handle(.key(key, []))
        if state.screen != .build { _ = state.go(to: .build) }
        if i % 12 == 0 { _ = state.frame() }
      }
    }
  }
}
