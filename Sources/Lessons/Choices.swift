/// Choices are named by letters: digits go to screens.
extension Ask {
  /// The letter of a choice, counted from 0.
  package static func letter(_ choice: Int) -> String {
    guard (0..<26).contains(choice) else { return "\(choice + 1)" }
    return String(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(choice))))
  }

  /// The choice that an answer names, by its letter or, as in files and records, by its number from 1;
  /// nil where it names none.
  package func choice(named text: String) -> Int? {
    guard case .choice(let choices) = answer else { return nil }
    let wanted = text.trimmed.lowercased()
    if let number = Int(wanted) {
      return choices.indices.contains(number - 1) ? number - 1 : nil
    }
    return choices.indices.first { Self.letter($0) == wanted }
  }
}
