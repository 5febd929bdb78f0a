import Autodiff
import Foundation
import Tensors
import TerminalGraphics
import TestSupport
import Training

@testable import Workbench

extension SentenceCheck {
  /// Sentences of recurrent layers and of updates.
  static let ofTimeSteps: [(String, Check)] = [
    (
      "as the state that the layer gives on",
      { _, _, _, moment in time(moment) == steps(moment) - 1 }
    ),
    ("Drawn anew in every step", { _, _, _, moment in moment.operands.isEmpty }),
    ("of its candidate in at this", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    ("of what it put out before", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    ("act on its candidate", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    ("of what its memory gives", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    (
      "of its memory at this time step",
      { sentence, _, x, moment in
        let start = moment.plan.value(named: (moment.recurrent?.layer ?? "") + "/c_start")
        let isGiven = start.flatMap { moment.plan.origin(of: $0) } != nil
        return share(sentence, x[moment.cell]) && (time(moment) > 0 || isGiven)
      }
    ),
    ("Before t = 0 the memory is 0", { _, _, _, moment in moment.recurrent?.time == 0 }),
    (
      "The product of its forget gates",
      { sentence, _, _, moment in
        let gates = (1...time(moment)).compactMap { gate(.f, moment, at: $0) }
        return gates.count == time(moment)
          && names(sentence, Float(gates.reduce(1) { $0 * Double($1) }))
      }
    ),
    (
      "The candidate of unit",
      { sentence, _, x, moment in
        guard names(sentence, x[moment.cell]) else { return false }
        return sentence.hasSuffix("into the memory.") ? share(sentence, gate(.i, moment)) : true
      }
    ),
    (
      "begins with",
      { sentence, _, x, moment in
        moment.recurrent?.time == 0 && names(sentence, x[moment.cell])
      }
    ),
    ("stays about", { sentence, _, x, moment in names(sentence, x[moment.cell]) }),
    (
      "The memory of unit",
      { sentence, _, x, moment in
        guard let time = moment.recurrent?.time, let old = gate(.c, moment, at: time - 1) else {
          return false
        }
        let new = x[moment.cell]
        let change =
          old * new < 0 ? "changes its sign" : abs(new) > abs(old) ? "grows" : "shrinks"
        return sentence.has(change) && names(sentence, old) && names(sentence, new)
      }
    ),
    (
      "which its memory gives",
      { sentence, _, x, moment in
        guard
          let shown = moment.results.first(where: { $0.name.hasSuffix("/shown") })?.tensor.scalars
        else { return false }
        return names(sentence, x[moment.cell]) && share(sentence, gate(.o, moment))
          && names(sentence, shown[moment.cell])
      }
    ),
    (
      "The last time step: the gradient",
      { _, _, _, moment in
        time(moment) == steps(moment) - 1
      }
    ),
    (
      "Nothing used this output",
      { _, _, _, moment in
        time(moment) < steps(moment) - 1 && moment.operands.allSatisfy { !isOfOutput($0, moment) }
      }
    ),
    (
      "The gradient comes from what uses",
      { _, _, _, moment in
        time(moment) < steps(moment) - 1 && moment.operands.contains { isOfOutput($0, moment) }
      }
    ),
    (
      "its largest number for this example has",
      { sentence, _, _, moment in
        let row = moment.recurrent?.row(.outputGradient)
        func size(_ time: Int) -> Float? { row?.numbers[time]?.map { abs($0) }.max() }
        guard let then = size(steps(moment) - 1), let now = size(time(moment)) else {
          return false
        }
        return sentence.has(now < then ? "shrunk" : "grown") && names(sentence, then)
          && names(sentence, now)
      }
    ),
    (
      "At the last time step the memory acts",
      { _, _, _, moment in
        time(moment) == steps(moment) - 1
      }
    ),
    (
      "The memory acts on the loss in two ways",
      { _, _, _, moment in
        time(moment) < steps(moment) - 1
      }
    ),
    (
      "For each unit four gradients",
      { _, _, x, moment in
        x.count == 4 * (moment.recurrent?.units ?? 0) * moment.plan.batchSize
      }
    ),
    (
      "contributions are added; ",
      { _, counts, _, moment in
        guard case .sum(let sources) = rule(moment) else { return false }
        return counts.first == sources.count
          && sources.contains { if case .bias = $0 { true } else { false } }
      }
    ),
    (
      " of itself, λ × lr,",
      { sentence, _, x, moment in
        guard let before = moment.before.first?.tensor.scalars, before.count == x.count,
          let share = sentence.split(separator: " ").compactMap({ Float($0) }).last
        else { return false }
        return zip(x, before).allSatisfy {
          abs($0 - $1 * (1 - share)) <= (0.01 * share + 1e-6) * abs($1)
        }
      }
    ),
    (
      "The contributions are added",
      { _, _, _, moment in
        if case .sum(let terms)? = moment.explanation?.body { terms.count > 0 } else { false }
      }
    ),
    (
      "Numbers at the same place are multiplied",
      { _, _, _, moment in
        if case .sum(let terms)? = moment.explanation?.body {
          terms.count == 1 && terms[0].factors.count == 2
        } else {
          false
        }
      }
    ),
    (
      "should rise and",
      { _, counts, x, _ in
        counts == [x.count { $0 < 0 }, x.count { $0 > 0 }]
      }
    ),
  ]
}
