/// A frame: the cells of a screen, drawn into through a clip and then presented by a `Terminal`.
///
/// Nothing drawn outside the clip has any effect; no call fails. Where the terminal lacks
/// characters, the grid draws their stand-ins, so its text is what the user sees.
package struct CellGrid: Equatable, Sendable {
  package let size: Size
  package let ability: Ability
  /// Row after row, `size.width * size.height` of them.
  package private(set) var cells: [Cell]
  /// What pictures said instead of being drawn, in the order in which they came.
  package private(set) var spoken: [Spoken] = []
  /// Where drawing has an effect.
  package private(set) var clip: Rect
  /// What a click on each cell does, as a place in `spots`; 0 for nothing.
  private var spotOfCell: [UInt16]
  private var spots: [HotSpot?] = [nil]
  /// Where the hardware cursor belongs: at what is typed, else on what is chosen; nil for nowhere.
  package private(set) var cursor: Point?
  private var isTyping = false
  /// Where something chosen counts for the cursor: the focused panel; nil for anywhere.
  package var cursorArea: Rect?

  package init(size: Size, ability: Ability = .full) {
    self.size = size
    self.ability = ability
    cells = Array(repeating: .blank, count: size.width * size.height)
    spotOfCell = Array(repeating: 0, count: size.width * size.height)
    clip = Rect(0, 0, size.width, size.height)
  }

  package var bounds: Rect { Rect(0, 0, size.width, size.height) }

  /// The cell at a point, or nil outside the grid.
  package subscript(_ point: Point) -> Cell? {
    bounds.contains(point) ? cells[point.y * size.width + point.x] : nil
  }

  /// The columns between which a row is not as in another grid of the same size; none where it is. A
  /// row with wide characters is taken whole: half of one cannot be drawn.
  package func columns(ofRow y: Int, changedSince other: CellGrid) -> Range<Int> {
    let row = y * size.width..<(y + 1) * size.width
    guard let first = row.first(where: { cells[$0] != other.cells[$0] }),
      let last = row.last(where: { cells[$0] != other.cells[$0] })
    else { return 0..<0 }
    let isWide = row.contains {
      cells[$0].scalar == Cell.continuation || other.cells[$0].scalar == Cell.continuation
    }
    return isWide ? 0..<size.width : first - row.lowerBound..<last + 1 - row.lowerBound
  }

  /// Lets a picture be said where it would be drawn, when frames are read.
  /// - Returns: whether that is so; then there is nothing to draw.
  package mutating func says(
    _ words: @autoclosure () -> [String], numbers: @autoclosure () -> [String] = [], in area: Rect
  ) -> Bool {
    guard ability.isSpoken else { return false }
    if clip.contains(area.origin) {
      spoken.append(Spoken(area: area, lines: words(), numbers: numbers()))
    }
    return true
  }

  /// Draws with the clip narrowed to `area`.
  package mutating func clipped<Result>(
    to area: Rect, _ draw: (inout CellGrid) throws -> Result
  ) rethrows -> Result {
    let outer = clip
    clip = clip.intersection(area)
    defer { clip = outer }
    return try draw(&self)
  }

  /// Changes every cell of `area` in place: dimming under an overlay, a highlight.
  package mutating func restyle(_ area: Rect, _ change: (inout Cell) -> Void) {
    let visible = area.intersection(clip)
    for y in visible.y..<visible.bottom {
      for x in visible.x..<visible.right { change(&cells[y * size.width + x]) }
    }
  }

  /// Blanks `area`, with a background.
  package mutating func fill(_ area: Rect, background: Ink = .plain) {
    spoken.removeAll { area.contains($0.area.origin) }
    restyle(area) { $0 = Cell(background: background) }
    set(spot: 0, in: area)
    if background == .selection { point(at: area) }
  }

  /// Gives `area` a background and leaves its characters: the chosen row of a list.
  package mutating func highlight(_ area: Rect, background: Ink = .selection) {
    restyle(area) { $0.background = background }
    if background == .selection { point(at: area) }
  }

  /// Dims `area`, as under an overlay: words go faint, pictures nearer to the background.
  package mutating func dim(_ area: Rect) {
    spoken.removeAll { area.contains($0.area.origin) }
    restyle(area) {
      let isPicture = $0.foreground.dimmed != nil
      $0.foreground = $0.foreground.dimmed ?? .faint
      $0.background = $0.background.dimmed ?? .plain
      $0.attributes = isPicture ? [] : .dim
    }
    set(spot: 0, in: area)
  }
}

