import Foundation
import Tensors

/// What names mean at one moment.
package protocol ExpressionScope {
  /// Every name that has or will have a value.
  var names: [String] { get }
  /// The value of a name, nil when it is none of these.
  /// - Throws: `ExpressionFailure` of kind `notYet` when a later instruction makes it.
  func value(named name: String) throws(ExpressionFailure) -> ExpressionValue?
  /// What a function of a place says: `visited`, `backward dense_1`.
  func value(of function: String, place: String) throws(ExpressionFailure) -> ExpressionValue
  /// How far the last update moved a weight: ‖Δw‖ / ‖w‖.
  func updateRatio(of name: String) throws(ExpressionFailure) -> Double
  /// What was recorded under a name, in order.
  func history(of name: String) throws(ExpressionFailure) -> Tensor
  /// What names meant earlier, where there is such a moment: what `before(…)` looks at.
  var earlier: (any ExpressionScope)? { get }
}

extension ExpressionScope {
  package func history(of name: String) throws(ExpressionFailure) -> Tensor {
    throw ExpressionFailure(.meaning, "nothing is recorded here", remedy: "history(loss) of a run")
  }

  package var earlier: (any ExpressionScope)? { nil }

  package func updateRatio(of name: String) throws(ExpressionFailure) -> Double {
    throw ExpressionFailure(
      .meaning, "nothing is updated here", remedy: "update_ratio of a weight of a run")
  }
}

extension RunExpression {
  /// Its value where names mean what `scope` says.
  package func value(in scope: some ExpressionScope) throws(ExpressionFailure) -> ExpressionValue {
    try ExpressionEvaluator(scope: scope).value(root)
  }
}

extension RunExpression.Node {
  fileprivate func value(
    in scope: some ExpressionScope
  ) throws(ExpressionFailure) -> ExpressionValue {
    try ExpressionEvaluator(scope: scope).value(self)
  }
}

struct ExpressionEvaluator<Scope: ExpressionScope> {
  let scope: Scope

  private typealias Node = RunExpression.Node

  func value(_ node: RunExpression.Node) throws(ExpressionFailure) -> ExpressionValue {
    do { return try form(node.form) } catch { throw error.at(node.column) }
  }

  private func form(_ form: RunExpression.Form) throws(ExpressionFailure) -> ExpressionValue {
    switch form {
    case .number(let value): return .number(value)
    case .name(let name): return try named(name)
    case .text(let text): return .text(text)
    case .negative(let part): return try mapped(value(part)) { -$0 }
    case .not(let part): return .truth(!(try value(part).holds()))
    case .binary("and", let a, let b):
      return .truth(try value(a).holds() ? try value(b).holds() : false)
    case .binary("or", let a, let b):
      return .truth(try value(a).holds() ? true : try value(b).holds())
    case .binary(let symbol, let a, let b):
      return try Broadcast.combine(value(a), value(b), Self.arithmetic(symbol))
    case .comparison(let parts, let symbols): return try compared(parts, symbols)
    case .call(let name, let arguments): return try call(name, arguments)
    case .place(let name, let place): return try scope.value(of: name, place: place)
    case .index(let base, let entries): return try indexed(base, entries)
    }
  }

  // MARK: Names

  private func named(_ name: String) throws(ExpressionFailure) -> ExpressionValue {
    switch name {
    case "nan": return .number(.nan)
    case "inf": return .number(.infinity)
    case "pi": return .number(.pi)
    case "true", "True": return .truth(true)
    case "false", "False": return .truth(false)
    default: break
    }
    if let value = try scope.value(named: name) { return value }
    throw unknown(name)
  }

  private func unknown(_ name: String) -> ExpressionFailure {
    let parts = name.split(separator: "/").map(String.init)
    let known = scope.names
    if parts.count == 2, parts.allSatisfy(known.contains) {
      return ExpressionFailure(
        .unknownName, "there is no value ‘\(name)’",
        remedy: "\(parts[0]) / \(parts[1]), with spaces, to divide")
    }
    let near = NameSuggestion.near(name, among: known)
    if !near.isEmpty {
      return ExpressionFailure(
        .unknownName, "there is no value ‘\(name)’", remedy: near.joined(separator: " or "))
    }
    return ExpressionFailure(
      .unknownName, "there is no value ‘\(name)’",
      remedy: known.isEmpty ? "a number" : "one of " + known.prefix(12).joined(separator: ", "))
  }

  // MARK: Operators

  private static func arithmetic(_ symbol: String) -> (Double, Double) -> Double {
    switch symbol {
    case "+": { $0 + $1 }
    case "-": { $0 - $1 }
    case "*": { $0 * $1 }
    case "/": { $0 / $1 }
    default: { pow($0, $1) }
    }
  }

