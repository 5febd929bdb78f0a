import Tensors

/// A value stacked over time, [time, …], and each of its time steps.
struct TimeStack {
  let whole: Value
  let steps: [Value]
}

/// What goes from step to step, stacked: after each step, before each step, and at the start.
struct CarriedStack {
  let after: TimeStack
  let before, start: Value

  func before(_ t: Int) -> Value { t == 0 ? start : after.steps[t - 1] }
}

/// The numbers of a recurrent layer: every one stacked over time, [time, batch, …].
struct RecurrentTrace {
  private(set) var stacks: [String: TimeStack] = [:]
  private(set) var carried: [String: CarriedStack] = [:]
  /// What h' is multiplied with in front of each gate, where numbers are dropped.
  private(set) var recurrentMasks: [Value] = []
  private let names: [String]
  private let carriedNames: [String]

  subscript(name: String) -> TimeStack {
    guard let stack = stacks[name] else { preconditionFailure("no \(name) in a recurrent cell") }
    return stack
  }

  func carried(_ name: String) -> CarriedStack {
    guard let stack = carried[name] else { preconditionFailure("no state \(name)") }
    return stack
  }

  /// What a step of an op computes, in order, with the shape of one time step.
  private static func layout(
    _ op: RecurrentOp, _ given: RecurrentInputs, _ symbol: (Value) -> String
  ) -> [(name: String, symbol: String, shape: Shape)] {
    let (cell, units) = (op.cell, given.units)
    let one: Shape = [given.batch, units]
    func wide(_ sum: RecurrentSum) -> Shape { [given.batch, cell.width(of: sum, units)] }
    var all: [(name: String, symbol: String, shape: Shape)] = [
      ("x", symbol(given.x), [given.batch, given.x.shape[2]])
    ]
    for sum in cell.sums { all.append((op.productName(of: sum), "x W", wide(sum))) }
    for sum in cell.sums { all.append((sum.name, sum.name, wide(sum))) }
    all += cell.parts.map { ($0.name, $0.symbol, one) }
    if given.mask != nil {
      all.append(("mask", "m", [given.batch]))
      all += cell.carried.map { ($0 + "_new", "new \($0)", one) }
    }
    if op.hasOwnOutputs { all.append(("y", "y", one)) }
    if given.recurrentMask != nil { all += cell.gates.map { ("h_kept_" + $0, "h' mask", one) } }
    return all
  }

  /// Makes all values for what an op is given.
  init(_ op: RecurrentOp, _ given: RecurrentInputs, _ emitter: inout Emitter) {
    let layout = Self.layout(op, given) { emitter.symbol(of: $0) }
    names = layout.map(\.name)
    carriedNames = op.cell.carried
    for (name, symbol, shape) in layout {
      let stack = emitter.timeStack(name, symbol, shape, given.time)
      stacks[name] = TimeStack(whole: stack.whole, steps: stack.steps)
    }
    for name in carriedNames {
      let stack = emitter.timeStackWithStart(name, [given.batch, given.units], given.time)
      carried[name] = CarriedStack(
        after: TimeStack(whole: stack.whole, steps: stack.steps), before: stack.before,
        start: stack.start)
    }
    guard let all = given.recurrentMask else { return }
    recurrentMasks = op.cell.gates.enumerated().map { k, gate in
      emitter.view(
        of: all, offset: k * given.batch * given.units, emitter.name(of: all) + "_" + gate,
        "mask", [given.batch, given.units])
    }
  }

  /// Says of each stack that it is known when all its time steps are.
  func complete(_ emitter: inout Emitter) {
    for stack in stacks.values { emitter.completes(stack.whole, pieces: stack.steps) }
    for stack in carried.values {
      emitter.completes(stack.after.whole, pieces: stack.after.steps)
      emitter.completes(stack.before, pieces: [stack.start] + stack.after.steps.dropLast())
    }
  }

  /// As backward gets it back from `kept`.
  var kept: [Value] {
    names.flatMap { [self[$0].whole] + self[$0].steps }
      + carriedNames.flatMap { name -> [Value] in
        let stack = carried(name)
        return [stack.before, stack.start, stack.after.whole] + stack.after.steps
      } + recurrentMasks
  }

  init(_ op: RecurrentOp, _ given: RecurrentInputs, kept: [Value]) {
    names = Self.layout(op, given) { _ in "" }.map(\.name)
    carriedNames = op.cell.carried
    var rest = kept[...]
    func stack() -> TimeStack {
      let all = rest.prefix(1 + given.time)
      rest = rest.dropFirst(all.count)
      return TimeStack(whole: all[all.startIndex], steps: Array(all.dropFirst()))
    }
    for name in names { stacks[name] = stack() }
    for name in carriedNames {
      let (before, start) = (rest.removeFirst(), rest.removeFirst())
      carried[name] = CarriedStack(after: stack(), before: before, start: start)
    }
    recurrentMasks = Array(rest)
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
