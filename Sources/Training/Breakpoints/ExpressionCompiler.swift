import Autodiff
import Foundation
import Tensors

/// Binds an expression to the memory of an execution, once; what is wrong with it is found here, on
/// both sides of every `and` and `or`.
struct ExpressionCompiler {
  typealias Node = RunExpression.Node
  typealias Compiled = CompiledExpression

  let names: RunNames
  let execution: Execution
  /// A reading to work out constants and shapes by.
  let sample: StepReading
  /// The weights whose updates are asked for.
  private(set) var updates: Set<String> = []
  /// Whether it asks for what only the memory of the step has.
  private(set) var needsMemory = false
  /// A comparison that cannot hold, whatever happens: what is compared, and between which ends it lies.
  private(set) var impossible: (what: String, bounds: ClosedRange<Double>)?

  init(_ session: Session, number: Int, _ execution: Execution, at moment: TestMoment) {
    names = RunNames(session: session, plan: execution.plan, number: number, moment: moment)
    self.execution = execution
    sample = StepReading(session, execution)
    sample.turn(to: number, execution)
  }

  mutating func compile(_ expression: RunExpression) throws(ExpressionFailure) -> Compiled {
    try compile(expression.root)
  }

  private mutating func compile(_ node: Node) throws(ExpressionFailure) -> Compiled {
    do {
      var compiled = try fast(node.form)
      if compiled == nil { compiled = try slow(node) }
      return compiled ?? .number(.nan)
    } catch { throw error.at(node.column) }
  }

  /// What reads its numbers directly; nil for what works on arrays.
  private mutating func fast(
    _ form: RunExpression.Form
  ) throws(ExpressionFailure) -> Compiled? {
    switch form {
    case .number(let value): return .number(value)
    case .name(let name): return try named(name)
    case .text: return nil
    case .negative(let part):
      let inner = try compile(part)
      guard case .number(let read) = inner.body else { return try arithmetic(inner) }
      return folded(
        Compiled(
          body: .number { -read($0) },
          bounds: -inner.bounds.upperBound ... -inner.bounds.lowerBound,
          isConstant: inner.isConstant))
    case .not(let part):
      let inner = try truth(part)
      return Compiled(
        body: .truth { !inner.holds($0) }, certainty: inner.certainty.map { !$0 },
        isConstant: inner.isConstant)
    case .binary("and", let a, let b):
      let (a, b) = (try truth(a), try truth(b))
      return Compiled(
        body: .truth { a.holds($0) && b.holds($0) },
        certainty: Certainty.and(a.certainty, b.certainty),
        isConstant: a.isConstant && b.isConstant)
    case .binary("or", let a, let b):
      let (a, b) = (try truth(a), try truth(b))
      return Compiled(
        body: .truth { a.holds($0) || b.holds($0) },
        certainty: Certainty.or(a.certainty, b.certainty),
        isConstant: a.isConstant && b.isConstant)
    case .binary(let symbol, let a, let b): return try binary(symbol, compile(a), compile(b))
    case .comparison(let parts, let symbols): return try comparison(parts, symbols)
    case .call(let name, let arguments): return try call(name, arguments)
    case .place(let name, _):
      throw ExpressionFailure(
        .meaning, "\(name) says where you have been, not what the run does",
        remedy: "a place to stop at, as break backward dense_1")
    case .index(let base, let entries): return try element(base, entries)
    }
  }

  /// The error of a truth where a number is needed; nil for an array, which is worked out.
  private func arithmetic(_ inner: Compiled) throws(ExpressionFailure) -> Compiled? {
    if case .truth = inner.body { _ = try ExpressionValue.truth(true).number() }
    return nil
  }

  private mutating func truth(
    _ node: Node
  ) throws(ExpressionFailure) -> (
    holds: (StepReading) -> Bool, certainty: Bool?, isConstant: Bool
  ) {
    let inner = try compile(node)
    guard case .truth(let holds) = inner.body else {
      do { _ = try ExpressionValue.number(0).holds() } catch { throw error.at(node.column) }
      return ({ _ in false }, nil, false)
    }
    return (holds, inner.certainty, inner.isConstant)
  }

  /// A number that nothing changes is worked out at once.
  private func folded(_ compiled: Compiled) -> Compiled {
    guard compiled.isConstant, case .number(let read) = compiled.body else { return compiled }
    return .number(read(sample))
  }

  // MARK: Names

