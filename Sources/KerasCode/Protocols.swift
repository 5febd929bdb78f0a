// What objects of a program may be able to do. Native objects and instances of the program's own
// classes conform alike.

/// Something whose attributes a program may assign.
package protocol AttributeStore: ProgramObject {
  /// - Returns: whether there is an attribute of this name that can be assigned.
  func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool
}

/// Something that has its own operators: `a + b`, `-a`, `a < b`.
package protocol OperatorOverloading: ProgramObject {
  /// - Parameters:
  ///   - mark: `+`, `**`, `@`, `<`, `==`.
  ///   - isReflected: whether this stands at the right.
  /// - Returns: nil when this operator has no meaning with the other value.
  func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue?

  /// - Parameter mark: `-`, `+` or `~`.
  func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue?
}

/// Something that gives one value after the other.
package protocol ProgramIterator: ProgramObject {
  /// - Returns: nil at the end, then and afterwards.
  func next(_ evaluator: Evaluator) throws -> PythonValue?
}

/// Something that can be looped over.
package protocol ProgramIterable: ProgramObject {
  func iterator(_ evaluator: Evaluator) throws -> any ProgramIterator
}

/// Something with a length.
package protocol Sized: ProgramObject {
  /// - Returns: nil when it has none after all.
  func count(_ evaluator: Evaluator) throws -> Int?
}

/// Something that takes items: `x[key] = value`.
package protocol ItemStore: ProgramObject {
  func store(_ value: PythonValue, at index: PythonValue, _ evaluator: Evaluator) throws
  func deleteItem(at index: PythonValue, _ evaluator: Evaluator) throws
}

/// Something that says what it holds: `key in x`.
package protocol Container: ProgramObject {
  /// - Returns: nil when looping over it has to tell.
  func contains(_ item: PythonValue, _ evaluator: Evaluator) throws -> Bool?
}

/// Something that is true or false.
package protocol Truthful: ProgramObject {
  func isTrue(_ evaluator: Evaluator) throws -> Bool
}

/// Something that can stand after `with`.
package protocol ContextManager: ProgramObject {
  func enter(_ evaluator: Evaluator) throws -> PythonValue
  /// - Parameter fault: the type and value of what left the block, or None for both.
  /// - Returns: whether the fault is settled.
  func exit(_ fault: (type: PythonValue, value: PythonValue), _ evaluator: Evaluator) throws -> Bool
}

/// An iterator of native code.
final class NativeIterator: ProgramIterator {
  let typeName: String
  private let body: (Evaluator) throws -> PythonValue?
  private var isDone = false

  init(_ typeName: String, _ body: @escaping (Evaluator) throws -> PythonValue?) {
    self.typeName = typeName
    self.body = body
  }

  var shown: String { "<\(typeName) object>" }

  func next(_ evaluator: Evaluator) throws -> PythonValue? {
    guard !isDone else { return nil }
    try evaluator.spend(1)
    guard let value = try body(evaluator) else {
      isDone = true
      return nil
    }
    return value
  }
}
