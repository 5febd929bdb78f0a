import TerminalGraphics
import Training

/// A picture of which every pixel has a class, and what the network says of all of them.
struct JudgedMask: Hashable, Sendable {
  /// What became of a pixel, from what matters least on.
  enum Verdict: Int, Comparable, Sendable {
    /// It is of the first class, the ground, and said to be.
    case ground
    /// It is of another class, and said to be.
    case found
    /// It is called another class than it is, and is ground.
    case alarm
    /// It is no ground, and not called what it is.
    case missed

    init(_ pixel: JudgedExample) {
      self =
        pixel.isRight
        ? (pixel.isClass == 0 ? .ground : .found) : pixel.isClass == 0 ? .alarm : .missed
    }

    static func < (one: Verdict, other: Verdict) -> Bool { one.rawValue < other.rawValue }

    var ink: Ink {
      switch self {
      case .ground: .bar
      case .found: .good
      case .alarm: .bad
      case .missed: .warning
      }
    }

    /// Where there are no colors.
    var mark: Unicode.Scalar {
      switch self {
      case .ground: "."
      case .found: "#"
      case .alarm: "x"
      case .missed: "o"
      }
    }
  }

  /// Its row among the unseen examples.
  let row: Int
  /// Of every pixel, row by row.
  let verdicts: [Verdict]
  /// The mean of the pixels' losses.
  let loss: Float
  /// The pixel that it is worst at.
  let worst: JudgedExample

  var wrong: Int { verdicts.count { $0 > .found } }

  /// The pictures that pixels are of, as they come.
  ///
  /// - Parameter pixels: how many each has; the pixels of a picture follow each other.
  static func all(_ judged: [JudgedExample], pixels: Int) -> [JudgedMask] {
    stride(from: 0, to: judged.count - pixels + 1, by: pixels).compactMap { first in
      let own = judged[first..<first + pixels]
      guard let row = own.first?.row, own.last?.row == row,
        let worst = own.max(by: { $0.loss < $1.loss })
      else { return nil }
      return JudgedMask(
        row: row, verdicts: own.map(Verdict.init),
        loss: own.reduce(0) { $0 + $1.loss } / Float(pixels), worst: worst)
    }
  }

  /// Draws the verdicts of [rows, columns], two of them in each cell, or a letter for both; of pixels
  /// that share a place what matters most.
  func draw(rows: Int, columns: Int, in area: Rect, on grid: inout CellGrid) {
    func verdict(_ x: Int, _ half: Int) -> Verdict {
      let across = x * columns / area.width..<max(1, (x + 1) * columns / area.width)
      let halves = 2 * area.height
      let down = half * rows / halves..<max(half * rows / halves + 1, (half + 1) * rows / halves)
      var most = Verdict.ground
      for y in down where y < rows {
        for x in across where x < columns { most = max(most, verdicts[y * columns + x]) }
      }
      return most
    }
    for y in 0..<area.height {
      for x in 0..<area.width {
        let (upper, lower) = (verdict(x, 2 * y), verdict(x, 2 * y + 1))
        let point = Point(area.x + x, area.y + y)
        if grid.ability.hasBackgrounds, grid.ability.hasHalfBlocks {
          grid.put("▀", at: point, ink: upper.ink, background: lower.ink)
        } else {
          let both = max(upper, lower)
          grid.put(both.mark, at: point, ink: both == .ground ? .faint : both.ink)
        }
      }
    }
  }

  /// `■ found  ■ missed  ■ false`, the longest first.
  static func legends(_ ability: Ability) -> [StyledText] {
    let named: [(Verdict, String)] = [(.found, "found"), (.missed, "missed"), (.alarm, "false")]
    let parts = named.map { verdict, name in
      let sign = ability.hasBackgrounds && ability.hasHalfBlocks ? "■" : verdict.mark
      return StyledText(String(Character(sign)), verdict.ink) + .secondary(" \(name)")
    }
    return [.joined(parts), .joined(parts, separator: " ")]
  }
}

extension GalleryView {
  /// The pictures to show, where every pixel has a class.
  func masks(_ pictures: LabPictures?, pixels: Int) -> [JudgedMask] {
    var judged = pictures?.judged ?? []
    if let cell {
      let rows = Set(
        judged.lazy.filter { $0.isClass == cell.row && $0.saidClass == cell.column }.map(\.row))
      judged = judged.filter { rows.contains($0.row) }
    }
    let masks = JudgedMask.all(judged, pixels: pixels)
    switch order {
    case .worst: return masks.sorted { ($1.loss, $0.row) < ($0.loss, $1.row) }
    case .best: return masks.sorted { ($0.loss, $0.row) < ($1.loss, $1.row) }
    case .mixed: return masks
    case .byClass:
      let ground = masks.map { mask in mask.verdicts.count { $0 == .ground || $0 == .alarm } }
      return zip(masks, ground).sorted { ($0.1, $0.0.row) < ($1.1, $1.0.row) }.map(\.0)
    }
  }
}
