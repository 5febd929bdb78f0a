import Autodiff
import Tensors

// Axes as Keras's layers count them: the batch is axis 0, −1 is the last.

extension Arguments {
  /// The axes that an argument names, ascending, each once.
  func places(_ name: String, in example: Shape) -> [Int] {
    let rank = example.rank + 1
    return Set((optionalAxes(name) ?? []).map { $0 < 0 ? $0 + rank : $0 }).sorted()
  }

  /// Throws when an argument names the batch, or an axis that examples of this shape lack.
  ///
  /// - Parameter single: whether it may name only one.
  func checkAxes(
    _ name: String, in example: Shape, single: Bool = false
  ) throws(LayerFailure) {
    let places = places(name, in: example)
    let given = optionalAxes(name) ?? []
    let fits = places.allSatisfy { $0 >= 1 && $0 <= example.rank }
    guard fits, !single || places.count == 1, !places.isEmpty || self[name] == .none else {
      let written =
        given.count == 1
        ? "\(given[0])" : "(" + given.map(String.init).joined(separator: ", ") + ")"
      throw LayerFailure(
        places.contains(0)
          ? "has \(name)=\(written), the batch, whose examples stand for themselves"
          : "gets \(example.tuple) and has \(name)=\(written)",
        remedy: example.rank == 0
          ? "an input of shape (features,)"
          : example.rank == 1 ? "\(name)=-1" : "-1, or from 1 to \(example.rank)")
    }
  }
}

extension Shape {
  /// The extents of some axes of an example, the batch counted as axis 0.
  func ofAxes(_ places: [Int]) -> Shape { Shape(places.map { self[$0 - 1] }) }
}

extension GraphBuilder {
  /// An array that belongs to some axes, in a shape that broadcasts to all `rank` of them.
  mutating func spread(_ x: Value, along places: [Int], rank: Int) -> Value {
    guard places != Array(rank - places.count..<rank) else { return x }
    var extents = [Int](repeating: 1, count: rank)
    for (place, extent) in zip(places, x.shape.extents) { extents[place] = extent }
    return apply(ReshapeOp(to: Shape(extents)), to: [x])
  }
}
