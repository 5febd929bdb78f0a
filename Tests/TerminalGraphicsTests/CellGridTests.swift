import Testing

import TerminalGraphics

@Suite("Cell grid")
struct CellGridTests {
  private func grid(_ width: Int, _ height: Int, _ glyphs: Ability.Glyphs = .full) -> CellGrid {
    CellGrid(size: Size(width, height), ability: Ability(depth: .direct, glyphs: glyphs))
  }

  @Test("nothing is drawn outside the clip")
  func clipping() {
    var grid = grid(8, 3)
    grid.clipped(to: Rect(2, 1, 3, 1)) { grid in
      grid.write("abcdefgh", at: Point(0, 1))
      grid.write("above", at: Point(0, 0))
      grid.fill(Rect(-5, -5, 100, 6), background: .bar)
      grid.box(Rect(0, 0, 8, 3), title: "no")
    }
    #expect(grid.text == ["", "  cde", ""])
    #expect(grid.clip == grid.bounds)
  }

  @Test("any rectangle is taken without a crash", arguments: [-3, -1, 0, 1, 2, 3, 50])
  func anyRectangle(size: Int) {
    var grid = grid(6, 4)
    for x in [-60, -2, 0, 5, 7] {
      let area = Rect(x, x, size, size)
      grid.box(
        area, title: "Title", detail: "detail", note: "note", isFocused: true,
        scroll: ScrollPosition(first: 3, shown: 2, total: 9))
      grid.rule("title", in: area)
      grid.writeTrailing("right", in: area)
      grid.writeWrapped("some words to wrap", in: area)
      Toast("gone").draw(in: area, on: &grid)
    }
    #expect(grid.text.count == 4)
  }

  @Test("a message leaves no rest of a word beside it, nor of a text in a border")
  func toastBesideText() {
    var grid = grid(40, 4)
    grid.box(Rect(0, 0, 40, 4), title: "Title", note: "1–5 of 400 in all")
    grid.write("several words of a sentence so long", at: Point(1, 2), width: 38)
    Toast("it is done now").draw(in: Rect(0, 0, 40, 4), on: &grid)
    Toast("so").draw(in: Rect(0, 0, 40, 3), on: &grid)
    let last = grid.text[3].split(separator: "now").map { $0.filter { !"─╰╯◆ ".contains($0) } }
    #expect(last == ["itisdone", ""], "\(grid.text[3])")
    let words = Set("several words of a sentence so long".split(separator: " "))
    let left = grid.text[2].split { " │◆".contains($0) }
    #expect(left.allSatisfy { words.contains($0) || $0 == "so" }, "\(grid.text[2])")
  }

  @Test("a text is cut to its width and aligned in it")
  func widths() {
    var grid = grid(10, 4)
    #expect(grid.write("abcdefghijkl", at: Point(0, 0), width: 5) == 5)
    grid.write("ab", at: Point(0, 1), width: 5, alignment: .trailing)
    grid.write("abc", at: Point(0, 2), width: 7, alignment: .center)
    grid.write("漢字漢", at: Point(0, 3), width: 4)
    #expect(grid.text == ["abcd…", "   ab", "  abc", "漢…"])
  }

  @Test("a wide character takes two cells, and half of one is never left")
  func wideCharacters() {
    var grid = grid(6, 1)
    grid.write("a漢b", at: Point(0, 0))
    #expect(grid.text == ["a漢b"])
    grid.put("x", at: Point(2, 0))
    #expect(grid.text == ["a xb"])
    grid.write("漢", at: Point(0, 0))
    grid.put("y", at: Point(0, 0))
    #expect(grid.text == ["y xb"])
    grid.write("漢", at: Point(5, 0))
    #expect(grid.text == ["y xb"])
  }