  private mutating func named(_ name: String) throws(ExpressionFailure) -> Compiled? {
    switch name {
    case "nan": return .number(.nan)
    case "inf": return .number(.infinity)
    case "pi": return .number(.pi)
    case "true", "True": return .truth(true)
    case "false", "False": return .truth(false)
    case "loss" where execution.plan.loss != nil: return try names.compiled("loss")
    default: break
    }
    if let value = execution.plan.value(named: name) {
      needsMemory = true
      guard value.shape.rank == 0 else { return Compiled(body: .value(value)) }
      return number(of: value, at: 0)
    }
    if RunNames.needMemory.contains(name) { needsMemory = true }
    // A text or an array of the network is worked out.
    switch try names.network.value(named: name) {
    case .text?, .tensor?: return nil
    default: return try names.compiled(name)
    }
  }

  private func number(of value: Value, at offset: Int) -> Compiled {
    let address = execution.withNumbers(of: value) { $0.baseAddress.map { $0 + offset } }
    return Compiled(body: .number { _ in address.map { Double($0.pointee) } ?? .nan })
  }

  // MARK: Operators

  private func binary(
    _ symbol: String, _ a: Compiled, _ b: Compiled
  ) -> Compiled? {
    guard let x = a.asNumber, let y = b.asNumber else { return nil }
    let body: (StepReading) -> Double
    switch symbol {
    case "+": body = { x($0) + y($0) }
    case "-": body = { x($0) - y($0) }
    case "*": body = { x($0) * y($0) }
    case "/": body = { x($0) / y($0) }
    default: body = { pow(x($0), y($0)) }
    }
    return folded(
      Compiled(body: .number(body), isConstant: a.isConstant && b.isConstant))
  }

  private mutating func comparison(
    _ parts: [Node], _ symbols: [String]
  ) throws(ExpressionFailure) -> Compiled? {
    if parts.contains(where: isText) {
      // Names of layers and settings change with the plan alone.
      let scope = ReadingScope(reading: sample, names: names)
      let whole = Node(form: .comparison(parts, symbols), column: parts[0].column)
      return .truth(try ExpressionEvaluator(scope: scope).value(whole).holds())
    }
    var all: [Compiled] = []
    for part in parts { all.append(try compile(part)) }
    let numbers = all.compactMap(\.asNumber)
    guard numbers.count == all.count else { return nil }
    var holds: ((StepReading) -> Bool)?
    var certainty: Bool? = true
    for (i, symbol) in symbols.enumerated() {
      let (x, y) = (numbers[i], numbers[i + 1])
      let compare = NumberComparison.function(symbol, parts[i], parts[i + 1])
      let next = { (reading: StepReading) in compare(x(reading), y(reading)) }
      holds = holds.map { first in { first($0) && next($0) } } ?? next
      let one = Certainty.of(all[i].numberBounds, symbol, all[i + 1].numberBounds)
      if one == false, let side = [i, i + 1].first(where: { !all[$0].isConstant }) {
        impossible = impossible ?? (parts[side].text, all[side].numberBounds)
      }
      certainty = Certainty.and(certainty, one)
    }
    let isConstant = all.allSatisfy(\.isConstant)
    if isConstant, let holds { return .truth(holds(sample)) }
    return Compiled(body: .truth(holds ?? { _ in true }), certainty: certainty)
  }

  private func isText(_ node: Node) -> Bool {
    switch node.form {
    case .text: return true
    case .name(let name):
      if case .text? = try? names.network.value(named: name) { return true }
      return false
    default: return false
    }
  }

  // MARK: Functions

  private mutating func call(
    _ name: String, _ arguments: [Node]
  ) throws(ExpressionFailure) -> Compiled? {
    if name == "update_ratio" { return try update(arguments) }
    if name == "history" || ExpressionFunction.ofTexts.contains(name) { return nil }
    var all: [Compiled] = []
    for argument in arguments { all.append(try compile(argument)) }
    if name == "min" || name == "max", all.count > 1 { return extreme(name, all) }
    guard let only = all.first, all.count == 1 else { return nil }
    if let map = ExpressionFunction.maps[name] {
      guard case .number(let read) = only.body else { return nil }
      return folded(
        Compiled(
          body: .number { map(read($0)) }, bounds: Self.bounds[name] ?? (-.infinity ... .infinity),
          isConstant: only.isConstant))
    }
    guard case .value(let value) = only.body else {
      guard let reduction = ArrayReduction(rawValue: name), let read = only.asNumber else {
        return nil
      }
      return folded(
        Compiled(body: .number { reduction.of(read($0)) }, isConstant: only.isConstant))
    }
    return whole(name, value)
  }

