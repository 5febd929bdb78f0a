import Tensors

/// Numbers and arrays of different shapes taken together, by NumPy's rule: axes are matched from
/// the last, and an axis of 1 or a missing one is repeated.
enum Broadcast {
  static func combine(
    _ a: ExpressionValue, _ b: ExpressionValue, _ combine: (Double, Double) -> Double
  ) throws(ExpressionFailure) -> ExpressionValue {
    if case .tensor = a {
    } else if case .tensor = b {
    } else {
      return .number(combine(try scalar(a), try scalar(b)))
    }
    let (first, second) = (try operand(a), try operand(b))
    let shape = try shape(first.shape, second.shape)
    let places = (offsets(of: first.shape, in: shape), offsets(of: second.shape, in: shape))
    return .tensor(
      Tensor(
        shape: shape,
        scalars: zip(places.0, places.1).map {
          Float(combine(first.numbers[$0], second.numbers[$1]))
        }))
  }

  /// As an array, a number or truth as one of no axes.
  static func tensor(_ value: ExpressionValue) throws(ExpressionFailure) -> Tensor {
    if case .tensor(let tensor) = value { return tensor }
    return Tensor(shape: [], scalars: [Float(try scalar(value))])
  }

  /// A number, or 1 and 0 for what holds and does not.
  static func scalar(_ value: ExpressionValue) throws(ExpressionFailure) -> Double {
    if case .truth(let truth) = value { return truth ? 1 : 0 }
    return try value.number()
  }

  /// Numbers keep their precision beside an array.
  private static func operand(
    _ value: ExpressionValue
  ) throws(ExpressionFailure) -> (shape: Shape, numbers: [Double]) {
    guard case .tensor(let tensor) = value else { return ([], [try scalar(value)]) }
    return (tensor.shape, tensor.scalars.map { Double($0) })
  }

  private static func shape(_ a: Shape, _ b: Shape) throws(ExpressionFailure) -> Shape {
    let rank = max(a.rank, b.rank)
    func padded(_ shape: Shape) -> [Int] {
      [Int](repeating: 1, count: rank - shape.rank) + shape.extents
    }
    var extents: [Int] = []
    for (m, n) in zip(padded(a), padded(b)) {
      guard m == n || m == 1 || n == 1 else {
        throw ExpressionFailure(
          .meaning, "shapes \(a) and \(b) do not fit", remedy: "two of the same shape")
      }
      extents.append(m == 1 ? n : m)
    }
    guard extents.reduce(1.0, { $0 * Double($1) }) <= 10_000_000 else {
      throw ExpressionFailure(
        .meaning, "an array of shape \(Shape(extents)), too large to show", remedy: "a slice")
    }
    return Shape(extents)
  }

  /// Where each element of `whole` lies in an array that is repeated to fill it.
  private static func offsets(of part: Shape, in whole: Shape) -> [Int] {
    let missing = whole.rank - part.rank
    let strides = part.strides
    var offsets = [0]
    for axis in 0..<whole.rank {
      let own = axis - missing
      let stride = own < 0 || part[own] == 1 ? 0 : strides[own]
      offsets = offsets.flatMap { offset in (0..<whole[axis]).map { offset + $0 * stride } }
    }
    return offsets
  }
}
