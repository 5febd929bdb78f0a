import Autodiff
import Datasets
import Tensors

/// An example of the batch as a student knows it: its row among the training examples and its class.
package struct ExampleLabel: Hashable, Sendable {
  /// Its place in the batch, and its row among the training examples.
  package let place: Int
  package let row: Int
  /// Its class, or its target as a number; empty where it has no single one.
  package let label: String

  init(_ place: Int, in session: Session) {
    self.place = place
    row = session.batchRows.indices.contains(place) ? session.batchRows[place] : place
    label = Self.label(place, session)
  }

  private static func label(_ place: Int, _ session: Session) -> String {
    let plan = session.plan
    guard let target = plan.target, plan.batchSize > 0, target.shape.count % plan.batchSize == 0
    else { return "" }
    let width = target.shape.count / plan.batchSize
    let numbers = (0..<width).map {
      session.execution.number(target, at: place * width + $0)
    }
    let classes = session.settings.data.classes
    guard !classes.isEmpty else { return width == 1 ? ValueText.number(numbers[0]) : "" }
    let found =
      width == 1 ? numbers[0].classNumber : numbers.indices.max { numbers[$0] < numbers[$1] }
    guard width == 1 || target.shape.rank <= 2, let found, classes.indices.contains(found) else {
      return ""
    }
    return classes[found]
  }

  /// `example 3 (row 17, class 2)`.
  package var words: String {
    "example \(place) (row \(row)" + (label.isEmpty ? ")" : ", \(label))")
  }
}
