import Tensors

/// How operands of several shapes meet number by number, as [rows, columns]: each is whole, one
/// number, one for each row or one for each column.
package struct OperandLayout: Hashable, Sendable {
  package let rows, columns: Int
  package let modes: [OperandMode]

  package init(rows: Int, columns: Int, modes: [OperandMode]) {
    self.rows = rows
    self.columns = columns
    self.modes = modes
  }

  /// The layout in which these shapes broadcast to `output` by NumPy's rules; nil where that takes
  /// more than rows and columns, so that an operand must be broadcast first.
  package init?(_ shapes: [Shape], output: Shape) {
    var columns: Int?
    var modes: [OperandMode] = []
    for shape in shapes {
      guard let (mode, width) = Self.mode(of: shape, in: output),
        width == nil || columns == nil || width == columns
      else { return nil }
      modes.append(mode)
      columns = columns ?? width
    }
    let width = columns ?? max(output.last, 1)
    self.init(rows: output.count / max(width, 1), columns: width, modes: modes)
  }

  private static func mode(of shape: Shape, in output: Shape) -> (OperandMode, columns: Int?)? {
    let missing = output.rank - shape.rank
    guard missing >= 0 else { return nil }
    let extents = [Int](repeating: 1, count: missing) + shape.extents
    guard zip(extents, output.extents).allSatisfy({ $0 == $1 || $0 == 1 }) else { return nil }
    if extents == output.extents { return (.full, nil) }
    if shape.count == 1 { return (.scalar, nil) }
    let first = extents.firstIndex { $0 != 1 } ?? 0
    if extents[first...] == output.extents[first...] { return (.perColumn, shape.count) }
    let end = (extents.lastIndex { $0 != 1 } ?? 0) + 1
    if extents[..<end] == output.extents[..<end] {
      return (.perRow, output.count / max(shape.count, 1))
    }
    return nil
  }

  /// The shape that shapes broadcast to by NumPy's rules; nil where they do not fit.
  package static func broadcast(_ shapes: [Shape]) -> Shape? {
    let rank = shapes.map(\.rank).max() ?? 0
    var extents = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (axis, extent) in zip(rank - shape.rank..<rank, shape.extents) where extent != 1 {
        guard extents[axis] == 1 || extents[axis] == extent else { return nil }
        extents[axis] = extent
      }
    }
    return Shape(extents)
  }

  /// The same for some of the operands.
  func of(_ places: [Int]) -> OperandLayout {
    OperandLayout(rows: rows, columns: columns, modes: places.map { modes[$0] })
  }

  /// The same with further operands.
  func adding(_ more: [OperandMode]) -> OperandLayout {
    OperandLayout(rows: rows, columns: columns, modes: modes + more)
  }

  /// The sum that turns a gradient of every place into that of an operand; nil where it is whole.
  func sum(for mode: OperandMode) -> ReductionGeometry? {
    switch mode {
    case .full: nil
    case .scalar: ReductionGeometry(outer: 1, count: rows * columns, inner: 1)
    case .perRow: ReductionGeometry(outer: rows, count: columns, inner: 1)
    case .perColumn: ReductionGeometry(outer: 1, count: rows, inner: columns)
    }
  }
}
