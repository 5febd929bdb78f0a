import Autodiff
import Foundation
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What stands there at the very start of a step: what the four phases will do.
enum StartPanel {
  static func draw(
    _ state: AppState, _ moment: StepMoment, _ area: Rect, _ isFocused: Bool,
    on grid: inout CellGrid
  ) {
    let box = grid.box(
      area, title: "The start of step \(NumberFormat.integer(moment.step))", isFocused: isFocused)
    let inside = area.height >= 12 ? box.inset() : area.inset(columns: 2, rows: 1)
    let count = moment.plan.instructions.count
    let examples = moment.plan.batchSize == 1 ? "one example" : "\(moment.plan.batchSize) examples"
    let head =
      StyledText.strong("Nothing is done yet. ")
      + .text("The batch is loaded: \(examples). \(count) instructions make the step:")
    let keys = [
      StyledText.hint(".", "does the first line,") + " " + .hint(",", "takes it back."),
      .hint(">", "does all of a phase."),
    ]
    let lines = head.wrapped(to: inside.width)
    let phases = phases(state, moment, width: inside.width)
    // Air where there is room for it.
    let free = inside.height - lines.count - phases.count - keys.count
    let above = free >= 2 ? [StyledText()] : []
    let below = free >= 1 ? [StyledText()] : []
    let isWide = free >= 2 + phases.count - 1
    let table = isWide ? Array(phases.flatMap { [$0, StyledText()] }.dropLast()) : phases
    let all = lines + above + table + below + keys
    for (row, line) in all.prefix(inside.height).enumerated() {
      grid.write(line, at: Point(inside.x, inside.y + row), width: inside.width)
    }
  }

  /// `o  update     6  Adam changes the weights`: the key that goes there, how many lines it has.
  private static func phases(_ state: AppState, _ moment: StepMoment, width: Int) -> [StyledText] {
    let keys: [Phase: String] = [.forward: "f", .loss: "l", .backward: "b", .update: "o"]
    return Phase.allCases.compactMap { phase in
      let range = moment.plan.range(of: phase)
      guard !range.isEmpty else { return nil }
      let name = phase.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
      let start =
        StyledText.key(keys[phase] ?? "") + "  " + StyledText(name, phase.ink)
        + .secondary(NumberFormat.padded(String(range.count), to: 3) + "  ")
      let all = meaning(phase, state, moment)
      return start + .text(Fitting.text(all, width: width - start.width))
    }
  }

  /// What a phase does, in many words and in few.
  private static func meaning(
    _ phase: Phase, _ state: AppState, _ moment: StepMoment
  ) -> [String] {
    switch phase {
    case .forward:
      let layers = layers(moment)
      let names = layers.joined(separator: " → ")
      let count = state.lab.network?.layers.count ?? layers.count
      return [
        "the examples go through \(names)",
        "through \(count) \(count == 1 ? "layer" : "layers")",
      ]
    case .loss: return ["one number says how wrong the outputs are", "how wrong the outputs are"]
    case .backward:
      return [
        "back through the layers: how the loss changes with every number",
        "how the loss changes with each number", "the gradients",
      ]
    case .update:
      let optimizer = state.lab.settings?.model.compilation?.optimizer.kind
      return [
        "\(optimizer ?? "the optimizer") changes the weights so that the loss should fall",
        "the weights change",
      ]
    }
  }

  private static func layers(_ moment: StepMoment) -> [String] {
    var names: [String] = []
    for instruction in moment.plan.instructions where instruction.phase == .forward {
      if let name = instruction.layer, names.last != name { names.append(name) }
    }
    return names
  }
}
