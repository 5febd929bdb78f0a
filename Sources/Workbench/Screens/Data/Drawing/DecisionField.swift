import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What the run says of every place of the plane, faint behind the points that are drawn: the color
/// of a class is that of its points.
struct DecisionField {
  private let plane: PlanePicture
  private let drawing: PointsDrawing
  private let scaler: Standardizer?

  /// Nil when no run answers here, or one that tells other classes apart.
  init?(_ drawing: PointsDrawing, _ state: AppState) {
    guard state.lab.answer != nil, let plane = state.lab.pictures?.plane,
      plane.field.shape.rank == 2, let data = state.lab.settings?.data,
      plane.meaning == .value || data.classes == drawing.classes
    else { return nil }
    self.plane = plane
    self.drawing = drawing
    scaler = data.scaler
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    for y in 0..<area.height {
      for x in 0..<area.width {
        let point = Point(area.x + x, area.y + y)
        let (upper, lower) = (place(x, 2 * y, area), place(x, 2 * y + 1, area))
        guard let upper, let lower else { continue }
        draw(upper, lower, at: point, x + y, on: &grid)
      }
    }
  }

  private func draw(
    _ upper: Int, _ lower: Int, at point: Point, _ diagonal: Int, on grid: inout CellGrid
  ) {
    if grid.ability.hasBackgrounds, plane.meaning != .margin {
      grid.put(
        grid.ability.hasHalfBlocks ? "▀" : " ", at: point, ink: ink(upper), background: ink(lower))
      return
    }
    // Sparse dots where it is sure, so that points are told from them.
    let value = plane.field.scalars[upper] - plane.center
    guard diagonal % 3 == 0, abs(value) > 0.3, value.isFinite else { return }
    let group = plane.meaning == .margin ? winner(upper) : value > 0 ? 0 : 1
    let marks: [Unicode.Scalar] = [".", ":", "'", ",", "~", "`"]
    let mark = grid.ability.depth == .none ? marks[group % marks.count] : "·"
    grid.put(mark, at: point, ink: .series(group))
  }

  private func winner(_ place: Int) -> Int { plane.winners[safe: place] ?? 0 }

  /// Dark shades alone: points keep the bright ones.
  private func ink(_ place: Int) -> Ink {
    let value = plane.field.scalars[place] - plane.center
    guard plane.meaning == .value else {
      // The first class is blue and the second orange, as their points are.
      return ColorScale.diverging(limit: 2.6).ink(of: value)
    }
    let most = plane.parted.lazy.filter(\.isFinite).map(abs).max() ?? 1
    return ColorScale.diverging(limit: max(most, 1e-6) * 2.6).ink(of: value)
  }

  /// The nearest computed place behind a half of a cell; nil beyond the picture.
  private func place(_ x: Int, _ halfRow: Int, _ area: Rect) -> Int? {
    let across = (Double(x) + 0.5) / Double(area.width)
    let up = 1 - (Double(halfRow) + 0.5) / Double(2 * area.height)
    let (height, width) = (plane.field.shape[0], plane.field.shape[1])
    guard
      let column = Self.index(scaled(drawing.xAxis.value(at: across), 0), plane.across, width),
      let row = Self.index(scaled(drawing.yAxis.value(at: up), 1), plane.up, height)
    else { return nil }
    let place = (height - 1 - row) * width + column
    return plane.field.scalars.indices.contains(place) ? place : nil
  }

  /// An input as the network gets it.
  private func scaled(_ value: Double, _ input: Int) -> Float {
    guard let scaler, let mean = scaler.means[safe: input],
      let deviation = scaler.deviations[safe: input]
    else { return Float(value) }
    return (Float(value) - mean) / deviation
  }

  private static func index(_ value: Float, _ range: ClosedRange<Float>, _ count: Int) -> Int? {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    guard share.isFinite, share >= 0, share < 1 else { return nil }
    return min(count - 1, Int(share * Float(count)))
  }
}
