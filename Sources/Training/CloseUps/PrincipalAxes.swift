import Tensors

/// The two directions along which rows of numbers differ most, and where each row lies on them.
///
///     C = Σ (x - mean) (x - mean)ᵀ / n        a₁, a₂: the eigenvectors of C with the largest eigenvalues
///
/// Found by power iteration, `a ← C a / |C a|`, without making C; the second at right angles to the
/// first. (Pearson 1901, Hotelling 1933.)
package struct PrincipalAxes: Sendable {
  /// Two unit vectors, as long as a row; of rows of one number only one.
  package let axes: [[Double]]
  /// Where each row lies along each axis, its mean being 0.
  package let places: [(x: Float, y: Float)]
  /// The share of the variance along each axis, 0…1.
  package let shares: [Double]

  private static let mostRounds = 60

  /// - Parameters:
  ///   - rows: [n, size]; what is not finite counts as 0.
  ///   - known: the axes of the same rows a moment ago, which keeps signs and saves rounds.
  package init(of rows: Tensor, startingFrom known: [[Double]]? = nil) {
    let (count, size) = (rows.shape.rows, rows.shape.last)
    var centered = rows.scalars.map { $0.isFinite ? Double($0) : 0 }
    for column in 0..<size {
      let places = stride(from: column, to: centered.count, by: max(1, size))
      let mean = places.reduce(0) { $0 + centered[$1] } / Double(max(1, count))
      for place in places { centered[place] -= mean }
    }
    let total = centered.reduce(0) { $0 + $1 * $1 }
    var axes: [[Double]] = []
    var shares: [Double] = []
    for place in 0..<min(2, size) {
      let start = known.flatMap { $0.count > place && $0[place].count == size ? $0[place] : nil }
      let axis = Self.axis(
        of: centered, size, from: start ?? Self.start(place, size), besides: axes)
      let length = Self.along(axis, centered, size).reduce(0) { $0 + $1 * $1 }
      axes.append(axis)
      shares.append(total > 0 ? length / total : 0)
    }
    self.axes = axes
    self.shares = shares
    let across = axes.first.map { Self.along($0, centered, size) } ?? []
    let up = axes.count > 1 ? Self.along(axes[1], centered, size) : across.map { _ in 0 }
    places = zip(across, up).map { (Float($0), Float($1)) }
  }

  /// A vector with a part of every direction, the same one each time.
  private static func start(_ place: Int, _ size: Int) -> [Double] {
    (0..<size).map { 1 / Double(1 + ($0 + 3 * place) % (size + 1)) }
  }

  /// The inner product of each row with an axis.
  private static func along(_ axis: [Double], _ rows: [Double], _ size: Int) -> [Double] {
    stride(from: 0, to: rows.count, by: max(1, size)).map { start in
      var sum = 0.0
      for i in 0..<size { sum += rows[start + i] * axis[i] }
      return sum
    }
  }

  private static func axis(
    of rows: [Double], _ size: Int, from start: [Double], besides others: [[Double]]
  ) -> [Double] {
    var axis = unit(start, besides: others)
    for _ in 0..<mostRounds {
      var next = [Double](repeating: 0, count: size)
      for (row, length) in along(axis, rows, size).enumerated() {
        for i in 0..<size { next[i] += length * rows[row * size + i] }
      }
      guard next.contains(where: { $0 != 0 }) else { return axis }
      next = unit(next, besides: others)
      let change = zip(next, axis).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      axis = next
      if change < 1e-12 { break }
    }
    return axis
  }

  /// The part of a vector at right angles to others, of length 1.
  private static func unit(_ vector: [Double], besides others: [[Double]]) -> [Double] {
    var vector = vector
    for other in others {
      let part = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
      for i in vector.indices { vector[i] -= part * other[i] }
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }
}
