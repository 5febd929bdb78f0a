/// Turns formulas into steps: numbers every distinct part, then assigns places.
///
/// Places count the buffers first, then the scalars, then the registers.
struct ProgramCompiler {
  private enum Part: Hashable {
    case buffer(Int)
    case constant(UInt32)
    case setting(Formula.Setting)
    case step(operation: Int, operands: [Int])
  }

  private static let copy = 0
  private static let firstOperator = 1 + Formula.Function.allCases.count
  private static let select = firstOperator + Formula.Operator.allCases.count

  private let bufferCount: Int
  private var parts: [Part] = []
  private var numbers: [Part: Int] = [:]
  /// Whether a part is the same for all numbers of a call.
  private var isScalar: [Bool] = []
  private var results: [(part: Int, buffer: Int)] = []

  private(set) var constants: [Double] = [0, 0]
  private(set) var scalarCount = 2
  private(set) var registerCount = 0
  private(set) var prologue: [Program.Step] = []
  private(set) var steps: [Program.Step] = []
  private var places: [Int: Int] = [:]

  init(bufferCount: Int) { self.bufferCount = bufferCount }

  mutating func add(_ output: Program.Output) {
    var part = number(output.formula)
    // What is no step yet becomes one, so that results are written in order.
    if isScalar[part] || !isStep(part) {
      part = intern(.step(operation: Self.copy, operands: [part]), isScalar: false)
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
    case .operand(let i): return intern(.buffer(i), isScalar: false)
    case .constant(let value):
      return intern(.constant(Float(value).bitPattern), isScalar: true)
    case .setting(let setting): return intern(.setting(setting), isScalar: true)
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
      isScalar: numbers.allSatisfy { isScalar[$0] })
  }

  private mutating func intern(_ part: Part, isScalar scalar: Bool) -> Int {
    if let known = numbers[part] { return known }
    parts.append(part)
    isScalar.append(scalar)
    numbers[part] = parts.count - 1
    return parts.count - 1
  }

  // MARK: Places

  mutating func finish() {
    placeLeaves()
    emitPrologue()
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
    for (i, part) in parts.enumerated() where isScalar[i] {
      guard case .step(let operation, let operands) = part else { continue }
      places[i] = bufferCount + scalarCount
      scalarCount += 1
      prologue.append(made(operation, i, operands))
    }
  }

  private func made(_ operation: Int, _ part: Int, _ operands: [Int]) -> Program.Step {
    let found = operands.map { places[$0] ?? 0 }
    return Program.Step(
      operation: operation, target: places[part] ?? 0, a: found.first ?? 0,
      b: found.count > 1 ? found[1] : 0, c: found.count > 2 ? found[2] : 0)
  }

  private mutating func emitSteps() {
    let lastUse = lastUses()
    let direct = directResults(lastUse)
    var free: [Int] = []
    for (i, part) in parts.enumerated() where !isScalar[i] {
      guard case .step(let operation, let operands) = part else { continue }
      // A register whose last reader this is may take the result.
      for operand in Set(operands) where lastUse[operand] == i {
        if let place = places[operand], place >= bufferCount + scalarCount { free.append(place) }
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

  private mutating func newRegister() -> Int {
    registerCount += 1
    return bufferCount + scalarCount + registerCount - 1
  }

  /// The step that reads each part last; results are read at the end.
  private func lastUses() -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (i, part) in parts.enumerated() {
      if case .step(_, let operands) = part { for operand in operands { last[operand] = i } }
    }
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
