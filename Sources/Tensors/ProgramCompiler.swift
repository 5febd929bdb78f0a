/// Turns formulas into steps: numbers every distinct part, joins operations in pairs, then assigns
/// places.
///
/// Places count the buffers first, then the scalars, the numbers of rows and the registers.
struct ProgramCompiler {
  private enum Part: Hashable {
    case buffer(Int)
    case constant(UInt32)
    case setting(Formula.Setting)
    case step(operation: Int, operands: [Int])
  }

  /// How often a part has to be computed.
  private enum Level: Comparable {
    case onceACall, onceARow, everyNumber
  }

  private static let copy = 0
  private static let negate = 1 + Formula.Function.negate.rawValue
  private static let square = 1 + Formula.Function.square.rawValue
  private static let firstOperator = 1 + Formula.Function.allCases.count
  private static let select = firstOperator + Formula.Operator.allCases.count
  private static let firstPair = select + 1

  private let bufferCount: Int
  /// Buffers that hold no more than a number for each row.
  private let rowBuffers: Set<Int>
  private var parts: [Part] = []
  private var numbers: [Part: Int] = [:]
  private var levels: [Level] = []
  private var results: [(part: Int, buffer: Int)] = []

  private(set) var constants: [Double] = [0, 0]
  private(set) var scalarCount = 2
  private(set) var registerCount = 0
  private(set) var rowNumberCount = 0
  /// How many numbers of rows `steps` read: the first ones.
  private(set) var readRowNumberCount = 0
  private(set) var prologue: [Program.Step] = []
  private(set) var rowSteps: [Program.Step] = []
  private(set) var steps: [Program.Step] = []
  /// The buffers that `steps` read.
  private(set) var buffersOfSteps: Set<Int> = []
  private var places: [Int: Int] = [:]
  /// Operations that are done in the step of the one that takes their result.
  private var joined: [Int: Pair] = [:]

  /// The first of two operations in one step, and which pair they are.
  private struct Pair {
    let first, number: Int
    /// What the second takes beside the result of the first.
    let rest: Int
  }

  init(bufferCount: Int, rowBuffers: Set<Int>) {
    self.bufferCount = bufferCount
    self.rowBuffers = rowBuffers
  }

  mutating func add(_ output: Program.Output) {
    var part = number(output.formula)
    // What is no step yet becomes one, so that results are written in order.
    if levels[part] != .everyNumber || !isStep(part) {
      part = intern(.step(operation: Self.copy, operands: [part]), .everyNumber)
    }
    results.append((part, output.buffer))
  }

  private func isStep(_ part: Int) -> Bool {
    if case .step = parts[part] { return true }
    return false
  }

  // MARK: Numbering

  private mutating func number(_ formula: Formula) -> Int {
    switch formula {
    case .operand(let i):
      return intern(.buffer(i), rowBuffers.contains(i) ? .onceARow : .everyNumber)
    case .constant(let value):
      return intern(.constant(Float(value).bitPattern), .onceACall)
    case .setting(let setting): return intern(.setting(setting), .onceACall)
    case .named(_, let a): return number(a)
    case .function(let f, let a): return step(1 + f.rawValue, [a])
    case .combined(.power, let a, .constant(let exponent)): return power(a, exponent)
    case .combined(let f, let a, let b): return step(Self.firstOperator + f.rawValue, [a, b])
    case .choice(let a, let b, let c): return step(Self.select, [a, b, c])
    }
  }

  /// Small powers without logarithms, as PyTorch computes them.
  private mutating func power(_ a: Formula, _ exponent: Double) -> Int {
    let settled: Formula? =
      switch exponent {
      case 0.5: .sqrt(a)
      case 1: a
      case 2: .square(a)
      case 3: .square(a) * a
      case -0.5: .function(.reciprocalSquareRoot, a)
      case -1: .function(.reciprocal, a)
      case -2: .function(.reciprocal, .square(a))
      default: nil
      }
    if let settled, !a.operands.isEmpty { return number(settled) }
    return step(
      Self.firstOperator + Formula.Operator.power.rawValue, [a, .constant(exponent)])
  }

  private mutating func step(_ operation: Int, _ operands: [Formula]) -> Int {
    let numbers = operands.map { number($0) }
    return intern(
      .step(operation: operation, operands: numbers),
      numbers.map { levels[$0] }.max() ?? .onceACall)
  }

  private mutating func intern(_ part: Part, _ level: Level) -> Int {
    if let known = numbers[part] { return known }
    parts.append(part)
    levels.append(level)
    numbers[part] = parts.count - 1
    return parts.count - 1
  }

  // MARK: Pairs

  /// Joins an operation whose result only one other takes with that one: half the loads and stores.
  /// Both round as they would alone.
  private mutating func joinPairs() {
    var uses: [Int: Int] = [:]
    for case .step(_, let operands) in parts {
      for operand in operands { uses[operand, default: 0] += 1 }
    }
    for result in results { uses[result.part, default: 0] += 1 }
    for i in parts.indices where levels[i] == .everyNumber {
      guard case .step(let operation, var operands) = parts[i] else { continue }
      if operation == Self.negate { operands.append(-1) }
      guard operands.count == 2 else { continue }
      for (place, operand) in operands.enumerated() {
        guard uses[operand] == 1, joined[operand] == nil, let inner = innerNumber(operand),
          let outer = Self.outerNumber(operation, takesFirst: place == 0)
        else { continue }
        let rest = operands[1 - place]
        joined[i] = Pair(
          first: operand, number: inner * 5 + outer, rest: rest < 0 ? number(-1) : rest)
        break
      }
    }
  }

