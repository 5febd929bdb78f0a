import NeuralNets
import Tensors

/// An operation on symbolic tensors: a node of the graph without weights.
final class OperationObject: GraphLayer {
  private let operation: ArrayOperation
  let layerName: String
  let place: Range<Int>
  let statement: Range<Int>
  let store = LayerStore()

  init(_ operation: ArrayOperation, _ evaluator: Evaluator) {
    self.operation = operation
    layerName = evaluator.countedName(operation.name.snakeCased)
    place = evaluator.callPlace
    statement = evaluator.topStatement
  }

  var typeName: String { operation.name }

  func component() throws -> Component {
    Component(
      kind: operation.name, arguments: .ofModel(name: layerName, isTrainable: true),
      body: .operation(operation), countedName: layerName)
  }

  func outputExtents(
    for inputs: [NodeInput], _ options: CallOptions, _ evaluator: Evaluator
  ) throws -> [[Int?]] {
    let given = inputs.map { $0.extents }
    let result: [Int?]
    do throws(LayerFailure) { result = try operation.extents(for: given) } catch {
      throw Complaint("\(operation.name.snakeCased) \(error.problem)", remedy: error.remedy)
    }
    return [result]
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try callAsLayer(arguments, evaluator)
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    try layerAttribute(name, evaluator)
  }

  func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool { false }
}

extension PythonValue {
  /// Whether operations on it belong to the graph: a tensor to come, or a weight.
  var isSymbolic: Bool {
    if case .object(let object) = self { return object is SymbolicTensor || object is WeightHandle }
    return false
  }
}

extension Evaluator {
  /// Adds an operation to the graph.
  func operation(
    _ name: String, _ kind: ArrayOperation.Kind, _ inputs: [PythonValue]
  ) throws -> PythonValue {
    let node = OperationObject(ArrayOperation(name, kind), self)
    let given = try inputs.enumerated().map { i, value in
      try NodeInput(value, at: .argument(i), self)
    }
    return .object(try node.node(on: given, CallOptions(), self)[0])
  }

  /// A formula of values, of which numbers become constants of it.
  func formula(
    _ name: String, _ values: [PythonValue], _ make: ([Formula]) -> Formula
  ) throws -> PythonValue {
    var (operands, inputs) = ([Formula](), [PythonValue]())
    for value in values {
      if !value.isSymbolic, let number = value.anyNumber {
        operands.append(.constant(number))
      } else {
        operands.append(.operand(inputs.count))
        inputs.append(value)
      }
    }
    return try operation(name, .formula(make(operands)), inputs)
  }

  /// The extents of something symbolic.
  func extents(of value: PythonValue) throws -> [Int?] {
    try NodeInput(value, at: .argument(0), self).extents
  }

  /// The same with nil for what is of any length.
  func openExtents(of value: PythonValue) throws -> [Int?] {
    if case .object(let tensor as SymbolicTensor) = value { return tensor.openExtents }
    return try extents(of: value)
  }
}

extension SymbolicTensor {
  package func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    try SymbolicOperations.operate(mark, .object(self), other, isReflected: isReflected, evaluator)
  }

  package func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    mark == "-" ? try evaluator.formula("Negative", [.object(self)]) { -$0[0] } : nil
  }

  /// `x[:, 0]`: `index` is a slice, a number, or a tuple of them.
  package func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    try SymbolicOperations.item(.object(self), index, evaluator)
  }
}

extension SymbolicTensor: Truthful {
  package func isTrue(_ evaluator: Evaluator) throws -> Bool {
    throw Complaint(
      "whether a tensor is true is not known before there are numbers",
      remedy: "choose number by number: keras.ops.where(x > 0, a, b)")
  }
}

extension WeightHandle: Subscriptable {
  package var takesSlices: Bool { true }

  package func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    try SymbolicOperations.item(.object(self), index, evaluator)
  }
}

extension WeightHandle: OperatorOverloading {
  package func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    try SymbolicOperations.operate(mark, .object(self), other, isReflected: isReflected, evaluator)
  }

  package func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    mark == "-" ? try evaluator.formula("Negative", [.object(self)]) { -$0[0] } : nil
  }
}

