import Autodiff
import TerminalGraphics
import Training

/// Which rows of a recurrent layer fit, how many lines each takes, and where time steps stand.
struct RecurrentLayout {
  /// The rows shown, in their order, with the lines that each takes.
  let rows: [(row: RecurrentMoment.Row, height: Int)]
  /// The time steps shown.
  let times: Range<Int>
  /// Columns of the screen that a time step takes, the gap before it included.
  let timeWidth: Int
  let area: Rect
  let labelWidth: Int
  let hasScales: Bool

  /// - Parameter area: where the rows and, above them, the time steps are written.
  init(_ recurrent: RecurrentMoment, in area: Rect) {
    self.area = area
    hasScales = area.width >= 60
    labelWidth = area.width >= 76 ? 15 : 13
    let room = max(1, area.width - labelWidth - (hasScales ? 9 : 1))
    timeWidth = max(1, min(5, room / max(1, recurrent.steps)))
    let count = min(recurrent.steps, max(1, room / timeWidth))
    let first = min(max(0, recurrent.time - count / 2), recurrent.steps - count)
    times = first..<first + count
    rows = Self.chosen(recurrent, height: area.height - 1)
  }

  /// The lines of all rows, two units a line.
  static func fullHeight(_ recurrent: RecurrentMoment) -> Int {
    recurrent.rows.reduce(0) { $0 + wanted($1, recurrent, most: 2) }
  }

  private static func wanted(
    _ row: RecurrentMoment.Row, _ recurrent: RecurrentMoment, most: Int
  ) -> Int {
    switch row.part {
    case .x: 1
    case .sumGradient: max(1, min(2 * most, 2 * recurrent.units))
    default: max(1, min(most, (recurrent.units + 1) / 2))
    }
  }

  /// All rows, where they fit with at least one line each and no unit is lost; else the present one
  /// and those that matter most.
  private static func chosen(
    _ recurrent: RecurrentMoment, height: Int
  ) -> [(row: RecurrentMoment.Row, height: Int)] {
    var most = 1
    while most < 8,
      recurrent.rows.reduce(0, { $0 + wanted($1, recurrent, most: most + 1) }) <= height
    { most += 1 }
    let all = recurrent.rows.map { (row: $0, height: wanted($0, recurrent, most: most)) }
    let isWhole = all.allSatisfy {
      $0.row.part == .x || $0.height >= min(2, (recurrent.units + 1) / 2)
    }
    if isWhole, all.reduce(0, { $0 + $1.height }) <= height { return all }
    return important(recurrent, height: height)
  }

  private static func important(
    _ recurrent: RecurrentMoment, height: Int
  ) -> [(row: RecurrentMoment.Row, height: Int)] {
    let order: [RecurrentMoment.Part?] = [
      recurrent.part, .c, .memoryGradient, .f, .z, .i, .r, .h, .outputGradient, .g, .o, .x,
      .sumGradient,
    ]
    var left = height
    var taken: [RecurrentMoment.Part: Int] = [:]
    for part in order {
      guard let part, taken[part] == nil, let row = recurrent.row(part) else { continue }
      let lines = wanted(row, recurrent, most: 2)
      guard lines <= left else { continue }
      taken[part] = lines
      left -= lines
    }
    return recurrent.rows.compactMap { row in taken[row.part].map { (row, $0) } }
  }

  /// The first column of a time step, behind its gap.
  func x(_ time: Int) -> Int {
    area.x + labelWidth + (time - times.lowerBound) * timeWidth + gap
  }

  /// The units of a block from top to bottom; of several on one place the largest in size is shown:
  /// `32 units, unit 0 on top, each cell the largest of 4`, the longest that fits first.
  func order(ofUnits units: Int) -> [String] {
    let order = units == 1 ? "1 unit" : "\(units) units, unit 0 on top"
    let places = 2 * (rows.lazy.filter { $0.row.part != .x }.map(\.height).min() ?? 1)
    guard units > places else { return [order] }
    let share = (units % places == 0 ? "" : "up to ") + "\((units + places - 1) / places)"
    return [
      "\(order), each cell the largest of \(share)",
      "\(units) units, the largest of \(share) a cell",
      order,
    ]
  }

  /// The columns between time steps.
  var gap: Int { timeWidth >= 3 ? 1 : 0 }
  var blockWidth: Int { timeWidth - gap }
}