  /// Which operation that can be the first of a pair makes a part.
  private func innerNumber(_ part: Int) -> Int? {
    guard levels[part] == .everyNumber, case .step(let operation, _) = parts[part] else {
      return nil
    }
    if operation == Self.square { return 2 }
    return switch Formula.Operator(rawValue: operation - Self.firstOperator) {
    case .add: 0
    case .subtract: 1
    case .multiply: 2
    case .divide: 3
    default: nil
    }
  }

  /// Which second operation of a pair one is that takes the first's result before or after the rest.
  /// The opposite of a number is its product with -1.
  private static func outerNumber(_ operation: Int, takesFirst: Bool) -> Int? {
    if operation == negate { return 3 }
    return switch Formula.Operator(rawValue: operation - firstOperator) {
    case .add: 0
    case .subtract: takesFirst ? 1 : 2
    case .multiply: 3
    case .divide: takesFirst ? 4 : nil
    default: nil
    }
  }

  /// What the step of a part reads: with a joined operation its operands, two of them at any rate, and
  /// the rest.
  private func operandsOfStep(_ part: Int, _ operands: [Int]) -> [Int] {
    guard let pair = joined[part], case .step(_, let inner) = parts[pair.first] else {
      return operands
    }
    return [inner[0], inner[inner.count - 1], pair.rest]
  }

  /// The parts that have a step of their own among those of a level.
  private func stepParts(_ level: Level) -> [(part: Int, operation: Int, operands: [Int])] {
    let inner = Set(joined.values.map(\.first))
    return parts.enumerated().compactMap { i, part in
      guard levels[i] == level, !inner.contains(i), case .step(let operation, let operands) = part
      else { return nil }
      return (
        i, joined[i].map { Self.firstPair + $0.number } ?? operation, operandsOfStep(i, operands)
      )
    }
  }

  // MARK: Places

  mutating func finish() {
    joinPairs()
    placeLeaves()
    emitPrologue()
    emitRowSteps()
    emitSteps()
  }

  private mutating func placeLeaves() {
    for (i, part) in parts.enumerated() {
      switch part {
      case .buffer(let buffer): places[i] = buffer
      case .setting(let setting): places[i] = bufferCount + setting.rawValue
      case .constant(let bits):
        places[i] = bufferCount + constants.count
        constants.append(Double(Float(bitPattern: bits)))
      case .step: break
      }
    }
    scalarCount = constants.count
  }

  private mutating func emitPrologue() {
    for (i, operation, operands) in stepParts(.onceACall) {
      places[i] = bufferCount + scalarCount
      scalarCount += 1
      prologue.append(made(operation, i, operands))
    }
  }

  private mutating func emitRowSteps() {
    let own = stepParts(.onceARow)
    let read = Set(stepParts(.everyNumber).flatMap(\.operands))
    readRowNumberCount = own.count { read.contains($0.part) }
    for (i, _, _) in own.filter({ read.contains($0.part) })
      + own.filter({ !read.contains($0.part) })
    {
      places[i] = bufferCount + scalarCount + rowNumberCount
      rowNumberCount += 1
    }
    for (i, operation, operands) in own { rowSteps.append(made(operation, i, operands)) }
  }

  private func made(_ operation: Int, _ part: Int, _ operands: [Int]) -> Program.Step {
    let found = operands.map { places[$0] ?? 0 }
    return Program.Step(
      operation: operation, target: places[part] ?? 0, a: found.first ?? 0,
      b: found.count > 1 ? found[1] : 0, c: found.count > 2 ? found[2] : 0)
  }

  private mutating func emitSteps() {
    let own = stepParts(.everyNumber)
    let lastUse = lastUses(own)
    let direct = directResults(lastUse)
    var free: [Int] = []
    for (i, operation, operands) in own {
      buffersOfSteps.formUnion(operands.compactMap { places[$0] }.filter { $0 < bufferCount })
      // A register whose last reader this is may take the result.
      for operand in Set(operands) where lastUse[operand] == i {
        if let place = places[operand], place >= firstRegister { free.append(place) }
      }
      free.sort(by: >)
      places[i] = direct[i] ?? free.popLast() ?? newRegister()
      steps.append(made(operation, i, operands))
    }
    for (part, buffer) in results where direct[part] != buffer {
      steps.append(
        Program.Step(operation: Self.copy, target: buffer, a: places[part] ?? 0))
    }
  }

  private var firstRegister: Int { bufferCount + scalarCount + rowNumberCount }

  private mutating func newRegister() -> Int {
    registerCount += 1
    return firstRegister + registerCount - 1
  }

  /// The step that reads each part last; results are read at the end.
  private func lastUses(
    _ steps: [(part: Int, operation: Int, operands: [Int])]
  ) -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (i, _, operands) in steps { for operand in operands { last[operand] = i } }
    for result in results { last[result.part] = parts.count }
    return last
  }

  /// Results that go to their buffer at once: nothing reads later what the buffer held before.
  private func directResults(_ lastUse: [Int: Int]) -> [Int: Int] {
    var direct: [Int: Int] = [:]
    for (part, buffer) in results where direct[part] == nil {
      let old = numbers[.buffer(buffer)].flatMap { lastUse[$0] } ?? -1
      if old <= part { direct[part] = buffer }
    }
    return direct
  }
}
