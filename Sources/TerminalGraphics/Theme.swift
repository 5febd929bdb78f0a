/// The colors behind the inks, for each depth of color a terminal may have.
package struct Theme: Hashable, Sendable {
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case dark, light
  }

  package let name: Name

  package static let dark = Theme(name: .dark)
  package static let light = Theme(name: .light)

  /// Whether the background is painted, because the terminal's own would not do: a light theme on a
  /// dark terminal.
  package var isPainted = false

  package init(name: Name, isPainted: Bool = false) {
    self.name = name
    self.isPainted = isPainted
  }

  /// What a terminal is told for one cell; nil colors are the terminal's own.
  package struct Appearance: Hashable, Sendable {
    /// 0xRRGGBB at depth direct, else a palette index.
    package var foreground: Int?
    package var background: Int?
    package var attributes: Attributes
  }

  /// How a cell looks at a depth of color.
  package func appearance(of cell: Cell, depth: Ability.Depth) -> Appearance {
    switch depth {
    case .direct:
      Appearance(
        foreground: (foreground(of: cell, rgb) { $0 } ?? painted(paper.foreground)).map(
          Self.nudged),
        background: (rgb(cell.background) ?? painted(paper.background)).map(Self.nudged),
        attributes: cell.attributes)
    case .indexed:
      Appearance(
        foreground: foreground(of: cell, indexed, Self.paletteColor)
          ?? painted(name == .dark ? 253 : 235),
        background: indexed(cell.background) ?? painted(name == .dark ? 233 : 231),
        attributes: cell.attributes)
    case .ansi:
      fewColors(cell, ansi(cell.foreground))
    case .bright: fewColors(cell, bright(cell.foreground))
    case .none: Appearance(foreground: nil, background: nil, attributes: monochrome(cell))
    }
  }

  private func painted(_ color: Int) -> Int? { isPainted ? color : nil }

  /// 8 colors have 64 pairs: the background stays the terminal's, a selection is reversed.
  private func fewColors(_ cell: Cell, _ foreground: Int?) -> Appearance {
    Appearance(
      foreground: cell.background == .selection ? nil : foreground, background: nil,
      attributes: monochrome(cell))
  }

  /// In direct color the numbers below 8 mean the ANSI colors.
  private static func nudged(_ rgb: Int) -> Int { rgb < 8 ? 0x010101 : rgb }

  /// - Parameters:
  ///   - color: what the terminal is told for an ink.
  ///   - shown: what it shows then, 0xRRGGBB.
  private func foreground(
    of cell: Cell, _ color: (Ink) -> Int?, _ shown: (Int) -> Int
  ) -> Int? {
    guard cell.foreground == .contrast else { return color(cell.foreground) }
    guard let background = color(cell.background).map(shown) else { return color(.text) }
    return [.ink(0), .ink(1)].compactMap(color).max {
      Self.contrast(shown($0), background) < Self.contrast(shown($1), background)
    }
  }

  /// How well one color is told from another: nearly the ratio of WCAG 2.
  private static func contrast(_ one: Int, _ other: Int) -> Double {
    let (one, other) = (light(of: one), light(of: other))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
  }

  /// The light of a color, from 0 to 1; a channel's grows about with its square.
  private static func light(of rgb: Int) -> Double {
    func light(_ shift: Int) -> Double {
      let part = Double(rgb >> shift & 0xFF) / 255
      return part * part
    }
    return 0.2126 * light(16) + 0.7152 * light(8) + 0.0722 * light(0)
  }

  /// What xterm paints for an index of its palette from 16 on.
  package static func paletteColor(_ index: Int) -> Int {
    if index >= 232 { return (8 + 10 * (index - 232)) * 0x010101 }
    let levels = [0, 95, 135, 175, 215, 255]
    let place = max(0, index - 16)
    return levels[place / 36] << 16 | levels[place / 6 % 6] << 8 | levels[place % 6]
  }

  /// What carries the meaning of inks where backgrounds or colors are missing.
  private func monochrome(_ cell: Cell) -> Attributes {
    var attributes = cell.attributes
    if cell.background == .selection { attributes.insert(.reverse) }
    switch cell.foreground {
    case .accent: attributes.insert(.bold)
    case .secondary, .faint, .border: attributes.insert(.dim)
    case .bad: attributes.insert(.underline)
    default: break
    }
    return attributes
  }
}