  private func compared(
    _ parts: [Node], _ symbols: [String]
  ) throws(ExpressionFailure) -> ExpressionValue {
    var values: [ExpressionValue] = []
    for part in parts { values.append(try value(part)) }
    var result: ExpressionValue?
    for (i, symbol) in symbols.enumerated() {
      if let holds = try Self.compared(values[i], symbol, values[i + 1]) {
        result =
          try result.map { first throws(ExpressionFailure) in
            try Broadcast.combine(first, .number(holds ? 1 : 0)) { $0 * $1 }
          } ?? .number(holds ? 1 : 0)
        continue
      }
      let compare = NumberComparison.function(symbol, parts[i], parts[i + 1])
      let next = try Broadcast.combine(values[i], values[i + 1]) { compare($0, $1) ? 1 : 0 }
      result =
        try result.map { first throws(ExpressionFailure) in
          try Broadcast.combine(first, next) { $0 * $1 }
        } ?? next
    }
    guard case .number(let all)? = result else { return result ?? .truth(true) }
    return .truth(all == 1)
  }

  /// Whether two texts are the same; nil where neither is one.
  private static func compared(
    _ a: ExpressionValue, _ symbol: String, _ b: ExpressionValue
  ) throws(ExpressionFailure) -> Bool? {
    let texts = [a, b].compactMap { if case .text(let text) = $0 { text } else { nil } }
    guard let first = texts.first else { return nil }
    guard let second = texts.dropFirst().first else {
      throw ExpressionFailure(
        .meaning, "the text ‘\(first)’ beside what is none",
        remedy: "a text in quotes, as optimizer == \"Adam\"")
    }
    guard symbol == "==" || symbol == "!=" else {
      throw ExpressionFailure(.meaning, "\(symbol) between texts", remedy: "== or !=")
    }
    return TextComparison.areEqual(first, second) == (symbol == "==")
  }

  private func mapped(
    _ value: ExpressionValue, _ map: (Double) -> Double
  ) throws(ExpressionFailure) -> ExpressionValue {
    guard case .tensor(let tensor) = value else { return .number(map(try value.number())) }
    return .tensor(
      Tensor(shape: tensor.shape, scalars: tensor.scalars.map { Float(map(Double($0))) }))
  }

  // MARK: Functions

  private func call(
    _ name: String, _ arguments: [Node]
  ) throws(ExpressionFailure) -> ExpressionValue {
    guard ExpressionFunction.names.contains(name) else {
      let near = NameSuggestion.near(name, among: ExpressionFunction.names)
      throw ExpressionFailure(
        .unknownName, "there is no function ‘\(name)’",
        remedy: (near.isEmpty ? ExpressionFunction.names : near).joined(separator: ", "))
    }
    if name == "update_ratio" {
      return .number(try scope.updateRatio(of: try Self.weight(in: arguments)))
    }
    if name == "before" { return try before(arguments) }
    if name == "history" {
      return .tensor(try scope.history(of: try Self.word(in: arguments, of: name)))
    }
    if ExpressionFunction.ofTexts.contains(name) {
      return try scope.value(of: name, place: try Self.word(in: arguments, of: name))
    }
    var values: [ExpressionValue] = []
    for argument in arguments { values.append(try value(argument)) }
    if values.count > 1, name == "min" || name == "max" {
      var result = values[0]
      for value in values.dropFirst() {
        result = try Broadcast.combine(result, value) { a, b in
          a.isNaN || b.isNaN ? .nan : name == "min" ? Swift.min(a, b) : Swift.max(a, b)
        }
      }
      return result
    }
    guard values.count == 1 else {
      throw ExpressionFailure(
        .meaning, "\(name) of \(values.count) values", remedy: "\(name)(…) of one")
    }
    return try apply(name, values[0])
  }

  /// A value as it was before the commands of a prediction.
  private func before(_ arguments: [Node]) throws(ExpressionFailure) -> ExpressionValue {
    guard let earlier = scope.earlier else {
      throw ExpressionFailure(
        .meaning, "nothing was carried out before", remedy: "before(…) where there is after:")
    }
    guard arguments.count == 1 else {
      throw ExpressionFailure(
        .meaning, "before of \(arguments.count) values", remedy: "before(…) of one")
    }
    return try arguments[0].value(in: earlier)
  }

  /// The one name or text that a function stands before.
  private static func word(
    in arguments: [Node], of function: String
  ) throws(ExpressionFailure) -> String {
    switch arguments.first?.form {
    case .name(let word), .text(let word):
      if arguments.count == 1 { return word }
    case .index where arguments.count == 1:
      return arguments[0].text.filter { $0 != " " }
    default: break
    }
    let example = ExpressionNames.all.first { $0.form.hasPrefix(function + "(") }?.form
    throw ExpressionFailure(
      .meaning, "\(function) of something else than a name", remedy: example ?? function)
  }

  /// The name that `update_ratio` stands before.
  static func weight(
    in arguments: [RunExpression.Node]
  ) throws(ExpressionFailure) -> String {
    guard arguments.count == 1, case .name(let weight) = arguments[0].form else {
      throw ExpressionFailure(
        .meaning, "update_ratio of something else than a weight",
        remedy: "update_ratio(dense/kernel)")
    }
    return weight
  }

