import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What-ifs by keys: an example edited or dropped, an update skipped. Each lets a branch grow, and `u`
/// goes back to the one before.
enum WhatIfKeys {
  /// - Parameter hasDrop: whether `x` is free; in lists it deletes.
  static func always(hasDrop: Bool) -> [Binding] {
    let drop = Binding(
      [KeyStroke("x")], "drop the example",
      help: "what if: the example under the lens counts for nothing, from this step on",
      whyNot: whyNotExample
    ) { state in
      guard let place = state.lab.moment?.lens?.place else { return [] }
      return [keepLens(at: place, &state), .ask("drop \(place)")]
    }
    let skip = Binding(
      [KeyStroke("X")], "skip the update",
      help: "what if: the update of this step, or pass, has no effect"
    ) { _ in [.ask("skip update")] }
    return (hasDrop ? [drop] : []) + [skip]
  }

  static let inExample = Binding(
    [KeyStroke(.enter)], "what if", hint: "what if",
    help: "another target or another input for this example, or drop it: a branch grows",
    whyNot: whyNotExample
  ) { offer(&$0) }

  @Sendable private static func whyNotFixed(_ state: AppState) -> String? {
    state.lab.pass == nil ? nil : "a program's loop made the batches of this run: they stay"
  }

  @Sendable private static func whyNotExample(_ state: AppState) -> String? {
    if let reason = whyNotFixed(state) { return reason }
    return state.lab.moment?.lens == nil ? "this plan looks at no example" : nil
  }

  /// The same example stays under the lens, also where another would matter more afterwards.
  private static func keepLens(at place: Int, _ state: inout AppState) -> Effect {
    state.step.interest.example = place
    return .lab(.look(state.interest))
  }

  // MARK: The example's numbers

  private struct Choice {
    let label: String
    let detail: String
    /// The command, and what it asks for first; nil when it is whole.
    let command: String
    var field: String?
  }

  private static func offer(_ state: inout AppState) -> [Effect] {
    guard let lens = state.lab.moment?.lens else { return [] }
    let choices =
      [Choice(label: "drop it", detail: "it counts for nothing", command: "drop \(lens.place)")]
      + targets(lens, state) + inputs(lens, state)
    state.overlay = .menu(
      Menu(
        "What if: example \(lens.place) of the batch", choices.map { ($0.label, $0.detail) }
      ) { place, state in
        let choice = choices[place]
        let lens = keepLens(at: lens.place, &state)
        guard let field = choice.field else { return [lens, .ask(choice.command)] }
        state.field = TextField(field, allows: TextField.digits) { text, state in
          guard let number = Float(text), number.isFinite else {
            state.say("'\(text)' is no number; right would be one as 0.5 or -1e-3", .warning)
            return []
          }
          return [.ask("\(choice.command) = \(number)")]
        }
        return [lens]
      })
    return []
  }

  /// Another class each, or another number to be met.
  private static func targets(_ lens: ExampleLens, _ state: AppState) -> [Choice] {
    let numbers = lens.target.scalars
    let classes = state.lab.settings?.data.classes ?? []
    if numbers.count == 1, !classes.isEmpty {
      let now = numbers[0].classNumber
      return classes.enumerated().filter { $0.offset != now }.map { number, name in
        Choice(
          label: "target \(name)",
          detail: now.flatMap { classes.indices.contains($0) ? classes[$0] : nil }
            .map { "instead of \($0)" } ?? "",
          command: "set target[\(lens.place)] = \(number)")
      }
    }
    return numbers.indices.map { offset in
      let name =
        numbers.count == 1
        ? "target[\(lens.place)]" : "target" + index(of: offset, in: lens.target, lens.place)
      return number(name, now: numbers[offset], label: name)
    }
  }

  private static func inputs(_ lens: ExampleLens, _ state: AppState) -> [Choice] {
    let features = state.workpiece.dataset.features
    let hasNames = features.count == lens.input.count && state.runIsCurrent
    return lens.input.scalars.indices.map { offset in
      let name = "input" + index(of: offset, in: lens.input, lens.place)
      return number(
        name, now: lens.input.scalars[offset], label: hasNames ? features[offset] : name)
    }
  }

  private static func number(_ name: String, now: Float, label: String) -> Choice {
    Choice(
      label: label, detail: "now \(NumberFormat.compact(now, digits: 4))", command: "set \(name)",
      field: name + " =")
  }

  /// `[3,5]`: the place in the batch, then that within the example.
  private static func index(of offset: Int, in tensor: Tensor, _ place: Int) -> String {
    var index = tensor.shape.index(ofOffset: offset)
    if !index.isEmpty { index[0] = place }
    return CellExplainer.subscript(index)
  }
}
