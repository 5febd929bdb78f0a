import CNCurses
import Glibc
import TerminalGraphics

/// What is done once, before the first frame: is there a terminal, which description fits it, which
/// modes and keys it needs.
enum ScreenSetup {
  static func checkIsTerminal(term: String) throws(CursesTerminal.Unavailable) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw CursesTerminal.Unavailable(
        description: "standard input and output are not a terminal; the lab needs one to draw on")
    }
    guard !term.isEmpty, term != "dumb" else {
      throw CursesTerminal.Unavailable(
        description: """
          TERM is \(term.isEmpty ? "not set" : "dumb"), which cannot move its cursor; \
          if your terminal can, set TERM=xterm-256color
          """)
    }
  }

  /// Nil when ncurses knows none of the names.
  static func openFirst(
    of candidates: [String], screen: Int32
  ) -> UnsafeMutablePointer<WINDOW>? {
    for term in candidates {
      let output = fcntl(screen, F_DUPFD_CLOEXEC, 3)
      guard output >= 0 else { return nil }
      guard nc_open(term, output) == 0 else { continue }
      TerminalStreams.setScreen(output)
      if nc_can_move(), let window = nc_stdscr() { return window }
      endwin()
      nc_close()
    }
    return nil
  }

  /// Sets modes, keys and colors of a window just opened; its table of pairs is empty.
  static func prepare(_ window: UnsafeMutablePointer<WINDOW>) -> ColorPairs {
    setModes(of: window)
    start_color()
    let hasDefaultColors = use_default_colors() == OK
    defineKeys()
    return ColorPairs(hasDefaultColors: hasDefaultColors)
  }

  private static func setModes(of window: UnsafeMutablePointer<WINDOW>) {
    raw()
    noecho()
    nonl()
    keypad(window, true)
    nodelay(window, true)
    set_escdelay(25)
    // A frame is whole, also when a key waits: it takes less than a millisecond to make.
    typeahead(-1)
  }

  /// Sequences that not every terminal description has.
  private static func defineKeys() {
    define_key("\u{1B}[200~", InputDecoder.OwnCode.pasteStart)
    define_key("\u{1B}[201~", InputDecoder.OwnCode.pasteEnd)
    define_key("\u{1B}[<", InputDecoder.OwnCode.mouseReport)
    define_key("\u{1B}]11;", InputDecoder.OwnCode.background)
    define_key("\u{1B}[?", InputDecoder.OwnCode.kind)
    for key in InputDecoder.OwnCode.modifiedKeys { define_key(key.sequence, key.code) }
  }

  static func windowSize(of window: UnsafeMutablePointer<WINDOW>) -> Size {
    Size(Int(getmaxx(window)), Int(getmaxy(window)))
  }

  /// The Linux console's font has 512 characters, without braille.
  static func glyphs(term: String, isUTF8: Bool) -> Ability.Glyphs {
    guard isUTF8 else { return .ascii }
    return term.hasPrefix("linux") ? .blocks : term.hasPrefix("vt") ? .ascii : .full
  }
}
