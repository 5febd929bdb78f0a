import Datasets
import TerminalGraphics
import Training

/// Where one may begin.
enum BeginPanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let inside = grid.box(area, title: "Start something", isFocused: isFocused)
      .inset(columns: 2, rows: 0)
    let last = "\(state.workpiece.dataset.name) · \(state.workpiece.model.summary)"
    let isNarrow = inside.width < 56
    var items: [(String, String, String)] = [
      ("n", "new network", "how many layers, then Build"),
      (
        "d", "choose data",
        isNarrow ? "moons, digits, … or a CSV" : "moons, spirals, digits, … your own CSV"
      ),
      ("t", "train the last", last),
      (
        "s", "step through it",
        isNarrow ? "one step, line by line" : "one training step, line by line"
      ),
    ]
    if inside.height > items.count + 4 {
      items.insert(("o", "open Keras code", "a .py model file"), at: 2)
      items += [
        ("?", "keys", "of where you are"),
        (":", "commands", isNarrow ? "everything by name" : "everything there is, by name"),
      ]
    }
    let spacing = inside.height > 2 * items.count + 1 ? 2 : 1
    let top = spacing - 1
    for (row, item) in items.prefix(inside.height).enumerated() {
      let y = inside.y + top + row * spacing
      grid.write(.accent(item.0) + .text(" " + item.1), at: Point(inside.x, y))
      grid.write(.secondary(item.2), at: Point(inside.x + 19, y), width: inside.width - 19)
    }
    if inside.height > spacing * items.count + 1 {
      grid.write(
        .secondary("Tip: ") + .accent("z")
          + .secondary(" zooms a panel, ") + .accent("Tab")
          + .secondary(" goes round."),
        at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
  }
}

/// What this terminal can show: only what the lab knows of it.
enum TerminalPanel {
  private static func facts(_ state: AppState) -> [(String, String, isFull: Bool)] {
    let colors =
      switch state.ability.depth {
      case .direct: "24-bit"
      case .indexed: "256"
      case .bright: "16"
      case .ansi: "8"
      case .none: "none: signs and marks instead"
      }
    let characters =
      switch state.ability.glyphs {
      case .full: "braille, half blocks"
      case .blocks: "lines and blocks, no braille"
      case .ascii: "ASCII only"
      }
    let isRoomy = state.size.width >= 100 && state.size.height >= 30
    var facts = [
      ("colors", colors, state.ability.depth == .direct || state.ability.depth == .indexed),
      ("characters", characters, state.ability.glyphs == .full),
      (
        "size", "\(state.size.width) × \(state.size.height)" + (isRoomy ? "" : ", compact"),
        isRoomy
      ),
    ]
    if let cores = state.home.contents.processors {
      facts.append(("processor", Self.processor(cores), cores > 1))
    }
    return facts
  }

  private static func processor(_ cores: Int) -> String {
    switch cores {
    case ..<2: "1 core, which learns and draws"
    case 2: "1 core learns, 1 draws"
    default: "\(cores - 1) cores learn, 1 draws"
    }
  }

  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let inside = grid.box(
      area, title: "This terminal", detail: .hint("Enter", "what it means"), isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    let facts = facts(state)
    let top = inside.y + (inside.height > facts.count ? 1 : 0)
    for (row, fact) in facts.enumerated() where top + row < inside.bottom {
      let y = top + row
      grid.write(.secondary(fact.0), at: Point(inside.x, y))
      grid.write(.text(fact.1), at: Point(inside.x + 12, y), width: max(0, inside.width - 17))
      grid.writeTrailing(
        fact.isFull ? .good("ok") : .secondary("less"),
        in: Rect(inside.x, y, inside.width, 1))
    }
  }

  static func explained(_ state: AppState) -> Reader {
    var lines = facts(state).map { name, value, isFull in
      name.padding(12) + value + (isFull ? "" : "  (less than the lab can use)")
    }
    lines += [
      "", "colors      24-bit and 256 show numbers as blue and orange cells;",
      "            with fewer, characters carry the sign: +, -, shades.",
      "characters  braille draws curves at eight dots a cell; ASCII does without.",
      "size        from 100 × 30 all panels show; below that Tab and z reach them.", "",
      "backstep --color 24bit|256|16|never and --glyphs full|blocks|ascii choose by hand.",
    ]
    return Reader("This terminal", lines)
  }
}

extension String {
  /// The text with blanks behind, to `width` characters.
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
