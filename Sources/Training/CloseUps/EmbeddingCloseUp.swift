import Tensors

/// The rows of an embedding in the two dimensions in which they differ most.
package struct EmbeddingCloseUp: Hashable, Sendable {
  /// A row near another one.
  package struct Neighbor: Hashable, Sendable {
    package let token: Int
    /// The cosine of the angle between both rows, -1…1.
    package let cosine: Float
  }

  package struct Place: Hashable, Sendable {
    package let x, y: Float
  }

  package let layer: String
  /// How many numbers a row has.
  package let size: Int
  /// Where each token's row lies.
  package let places: [Place]
  /// The share of the variance across and up, 0…1.
  package let shares: [Double]
  package let chosen: Int
  /// The rows nearest to the chosen one in all dimensions, nearest first.
  package let neighbors: [Neighbor]
  /// The numbers of the chosen row.
  package let row: [Float]

  init(_ rows: Tensor, _ axes: PrincipalAxes, _ interest: CloseUpInterest) {
    layer = interest.layer
    size = rows.shape[1]
    places = axes.places.map { Place(x: $0.x, y: $0.y) }
    shares = axes.shares
    chosen = min(max(0, interest.part), max(0, rows.shape[0] - 1))
    neighbors = Self.neighbors(of: chosen, rows)
    row = rows.shape[0] > 0 ? Array(rows.scalars[chosen * size..<(chosen + 1) * size]) : []
  }

  /// At most twelve.
  private static func neighbors(of chosen: Int, _ rows: Tensor) -> [Neighbor] {
    let (count, size) = (rows.shape[0], rows.shape[1])
    guard chosen < count else { return [] }
    func product(_ a: Int, _ b: Int) -> Float {
      (0..<size).reduce(Float(0)) {
        $0 + rows.scalars[a * size + $1] * rows.scalars[b * size + $1]
      }
    }
    let own = product(chosen, chosen).squareRoot()
    let all = (0..<count).filter { $0 != chosen }.map { token in
      let length = own * product(token, token).squareRoot()
      return Neighbor(token: token, cosine: length > 0 ? product(chosen, token) / length : 0)
    }
    return Array(all.sorted { ($1.cosine, $0.token) < ($0.cosine, $1.token) }.prefix(12))
  }
}
