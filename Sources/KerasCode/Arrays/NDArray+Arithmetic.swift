import Tensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// Broadcasting, and the operators of arrays.

extension NDArray {
  /// The shape of a result of two shapes: extents of 1 stretch, missing ones count as 1.
  static func broadcast(_ a: Shape, _ b: Shape) throws(Complaint) -> Shape {
    var extents: [Int] = []
    for i in 0..<max(a.rank, b.rank) {
      let x = i < a.rank ? a[a.rank - 1 - i] : 1
      let y = i < b.rank ? b[b.rank - 1 - i] : 1
      guard x == y || x == 1 || y == 1 else {
        throw Complaint(
          "arrays of shapes \(a.tupleText) and \(b.tupleText) do not fit each other",
          remedy: "extents must be equal, or 1")
      }
      extents.insert(x == 1 ? y : x, at: 0)
    }
    return try Shape.checked(extents)
  }

  /// This array's numbers stretched to a shape that broadcasting gave.
  func stretched(to target: Shape) -> [Double] {
    if target == shape { return scalars }
    if count == 1 { return [Double](repeating: scalars[0], count: target.count) }
    let offset = target.rank - rank
    let own = shape.strides
    let steps = (0..<target.rank).map { axis in
      axis < offset || shape[axis - offset] == 1 ? 0 : own[axis - offset]
    }
    var result: [Double] = []
    result.reserveCapacity(target.count)
    Self.walk(target.extents, steps) { result.append(scalars[$0]) }
    return result
  }

  /// Visits the positions that steps along extents reach, in row-major order.
  static func walk(
    _ extents: [Int], _ steps: [Int], from start: Int = 0, _ visit: (Int) -> Void
  ) {
    guard !extents.contains(0) else { return }
    guard !extents.isEmpty else { return visit(start) }
    var index = [Int](repeating: 0, count: extents.count)
    var position = start
    while true {
      visit(position)
      var axis = extents.count - 1
      while true {
        index[axis] += 1
        position += steps[axis]
        if index[axis] < extents[axis] { break }
        position -= steps[axis] * extents[axis]
        index[axis] = 0
        if axis == 0 { return }
        axis -= 1
      }
    }
  }

  /// Two arrays through a function of two numbers.
  static func combined(
    _ a: NDArray, _ b: NDArray, kind: Kind, _ f: (Double, Double) -> Double
  ) throws(Complaint) -> NDArray {
    let shape = try broadcast(a.shape, b.shape)
    let result: [Double]
    if b.count == 1 && a.shape == shape {
      let y = b.scalars[0]
      result = a.scalars.map { f($0, y) }
    } else if a.count == 1 && b.shape == shape {
      let x = a.scalars[0]
      result = b.scalars.map { f(x, $0) }
    } else {
      let x = a.stretched(to: shape)
      let y = b.stretched(to: shape)
      result = x.indices.map { f(x[$0], y[$0]) }
    }
    let made = NDArray(shape: shape, scalars: result, kind: kind)
    if kind.isWhole && kind != .bool { return try made.checkedWhole() }
    return kind == .bool ? made.converted(to: .bool) : made
  }

  /// Throws when whole numbers left what doubles count exactly.
  func checkedWhole() throws(Complaint) -> NDArray {
    let limit = 9_007_199_254_740_992.0
    guard scalars.allSatisfy({ abs($0) <= limit }) else {
      throw Complaint("whole numbers beyond 2^53 in an array are not supported")
    }
    return kind == .int64 ? self : map(kind.rounded)
  }

  /// An operator of Python between two arrays.
  static func operation(_ mark: String, _ a: NDArray, _ b: NDArray) throws(Complaint) -> NDArray {
    let kind = a.kind.promoted(with: b.kind)
    try a.requireNumbers("\"\(mark)\"")
    try b.requireNumbers("\"\(mark)\"")
    let arithmetic = kind == .bool ? Kind.int8 : kind
    let real = kind.isWhole ? Kind.float64 : kind
    switch mark {
    case "+":
      return kind == .bool
        ? try combined(a, b, kind: kind) { $0 + $1 > 0 ? 1 : 0 } : try combined(a, b, kind: kind, +)
    case "-":
      guard kind != .bool else {
        throw Complaint("NumPy does not subtract arrays of True and False", remedy: "use ^")
      }
      return try combined(a, b, kind: kind, -)
    case "*": return try combined(a, b, kind: kind, *)
    case "/": return try combined(a, b, kind: real, /)
    case "//":
      return try combined(a, b, kind: arithmetic) { x, y in
        y == 0 ? (kind.isWhole ? 0 : x / y) : PythonArithmetic.floorDivision(x, y)
      }
    case "%":
      return try combined(a, b, kind: arithmetic) { x, y in
        y == 0 && kind.isWhole ? 0 : PythonArithmetic.modulo(x, y)
      }
    case "**":
      if kind.isWhole && b.scalars.contains(where: { $0 < 0 }) {
        throw Complaint("whole numbers cannot be raised to negative powers", remedy: "use floats")
      }
      return try combined(a, b, kind: arithmetic) { pow($0, $1) }
    case "@": return try matrixProduct(a, b)
    case "&", "|", "^", "<<", ">>": return try bitwise(mark, a, b, kind)
    default: throw Complaint("arrays have no operator \"\(mark)\"")
    }
  }

