import NeuralNets
import Tensors

/// A function over arrays that programs know by one name in NumPy, in `keras.ops` and as a method
/// of arrays: what it takes and what it does stand in one line of a table.
struct ArrayFunction: Sendable {
  /// Where a function is known.
  struct Homes: OptionSet, Sendable {
    let rawValue: Int
    static let numpy = Homes(rawValue: 1)
    static let ops = Homes(rawValue: 2)
    static let method = Homes(rawValue: 4)
    static let everywhere: Homes = [.numpy, .ops, .method]
    static let functions: Homes = [.numpy, .ops]
  }

  typealias Body = @Sendable (BoundCall, ArrayFlavor) throws -> PythonValue

  let name: String
  /// Its other names.
  let aliases: [String]
  /// The parameters in NumPy's notation.
  let parameters: String
  /// The names that `keras.ops` has for the same parameters, when they differ beyond the first.
  let kerasParameters: String?
  let homes: Homes
  /// Whether each element of the result comes from the elements at its place, so that a column of
  /// a table gives a column.
  let isElementwise: Bool
  let body: Body

  init(
    _ name: String, _ parameters: String, ops: String? = nil, aliases: [String] = [],
    in homes: Homes = .functions, isElementwise: Bool = false, _ body: @escaping Body
  ) {
    self.name = name
    self.aliases = aliases
    self.parameters = parameters
    kerasParameters = ops
    self.homes = homes
    self.isElementwise = isElementwise
    self.body = body
  }

  /// A function whose result is an array.
  static func array(
    _ name: String, _ parameters: String, ops: String? = nil, aliases: [String] = [],
    in homes: Homes = .functions, isElementwise: Bool = false,
    _ body: @escaping @Sendable (BoundCall, ArrayFlavor) throws -> NDArray
  ) -> ArrayFunction {
    ArrayFunction(
      name, parameters, ops: ops, aliases: aliases, in: homes, isElementwise: isElementwise
    ) { call, flavor in
      try call.evaluator.value(try body(call, flavor))
    }
  }

  /// The one place through which every call goes: of NumPy, of `keras.ops` and of methods.
  func apply(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> PythonValue {
    if let symbolic = try SymbolicOperations.apply(name, call) { return symbolic }
    let result = try body(call, flavor)
    guard isElementwise, let column = call.values.values.lazy.compactMap(\.series).first else {
      return result
    }
    return try column.wrapping(result)
  }

  /// The function as a program calls it.
  func native(_ flavor: ArrayFlavor, named other: String? = nil) -> NativeFunction {
    let shown = other ?? name
    guard flavor == .ops else {
      return NativeFunction("\(shown)(\(parameters))") { try apply($0, flavor) }
    }
    let own = Signature("f(\(parameters))")
    let given = kerasParameters ?? Self.kerasNames(parameters)
    // `ops.gelu` approximates, the activation of that name does not.
    let isActivation = ComponentFamily.activation.named(shown) != nil && shown != "gelu"
    return NativeFunction("\(shown)(\(given))", kerasName: isActivation ? shown : nil) { call in
      try apply(call.renamed(to: own, from: Signature("f(\(given))")), flavor)
    }
  }

  /// The function as a method of a value, which is its first argument.
  func method(of value: PythonValue) -> NativeFunction {
    let rest = parameters.split(separator: ",", maxSplits: 1).dropFirst().first.map(String.init)
    let signature = Signature("\(name)(\(parameters))")
    return NativeFunction("\(name)(\(rest ?? ""))") { call in
      try apply(call.prefixed(value, signature), .numpy)
    }
  }

  /// Keras calls the first operand `x`, and takes no `out`.
  private static func kerasNames(_ parameters: String) -> String {
    var parts = parameters.split(separator: ",").map { $0.drop { $0 == " " } }
      .filter { $0 != "out=None" }
    if let first = parts.first, !first.hasPrefix("*"), !first.contains("=") { parts[0] = "x" }
    return parts.joined(separator: ", ")
  }
}

/// What NumPy and Keras see differently in the same functions.
enum ArrayFlavor: Sendable {
  case numpy
  case ops

  /// The kind of positions and counts.
  var index: NDArray.Kind { self == .numpy ? .int64 : .int32 }

  /// The kind of fractions that come of whole numbers.
  var real: NDArray.Kind { self == .numpy ? .float64 : .float32 }