extension Theme {
  /// The 24-bit color of an ink; nil is the terminal's own.
  package func rgb(_ ink: Ink) -> Int? {
    switch ink.meaning {
    case .name(let index): colors(named: index).rgb
    case .series(let index): series[index].rgb
    case .faded(let index):
      series[index].rgb.map { Self.blend([paper.background, $0], name == .dark ? 0.45 : 0.35) }
    case .diverging(let place): Self.blend(divergingAnchors, (place + 1) / 2)
    case .sequential(let place): Self.blend(Self.viridis, place)
    case .ink(let place):
      Self.blend(name == .dark ? [0x161B26, 0xF5F2E8] : [0xF2EFE6, 0x1C2230], place)
    }
  }

  /// The xterm palette index of an ink, chosen by hand; nil is the terminal's own.
  package func indexed(_ ink: Ink) -> Int? {
    switch ink.meaning {
    case .name(let index): colors(named: index).indexed
    case .series(let index): series[index].indexed
    case .faded(let index): (name == .dark ? Self.darkFaded : Self.lightFaded)[index]
    case .diverging(let place):
      Self.pick(name == .dark ? Self.darkDiverging : Self.lightDiverging, (place + 1) / 2)
    case .sequential(let place): Self.pick(Self.indexedViridis, place)
    case .ink(let place): name == .dark ? 234 + Int(place * 21) : 255 - Int(place * 21)
    }
  }

  /// The ANSI color, 0 to 7, of an ink as a foreground; nil is the terminal's own.
  package func ansi(_ ink: Ink) -> Int? {
    switch ink.meaning {
    case .name(let index): colors(named: index).ansi
    case .series(let index), .faded(let index): series[index].ansi
    case .diverging(let place): place < 0 ? (name == .dark ? 3 : 1) : 4
    case .sequential: name == .dark ? 6 : 4
    case .ink: nil
    }
  }

  /// The ANSI color, 0 to 15, of an ink as a foreground: on a dark background the bright ones, which
  /// can be read there; nil is the terminal's own.
  package func bright(_ ink: Ink) -> Int? {
    guard let color = ansi(ink), name == .dark else { return ansi(ink) }
    return ink == .warning || ink == .backward ? color : color + 8
  }

  private struct Colors {
    var rgb: Int?
    var indexed: Int?
    var ansi: Int?

    init(_ rgb: Int?, _ indexed: Int?, _ ansi: Int?) {
      self.rgb = rgb
      self.indexed = indexed
      self.ansi = ansi
    }
  }

  private func colors(named index: Int) -> Colors {
    let table = name == .dark ? Self.darkNames : Self.lightNames
    return index < table.count ? table[index] : Colors(nil, nil, nil)
  }

  /// In the order of `Ink.named`. Text and secondary words have a contrast of 4.5 and more on the
  /// backgrounds that dark terminals have, faint ones of 3 (WCAG 2).
  private static let darkNames = [
    Colors(nil, nil, nil), Colors(0xD8DEE9, 253, nil), Colors(0x9AA3B5, 248, nil),
    Colors(0x78839B, 245, nil), Colors(0x606C86, 242, nil), Colors(0xF2C879, 222, 3),
    Colors(0x7FC8A9, 115, 2), Colors(0xF0A868, 215, 3), Colors(0xE8788A, 174, 1),
    Colors(0x2A3550, 237, nil), Colors(0x161B26, 234, nil), Colors(0x7FC8A9, 115, 2),
    Colors(0x6CB6FF, 75, 6), Colors(0xF5A35C, 215, 3), Colors(0x9F6BE0, 135, 5),
    Colors(0x8A93A6, 103, nil), Colors(0xFFFFFF, 231, nil), Colors(0x6CB6FF, 75, 6),
    Colors(0xF5A35C, 215, 3),
  ]

