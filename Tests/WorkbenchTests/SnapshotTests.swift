import Foundation
import Tensors
import TerminalGraphics
import Testing
import Workbench

/// How each scene looks at each size with each tier, as it was when it was last looked at.
///
/// A file in `Snapshots` holds a scene: the text at four sizes with all characters, at two in ASCII,
/// and for each size and tier a hash of every cell. When a screen is changed on purpose, look at
/// it, then write them anew: `BACKSTEP_RECORD=1 swift test --filter SnapshotTests`.
@Suite("Snapshots")
struct SnapshotTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots")

  private static let isRecording = ProcessInfo.processInfo.environment["BACKSTEP_RECORD"] == "1"

  /// Both layouts at their smallest and usual sizes, and a large window.
  static let sizes = [
    Size(120, 36), Size(100, 30), Size(80, 24), Size(60, 16), Size(200, 60),
  ]

  /// Each depth of color with all characters, and each set of characters in full color and in none.
  static let tiers =
    Ability.Depth.allCases.map { Ability(depth: $0, glyphs: .full) }
    + [Ability.Depth.direct, .none].flatMap { depth in
      [Ability.Glyphs.blocks, .ascii].map { Ability(depth: depth, glyphs: $0) }
    }

  @Test("each screen looks as it did, at every size and tier", arguments: Scene.all)
  func unchanged(_ scene: Scene) throws {
    let found = Self.record(of: try scene.make())
    let file = Self.folder.appending(path: scene.name + ".txt")
    if Self.isRecording {
      try found.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    guard found != kept else { return }
    let pairs = zip(kept.split(separator: "\n"), found.split(separator: "\n"))
    let differing = pairs.filter { $0 != $1 }.prefix(6)
    let shown = differing.map { "was  \($0)\nnow  \($1)" }.joined(separator: "\n")
    Issue.record(
      """
      \(scene.name) looks otherwise. If that is meant, look at it and write it anew \
      (BACKSTEP_RECORD=1).
      \(shown)
      """)
  }

  private static func record(of state: AppState) -> String {
    var state = state
    var lines: [String] = []
    for size in sizes {
      _ = state.handle(.resize(size))
      for ability in tiers {
        state.ability = ability
        let grid = state.frame()
        let title = "\(size.width)×\(size.height) \(ability.depth) \(ability.glyphs)"
        lines.append("== \(title)  \(digest(grid))")
        if isText(size, ability) { lines += grid.text }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func isText(_ size: Size, _ ability: Ability) -> Bool {
    switch ability {
    case .full: size.width <= 120
    case Ability(depth: .none, glyphs: .ascii): [80, 120].contains(size.width)
    default: false
    }
  }

  /// Characters, colors in both themes, and attributes of every cell.
  private static func digest(_ grid: CellGrid) -> String {
    var digest = Digest()
    for cell in grid.cells {
      digest.add(UInt64(cell.scalar.value))
      for theme in [Theme.dark, .light] {
        let look = theme.appearance(of: cell, depth: grid.ability.depth)
        digest.add(UInt64(bitPattern: Int64(look.foreground ?? -1)))
        digest.add(UInt64(bitPattern: Int64(look.background ?? -1)))
        digest.add(UInt64(look.attributes.rawValue))
      }
    }
    return digest.description
  }
}

extension AppState {
  /// Whether something lies over the panels.
  fileprivate var isCovered: Bool { overlay != nil || tour != nil || message != nil }
}

/// What holds of every picture, whatever it shows.
@Suite("Pictures of all scenes")
struct PictureTests {
  @Test("frames are closed: every corner and line of a box goes on", arguments: Scene.all)
  func closedFrames(_ scene: Scene) throws {
    var state = try scene.make()
    for size in SnapshotTests.sizes {
      _ = state.handle(.resize(size))
      let grid = state.frame()
      for panel in state.panels where panel.area.width > 1 && !state.isCovered {
        let area = panel.area
        let corners = [
          (area.x, area.y, "╭"), (area.right - 1, area.y, "╮"), (area.x, area.bottom - 1, "╰"),
          (area.right - 1, area.bottom - 1, "╯"),
        ]
        for (x, y, corner) in corners {
          guard let cell = grid[Point(x, y)] else { continue }
          #expect(
            String(cell.scalar) == corner,
            "\(scene.name) \(size.width)×\(size.height): \(panel.id) at \(x), \(y)")
        }
      }
    }
  }

  @Test("ASCII means ASCII", arguments: Scene.all)
  func ascii(_ scene: Scene) throws {
    var state = try scene.make()
    state.ability = Ability(depth: .none, glyphs: .ascii)
    for size in SnapshotTests.sizes {
      _ = state.handle(.resize(size))
      let strange = state.frame().cells.first { $0.scalar.value > 126 }
      #expect(strange == nil, "\(scene.name): \(strange.map { String($0.scalar) } ?? "")")
    }
  }

  @Test("signs are written out in ASCII and stay within their panels", arguments: Scene.all)
  func spelled(_ scene: Scene) throws {
    var state = try scene.make()
    for size in SnapshotTests.sizes {
      _ = state.handle(.resize(size))
      state.ability = .full
      let full = state.frame()
      state.ability = Ability(depth: .none, glyphs: .ascii)
      let grid = state.frame()
      let place = "\(scene.name) \(size.width)×\(size.height)"
      // A sign that nothing stands for is drawn as a question mark.
      func asked(_ grid: CellGrid) -> Int { grid.cells.count { $0.scalar == "?" } }
      #expect(asked(grid) <= asked(full), "\(place)\n\(grid.text.filter { $0.contains("?") })")
      for panel in state.panels where panel.area.width > 1 && !state.isCovered {
        for y in panel.area.y..<panel.area.bottom {
          let point = Point(panel.area.right - 1, y)
          guard full[point]?.scalar == "│", let cell = grid[point] else { continue }
          #expect("|#".unicodeScalars.contains(cell.scalar), "\(place): \(grid.text[y])")
        }
      }
    }
  }

  @Test("no two bindings in scope share a key, and each has a help text", arguments: Scene.all)
  func bindings(_ scene: Scene) throws {
    let state = try scene.make()
    var seen: [KeyStroke: String] = [:]
    for binding in state.bindings {
      #expect(!binding.help.isEmpty, "\(binding.name) has no help")
      for key in binding.keys {
        #expect(seen[key] == nil, "\(key.label): \(binding.name) and \(seen[key] ?? "")")
        seen[key] = binding.name
      }
    }
  }
}
