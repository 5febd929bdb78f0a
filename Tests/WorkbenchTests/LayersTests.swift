import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Pictures of layers and examples on Train")
struct LayersTests {
  private func focus(_ panel: String, _ pilot: inout LabPilot) {
    for _ in 0..<12 where pilot.state.focusedPanel != panel { pilot.press(.tab) }
    #expect(pilot.state.focusedPanel == panel)
  }

  @Test("v goes through all looks and V back; each names itself; the menu chooses by name")
  func looks() throws {
    var pilot = try LabPilot("spiral")
    pilot.press("..")
    let words = [
      "weights W", "gradient ∂L/∂W", "m that Adam keeps", "√v that Adam keeps", "update ΔW",
      "network", "activation over the plane",
    ]
    for word in words {
      pilot.press("v")
      #expect(pilot.text.contains("shows: \(word)"))
    }
    pilot.press("V")
    #expect(pilot.text.contains("shows: network"))
    pilot.press("L")
    pilot.press(.down)
    pilot.press(.home)
    pilot.press(.enter)
    #expect(pilot.text.contains("shows: activation over the plane"))
  }

  @Test("at 80×24 a unit shows the numbers of several probes, not one alone")
  func lowUnit() throws {
    var pilot = try LabPilot("digits", size: Size(80, 24))
    pilot.press("..")
    focus("layers", &pilot)
    pilot.press(.enter)
    let area = try #require(pilot.state.panels.first { $0.id == "layers" }).area
    func numbers() -> Int {
      let lines = pilot.state.frame().text[area.y + 2..<area.bottom - 2]
      return lines.joined().suffix(4 * area.width).matches(of: /-?\d+\.\d{3}\b/).count
    }
    #expect(numbers() >= 3)
    // Arrows go on to those that have no room.
    let before = pilot.text
    pilot.press(.end)
    pilot.press(.down)
    #expect(pilot.text != before && numbers() >= 2)
  }

  @Test("the chosen cell of a confusion keeps both brackets at 80×24")
  func brackets() throws {
    var pilot = try LabPilot("digits", size: Size(80, 24))
    pilot.press(")")
    focus("confusion", &pilot)
    for _ in 0..<12 {
      pilot.press(.up)
      pilot.press(.left)
    }
    for _ in 0..<9 {
      let area = try #require(pilot.state.panels.first { $0.id == "confusion" }).area
      let lines = pilot.state.frame().text[area.y..<area.bottom].map { line in
        String(line.dropFirst(area.x))
      }
      #expect(lines.contains { $0.contains(/\[ *[\d·]+\]/) }, "\(lines.joined(separator: "\n"))")
      pilot.press(.right)
    }
  }

  @Test(
    "Each look draws at every size and tier, open, as histogram and zoomed",
    arguments: ["digits", "spiral"])
  func sizes(data: String) throws {
    var pilot = try LabPilot(data)
    pilot.press("..")
    for _ in LayersLook.allCases {
      pilot.press("v")
      for size in [(60, 16), (80, 24), (100, 30), (120, 36)] {
        pilot.state.size = Size(size.0, size.1)
        focus("layers", &pilot)
        for key in ["h", "h", "z", "h", "h", "z"] {
          pilot.press(key)
          #expect(pilot.text.contains("Layers"))
        }
        pilot.press(.enter)
        #expect(pilot.state.train.layers.look == .network || pilot.text.contains("unit 0"))
        pilot.press(.escape)
      }
    }
    for tier in Ability.tiers {
      pilot.state = AppState(
        size: pilot.state.size, ability: tier, library: pilot.state.library,
        workpiece: pilot.state.workpiece)
      pilot.run(pilot.state.go(to: .train))
      pilot.press("h")
      #expect(tier.glyphs != .ascii || pilot.text.filter { $0 != "\n" }.allSatisfy(\.isASCII))
    }
  }

  @Test("x goes to the dead unit, which is counted in the settings and named")
  func deadUnit() throws {
    var pilot = try LabPilot("digits")
    pilot.press(".")
    pilot.run([.lab(.setWeight("dense/bias", at: 4, to: -10_000))])
    let health = try #require(pilot.state.lab.pictures?.health)
    let dead = health.flatMap(\.dead)
    #expect(health.first?.dead.contains(4) == true)
    #expect(pilot.text.contains("11 units: \(dead.count) dead · 0 saturated"))
    #expect(pilot.text.contains("x \(health.first?.dead.count ?? 0) dead"))
    for place in dead.indices {
      pilot.press("x")
      #expect(pilot.state.focusedPanel == "layers")
      #expect(pilot.state.train.layers.unit == dead[place])
      let words = "unit \(dead[place]) is dead"
      let told = try #require(pilot.state.message?.toast.text)
      #expect(told.contains(words) && told.contains(" unseen examples looked at"), "\(told)")
      #expect(told.contains("i: what that is, and what helps"))
    }
  }

