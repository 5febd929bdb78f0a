import TerminalGraphics
import Training

/// What a setting changed, a dot for each seed along a line with 0 marked; below it the mean and the
/// interval it lies in.
struct DifferenceStrip {
  private let standing: SeedQuestion.Standing
  private let numbers: [Double]
  private let mean: Double
  private let halfWidth: Double
  private let unit: String
  private let axis: Axis

  init(_ standing: SeedQuestion.Standing) {
    self.standing = standing
    let scale = standing.measure.isShare ? 100.0 : 1
    let difference = standing.difference
    numbers = difference.differences.map { $0 * scale }
    mean = difference.mean * scale
    halfWidth = difference.halfWidth * scale
    unit = standing.measure.isShare ? " points" : ""
    let ends = halfWidth.isFinite ? [mean - halfWidth, mean + halfWidth] : []
    let all = numbers + ends + [0]
    let (low, high) = (all.min() ?? 0, all.max() ?? 0)
    let air = max(high - low, 1e-6) * 0.05
    axis = Axis(low: low - air, high: high + air)
  }

  private func column(_ value: Double, _ width: Int) -> Int {
    let place = axis.place(of: value) ?? 0
    return max(0, min(width - 1, Int(place * Double(width))))
  }

  /// Whether a difference is on the better side of 0.
  private func ink(_ value: Double) -> Ink {
    if value == 0 { return .text }
    return (value > 0) == standing.measure.risesWithSkill ? .good : .bad
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.width > 12, area.height >= 3, !grid.says(words, in: area) else { return }
    let dots = area.trimmed(bottom: 2)
    let zero = area.x + column(0, area.width)
    for y in area.y..<area.bottom - 1 { grid.put("┊", at: Point(zero, y), ink: .secondary) }
    drawDots(in: dots, on: &grid)
    drawMean(in: area.row(area.height - 2), on: &grid)
    drawScale(in: area.row(area.height - 1), zero: zero, on: &grid)
  }

  /// Seeds of one column lie one over the other; where there are too many the last says how many.
  private func drawDots(in area: Rect, on grid: inout CellGrid) {
    var counts: [Int: Int] = [:]
    for value in numbers.sorted() {
      let x = column(value, area.width)
      let level = counts[x, default: 0]
      counts[x] = level + 1
      guard level < area.height else { continue }
      grid.put("●", at: Point(area.x + x, area.bottom - 1 - level), ink: ink(value))
    }
    for (x, count) in counts where count > area.height {
      let digit = min(9, count - area.height + 1)
      grid.put(
        Unicode.Scalar(UInt8(48 + digit)), at: Point(area.x + x, area.y), ink: .text)
    }
  }

  /// `├────◆────┤`
  private func drawMean(in row: Rect, on grid: inout CellGrid) {
    if halfWidth.isFinite {
      let (low, high) = (column(mean - halfWidth, row.width), column(mean + halfWidth, row.width))
      for x in low...max(low, high) {
        let scalar: Unicode.Scalar = x == low ? "├" : x == high ? "┤" : "─"
        grid.put(scalar, at: Point(row.x + x, row.y), ink: .accent)
      }
    }
    guard mean.isFinite else { return }
    grid.put(
      "◆", at: Point(row.x + column(mean, row.width), row.y), ink: .accent, attributes: .bold)
  }

  private func drawScale(in row: Rect, zero: Int, on grid: inout CellGrid) {
    let ends = [numbers.min() ?? 0, numbers.max() ?? 0].map {
      NumberFormat.compact($0, digits: 3)
    }
    grid.write(.secondary("0"), at: Point(zero, row.y))
    let words = "● a seed: with it minus without" + (unit.isEmpty ? "" : ", in\(unit)")
    let low = ends[0]
    if column(0, row.width) > low.count + 2 {
      grid.write(.secondary(low), at: row.origin)
    }
    if column(0, row.width) < row.width - ends[1].count - 2 {
      grid.writeTrailing(.secondary(ends[1]), in: row)
    }
    // Wherever the numbers leave it room.
    let left = Rect(row.x + low.count + 2, row.y, zero - row.x - low.count - 3, 1)
    let right = Rect(zero + 3, row.y, row.right - zero - ends[1].count - 5, 1)
    if let free = [right, left].first(where: { $0.width >= words.count }) {
      grid.write(.secondary(words), at: Point(free.x + (free.width - words.count) / 2, row.y))
    }
  }

  /// What is said of it where nothing is drawn.
  private var words: [String] {
    let shown = [numbers.min() ?? 0, mean, numbers.max() ?? 0].map {
      NumberFormat.compact($0, digits: 3)
    }
    let measured = unit.isEmpty ? "" : ", in\(unit)"
    return [
      "\(numbers.count) seeds, with it minus without\(measured): from \(shown[0]) to \(shown[2]),"
        + " mean \(shown[1])"
    ]
  }
}
