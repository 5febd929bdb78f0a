import Autodiff
import Training

extension AppState {
  /// Why a command at the prompt is not answered while the open page asks for a number that it would
  /// tell; nil where it is answered.
  func whyHidden(_ command: String) -> String? {
    let hidden = hiddenNumbers
    guard !hidden.isEmpty, let read = try? DebuggerCommand(command) else { return nil }
    let tells =
      switch read {
      case .print(let expression), .display(let expression): hidden.touches(expression)
      case .explain(let place): explaining(place, tells: hidden)
      case .check(let place): checking(place, tells: hidden)
      case .breakpoint(let command): stopping(command, tells: hidden)
      // What these tell may be any number of the step.
      case .forward, .why, .origin, .originUnsound: true
      default: false
      }
    return tells
      ? "? until it is answered: this page asks for a number that ‘\(command)’ would tell; "
        + "the sandbox (S) hides nothing"
      : nil
  }

  /// Whether the making of a number has one in it that is kept back.
  private func explaining(
    _ place: DebuggerCommand.Place?, tells hidden: HiddenNumbers
  ) -> Bool {
    guard let moment = lab.moment else { return true }
    let plan = moment.plan
    let value = place.flatMap { plan.value(named: $0.name) }
    let maker =
      place == nil
      ? moment.instruction
      : plan.instructions.indices.last { index in
        plan.instructions[index].results.contains { $0.value == value }
      }
    guard let maker else { return place.map { hidden.touches($0.name) } ?? false }
    let instruction = plan.instructions[maker]
    return (instruction.operands + instruction.results.map(\.value)).contains {
      hidden.touches(plan[$0].name)
    }
  }

  /// Where a condition holds says as much as the number that it is about.
  private func stopping(_ command: BreakpointCommand, tells hidden: HiddenNumbers) -> Bool {
    switch command {
    case .add(let request), .when(let request, _), .goTo(let request, _):
      switch request.trigger {
      case .condition(let condition), .place(_, let condition?), .watch(let condition, _):
        hidden.touches(condition)
      case .place(_, nil), .sickness: false
      }
    case .condition(_, let condition?): hidden.touches(condition)
    case .condition(_, nil), .delete, .enable, .disable, .ignore: false
    }
  }

  /// A numeric check tells the gradient.
  private func checking(
    _ place: DebuggerCommand.Place?, tells hidden: HiddenNumbers
  ) -> Bool {
    let gradients = hidden.values.union(hidden.cells.keys).filter { $0.hasSuffix(".grad") }
    guard let place else { return !gradients.isEmpty }
    let name = place.name.hasSuffix(".grad") ? place.name : place.name + ".grad"
    return gradients.contains(name)
  }
}