/// Functions of arrays by name, on symbolic tensors.
enum SymbolicOperations {
  static func operate(
    _ mark: String, _ own: PythonValue, _ other: PythonValue, isReflected: Bool,
    _ evaluator: Evaluator
  ) throws -> PythonValue? {
    let (a, b) = isReflected ? (other, own) : (own, other)
    if mark == "@" { return try evaluator.operation("Matmul", .product, [a, b]) }
    guard let (name, make) = operators[mark] else { return nil }
    guard other.isSymbolic || other.anyNumber != nil || other.isArray || other.sequence != nil
    else { return nil }
    return try evaluator.formula(name, [a, b]) { make($0[0], $0[1]) }
  }

  typealias Pair = @Sendable (Formula, Formula) -> Formula

  private static let operators: [String: (name: String, make: Pair)] = [
    "+": ("Add", { $0 + $1 }), "-": ("Subtract", { $0 - $1 }), "*": ("Multiply", { $0 * $1 }),
    "/": ("TrueDivide", { $0 / $1 }),
    "//": ("FloorDivide", { .combined(.floorDivide, $0, $1) }),
    "%": ("Mod", { .combined(.modulo, $0, $1) }), "**": ("Power", { power($0, $1) }),
    "<": ("Less", { $0 < $1 }), "<=": ("LessEqual", { $0 <= $1 }),
    ">": ("Greater", { $0 > $1 }), ">=": ("GreaterEqual", { $0 >= $1 }),
    "==": ("Equal", { .equal($0, $1) }), "!=": ("NotEqual", { 1 - .equal($0, $1) }),
  ]

  private static func power(_ a: Formula, _ b: Formula) -> Formula {
    switch b {
    case .constant(2): .square(a)
    case .constant(0.5): .sqrt(a)
    case .constant(1): a
    default: .power(a, b)
    }
  }

  /// One-number functions by their names in NumPy and `keras.ops`.
  private static let functions: [String: @Sendable (Formula) -> Formula] = [
    "absolute": { .abs($0) }, "negative": { -$0 }, "square": { .square($0) },
    "sqrt": { .sqrt($0) }, "rsqrt": { .function(.reciprocalSquareRoot, $0) },
    "reciprocal": { 1 / $0 }, "exp": { .exp($0) }, "expm1": { .expm1($0) }, "log": { .log($0) },
    "log1p": { .log1p($0) }, "log2": { .log($0) / .log(2) }, "log10": { .log($0) / .log(10) },
    "tanh": { .tanh($0) }, "sin": { .sin($0) }, "cos": { .cos($0) },
    "tan": { .function(.tan, $0) }, "arcsin": { .function(.arcsin, $0) },
    "arccos": { .function(.arccos, $0) }, "arctan": { .function(.arctan, $0) },
    "sinh": { .function(.sinh, $0) }, "cosh": { .function(.cosh, $0) },
    "sign": { .sign($0) }, "floor": { .floor($0) }, "ceil": { .function(.ceil, $0) },
    "erf": { .erf($0) },
  ]

  private static let pairs: [String: Pair] = [
    "add": { $0 + $1 }, "subtract": { $0 - $1 }, "multiply": { $0 * $1 },
    "divide": { $0 / $1 }, "true_divide": { $0 / $1 }, "power": { power($0, $1) },
    "maximum": { .max($0, $1) }, "minimum": { .min($0, $1) }, "less": { $0 < $1 },
    "less_equal": { $0 <= $1 }, "greater": { $0 > $1 }, "greater_equal": { $0 >= $1 },
    "equal": { .equal($0, $1) }, "not_equal": { 1 - .equal($0, $1) },
    "mod": { .combined(.modulo, $0, $1) }, "floor_divide": { .combined(.floorDivide, $0, $1) },
  ]

