import TerminalGraphics
import Testing
import Workbench

/// What holds of the words around every picture.
@Suite("Hints and titles of all scenes")
struct HintTests {
  /// The parts of the hint bar in order: a key, or words.
  private static func parts(_ grid: CellGrid) -> [(isKey: Bool, text: String)] {
    let y = grid.size.height - 1
    var parts: [(isKey: Bool, text: String)] = []
    for x in 0..<grid.size.width {
      guard let cell = grid[Point(x, y)], cell.scalar != " " else { continue }
      let isKey = cell.foreground == .accent
      let before = grid[Point(x - 1, y)]
      let goesOn = parts.last?.isKey == isKey && (x > 0 && before?.scalar != " " || !isKey)
      if goesOn {
        parts[parts.count - 1].text += String(cell.scalar)
      } else {
        parts.append((isKey, String(cell.scalar)))
      }
    }
    return parts
  }

  @Test("no key stands in the hint bar without its word", arguments: Scene.all)
  func words(_ scene: Scene) throws {
    var state = try scene.make()
    for size in SnapshotTests.sizes {
      _ = state.handle(.resize(size))
      guard state.field == nil else { continue }
      let parts = Self.parts(state.frame())
      var keys: [String] = []
      for part in parts {
        if part.isKey {
          keys.append(part.text)
        } else {
          // A pair of keys has one word: `J K move`.
          #expect(keys.count <= 2, "\(scene.name) \(size.width)×\(size.height): \(keys)")
          keys = []
        }
      }
      #expect(keys.isEmpty, "\(scene.name) \(size.width)×\(size.height): \(keys) at the end")
    }
  }

  @Test("where the bar says so, q quits, ? helps and : takes commands", arguments: Scene.all)
  func everywhere(_ scene: Scene) throws {
    let state = try scene.make()
    let bar = Self.parts(state.frame()).map(\.text)
    for (word, key) in [("quit", "q"), ("help", "?")] where bar.contains(word) {
      var then = state
      let effects = then.handle(.key(.character(Character(key)), []))
      if word == "quit" {
        #expect(effects.contains { if case .quit = $0 { true } else { false } }, "\(bar)")
      } else {
        #expect(then.overlay != nil, "\(bar)")
      }
    }
  }

  @Test("a run that trains is left from every screen", arguments: ScreenName.allCases)
  func leaving(_ screen: ScreenName) throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 200, screen: .train)
    pilot.press(" ")
    pilot.train(3)
    pilot.press(String(screen.digit))
    pilot.train(1)
    let effects = pilot.state.handle(.key(.character("q"), []))
    #expect(effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("no title of a panel is cut", arguments: Scene.build + Scene.step + Scene.learn)
  func titles(_ scene: Scene) throws {
    var state = try scene.make()
    for size in SnapshotTests.sizes {
      _ = state.handle(.resize(size))
      let grid = state.frame()
      for panel in state.panels where panel.area.width > 1 {
        let border = (panel.area.x..<panel.area.right).compactMap {
          grid[Point($0, panel.area.y)]?.scalar
        }
        #expect(
          !border.contains("…"),
          "\(scene.name) \(size.width)×\(size.height): \(panel.id)")
      }
    }
  }
}