  @Test("control characters are never drawn")
  func controls() {
    var grid = grid(12, 1)
    grid.write("a\u{1B}[1m\tb\u{0}\r\n\u{7}", at: Point(0, 0))
    #expect(grid.text == ["a?[1m b? ?"])
    #expect(
      grid.cells.allSatisfy { $0.scalar.value >= 0x20 && !(0x7F..<0xA0 ~= $0.scalar.value) })
  }

  @Test(
    "columns of characters",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("∂L/∂W", 5), ("⣿", 1),
      ("┃━╭", 3), ("😀", 2), ("hᵀ", 2), ("x₁", 2), ("한", 2),
    ])
  func columns(text: String, width: Int) {
    #expect(TextWidth.columns(text) == width)
    var grid = grid(10, 1)
    #expect(grid.write(StyledText(text), at: Point(0, 0)) == width)
  }

  @Test("a box has its title left, its detail right, its note below")
  func box() {
    var grid = grid(30, 3)
    let inner = grid.box(
      grid.bounds, title: "Loss", detail: "log y", note: "1–2 of 9 ↓", isFocused: true)
    #expect(inner == Rect(1, 1, 28, 1))
    #expect(
      grid.text == [
        "╭─ Loss ───────────── log y ─╮", "│                            │",
        "╰─────────────── 1–2 of 9 ↓ ─╯",
      ])
    #expect(grid[Point(3, 0)]?.attributes == .bold)
    #expect(grid[Point(3, 0)]?.foreground == .accent)
  }

  @Test("a scroll bar's thumb reaches both ends, and no further")
  func scrollThumb() {
    for total in 5...40 {
      let last = total - 4
      let top = ScrollPosition(first: 0, shown: 4, total: total).thumb(in: 6)
      let bottom = ScrollPosition(first: last, shown: 4, total: total).thumb(in: 6)
      #expect(top.start == 0)
      #expect(bottom.start + bottom.length == 6)
      #expect(top.length >= 1)
    }
    #expect(ScrollPosition(first: 14, shown: 15, total: 30).note.plain == "15–29 of 30 ↑↓")
    #expect(ScrollPosition(first: 0, shown: 15, total: 15).note.isEmpty)
  }

  @Test("writing keeps the background that is there")
  func backgrounds() {
    var grid = grid(4, 1)
    grid.fill(grid.bounds, background: .bar)
    grid.write("ab", at: Point(1, 0), ink: .accent, attributes: .bold)
    #expect(
      grid.inks == ["0 0+1 plain on bar", "0 1+2 accent on bar bold", "0 3+1 plain on bar"])
  }

  @Test("splits fill the whole, whatever the extents")
  func splits() {
    let area = Rect(3, 4, 50, 20)
    let columns = area.columns(.cells(10), .share(1), .share(2), gap: 1)
    #expect(columns.map(\.width) == [10, 12, 26])
    #expect(columns.last?.right == area.right)
    let rows = area.rows(.share(1), .share(1), .share(1))
    #expect(rows.map(\.height).reduce(0, +) == 20)
    #expect(area.rows(.cells(15), .cells(15), .share(1)).map(\.height) == [15, 5, 0])
    let parts = Rect(0, 0, 0, 0).columns(.share(0), .cells(-2), gap: 3)
    #expect(parts.map(\.width) == [0, 0])
  }

  @Test("text wraps at spaces, keeps its inks, and cuts what is too long")
  func wrapping() {
    let text = StyledText("one two ", .text) + .accent("three") + " four\n  in"
    #expect(text.wrapped(to: 9).map(\.plain) == ["one two", "three", "four", "  in"])
    #expect(text.wrapped(to: 13).map(\.plain) == ["one two three", "four", "  in"])
    #expect(text.wrapped(to: 13)[0].runs.last?.ink == .accent)
    #expect(StyledText("abcdefgh").wrapped(to: 3).map(\.plain) == ["abc", "def", "gh"])
    #expect(StyledText("").wrapped(to: 3).map(\.plain) == [""])
    #expect(StyledText("漢字").wrapped(to: 1).map(\.plain) == ["漢", "字"])
  }
}

@Suite("Stand-ins for characters")
struct GlyphFoldTests {
  @Test("an ASCII grid holds nothing but ASCII")
  func onlyASCII() {
    var grid = CellGrid(size: Size(60, 6), ability: Ability(depth: .none, glyphs: .ascii))
    let inner = grid.box(grid.bounds, title: "∂L/∂W = hᵀ · ∂L/∂z", detail: "3 × 4")
    grid.write("│ σ(x) ≈0.5 → ● ▶ … 漢 ⣿ √x ± ε", at: inner.origin)
    #expect(grid.cells.allSatisfy { $0.scalar.value < 0x7F && $0.scalar != Cell.continuation })
    #expect(grid.text[0].hasPrefix("+- dL/dW = h^T . dL/dz ---"))
    #expect(grid.text[1].hasPrefix("|| std(x) ~0.5 > * > ... ?  * sqrt x +- eps"))
  }