  private func apply(
    _ name: String, _ value: ExpressionValue
  ) throws(ExpressionFailure) -> ExpressionValue {
    if let map = ExpressionFunction.maps[name] { return try mapped(value, map) }
    let tensor = try Broadcast.tensor(value)
    if let reduction = ArrayReduction(rawValue: name) {
      guard case .tensor = value else {
        return .number(reduction.of(try Broadcast.scalar(value)))
      }
      return .number(tensor.scalars.withUnsafeBufferPointer { reduction.of($0) })
    }
    switch name {
    case "all": return .truth(tensor.scalars.allSatisfy { $0 != 0 })
    case "any": return .truth(tensor.scalars.contains { $0 != 0 })
    case "nan": return .truth(tensor.scalars.contains { $0.isNaN })
    case "finite": return .truth(tensor.scalars.allSatisfy { $0.isFinite })
    case "shape":
      let extents = tensor.shape.extents
      return .tensor(Tensor(shape: [extents.count], scalars: extents.map { Float($0) }))
    case "len": return .number(Double(tensor.shape.rank == 0 ? 1 : tensor.shape[0]))
    case "first": return .number(tensor.scalars.first.map { Double($0) } ?? .nan)
    case "last": return .number(tensor.scalars.last.map { Double($0) } ?? .nan)
    case "argmin":
      return Self.largest(Tensor(shape: tensor.shape, scalars: tensor.scalars.map { -$0 }))
    default: return Self.largest(tensor)
    }
  }

  /// The index of the largest along the last axis: one number for a vector, one a row for more.
  private static func largest(_ tensor: Tensor) -> ExpressionValue {
    let width = tensor.shape.last
    guard width > 0 else { return .number(.nan) }
    let indices = stride(from: 0, to: tensor.count, by: width).map { start -> Float in
      let row = tensor.scalars[start..<start + width]
      return Float(
        row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) }
          .map { $0 - start } ?? 0)
    }
    guard tensor.shape.rank > 1 else { return .number(indices.first.map { Double($0) } ?? .nan) }
    return .tensor(Tensor(shape: Shape(tensor.shape.extents.dropLast()), scalars: indices))
  }

  // MARK: Indices

  private func indexed(
    _ base: Node, _ entries: [RunExpression.Index]
  ) throws(ExpressionFailure) -> ExpressionValue {
    guard case .tensor(let tensor) = try value(base) else {
      throw ExpressionFailure(
        .meaning, "an index into a single number", remedy: "the value without [ ]")
    }
    let shape = tensor.shape
    guard entries.count <= shape.rank else {
      throw ExpressionFailure(
        .meaning, "\(entries.count) indices into shape \(shape)",
        remedy: "at most \(shape.rank)")
    }
    var ranges: [Range<Int>] = []
    var kept: [Int] = []
    for axis in 0..<shape.rank {
      let entry = axis < entries.count ? entries[axis] : .range(nil, nil)
      let range = try range(entry, extent: shape[axis], axis: axis)
      ranges.append(range)
      if case .range = entry { kept.append(range.count) }
    }
    let picked = Self.picked(tensor, ranges)
    return kept.isEmpty
      ? .number(Double(picked[0])) : .tensor(Tensor(shape: Shape(kept), scalars: picked))
  }

  private func range(
    _ entry: RunExpression.Index, extent: Int, axis: Int
  ) throws(ExpressionFailure) -> Range<Int> {
    switch entry {
    case .at(let node):
      let written = try integer(node)
      let i = written < 0 ? written + extent : written
      guard (0..<extent).contains(i) else {
        throw ExpressionFailure(
          .meaning, "index \(written) on an axis of \(extent)",
          remedy: extent == 0 ? "no index, it is empty" : "0 to \(extent - 1)",
          column: node.column)
      }
      return i..<i + 1
    case .range(let from, let to):
      // As in NumPy, ends beyond the array are cut off.
      let ends = try [from, to].map { node throws(ExpressionFailure) -> Int? in
        guard let node else { return nil }
        let written = try integer(node)
        return min(max(0, written < 0 ? written + extent : written), extent)
      }
      let start = ends[0] ?? 0
      return start..<max(start, ends[1] ?? extent)
    }
  }

  private func integer(_ node: Node) throws(ExpressionFailure) -> Int {
    let number = try value(node).number()
    guard number == number.rounded(), abs(number) < 1e9 else {
      throw ExpressionFailure(
        .meaning, "\(number) as an index", remedy: "a whole number", column: node.column)
    }
    return Int(number)
  }

  private static func picked(_ tensor: Tensor, _ ranges: [Range<Int>]) -> [Float] {
    var offsets = [0]
    for (range, stride) in zip(ranges, tensor.shape.strides) {
      offsets = offsets.flatMap { offset in range.map { offset + $0 * stride } }
    }
    return offsets.map { tensor.scalars[$0] }
  }
}
