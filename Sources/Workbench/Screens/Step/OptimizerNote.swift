import Autodiff
import Foundation
import NeuralNets
import TerminalGraphics
import Training

/// The settings that an update works with, below the plan.
struct OptimizerNote {
  let title: String
  let rows: [(name: String, value: String)]
  let remark: String

  /// Nil for what is no update.
  init?(_ state: AppState, _ moment: StepMoment) {
    guard let index = moment.instruction, moment.plan.instructions[index].phase == .update
    else { return nil }
    let optimizer = state.lab.settings?.model.compilation?.optimizer
    title = "settings of \(optimizer?.kind ?? "the optimizer")"
    var rows = [("learning rate", Self.short(Double(moment.learningRate.description) ?? 0))]
    var remark = ""
    switch moment.plan.instructions[index].results.first?.rule {
    case .adam(_, _, _, _, let beta1, let beta2, let epsilon):
      rows += [
        ("β₁", Self.short(beta1)), ("β₂", Self.short(beta2)),
        ("ε", Self.short(epsilon)), ("t", NumberFormat.integer(moment.updatesBefore + 1)),
      ]
      remark = "t counts updates from 1"
    case .sgd(_, _, let velocity, let momentum, let nesterov):
      rows.append(("momentum μ", velocity == nil ? "0" : Self.short(momentum)))
      if nesterov { rows.append(("Nesterov", "yes")) }
      rows.append(("update", NumberFormat.integer(moment.updatesBefore + 1)))
      remark = "updates are counted from 1"
    case .formula:
      if case .formula(_, let operands)? = moment.explanation?.body {
        let settings = operands.filter { $0.name == "λ" }
        rows += settings.map { ("decay λ", Self.short(Double($0.value.description) ?? 0)) }
      }
    default: break
    }
    self.rows = rows
    self.remark = remark
  }

  /// A setting as it is written in code: `0.001`, `1e-7`.
  private static func short(_ value: Double) -> String {
    let text = value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : "\(value)"
    return text.replacing("e-0", with: "e-")
  }

  var height: Int { rows.count + 1 + (remark.isEmpty ? 0 : 1) }

  func draw(in area: Rect, on grid: inout CellGrid) {
    grid.rule(.secondary(title), in: area)
    for (line, row) in rows.enumerated() {
      grid.write(.secondary(row.name), at: Point(area.x + 2, area.y + 1 + line))
      grid.write(.text(row.value), at: Point(area.x + 19, area.y + 1 + line))
    }
    if !remark.isEmpty {
      grid.write(
        .secondary(remark), at: Point(area.x + 2, area.y + 1 + rows.count), width: area.width - 3)
    }
  }
}
