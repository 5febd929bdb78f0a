import Autodiff
import Tensors
import TerminalGraphics
import Training

// Time steps of a recurrent layer: what a unit keeps, takes in and gives out.

extension Words {
  /// What is said of the chosen unit; nil where there is nothing to say of one.
  func sentences(of recurrent: RecurrentMoment) -> [String]? {
    if let words = Self.stepWords[result.ownName(in: moment.plan)] { return [words] }
    guard let unit = recurrent.unit else { return nil }
    let number = numbers.scalars[moment.cell]
    switch recurrent.part {
    case .i:
      return share(number).map {
        ["Unit \(unit) lets \($0) of its candidate in at this time step."]
      }
    case .f: return forgets(recurrent, unit, number)
    case .g: return candidate(recurrent, unit, number)
    case .z:
      guard recurrent.row(.g) != nil || recurrent.row(.r) != nil else { return nil }
      return share(number).map {
        ["Unit \(unit) keeps \($0) of what it put out before; the rest is its candidate."]
      }
    case .r:
      return share(number).map {
        ["Unit \(unit) lets \($0) of what was put out before act on its candidate."]
      }
    case .o:
      return share(number).map {
        ["Unit \(unit) shows \($0) of what its memory gives at this time step."]
      }
    case .c: return memory(recurrent, unit, number)
    case .h: return output(recurrent, unit, number)
    case .outputGradient: return outputGradient(recurrent)
    case .memoryGradient, .x: return nil
    case .sumGradient:
      guard numbers.shape.last == 4 * recurrent.units else { return nil }
      return ["For each unit four gradients: of the sums of its gates i, f, g and o, side by side."]
    case nil: return nil
    }
  }

  /// `92.5 %` of a number from 0 to 1.
  private func share(_ number: Float) -> String? {
    (0...1).contains(number) ? NumberFormat.percent(Double(number)) : nil
  }

  private func forgets(
    _ recurrent: RecurrentMoment, _ unit: Int, _ number: Float
  ) -> [String]? {
    guard recurrent.time > 0 || hasStart(recurrent) else {
      return ["Before t = 0 the memory is 0: there is nothing to keep or forget yet."]
    }
    guard let share = share(number) else { return nil }
    let first = "Unit \(unit) keeps \(share) of its memory at this time step."
    guard recurrent.time > 1 else { return [first] }
    let gates = (1...recurrent.time).compactMap { recurrent.number(.f, at: $0, unit: unit) }
    guard gates.count == recurrent.time, gates.allSatisfy({ (0...1).contains($0) })
    else { return [first] }
    let product = compact(Float(gates.reduce(1) { $0 * Double($1) }))
    return [
      first,
      "The product of its forget gates over t = 1 … \(recurrent.time) is \(product): that part of "
        + "c[0] will still be in c[\(recurrent.time)].",
    ]
  }

  /// Whether the layer was given what it begins with.
  private func hasStart(_ recurrent: RecurrentMoment) -> Bool {
    let start = moment.plan.value(named: recurrent.layer + "/c_start")
    return start.flatMap { moment.plan.origin(of: $0) } != nil
  }

  private func candidate(
    _ recurrent: RecurrentMoment, _ unit: Int, _ number: Float
  ) -> [String] {
    let own = "The candidate of unit \(unit) is \(compact(number))"
    guard let gate = recurrent.number(.i, at: recurrent.time, unit: unit), let share = share(gate)
    else { return [own + "."] }
    return [own + "; its input gate lets \(share) of it into the memory."]
  }

  private func memory(
    _ recurrent: RecurrentMoment, _ unit: Int, _ number: Float
  ) -> [String] {
    let now = compact(number)
    guard recurrent.time > 0,
      let before = recurrent.number(.c, at: recurrent.time - 1, unit: unit)
    else { return ["The memory of unit \(unit) begins with \(now)."] }
    let old = compact(before)
    if old == now { return ["The memory of unit \(unit) stays about \(now)."] }
    let change =
      before * number < 0
      ? "changes its sign" : abs(number) > abs(before) ? "grows in size" : "shrinks in size"
    return ["The memory of unit \(unit) \(change), from \(old) to \(now)."]
  }

