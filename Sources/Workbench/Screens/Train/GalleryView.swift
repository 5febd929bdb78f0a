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
    case .worst: return Self.sorted(examples) { ~Self.rank($0.loss) }
    case .best: return Self.sorted(examples) { Self.rank($0.loss) }
    case .mixed: return Self.sorted(examples) { Self.scattered($0.row) }
    case .byClass:
      return examples.sorted {
        ($0.isClass, Self.rank($1.loss), $0.row) < ($1.isClass, Self.rank($0.loss), $1.row)
      }
    }
  }

  /// By a number, else as they come: numbers alone are sorted several times as fast as examples.
  private static func sorted(
    _ examples: [JudgedExample], by rank: (JudgedExample) -> UInt32
  ) -> [JudgedExample] {
    var places = examples.enumerated().map { UInt64(rank($1)) << 32 | UInt64($0) }
    places.sort()
    return places.map { examples[Int($0 & 0xFFFF_FFFF)] }
  }

  /// The place of a number among all there are; what is no number is above them.
  private static func rank(_ value: Float) -> UInt32 {
    guard !value.isNaN else { return .max }
    let bits = (value == 0 ? 0 : value).bitPattern
    return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
  }

  /// Numbers in no order, the same ones every time: multiples of the golden ratio.
  private static func scattered(_ row: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: row) &* 2_654_435_769
  }
}
