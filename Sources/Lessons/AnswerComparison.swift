import Training

/// What an answer was compared with, so that nobody has to wonder how exact it has to be.
package struct AnswerComparison: Hashable, Sendable {
  /// The number given.
  package let given: Double
  /// The number that the lab has.
  package let truth: Double
  /// How far they may be apart.
  package let tolerance: Double
  /// How near it has to come, in words.
  private let nearness: String

  /// - Returns: nil for a choice, an answer that is no number, and where the lab has none.
  package init?(_ given: GivenAnswer, to ask: Ask, in context: some LessonContext) {
    guard case .typed(let text) = given, case .number(let expression) = ask.answer,
      let number = AnswerCheck.number(text, to: ask), let truth = try? context.number(expression)
    else { return nil }
    (self.given, self.truth, tolerance) = (number, truth, ask.tolerance)
    nearness =
      ask.isCount
      ? (number == number.rounded() ? "" : "a whole number is asked for")
      : tolerance == 0
        ? "only the very number counts as right" : "±\(Self.text(tolerance)) counts as right"
  }

  /// `0.36 was compared with the lab's number; ±0.005 counts as right`. It tells not the number.
  package var words: String {
    "\(Self.text(given)) was compared with the lab's number"
      + (nearness.isEmpty ? "" : "; " + nearness)
  }

  /// The shortest decimal of at most ten digits.
  private static func text(_ number: Double) -> String {
    ValueText.text(.number((number * 1e10).rounded() / 1e10)).replacingSuffix(".0")
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
