/// What a terminal shows after the bytes it was sent: cells, cursor and modes, as xterm keeps them.
///
/// It knows what full-screen programs send: cursor movement, erasing, inserting, scrolling regions,
/// repetition, line drawing, colors, the alternate screen, mouse, paste. What it does not know it
/// leaves out, as a terminal does.
package struct ScreenModel: Sendable {
  package struct Cell: Hashable, Sendable {
    package var character: Unicode.Scalar = " "
    package var style = Style()
    /// Whether it is the right half of a wide character.
    package var isContinuation = false
  }

  package struct Style: Hashable, Sendable {
    /// `4` of sixteen, `38;5;99`, `38;2;1;2;3` as they were sent; empty for the standard color.
    package var foreground = ""
    package var background = ""
    /// Bit 1 bold, 2 dim, 3 italic, 4 underlined, 5 blinking, 7 reversed, 9 struck.
    package var attributes: UInt16 = 0

    package init() {}

    package var isReversed: Bool { attributes & 1 << 7 != 0 }
  }

  package private(set) var columns: Int
  package private(set) var rows: Int
  package private(set) var cells: [[Cell]]
  package private(set) var cursor = (row: 0, column: 0)
  package private(set) var isAlternate = false
  package private(set) var isCursorVisible = true
  /// Which of DEC's private modes are on: 1000, 1002, 1006 mouse, 2004 paste, 1 cursor keys.
  package private(set) var modes: Set<Int> = []
  package private(set) var style = Style()
  /// Sequences it did not understand.
  package private(set) var unknown: [String] = []

  private var parser = EscapeParser()
  private var region: ClosedRange<Int>
  private var isAtEnd = false
  private var drawsLines = false
  private var g1DrawsLines = false
  private var isShiftedOut = false
  private var inserts = false
  private var wraps = true
  private var last: Unicode.Scalar = " "
  private var saved = (row: 0, column: 0, style: Style())
  private var main: [[Cell]]?
  private var mainCursor = (row: 0, column: 0)

  package init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (max(1, columns), max(1, rows))
    cells = Self.blank(self.columns, self.rows)
    region = 0...self.rows - 1
  }

  private static func blank(_ columns: Int, _ rows: Int) -> [[Cell]] {
    [[Cell]](repeating: [Cell](repeating: Cell(), count: columns), count: rows)
  }

  /// What is visible, a line a row, without blanks at the ends.
  package var text: [String] {
    cells.map { row in
      var line = String.UnicodeScalarView()
      line.append(contentsOf: row.lazy.filter { !$0.isContinuation }.map(\.character))
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// Where a text stands; from 0. The first place, row by row.
  package func place(of text: String) -> (row: Int, column: Int)? {
    let wanted = Array(text.unicodeScalars)
    guard !wanted.isEmpty else { return nil }
    for (row, line) in cells.enumerated() where line.count >= wanted.count {
      for column in 0...line.count - wanted.count
      where line[column].character == wanted[0]
        && zip(line[column...], wanted).allSatisfy({ $0.character == $1 })
      {
        return (row, column)
      }
    }
    return nil
  }

  /// As the user drags the window's corner.
  package mutating func resize(columns: Int, rows: Int) {
    (self.columns, self.rows) = (max(1, columns), max(1, rows))
    cells = Self.fitted(cells, self.columns, self.rows)
    main = main.map { Self.fitted($0, self.columns, self.rows) }
    region = 0...self.rows - 1
    moveTo(cursor.row, cursor.column)
  }

  private static func fitted(_ cells: [[Cell]], _ columns: Int, _ rows: Int) -> [[Cell]] {
    var result = cells.prefix(rows).map { row in
      Array(row.prefix(columns))
        + [Cell](repeating: Cell(), count: max(0, columns - row.count))
    }
    while result.count < rows { result.append([Cell](repeating: Cell(), count: columns)) }
    return result
  }

  // MARK: Taking bytes in

  package mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      guard let action = parser.take(byte) else { continue }
      switch action {
      case .character(let scalar): put(scalar)
      case .control(let code): control(code)
      case .escape(let between, let final): escape(between, final)
      case .sequence(let sequence): run(sequence)
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let isDrawing = isShiftedOut ? g1DrawsLines : drawsLines
    let shown = isDrawing ? LineDrawing.character(scalar) : scalar
    let width = CharacterWidth.columns(shown)
    guard width > 0 else { return }
    if isAtEnd || cursor.column + width > columns {
      guard wraps else {
        cursor.column = columns - width
        isAtEnd = false
        return put(scalar)
      }
      isAtEnd = false
      cursor.column = 0
      lineFeed()
    }
    if inserts { insertCells(width) }
    write(shown, width)
    last = shown
    cursor.column += width
    if cursor.column >= columns { (cursor.column, isAtEnd) = (columns - 1, true) }
  }

  private mutating func write(_ scalar: Unicode.Scalar, _ width: Int) {
    let (row, column) = cursor
    guard column + width <= columns else { return }
    // Half of a wide character cannot stay.
    if cells[row][column].isContinuation, column > 0 { cells[row][column - 1].character = " " }
    let after = column + width
    if after < columns, cells[row][after].isContinuation { cells[row][after] = Cell() }
    cells[row][column] = Cell(character: scalar, style: style)
    if width == 2 {
      cells[row][column + 1] = Cell(character: " ", style: style, isContinuation: true)
    }
  }

  private mutating func control(_ code: UInt8) {
    switch code {
    case 8:
      cursor.column = max(0, cursor.column - 1)
      isAtEnd = false
    case 9: moveTo(cursor.row, min(columns - 1, (cursor.column / 8 + 1) * 8))
    case 10, 11, 12: lineFeed()
    case 13: moveTo(cursor.row, 0)
    case 14: isShiftedOut = true
    case 15: isShiftedOut = false
    default: break
    }
  }

  private mutating func lineFeed() {
    if cursor.row == region.upperBound {
      scroll(region, by: 1)
    } else if cursor.row < rows - 1 {
      cursor.row += 1
    }
  }

  private mutating func escape(_ between: [UInt8], _ final: UInt8) {
    switch (between.first, final) {
    case (UInt8(ascii: "("), _): drawsLines = final == UInt8(ascii: "0")
    case (UInt8(ascii: ")"), _): g1DrawsLines = final == UInt8(ascii: "0")
    case (nil, UInt8(ascii: "7")): saved = (cursor.row, cursor.column, style)
    case (nil, UInt8(ascii: "8")): restoreCursor()
    case (nil, UInt8(ascii: "D")): lineFeed()
    case (nil, UInt8(ascii: "E")):
      cursor.column = 0
      lineFeed()
    case (nil, UInt8(ascii: "M")):
      if cursor.row == region.lowerBound {
        scroll(region, by: -1)
      } else {
        cursor.row = max(0, cursor.row - 1)
      }
    case (nil, UInt8(ascii: "c")): self = ScreenModel(columns: columns, rows: rows)
    case (nil, UInt8(ascii: "=")), (nil, UInt8(ascii: ">")), (nil, UInt8(ascii: "\\")): break
    default: note("ESC \(String(decoding: between + [final], as: UTF8.self))")
    }
  }

  private mutating func restoreCursor() {
    style = saved.style
    moveTo(saved.row, saved.column)
  }

  private mutating func note(_ text: String) {
    if unknown.count < 20 { unknown.append(text) }
  }

  // MARK: Sequences

  private mutating func run(_ sequence: EscapeParser.Sequence) {
    func number(_ place: Int, _ standard: Int = 1) -> Int {
      guard sequence.numbers.indices.contains(place), sequence.numbers[place] > 0 else {
        return standard
      }
      return sequence.numbers[place]
    }
    let (row, column) = cursor
    switch (sequence.prefix, sequence.final) {
    case (UInt8(ascii: "?"), UInt8(ascii: "h")): sequence.numbers.forEach { set($0, true) }
    case (UInt8(ascii: "?"), UInt8(ascii: "l")): sequence.numbers.forEach { set($0, false) }
    case (nil, UInt8(ascii: "H")), (nil, UInt8(ascii: "f")): moveTo(number(0) - 1, number(1) - 1)
    case (nil, UInt8(ascii: "A")): moveTo(row - number(0), column)
    case (nil, UInt8(ascii: "B")), (nil, UInt8(ascii: "e")): moveTo(row + number(0), column)
    case (nil, UInt8(ascii: "C")), (nil, UInt8(ascii: "a")): moveTo(row, column + number(0))
    case (nil, UInt8(ascii: "D")): moveTo(row, column - number(0))
    case (nil, UInt8(ascii: "E")): moveTo(row + number(0), 0)
    case (nil, UInt8(ascii: "F")): moveTo(row - number(0), 0)
    case (nil, UInt8(ascii: "G")), (nil, UInt8(ascii: "`")): moveTo(row, number(0) - 1)
    case (nil, UInt8(ascii: "d")): moveTo(number(0) - 1, column)
    case (nil, UInt8(ascii: "J")): erase(display: number(0, 0))
    case (nil, UInt8(ascii: "K")): erase(line: number(0, 0))
    case (nil, UInt8(ascii: "X")): clear(row, column..<min(columns, column + number(0)))
    case (nil, UInt8(ascii: "@")): insertCells(number(0))
    case (nil, UInt8(ascii: "P")): deleteCells(number(0))
    case (nil, UInt8(ascii: "L")) where region.contains(row):
      scroll(row...region.upperBound, by: -number(0))
    case (nil, UInt8(ascii: "M")) where region.contains(row):
      scroll(row...region.upperBound, by: number(0))
    case (nil, UInt8(ascii: "S")): scroll(region, by: number(0))
    case (nil, UInt8(ascii: "T")): scroll(region, by: -number(0))
    case (nil, UInt8(ascii: "b")): for _ in 0..<min(number(0), columns * rows) { put(last) }
    case (nil, UInt8(ascii: "m")): setStyle(sequence.numbers)
    case (nil, UInt8(ascii: "r")):
      let (top, bottom) = (number(0) - 1, min(rows, number(1, rows)) - 1)
      region = top < bottom ? top...bottom : 0...rows - 1
      moveTo(0, 0)
    case (nil, UInt8(ascii: "h")): if sequence.numbers == [4] { inserts = true }
    case (nil, UInt8(ascii: "l")): if sequence.numbers == [4] { inserts = false }
    case (nil, UInt8(ascii: "s")): saved = (row, column, style)
    case (nil, UInt8(ascii: "u")): restoreCursor()
    case (nil, UInt8(ascii: "g")), (nil, UInt8(ascii: "t")), (nil, UInt8(ascii: "L")),
      (nil, UInt8(ascii: "M")), (nil, UInt8(ascii: "n")), (nil, UInt8(ascii: "c")):
      break
    // Soft resets, cursor shapes and key modes change nothing that shows.
    case (_, UInt8(ascii: "p")), (_, UInt8(ascii: "q")), (UInt8(ascii: ">"), _),
      (UInt8(ascii: "?"), UInt8(ascii: "c")), (UInt8(ascii: "="), _):
      break
    default: note("CSI \(sequence)")
    }
  }

  private mutating func moveTo(_ row: Int, _ column: Int) {
    cursor = (max(0, min(rows - 1, row)), max(0, min(columns - 1, column)))
    isAtEnd = false
  }

  private mutating func set(_ mode: Int, _ isOn: Bool) {
    switch mode {
    case 7: wraps = isOn
    case 25: isCursorVisible = isOn
    case 47, 1047, 1049: alternate(isOn)
    default: if isOn { modes.insert(mode) } else { modes.remove(mode) }
    }
  }

  private mutating func alternate(_ isOn: Bool) {
    guard isOn != isAlternate else { return }
    isAlternate = isOn
    if isOn {
      (main, mainCursor) = (cells, cursor)
      cells = Self.blank(columns, rows)
    } else {
      cells = main ?? Self.blank(columns, rows)
      main = nil
      moveTo(mainCursor.row, mainCursor.column)
    }
  }

  // MARK: Erasing and moving

  /// What is erased takes the background that is set.
  private var erased: Cell {
    var style = Style()
    style.background = self.style.background
    return Cell(style: style)
  }

  private mutating func clear(_ row: Int, _ range: Range<Int>) {
    for column in range { cells[row][column] = erased }
  }

  private mutating func erase(display way: Int) {
    let (row, column) = cursor
    switch way {
    case 0:
      clear(row, column..<columns)
      for row in row + 1..<max(row + 1, rows) { clear(row, 0..<columns) }
    case 1:
      for row in 0..<row { clear(row, 0..<columns) }
      clear(row, 0..<column + 1)
    default: for row in 0..<rows { clear(row, 0..<columns) }
    }
  }

  private mutating func erase(line way: Int) {
    let (row, column) = cursor
    clear(row, way == 0 ? column..<columns : way == 1 ? 0..<column + 1 : 0..<columns)
  }

  private mutating func insertCells(_ count: Int) {
    let (row, column) = cursor
    let count = min(count, columns - column)
    cells[row].insert(contentsOf: [Cell](repeating: erased, count: count), at: column)
    cells[row].removeLast(count)
  }

  private mutating func deleteCells(_ count: Int) {
    let (row, column) = cursor
    let count = min(count, columns - column)
    cells[row].removeSubrange(column..<column + count)
    cells[row] += [Cell](repeating: erased, count: count)
  }

  /// Up by a positive number of lines, else down.
  private mutating func scroll(_ range: ClosedRange<Int>, by lines: Int) {
    let empty = [Cell](repeating: erased, count: columns)
    for _ in 0..<min(abs(lines), range.count) {
      if lines > 0 {
        cells.remove(at: range.lowerBound)
        cells.insert(empty, at: range.upperBound)
      } else {
        cells.remove(at: range.upperBound)
        cells.insert(empty, at: range.lowerBound)
      }
    }
  }

  // MARK: Colors

  private mutating func setStyle(_ numbers: [Int]) {
    var rest = (numbers.isEmpty ? [0] : numbers)[...]
    while let first = rest.popFirst() {
      switch first {
      case 0: style = Style()
      case 1...9: style.attributes |= 1 << first
      case 21, 22: style.attributes &= ~0b110
      case 23...29: style.attributes &= ~(1 << (first - 20))
      case 30...37, 90...97: style.foreground = "\(first)"
      case 40...47, 100...107: style.background = "\(first)"
      case 38: style.foreground = Self.color(first, &rest)
      case 48: style.background = Self.color(first, &rest)
      // Fonts.
      case 10...19: break
      case 39: style.foreground = ""
      case 49: style.background = ""
      default: note("SGR \(first)")
      }
    }
  }

  private static func color(_ first: Int, _ rest: inout ArraySlice<Int>) -> String {
    let count = rest.first == 2 ? 4 : 2
    let parts = [first] + rest.prefix(count)
    rest = rest.dropFirst(count)
    return parts.map(String.init).joined(separator: ";")
  }
}
