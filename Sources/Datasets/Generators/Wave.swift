/// The sine, by sums and products alone: equal on every machine, where libraries differ in the last
/// bit.
enum Wave {
  /// sin(2π · turns), to 1e-11.
  ///
  /// By symmetry a quarter turn is enough: x - x³/3! + x⁵/5! - … up to x¹⁷.
  static func sine(_ turns: Double) -> Double {
    var t = turns - turns.rounded(.down)
    if t > 0.75 { t -= 1 } else if t > 0.25 { t = 0.5 - t }
    let x = 2 * Double.pi * t
    var (term, sum) = (x, x)
    for k in stride(from: 2.0, through: 16, by: 2) {
      term *= -x * x / (k * (k + 1))
      sum += term
    }
    return sum
  }

  static func cosine(_ turns: Double) -> Double { sine(turns + 0.25) }
}
