import Dispatch
import Glibc

/// Lines in and lines out: standard input and output as they are, a terminal or not.
@MainActor
package final class PlainConsole {
  /// What one waited for.
  package enum Input: Equatable, Sendable {
    case line(String)
    /// There is news, or the time is over.
    case nothing
    case end
    case leave(signal: Int32)
  }

  private let reading: Int32
  private nonisolated let ringing: Int32
  private let signals: [any DispatchSourceSignal]
  /// What was read and is no whole line yet.
  private var bytes: [UInt8] = []
  private var hasEnded = false

  /// From now on ^C, hang-up and termination are inputs.
  package init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (reading, ringing) = (ends[0], ends[1])
    let bell = ends[1]
    let queue = DispatchQueue(label: "signals")
    signal(SIGPIPE, SIG_IGN)
    signals = [SIGINT, SIGTERM, SIGHUP].map { Self.source($0, queue, bell) }
  }

  /// Not on the main actor: its handler runs on the queue.
  private nonisolated static func source(
    _ number: Int32, _ queue: DispatchQueue, _ bell: Int32
  ) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler { ring(bell, UInt8(number)) }
    source.resume()
    return source
  }

  /// Signals end the program again.
  package func close() {
    for source in signals { source.cancel() }
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(number, SIG_DFL) }
  }

  private nonisolated static func ring(_ bell: Int32, _ letter: UInt8) {
    var letter = letter
    _ = Glibc.write(bell, &letter, 1)
  }

  /// Makes `wait` return; any thread may call it.
  package nonisolated func wake() { Self.ring(ringing, 0) }

  /// Whether somebody types, who wants to be asked.
  package var isTyped: Bool { isatty(STDIN_FILENO) == 1 }

  /// The next line, or what comes before it; nil: waits without end.
  ///
  /// - Parameter takesLines: false while a line before is still worked on.
  package func wait(seconds: Double?, takesLines: Bool = true) -> Input {
    if takesLines, let line = nextLine() { return .line(line) }
    if takesLines, hasEnded { return .end }
    var sources = [
      pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
    ]
    let time = seconds.map { Int32(max(0, min($0, 1e6) * 1000).rounded(.up)) } ?? -1
    guard poll(&sources, takesLines ? 2 : 1, time) > 0 else { return .nothing }
    if sources[0].revents != 0, let number = rung() { return .leave(signal: number) }
    guard takesLines, sources[1].revents != 0 else { return .nothing }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<count] } else { hasEnded = true }
    return nextLine().map { .line($0) } ?? .nothing
  }

  /// Empties the bell; the signal among what was rung.
  private func rung() -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(reading, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return buffer[..<count].first { $0 != 0 }.map { Int32($0) }
  }

  /// A whole line, or the rest before the end.
  private func nextLine() -> String? {
    let end = bytes.firstIndex(of: 10) ?? (hasEnded ? bytes.count : nil)
    guard let end, !bytes.isEmpty else { return nil }
    let line = bytes[..<end].filter { $0 != 13 }
    bytes.removeFirst(min(end + 1, bytes.count))
    return String(decoding: line, as: UTF8.self)
  }

  /// - Returns: false when nobody reads any more.
  @discardableResult
  package func write(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
