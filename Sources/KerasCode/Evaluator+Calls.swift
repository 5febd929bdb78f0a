// Calls and attributes.

extension Evaluator {
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
        "\(function.described) cannot be called", remedy: "only functions, classes and layers can",
        as: .raised("TypeError", "'\(function.typeName)' object is not callable"),
        at: callee.range)
    }
    let saved = callPlace
    callPlace = range
    defer { callPlace = saved }
    do { return try object.call(arguments, self) } catch let complaint as Complaint {
      throw fault(complaint, at: place(complaint.anchor, given, callee, range))
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
    case .place(let range): return range
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

  // MARK: Attributes

  func attribute(
    _ value: PythonValue, _ name: String, at range: Range<Int>
  ) throws
    -> PythonValue
  {
    let found = try placing(at: range) { try attribute(value, name) }
    if let found { return found }
    var owner = value.described
    if case .object(let module as Namespace) = value { owner = "\"\(module.name)\"" }
    throw fault(
      "\(owner) has no attribute \"\(name)\"",
      remedy: RefusedNames.advice(for: name)
        ?? Suggestions.remedy(name, among: attributeNames(value), of: "it"),
      as: .raised("AttributeError", "'\(value.typeName)' object has no attribute '\(name)'"),
      at: range)
  }

  func attribute(_ value: PythonValue, _ name: String) throws -> PythonValue? {
    if name == "__class__" { return TypeNames.type(of: value, self) }
    switch value {
    case .object(let object): return try object.attribute(name, self)
    case .array(let reference): return try ArrayMethods.attribute(name, reference, self)
    case .list(let list): return ListMethods.method(name, list, self)
    case .tuple(let tuple): return try TupleMethods.attribute(name, tuple, self)
    case .dictionary(let dictionary):
      return dictionary.isSet
        ? SetMethods.method(name, dictionary) : DictionaryMethods.method(name, dictionary, self)
    case .text(let text): return TextMethods.method(name, text, self)
    default: return NumberMethods.attribute(name, value)
    }
  }

  func attributeNames(_ value: PythonValue) -> [String] {
    switch value {
    case .object(let object): object.attributeNames
    case .array: ArrayMethods.names
    case .list: ListMethods.names
    case .tuple(let tuple): TupleMethods.names + (tuple.naming?.fields ?? [])
    case .dictionary(let d): d.isSet ? SetMethods.names : DictionaryMethods.names(of: d)
    case .text: TextMethods.names
    default: NumberMethods.names
    }
  }

  /// Calls a value from native code: the seam by which functions of the program are used.
  package func invoke(_ function: PythonValue, _ arguments: CallArguments) throws -> PythonValue {
    guard case .object(let object as any Callable) = function else {
      throw Complaint(
        "\(function.described) cannot be called", remedy: "give a function, as lambda x: x",
        as: .raised("TypeError", "'\(function.typeName)' object is not callable"))
    }
    return try object.call(arguments, self)
  }

  func invoke(_ function: PythonValue, _ arguments: [PythonValue]) throws -> PythonValue {
    try invoke(function, CallArguments(positional: arguments))
  }
}
