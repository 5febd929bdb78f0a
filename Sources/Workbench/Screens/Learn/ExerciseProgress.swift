import Lessons
import TerminalGraphics
import Training

/// What an exercise waits for, and how near the run is to it.
struct ExerciseProgress {
  private let conditions: [Exercise.Condition]
  /// Writes the captions, with the run's numbers and without those that are kept back.
  private let text: LessonText

  init(_ exercise: Exercise, _ text: LessonText) {
    conditions = exercise.conditions
    self.text = text
  }

  /// The expressions whose values it needs beside the exercise's own.
  static func expressions(_ exercise: Exercise) -> [String] {
    exercise.awaited.flatMap { part in
      [part.source] + (part.value.map { [$0, part.wanted] } ?? [])
    }
  }

  /// Each thing it waits for: whether it holds, in words where the lesson has some, and the value now.
  func lines(width: Int) -> [StyledText] {
    conditions.flatMap { condition -> [StyledText] in
      let holds = condition.parts.allSatisfy { (try? text.readings.holds($0.source)) ?? false }
      let mark: StyledText = holds ? .good("● ") : .secondary("○ ")
      let lines = (words(condition) + now(condition)).wrapped(to: max(8, width - 2))
      return lines.enumerated().map { row, line in (row == 0 ? mark : "  ") + line }
    }
  }

  /// The caption, or the expression as it was written.
  private func words(_ condition: Exercise.Condition) -> StyledText {
    if let words = condition.words { return text.styled(words) }
    return .joined(
      condition.parts.map { StyledText($0.value ?? $0.source, .series(0)) }, separator: ", ")
  }

  /// `  now 0.25, wanted at least 1`; a caption says itself what is wanted.
  private func now(_ condition: Exercise.Condition) -> StyledText {
    let isSaid = condition.words?.contains { if case .live = $0 { true } else { false } } ?? false
    guard !isSaid, let part = condition.parts.first, let value = part.value,
      condition.parts.allSatisfy({ $0.value == value }),
      // What is worked out of several numbers says nothing beside words that do not name it.
      condition.words == nil || (try? RunExpression(value).number) != nil
    else { return StyledText() }
    // What this run has not at all, as a penalty of none, is no number to come.
    if condition.words != nil, case .failure(let failure)? = text.readings[value],
      !failure.isNotYet
    {
      return StyledText()
    }
    let now = .secondary("  now ") + number(value)
    guard condition.words == nil else { return now }
    return now + .secondary(", wanted ") + .text(Self.sign(part.relation) + wanted(part))
  }

  /// What is wanted as it was written, or its value where that says more: `iris`, `0.9`.
  private func wanted(_ part: AwaitedPart) -> String {
    if Double(part.wanted) != nil || part.wanted.hasPrefix("\"") { return part.wanted }
    guard case .success(let value)? = text.readings[part.wanted],
      !text.hidden.touches(expression: part.wanted)
    else { return part.wanted }
    return "\(part.wanted) = " + Self.short(value)
  }

  private func number(_ name: String) -> StyledText {
    guard !text.hidden.touches(expression: name) else { return .accent("?") }
    switch text.readings[name] {
    case .success(let value): return .accent(Self.short(value))
    case .failure(let failure) where failure.isNotYet: return .secondary("not yet")
    case .failure, nil: return .secondary("…")
    }
  }

  private static func short(_ value: ExpressionValue) -> String {
    guard let number = try? value.number() else { return LessonText.text(value, digits: 3) }
    return number == number.rounded() && abs(number) < 1e9
      ? NumberFormat.integer(Int(number)) : NumberFormat.compact(number, digits: 4)
  }

  /// In words: where there are few characters, ≥ would be another sign.
  private static func sign(_ relation: String) -> String {
    switch relation {
    case ">=": "at least "
    case "<=": "at most "
    case ">": "more than "
    case "<": "less than "
    case "!=": "other than "
    default: ""
    }
  }
}
