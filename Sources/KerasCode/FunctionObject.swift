// Functions that the program defines.

/// A function or lambda of the program.
package final class FunctionObject: Callable, Knot, AttributeStore {
  enum Body {
    case statements([Statement])
    case expression(Expression)
    case generator([Statement])
  }

  package let name: String
  let parameters: Parameters
  let body: Body
  private(set) var defaults: [String: PythonValue]
  private(set) var enclosing: Evaluator.Frame?
  let localNames: Set<String>
  /// The class whose body defined it.
  private(set) var owner: ClassObject?
  /// What the program gave it: `f.calls = 0`.
  private var members: [String: PythonValue] = [:]
  let documentation: String?
  /// Whether `@abstractmethod` stands above it.
  var isMarkedAbstract = false

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
    if let rest = parameters.keywordRest { names.insert(rest) }
    switch body {
    case .expression: documentation = nil
    case .statements(let statements), .generator(let statements):
      names.formUnion(Scope.bound(statements))
      documentation = Scope.documentation(statements)
    }
    localNames = names
  }

  package var typeName: String { "function" }
  package var shown: String { "<function \(name)>" }
  package var attributeNames: [String] { ["__doc__", "__name__"] + Array(members.keys) }

  /// The names of what it takes, for those that call it: `self` is one of them.
  package var parameterNames: [String] { parameters.all.map(\.name) }

  func belongs(to owner: ClassObject) { if self.owner == nil { self.owner = owner } }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    if let member = members[name] { return member }
    switch name {
    case "__name__", "__qualname__": return .text(self.name)
    case "__doc__": return documentation.map { .text($0) } ?? PythonValue.none
    case "__module__": return .text("__main__")
    default: return nil
    }
  }

  package func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) -> Bool {
    members[name] = value
    return true
  }

  package func untie() {
    defaults = [:]
    enclosing = nil
    owner = nil
    members = [:]
  }

  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try evaluator.call(self, arguments)
  }
}

/// What statements say of the names in them.
enum Scope {
  /// The names that statements give values to.
  static func bound(_ statements: [Statement]) -> Set<String> {
    var names = Set<String>()
    for statement in statements { names.formUnion(bound(statement)) }
    return names
  }

  private static func bound(_ statement: Statement) -> Set<String> {
    switch statement.kind {
    case .assign(let targets, _): return Set(targets.flatMap(\.boundNames))
    case .augmented(let target, _, _): return Set(target.boundNames)
    case .annotated(let target, _, let value): return value == nil ? [] : Set(target.boundNames)
    case .function(let definition): return [definition.name]
    case .classDefinition(let name, _, _, _): return [name]
    case .conditional(let branches, let otherwise):
      return branches.reduce(bound(otherwise)) { $0.union(bound($1.body)) }
    case .forLoop(let target, _, let body, let otherwise):
      return bound(body + otherwise).union(target.boundNames)
    case .whileLoop(_, let body, let otherwise): return bound(body + otherwise)
    case .with(let contexts, let body):
      return bound(body).union(contexts.flatMap { $0.target?.boundNames ?? [] })
    case .attempt(let attempt):
      let blocks = attempt.handlers.flatMap(\.body) + attempt.otherwise + attempt.finally
      return bound(attempt.body + blocks).union(attempt.handlers.compactMap(\.name))
    default: return []
    }
  }

  /// The text that stands first.
  static func documentation(_ statements: [Statement]) -> String? {
    guard case .expression(let first)? = statements.first?.kind, case .text(let text) = first.kind
    else { return nil }
    return text
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
    // What a class body names is not seen by the methods in it.
    var scope: Frame? = isGlobal ? nil : frame
    while let current = scope, current.role == .classBody { scope = current.enclosing }
    return .object(
      try keep(FunctionObject(name, parameters, body, defaults: defaults, enclosing: scope)))
  }

