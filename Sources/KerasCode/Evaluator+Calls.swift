// Calls, attributes, and functions that the program defines.

/// A function or lambda of the program.
final class FunctionObject: Callable, Knot {
  enum Body {
    case statements([Statement])
    case expression(Expression)
  }

  let name: String
  let parameters: Parameters
  let body: Body
  private(set) var defaults: [String: PythonValue]
  private(set) var enclosing: Evaluator.Frame?
  let localNames: Set<String>

  init(
    _ name: String, _ parameters: Parameters, _ body: Body, defaults: [String: PythonValue],
    enclosing: Evaluator.Frame?
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.defaults = defaults
    self.enclosing = enclosing
    var names = Set(parameters.all.map(\.name))
    if let rest = parameters.rest { names.insert(rest) }
    if case .statements(let statements) = body { names.formUnion(Self.bound(statements)) }
    localNames = names
  }

  var typeName: String { "function" }
  var shown: String { "<function \(name)>" }

  func untie() {
    defaults = [:]
    enclosing = nil
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try evaluator.call(self, arguments)
  }

  /// The names that statements give values to.
  private static func bound(_ statements: [Statement]) -> Set<String> {
    var names = Set<String>()
    for statement in statements {
      switch statement.kind {
      case .assign(let targets, _): for target in targets { names.formUnion(target.boundNames) }
      case .augmented(let target, _, _): names.formUnion(target.boundNames)
      case .function(let name, _, _): names.insert(name)
      case .conditional(let branches, let otherwise):
        for branch in branches { names.formUnion(bound(branch.body)) }
        names.formUnion(bound(otherwise))
      case .forLoop(let target, _, let body, let otherwise):
        names.formUnion(target.boundNames)
        names.formUnion(bound(body + otherwise))
      case .whileLoop(_, let body, let otherwise): names.formUnion(bound(body + otherwise))
      default: break
      }
    }
    return names
  }
}

extension Evaluator {
  func function(
    _ name: String, _ parameters: Parameters, _ body: FunctionObject.Body
  ) throws -> PythonValue {
    var defaults: [String: PythonValue] = [:]
    for parameter in parameters.all {
      if let standard = parameter.standard { defaults[parameter.name] = try evaluate(standard) }
    }
    return .object(
      try keep(
        FunctionObject(
          name, parameters, body, defaults: defaults, enclosing: isGlobal ? nil : frame)))
  }

  func call(
    _ callee: Expression, _ given: [Argument], at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let function = try evaluate(callee)
    let arguments = try evaluate(given)
    return try call(function, arguments, given, callee: callee, at: range)
  }

  private func call(
    _ function: PythonValue, _ arguments: CallArguments, _ given: [Argument], callee: Expression,
    at range: Range<Int>
  ) throws -> PythonValue {
    guard case .object(let object as any Callable) = function else {
      throw fault(
        "\(function.described) cannot be called", remedy: "only functions and layers can",
        at: callee.range)
    }
    let saved = callPlace
    callPlace = range
    defer { callPlace = saved }
    do { return try object.call(arguments, self) } catch let complaint as Complaint {
      throw fault(
        complaint.message, remedy: complaint.remedy,
        at: place(complaint.anchor, given, callee, range))
    }
  }

  /// Where in the source a complaint points.
  private func place(
    _ anchor: Complaint.Anchor, _ given: [Argument], _ callee: Expression, _ range: Range<Int>
  ) -> Range<Int> {
    switch anchor {
    case .call: break
    case .argument(let i):
      let positional = given.filter { if case .positional = $0.sort { true } else { false } }
      if i < positional.count { return positional[i].range }
    case .keyword(let name):
      let named = given.first {
        if case .keyword(let other) = $0.sort { other == name } else { false }
      }
      if let named { return named.range }
    }
    if case .attribute(_, _, let name) = callee.kind { return name.lowerBound..<range.upperBound }
    return range
  }

