/// What a setting changed over several seeds: pairs of numbers, each of two runs that began with the
/// same weights and the same order of examples.
package struct PairedDifference: Hashable, Sendable {
  package let differences: [Double]

  /// - Parameter pairs: without and with the setting, seed by seed; pairs with a number that is not
  ///   finite are left out.
  package init(_ pairs: [(without: Double, with: Double)]) {
    differences = pairs.map { $0.with - $0.without }.filter(\.isFinite)
  }

  package var count: Int { differences.count }
  package var mean: Double {
    count == 0 ? .nan : differences.reduce(0, +) / Double(count)
  }

  /// s = √(Σ (d - mean)² / (n - 1)).
  package var deviation: Double {
    guard count > 1 else { return .nan }
    let mean = mean
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(count - 1)).squareRoot()
  }

  /// Half the width of the 95 % confidence interval of the mean: t₀.₉₇₅,ₙ₋₁ · s / √n (Student, "The
  /// probable error of a mean", Biometrika 6, 1908). NaN for fewer than two pairs.
  package var halfWidth: Double {
    guard count > 1 else { return .nan }
    return Self.quantile(degrees: count - 1) * deviation / Double(count).squareRoot()
  }

  /// Whether the interval lies on one side of 0.
  package var isClear: Bool { count > 1 && abs(mean) > halfWidth }

  package func share(where holds: (Double) -> Bool) -> Int { differences.count(where: holds) }

  /// t at 0.975: exact for one and two degrees of freedom, else by the expansion in 1/ν around the
  /// normal quantile z (M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 26.7.5); off by
  /// less than 0.2 %.
  static func quantile(degrees: Int) -> Double {
    switch degrees {
    case ..<1: return .nan
    case 1: return 12.706_204_736
    case 2: return 4.302_652_730
    default:
      let (z, n) = (1.959_963_985, Double(degrees))
      let z3 = z * z * z
      let z5 = z3 * z * z
      let z7 = z5 * z * z
      let z9 = z7 * z * z
      return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n)
        + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92_160 * n * n * n * n)
    }
  }
}
