import Foundation
import Scripts

/// How far a file has come: a bar on a terminal, a line every few seconds elsewhere.
final class FetchBar {
  private let name: String
  private let common: CommonOptions
  private let clock = ContinuousClock()
  private let begun: ContinuousClock.Instant
  private var shown: ContinuousClock.Instant
  private var hasBar = false

  init(_ name: String, _ common: CommonOptions) {
    (self.name, self.common) = (name, common)
    begun = clock.now
    shown = begun
  }

  /// - Parameter total: nil where it is not known.
  func show(_ done: Int, of total: Int?) throws {
    guard !common.json, !common.quiet else { return }
    let pause: Duration = Output.isTerminal ? .milliseconds(100) : .seconds(5)
    guard clock.now - shown >= pause else { return }
    shown = clock.now
    let seconds = max((clock.now - begun) / .seconds(1), 1e-9)
    let rate = Double(done) / seconds
    var tail = Self.size(done) + (total.map { " of \(Self.size($0))" } ?? "")
    tail += ", \(Self.size(Int(rate)))/s"
    if let total, rate > 0 {
      tail += ", \(KerasProgress.clock(Double(max(0, total - done)) / rate)) left"
    }
    guard Output.isTerminal else { return try Output.line("\(name): \(tail)") }
    let filled = total.map { min(20, 20 * done / max($0, 1)) } ?? 0
    let (full, rest) = (
      String(repeating: "━", count: filled), String(repeating: "─", count: 20 - filled)
    )
    let bar = common.isColored ? "\u{1b}[32m\(full)\u{1b}[0m\(rest)" : full + rest
    let room = max(0, Output.columns - 23)
    let text = String(" \(tail)  \(name.spelledForBar)".prefix(room))
    try Output.write("\r" + bar + text + "\u{1b}[K")
    hasBar = true
  }

  func clear() throws {
    guard hasBar else { return }
    try Output.write("\r\u{1b}[K")
    hasBar = false
  }

  static func size(_ bytes: Int) -> String {
    switch bytes {
    case 1_000_000_000...: String(format: "%.2f GB", Double(bytes) / 1e9)
    case 1_000_000...: String(format: "%.1f MB", Double(bytes) / 1e6)
    case 1000...: String(format: "%.1f kB", Double(bytes) / 1e3)
    default: "\(bytes) B"
    }
  }
}

extension String {
  /// Nothing in a name steers the terminal.
  fileprivate var spelledForBar: String {
    String(unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
  }
}