  /// The same on the backgrounds of light terminals, where yellow cannot be read.
  private static let lightNames = [
    Colors(nil, nil, nil), Colors(0x24292F, 235, nil), Colors(0x57606A, 240, nil),
    Colors(0x727B85, 243, nil), Colors(0x848D97, 245, nil), Colors(0x5C6300, 58, 5),
    Colors(0x176E4E, 22, 2), Colors(0xA04F00, 130, 1), Colors(0xB3263B, 125, 1),
    Colors(0xD5E3F7, 189, nil), Colors(0xECEFF3, 255, nil), Colors(0x176E4E, 22, 2),
    Colors(0x0860B0, 25, 4), Colors(0xA04F00, 130, 1), Colors(0x54208F, 54, 5),
    Colors(0x848D97, 245, nil), Colors(0x000000, 16, nil), Colors(0x0767A4, 25, 4),
    Colors(0xA04F00, 130, 1),
  ]

  private static let darkSeries = [
    Colors(0x6CB6FF, 75, 6), Colors(0xF5A35C, 215, 3), Colors(0x7FC8A9, 115, 2),
    Colors(0xD38AEA, 177, 5), Colors(0xF2D06B, 221, 7), Colors(0xE8788A, 174, 1),
  ]

  private static let lightSeries = [
    Colors(0x0860B0, 25, 4), Colors(0xA04F00, 130, 1), Colors(0x176E4E, 22, 2),
    Colors(0x7A3FB8, 91, 5), Colors(0x7A6000, 94, 6), Colors(0xB3263B, 125, 0),
  ]

  private var series: [Colors] { name == .dark ? Self.darkSeries : Self.lightSeries }

  private static let darkFaded = [24, 94, 29, 90, 100, 95]
  private static let lightFaded = [110, 180, 108, 140, 144, 175]

  private var divergingAnchors: [Int] {
    name == .dark ? [0xFFA040, 0x1C2230, 0x38A8FF] : [0xF59322, 0xE8EAEB, 0x0877BD]
  }

  private static let viridis = [
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725,
  ]

  private static let darkDiverging = [215, 214, 208, 172, 130, 94, 237, 24, 25, 32, 33, 39, 75]
  private static let lightDiverging = [
    130, 166, 172, 208, 215, 223, 255, 153, 117, 75, 39, 32, 25,
  ]
  private static let indexedViridis = [53, 54, 60, 24, 30, 36, 35, 41, 77, 113, 149, 184, 226]

  /// What a picture without a terminal is painted on: the terminal's own colors.
  package var paper: (foreground: Int, background: Int) {
    name == .dark ? (0xD8DEE9, 0x101014) : (0x24292F, 0xFFFFFF)
  }

  private static func pick(_ ramp: [Int], _ place: Float) -> Int {
    ramp[Int((place * Float(ramp.count - 1)).rounded())]
  }

  /// The color at `place`, 0 to 1, between evenly spaced anchors.
  private static func blend(_ anchors: [Int], _ place: Float) -> Int {
    let scaled = place * Float(anchors.count - 1)
    let lower = min(anchors.count - 2, max(0, Int(scaled)))
    let part = scaled - Float(lower)
    var mixed = 0
    for shift in [16, 8, 0] {
      let from = Float(anchors[lower] >> shift & 0xFF)
      let to = Float(anchors[lower + 1] >> shift & 0xFF)
      mixed |= Int((from + (to - from) * part).rounded()) << shift
    }
    return mixed
  }
}
