import Tensors

/// An array as [outer, extent, inner] around one of its axes.
package struct AxisPlace: Hashable, Sendable {
  package let outer, extent, inner: Int

  /// - Parameter axis: as Python counts: −1 is the last.
  package init(_ axis: Int, of shape: Shape) {
    let place = axisIndex(axis, rank: shape.rank)
    outer = shape.extents[..<place].reduce(1, *)
    extent = shape[place]
    inner = shape.extents[(place + 1)...].reduce(1, *)
  }

  /// The places that lie along the axis through a place of the whole array.
  package func line(through place: Int) -> [Int] {
    line(ofReduced: place / (extent * inner) * inner + place % inner)
  }

  /// The places that become one place of the array without the axis.
  package func line(ofReduced place: Int) -> [Int] {
    let (o, i) = place.quotientAndRemainder(dividingBy: inner)
    return (0..<extent).map { (o * extent + $0) * inner + i }
  }

  /// Where a place of the whole array goes in the array without the axis.
  package func reduced(_ place: Int) -> Int { place / (extent * inner) * inner + place % inner }

  /// The index of a place along the axis.
  package func index(of place: Int) -> Int { place / inner % extent }

  var sizes: [Int] { [outer, extent, inner] }
}

extension Shape {
  /// The shape without an axis, or with one place left of it.
  func reduced(_ axis: Int, keepsAxis: Bool) -> Shape {
    var shape = self
    let place = axisIndex(axis, rank: rank)
    if keepsAxis {
      shape.extents[place] = 1
    } else {
      shape.extents.remove(at: place)
    }
    return shape
  }
}

extension KernelCall {
  /// `y = f(x)` along an axis.
  static func alongAxis(
    _ function: AxisFunction, _ place: AxisPlace, _ x: Value, _ y: Value
  ) -> KernelCall {
    KernelCall(.alongAxis, [x, y], sizes: [function.rawValue] + place.sizes)
  }
}

extension Emitter {
  /// Emits `y = f(x)` along an axis, as one instruction.
  mutating func emitAlongAxis(
    _ title: String, _ function: AxisFunction, _ place: AxisPlace, _ x: Value, _ y: Value
  ) {
    emit(
      title, [.alongAxis(function, place, x, y)],
      [
        InstructionResult(
          y, "\(symbol(of: y)) = \(title)(\(symbol(of: x)))", .alongAxis(function, of: x, place))
      ])
  }
}
