import Foundation

/// One line on standard error that says what is going on, written over again and again; nothing where
/// that is no terminal.
struct ProgressLine {
  private let isShown: Bool

  init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

  func show(_ text: String) { write("\r" + String(text.prefix(Output.columns - 1)) + "\u{1b}[K") }

  /// Leaves the line blank, for what is written next.
  func clear() { write("\r\u{1b}[K") }

  private func write(_ text: String) {
    guard isShown else { return }
    FileHandle.standardError.write(Data(text.utf8))
  }
}