  /// A function of all numbers of a value, read where they lie.
  private func whole(_ name: String, _ value: Value) -> Compiled? {
    let numbers = execution.withNumbers(of: value) { UnsafeBufferPointer($0) }
    if let reduction = ArrayReduction(rawValue: name) {
      let most = reduction == .count ? Double(numbers.count) : .infinity
      let least = [.norm, .std, .count].contains(reduction) ? 0 : -Double.infinity
      return Compiled(body: .number { _ in reduction.of(numbers) }, bounds: least...most)
    }
    switch name {
    case "nan": return Compiled(body: .truth { _ in numbers.contains { $0.isNaN } })
    case "finite": return Compiled(body: .truth { _ in numbers.allSatisfy { $0.isFinite } })
    case "all": return Compiled(body: .truth { _ in numbers.allSatisfy { $0 != 0 } })
    case "any": return Compiled(body: .truth { _ in numbers.contains { $0 != 0 } })
    default: return nil
    }
  }

  private static let bounds: [String: ClosedRange<Double>] = [
    "abs": 0 ... .infinity, "exp": 0 ... .infinity, "sqrt": 0 ... .infinity, "sigmoid": 0...1,
    "tanh": -1...1, "relu": 0 ... .infinity, "sign": -1...1,
  ]

  private func extreme(_ name: String, _ all: [Compiled]) -> Compiled? {
    let numbers = all.compactMap(\.asNumber)
    guard numbers.count == all.count else { return nil }
    let isLeast = name == "min"
    return folded(
      Compiled(
        body: .number { reading in
          numbers.dropFirst().reduce(numbers[0](reading)) { a, read in
            let b = read(reading)
            if a.isNaN || b.isNaN { return .nan }
            return isLeast ? Swift.min(a, b) : Swift.max(a, b)
          }
        }, isConstant: all.allSatisfy(\.isConstant)))
  }

  private mutating func update(_ arguments: [Node]) throws(ExpressionFailure) -> Compiled {
    let name = try ExpressionEvaluator<ReadingScope>.weight(in: arguments)
    let weight = try execution.plan.updatedWeight(named: name)
    let numbers = execution.withNumbers(of: weight) { UnsafeBufferPointer($0) }
    updates.insert(name)
    needsMemory = true
    return Compiled(
      body: .number { reading in
        guard let before = reading.before[name], before.count == numbers.count else {
          return reading.unknown()
        }
        return UpdateRatio.of(before, numbers)
      }, bounds: 0 ... .infinity)
  }

  // MARK: Elements

  /// One number of a value by an index that stands there in figures.
  private mutating func element(
    _ base: Node, _ entries: [RunExpression.Index]
  ) throws(ExpressionFailure) -> Compiled? {
    let inner = try compile(base)
    guard case .value(let value) = inner.body, entries.count == value.shape.rank else { return nil }
    var index: [Int] = []
    for (axis, entry) in entries.enumerated() {
      guard case .at(let node) = entry else { return nil }
      let place = try compile(node)
      guard place.isConstant, case .number(let read) = place.body,
        let whole = Int(exactly: read(sample))
      else { return nil }
      index.append(whole < 0 ? whole + value.shape[axis] : whole)
    }
    // What lies outside is said by the way that works on arrays.
    guard let offset = value.shape.offset(of: index) else { return nil }
    return number(of: value, at: offset)
  }

  // MARK: Arrays

  /// What works on arrays is worked out each time as `print` does; here once, to find out what it is.
  private func slow(_ node: Node) throws(ExpressionFailure) -> Compiled {
    let scope = ReadingScope(reading: sample, names: names)
    switch try ExpressionEvaluator(scope: scope).value(node) {
    case .number:
      return Compiled(
        body: .number { [names] reading in
          guard case .number(let number)? = Self.worked(node, reading, names) else {
            return reading.unknown()
          }
          return number
        })
    case .truth:
      return Compiled(
        body: .truth { [names] reading in
          guard case .truth(let truth)? = Self.worked(node, reading, names) else {
            return reading.unknown() > 0
          }
          return truth
        })
    case .text(let text):
      throw ExpressionFailure(
        .meaning, "the text ‘\(text)’ where a number is needed", remedy: "== and a text in quotes")
    case .tensor:
      return Compiled(
        body: .tensor { [names] reading in
          guard case .tensor(let tensor)? = Self.worked(node, reading, names) else { return nil }
          return tensor
        })
    }
  }

  private static func worked(
    _ node: Node, _ reading: StepReading, _ names: RunNames
  ) -> ExpressionValue? {
    do {
      return try ExpressionEvaluator(scope: ReadingScope(reading: reading, names: names))
        .value(node)
    } catch { return nil }
  }
}
