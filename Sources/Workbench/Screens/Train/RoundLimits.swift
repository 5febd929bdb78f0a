import Foundation
import TerminalGraphics

/// Limits of axes that change seldom while values grow and shrink: 1, 2 or 5 times a power of ten.
enum RoundLimits {
  /// The largest such number that is not above a positive one.
  static func below(_ value: Double) -> Double {
    let power = pow(10, floor(log10(value)))
    return [5.0, 2, 1].first { $0 * power <= value * 1.000_001 }.map { $0 * power } ?? power
  }

  /// The smallest such number that is not below a positive one.
  static func above(_ value: Double) -> Double {
    let power = pow(10, floor(log10(value)))
    return [1.0, 2, 5].first { $0 * power >= value * 0.999_999 }.map { $0 * power } ?? 10 * power
  }

  /// An axis for losses: from 0, or down over at most four decades from where they began and from what
  /// nine tenths of them reach, so that one that is tiny by luck does not press the others together.
  /// What explodes keeps its beginning in sight.
  static func axis(for values: some Sequence<Float>, isLogarithmic: Bool) -> Axis {
    var low = Double.infinity
    var high = 0.0
    var start: Double?
    for value in values where value.isFinite && value > 0 {
      start = start ?? Double(value)
      low = min(low, Double(value))
      high = max(high, Double(value))
    }
    guard high > 0 else {
      return Axis(low: isLogarithmic ? 0.01 : 0, high: 1, isLogarithmic: isLogarithmic)
    }
    let top = above(high)
    guard isLogarithmic else { return Axis(low: 0, high: top) }
    var ground = min(top, above(start ?? top))
    if below(low) < ground / 10_000 {
      let all = values.filter { $0.isFinite && $0 > 0 }.sorted()
      ground = min(ground, above(Double(all[min(all.count - 1, (all.count + 9) / 10)])))
    }
    let bottom = max(below(low), ground / 10_000)
    return Axis(low: bottom < top ? bottom : top / 10, high: top, isLogarithmic: true)
  }
}
