/// A part of a character that is drawn as geometry, so that lines and areas of neighbors meet; in
/// pixels of a cell of 10 × 20.
enum CellShape: Hashable, Sendable {
  /// - share: how much of the area is covered, as by `░`: 1 is all.
  case rectangle(x: Int, y: Int, width: Int, height: Int, share: Double)
  case dot(x: Int, y: Int)
  /// A quarter of a round frame, from the middle of one side to that of another.
  case corner(right: Bool, down: Bool)

  static func area(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> CellShape {
    .rectangle(x: x, y: y, width: width, height: height, share: 1)
  }
}

extension CellShape {
  private static let width = PixelFont.width
  private static let height = PixelFont.height

  /// The shapes a character consists of; nil when it is a letter.
  static func shapes(of scalar: Unicode.Scalar) -> [CellShape]? {
    switch scalar.value {
    case 0x2500...0x257F: lines(scalar)
    case 0x2580...0x259F: block(scalar.value)
    case 0x2800...0x28FF: dots(scalar.value - 0x2800)
    default: nil
    }
  }

  /// Braille: bits 1 2 4 64 are the left column from the top, 8 16 32 128 the right one.
  private static func dots(_ pattern: UInt32) -> [CellShape] {
    let bits: [[UInt32]] = [[1, 2, 4, 64], [8, 16, 32, 128]]
    return (0..<2).flatMap { column in
      (0..<4).compactMap { row in
        pattern & bits[column][row] == 0 ? nil : .dot(x: 2 + 5 * column, y: 2 + 5 * row)
      }
    }
  }

  private static func block(_ code: UInt32) -> [CellShape] {
    switch code {
    case 0x2580: [area(0, 0, width, 10)]
    case 0x2581...0x2588:
      [area(0, height - eighths(code - 0x2580, height), width, eighths(code - 0x2580, height))]
    case 0x2589...0x258F: [area(0, 0, eighths(0x2590 - code, width), height)]
    case 0x2590: [area(5, 0, 5, height)]
    case 0x2591...0x2593:
      [
        .rectangle(
          x: 0, y: 0, width: width, height: height, share: Double(code - 0x2590) / 4)
      ]
    case 0x2594: [area(0, 0, width, 2)]
    case 0x2595: [area(9, 0, 1, height)]
    default: quarters(code)
    }
  }

  private static func eighths(_ count: UInt32, _ whole: Int) -> Int {
    max(1, (Int(count) * whole + 4) / 8)
  }

  /// `▖` to `▟`: bits 1 2 4 8 are upper left, upper right, lower left, lower right.
  private static func quarters(_ code: UInt32) -> [CellShape] {
    let patterns = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14]
    let pattern = patterns[Int(code - 0x2596)]
    return (0..<4).compactMap { place in
      pattern & 1 << place == 0 ? nil : area(place % 2 * 5, place / 2 * 10, 5, 10)
    }
  }
}

extension CellShape {
  /// How the lines of a box leave the middle of a cell: up, right, down, left; 0 none, 1 light, 2
  /// heavy, 3 double.
  private static let arms: [Unicode.Scalar: [Int]] = {
    let rows: [(String, [[Int]])] = [
      ("─│┌┐└┘├┤┬┴┼", weighted(1)), ("━┃┏┓┗┛┣┫┳┻╋", weighted(2)),
      ("═║╔╗╚╝╠╣╦╩╬", weighted(3)),
      ("╴╵╶╷", [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]),
      ("╸╹╺╻", [[0, 0, 0, 2], [2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0]]),
      ("┡┩╇┯┷", [[2, 2, 1, 0], [2, 0, 1, 2], [2, 2, 1, 2], [0, 2, 1, 2], [1, 2, 0, 2]]),
      ("╞╡╟╢", [[1, 3, 1, 0], [1, 0, 1, 3], [3, 1, 3, 0], [3, 0, 3, 1]]),
      ("╪╫", [[1, 3, 1, 3], [3, 1, 3, 1]]),
    ]
    var table: [Unicode.Scalar: [Int]] = [:]
    for (scalars, weights) in rows {
      for (scalar, arms) in zip(scalars.unicodeScalars, weights) { table[scalar] = arms }
    }
    return table
  }()

  private static func weighted(_ weight: Int) -> [[Int]] {
    [
      [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 1, 0, 0], [1, 0, 0, 1],
      [1, 1, 1, 0], [1, 0, 1, 1], [0, 1, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1],
    ].map { $0.map { $0 * weight } }
  }

  private static func lines(_ scalar: Unicode.Scalar) -> [CellShape]? {
    switch scalar {
    case "╭": return [.corner(right: true, down: true)]
    case "╮": return [.corner(right: false, down: true)]
    case "╰": return [.corner(right: true, down: false)]
    case "╯": return [.corner(right: false, down: false)]
    case "┄", "┈", "╌": return [area(0, 10, 4, 1), area(6, 10, 3, 1)]
    case "┆", "┊", "╎": return [area(5, 1, 1, 5), area(5, 8, 1, 5), area(5, 15, 1, 4)]
    default: break
    }
    guard let arms = arms[scalar] else { return nil }
    return (0..<4).flatMap { side in arm(side, weight: arms[side]) }
  }

  /// The line from the middle to a side, 0 up, 1 right, 2 down, 3 left.
  private static func arm(_ side: Int, weight: Int) -> [CellShape] {
    let offsets = [[], [0], [-1, 0, 1], [-1, 1]][weight]
    return offsets.map { offset in
      switch side {
      case 0: area(5 + offset, 0, 1, 12)
      case 1: area(4, 10 + offset, 6, 1)
      case 2: area(5 + offset, 9, 1, 11)
      default: area(0, 10 + offset, 7, 1)
      }
    }
  }
}
