import Foundation

/// Gaussian elimination with partial pivoting.
enum Elimination {
  /// Solves A X = B for an n × n matrix and m right sides.
  static func solve(
    _ a: [Double], _ b: [Double], _ n: Int, _ m: Int
  ) throws(Complaint) -> (solution: [Double], determinant: Double) {
    var (a, b) = (a, b)
    // NumPy sums the logarithms of the pivots.
    var (sign, logarithm) = (1.0, 0.0)
    for column in 0..<n {
      let pivot = (column..<n).max { abs(a[$0 * n + column]) < abs(a[$1 * n + column]) } ?? column
      guard a[pivot * n + column] != 0 else {
        throw Complaint("a singular matrix has no inverse")
      }
      if pivot != column {
        for j in 0..<n { a.swapAt(pivot * n + j, column * n + j) }
        for j in 0..<m { b.swapAt(pivot * m + j, column * m + j) }
        sign = -sign
      }
      sign *= a[column * n + column] < 0 ? -1 : 1
      logarithm += log(abs(a[column * n + column]))
      for row in column + 1..<max(n, column + 1) {
        let factor = a[row * n + column] / a[column * n + column]
        guard factor != 0 else { continue }
        for j in column..<n { a[row * n + j] -= factor * a[column * n + j] }
        for j in 0..<m { b[row * m + j] -= factor * b[column * m + j] }
      }
    }
    for row in (0..<n).reversed() {
      for j in 0..<m {
        var x = b[row * m + j]
        for k in row + 1..<max(n, row + 1) { x -= a[row * n + k] * b[k * m + j] }
        b[row * m + j] = x / a[row * n + row]
      }
    }
    return (b, sign * exp(logarithm))
  }

  static func determinant(_ a: [Double], _ n: Int) -> Double {
    (try? solve(a, [], n, 0).determinant) ?? 0
  }

  /// The number of independent rows.
  static func rank(_ given: [Double], _ rows: Int, _ columns: Int) -> Int {
    var a = given
    let small = (a.map(abs).max() ?? 0) * Double(max(rows, columns)) * 2.220446049250313e-16
    var rank = 0
    for column in 0..<columns where rank < rows {
      let pivot =
        (rank..<rows).max { abs(a[$0 * columns + column]) < abs(a[$1 * columns + column]) } ?? rank
      guard abs(a[pivot * columns + column]) > small else { continue }
      for j in 0..<columns { a.swapAt(pivot * columns + j, rank * columns + j) }
      for row in rank + 1..<max(rows, rank + 1) {
        let factor = a[row * columns + column] / a[rank * columns + column]
        for j in 0..<columns { a[row * columns + j] -= factor * a[rank * columns + j] }
      }
      rank += 1
    }
    return rank
  }
}
