// What objects other than arrays may do where arrays do it.

/// An object that can be looped over, all of whose items are known.
protocol ProgramSequence: ProgramIterable {
  func items(_ evaluator: Evaluator) throws -> [PythonValue]
}

extension ProgramSequence {
  package func iterator(_ evaluator: Evaluator) throws -> any ProgramIterator {
    let items = try items(evaluator)
    var i = 0
    return NativeIterator("iterator") { _ in
      defer { i += 1 }
      return i < items.count ? items[i] : nil
    }
  }
}

extension ItemStore {
  package func deleteItem(at index: PythonValue, _ evaluator: Evaluator) throws {
    throw Complaint("an item of \(typeName) cannot be deleted", remedy: "use drop()")
  }
}

extension PythonValue {
  /// Whether this can stand beside an array in a comparison.
  var isComparable: Bool { isNumberOrSequence || string != nil }
}
