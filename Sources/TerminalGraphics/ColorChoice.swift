/// How many colors the user wants, as `--color` and BACKSTEP_COLOR say it.
package enum ColorChoice: String, Hashable, Sendable, CaseIterable {
  case auto
  case direct = "24bit"
  case indexed = "256"
  case ansi = "16"
  case never

  /// The option if it says something, then BACKSTEP_COLOR, then NO_COLOR (not empty), else `auto`.
  package static func resolved(
    option: ColorChoice, environment: [String: String]
  ) -> ColorChoice {
    if option != .auto { return option }
    if let word = environment["BACKSTEP_COLOR"], let choice = ColorChoice(rawValue: word),
      choice != .auto
    {
      return choice
    }
    return environment["NO_COLOR", default: ""].isEmpty ? .auto : .never
  }

  /// Whether to try for 24-bit color: wanted, or promised by COLORTERM. GNU screen inherits the
  /// variable from the terminal around it and does not keep the promise.
  package func triesDirect(environment: [String: String]) -> Bool {
    let promises = ["truecolor", "24bit"].contains(environment["COLORTERM", default: ""])
    let isScreen = environment["TERM", default: ""].hasPrefix("screen")
    return self == .direct || (self == .auto && promises && !isScreen)
  }

  /// The depth for a terminal that has `colors` colors.
  package func depth(colors: Int) -> Ability.Depth {
    switch (self, colors) {
    case (.never, _), (_, ..<8): .none
    case (.ansi, _), (_, ..<256): .ansi
    case (.indexed, _), (_, ..<0x100_0000): .indexed
    default: .direct
    }
  }
}