  /// What a function makes of symbolic arguments; nil when none of them is symbolic.
  static func apply(_ name: String, _ call: BoundCall) throws -> PythonValue? {
    let given = call.order.map { call[$0] }
    let all = given + call.rest
    guard
      all.contains(where: { $0.isSymbolic || $0.sequence?.contains(where: \.isSymbolic) == true })
    else { return nil }
    let evaluator = call.evaluator
    let title = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
    let x = given.first ?? .none
    if let make = functions[name] { return try evaluator.formula(title, [x]) { make($0[0]) } }
    if let make = pairs[name], given.count >= 2 {
      return try evaluator.formula(title, [given[0], given[1]]) { make($0[0], $0[1]) }
    }
    if let activation = ComponentFamily.activation.named(name) {
      return try activated(name, activation, x, call)
    }
    return try reduced(name, title, x, call) ?? shaped(name, title, x, call)
      ?? others(name, title, x, call)
  }

  /// Python's `max(0, x)` of tensors: number by number.
  static func extreme(_ call: BoundCall, _ name: String) throws -> PythonValue? {
    guard call.rest.count > 1, call.rest.contains(where: \.isSymbolic), let make = pairs[name]
    else { return nil }
    return try call.rest.dropFirst().reduce(call.rest[0]) { a, b in
      try call.evaluator.formula(name == "maximum" ? "Maximum" : "Minimum", [a, b]) {
        make($0[0], $0[1])
      }
    }
  }

  /// A function of `math` on a tensor.
  static func unary(_ name: String, _ call: BoundCall) throws -> PythonValue? {
    guard call["x"].isSymbolic else { return nil }
    let names = ["fabs": "absolute", "asin": "arcsin", "acos": "arccos", "atan": "arctan"]
    return try apply(names[name] ?? name, call)
  }

  private static func activated(
    _ name: String, _ entry: ComponentClass, _ x: PythonValue, _ call: BoundCall
  ) throws -> PythonValue {
    if name == "softmax" || name == "log_softmax" {
      let rank = try call.evaluator.extents(of: x).count
      let axis = try axis("axis", call, rank, standard: -1)
      return try call.evaluator.operation(
        name == "softmax" ? "Softmax" : "LogSoftmax",
        name == "softmax" ? .softmax(axis: axis) : .logSoftmax(axis: axis), [x])
    }
    guard entry.hasDefaults else { throw refused(name) }
    var component = entry.standard
    // What the operation assumes may be other than what the activation of its name does: `gelu`.
    for argument in call.order.dropFirst()
    where entry.arguments.contains(where: { $0.name == argument }) {
      let isFlag =
        if case .boolean = entry.standard.arguments[argument] { true } else { false }
      try component.arguments.set(
        argument,
        isFlag ? .boolean(try call.boolean(argument)) : .number(try call.number(argument)))
    }
    return try call.evaluator.operation(
      name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(),
      .activation(component), [x])
  }

  /// Numbers as another kind holds them: whole ones without their fractions, truth as 0 and 1.
  private static func cast(
    _ x: PythonValue, to kind: NDArray.Kind?, _ title: String, _ evaluator: Evaluator
  ) throws -> PythonValue {
    guard let kind, kind == .bool || kind.isWhole else { return x }
    let cast = try evaluator.formula(title, [x]) { parts in
      let x = parts[0]
      if kind == .bool { return 1 - .equal(x, 0) }
      return .where(x < 0, .function(.ceil, x), .floor(x))
    }
    return try evaluator.operation("StopGradient", .stopsGradient, [cast])
  }

  // MARK: The rest