  @Test(
    "single stand-ins",
    arguments: zip("∂·│×≈╭━⣿→", ["d", ".", "|", "x", "~", "+", "=", "*", ">"]))
  func single(character: Character, expected: String) throws {
    let scalar = try #require(character.unicodeScalars.first)
    #expect(String(GlyphFold.fold(scalar, to: .ascii)) == expected)
  }

  @Test(
    "signs of formulas are written out where a terminal lacks them",
    arguments: [
      ("(y − t)²", "(y − t)^2"), ("∂L/∂b = Σ over rows", "∂L/∂b = sum over rows"),
      ("σ 0.17", "std 0.17"), ("±0.408", "+-0.408"), ("√(v + ε)", "sqrt(v + eps)"),
      ("w ← w − α m", "w <- w − alpha m"), ("e⁻ˣ, 1 − βᵗ", "e^-x, 1 − beta^t"),
      ("update ≈", "update ~="), ("≈171 rows", "≈171 rows"), ("0 … 1", "0 ... 1"),
    ])
  func spelled(text: String, expected: String) {
    #expect(Spelling.text(text, for: .ascii) == expected)
    #expect(Spelling.text(text, for: .full) == text)
    #expect(Spelling.text("hᵀ" + text, for: .blocks) == "h^T" + text)
  }

  @Test("no letter and no digit stands in for a sign of a formula")
  func letters() {
    for scalar in "²³ᵀ√Σσ±εαβγδθλμρ∞≤≥≠Δπ".unicodeScalars {
      #expect(GlyphFold.fold(scalar, to: .ascii) == "?", "\(scalar)")
      #expect(Spelling.text(String(scalar), for: .ascii).allSatisfy { $0.isASCII }, "\(scalar)")
    }
  }

  @Test("what is done and what is left of a progress bar differ in ASCII")
  func progress() {
    var grid = CellGrid(size: Size(4, 1), ability: Ability(depth: .none, glyphs: .ascii))
    ProgressBar(0.5).draw(in: grid.bounds, on: &grid)
    #expect(grid.text == ["==--"])
  }

  @Test("the Linux console gets no braille, no thin blocks and no round corners")
  func console() {
    for scalar: Unicode.Scalar in ["⣿", "▂", "╭", "○", "━"] {
      #expect(GlyphFold.fold(scalar, to: .blocks) != scalar)
    }
    #expect(GlyphFold.fold("█", to: .blocks) == "█")
  }

  @Test("marks stand over their letters, in cells of their own width")
  func marks() {
    var grid = CellGrid(size: Size(12, 1))
    let columns = grid.write("m\u{302} = q\u{303}\u{304}x", at: Point(0, 0), ink: .text)
    #expect(columns == 6 && TextWidth.columns("m\u{302} = q\u{303}\u{304}x") == 6)
    #expect(grid.text == ["m\u{302} = q\u{303}\u{304}x"])
    #expect(grid.cells[0].marks.scalars == ["\u{302}"] && grid.cells[4].marks.scalars.count == 2)
    #expect(grid.cells[1].marks.isEmpty && grid.cells[5].scalar == "x")
    grid.write("n", at: Point(0, 0), ink: .text)
    #expect(grid.cells[0].marks.isEmpty)
  }

  @Test("where nothing can stand over a letter its sign takes the blank behind it")
  func marksFold() {
    for glyphs in [Ability.Glyphs.ascii, .blocks] {
      var grid = CellGrid(size: Size(12, 1), ability: Ability(depth: .none, glyphs: glyphs))
      #expect(grid.write("m\u{302} = m\u{302}/2", at: Point(0, 0), ink: .text) == 7)
      #expect(grid.text == ["m^= m/2"])
    }
  }

  @Test(
    "a row has changed from the first to the last cell that differs, with a wide character whole")
  func changes() {
    let size = Size(12, 2)
    let before = CellGrid(size: size)
    var now = before
    #expect(now.columns(ofRow: 0, changedSince: before).isEmpty)
    now.put("a", at: Point(3, 0), ink: .text)
    now.put("b", at: Point(7, 0), ink: .text)
    #expect(now.columns(ofRow: 0, changedSince: before) == 3..<8)
    #expect(now.columns(ofRow: 1, changedSince: before).isEmpty)
    now.write("網", at: Point(5, 1))
    #expect(now.columns(ofRow: 1, changedSince: before) == 0..<12)
    #expect(before.columns(ofRow: 1, changedSince: now) == 0..<12)
  }
}
