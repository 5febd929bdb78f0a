import TerminalGraphics

/// What this terminal and this computer can do for the lab: only what it knows of them.
enum TerminalPanel {
  struct Fact {
    let name: String
    let value: String
    /// What would be better and how to get it; nil where nothing is missing.
    var better: String?
    /// Whether it may well be there, only that nobody knows yet.
    var isUnknown = false
  }

  static func facts(_ state: AppState) -> [Fact] {
    [colors(state), characters(state), mouse(state), size(state)]
      + (state.home.contents.processors.map { [processor($0)] } ?? [])
  }

  private static func colors(_ state: AppState) -> Fact {
    let how = "set COLORTERM=truecolor, or backstep --color 24bit, if the terminal can"
    return switch state.ability.depth {
    case .direct: Fact(name: "colors", value: "24-bit")
    case .indexed: Fact(name: "colors", value: "256", better: "24-bit is finer: " + how)
    case .bright: Fact(name: "colors", value: "16", better: "256 or 24-bit show numbers: " + how)
    case .ansi: Fact(name: "colors", value: "8", better: "256 or 24-bit show numbers: " + how)
    case .none:
      Fact(
        name: "colors", value: "none: by signs",
        better: "colors show numbers at a glance: unset NO_COLOR, or backstep --color 256")
    }
  }

  private static func characters(_ state: AppState) -> Fact {
    switch state.ability.glyphs {
    case .full: Fact(name: "characters", value: "braille, half blocks")
    case .blocks:
      Fact(
        name: "characters", value: "blocks, no braille",
        better: "braille draws finer curves: a font that has it, and backstep --glyphs full")
    case .ascii:
      Fact(
        name: "characters", value: "ASCII only",
        better: "lines and curves need UTF-8: LANG=C.UTF-8, or backstep --glyphs full")
    }
  }

  /// Whether a terminal reports its mouse shows only when it does.
  private static func mouse(_ state: AppState) -> Fact {
    state.home.hasPointed
      ? Fact(name: "mouse", value: "on")
      : Fact(
        name: "mouse", value: "not heard of yet",
        better: "click anywhere to try it; all can be done by keys too", isUnknown: true)
  }

  private static func size(_ state: AppState) -> Fact {
    let value = "\(state.size.width) × \(state.size.height)"
    let isRoomy = state.size.width >= 100 && state.size.height >= 30
    return Fact(
      name: "size", value: value + (isRoomy ? "" : ", compact"),
      better: isRoomy
        ? nil : "from 100 × 30 all panels show at once; until then Tab and z reach them")
  }

  private static func processor(_ cores: Int) -> Fact {
    switch cores {
    case ..<2:
      Fact(
        name: "processor", value: "1 core",
        better: "with two, one learns while the other draws; one does both in turn")
    case 2: Fact(name: "processor", value: "2: 1 learns, 1 draws")
    default: Fact(name: "processor", value: "\(cores): \(cores - 1) learn, 1 draws")
    }
  }

  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let inside = grid.box(
      area, title: "This terminal", detail: .hint("i", "what it means"), isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    let facts = facts(state)
    let top = inside.y + (inside.height > facts.count ? 1 : 0)
    for (row, fact) in facts.enumerated() where top + row < inside.bottom {
      let line = Rect(inside.x, top + row, inside.width, 1)
      let mark: StyledText =
        fact.better == nil
        ? .good("ok") : fact.isUnknown ? .secondary("click") : .warning("▲ ") + .hint("i", "how")
      grid.write(.secondary(fact.name), at: line.origin)
      grid.write(
        .text(fact.value), at: Point(line.x + 12, line.y), width: max(0, line.width - 21))
      grid.writeTrailing(mark, in: line)
    }
    let rest = inside.trimmed(top: top - inside.y + facts.count + 1)
    var y = rest.y
    for fact in facts {
      guard let better = fact.better, y < rest.bottom else { continue }
      let text: StyledText = .warning("▲ ") + .secondary(fact.name + ": " + better)
      y += grid.writeWrapped(text, in: Rect(rest.x, y, rest.width, rest.bottom - y))
    }
  }

  static func explained(_ state: AppState) -> Reader {
    let facts = facts(state)
    var lines = facts.map { fact in
      pad(fact.name) + fact.value + (fact.better == nil ? "   ok" : "   could be better")
    }
    let missing = facts.filter { $0.better != nil }
    if !missing.isEmpty { lines += ["", "What would be better"] }
    lines += missing.map { pad($0.name) + ($0.better ?? "") }
    lines += [
      "", "What it means",
      pad("colors") + "24-bit and 256 show numbers as blue and orange cells;",
      pad("") + "with fewer, characters carry the sign: +, -, shades.",
      pad("characters") + "braille draws curves at eight dots a cell; ASCII does without.",
      pad("mouse") + "a click chooses, the wheel scrolls; Shift and drag select text.",
      pad("size") + "from 100 × 30 all panels show; below that Tab and z reach them.", "",
      "backstep --color 24bit|256|16|never and --glyphs full|blocks|ascii choose by hand.",
    ]
    return Reader("This terminal", lines)
  }

  private static func pad(_ text: String) -> String {
    text + String(repeating: " ", count: max(0, 12 - text.count))
  }
}
