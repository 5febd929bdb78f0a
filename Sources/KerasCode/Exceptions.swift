// Exceptions: Python's own classes, raising, and catching.

enum Exceptions {
  /// Each with the class that it is derived from.
  private static let parents: [(name: String, parent: String?)] = [
    ("BaseException", nil), ("Exception", "BaseException"), ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"), ("ArithmeticError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"), ("OverflowError", "ArithmeticError"),
    ("LookupError", "Exception"), ("IndexError", "LookupError"), ("KeyError", "LookupError"),
    ("ValueError", "Exception"), ("TypeError", "Exception"), ("AttributeError", "Exception"),
    ("NameError", "Exception"), ("UnboundLocalError", "NameError"), ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"), ("RecursionError", "RuntimeError"),
    ("StopIteration", "Exception"), ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"), ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"), ("PermissionError", "OSError"), ("EOFError", "Exception"),
    ("AssertionError", "Exception"), ("MemoryError", "Exception"), ("Warning", "Exception"),
    ("UserWarning", "Warning"), ("DeprecationWarning", "Warning"), ("FutureWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
  ]

  static func classes() -> [String: PythonValue] {
    var made: [String: ClassObject] = [:]
    for (name, parent) in parents {
      made[name] = ClassObject(name, base: parent.flatMap { made[$0] }, isBuiltin: true)
    }
    var table = made.mapValues { PythonValue.object($0) }
    table["IOError"] = table["OSError"]
    table["EnvironmentError"] = table["OSError"]
    return table
  }

  /// What a fault that is found by the lab alone may be taken for.
  static let plainKinds: Set<String> = [
    "BaseException", "Exception", "ValueError", "TypeError", "RuntimeError",
  ]
}

extension Evaluator {
  /// `raise value`, or `raise` alone.
  func raise(_ expression: Expression?, at range: Range<Int>) throws -> any Error {
    guard let expression else {
      guard let fault = caught.last else {
        return fault("nothing to raise again", remedy: "name an exception", at: range)
      }
      return fault
    }
    var value = try evaluate(expression)
    if case .object(let type as ClassObject) = value, type.isException {
      value = try within(expression.range) { try type.call(CallArguments(), self) }
    }
    guard case .object(let instance as InstanceObject) = value, instance.type.isException else {
      return fault(
        "\(value.described) cannot be raised", remedy: "raise an exception, as ValueError(\"…\")",
        as: .raised("TypeError", "exceptions must derive from BaseException"),
        at: expression.range)
    }
    if instance.type.name == "SystemExit" { return Exit() }
    return fault(of: instance, at: range)
  }

  private func fault(of instance: InstanceObject, at range: Range<Int>) -> Diagnostic {
    let text = instance.text
    let message = instance.type.name + (text.isEmpty ? "" : ": " + text)
    let raised = fault(message, as: .raised(instance.type.name, text), at: range)
    inFlight = (raised, instance)
    return raised
  }

  /// Whether an error is an exception of Python's by a class's name.
  func isRaised(_ error: any Error, _ name: String) -> Bool {
    let nature = (error as? Diagnostic)?.nature ?? (error as? Complaint)?.nature
    if case .raised(let kind, _)? = nature { return kind == name }
    return false
  }

  /// The exception that a fault is, as `except … as` gives it.
  private func exception(of fault: Diagnostic, taken type: ClassObject?) throws -> InstanceObject {
    if let inFlight, inFlight.fault == fault { return inFlight.exception }
    var text = fault.message
    var made = type
    if case .raised(let kind, let own) = fault.nature {
      text = own
      if case .object(let found as ClassObject)? = names.builtins[kind] { made = found }
    }
    guard let made = made ?? exceptionClass("Exception") else {
      throw fault
    }
    let instance = try keep(InstanceObject(made, self))
    // `str` of a KeyError shows its key as code, and the text is code already.
    let argument: PythonValue = made.name == "KeyError" ? .object(Verbatim(text)) : .text(text)
    instance.set("args", try tuple([argument]))
    return instance
  }

