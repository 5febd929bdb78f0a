import Lessons
import TerminalGraphics
import Training

/// What an exercise waits for, and how near the run is to it.
struct ExerciseProgress {
  private let parts: [AwaitedPart]
  private let readings: Readings

  init(_ exercise: Exercise, _ readings: Readings) {
    parts = (try? RunExpression(exercise.isDone))?.awaited ?? []
    self.readings = readings
  }

  /// The expressions whose values it needs beside the exercise's own.
  static func expressions(_ exercise: Exercise) -> [String] {
    ((try? RunExpression(exercise.isDone))?.awaited ?? []).flatMap { part in
      [part.source] + (part.value.map { [$0, part.wanted] } ?? [])
    }
  }

  /// A line for each thing it waits for that is a comparison: the value now, and what is wanted.
  func lines(width: Int) -> [StyledText] {
    let shown = parts.filter { $0.value != nil }
    // Where it is a place one has been to or a thing one did, the task says it better.
    guard !shown.isEmpty else { return [] }
    let names = min(
      max(16, width - 34), shown.compactMap { $0.value.map(TextWidth.columns) }.max() ?? 0)
    return shown.map { line($0, names: names).truncated(to: width) }
  }

  private func line(_ part: AwaitedPart, names: Int) -> StyledText {
    let holds = (try? readings.holds(part.source)) ?? false
    let name = part.value ?? ""
    let shown = StyledText(name, .series(0)).truncated(to: names)
    let padding = String(repeating: " ", count: max(0, names - shown.width))
    let mark: StyledText = holds ? .good("● ") : .secondary("○ ")
    return mark + shown + StyledText(padding + "  now ", .secondary)
      + value(name) + .secondary("   wanted ") + .text(Self.sign(part.relation) + wanted(part))
  }

  /// What is wanted as it was written, or its value where that says more: `iris`, `≥ 0.9`.
  private func wanted(_ part: AwaitedPart) -> String {
    if Double(part.wanted) != nil || part.wanted.hasPrefix("\"") { return part.wanted }
    guard case .success(let value)? = readings[part.wanted] else { return part.wanted }
    return "\(part.wanted) = " + Self.short(value)
  }

  private func value(_ name: String) -> StyledText {
    switch readings[name] {
    case .success(let value): return .accent(Self.short(value))
    case .failure(let failure) where failure.isNotYet: return .secondary("not yet")
    case .failure, nil: return .secondary("…")
    }
  }

  private static func short(_ value: ExpressionValue) -> String {
    guard let number = try? value.number() else { return LessonText.text(value, digits: 3) }
    if case .truth(let holds) = value { return holds ? "yes" : "no" }
    return number == number.rounded() && abs(number) < 1e9
      ? NumberFormat.integer(Int(number)) : NumberFormat.compact(number, digits: 4)
  }

  private static func sign(_ relation: String) -> String {
    switch relation {
    case ">=": "≥ "
    case "<=": "≤ "
    case "!=": "other than "
    case "==": ""
    default: relation + " "
    }
  }
}
