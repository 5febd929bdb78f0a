import TerminalGraphics
import Training

/// Which examples the gallery shows, in which order, and which of them is chosen.
struct GalleryView: Hashable, Sendable {
  enum Order: CaseIterable, Hashable, Sendable {
    case worst, best, mixed, byClass

    var words: String {
      switch self {
      case .worst: "worst first"
      case .best: "best first"
      case .mixed: "mixed"
      case .byClass: "by class"
      }
    }
  }

  var order = Order.worst
  /// Only those of this cell of the confusion matrix: true class, class said.
  var cell: NumberMatrix.Place?
  /// The place of the chosen example in the order.
  var chosen = 0

  init(order: Order = .worst, cell: NumberMatrix.Place? = nil) {
    self.order = order
    self.cell = cell
  }

  /// The examples to show.
  func examples(_ pictures: LabPictures?) -> [JudgedExample] {
    var examples = pictures?.judged ?? []
    if let cell {
      examples = examples.filter { $0.isClass == cell.row && $0.saidClass == cell.column }
    }
    switch order {
    case .worst: examples.sort { ($1.loss, $0.row) < ($0.loss, $1.row) }
    case .best: examples.sort { ($0.loss, $0.row) < ($1.loss, $1.row) }
    case .mixed: examples.sort { Self.scattered($0.row) < Self.scattered($1.row) }
    case .byClass:
      examples.sort { ($0.isClass, $1.loss, $0.row) < ($1.isClass, $0.loss, $1.row) }
    }
    return examples
  }

  /// Numbers in no order, the same ones every time: multiples of the golden ratio.
  private static func scattered(_ row: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: row) &* 2_654_435_769
  }
}
