import FileFormats
import Foundation
import KerasCode

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `write` of the system, where `Output` has a function of that name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// Where a command's words go: standard output and standard error, written without buffers.
enum Output {
  /// - Throws: `CommandFailure` when there is no room; a reader that left ends the program quietly,
  ///   as a closed pipe ends any.
  static func write(_ text: String) throws(CommandFailure) {
    switch put(text, to: STDOUT_FILENO) {
    case 0: return
    case EPIPE: exit(128 + SIGPIPE)
    case let code:
      throw CommandFailure(
        "standard output cannot be written: \(String(cString: strerror(code)))",
        code: .cannotWrite)
    }
  }

  /// Writes plain text: no name in it steers the terminal.
  static func show(_ text: String) throws(CommandFailure) { try write(plain(text)) }

  /// Writes plain text as a line.
  static func line(_ text: String = "") throws(CommandFailure) { try show(text + "\n") }

  /// For a diagnostic: what cannot be said is left unsaid.
  static func complain(_ text: String) { _ = put(plain(text) + "\n", to: STDERR_FILENO) }

  /// The text with its control characters spelled out, line ends apart.
  private static func plain(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).escapingControls }.joined(separator: "\n")
  }

  /// - Returns: 0, or the number of the error.
  private static func put(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno != EINTR && errno != EAGAIN {
        return errno
      }
    }
    return 0
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The columns of the terminal, 80 when it does not say.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a file as a whole.
  static func save(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    do { try FileBytes.write(bytes, to: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure("\(error)", code: .cannotWrite)
    }
  }

  /// Checks before long work that its result will find a folder.
  static func checkFolder(of path: String) throws(CommandFailure) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw CommandFailure(
        "\(path): a place that cannot be written; check that the folder exists and has write "
          + "permission", code: .cannotWrite)
    }
  }
}
