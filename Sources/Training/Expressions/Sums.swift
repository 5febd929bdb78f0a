/// Sums over many numbers in Float64, in eight lanes: fast enough for a condition that is asked at
/// every step, and the same digits wherever they are asked for.
enum Sums {
  static func sum(_ numbers: UnsafeBufferPointer<Float>) -> Double {
    folded(numbers) { $0 }
  }

  /// Σ x²
  static func squares(_ numbers: UnsafeBufferPointer<Float>) -> Double {
    folded(numbers) { $0 * $0 }
  }

  /// Σ (x - center)²
  static func squares(_ numbers: UnsafeBufferPointer<Float>, from center: Double) -> Double {
    folded(numbers) { ($0 - center) * ($0 - center) }
  }

  @inline(__always)
  private static func folded(
    _ numbers: UnsafeBufferPointer<Float>, _ term: (Double) -> Double
  ) -> Double {
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var (e, f, g, h) = (0.0, 0.0, 0.0, 0.0)
    var i = 0
    let end = numbers.count & ~7
    while i < end {
      a += term(Double(numbers[i]))
      b += term(Double(numbers[i + 1]))
      c += term(Double(numbers[i + 2]))
      d += term(Double(numbers[i + 3]))
      e += term(Double(numbers[i + 4]))
      f += term(Double(numbers[i + 5]))
      g += term(Double(numbers[i + 6]))
      h += term(Double(numbers[i + 7]))
      i += 8
    }
    while i < numbers.count {
      a += term(Double(numbers[i]))
      i += 1
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h))
  }
}

/// A function of all numbers of an array that gives one, in Float64.
enum Reduction: String, CaseIterable {
  case sum, mean, min, max
  /// The square root of the mean squared distance from the mean, as NumPy's.
  case std
  case norm
  /// How many are not 0: of a comparison, how many hold.
  case count

  func of(_ numbers: UnsafeBufferPointer<Float>) -> Double {
    let n = Double(numbers.count)
    switch self {
    case .sum: return Sums.sum(numbers)
    case .mean: return numbers.isEmpty ? .nan : Sums.sum(numbers) / n
    case .min: return Self.extreme(numbers, isLeast: true)
    case .max: return Self.extreme(numbers, isLeast: false)
    case .std:
      let mean = Sums.sum(numbers) / n
      return (Sums.squares(numbers, from: mean) / n).squareRoot()
    case .norm: return Sums.squares(numbers).squareRoot()
    case .count:
      var count = 0
      for number in numbers where number != 0 { count += 1 }
      return Double(count)
    }
  }

  func of(_ number: Double) -> Double {
    switch self {
    case .sum, .mean, .min, .max: number
    case .std: number - number
    case .norm: abs(number)
    case .count: number != 0 ? 1 : 0
    }
  }

  /// NaN if any is, as NumPy; of none too.
  private static func extreme(
    _ numbers: UnsafeBufferPointer<Float>, isLeast: Bool
  ) -> Double {
    guard var best = numbers.first else { return .nan }
    for number in numbers {
      if number.isNaN { return .nan }
      if isLeast ? number < best : number > best { best = number }
    }
    return Double(best)
  }
}