  func define(_ definition: Definition, at range: Range<Int>) throws {
    let body: FunctionObject.Body =
      definition.isGenerator ? .generator(definition.body) : .statements(definition.body)
    let made = try function(definition.name, definition.parameters, body)
    bind(definition.name, try decorate(made, definition.decorators))
  }

  /// What the decorators above a function or class make of it, the lowest first.
  func decorate(_ value: PythonValue, _ decorators: [Expression]) throws -> PythonValue {
    var result = value
    for decorator in decorators.reversed() {
      let function = try evaluate(decorator)
      result = try within(decorator.range) { try invoke(function, [result]) }
    }
    return result
  }

  /// Runs a function of the program.
  func call(_ function: FunctionObject, _ arguments: CallArguments) throws -> PythonValue {
    let inner = try keep(Frame(enclosing: function.enclosing, localNames: function.localNames))
    try bind(arguments, of: function, into: inner)
    if let owner = function.owner, let first = function.parameters.all.first {
      inner.method = (owner, inner.locals[first.name] ?? .none)
    }
    if case .generator(let statements) = function.body {
      return .object(try keep(GeneratorObject(function.name, statements, inner)))
    }
    return try inside(inner) {
      switch function.body {
      case .expression(let expression): return try evaluate(expression)
      case .statements(let statements), .generator(let statements):
        if case .give(let value) = try execute(statements) { return value }
        return .none
      }
    }
  }

  /// Runs something with the names of a frame.
  func inside<T>(_ inner: Frame, _ body: () throws -> T) throws -> T {
    let saved = frame
    let savedPlace = callPlace
    frame = inner
    callDepth += 1
    defer {
      frame = saved
      callPlace = savedPlace
      callDepth -= 1
    }
    return try body()
  }

  private func bind(
    _ arguments: CallArguments, of function: FunctionObject, into frame: Frame
  ) throws {
    let parameters = function.parameters
    let places = parameters.all.filter { !$0.isKeywordOnly }
    if arguments.positional.count > places.count && parameters.rest == nil {
      throw wrongCall(
        "\(function.name)() got \(arguments.positional.count) arguments",
        "it takes \(places.count)", .argument(places.count))
    }
    for (parameter, value) in zip(places, arguments.positional) {
      frame.locals[parameter.name] = value
    }
    if let rest = parameters.rest {
      frame.locals[rest] = try tuple(Array(arguments.positional.dropFirst(places.count)))
    }
    try bind(keywords: arguments.keywords, of: function, into: frame)
    for parameter in parameters.all where frame.locals[parameter.name] == nil {
      guard let value = function.defaults[parameter.name] else {
        throw wrongCall("\(function.name)() needs the argument \"\(parameter.name)\"", nil, .call)
      }
      frame.locals[parameter.name] = value
    }
  }

  private func bind(
    keywords: [(name: String, value: PythonValue)], of function: FunctionObject, into frame: Frame
  ) throws {
    let parameters = function.parameters
    let others = try parameters.keywordRest.map { _ in try keep(DictionaryObject()) }
    for (name, value) in keywords {
      guard parameters.all.contains(where: { $0.name == name }) else {
        guard let others else {
          throw wrongCall(
            "\(function.name)() has no argument \"\(name)\"",
            Suggestions.remedy(name, among: parameters.all.map(\.name), of: "it"), .keyword(name))
        }
        others.set(.text(name), value)
        continue
      }
      guard frame.locals[name] == nil else {
        throw wrongCall("\(function.name)() got \"\(name)\" twice", nil, .keyword(name))
      }
      frame.locals[name] = value
    }
    if let others, let rest = parameters.keywordRest { frame.locals[rest] = .dictionary(others) }
  }

  private func wrongCall(
    _ message: String, _ remedy: String?, _ anchor: Complaint.Anchor
  ) -> Complaint {
    Complaint(message, remedy: remedy, at: anchor, as: .raised("TypeError", message))
  }
}
