import Foundation
import Training

/// What a student gives to a question.
package enum GivenAnswer: Hashable, Sendable {
  /// A number, or a sum to be computed: `0.36`, `0.6*0.45`.
  case typed(String)
  /// The place of a choice, counted from 0.
  case chosen(Int)
}

/// What is to be said of an answer.
package enum Verdict: Hashable, Sendable {
  case right
  /// What went wrong, as far as it can be seen from the answer.
  case wrong([InlineRun])
  /// It is no answer at all: why.
  case unreadable(String)
  /// The true answer is not known at this point of the run: why.
  case cannotTell(String)
}

/// Judges answers: right to half a unit of the last digit shown, and if wrong, why.
package enum AnswerCheck {
  package static func judge(
    _ given: GivenAnswer, to ask: Ask, in context: some LessonContext
  ) -> Verdict {
    do {
      switch (ask.answer, given) {
      case (.number(let expression), .typed(let text)):
        return judge(text, truth: try context.number(expression), ask, context)
      case (.choice(let choices), .chosen(let i)) where choices.indices.contains(i):
        return try context.holds(choices[i].isRight) ? .right : .wrong(choices[i].wrongWords)
      case (.choice, .typed(let text)):
        guard let choice = ask.choice(named: text) else {
          return .unreadable("‘\(text.trimmed)’ is no choice; its letter is meant, such as a")
        }
        return judge(.chosen(choice), to: ask, in: context)
      case (.choice, _): return .unreadable("one of the choices is meant")
      case (.number, _): return .unreadable("a number is meant, such as 0.36")
      }
    } catch {
      return .cannotTell(error.description)
    }
  }

  private static func judge(
    _ text: String, truth: Double, _ ask: Ask, _ context: some LessonContext
  ) -> Verdict {
    guard let typed = number(text, to: ask) else {
      return .unreadable("‘\(text.trimmed)’ is no number; one such as 0.36 is meant")
    }
    if agree(typed, truth, ask.tolerance) { return .right }
    let exact = min(ask.tolerance, halfUnit(text, ask.digits))
    let mistakes = ask.diagnoses.compactMap { diagnosis -> (off: Double, words: [InlineRun])? in
      guard let value = try? context.number(diagnosis.wrongValue),
        !agree(value, truth, ask.tolerance), agree(typed, value, exact)
      else { return nil }
      return (abs(typed - value), diagnosis.words)
    }
    if let nearest = mistakes.min(by: { $0.off < $1.off }) { return .wrong(nearest.words) }
    return .wrong(words(standardDiagnosis(typed, truth, ask)))
  }

  /// Half a unit of the last digit that was typed: how exact a mistake must be met to be told from
  /// others, also where an answer is right from afar.
  private static func halfUnit(_ text: String, _ digits: Int) -> Double {
    let typed = text.split(whereSeparator: { $0 == "." || $0 == "," })
    let isNumber = text.allSatisfy { $0.isNumber || "+-., ".contains($0) }
    let own = isNumber ? min(typed.count == 2 ? typed[1].count : 0, digits) : digits
    return (0..<own).reduce(0.5) { half, _ in half / 10 }
  }

  /// What can be said without knowing the question.
  private static func standardDiagnosis(_ typed: Double, _ truth: Double, _ ask: Ask) -> String {
    if agree(typed, -truth, ask.tolerance) { return "The size is right, the sign is not." }
    guard !ask.isCount else {
      return typed == typed.rounded() ? "" : "A whole number is asked for."
    }
    // Only what the truth itself rounds to is close; another number nearby may be another mistake.
    if (0..<ask.digits).contains(where: { typed == rounded(truth, to: $0) }) {
      let digits = ask.digits == 1 ? "1 digit" : "\(ask.digits) digits"
      return "Close: \(digits) after the point \(ask.digits == 1 ? "is" : "are") asked for."
    }
    return ""
  }

  private static func rounded(_ number: Double, to digits: Int) -> Double {
    let unit = pow(10, Double(digits))
    return (number * unit).rounded() / unit
  }

  private static func words(_ text: String) -> [InlineRun] {
    text.isEmpty ? [] : [.text(text, .plain)]
  }

  /// Equal within the tolerance, and a little more than what Float32 and decimals lose.
  private static func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    if a == b { return true }
    return abs(a - b) <= tolerance + 1e-9 + abs(b) * 1e-7
  }

  /// The same, with a percent sign: `50%` is 0.5, but 50 where the question itself is of percent. Of
  /// what is counted, `11,274` has thousands.
  package static func number(_ text: String, to ask: Ask) -> Double? {
    let text = text.trimmed
    if ask.isCount, text.wholeMatch(of: /[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+/) != nil {
      return number(text.replacing(",", with: ""))
    }
    guard text.hasSuffix("%") else { return number(text) }
    return number(String(text.dropLast())).map { ask.isOfPercent ? $0 : $0 / 100 }
  }

  /// A number as people type it, or an expression of numbers alone.
  package static func number(_ text: String) -> Double? {
    let pointed = text.contains(".") ? text : text.replacingComma
    return try? RunExpression(pointed).value(in: NoNames()).number()
  }

  /// Where no name means anything.
  private struct NoNames: ExpressionScope {
    var names: [String] { [] }
    func value(named name: String) -> ExpressionValue? { nil }
    func value(of function: String, place: String) throws(ExpressionFailure) -> ExpressionValue {
      throw ExpressionFailure(.meaning, "\(function) in an answer", remedy: "a number")
    }
  }
}

extension String {
  /// `0,36` as `0.36`: the one comma of a number, not one between brackets.
  fileprivate var replacingComma: String {
    count { $0 == "," } == 1 && !contains("(") && !contains("[")
      ? String(map { $0 == "," ? "." : $0 }) : self
  }
}