  @Test("A number typed into a weight is in the network at once, and in what happened")
  func typing() throws {
    var pilot = try LabPilot("digits")
    pilot.press("..")
    pilot.press("v")
    focus("layers", &pilot)
    pilot.press(.right)
    pilot.press(.enter)
    pilot.press(.down)
    pilot.press(.enter)
    #expect(pilot.state.field?.label.hasPrefix("dense/kernel, now") == true)
    pilot.press("0.75")
    pilot.press(.enter)
    let session = try #require(pilot.lab.session)
    let kernel = try #require(session.weights.first?.tensor)
    // One row of a picture of 8 × 8 pixels below the first weight of unit 1.
    #expect(kernel[8, 1] == 0.75)
    #expect(pilot.state.lab.changes.last?.value == 0.75)
    pilot.press(.enter)
    pilot.press("x")
    pilot.press(.enter)
    #expect(session.weights.first?.tensor == kernel)
  }

  @Test("Enter on a cell of the confusion shows its examples; Enter on one puts it to the network")
  func gallery() throws {
    var pilot = try LabPilot("digits")
    pilot.press(")")
    focus("confusion", &pilot)
    pilot.press(.home)
    pilot.press("%")
    #expect(pilot.text.contains("percent of each row"))
    pilot.press(.enter)
    #expect(pilot.state.focusedPanel == "worst")
    #expect(pilot.text.contains("is 0, said 0"))
    let count = try #require(pilot.state.lab.pictures?.confusion?[0][0])
    #expect(pilot.text.contains("of \(count)"))
    pilot.press(.backspace)
    for order in ["best first", "mixed", "by class", "worst first"] {
      pilot.press("o")
      #expect(pilot.text.contains("Unseen, \(order)"))
    }
    let pictures = try #require(pilot.state.lab.pictures)
    let worst = try #require(pictures.judged.max { $0.loss < $1.loss })
    pilot.press(.enter)
    #expect(pilot.state.screen == .data)
    let said = try #require(pilot.state.lab.answer?.said)
    #expect(said == worst.saidClass)
  }

  @Test("Settings act on the run at hand; the optimizer that is other begins anew and it is said")
  func settings() throws {
    var pilot = try LabPilot("spiral")
    pilot.press("...")
    focus("settings", &pilot)
    let weights = try #require(pilot.lab.session?.weights.map(\.tensor))
    for _ in 0..<3 { pilot.press(.down) }
    pilot.press(.right)
    #expect(pilot.text.contains("L2 penalty"))
    let model = try #require(pilot.state.lab.settings?.model)
    #expect(model.layers[0].arguments.component("kernel_regularizer")?.kind == "L2")
    #expect(pilot.lab.session?.weights.map(\.tensor) == weights)
    #expect(pilot.state.lab.position == Position(step: 3))
    pilot.press(.down)
    pilot.press(.right)
    #expect(pilot.state.lab.settings?.data.name.contains("noise") == true)
    pilot.press(.up)
    pilot.press(.up)
    pilot.press(.up)
    pilot.press(.right)
    #expect(pilot.state.lab.settings?.model.compilation?.optimizer.kind == "AdamW")
    #expect(pilot.state.messages.log.last?.toast.text.contains("the optimizer begins anew") == true)
    pilot.press("..")
    #expect(pilot.state.lab.position == Position(step: 5))
    #expect(pilot.state.lab.history.count == 5)
  }

  @Test("A layer added on Build is taken into the run by K, and what was kept is said")
  func goingOn() throws {
    var pilot = try LabPilot("digits")
    pilot.press("..")
    let output = try #require(pilot.state.workpiece.model.layers.last)
    pilot.state.workpiece.model.layers.removeLast()
    pilot.state.workpiece.model.layers += [.known("Dense", [("units", .integer(7))]), output]
    pilot.press("K")
    #expect(pilot.state.lab.position == Position(step: 2) && pilot.state.runIsCurrent)
    #expect(pilot.state.message?.toast.text.hasPrefix("kept 2 of 4 layers") == true)
    pilot.press("K")
    #expect(pilot.state.message?.toast.text.contains("already") == true)
    pilot.press(",")
    #expect(pilot.state.lab.network?.layers.count == 3)
  }
}