  /// The kind of a result that is a fraction.
  func real(_ kind: NDArray.Kind) -> NDArray.Kind { kind.isFloat ? kind : real }

  /// An argument as an array of numbers; Keras reads plain numbers as Float32 and Int32.
  func array(_ call: BoundCall, _ name: String) throws -> NDArray {
    plain(try call.array(name), call[name])
  }

  /// The same of texts too.
  func operand(_ call: BoundCall, _ name: String) throws -> NDArray {
    plain(try call.operand(name), call[name])
  }

  func plain(_ array: NDArray, _ value: PythonValue) -> NDArray {
    guard self == .ops, !value.isArray else { return array }
    if value.sequence?.contains(where: \.isArray) == true { return array }
    return array.kind == .float64
      ? array.converted(to: .float32) : array.kind == .int64 ? array.converted(to: .int32) : array
  }

  /// Two operands, a plain number taking the kind of the array beside it.
  func operands(_ call: BoundCall, _ x: String, _ y: String) throws -> (NDArray, NDArray) {
    if call[x].isArray {
      let a = try call.operand(x)
      return (a, plain(try call.evaluator.operandLike(call[y], a), call[y]))
    }
    if call[y].isArray {
      let b = try call.operand(y)
      return (plain(try call.evaluator.operandLike(call[x], b), call[x]), b)
    }
    return (try operand(call, x), try operand(call, y))
  }
}

extension Evaluator {
  /// A plain number beside an array takes its kind; all else is what it is.
  func operandLike(_ value: PythonValue, _ other: NDArray) throws -> NDArray {
    switch value {
    case .text, .list, .tuple, .none: try operand(from: value)
    default: other.kind.isNumeric ? try array(from: value, like: other) : try operand(from: value)
    }
  }
}

extension BoundCall {
  /// The same call under the names of another signature, parameter by parameter.
  fileprivate func renamed(to own: Signature, from given: Signature) -> BoundCall {
    var table: [String: String] = [:]
    for (a, b) in zip(given.parameters, own.parameters) { table[a.name] = b.name }
    var renamed: [String: PythonValue] = [:]
    for parameter in own.parameters { renamed[parameter.name] = parameter.standard }
    for (name, value) in values {
      let mine = own.parameters.contains { $0.name == name } ? name : table[name] ?? name
      renamed[mine] = value
    }
    return BoundCall(
      function: function, values: renamed, rest: rest, order: order.map { table[$0] ?? $0 },
      named: Set(named.map { table[$0] ?? $0 }), evaluator: evaluator)
  }

  /// The call of a method as one of the function whose first argument is the method's owner.
  fileprivate func prefixed(_ value: PythonValue, _ signature: Signature) -> BoundCall {
    var all = values
    guard let first = signature.parameters.first?.name else { return self }
    all[first] = value
    return BoundCall(
      function: function, values: all, rest: rest, order: order, named: named,
      evaluator: evaluator)
  }

  /// An axis that must be given.
  func axis(_ name: String = "axis", of array: NDArray) throws -> Int {
    do { return try array.axis(try integer(name, in: -64...64)) } catch let complaint as Complaint {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor(name))
    }
  }

  /// Whole numbers: one, or a list or array of them.
  func integers(_ name: String) throws -> [Int] {
    if let i = self[name].wholeNumber { return [i] }
    let array = try array(name)
    guard array.kind.isWhole || array.count == 0 else {
      throw unsuitable(name, wanted: "whole numbers")
    }
    return array.scalars.map { Int($0) }
  }

  /// Arrays in a list or tuple, or the rows of an array.
  func arrays(_ name: String, _ flavor: ArrayFlavor) throws -> [NDArray] {
    if case .array(let r) = self[name], r.array.rank > 0 {
      return (0..<r.array.shape[0]).map { r.array.row($0) }
    }
    guard let items = self[name].sequence else {
      throw unsuitable(name, wanted: "a list or tuple of arrays")
    }
    return try items.map { flavor.plain(try evaluator.operand(from: $0), $0) }
  }

  /// Refuses an argument that is known but not supported, unless it keeps its default.
  func refuse(_ names: String...) throws {
    for name in names where !self[name].isNone && named.contains(name) {
      throw Complaint(
        "\(function)() with \"\(name)\" is not supported", remedy: "leave it out",
        at: .keyword(name))
    }
  }
}