  private static func bitwise(
    _ mark: String, _ a: NDArray, _ b: NDArray, _ kind: Kind
  ) throws(Complaint) -> NDArray {
    guard kind.isWhole else {
      throw Complaint("\"\(mark)\" works on whole numbers and True and False, not on floats")
    }
    // Beyond 2^53 a double is not the number that was meant, beyond 2^63 not even an Int.
    let (a, b) = (try a.checkedWhole(), try b.checkedWhole())
    return try combined(a, b, kind: kind) { x, y in
      let (i, j) = (Int(x), Int(y))
      return switch mark {
      case "&": Double(i & j)
      case "|": Double(i | j)
      case "<<": Double(i << j)
      case ">>": Double(i >> j)
      default: Double(i ^ j)
      }
    }
  }

  /// A comparison, elementwise, of kind bool.
  static func comparison(_ mark: String, _ a: NDArray, _ b: NDArray) throws(Complaint) -> NDArray {
    let compare: (Double, Double) -> Bool =
      switch mark {
      case "<": (<)
      case "<=": (<=)
      case ">": (>)
      case ">=": (>=)
      case "==": (==)
      default: (!=)
      }
    if a.kind.isNumeric != b.kind.isNumeric, a.kind != .object, b.kind != .object {
      guard mark == "==" || mark == "!=" else {
        throw Complaint("texts and numbers have no order")
      }
    }
    let both = unified([a, b])
    return try combined(both[0], both[1], kind: .bool) { compare($0, $1) ? 1 : 0 }
  }

  /// `a @ b` of vectors, matrices, and stacks of matrices.
  static func matrixProduct(_ a: NDArray, _ b: NDArray) throws(Complaint) -> NDArray {
    guard a.rank > 0, b.rank > 0 else { throw Complaint("a matrix product of single numbers") }
    let kind = a.kind.promoted(with: b.kind)
    let left = a.rank == 1 ? a.reshaped(to: Shape([1, a.count])) : a
    let right = b.rank == 1 ? b.reshaped(to: Shape([b.count, 1])) : b
    let m = left.shape[left.rank - 2]
    let k = left.shape.last
    let n = right.shape.last
    guard right.shape[right.rank - 2] == k else {
      throw Complaint(
        "a matrix product of shapes \(a.shape.tupleText) and \(b.shape.tupleText)",
        remedy: "the last extent of the left must be the one before the last of the right")
    }
    let stack = try broadcast(
      Shape(Array(left.shape.extents.dropLast(2))), Shape(Array(right.shape.extents.dropLast(2))))
    let x = left.stretched(to: try Shape.checked(stack.extents + [m, k]))
    let y = right.stretched(to: try Shape.checked(stack.extents + [k, n]))
    var extents = stack.extents
    if a.rank > 1 { extents.append(m) }
    if b.rank > 1 { extents.append(n) }
    let shape = try Shape.checked(stack.extents + [m, n])
    var result = [Double](repeating: 0, count: shape.count)
    for s in 0..<stack.count {
      for i in 0..<m {
        for p in 0..<k {
          let factor = x[(s * m + i) * k + p]
          for j in 0..<n { result[(s * m + i) * n + j] += factor * y[(s * k + p) * n + j] }
        }
      }
    }
    return NDArray(shape: Shape(extents), scalars: result, kind: kind).converted(to: kind)
  }
}

/// Python's rules for division of numbers.
enum PythonArithmetic {
  /// The remainder with the sign of the divisor.
  static func modulo(_ x: Double, _ y: Double) -> Double {
    let r = fmod(x, y)
    return r != 0 && (r < 0) != (y < 0) ? r + y : r
  }

  /// The quotient rounded down, as Python and NumPy compute it: from the remainder.
  static func floorDivision(_ x: Double, _ y: Double) -> Double {
    guard y != 0 else { return x / y }
    let remainder = modulo(x, y)
    let quotient = (x - remainder) / y
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }
}

extension Shape {
  /// A shape whose count is within what arrays may have.
  static func checked(_ extents: [Int]) throws(Complaint) -> Shape {
    var count = 1
    for extent in extents {
      guard extent >= 0 else { throw Complaint("an extent cannot be negative: \(extent)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= NDArray.mostElements else {
        throw Complaint(
          "an array of shape (\(extents.map(String.init).joined(separator: ", "))) is too large",
          remedy: "at most \(NDArray.mostElements) numbers fit into one array")
      }
      count = product
    }
    guard extents.count <= 32 else { throw Complaint("an array of more than 32 axes") }
    return Shape(extents)
  }

  /// As Python writes it: `()`, `(3,)`, `(3, 4)`.
  var tupleText: String {
    rank == 1
      ? "(\(extents[0]),)" : "(" + extents.map(String.init).joined(separator: ", ") + ")"
  }
}
