import CNCurses
import Glibc

/// The descriptors while the screen is up: a private one for drawing, one for the last words of a
/// crash, and a log in the place of standard error.
final class TerminalStreams {
  /// A private copy of standard output for escape sequences of ours.
  let screen: Int32
  private let lastWords: Int32
  private let log: Int32
  private let standardError: Int32
  private static var restore: String {
    // Cancel, mouse off, paste off, synchronized output off, cursor keys normal, keypad numeric, plain
    // text, cursor on, wrap on, whole scroll region, normal screen.
    "\u{18}\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l\u{1B}[?2004l\u{1B}[?2026l\u{1B}[?1l\u{1B}>"
      + "\u{1B}[0m\u{1B}[?25h\u{1B}[?7h\u{1B}[r\u{1B}[?1049l\r"
  }

  init(logPath: String?) {
    screen = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    lastWords = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    standardError = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    log = Self.openLog(logPath)
    // A stray message would tear the screen, and be lost with it.
    if log >= 0 {
      fflush(nil)
      dup2(log, STDERR_FILENO)
    }
  }

  /// A file without a name when there is no path, or it cannot be written.
  private static func openLog(_ path: String?) -> Int32 {
    if let path {
      let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      if file >= 0 { return file }
    }
    return nc_nameless_file()
  }

  /// From here on a crash gives the terminal back. Call before the terminal's modes change.
  func arm() {
    nc_arm(
      screen, lastWords, log, Self.restore,
      "\nBackstep crashed: this is a defect of the lab, not of your network. Your work is kept.\n")
  }

  /// The descriptor that a crash cuts off from the terminal.
  static func setScreen(_ descriptor: Int32) { nc_set_screen(descriptor) }

  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(screen, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Standard error is the user's again.
  func release() {
    nc_disarm()
    dup2(standardError, STDERR_FILENO)
    for descriptor in [screen, lastWords, log, standardError] where descriptor >= 0 {
      Glibc.close(descriptor)
    }
  }
}
