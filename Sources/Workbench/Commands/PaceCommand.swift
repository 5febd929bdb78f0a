import TerminalGraphics
import Training

/// `:pace 3`, `:pace full`: how many training steps a second.
enum PaceCommand {
  static let guide: [(form: String, does: String)] = [
    ("pace STEPS", "steps a second, as 3; full is full speed")
  ]

  private static let range = 0.1...1e6

  /// - Parameter words: what was typed behind the name.
  static func run(_ words: [String], _ state: inout AppState) -> [Effect] {
    guard state.lab.settings != nil else {
      state.say(state.whyNoRun, .warning)
      return []
    }
    if words == ["full"] { return TrainKeys.setPace(.full, &state) }
    guard words.count == 1, let rate = Double(words[0]), range.contains(rate) else {
      let now = state.lab.pace.words(inPasses: state.lab.pass != nil)
      let found =
        words.isEmpty ? "the pace is \(now)" : "pace: \(words.joined(separator: " ")) does not fit"
      state.say(
        found + "; right would be steps a second from 0.1 to 1,000,000, or full",
        words.isEmpty ? .news : .warning)
      return []
    }
    return TrainKeys.setPace(.steps(rate), &state)
  }
}
