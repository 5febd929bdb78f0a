import Foundation
import Training

/// What Keras prints while it works: a bar, or a line an epoch.
package struct KerasProgress {
  private let console: ScriptConsole
  private let total: Int
  /// 0 nothing, 1 a bar, 2 a line at the end.
  private let verbose: Int
  private let start: Double
  private var lastShown = -Double.infinity
  private var afterFirst: Double?
  private var shownWidth = 0

  init(_ console: ScriptConsole, total: Int, verbose: Int) {
    self.console = console
    self.total = total
    self.verbose = verbose
    start = console.now()
  }

  /// Shows how far it is: on a terminal, and at most ten times a second.
  ///
  /// - Parameter numbers: asked for only when they are shown.
  mutating func update(_ done: Int, _ numbers: () -> [NamedNumber]) {
    guard verbose == 1, console.isTerminal, done < total else {
      if verbose > 0, afterFirst == nil { afterFirst = console.now() }
      return
    }
    let now = console.now()
    if afterFirst == nil { afterFirst = now }
    guard now - lastShown >= 0.1 else { return }
    lastShown = now
    let step = timeOfStep(done, now)
    let left = Self.clock(step * Double(total - done))
    show(bar(done) + " \(left) \(Self.perStep(step))" + Self.text(numbers()), ending: "")
  }

  /// The last state, which stays.
  mutating func finish(_ numbers: [NamedNumber]) {
    guard verbose > 0 else { return }
    let now = console.now()
    let step = Self.perStep(timeOfStep(total, now))
    let seconds = String(format: "%.0fs", now - start)
    if verbose == 2 {
      console.write("\(total)/\(total) - \(seconds) - \(step)" + Self.text(numbers) + "\n")
    } else {
      show(bar(total) + " \(seconds) \(step)" + Self.text(numbers), ending: "\n")
    }
  }

  private mutating func show(_ line: String, ending: String) {
    let blank = String(repeating: " ", count: max(0, shownWidth - line.count))
    shownWidth = line.count
    console.write((console.isTerminal ? "\r" : "") + line + blank + ending)
  }

  /// Without the first step, which is slower: it makes the plan.
  private func timeOfStep(_ done: Int, _ now: Double) -> Double {
    if let afterFirst, done > 1 { return (now - afterFirst) / Double(done - 1) }
    return (now - start) / Double(max(done, 1))
  }

  private func bar(_ done: Int) -> String {
    let filled = total == 0 ? 20 : 20 * done / total
    let count = String(done)
    let pad = String(repeating: " ", count: max(0, String(total).count - count.count))
    let (full, rest) = (
      String(repeating: "━", count: filled), String(repeating: "━", count: 20 - filled)
    )
    guard console.isColored else {
      return "\(pad)\(count)/\(total) " + full
        + String(repeating: console.isTerminal ? "─" : "━", count: 20 - filled)
    }
    return "\(pad)\u{1b}[1m\(count)/\(total)\u{1b}[0m \u{1b}[32m\(full)\u{1b}[0m\u{1b}[37m\(rest)"
      + "\u{1b}[0m"
  }

  static func perStep(_ seconds: Double) -> String {
    if seconds >= 1 || seconds == 0 { return String(format: "%.0fs/step", seconds) }
    if seconds >= 1e-3 { return String(format: "%.0fms/step", seconds * 1e3) }
    return String(format: "%.0fus/step", seconds * 1e6)
  }

  /// `5s`, `1:05`, `1:02:05`.
  package static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.isFinite ? seconds : 0, 0), 1e9))
    if whole > 3600 {
      return String(format: "%d:%02d:%02d", whole / 3600, whole % 3600 / 60, whole % 60)
    }
    return whole > 60 ? String(format: "%d:%02d", whole / 60, whole % 60) : "\(whole)s"
  }

  /// ` - accuracy: 0.4980 - loss: 0.6970`
  static func text(_ numbers: [NamedNumber]) -> String {
    numbers.map { " - \($0.name): \(shown($0.value))" }.joined()
  }

  /// Four decimals, or a power of ten for what is small.
  package static func shown(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return String(format: abs(value) > 1e-3 ? "%.4f" : "%.4e", value)
  }
}
