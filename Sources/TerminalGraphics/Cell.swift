/// How a character is drawn besides its color.
package struct Attributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = Attributes(rawValue: 1)
  package static let dim = Attributes(rawValue: 2)
  package static let italic = Attributes(rawValue: 4)
  package static let underline = Attributes(rawValue: 8)
  package static let reverse = Attributes(rawValue: 16)
}

/// One place of the screen: a character, its inks and attributes.
package struct Cell: Equatable, Sendable {
  /// The character; `continuation` in the cell that a wide character to the left covers.
  package var scalar: Unicode.Scalar
  package var foreground: Ink
  package var background: Ink
  package var attributes: Attributes
  /// What is drawn over the character: the hat of `m̂`.
  package var marks: CombiningMarks

  package init(
    _ scalar: Unicode.Scalar = " ", foreground: Ink = .plain, background: Ink = .plain,
    attributes: Attributes = [], marks: CombiningMarks = .none
  ) {
    self.marks = marks
    self.scalar = scalar
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  package static let blank = Cell()
  /// The second half of a wide character.
  package static let continuation: Unicode.Scalar = "\u{0}"
}
