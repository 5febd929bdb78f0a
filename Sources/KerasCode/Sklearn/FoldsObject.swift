import Tensors

/// `KFold` and `StratifiedKFold`: the rows of each fold, with scikit-learn's own draws.
final class FoldsObject: ProgramObject {
  let typeName: String
  private let count: Int
  private let shuffles: Bool
  private let state: NumPyRandomState?

  static func functions() -> [NativeFunction] {
    ["KFold", "StratifiedKFold"].map { name in
      NativeFunction("\(name)(n_splits=5, *, shuffle=False, random_state=None)") { call in
        .object(
          FoldsObject(
            name, try call.integer("n_splits", in: 2...100_000), try call.boolean("shuffle"),
            try NumPyRandomNames.state(call, "random_state")))
      }
    }
  }

  private init(_ name: String, _ count: Int, _ shuffles: Bool, _ state: NumPyRandomState) {
    typeName = name
    self.count = count
    self.shuffles = shuffles
    self.state = shuffles ? state : nil
  }

  var attributeNames: [String] { ["get_n_splits", "n_splits", "split"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "n_splits": .integer(count)
    case "get_n_splits":
      .object(NativeFunction("get_n_splits(X=None, y=None)") { _ in .integer(self.count) })
    case "split": .object(NativeFunction("split(X, y=None)", split))
    default: nil
    }
  }

  private func split(_ call: BoundCall) throws -> PythonValue {
    let n = try call["X"].sequence?.count ?? call.operand("X").shape.extents.first ?? 0
    guard n >= count else {
      throw Complaint("\(count) folds of \(n) rows", remedy: "take fewer folds: n_splits=")
    }
    let folds = typeName == "KFold" ? plain(n) : try stratified(n, call)
    return try call.evaluator.list(
      try (0..<count).map { fold in
        try call.evaluator.tuple([
          try call.evaluator.value(NDArray(whole: (0..<n).filter { folds[$0] != fold })),
          try call.evaluator.value(NDArray(whole: (0..<n).filter { folds[$0] == fold })),
        ])
      })
  }

  /// The fold of each row.
  private func plain(_ n: Int) -> [Int] {
    var order = Array(0..<n)
    if var state { state.shuffle(&order) }
    var folds = [Int](repeating: 0, count: n)
    var start = 0
    for fold in 0..<count {
      let size = n / count + (fold < n % count ? 1 : 0)
      for i in start..<start + size { folds[order[i]] = fold }
      start += size
    }
    return folds
  }

  private func stratified(_ n: Int, _ call: BoundCall) throws -> [Int] {
    let labels = try call.operand("y")
    guard labels.count == n else { throw call.unsuitable("y", wanted: "a class for each row") }
    var codes: [Double: Int] = [:]
    let classes = labels.scalars.map { x -> Int in
      let code = codes[x] ?? codes.count
      codes[x] = code
      return code
    }
    let sorted = classes.sorted()
    var folds = [Int](repeating: 0, count: n)
    var random = state
    for k in 0..<codes.count {
      var own = (0..<count).flatMap { fold in
        let hits = stride(from: fold, to: n, by: count).reduce(0) { $0 + (sorted[$1] == k ? 1 : 0) }
        return [Int](repeating: fold, count: hits)
      }
      if var state = random {
        state.shuffle(&own)
        random = state
      }
      for (row, fold) in zip(classes.indices.filter { classes[$0] == k }, own) { folds[row] = fold }
    }
    return folds
  }
}
