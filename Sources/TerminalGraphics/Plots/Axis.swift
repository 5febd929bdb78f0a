#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One axis of a plot: a range of values, on a linear or a logarithmic scale.
package struct Axis: Hashable, Sendable {
  package let low: Double
  package let high: Double
  package let isLogarithmic: Bool
  /// Where it begins on its scale, and how much of that it takes: found once, not for each point.
  private let start: Double
  private let length: Double

  /// An axis over a range; an empty or impossible range is widened to one that can be drawn.
  package init(low: Double, high: Double, isLogarithmic: Bool = false) {
    var low = low.isFinite ? low : 0
    var high = high.isFinite ? high : 1
    if isLogarithmic {
      high = high > 0 ? high : 1
      low = low > 0 ? low : high / 1000
      if low >= high { (low, high) = (high / 2, high * 2) }
    } else if low >= high {
      let half = max(abs(low) * 0.1, 0.5)
      (low, high) = (low - half, low + half)
    }
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
    start = isLogarithmic ? log(low) : low
    length = isLogarithmic ? log(high) - log(low) : high - low
  }

  /// The axis that just holds the finite values; for a logarithmic one, the positive ones.
  package init(fitting values: some Sequence<Float>, isLogarithmic: Bool = false) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (!isLogarithmic || value > 0) {
      low = min(low, Double(value))
      high = max(high, Double(value))
    }
    self.init(low: low, high: high, isLogarithmic: isLogarithmic)
  }

  /// The place of a value between 0 (low) and 1 (high), also beyond; nil for what has no place.
  package func place(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    guard isLogarithmic else { return (value - start) / length }
    guard value > 0 else { return nil }
    return (log(value) - start) / length
  }

  /// The value at a place between 0 and 1.
  package func value(at place: Double) -> Double {
    let value = start + place * length
    return isLogarithmic ? exp(value) : value
  }

  /// At most `most` round values within the axis: multiples of 1, 2 or 5 times a power of ten; on a
  /// logarithmic axis 1, 2, 5 of each decade, or whole decades.
  package func ticks(atMost most: Int) -> [Double] {
    guard most > 0 else { return [] }
    if isLogarithmic {
      let ticks = logarithmicTicks(atMost: most)
      if ticks.count >= 2 { return ticks }
    }
    return linearTicks(atMost: most)
  }

  private func linearTicks(atMost most: Int) -> [Double] {
    for power in Self.floorLog10(high - low) - 2...Self.floorLog10(high - low) + 2 {
      for factor in [1.0, 2, 5] {
        let step = Self.scaled(factor, power)
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        if last - first < Double(most) {
          return first <= last
            ? stride(from: first, through: last, by: 1).map {
              Self.multiple(Int($0), factor, power)
            }
            : []
        }
      }
    }
    return []
  }

  private func logarithmicTicks(atMost most: Int) -> [Double] {
    let powers = Self.floorLog10(low)...max(Self.floorLog10(low), Self.floorLog10(high))
    let inside = { (value: Double) in value >= low * 0.999_999 && value <= high * 1.000_001 }
    let all = powers.flatMap { power in [1, 2, 5].map { Self.scaled($0, power) } }.filter(inside)
    if all.count <= most { return all }
    let decades = powers.map { Self.scaled(1, $0) }.filter(inside)
    // Every second, third … decade; of less than two decades every second … of 1, 2, 5.
    let ticks = decades.count > 1 ? decades : all
    let stride = (ticks.count + most - 1) / most
    return ticks.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
  }

  /// A tick as short as it is round: `0.5`, `1,000`, `1e-4`.
  package static func label(_ tick: Double) -> String {
    guard tick != 0 else { return "0" }
    let power = floorLog10(abs(tick))
    if power < -3 || power > 5 {
      let mantissa = DecimalNumber(tick / scaled(1, power))?.rounded(decimals: 1)
      let text = mantissa.map { $0.units % 10 == 0 ? "\($0.units / 10)" : $0.text } ?? ""
      return text + "e\(power)"
    }
    guard let number = DecimalNumber(tick)?.rounded(decimals: 6) else { return "" }
    var shown = number
    while shown.decimals > 0, shown.units % 10 == 0 {
      shown = DecimalNumber(units: shown.units / 10, decimals: shown.decimals - 1)
    }
    return shown.text
  }

  /// `count · factor · 10^power`, divided rather than multiplied so that 3 · 0.1 is 0.3.
  private static func multiple(_ count: Int, _ factor: Double, _ power: Int) -> Double {
    let whole = Double(count) * factor
    return power < 0 ? whole / scaled(1, -power) : whole * scaled(1, power)
  }

  /// `factor · 10^power` for a factor of 1, 2 or 5, as its decimal text would be read: the product or
  /// quotient of two numbers that are exact is rounded once.
  private static func scaled(_ factor: Double, _ power: Int) -> Double {
    guard power.magnitude < exactPowers.count else { return Double("\(factor)e\(power)") ?? factor }
    return power < 0 ? factor / exactPowers[-power] : factor * exactPowers[power]
  }

  /// 10^0 … 10^22, which doubles hold exactly.
  private static let exactPowers: [Double] = (0...22).map { Double("1e\($0)") ?? 1 }

  /// The power of ten of the first digit of a positive number; 0 for what has none.
  private static func floorLog10(_ value: Double) -> Int {
    guard value > 0, value.isFinite else { return 0 }
    let power = Int(log10(value).rounded(.down))
    // Near a power of ten the logarithm may have been rounded across it.
    if value < scaled(1, power) { return power - 1 }
    return value >= scaled(1, power + 1) ? power + 1 : power
  }
}
