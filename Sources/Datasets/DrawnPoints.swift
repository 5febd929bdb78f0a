import FileFormats
import Tensors

/// Points that a user puts on a plane by hand, each of a class: a data set that can be changed.
package struct DrawnPoints: Hashable, Sendable {
  package typealias Failure = FileFailure

  package struct Point: Hashable, Sendable {
    package let x: Float
    package let y: Float
    /// A position among the classes.
    package let group: Int
  }

  package private(set) var points: [Point] = []
  package let classes: [String]

  /// - Parameter classes: two or more names.
  package init(classes: [String] = ["A", "B"]) {
    precondition(classes.count > 1, "a class alone cannot be told from others")
    self.classes = classes
  }

  /// The points of a data set with two inputs and classes; nil for any other.
  package init?(_ dataset: Dataset) {
    guard
      let classes = dataset.task.classes, classes.count > 1, dataset.exampleShape == [2],
      let numbers = dataset.classNumbers
    else { return nil }
    self.classes = classes
    let inputs = dataset.inputs.scalars
    points = numbers.enumerated().map { row, group in
      Point(x: inputs[2 * row], y: inputs[2 * row + 1], group: group)
    }
  }

  /// Adds a point; a place that is not finite, or an unknown class, is left out.
  package mutating func add(x: Float, y: Float, group: Int) {
    guard x.isFinite, y.isFinite, classes.indices.contains(group) else { return }
    points.append(Point(x: x, y: y, group: group))
  }

  /// Removes the point nearest to a place, if one is as near as `distance`.
  /// - Returns: the point.
  @discardableResult
  package mutating func removeNearest(
    x: Float, y: Float, within distance: Float = .infinity
  ) -> Point? {
    func squared(_ i: Int) -> Float {
      let (dx, dy) = (points[i].x - x, points[i].y - y)
      return dx * dx + dy * dy
    }
    guard let nearest = points.indices.min(by: { squared($0) < squared($1) }),
      squared(nearest) <= distance * distance
    else { return nil }
    return points.remove(at: nearest)
  }

  package mutating func removeAll() { points = [] }

  /// The points as a data set with the inputs x₁ and x₂.
  /// - Throws: `Failure` for fewer than two points: there is nothing to learn from them.
  package func dataset(named name: String = "drawn") throws(FileFailure) -> Dataset {
    guard points.count >= 2 else {
      throw Failure(
        at: "data set '\(name)'", found: "\(points.count) points", right: "draw two or more")
    }
    var dataset = Dataset(
      name: name, title: "Drawn points", origin: "Drawn by hand.", license: "yours",
      features: ["x₁", "x₂"], task: .classification(classes: classes),
      training: Dataset.Part(
        inputs: Tensor(shape: [points.count, 2], scalars: points.flatMap { [$0.x, $0.y] }),
        targets: Tensor(shape: [points.count], scalars: points.map { Float($0.group) })))
    dataset.summary = "Points that were drawn by hand."
    dataset.targetName = "class"
    return dataset
  }
}
