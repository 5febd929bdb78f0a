import Autodiff
import TerminalGraphics
import Training

/// How long each phase of one step takes, over the last steps that were timed.
struct PhaseTimes {
  /// Microseconds of each phase, in the order of `Phase.allCases`.
  let microseconds: [Double]
  let count: Int

  /// Of the last 31 timed steps before a step the median of each phase: a step that the machine
  /// interrupted does not count for more. Nil where none was timed.
  init?(_ history: History, before step: Int) {
    let times = Array(history.timings.reversed().lazy.filter { $0.step < step }.prefix(31))
    guard !times.isEmpty else { return nil }
    count = times.count
    func median(_ seconds: [Float]) -> Double {
      let sorted = seconds.sorted()
      return Double(sorted[sorted.count / 2]) * 1e6
    }
    microseconds = [
      median(times.map { $0.forward }), median(times.map { $0.loss }),
      median(times.map { $0.backward }), median(times.map { $0.update }),
    ]
  }

  /// From ten milliseconds on in milliseconds.
  private var isLong: Bool { microseconds.reduce(0, +) >= 10_000 }
  /// Microseconds, or tenths of milliseconds: their sum is that of what is shown, so that it adds up.
  private var shown: [Int] { microseconds.map { Int(($0 / (isLong ? 100 : 1)).rounded()) } }

  /// `work in one step   31 µs:  ■ forward   9  ■ loss   1  ■ backward  17  ■ update   4 µs`; of a long
  /// one `30.9 ms`.
  func words(isShort: Bool, ability: Ability) -> StyledText {
    func written(_ value: Int) -> String {
      isLong ? NumberFormat.fixed(Double(value) / 10, decimals: 1) : NumberFormat.integer(value)
    }
    let width = max(2, written(shown.max() ?? 0).count)
    func padded(_ value: Int) -> String { NumberFormat.padded(written(value), to: width) }
    let unit = isLong ? " ms" : " µs"
    let total = NumberFormat.padded(written(shown.reduce(0, +)), to: width + 1)
    let marks = StackedBar.marks(ability)
    let parts = zip(Phase.allCases, shown).enumerated().map { index, part -> StyledText in
      let (phase, time) = part
      return StyledText("\(marks[index]) ", phase.ink) + .secondary(phase.rawValue + " ")
        + .text(padded(time))
    }
    return .secondary(isShort ? "step " : "work in one step ") + .text(total)
      + .secondary(unit + ":  ") + .joined(parts, separator: "  ") + .secondary(unit)
  }

  var bar: StackedBar {
    StackedBar(
      parts: zip(Phase.allCases, microseconds).map { StackedBar.Part($1, $0.ink) })
  }
}

extension StackedBar {
  /// What the parts of a bar are drawn with, for a legend.
  static func marks(_ ability: Ability) -> [String] {
    guard ability.depth == .none else { return ["■", "■", "■", "■"] }
    return ability.glyphs == .ascii ? ["#", "=", "-", "."] : ["█", "▒", "▓", "░"]
  }
}
