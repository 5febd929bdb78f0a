import Autodiff
import Tensors

// Where a number came from, and the first NaN.

extension Debugger {
  func origin(_ place: DebuggerCommand.Place) throws -> DebuggerReply {
    guard let value = session.plan.value(named: place.name) else {
      let near = NameSuggestion.near(place.name, among: session.plan.names + ["nan"])
      throw DebuggerCommand.Failure(
        "there is no value '\(place.name)'",
        remedy: near.isEmpty ? "one that 'info values' lists" : near.joined(separator: " or "))
    }
    let offset = try offset(of: place, in: value)
    guard let answer = session.origin(of: place.name, at: offset) else {
      let origin = session.plan.origin(of: value)
      throw DebuggerCommand.Failure(
        "\(place.name) is not known yet",
        remedy: origin.map { "goto instruction \($0 + 1) first" } ?? "a later moment")
    }
    var lines = ["\(answer.name) = \(ValueText.number(answer.value))"]
    var fields: [(String, DebuggerReply.Field)] = [
      ("name", .text(answer.name)), ("value", .number(answer.value)),
      ("step", .integer(answer.step)),
    ]
    switch answer.source {
    case .made(let opened):
      let title = (opened.scopes + [opened.title]).joined(separator: " › ")
      lines.append(
        "written in step \(answer.step) by instruction \(opened.instruction + 1),"
          + " \(opened.phase.rawValue) · \(title)")
      lines.append(opened.formula)
      lines += AnswerText.lines(opened.parts.map { ($0.amount, AnswerText.part($0)) })
      fields += [
        ("instruction", .integer(opened.instruction + 1)), ("at", .text(title)),
        ("formula", .text(opened.formula)), ("names", .texts(opened.parts.map(\.name))),
        ("terms", .numbers(opened.parts.map { Float($0.amount) })),
      ]
      if let largest = opened.largest {
        lines.append("The largest part comes from \(largest.name).")
        fields.append(("largest", .text(largest.name)))
      }
    case .data(let label):
      lines.append("It came with the data" + (label.map { " of \($0.words)." } ?? "."))
      fields.append(("source", .text("data")))
    case .constant:
      lines.append("It stands in the code and never changes.")
      fields.append(("source", .text("constant")))
    case .given:
      lines.append("No instruction writes it: it is what the step begins with.")
      fields.append(("source", .text("given")))
    case .beginning(let step, let setByHand):
      lines.append(
        setByHand
          ? "It was set by hand for step \(step)."
          : "No update has written it yet: it is as the run began.")
      fields.append(("source", .text(setByHand ? "set" : "beginning")))
    }
    return DebuggerReply(lines, fields)
  }

  /// The first NaN or ∞: of the step at hand, else of the step in which the run became unsound.
  func unsoundOrigin() throws -> DebuggerReply {
    guard let found = session.firstUnsound() else {
      throw DebuggerCommand.Failure(
        "there is no NaN and no ∞ in this step or before", remedy: "a later moment")
    }
    let place = found.instruction.map { "instruction \($0 + 1), \(found.title)" }
    var lines = [
      "\(found.name) = \(UnsoundOrigin.text(found.value)) in step \(found.step)"
        + (place.map { " · \($0)" } ?? "")
    ]
    if !found.formula.isEmpty { lines.append(found.formula) }
    lines += found.operands.prefix(AnswerText.most).map {
      "  \($0.name) = \(UnsoundOrigin.text($0.value))"
    }
    lines.append(found.sentence)
    var fields: [(String, DebuggerReply.Field)] = [
      ("name", .text(found.name)), ("value", .number(found.value)),
      ("step", .integer(found.step)), ("operands", .texts(found.operands.map(\.name))),
      ("operand_values", .numbers(found.operands.map(\.value))),
      ("words", .texts([found.sentence])),
    ]
    if let instruction = found.instruction {
      fields += [("instruction", .integer(instruction + 1)), ("formula", .text(found.formula))]
    }
    if let example = found.example { fields.append(("example", .integer(example))) }
    return DebuggerReply(lines, fields)
  }
}

extension Session {
  /// The first NaN or ∞ of the run up to here: in the step at hand, in the one whose loss was no
  /// number any more, or in an update before it.
  package func firstUnsound() -> UnsoundOrigin? {
    var found: UnsoundOrigin?
    var step = shownStep
    if let first = history.firstUnsound, first < step { step = first }
    while step >= 0 {
      let here =
        step == shownStep
        ? UnsoundOrigin.first(in: self) : atEnd(ofStep: step) { UnsoundOrigin.first(in: self) }
      guard let here else { break }
      found = here
      guard here.cause == .weights, step > 0 else { break }
      step -= 1
    }
    return found
  }
}
