import CNCurses
import Glibc
import TerminalGraphics

/// The user's terminal through ncurses: the only Swift that knows it.
///
/// It takes the screen when made and gives it back by `close`, or by itself when the program
/// crashes. Only one can be open at a time.
package final class CursesTerminal: Terminal {
  /// What the user chose, and where files may go.
  package struct Options: Sendable {
    package var look = LookChoice()
    /// Where the terminal description with 24-bit color is kept; made when missing.
    package var cacheDirectory: String
    /// What would be written to standard error while the screen is up is appended here; nil: it is
    /// kept only until the end.
    package var logPath: String?

    package init(cacheDirectory: String, logPath: String? = nil) {
      self.cacheDirectory = cacheDirectory
      self.logPath = logPath
    }
  }

  /// Why there is no terminal to draw on, and what would help. The program leaves with status 2.
  package struct Unavailable: Error, CustomStringConvertible {
    package let description: String
  }

  package private(set) var size: Size
  package private(set) var ability: Ability
  package var theme: Theme {
    didSet {
      guard theme != oldValue else { return }
      pairs.forgetStyles()
      last = nil
    }
  }

  private let options: Options
  private let environment: [String: String]
  private var color: ColorChoice
  private var window: UnsafeMutablePointer<WINDOW>
  private var pairs: ColorPairs
  private var decoder = InputDecoder()
  /// The frame on the screen; nil when it must be drawn anew.
  private var last: CellGrid?
  private var isMouseOn: Bool
  private var isOpen = true
  private let streams: TerminalStreams
  /// What the background goes with, as the terminal says.
  private var foundTheme: Theme.Name?
  /// What was typed before there was a screen.
  private var early: [Event]
  /// Whether the terminal knows mouse, paste and synchronized output.
  private let isModern: Bool

  private var term: String { environment["TERM", default: ""] }

  /// Takes the screen.
  package init(options: Options, environment: [String: String]) throws(Unavailable) {
    let term = environment["TERM", default: ""]
    try ScreenSetup.checkIsTerminal(term: term)
    self.options = options
    self.environment = environment
    let isUTF8 = nc_is_utf8()
    color = ColorChoice.resolved(option: options.look.color, environment: environment)
    isModern = !["linux", "vt", "ansi", "cons"].contains { term.hasPrefix($0) }

    nc_catch_signals()
    streams = TerminalStreams(logPath: options.logPath)
    streams.arm()
    let background = BackgroundQuestion.ask(
      on: streams, environment: environment, isModern: isModern)
    foundTheme = background.theme
    early = background.typed
    let candidates = TerminalDescription.candidates(
      color: color, environment: environment, cacheDirectory: options.cacheDirectory)
    guard let window = ScreenSetup.openFirst(of: candidates, screen: streams.screen) else {
      streams.release()
      nc_release_signals()
      throw Unavailable(
        description: """
          the terminal type TERM=\(term) is not known here, or cannot move its cursor; \
          try TERM=xterm-256color, or install ncurses-term
          """)
    }
    self.window = window
    pairs = ScreenSetup.prepare(window)
    ability = Ability(
      depth: color.depth(colors: Int(nc_colors())),
      glyphs: options.look.glyphs ?? ScreenSetup.glyphs(term: term, isUTF8: isUTF8))
    theme = Self.theme(options.look.theme, on: background.theme)
    isMouseOn = options.look.isMouseOn ?? true
    size = ScreenSetup.windowSize(of: window)
    streams.write(modesOn)
  }

  /// Gives the screen back. Nothing is drawn afterwards.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    streams.write(modesOff)
    endwin()
    streams.release()
    nc_release_signals()
    nc_close()
  }

  package func present(_ grid: CellGrid, cursor: Point?) {
    guard isOpen else { return }
    if last?.size != grid.size { last = nil }
    if last == nil { werase(window) }
    for y in 0..<min(grid.size.height, size.height) { drawRow(y, of: grid) }
    if pairs.isFull {
      // Start over with the pairs that are in use now; the screen shows no old one by then.
      pairs.reset()
      last = nil
      for y in 0..<min(grid.size.height, size.height) { drawRow(y, of: grid) }
    }
    last = grid
    nc_begin_frame()
    place(cursor)
    doupdate()
    nc_end_frame(
      streams.screen, isModern ? "\u{1B}[?2026h" : "", isModern ? "\u{1B}[?2026l" : "")
  }

  /// What is on the screen already is left out, but for what lies between.
  private func drawRow(_ y: Int, of grid: CellGrid) {
    let width = grid.size.width
    let columns = last.map { grid.columns(ofRow: y, changedSince: $0) } ?? 0..<width
    if columns.isEmpty { return }
    let range = y * width + columns.lowerBound..<y * width + columns.upperBound
    var row: [cchar_t] = []
    row.reserveCapacity(range.count)
    // A theme may paint what is blank too.
    var styled = Cell.blank
    var style = pairs.style(of: styled, theme: theme, depth: ability.depth)
    for cell in grid.cells[range] where cell.scalar != Cell.continuation {
      if !cell.hasStyle(of: styled) {
        style = pairs.style(of: cell, theme: theme, depth: ability.depth)
        styled = cell
      }
      var packed = cchar_t()
      if cell.marks.isEmpty {
        nc_cell(&packed, Self.character(cell.scalar), style.attributes, style.pair)
      } else {
        nc_marked_cell(&packed, Self.characters(of: cell), style.attributes, style.pair)
      }
      row.append(packed)
    }
    wmove(window, Int32(y), Int32(columns.lowerBound))
    wadd_wchnstr(window, row, Int32(row.count))
  }

  /// A character with what stands over it, as far as ncurses takes that to have no width; 0 ends it.
  private static func characters(of cell: Cell) -> [wchar_t] {
    let marks = cell.marks.scalars.map { wchar_t($0.value) }.filter { nc_width($0) == 0 }
    return [character(cell.scalar)] + marks + [0]
  }

  /// A character that ncurses measures otherwise than the grid would shift the rest of its row.
  private static func character(_ scalar: Unicode.Scalar) -> wchar_t {
    let character = wchar_t(scalar.value)
    if scalar.value < 0x7F { return character }
    return Int(nc_width(character)) == TextWidth.columns(scalar) ? character : 0x3F
  }

  private func place(_ cursor: Point?) {
    leaveok(window, cursor == nil)
    curs_set(cursor == nil ? 0 : 1)
    if let cursor, cursor.x >= 0, cursor.y >= 0, cursor.x < size.width, cursor.y < size.height {
      wmove(window, Int32(cursor.y), Int32(cursor.x))
    }
    wnoutrefresh(window)
  }

  package func invalidate() {
    guard isOpen else { return }
    clearok(window, true)
    last = nil
  }

  package func copyToClipboard(_ text: String) {
    guard isModern, isOpen else { return }
    streams.write(ClipboardSequence.copy(text, environment: environment))
  }

  package func adopt(_ choice: LookChoice) {
    guard isOpen else { return }
    let wanted = ColorChoice.resolved(option: choice.color, environment: environment)
    if wanted != color { reopen(wanted) }
    guard isOpen else { return }
    ability = Ability(
      depth: color.depth(colors: Int(nc_colors())),
      glyphs: choice.glyphs ?? ScreenSetup.glyphs(term: term, isUTF8: nc_is_utf8()))
    theme = Self.theme(choice.theme, on: foundTheme)
    if choice.isMouseOn ?? true != isMouseOn { setMouse(!isMouseOn) }
    invalidate()
  }

  /// A theme that does not go with the background paints its own.
  private static func theme(_ chosen: Theme.Name?, on found: Theme.Name?) -> Theme {
    let name = chosen ?? found ?? .dark
    return Theme(name: name, isPainted: found.map { $0 != name } ?? false)
  }

  /// Another number of colors is another description of the terminal: the screen is taken anew.
  private func reopen(_ wanted: ColorChoice) {
    let before = color
    streams.write(modesOff)
    endwin()
    nc_close()
    for choice in [wanted, before] {
      let candidates = TerminalDescription.candidates(
        color: choice, environment: environment, cacheDirectory: options.cacheDirectory)
      guard let opened = ScreenSetup.openFirst(of: candidates, screen: streams.screen) else {
        continue
      }
      color = choice
      window = opened
      pairs = ScreenSetup.prepare(opened)
      streams.write(modesOn)
      adoptWindowSize()
      return
    }
    // The terminal was known a moment ago: what its description was read from is gone.
    isOpen = false
    early = [.leave(signal: SIGHUP)]
  }

  package func setMouse(_ isOn: Bool) {
    isMouseOn = isOn
    guard isModern, isOpen else { return }
    streams.write(isOn ? Self.mouseOn : Self.mouseOff)
  }

  package nonisolated func wake() { nc_wake(CChar(UInt8(ascii: "U"))) }

  /// Lets a crash of the calling thread give the terminal back even when its stack is full. The
  /// thread that opens the terminal has this already; another calls it once, at its start.
  package nonisolated static func guardStack() { nc_guard_stack() }

  package func suspend() {
    guard isOpen else { return }
    streams.write(modesOff)
    endwin()
    nc_stop()
    retakeScreen()
  }

  /// After a stop: modes and size may have changed and the screen is somebody else's.
  private func retakeScreen() {
    reset_prog_mode()
    streams.write(modesOn)
    adoptWindowSize()
    invalidate()
  }

  private func adoptWindowSize() {
    var columns: Int32 = 0
    var rows: Int32 = 0
    if nc_window_size(STDIN_FILENO, &columns, &rows) { resizeterm(rows, columns) }
    size = ScreenSetup.windowSize(of: window)
    last = nil
  }
}

