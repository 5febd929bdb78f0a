/// A Float32 array that is a value: what crosses module borders, files and threads.
///
/// The engine itself computes in arenas, not in tensors; a tensor is what one reads from it.
package struct Tensor: Hashable, Sendable {
  package let shape: Shape
  package private(set) var scalars: [Float]

  package init(shape: Shape, scalars: [Float]) {
    precondition(
      shape.count == scalars.count, "\(scalars.count) numbers do not fill a shape of \(shape)")
    self.shape = shape
    self.scalars = scalars
  }

  /// A tensor of one repeated number.
  package init(shape: Shape, repeating value: Float) {
    self.init(shape: shape, scalars: [Float](repeating: value, count: shape.count))
  }

  package var count: Int { scalars.count }

  /// Whether both are one array in memory: neither was written since one was made of the other.
  package func sharesMemory(with other: Tensor) -> Bool {
    scalars.withUnsafeBufferPointer { own in
      other.scalars.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress }
    }
  }

  package subscript(index: Int...) -> Float {
    get {
      guard let offset = shape.offset(of: index) else {
        preconditionFailure("index \(index) lies outside \(shape)")
      }
      return scalars[offset]
    }
    set {
      guard let offset = shape.offset(of: index) else {
        preconditionFailure("index \(index) lies outside \(shape)")
      }
      scalars[offset] = newValue
    }
  }

  /// The same numbers under another shape of the same count.
  package func reshaped(to shape: Shape) -> Tensor { Tensor(shape: shape, scalars: scalars) }

  /// The rows `indices` of the outermost axis, in that order.
  package func rows(_ indices: [Int]) -> Tensor {
    let width = shape.extents.dropFirst().reduce(1, *)
    var taken: [Float] = []
    taken.reserveCapacity(indices.count * width)
    for i in indices { taken += scalars[i * width..<(i + 1) * width] }
    return Tensor(shape: Shape([indices.count] + shape.extents.dropFirst()), scalars: taken)
  }
}

extension Sequence<Tensor> {
  /// How many numbers lie in memory for these alone where the others are kept too.
  package func numbersOfTheirOwn(beside others: some Sequence<Tensor>) -> Int {
    reduce(0) { sum, one in
      sum + (others.contains { $0.sharesMemory(with: one) } ? 0 : one.count)
    }
  }
}
