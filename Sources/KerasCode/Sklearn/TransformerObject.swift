import Tensors

/// A preprocessing step of scikit-learn: `fit`, `transform`, and what it learned.
final class TransformerObject: ProgramObject {
  /// What a fitted step knows: arrays by their names, and how it transforms.
  struct Fitted {
    var attributes: [(name: String, value: NDArray)] = []
    /// Attributes that are lists of arrays: `categories_`.
    var lists: [(name: String, values: [NDArray])] = []
    let transform: (NDArray) throws -> NDArray
    var inverse: ((NDArray) throws -> NDArray)?
    /// Whether the result is a sparse matrix in scikit-learn.
    var isSparse = false
  }

  let typeName: String
  private let takesLabels: Bool
  private let learn: (NDArray) throws -> Fitted
  private var fitted: Fitted?

  init(_ name: String, takesLabels: Bool = false, _ learn: @escaping (NDArray) throws -> Fitted) {
    typeName = name
    self.takesLabels = takesLabels
    self.learn = learn
  }

  var shown: String { "\(typeName)()" }

  var attributeNames: [String] {
    ["fit", "fit_transform", "inverse_transform", "transform"]
      + (fitted.map { $0.attributes.map(\.name) + $0.lists.map(\.name) } ?? [])
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "fit":
      return .object(
        NativeFunction("fit(X, y=None)") { call in
          self.fitted = try self.learn(try self.data(call))
          return .object(self)
        })
    case "transform":
      return .object(NativeFunction("transform(X)") { try self.transformed(try self.data($0), $0) })
    case "fit_transform":
      return .object(
        NativeFunction("fit_transform(X, y=None)") { call in
          let x = try self.data(call)
          self.fitted = try self.learn(x)
          return try self.transformed(x, call)
        })
    case "inverse_transform":
      return .object(
        NativeFunction("inverse_transform(X)") { call in
          guard let inverse = try self.known().inverse else {
            throw Complaint("\(self.typeName) has no inverse_transform() here")
          }
          return try call.evaluator.value(try inverse(try call.operand("X")))
        })
    default:
      if let found = fitted?.lists.first(where: { $0.name == name }) {
        return try evaluator.list(try found.values.map { try evaluator.value($0) })
      }
      if let found = fitted?.attributes.first(where: { $0.name == name }) {
        return try evaluator.value(found.value)
      }
      guard name.hasSuffix("_"), fitted == nil else { return nil }
      throw Complaint("the \(typeName) was not fitted", remedy: "call fit(X) first")
    }
  }

  private func known() throws -> Fitted {
    guard let fitted else {
      throw Complaint("the \(typeName) was not fitted", remedy: "call fit(X) first")
    }
    return fitted
  }

  private func data(_ call: BoundCall) throws -> NDArray {
    let x = try call.operand("X")
    if takesLabels {
      if x.rank == 2 && x.shape[1] == 1 { return x.reshaped(to: [x.count]) }
      guard x.rank == 1, x.count > 0 else { throw call.unsuitable("X", wanted: "a row of labels") }
      return x
    }
    guard x.rank == 2, x.shape[0] > 0 else {
      throw Complaint(
        "\(call.function)() got an array of shape \(x.shape.tupleText) for \"X\"",
        remedy: "it takes rows and columns; one column: X.reshape(-1, 1)", at: call.anchor("X"))
    }
    return x
  }

  private func transformed(_ x: NDArray, _ call: BoundCall) throws -> PythonValue {
    let fitted = try known()
    let result = try call.evaluator.value(try fitted.transform(x))
    return fitted.isSparse ? .object(SparseObject(result)) : result
  }
}

/// A matrix that scikit-learn keeps sparse: `.toarray()` gives it.
final class SparseObject: ArrayConvertible {
  private let matrix: PythonValue

  init(_ matrix: PythonValue) { self.matrix = matrix }

  var typeName: String { "csr_matrix" }
  var attributeNames: [String] { ["shape", "toarray", "todense"] }

  func array(_ evaluator: Evaluator) throws -> NDArray { try evaluator.operand(from: matrix) }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "toarray", "todense": return .object(NativeFunction("\(name)()") { _ in self.matrix })
    case "shape":
      return try evaluator.tuple(try array(evaluator).shape.extents.map { .integer($0) })
    default: return nil
    }
  }
}