extension CursesTerminal {
  package func wait(for timeout: Duration?) -> [Event] {
    if !early.isEmpty {
      defer { early = [] }
      return early
    }
    guard isOpen else { return [] }
    var sources = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: nc_wake_pipe(), events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&sources, 2, Self.milliseconds(timeout)) > 0 else { return [] }
    var events = sources[1].revents != 0 ? letters().compactMap(event(for:)) : []
    if sources[0].revents != 0 { events += readKeys() }
    return events
  }

  /// Rounded up, so that a deadline has passed when the time is over; -1 is without end.
  private static func milliseconds(_ timeout: Duration?) -> Int32 {
    guard let timeout else { return -1 }
    let parts = timeout.components
    guard parts.seconds < 1_000_000 else { return -1 }
    let exact = Double(parts.seconds) * 1000 + Double(parts.attoseconds) / 1e15
    return Int32(max(0, exact.rounded(.up)))
  }

  /// The letters in the pipe, each once.
  private func letters() -> [UInt8] {
    var seen: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    while true {
      let count = read(nc_wake_pipe(), &buffer, buffer.count)
      guard count > 0 else { return seen }
      for letter in buffer[..<count] where !seen.contains(letter) { seen.append(letter) }
    }
  }

  private func event(for letter: UInt8) -> Event? {
    switch letter {
    case UInt8(ascii: "U"): return .wake
    case UInt8(ascii: "W"):
      adoptWindowSize()
      return .resize(size)
    case UInt8(ascii: "Z"):
      suspend()
      return .redraw
    case UInt8(ascii: "C"):
      retakeScreen()
      return .redraw
    case UInt8(ascii: "T"): return .leave(signal: SIGTERM)
    case UInt8(ascii: "I"): return .leave(signal: SIGINT)
    case UInt8(ascii: "H"): return .leave(signal: SIGHUP)
    default: return nil
    }
  }

  /// Everything that ncurses has: it buffers, so `poll` alone does not tell.
  private func readKeys() -> [Event] {
    var events: [Event] = []
    var code: wint_t = 0
    var hasRead = false
    while true {
      let kind = wget_wch(window, &code)
      if kind == ERR { break }
      hasRead = true
      for event in decoder.feed(Int32(bitPattern: code), isKey: kind == KEY_CODE_YES) {
        if case .background(let name) = event { foundTheme = name }
        events.append(event)
      }
    }
    events += decoder.end()
    // Input that can be read and gives nothing, twice, has ended.
    if !hasRead, hasInput() { return [.leave(signal: SIGHUP)] }
    return events
  }

  private func hasInput() -> Bool {
    var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&source, 1, 0) > 0
  }
}

extension CursesTerminal {
  private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

  private var modesOn: String {
    isModern ? "\u{1B}[?2004h" + (isMouseOn ? Self.mouseOn : "") : ""
  }

  private var modesOff: String { isModern ? Self.mouseOff + "\u{1B}[?2004l" : "" }
}
