/// How pictures [batch, height, width, channels] are drawn anew, each by six numbers a: what stands at
/// column q and row r then stood at
///
///     column  a₀ q + a₁ r + a₂        row  a₃ q + a₄ r + a₅
package struct AffineSampling: Hashable, Sendable {
  package let batch, height, width, channels: Int
  package let interpolation: Interpolation
  package let fillMode: FillMode
  /// What lies beyond the picture where the fill mode is constant.
  package let fillValue: Double

  /// - Parameter pictures: [batch, height, width, channels].
  package init(
    over pictures: Shape, interpolation: Interpolation, fillMode: FillMode, fillValue: Double
  ) {
    (batch, height, width, channels) = (pictures[0], pictures[1], pictures[2], pictures[3])
    self.interpolation = interpolation
    self.fillMode = fillMode
    self.fillValue = fillValue
  }

  /// From the sizes and the constant of a kernel call.
  init<Scalar>(_ call: ReferenceCall<Scalar>) {
    self.init(
      over: Shape(Array(call.sizes[0..<4])),
      interpolation: Interpolation(rawValue: call.sizes[4]) ?? .nearest,
      fillMode: FillMode(rawValue: call.sizes[5]) ?? .constant, fillValue: call.constants[0])
  }

  /// The sizes of a kernel call: B H W C interpolation fill.
  package var sizes: [Int] {
    [batch, height, width, channels, interpolation.rawValue, fillMode.rawValue]
  }

  /// A pixel that another is made of, nil beyond the picture, and its share.
  package struct Source<Scalar: BinaryFloatingPoint> {
    package let pixel: (row: Int, column: Int)?
    package let share: Scalar
  }

  /// What the pixel at a row and column is made of, row by row.
  ///
  /// - Parameter matrix: the six numbers of its picture.
  package func sources<Scalar: BinaryFloatingPoint>(
    row: Int, column: Int, _ matrix: [Scalar]
  ) -> [Source<Scalar>] {
    func place(_ a: ArraySlice<Scalar>) -> Scalar {
      let i = a.startIndex
      let place = a[i + 1] * Scalar(row) + a[i] * Scalar(column) + a[i + 2]
      return place > -1e9 ? min(place, 1e9) : -1e9
    }
    let (y, x) = (place(matrix[3..<6]), place(matrix[0..<3]))
    let isSmooth = interpolation == .bilinear
    let rule: FloatingPointRoundingRule = isSmooth ? .down : .toNearestOrEven
    let (top, left) = (y.rounded(rule), x.rounded(rule))
    let (below, beside) = isSmooth ? (y - top, x - left) : (0, 0)
    return (0..<(isSmooth ? 4 : 1)).map { k in
      let row = inside(Int(top) + k / 2, height)
      let column = inside(Int(left) + k % 2, width)
      let share = (k / 2 == 1 ? below : 1 - below) * (k % 2 == 1 ? beside : 1 - beside)
      return Source(pixel: row.flatMap { row in column.map { (row, $0) } }, share: share)
    }
  }

  /// A place along an axis, brought back where it lies beyond; nil where a constant lies there.
  private func inside(_ i: Int, _ size: Int) -> Int? {
    guard i < 0 || i >= size else { return i }
    func rest(_ period: Int) -> Int { (i % period + period) % period }
    switch fillMode {
    case .constant: return nil
    case .nearest: return i < 0 ? 0 : size - 1
    case .wrap: return rest(size)
    case .reflect: return min(rest(2 * size), 2 * size - 1 - rest(2 * size))
    }
  }

  /// Visits every pixel: where its numbers begin, and where those begin that it is made of.
  func forEachPixel<Scalar: ReferenceScalar>(
    _ matrices: UnsafeMutablePointer<Scalar>,
    _ visit: (_ to: Int, _ sources: [(from: Int?, share: Scalar)]) -> Void
  ) {
    for b in 0..<batch {
      let matrix = (0..<6).map { matrices[6 * b + $0] }
      for row in 0..<height {
        for column in 0..<width {
          let sources = sources(row: row, column: column, matrix).map { source in
            (source.pixel.map { offset(b, $0.row, $0.column) }, source.share)
          }
          visit(offset(b, row, column), sources)
        }
      }
    }
  }

  private func offset(_ b: Int, _ row: Int, _ column: Int) -> Int {
    ((b * height + row) * width + column) * channels
  }
}