/// What a click on a place does.
package enum HotSpot: Hashable, Sendable {
  /// Presses a key.
  case key(KeyStroke)
  /// Chooses an entry of a list over the screen.
  case entry(Int)
  /// Nothing: but it is not outside either.
  case inside
}

extension CellGrid {
  /// What a click on a cell does: what was drawn there last says so.
  package func spot(at point: Point) -> HotSpot? {
    bounds.contains(point) ? spots[Int(spotOfCell[point.y * size.width + point.x])] : nil
  }

  /// Says what a click in an area does, after it is drawn: an entry is one in all its cells,
  /// `inside` leaves what a cell does already.
  package mutating func mark(_ area: Rect, _ spot: HotSpot) {
    let place = self.place(of: spot)
    let visible = area.intersection(clip)
    for y in visible.y..<visible.bottom {
      for x in visible.x..<visible.right {
        let index = y * size.width + x
        if spot == .inside, spotOfCell[index] != 0 { continue }
        spotOfCell[index] = place
      }
    }
  }

  private mutating func place(of spot: HotSpot) -> UInt16 {
    if let known = spots.lastIndex(of: spot) { return UInt16(known) }
    guard spots.count < Int(UInt16.max) else { return 0 }
    spots.append(spot)
    return UInt16(spots.count - 1)
  }

  private mutating func set(spot: UInt16, in area: Rect) {
    let visible = area.intersection(clip)
    for y in visible.y..<visible.bottom {
      for x in visible.x..<visible.right { spotOfCell[y * size.width + x] = spot }
    }
  }

  /// The cursor goes to what is chosen, unless something is typed.
  package mutating func point(at area: Rect) {
    let visible = area.intersection(clip)
    guard !visible.isEmpty, !isTyping, cursorArea?.contains(visible.origin) ?? true else { return }
    cursor = visible.origin
  }

  /// The cursor goes to where one types; the first such place counts.
  private mutating func type(at point: Point) {
    guard clip.contains(point), !isTyping else { return }
    cursor = point
    isTyping = true
  }

  /// What is drawn from here on lies over the rest and has the cursor.
  package mutating func forgetCursor() {
    cursor = nil
    cursorArea = nil
    isTyping = false
  }
}

extension CellGrid {
  /// Draws one character; a nil background leaves the one that is there.
  package mutating func put(
    _ scalar: Unicode.Scalar, at point: Point, ink: Ink = .text, background: Ink? = nil,
    attributes: Attributes = [], marks: CombiningMarks = .none
  ) {
    var drawn = scalar
    var width = TextWidth.columns(scalar)
    if width == 0 {
      drawn = "?"
      width = 1
    }
    guard clip.contains(point), width == 1 || clip.contains(Point(point.x + 1, point.y)) else {
      return
    }
    drawn = GlyphFold.fold(drawn, to: ability.glyphs)
    unjoin(point)
    let index = point.y * size.width + point.x
    let cell = Cell(
      drawn, foreground: ink, background: background ?? cells[index].background,
      attributes: attributes, marks: ability.glyphs == .full ? marks : .none)
    cells[index] = cell
    spotOfCell[index] = 0
    if width == 2 {
      spotOfCell[index + 1] = 0
      unjoin(Point(point.x + 1, point.y))
      cells[index + 1] = cell
      cells[index + 1].marks = .none
      // A stand-in takes one column: the other is blank.
      cells[index + 1].scalar = TextWidth.columns(drawn) == 2 ? Cell.continuation : " "
    }
  }

  /// Blanks the other half of a wide character that is about to lose one.
  private mutating func unjoin(_ point: Point) {
    let index = point.y * size.width + point.x
    if cells[index].scalar == Cell.continuation, point.x > 0 {
      (cells[index - 1].scalar, cells[index - 1].marks) = (" ", .none)
    }
    if point.x + 1 < size.width, cells[index + 1].scalar == Cell.continuation {
      cells[index + 1].scalar = " "
    }
  }

  /// Where a text stands in the width it is given.
  package enum Alignment: Hashable, Sendable {
    case leading, center, trailing
  }

