import TerminalGraphics
import Training

extension News {
  /// What the debugger answers to a command, or why it cannot do it.
  package static func answer(of lab: Lab, to command: String) -> News {
    guard lab.session != nil else { return .reply(command: command, lines: lab.ask(command)) }
    do {
      return .reply(command: command, lines: try lab.carryOut(command))
    } catch {
      let column = (error as? ExpressionFailure)?.column
      return .refused(
        command: command, why: "\(error)",
        at: column.map { expressionStart(in: command) + $0 - 1 })
    }
  }

  /// Where the expression of a command begins: behind `if`, else behind the first word.
  private static func expressionStart(in command: String) -> Int {
    let end =
      command.firstRange(of: " if ")?.upperBound ?? command.firstIndex(of: " ").map {
        command[$0...].firstIndex { $0 != " " } ?? command.endIndex
      } ?? command.startIndex
    return command.distance(from: command.startIndex, to: end)
  }
}

extension AppState {
  /// Says why; what was typed at the prompt stands there again to be mended.
  mutating func takeRefusal(of command: String, _ why: String, at place: Int?) {
    messages.reply(Toast(why, .warning), now: now, telling: nil)
    guard typedCommand == command, overlay == nil, field == nil else { return }
    var palette = PaletteState(typed: command)
    if let place { palette.line.move(to: place) }
    overlay = .palette(palette)
  }
}
