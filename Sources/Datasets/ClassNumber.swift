extension Float {
  /// The class that a target names, its fraction cut off; nil where it names none: below 0, not a
  /// number, or beyond what an `Int` counts.
  package var classNumber: Int? {
    guard let number = Int(exactly: rounded(.towardZero)), number >= 0 else { return nil }
    return number
  }
}
