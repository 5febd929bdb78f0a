import Tensors

/// The numbers of an LSTM: every one stacked over time, [time, batch, …], and seen step by step.
struct LSTMTrace {
  /// What one time step computes, each [batch, units] but x [batch, features] and z [batch, 4 units].
  struct Step {
    let x, weighted, z: Value
    let i, f, g, o: Value
    /// The memory, f(c) that the output gate lets through, and what came out.
    let c, shown, h: Value
    let cBefore, hBefore: Value

    var all: [Value] { [x, weighted, z, i, f, g, o, c, shown, h, cBefore, hBefore] }
    static let count = 12

    init(_ all: [Value]) {
      (x, weighted, z) = (all[0], all[1], all[2])
      (i, f, g, o) = (all[3], all[4], all[5], all[6])
      (c, shown, h) = (all[7], all[8], all[9])
      (cBefore, hBefore) = (all[10], all[11])
    }
  }

  /// The input with time first, and its product with the kernel.
  let x, weighted: Value
  /// The outputs before each time step, zeros first; and the outputs after each.
  let hBefore, h: Value
  let steps: [Step]
  /// The other stacks and the values of their steps, which complete them.
  private let stacks: [(whole: Value, steps: [Value])]
  /// What each step starts from, known when all steps but the last are done.
  private let starts: [(whole: Value, steps: [Value])]

  /// Makes all values for sequences x [batch, time, features].
  init(over sequences: Value, units: Int, _ emitter: inout Emitter) {
    let (batch, time) = (sequences.shape[0], sequences.shape[1])
    let one: Shape = [batch, units]
    let x = emitter.timeStack(
      "x", emitter.symbol(of: sequences), [batch, sequences.shape[2]], time)
    let weighted = emitter.timeStack("product", "x W", [batch, 4 * units], time)
    let z = emitter.timeStack("z", "z", [batch, 4 * units], time)
    let gates = ["i", "f", "g", "o"].map { emitter.timeStack($0, $0, one, time) }
    let shown = emitter.timeStack("shown", "f(c)", one, time)
    let c = emitter.timeStackWithStart("c", one, time)
    let h = emitter.timeStackWithStart("h", one, time)
    self.x = x.whole
    self.weighted = weighted.whole
    self.h = h.whole
    hBefore = h.before
    stacks = gates + [z, shown, (c.whole, c.steps), (h.whole, h.steps)]
    starts = [(c.before, c.steps.dropLast()), (h.before, h.steps.dropLast())]
    steps = (0..<time).map { t in
      Step(
        [x.steps[t], weighted.steps[t], z.steps[t]] + gates.map { $0.steps[t] } + [
          c.steps[t], shown.steps[t], h.steps[t],
          t == 0 ? c.start : c.steps[t - 1], t == 0 ? h.start : h.steps[t - 1],
        ])
    }
  }

  /// Says of each stack that it is known when all its time steps are.
  func complete(_ emitter: inout Emitter) {
    for stack in stacks + starts { emitter.completes(stack.whole, pieces: stack.steps) }
  }

  /// As backward gets it back from `kept`.
  var kept: [Value] { [x, weighted, hBefore, h] + steps.flatMap(\.all) }

  init(kept: [Value]) {
    (x, weighted, hBefore, h) = (kept[0], kept[1], kept[2], kept[3])
    steps = stride(from: 4, to: kept.count, by: Step.count).map {
      Step(Array(kept[$0..<$0 + Step.count]))
    }
    (stacks, starts) = ([], [])
  }
}

extension Emitter {
  /// The name of a layer's value at one time step: `lstm/t5/z`.
  func timeName(_ name: String, _ t: Int) -> String {
    "\(scopes.joined(separator: "/"))/t\(t)/\(name)"
  }

  /// `lstm/z` [time, …] and each of its steps `lstm/t5/z`.
  mutating func timeStack(
    _ name: String, _ symbol: String, _ shape: Shape, _ time: Int
  ) -> (whole: Value, steps: [Value]) {
    let whole = value(
      "\(scopes.joined(separator: "/"))/\(name)", symbol, Shape([time] + shape.extents))
    markTimeMajor(whole)
    let steps = (0..<time).map {
      view(of: whole, offset: $0 * shape.count, timeName(name, $0), symbol, shape)
    }
    return (whole, steps)
  }

  /// A stack with zeros before its first step, so that what each step starts from lies in one piece:
  /// `lstm/h`, `lstm/h_before`, `lstm/h_start`, `lstm/t5/h` written `h[5]`.
  mutating func timeStackWithStart(
    _ name: String, _ shape: Shape, _ time: Int
  ) -> (whole: Value, before: Value, start: Value, steps: [Value]) {
    let path = "\(scopes.joined(separator: "/"))/\(name)"
    let stacked = Shape([time] + shape.extents)
    let all = value(
      path + "_all", name, Shape([time + 1] + shape.extents), role: .scratch)
    let whole = view(of: all, offset: shape.count, path, name, stacked, role: .activation)
    let before = view(of: all, path + "_before", "\(name)[t−1]", stacked, role: .activation)
    markTimeMajor(whole)
    markTimeMajor(before)
    let start = view(of: all, path + "_start", "\(name)[−1]", shape, role: .activation)
    let steps = (0..<time).map {
      view(
        of: whole, offset: $0 * shape.count, timeName(name, $0), "\(name)[\($0)]", shape)
    }
    return (whole, before, start, steps)
  }
}
