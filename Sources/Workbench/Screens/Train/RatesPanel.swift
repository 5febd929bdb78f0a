import TerminalGraphics
import Training

/// Small curves of what goes along with the loss.
enum RatesPanel {
  private struct Rate {
    let name: String
    let values: [Float]
    let text: String
    let ink: Ink
    var limits: ClosedRange<Float>?
  }

  private static func rates(_ lab: LabSnapshot) -> [Rate] {
    let steps = lab.history.steps
    let epochs = lab.history.epochs
    let unseen = epochs.compactMap(\.validationAccuracy)
    let learned = epochs.compactMap(\.accuracy)
    let accuracy = unseen.isEmpty ? learned : unseen
    let gradients = steps.map(\.gradientNorm)
    let rates = steps.map(\.learningRate)
    var all: [Rate] = []
    if !accuracy.isEmpty {
      all.append(
        Rate(
          name: unseen.isEmpty ? "accuracy" : "val_accuracy", values: accuracy,
          text: accuracy.last.map { NumberFormat.fixed($0, decimals: 3) } ?? "—", ink: .good,
          limits: 0...1))
    }
    all.append(
      Rate(
        name: "|gradient|", values: gradients,
        text: gradients.last.map { NumberFormat.compact($0) } ?? "—", ink: .series(0)))
    all.append(
      Rate(
        name: "learning rate", values: rates,
        text: NumberFormat.compact(lab.learningRate, digits: 3), ink: .update))
    let changes = zip(epochs.dropFirst(), epochs).map { $0.0.loss - $0.1.loss }
    if !changes.isEmpty {
      all.append(
        Rate(
          name: "loss, by epoch", values: epochs.map(\.loss),
          text: epochs.last.map { NumberFormat.compact($0.loss, digits: 3) } ?? "—",
          ink: .loss))
    }
    return all
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let inside = view.box(
      "Rates", detail: view.area.width > 24 ? "since step 0" : "", on: &grid)
    let rates = rates(view.past)
    let height = inside.height >= rates.count * 3 - 1 ? 3 : 2
    for (index, rate) in rates.enumerated() where (index * height) + 1 < inside.height {
      let row = inside.y + index * height
      grid.write(.secondary(rate.name), at: Point(inside.x, row))
      grid.writeTrailing(.text(rate.text), in: inside, row: index * height)
      let area = Rect(inside.x, row + 1, inside.width, 1)
      if Set(rate.values).count == 1, rate.limits == nil {
        // A rate that never changed: a level line, not an empty one.
        let count = min(inside.width, rate.values.count)
        grid.write(StyledText(String(repeating: "▄", count: count), rate.ink), at: area.origin)
      } else {
        Sparkline(values: rate.values, ink: rate.ink, limits: rate.limits)
          .draw(in: area, on: &grid)
      }
    }
  }
}