  private func output(
    _ recurrent: RecurrentMoment, _ unit: Int, _ number: Float
  ) -> [String]? {
    if recurrent.row(.r) != nil { return gatedOutput(recurrent, unit, number) }
    guard let gate = recurrent.number(.o, at: recurrent.time, unit: unit), let share = share(gate),
      case .sum(let terms)? = moment.explanation?.body, terms.count == 1,
      let shown = terms[0].factors.last
    else { return nil }
    return [
      "Unit \(unit) puts out \(compact(number)): its output gate shows \(share) of "
        + "\(compact(shown.value)), which its memory gives."
    ]
  }

  /// Of a gated unit: kept by z, the rest the candidate.
  private func gatedOutput(
    _ recurrent: RecurrentMoment, _ unit: Int, _ number: Float
  ) -> [String]? {
    guard let z = recurrent.number(.z, at: recurrent.time, unit: unit), let share = share(z),
      let g = recurrent.number(.g, at: recurrent.time, unit: unit)
    else { return nil }
    return [
      "Unit \(unit) puts out \(compact(number)): \(share) of it by what it put out before, the rest "
        + "by its candidate \(compact(g))."
    ]
  }

  /// What is said of what a time step computes besides, by its name.
  private static let stepWords = [
    "s": "For each unit two sums, of its update gate z and its reset gate r, side by side.",
    "v": "What the outputs of the step before add to the candidate, before the reset gate acts.",
    "q": "The sum that the candidate g is the function of.",
    "reset": "What the reset gate lets through of what was put out before.",
    "q.grad":
      "The candidate counts as far as it was let in: 1 − z, times the slope it was made with.",
    "v.grad": "Behind the reset gate a gradient passes as far as the gate was open.",
    "s.grad": "For each unit two gradients, of the sums of its gates z and r, side by side.",
    "h_by_z.grad": "What was put out before was kept by z, so it gets that part of the gradient.",
    "h_by_r.grad": "What was put out before also acted through the reset gate, and hears of that.",
    "change": "How far what was put out before is from the candidate that comes in its place.",
    "c_before.grad": "The memory before hears of the loss as far as the forget gate kept it.",
  ]

  // MARK: Backward

  private func outputGradient(_ recurrent: RecurrentMoment) -> [String]? {
    guard case .sum(let sources) = result.rule else { return nil }
    let next = "/t\(recurrent.time + 1)/"
    let isDirect = sources.contains { source in
      guard case .elements(let all) = source else { return false }
      return !all.contains { moment.plan[$0].name.contains(next) }
    }
    let later = "t = \(recurrent.time + 1)"
    let first =
      if recurrent.time == recurrent.steps - 1 {
        "The last time step: the gradient comes from what the layer gave out there, alone."
      } else if isDirect {
        "The gradient comes from what uses this output, and from the next time step, \(later)."
      } else {
        "Nothing used this output but the next time step, \(later): the gradient comes from there."
      }
    return [first] + alongTime(recurrent)
  }

  /// How the gradient's size went from the last time step to here.
  private func alongTime(_ recurrent: RecurrentMoment) -> [String] {
    func size(_ time: Int) -> Float? {
      recurrent.row(.outputGradient)?.numbers[time]?.reduce(0) { max($0, abs($1)) }
    }
    let last = recurrent.steps - 1
    guard recurrent.time < last, let then = size(last), let now = size(recurrent.time),
      then > 0, compact(then) != compact(now)
    else { return [] }
    return [
      "Since t = \(last) its largest number for this example has \(now < then ? "shrunk" : "grown") "
        + "from \(compact(then)) to \(compact(now))."
    ]
  }

  func memoryGradient(_ next: Value?) -> [String] {
    let isLast = moment.recurrent.map { $0.time == $0.steps - 1 } ?? false
    if isLast, next != nil {
      return [
        "At the last time step the memory acts on the loss in two ways: through its output, and as "
          + "the state that the layer gives on."
      ]
    }
    return [
      next == nil
        ? "At the last time step the memory acts on the loss through its output alone."
        : "The memory acts on the loss in two ways: through the output of this time step, and "
          + "through the next memory."
    ]
  }
}

extension InstructionResult {
  /// The last part of its name: `q` of `gru/t3/q`.
  fileprivate func ownName(in plan: Plan) -> String {
    plan[value].name.split(separator: "/").last.map(String.init) ?? ""
  }
}
