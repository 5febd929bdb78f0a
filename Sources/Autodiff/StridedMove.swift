import Tensors

/// An array looked at through an extent and a stride for each axis: a stride of 0 repeats, a
/// negative one turns around.
package struct StridedView: Hashable, Sendable {
  package private(set) var extents: [Int]
  package private(set) var strides: [Int]
  /// The row-major position of the element at index 0, 0, …
  package private(set) var offset = 0

  /// The whole array as it is.
  package init(_ shape: Shape) {
    extents = shape.extents
    strides = shape.strides
  }

  /// Its axes in another order: axis i is axis `order[i]` of this view.
  func permuted(_ order: [Int]) -> StridedView {
    var view = self
    view.extents = order.map { extents[$0] }
    view.strides = order.map { strides[$0] }
    return view
  }

  /// `count` places of an axis from `start` on, every `step`-th.
  func sliced(_ axis: Int, from start: Int, count: Int, step: Int = 1) -> StridedView {
    var view = self
    view.offset += count == 0 ? 0 : start * strides[axis]
    view.extents[axis] = count
    view.strides[axis] *= step
    return view
  }

  /// A further axis before place `axis`, along which everything repeats.
  func repeated(_ count: Int, at axis: Int) -> StridedView {
    var view = self
    view.extents.insert(count, at: axis)
    view.strides.insert(0, at: axis)
    return view
  }

  /// An axis of one place made longer: its one number repeats.
  func stretched(_ axis: Int, to count: Int) -> StridedView {
    var view = self
    view.extents[axis] = count
    view.strides[axis] = 0
    return view
  }

  /// One place of an axis; the axis is gone.
  func removing(_ axis: Int, at place: Int) -> StridedView {
    var view = self
    view.offset += place * strides[axis]
    view.extents.remove(at: axis)
    view.strides.remove(at: axis)
    return view
  }
}

/// Which numbers of one array go to which places of another: a box of indexes, and how far each of
/// its axes moves in either array.
///
/// Transposing, repeating, slicing, turning around and laying side by side are all such a move; its
/// gradient is the same move the other way.
package struct StridedMove: Hashable, Sendable {
  package struct Axis: Hashable, Sendable {
    package let extent, source, target: Int
  }

  package private(set) var axes: [Axis]
  package private(set) var sourceOffset, targetOffset: Int

  /// - Precondition: both views have the same extents.
  package init(from source: StridedView, to target: StridedView) {
    precondition(source.extents == target.extents, "\(source.extents) to \(target.extents)")
    sourceOffset = source.offset
    targetOffset = target.offset
    axes = Self.merged(
      source.extents.indices.map {
        Axis(extent: source.extents[$0], source: source.strides[$0], target: target.strides[$0])
      })
  }

  /// Neighboring axes that run on in both arrays are one; axes of one place are none.
  private static func merged(_ axes: [Axis]) -> [Axis] {
    var merged: [Axis] = []
    for axis in axes where axis.extent != 1 {
      guard let last = merged.last, last.source == axis.source * axis.extent,
        last.target == axis.target * axis.extent
      else {
        merged.append(axis)
        continue
      }
      merged[merged.count - 1] = Axis(
        extent: last.extent * axis.extent, source: axis.source, target: axis.target)
    }
    return merged
  }

  /// How many numbers move.
  package var count: Int { axes.reduce(1) { $0 * $1.extent } }

  /// The same move the other way.
  package var reversed: StridedMove {
    var move = self
    move.axes = axes.map { Axis(extent: $0.extent, source: $0.target, target: $0.source) }
    (move.sourceOffset, move.targetOffset) = (targetOffset, sourceOffset)
    return move
  }

  /// Whether several numbers meet in one place of the target, so that they must be added.
  package var meets: Bool { axes.contains { $0.target == 0 && $0.extent > 1 } }

  /// The places of the source that a place of the target is given, in the order of the box.
  package func sources(of place: Int) -> [Int] {
    guard count > 0 else { return [] }
    // Counted from the lowest place that is written: an axis that runs backwards begins at its end.
    var rest = place - targetOffset
    for axis in axes where axis.target < 0 { rest -= (axis.extent - 1) * axis.target }
    var start = sourceOffset
    // From the coarsest axis to the finest, each takes what it can: strides of a part of a dense
    // array are nested.
    for axis in axes.filter({ $0.target != 0 }).sorted(by: { abs($0.target) > abs($1.target) }) {
      let (size, end) = (abs(axis.target), axis.extent - 1)
      let steps = min(max(rest, 0) / size, end)
      rest -= steps * size
      start += axis.source * (axis.target < 0 ? end - steps : steps)
    }
    guard rest == 0 else { return [] }
    return axes.filter { $0.target == 0 }.reduce([start]) { places, axis in
      places.flatMap { place in (0..<axis.extent).map { place + $0 * axis.source } }
    }
  }
}

extension KernelCall {
  /// Every number of `x` to its place in `y`; without x the constant.
  static func copies(
    _ move: StridedMove, _ x: Value?, _ y: Value, constant: Double = 0
  ) -> [KernelCall] {
    moves(.copyStrided, move, x, y, [constant])
  }

  /// Every number of `x` added to its place in `y`.
  static func additions(_ move: StridedMove, _ x: Value, _ y: Value) -> [KernelCall] {
    moves(.addStrided, move, x, y, [])
  }

  /// `y = constant` everywhere.
  static func fill(_ y: Value, _ constant: Double = 0) -> [KernelCall] {
    let view = StridedView([y.shape.count])
    return copies(
      StridedMove(from: view.stretched(0, to: y.shape.count), to: view), nil, y,
      constant: constant)
  }

  /// One call has room for six axes; further ones, outermost first, become several calls.
  private static func moves(
    _ kernel: Kernel, _ move: StridedMove, _ x: Value?, _ y: Value, _ constants: [Double]
  ) -> [KernelCall] {
    guard move.count > 0 else { return [] }
    let outer = Array(move.axes.dropLast(6))
    let missing = [StridedMove.Axis](
      repeating: .init(extent: 1, source: 0, target: 0), count: max(6 - move.axes.count, 0))
    let inner = missing + move.axes.suffix(6)
    let sizes = inner.map(\.extent) + inner.map(\.source) + inner.map(\.target)
    let starts = outer.reduce([(move.sourceOffset, move.targetOffset)]) { starts, axis in
      starts.flatMap { start in
        (0..<axis.extent).map { (start.0 + $0 * axis.source, start.1 + $0 * axis.target) }
      }
    }
    return starts.map { from, to in
      KernelCall(
        kernel, [x.map { Slice($0, from: from) }, Slice(y, from: to)], sizes: sizes,
        constants: constants)
    }
  }
}
