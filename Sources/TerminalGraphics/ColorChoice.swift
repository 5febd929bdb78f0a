/// How many colors the user wants, as `--color` and BACKSTEP_COLOR say it.
package enum ColorChoice: String, Hashable, Sendable, CaseIterable {
  case auto
  case direct = "24bit"
  case indexed = "256"
  case bright = "16"
  case never

  /// The option if it says something, then BACKSTEP_COLOR, then what was kept from another time, then
  /// NO_COLOR (not empty), else `auto`. What one asked of this program goes before what one asks of
  /// all (no-color.org).
  package static func resolved(
    option: ColorChoice, environment: [String: String], kept: ColorChoice = .auto
  ) -> ColorChoice {
    if option != .auto { return option }
    if let word = environment["BACKSTEP_COLOR"], let choice = ColorChoice(rawValue: word),
      choice != .auto
    {
      return choice
    }
    if kept != .auto { return kept }
    return environment["NO_COLOR", default: ""].isEmpty ? .auto : .never
  }

  /// Whether to try for 24-bit color: wanted, or promised by COLORTERM. GNU screen inherits the
  /// variable from the terminal around it and does not keep the promise.
  package func triesDirect(environment: [String: String]) -> Bool {
    let promises = ["truecolor", "24bit"].contains(environment["COLORTERM", default: ""])
    let term = environment["TERM", default: ""]
    let isPromised = term.hasSuffix("-direct") || (promises && !term.hasPrefix("screen"))
    return self == .direct || (self == .auto && isPromised)
  }

  /// The depth for a terminal that has `colors` colors.
  package func depth(colors: Int) -> Ability.Depth {
    switch (self, colors) {
    case (.never, _), (_, ..<8): .none
    case (_, ..<16): .ansi
    case (.bright, _), (_, ..<256): .bright
    case (.indexed, _), (_, ..<0x100_0000): .indexed
    default: .direct
    }
  }
}