  /// Draws a text from `point` and returns the columns it took. With a width it is cut with `…` to
  /// that, and aligned in it; a nil background leaves the one that is there.
  @discardableResult
  package mutating func write(
    _ text: StyledText, at point: Point, width: Int? = nil, alignment: Alignment = .leading,
    background: Ink? = nil
  ) -> Int {
    let text = text.spelled(for: ability.glyphs)
    let shown = width.map { text.truncated(to: $0) } ?? text
    var x = point.x
    if let width, alignment != .leading {
      let free = max(0, width - shown.width)
      x += alignment == .trailing ? free : free / 2
    }
    let start = x
    for run in shown.runs {
      let start = x
      let text = ability.glyphs == .full ? run.text : run.withoutMarks
      if TextWidth.isPlain(text) {
        for scalar in text.unicodeScalars {
          write(scalar, of: run, at: Point(x, point.y), background: background)
          x += 1
        }
      } else {
        for character in text {
          let scalar = TextWidth.shown(character)
          write(
            scalar, of: run, at: Point(x, point.y), background: background,
            marks: CombiningMarks(of: character))
          x += TextWidth.columns(scalar)
        }
      }
      if let key = run.key {
        set(spot: place(of: .key(key)), in: Rect(start, point.y, x - start, 1))
      }
    }
    return x - start
  }

  private mutating func write(
    _ scalar: Unicode.Scalar, of run: StyledText.Run, at point: Point, background: Ink?,
    marks: CombiningMarks = .none
  ) {
    put(
      scalar, at: point, ink: run.ink, background: background, attributes: run.attributes,
      marks: marks)
    if scalar == "▏" { type(at: point) }
  }

  /// Draws a text in one ink, as `write` of a styled one.
  @discardableResult
  package mutating func write(
    _ text: String, at point: Point, ink: Ink, attributes: Attributes = [], width: Int? = nil,
    alignment: Alignment = .leading, background: Ink? = nil
  ) -> Int {
    write(
      StyledText(text, ink, attributes), at: point, width: width, alignment: alignment,
      background: background)
  }

  /// Draws a text that ends at the right edge of `area`'s row `row`, and returns its columns.
  @discardableResult
  package mutating func writeTrailing(
    _ text: StyledText, in area: Rect, row: Int = 0, background: Ink? = nil
  ) -> Int {
    write(
      text, at: Point(area.x, area.y + row), width: area.width, alignment: .trailing,
      background: background)
  }

  /// Draws a text in lines of `area`'s width and returns how many lines it took (also below it).
  @discardableResult
  package mutating func writeWrapped(_ text: StyledText, in area: Rect) -> Int {
    let lines = text.spelled(for: ability.glyphs).wrapped(to: area.width)
    for (row, line) in lines.prefix(area.height).enumerated() {
      write(line, at: Point(area.x, area.y + row))
    }
    return lines.count
  }
}

extension CellGrid {
  /// The characters, a line a row, without blanks at the ends.
  package var text: [String] {
    (0..<size.height).map { y in
      var line = String.UnicodeScalarView()
      for cell in cells[y * size.width..<(y + 1) * size.width]
      where cell.scalar != Cell.continuation {
        line.append(cell.scalar)
        if !cell.marks.isEmpty { line.append(contentsOf: cell.marks.scalars) }
      }
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// The inks and attributes, a line a span that is not plain: `y x+width foreground on background`.
  package var inks: [String] {
    var lines: [String] = []
    for y in 0..<size.height {
      var x = 0
      while x < size.width {
        let start = x
        let first = cells[y * size.width + x]
        while x < size.width, cells[y * size.width + x].hasStyle(of: first) { x += 1 }
        if !first.hasStyle(of: .blank) {
          lines.append("\(y) \(start)+\(x - start) \(first.style)")
        }
      }
    }
    return lines
  }
}

extension Cell {
  /// Whether both have the same inks and attributes, whatever their characters.
  package func hasStyle(of other: Cell) -> Bool {
    foreground == other.foreground && background == other.background
      && attributes == other.attributes
  }

  fileprivate var style: String {
    var words = [foreground.description]
    if background != .plain { words.append("on \(background)") }
    let names: [(Attributes, String)] = [
      (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"),
      (.reverse, "reverse"),
    ]
    for (attribute, name) in names where attributes.contains(attribute) { words.append(name) }
    return words.joined(separator: " ")
  }
}