  private func evaluate(_ given: [Argument]) throws -> CallArguments {
    var arguments = CallArguments()
    for argument in given {
      let value = try evaluate(argument.value)
      switch argument.sort {
      case .positional: arguments.positional.append(value)
      case .keyword(let name): arguments.keywords.append((name, value))
      case .spread:
        try iterate(value, at: argument.range) {
          arguments.positional.append($0)
          return true
        }
      case .spreadKeywords:
        guard case .dictionary(let dictionary) = value else {
          throw fault("\"**\" takes a dict; found \(value.described)", at: argument.range)
        }
        for (key, value) in dictionary.pairs {
          guard case .text(let name) = key else {
            throw fault("a keyword must be a string", at: argument.range)
          }
          arguments.keywords.append((name, value))
        }
      }
    }
    return arguments
  }

  /// Runs a function of the program.
  func call(_ function: FunctionObject, _ arguments: CallArguments) throws -> PythonValue {
    let inner = try keep(Frame(enclosing: function.enclosing, localNames: function.localNames))
    try bind(arguments, of: function, into: inner)
    let saved = frame
    let savedPlace = callPlace
    frame = inner
    callDepth += 1
    defer {
      frame = saved
      callPlace = savedPlace
      callDepth -= 1
    }
    switch function.body {
    case .expression(let expression): return try evaluate(expression)
    case .statements(let statements):
      if case .give(let value) = try execute(statements) { return value }
      return .none
    }
  }

  private func bind(
    _ arguments: CallArguments, of function: FunctionObject, into frame: Frame
  ) throws {
    let parameters = function.parameters
    let places = parameters.all.filter { !$0.isKeywordOnly }
    if arguments.positional.count > places.count && parameters.rest == nil {
      throw Complaint(
        "\(function.name)() got \(arguments.positional.count) arguments",
        remedy: "it takes \(places.count)", at: .argument(places.count))
    }
    for (parameter, value) in zip(places, arguments.positional) {
      frame.locals[parameter.name] = value
    }
    if let rest = parameters.rest {
      frame.locals[rest] = try tuple(Array(arguments.positional.dropFirst(places.count)))
    }
    for (name, value) in arguments.keywords {
      guard parameters.all.contains(where: { $0.name == name }) else {
        throw Complaint(
          "\(function.name)() has no argument \"\(name)\"",
          remedy: Suggestions.remedy(name, among: parameters.all.map(\.name), of: "it"),
          at: .keyword(name))
      }
      guard frame.locals[name] == nil else {
        throw Complaint("\(function.name)() got \"\(name)\" twice", at: .keyword(name))
      }
      frame.locals[name] = value
    }
    for parameter in parameters.all where frame.locals[parameter.name] == nil {
      guard let value = function.defaults[parameter.name] else {
        throw Complaint("\(function.name)() needs the argument \"\(parameter.name)\"")
      }
      frame.locals[parameter.name] = value
    }
  }

  // MARK: Attributes

  func attribute(
    _ value: PythonValue, _ name: String, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let found = try placing(at: range) { try attribute(value, name) }
    if let found { return found }
    throw fault(
      "\(value.described) has no attribute \"\(name)\"",
      remedy: Suggestions.remedy(name, among: attributeNames(value), of: "it"), at: range)
  }

  private func attribute(_ value: PythonValue, _ name: String) throws -> PythonValue? {
    switch value {
    case .object(let object): try object.attribute(name, self)
    case .array(let reference): try ArrayMethods.attribute(name, reference, self)
    case .list(let list): ListMethods.method(name, list, self)
    case .dictionary(let dictionary): DictionaryMethods.method(name, dictionary, self)
    case .text(let text): TextMethods.method(name, text, self)
    default: nil
    }
  }

  private func attributeNames(_ value: PythonValue) -> [String] {
    switch value {
    case .object(let object): object.attributeNames
    case .array: ArrayMethods.names
    case .list: ListMethods.names
    case .dictionary: DictionaryMethods.names
    case .text: TextMethods.names
    default: []
    }
  }
}
