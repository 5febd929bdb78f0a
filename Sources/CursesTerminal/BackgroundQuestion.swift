import CNCurses
import Glibc
import TerminalGraphics

/// What the terminal's background is like: asked before the screen is taken, for 50 ms at most.
enum BackgroundQuestion {
  struct Answer {
    var theme: Theme.Name?
    /// Keys that came with the answer.
    var typed: [Event] = []
  }

  /// The variable COLORFGBG first, which costs nothing. An answer that comes later is read by the
  /// `InputDecoder`.
  static func ask(
    on streams: TerminalStreams, environment: [String: String], isModern: Bool
  ) -> Answer {
    let said = BackgroundColor.theme(colorFGBG: environment["COLORFGBG", default: ""])
    // Keys that wait already would be mixed with the answer.
    guard said == nil, isModern, !hasInput() else { return Answer(theme: said) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = nc_ask(
      STDIN_FILENO, streams.screen, BackgroundColor.question, 50, &bytes, Int32(bytes.count))
    let answer = Array(bytes.prefix(max(0, Int(count))))
    return Answer(theme: BackgroundColor.theme(answer: answer), typed: typed(in: answer))
  }

  private static func hasInput() -> Bool {
    var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&source, 1, 0) > 0
  }

  /// Characters before the first escape: what follows it is the terminal's.
  private static func typed(in answer: [UInt8]) -> [Event] {
    var decoder = InputDecoder()
    return answer.prefix { $0 != 0x1B }.flatMap { decoder.feed(Int32($0), isKey: false) }
  }
}
