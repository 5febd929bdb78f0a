// What objects other than arrays may do where arrays do it: operators, loops, assignment to items.

/// An object that takes part in operators and comparisons.
protocol OperatorOverloading: ProgramObject {
  /// The result of an operator between this and another value, or nil when it has none.
  func operated(
    _ mark: String, _ other: PythonValue, isLeft: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue?
  /// `-x`, `+x` and `~x`.
  func negated(_ mark: String, _ evaluator: Evaluator) throws -> PythonValue
}

/// An object that can be looped over.
protocol ProgramSequence: ProgramObject {
  func items(_ evaluator: Evaluator) throws -> [PythonValue]
}

/// An object that takes `x[…] = value`.
protocol ItemAssignable: ProgramObject {
  func setItem(_ index: PythonValue, _ value: PythonValue, _ evaluator: Evaluator) throws
}

/// An object that takes `x.name = value`.
protocol AttributeAssignable: ProgramObject {
  func setAttribute(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws
}

extension Evaluator {
  /// An operator or comparison that one of its sides decides.
  func overloaded(_ a: PythonValue, _ mark: String, _ b: PythonValue) throws -> PythonValue? {
    if case .object(let object as any OperatorOverloading) = a,
      let result = try object.operated(mark, b, isLeft: true, self)
    {
      return result
    }
    if case .object(let object as any OperatorOverloading) = b {
      return try object.operated(mark, a, isLeft: false, self)
    }
    return nil
  }
}

extension PythonValue {
  /// Whether this can stand beside an array in a comparison.
  var isComparable: Bool { isNumberOrSequence || string != nil }
}
