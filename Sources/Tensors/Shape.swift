/// The extents of an array, outermost first; `[]` is a single number.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package var extents: [Int]

  package init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "an extent cannot be negative: \(extents)")
    self.extents = extents
  }

  package init(arrayLiteral extents: Int...) { self.init(extents) }

  package var rank: Int { extents.count }

  /// The number of elements.
  package var count: Int { extents.reduce(1, *) }

  /// The number of elements, nil when there are more than `limit`, however many.
  package func count(upTo limit: Int) -> Int? {
    if extents.contains(0) { return 0 }
    var count = 1
    for extent in extents {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= limit else { return nil }
      count = product
    }
    return count
  }

  /// The extent of the innermost axis, 1 for a single number.
  package var last: Int { extents.last ?? 1 }

  /// The number of rows when all axes but the innermost are taken together.
  package var rows: Int { extents.dropLast().reduce(1, *) }

  package subscript(axis: Int) -> Int { extents[axis] }

  /// The distance in elements between neighbors along each axis, row-major.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }

  /// The row-major position of an index, or nil when it lies outside.
  package func offset(of index: [Int]) -> Int? {
    guard index.count == rank else { return nil }
    var offset = 0
    for (i, extent) in zip(index, extents) {
      guard i >= 0 && i < extent else { return nil }
      offset = offset * extent + i
    }
    return offset
  }

  /// The index of a row-major position.
  package func index(ofOffset offset: Int) -> [Int] {
    var rest = offset
    return strides.map { stride in
      let i = stride == 0 ? 0 : rest / stride
      rest -= i * stride
      return i
    }
  }

  /// As the lab writes shapes: `[32, 64]`.
  package var description: String {
    "[" + extents.map(String.init).joined(separator: ", ") + "]"
  }
}
