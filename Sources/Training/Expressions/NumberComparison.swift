/// How numbers are compared.
///
/// Runs have Float32, in which 0.9 is 0.89999998. A number written in figures means the Float32 nearest
/// to it where it stands beside one, so that `accuracy >= 0.9` holds where the screen shows 0.9.
/// Beside what has more digits, as a mean in Float64, it means what is written.
enum NumberComparison {
  /// - Parameters:
  ///   - a: what stands before the symbol.
  ///   - b: what stands behind it.
  static func function(
    _ symbol: String, _ a: RunExpression.Node, _ b: RunExpression.Node
  ) -> (Double, Double) -> Bool {
    let exact = exact(symbol)
    switch (a.isInFigures, b.isInFigures) {
    case (false, true): return { exact($0, near($1, to: $0)) }
    case (true, false): return { exact(near($0, to: $1), $1) }
    default: return exact
    }
  }

  private static func exact(_ symbol: String) -> (Double, Double) -> Bool {
    switch symbol {
    case "<": { $0 < $1 }
    case "<=": { $0 <= $1 }
    case ">": { $0 > $1 }
    case ">=": { $0 >= $1 }
    case "==": { $0 == $1 }
    default: { $0 != $1 }
    }
  }

  /// What a written number means beside another.
  private static func near(_ written: Double, to other: Double) -> Double {
    other.isFinite && Double(Float(other)) == other ? Double(Float(written)) : written
  }
}

extension RunExpression.Node {
  /// Whether it is made of figures alone: `0.9`, `-1/3`.
  fileprivate var isInFigures: Bool {
    switch form {
    case .number: true
    case .negative(let part): part.isInFigures
    case .binary(let symbol, let a, let b):
      symbol != "and" && symbol != "or" && a.isInFigures && b.isInFigures
    default: false
    }
  }
}
