import Autodiff
import NeuralNets
import Tensors

// Gradients beside their numeric estimates.

extension Debugger {
  /// Numbers of the plan that the checks of one gradient may go through: of a large network fewer of its
  /// numbers are checked, so that an answer takes seconds.
  private static let patience = 64_000_000

  /// A gradient beside its numeric estimate: one number of it where an index is given, else all of it,
  /// or so many of it; the worst of every parameter when no place is given.
  func check(_ place: DebuggerCommand.Place?) throws -> DebuggerReply {
    let end = session.plan.range(of: .update).lowerBound
    let here = session.standing
    // The check starts from the weights before the update.
    if session.execution.position > end {
      session.go(to: session.moment(session.shownStep, end))
    }
    defer { session.go(to: here) }
    guard let place else { return checkAll() }
    let name = place.name.hasSuffix(".grad") ? String(place.name.dropLast(5)) : place.name
    guard let value = session.plan.value(named: name), session.plan.gradients[value] != nil else {
      throw DebuggerCommand.Failure(
        "there is no gradient of '\(name)'",
        remedy: "one of " + session.network.weights.map(\.name).joined(separator: ", "))
    }
    guard !place.index.isEmpty else { return try checkWhole(value, name) }
    let offset = try self.offset(of: place, in: value)
    guard let finding = session.gradientCheck(value, at: offset) else {
      throw DebuggerCommand.Failure("\(name) cannot be checked", remedy: "a weight")
    }
    let error = finding.relativeError(scale: max(largest(value), 1e-6))
    return reply(finding, error: error, checked: 1)
  }

  private func checkWhole(_ value: Value, _ name: String) throws -> DebuggerReply {
    let check = GradientCheck(session.execution)
    var done = 0
    let sizes = session.plan.arenaSizes
    let affordable = max(8, Self.patience / max(1, sizes.state + sizes.activations))
    let most = min(GradientCheck.surveyed, affordable)
    let total = min(value.shape.count, most)
    let survey = check.survey(value, most: most) {
      done += 1
      return session.mayGoOn && progress?(Double(done) / Double(total)) ?? true
    }
    guard let survey else {
      throw DebuggerCommand.Failure("\(name) cannot be checked", remedy: "a weight")
    }
    var answer = reply(survey.worst, error: survey.error, checked: survey.checked)
    answer.lines.insert(Self.words(survey, name), at: 0)
    answer.fields += [
      DebuggerReply.NamedField(name: "of", value: .integer(survey.count)),
      DebuggerReply.NamedField(name: "worst_relative_error", value: .double(survey.error)),
    ]
    return answer
  }

  /// `all 48 numbers of the gradient of dense/kernel checked; the worst:`
  private static func words(_ survey: GradientSurvey, _ name: String) -> String {
    let gradient = "the gradient of \(name)"
    guard survey.count > 1 else { return "\(gradient), its one number:" }
    if survey.isWhole { return "all \(survey.count) numbers of \(gradient) checked; the worst:" }
    let cut = survey.checked < survey.wanted ? ", no more were asked for" : ""
    return "\(survey.checked) of the \(survey.count) numbers of \(gradient) checked, the largest "
      + "and some spread over it\(cut); the worst:"
  }

  private func checkAll() -> DebuggerReply {
    let check = GradientCheck(session.execution)
    let count = session.network.parameterCount
    let stride = max(1, count / 400)
    guard let (finding, error) = check.worst(stride: stride, of: session.plan.parameters) else {
      return DebuggerReply(["there is no gradient to check"])
    }
    let scale = max(largest(session.plan.value(named: finding.value)), 1e-6)
    var answer = reply(
      finding, error: finding.relativeError(scale: scale), checked: (count + stride - 1) / stride)
    answer.lines.insert(
      (stride == 1 ? "every parameter" : "one parameter in \(stride)")
        + " checked; the largest difference is \(error) relative to its array's gradient:", at: 0)
    answer.fields.append(
      DebuggerReply.NamedField(name: "worst_relative_error", value: .double(error)))
    return answer
  }

  private func largest(_ value: Value?) -> Double {
    guard let value, let gradient = session.plan.gradients[value],
      session.execution.isKnown(gradient)
    else { return 0 }
    return session.execution.numbers(of: gradient).reduce(0) { max($0, abs(Double($1))) }
  }

  private func reply(
    _ finding: GradientCheck.Finding, error: Double, checked: Int
  ) -> DebuggerReply {
    let agrees = error <= 1e-6
    let index =
      session.plan.value(named: finding.value).map {
        CellExplainer.subscript($0.shape.index(ofOffset: finding.offset))
      } ?? ""
    return DebuggerReply(
      [
        "∂L/∂ \(finding.value)\(index)",
        "analytic \(finding.analytic)",
        "numeric  \(finding.numeric)   (central differences, Float64)",
        (agrees ? "they agree" : "they differ") + ": relative error \(error)",
      ],
      [
        ("value", .text(finding.value + index)), ("analytic", .double(finding.analytic)),
        ("numeric", .double(finding.numeric)), ("relative_error", .double(error)),
        ("agrees", .truth(agrees)), ("checked", .integer(checked)),
      ])
  }
}
