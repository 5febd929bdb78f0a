import Lessons
import TerminalGraphics
import Training

/// The numbers that the words of success name, as they were when an exercise was done: the run goes
/// on, the words stay.
enum SuccessNumbers {
  /// As they are kept: an expression and its value on a line each.
  static func text(of exercise: Exercise, in readings: Readings) -> String {
    exercise.success.expressions.compactMap { expression in
      guard case .success(let value)? = readings[expression] else { return nil }
      return self.text(value).map { "\(expression)\t\($0)" }
    }.joined(separator: "\n")
  }

  private static func text(_ value: ExpressionValue) -> String? {
    switch value {
    case .truth(let holds): return holds ? "yes" : "no"
    case .text(let text): return "“" + text
    case .number, .tensor: return (try? value.number()).map { "\($0)" }
    }
  }

  /// What was kept; what cannot be understood is left out.
  static func readings(_ text: String) -> Readings {
    var values: [String: ExpressionValue] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      values[parts[0]] = value(parts[1])
    }
    return Readings(values: values)
  }

  private static func value(_ text: String) -> ExpressionValue? {
    switch text {
    case "yes": .truth(true)
    case "no": .truth(false)
    case _ where text.hasPrefix("“"): .text(String(text.dropFirst()))
    default: Double(text).map { .number($0) }
    }
  }
}
