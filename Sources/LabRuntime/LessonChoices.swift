import Lessons

/// Whether the words of wrong choices stand where somebody reads them.
enum LessonChoices {
  static let remedy = "wrong: … under each wrong choice, or under none"

  /// What is wrong with them; nil where nothing is.
  ///
  /// - Parameter right: the choices that the lab finds right.
  static func silent(_ choices: [Ask.Choice], right: Set<Int>) -> String? {
    guard choices.contains(where: { !$0.wrongWords.isEmpty }) else { return nil }
    for (place, choice) in choices.enumerated() {
      let letter = Ask.letter(place)
      if right.contains(place), !choice.wrongWords.isEmpty {
        return "the choice \(letter) has words for who is wrong, and is right"
      }
      if !right.contains(place), choice.wrongWords.isEmpty {
        return "the wrong choice \(letter) has no words, as others have"
      }
    }
    return nil
  }
}
