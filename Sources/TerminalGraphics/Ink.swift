/// A color by its meaning: an index into a fixed table of names and ramps, resolved by a `Theme`.
///
/// Ramps have few steps, so that the terminal's color pairs stay in the hundreds.
package struct Ink: Hashable, Sendable {
  package let index: UInt16

  private init(_ index: UInt16) { self.index = index }

  /// The terminal's own color; as a background: whatever the terminal shows.
  package static let plain = Ink(0)
  package static let text = Ink(1)
  package static let secondary = Ink(2)
  /// Fainter than `secondary`: what is not there yet, row and column numbers.
  package static let faint = Ink(3)
  package static let border = Ink(4)
  /// Focus, keys, the chosen thing.
  package static let accent = Ink(5)
  package static let good = Ink(6)
  package static let warning = Ink(7)
  package static let bad = Ink(8)
  /// The background of the chosen row.
  package static let selection = Ink(9)
  /// The background of the first and the last line, and of fields.
  package static let bar = Ink(10)
  package static let forward = Ink(11)
  package static let loss = Ink(12)
  package static let backward = Ink(13)
  package static let update = Ink(14)
  /// The thumb of a scroll bar.
  package static let thumb = Ink(15)
  /// Text on a ramp's color: dark where that is light, else light.
  package static let contrast = Ink(16)
  /// The positive and the negative end of `diverging`, where a word needs that color.
  package static let positive = Ink(17)
  package static let negative = Ink(18)

  /// The named inks, for tests and for the inks dump.
  package static let named: [(name: String, ink: Ink)] = [
    ("plain", .plain), ("text", .text), ("secondary", .secondary), ("faint", .faint),
    ("border", .border), ("accent", .accent), ("good", .good), ("warning", .warning),
    ("bad", .bad), ("selection", .selection), ("bar", .bar), ("forward", .forward),
    ("loss", .loss), ("backward", .backward), ("update", .update), ("thumb", .thumb),
    ("contrast", .contrast), ("positive", .positive), ("negative", .negative),
  ]

  package static let seriesCount = 6
  package static let divergingSteps = 31
  package static let sequentialSteps = 32
  package static let inkSteps = 16

  private static let seriesStart = 24
  private static let divergingStart = 32
  private static let sequentialStart = 64
  private static let inkStart = 96
  private static let fadedStart = inkStart + inkSteps

  /// One past the last index in use.
  package static let count = fadedStart + seriesCount

  /// All inks, in the order of their index.
  package static var all: [Ink] {
    named.map(\.ink) + (seriesStart..<seriesStart + seriesCount).map { Ink(UInt16($0)) }
      + (divergingStart..<divergingStart + divergingSteps).map { Ink(UInt16($0)) }
      + (sequentialStart..<count).map { Ink(UInt16($0)) }
  }

  /// The color of the series numbered `index`, which repeats after six.
  package static func series(_ index: Int) -> Ink {
    Ink(UInt16(seriesStart + slot(index)))
  }

  /// The hue of a series nearer to the background: an area that is its own, but hardly.
  package static func faded(_ index: Int) -> Ink {
    Ink(UInt16(fadedStart + slot(index)))
  }

  private static func slot(_ index: Int) -> Int {
    ((index % seriesCount) + seriesCount) % seriesCount
  }

  /// A signed value from -1 (orange) over 0 (the background) to 1 (blue); not a number is `bad`.
  package static func diverging(_ value: Float) -> Ink {
    guard !value.isNaN else { return .bad }
    return step(0.5 + 0.5 * value, of: divergingSteps, from: divergingStart)
  }

  /// An unsigned value from 0 to 1; not a number is `bad`.
  package static func sequential(_ value: Float) -> Ink {
    guard !value.isNaN else { return .bad }
    return step(value, of: sequentialSteps, from: sequentialStart)
  }

  /// The ink of a pen on paper from 0 to 1, for pictures of digits; not a number is `bad`.
  package static func ink(_ value: Float) -> Ink {
    guard !value.isNaN else { return .bad }
    return step(value, of: inkSteps, from: inkStart)
  }

  private static func step(_ value: Float, of count: Int, from start: Int) -> Ink {
    let unit = min(1, max(0, value))
    return Ink(UInt16(start + Int((unit * Float(count - 1)).rounded())))
  }

  /// What an ink means: a name, a series, or a place on a ramp.
  package enum Meaning: Hashable, Sendable {
    case name(Int)
    case series(Int)
    case faded(Int)
    /// From -1 to 1.
    case diverging(Float)
    /// From 0 to 1.
    case sequential(Float)
    /// From 0 to 1.
    case ink(Float)
  }

  package var meaning: Meaning {
    switch Int(index) {
    case ..<Self.seriesStart: .name(Int(index))
    case ..<Self.divergingStart: .series(Int(index) - Self.seriesStart)
    case ..<Self.sequentialStart:
      .diverging(2 * place(from: Self.divergingStart, of: Self.divergingSteps) - 1)
    case ..<Self.inkStart:
      .sequential(place(from: Self.sequentialStart, of: Self.sequentialSteps))
    case ..<Self.fadedStart: .ink(place(from: Self.inkStart, of: Self.inkSteps))
    default: .faded(Int(index) - Self.fadedStart)
    }
  }

  /// The color of a ramp at a third of its strength; nil for a name or a series.
  var dimmed: Ink? {
    switch meaning {
    case .name, .series, .faded: nil
    case .diverging(let value): .diverging(value / 3)
    // The weak end of this ramp has a color of its own: grays stand back.
    case .sequential(let value): .ink(value / 3)
    case .ink(let value): .ink(value / 3)
    }
  }

  private func place(from start: Int, of count: Int) -> Float {
    Float(Int(index) - start) / Float(count - 1)
  }
}

extension Ink: CustomStringConvertible {
  /// The name, or the ramp with the step's number.
  package var description: String {
    switch meaning {
    case .name(let index): index < Ink.named.count ? Ink.named[index].name : "ink \(index)"
    case .series(let index): "series \(index)"
    case .faded(let index): "faded \(index)"
    case .diverging: "diverging \(Int(index) - Ink.divergingStart - Ink.divergingSteps / 2)"
    case .sequential: "sequential \(Int(index) - Ink.sequentialStart)"
    case .ink: "ink \(Int(index) - Ink.inkStart)"
    }
  }
}