  private func exceptionClass(_ name: String) -> ClassObject? {
    if case .object(let type as ClassObject)? = names.builtins[name] { return type }
    return nil
  }

  /// The class under which a handler takes a fault; nil when it does not.
  private func taken(
    _ fault: Diagnostic, by types: PythonValue, at range: Range<Int>
  ) throws
    -> ClassObject?
  {
    for value in types.sequence ?? [types] {
      guard case .object(let type as ClassObject) = value, type.isException else {
        throw self.fault(
          "\(value.described) cannot be caught", remedy: "name an exception, as ValueError",
          at: range)
      }
      if let inFlight, inFlight.fault == fault {
        if inFlight.exception.type.isDerived(from: type) { return type }
        continue
      }
      switch fault.nature {
      case .final: continue
      case .plain: if type.isBuiltin && Exceptions.plainKinds.contains(type.name) { return type }
      case .raised(let kind, _):
        if exceptionClass(kind)?.isDerived(from: type) == true { return type }
      }
    }
    return nil
  }

  /// `try: … except …: … else: … finally: …`
  func execute(_ attempt: Attempt) throws -> Flow {
    var flow = Flow.next
    do {
      flow = try guarded(attempt)
    } catch let fault as Diagnostic where fault.nature != .final && !attempt.finally.isEmpty {
      let saved = inFlight
      flow = try execute(attempt.finally)
      if case .next = flow {
        inFlight = saved
        throw fault
      }
      return flow
    }
    guard !attempt.finally.isEmpty else { return flow }
    let last = try execute(attempt.finally)
    if case .next = last { return flow }
    return last
  }

  private func guarded(_ attempt: Attempt) throws -> Flow {
    let depth = callDepth
    do {
      let flow = try execute(attempt.body)
      guard case .next = flow else { return flow }
    } catch let fault as Diagnostic where fault.nature != .final {
      callDepth = depth
      return try handle(fault, attempt)
    }
    return try execute(attempt.otherwise)
  }

  private func handle(_ fault: Diagnostic, _ attempt: Attempt) throws -> Flow {
    for handler in attempt.handlers {
      var type: ClassObject?
      if let types = handler.types {
        type = try taken(fault, by: try evaluate(types), at: types.range)
        guard type != nil else { continue }
      }
      // What the lab alone refuses is never passed over in silence.
      if fault.nature == .plain { host.note(fault.asNote) }
      if let name = handler.name {
        bind(name, .object(try exception(of: fault, taken: type)))
      }
      caught.append(fault)
      defer { caught.removeLast() }
      return try execute(handler.body)
    }
    throw fault
  }

  /// `with context as name: body`
  func with(
    _ contexts: [(context: Expression, target: Expression?)], _ body: [Statement]
  ) throws -> Flow {
    guard let (expression, target) = contexts.first else { return try execute(body) }
    let value = try evaluate(expression)
    guard case .object(let manager as any ContextManager) = value else {
      throw fault(
        "\(value.described) cannot stand after \"with\"",
        remedy: "an object of a class with __enter__ and __exit__ can", at: expression.range)
    }
    let entered = try within(expression.range) { try manager.enter(self) }
    if let target { try assign(entered, to: target) }
    let flow: Flow
    do { flow = try with(Array(contexts.dropFirst()), body) } catch let fault as Diagnostic
      where fault.nature != .final
    {
      let exception = try exception(of: fault, taken: nil)
      let isSettled = try within(expression.range) {
        try manager.exit((.object(exception.type), .object(exception)), self)
      }
      guard isSettled else { throw fault }
      return .next
    }
    _ = try within(expression.range) { try manager.exit((.none, .none), self) }
    return flow
  }
}

/// A text that `repr` shows without quotes.
private final class Verbatim: ProgramObject {
  let shown: String
  init(_ text: String) { shown = text }
  var typeName: String { "str" }
}
