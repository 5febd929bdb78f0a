import Foundation

/// A smoothed line: the mean of all values so far, each weighing less the longer ago it was.
///
/// yₜ = Σᵢ (1-α)ⁱ xₜ₋ᵢ / Σᵢ (1-α)ⁱ with α = 2 / (N + 1) for a span of N, so that the values of the
/// last N steps have about 86 % of the weight; dividing by the weights' sum leaves no bias toward the
/// start. (As `ewm(span=N)` of pandas.) A value that is no number is left out.
struct ExponentialMean {
  private let decay: Double
  private var sum = 0.0
  private var weight = 0.0

  /// - Parameter stride: how many steps lie between the values that are added.
  init(span: Int, stride: Int = 1) {
    decay = pow(1 - 2 / (Double(max(1, span)) + 1), Double(stride))
  }

  mutating func add(_ value: Float) {
    guard value.isFinite else { return }
    sum = sum * decay + Double(value)
    weight = weight * decay + 1
  }

  /// NaN before the first value.
  var value: Float { weight > 0 ? Float(sum / weight) : .nan }

  /// How many steps back a value has no weight that could be seen: e⁻¹⁶.
  static func reach(_ span: Int) -> Int { 8 * (span + 1) }
}