  private static func others(
    _ name: String, _ title: String, _ x: PythonValue, _ call: BoundCall
  ) throws -> PythonValue {
    let evaluator = call.evaluator
    let given = call.order.map { call[$0] }
    switch name {
    case "matmul", "dot":
      return try evaluator.operation("Matmul", .product, [given[0], given[1]])
    case "where":
      guard given.count >= 3, !given[1].isNone, !given[2].isNone else {
        throw refused("where() of one tensor")
      }
      return try evaluator.formula("Where", Array(given.prefix(3))) { .where($0[0], $0[1], $0[2]) }
    case "clip":
      let low = given.count > 1 ? given[1] : .none
      let high = given.count > 2 ? given[2] : .none
      return try evaluator.formula("Clip", [x] + [low, high].filter { !$0.isNone }) { parts in
        var result = parts[0]
        var next = 1
        if !low.isNone {
          result = .max(result, parts[next])
          next += 1
        }
        return high.isNone ? result : .min(result, parts[next])
      }
    case "zeros_like": return try evaluator.formula("ZerosLike", [x]) { $0[0] * 0 }
    case "ones_like": return try evaluator.formula("OnesLike", [x]) { $0[0] * 0 + 1 }
    case "cast", "convert_to_tensor", "asarray", "array":
      return try cast(x, to: try call.kind(), title, evaluator)
    case "identity": return x
    case "stop_gradient": return try evaluator.operation("StopGradient", .stopsGradient, [x])
    case "round":
      let digits = try call.integer("decimals", in: -20...20)
      guard digits != 0 else { return try evaluator.formula("Round", [x]) { .round($0[0]) } }
      let factor = (0..<abs(digits)).reduce(1.0) { product, _ in product * 10 }
      return try evaluator.formula("Round", [x]) {
        digits > 0
          ? .round($0[0] * .constant(factor)) / .constant(factor)
          : .round($0[0] / .constant(factor)) * .constant(factor)
      }
    case "one_hot":
      let hot = try evaluator.operation(
        "OneHot", .oneHot(classes: try call.integer("num_classes", in: 1...1_000_000)), [x])
      let last = try evaluator.extents(of: hot).count - 1
      let place = try axis("axis", call, last + 1, standard: -1)
      guard place != last else { return hot }
      var order = Array(0..<last)
      order.insert(last, at: place)
      return try evaluator.operation("Transpose", .transpose(order), [hot])
    case "take":
      let rank = try evaluator.extents(of: x).count
      return try evaluator.operation(
        "Take", .gather(axis: try givenAxis(name, call, rank)), [x, given[1]])
    case "logical_not": return try evaluator.formula("LogicalNot", [x]) { .equal($0[0], 0) }
    case "logical_and":
      return try evaluator.formula("LogicalAnd", [given[0], given[1]]) {
        (1 - .equal($0[0], 0)) * (1 - .equal($0[1], 0))
      }
    default: throw refused(name)
    }
  }

  static func refused(_ name: String) -> Complaint {
    Complaint(
      "\(name) of tensors within a model is not understood",
      remedy: "use arithmetic, and ops such as sum, mean, matmul, reshape, concatenate, where")
  }

  /// `x[:, 0]`, `x[..., 1:]`, `x[:, None]`.
  static func item(
    _ x: PythonValue, _ index: PythonValue, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let own = try evaluator.extents(of: x)
    var parts = [index]
    if case .tuple(let tuple) = index { parts = tuple.items }
    let added = parts.filter(\.isNone).count
    if let dots = parts.firstIndex(where: { if case .ellipsis = $0 { true } else { false } }) {
      let missing = own.count - (parts.count - 1 - added)
      parts.replaceSubrange(
        dots...dots,
        with: Array(
          repeating: PythonValue.object(SliceObject(lower: nil, upper: nil, step: 1)),
          count: max(missing, 0)))
    }
    guard parts.count - added <= own.count else {
      throw Complaint("\(parts.count) indices for a tensor of \(own.count) axes")
    }
    var slices: [AxisSlice] = []
    var extents: [Int?] = []
    var axis = 0
    for part in parts {
      if part.isNone {
        extents.append(1)
        continue
      }
      let slice = try Self.slice(part)
      slices.append(slice)
      let result = try ArrayOperation("GetItem", .slice([slice])).extents(for: [[own[axis]]])
      extents += result
      axis += 1
    }
    extents += own[axis...]
    let taken =
      slices.allSatisfy { $0 == .all }
      ? x : try evaluator.operation("GetItem", .slice(slices), [x])
    return added == 0
      ? taken : try evaluator.operation("Reshape", .reshape(extents), [taken])
  }

  private static func slice(_ part: PythonValue) throws -> AxisSlice {
    if let i = part.wholeNumber { return .index(i) }
    guard case .object(let slice as SliceObject) = part else {
      throw Complaint(
        "\(part.described) as an index of a tensor", remedy: "use whole numbers and slices")
    }
    if slice.lower == nil && slice.upper == nil && slice.step == 1 { return .all }
    return .range(start: slice.lower, stop: slice.upper, step: slice.step)
  }
}
