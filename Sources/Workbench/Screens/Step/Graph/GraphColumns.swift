import Autodiff
import Tensors
import TerminalGraphics
import Training

/// Which numbers of the graph stand on the screen: its arrays as columns, of each the units that
/// matter most.
struct GraphColumns {
  let graph: ExampleGraph
  let place: GraphPlace
  /// The numbers of the columns shown.
  let shown: Range<Int>
  let width: Int
  /// How many units of an array there is room for, above and again below.
  let rows: Int
  /// Whether some array has more units than that.
  private let hasOthers: Bool
  /// Whether gradients come back to any array shown.
  private let hasGradients: Bool

  /// The lines of one half: heading, units, how many there are besides.
  var half: Int { 1 + rows + (hasOthers ? 1 : 0) }
  /// The lines of all, with the two of the heading.
  var height: Int { 2 + half * (hasGradients ? 2 : 1) }

  init(_ graph: ExampleGraph, _ place: GraphPlace, in area: Rect) {
    self.graph = graph
    self.place = place
    width = min(24, max(18, area.width / max(1, min(graph.nodes.count, area.width / 19))))
    let count = max(1, min(graph.nodes.count, area.width / width))
    let here = graph.node(of: place.value) ?? 0
    let first = max(0, min(here - count / 2, graph.nodes.count - count))
    shown = first..<min(graph.nodes.count, first + count)
    // Two lines of heading; each half has a line of heading and one that counts the others.
    let most = graph.nodes[shown].map(\.shape.count).max() ?? 1
    hasGradients = graph.nodes[shown].contains { $0.gradientInstruction != nil }
    let room = (area.height - 2) / (hasGradients ? 2 : 1) - 2
    rows = max(1, min(14, most, room))
    hasOthers = most > rows
  }

  /// The units of a node that are listed: those of the largest |value · gradient| where the gradient
  /// is known, else of the largest |value|, in their own order; the chosen one is always there.
  func units(of index: Int) -> [Int] {
    let node = graph.nodes[index]
    let count = node.shape.count
    guard count > rows else { return Array(0..<count) }
    let sizes = Self.sizes(node)
    var units = Array((0..<count).sorted { (sizes[$0], $1) > (sizes[$1], $0) }.prefix(rows))
    if place.value == node.value.id, place.unit < count, !units.contains(place.unit) {
      units[units.count - 1] = place.unit
    }
    return units.sorted()
  }

  private static func sizes(_ node: ExampleGraph.Node) -> [Float] {
    guard let numbers = node.numbers else {
      return [Float](repeating: 0, count: node.shape.count)
    }
    guard let gradients = node.gradients else { return numbers.map { abs($0) } }
    return zip(numbers, gradients).map { abs($0 * $1) }
  }

  /// The unit of the largest size.
  static func strongest(_ node: ExampleGraph.Node) -> Int {
    let sizes = sizes(node)
    return sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
  }

  /// `[3,40]` of the unit of a node; nothing for a single number.
  static func index(_ unit: Int, _ node: ExampleGraph.Node) -> String {
    CellExplainer.subscript(node.shape.index(ofOffset: unit))
  }
}
