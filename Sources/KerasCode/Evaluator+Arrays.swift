import Tensors

// Arrays from values.

extension Evaluator {
  /// A number beside an array takes its kind when it fits, as NumPy has it.
  func array(from value: PythonValue, like other: NDArray) throws -> NDArray {
    switch value {
    case .boolean(let flag): return NDArray(flag ? 1 : 0, kind: .bool)
    case .integer(let i):
      return NDArray(Double(i), kind: other.kind == .bool ? .int64 : other.kind)
    case .number(let x): return NDArray(x, kind: other.kind.isWhole ? .float64 : other.kind)
    default: return try array(from: value)
    }
  }

  /// An array of the numbers that a value holds: numbers, lists of lists of numbers, arrays.
  func array(from value: PythonValue) throws -> NDArray {
    if case .text = value {
      throw Complaint("\(value.described) is not numbers", remedy: "give numbers or arrays")
    }
    let array = try operand(from: value)
    guard array.kind.isNumeric || array.count == 0 else {
      throw Complaint(
        "\(array.cell(0).repr) and its like are not numbers",
        remedy: "encode texts first: LabelEncoder, pd.get_dummies, .astype(float)")
    }
    return array
  }

  /// An array of what a value holds, texts and mixed objects too.
  func operand(from value: PythonValue) throws -> NDArray {
    switch value {
    case .array(let reference): return reference.array
    case .boolean(let flag): return NDArray(flag ? 1 : 0, kind: .bool)
    case .integer(let i):
      guard abs(Double(i)) <= 9_007_199_254_740_992 else {
        throw Complaint("whole numbers beyond 2^53 in an array are not supported")
      }
      return NDArray(Double(i), kind: .int64)
    case .number(let x): return NDArray(x)
    case .text(let text): return NDArray(shape: [], cells: [.text(text)])
    case .none: return NDArray(shape: [], cells: [.none])
    case .object(let convertible as any ArrayConvertible): return try convertible.array(self)
    case .object(let interval as IntervalObject):
      _ = try Shape.checked([interval.count])
      return NDArray(whole: Array(interval.values))
    case .list, .tuple: return try stacked(value.sequence ?? [])
    default: throw Complaint("\(value.described) is not numbers", remedy: "give numbers or arrays")
    }
  }

  private func stacked(_ items: [PythonValue]) throws -> NDArray {
    guard !items.isEmpty else { return NDArray(shape: [0], scalars: []) }
    depthOfStack += 1
    defer { depthOfStack -= 1 }
    guard depthOfStack <= 32 else { throw Complaint("lists are nested too deeply for an array") }
    try spend(items.count)
    var parts: [NDArray] = []
    var count = 0
    for item in items {
      let part = try operand(from: item)
      if let shape = parts.first?.shape, shape != part.shape {
        throw Complaint(
          "rows of shapes \(shape.tupleText) and \(part.shape.tupleText) make no array",
          remedy: "all rows must be equally long")
      }
      count += part.count
      guard count <= NDArray.mostElements else {
        throw Complaint("an array of more than \(NDArray.mostElements) numbers")
      }
      parts.append(part)
    }
    return NDArray.stacked(parts)
  }
}

/// An object that can be taken for an array: a column of a table, a range.
protocol ArrayConvertible: ProgramObject {
  func array(_ evaluator: Evaluator) throws -> NDArray
}

extension PythonValue {
  var isArray: Bool {
    switch self {
    case .array: true
    case .object(let object): object is any ArrayConvertible
    default: false
    }
  }

  var isNumberOrSequence: Bool {
    switch self {
    case .boolean, .integer, .number, .list, .tuple, .array: true
    case .object(let object): object is any ArrayConvertible
    default: false
    }
  }
}
