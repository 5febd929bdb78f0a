import FileFormats
import Tensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }

/// `train_test_split`, with scikit-learn's own draws: the same rows for the same `random_state`.
enum DataSplit {
  static func split(_ call: BoundCall) throws -> PythonValue {
    let arrays = try call.rest.enumerated().map { i, value in
      do { return try call.evaluator.array(from: value) } catch let complaint as Complaint {
        throw Complaint(complaint.message, remedy: complaint.remedy, at: .argument(i))
      }
    }
    guard let n = arrays.first?.shape.extents.first else {
      throw Complaint("train_test_split() of nothing", remedy: "give arrays")
    }
    if let i = arrays.firstIndex(where: { $0.rank == 0 || $0.shape[0] != n }) {
      throw Complaint(
        "an array of shape \(arrays[i].shape.tupleText) beside one of \(n) rows",
        at: .argument(i))
    }
    let (training, test) = try counts(n, call)
    let parts = try indices(n, training, test, call)
    return try call.evaluator.list(
      try arrays.flatMap { array in
        [try rows(parts.training, of: array, call), try rows(parts.test, of: array, call)]
      })
  }

  private static func rows(
    _ indices: [Int], of array: NDArray, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    let width = array.count / max(1, array.shape[0])
    return try call.evaluator.value(
      NDArray(
        shape: Shape([indices.count] + array.shape.extents.dropFirst()),
        scalars: indices.flatMap { array.scalars[$0 * width..<($0 + 1) * width] },
        kind: array.kind))
  }

  /// How many rows go where: a fraction or a count; a quarter for the test when nothing is said.
  private static func counts(_ n: Int, _ call: BoundCall) throws -> (training: Int, test: Int) {
    func part(_ name: String, _ rule: FloatingPointRoundingRule) throws -> Int? {
      if call[name].isNone { return nil }
      if case .number(let x) = call[name] {
        guard x > 0 && x < 1 else { throw call.unsuitable(name, wanted: "a part between 0 and 1") }
        return Int((x * Double(n)).rounded(rule))
      }
      return try call.integer(name, in: 1...max(1, n))
    }
    let train = try part("train_size", .down)
    let test = try part("test_size", .up)
    let tested = test ?? train.map { n - $0 } ?? Int((0.25 * Double(n)).rounded(.up))
    let trained = train ?? n - tested
    guard trained > 0, tested > 0, trained + tested <= n else {
      throw Complaint("\(n) rows cannot give \(trained) for training and \(tested) for the test")
    }
    return (trained, tested)
  }

  private static func indices(
    _ n: Int, _ training: Int, _ test: Int, _ call: BoundCall
  ) throws
    -> (training: [Int], test: [Int])
  {
    guard try call.boolean("shuffle") else {
      return (Array(0..<training), Array(training..<training + test))
    }
    var state = try NumPyRandomNames.state(call, "random_state")
    guard !call["stratify"].isNone else {
      let order = state.permutation(n)
      return (Array(order[test..<test + training]), Array(order[..<test]))
    }
    let labels = try call.array("stratify")
    guard labels.rank > 0, labels.shape[0] == n else {
      throw call.unsuitable("stratify", wanted: "one class for each of the \(n) rows")
    }
    return try stratified(labels.scalars, training, test, &state, call)
  }

  /// scikit-learn's StratifiedShuffleSplit of one split.
  private static func stratified(
    _ labels: [Double], _ training: Int, _ test: Int, _ state: inout NumPyRandomState,
    _ call: BoundCall
  ) throws -> (training: [Int], test: [Int]) {
    let classes = Array(Set(labels)).sorted()
    let members = classes.map { c in labels.indices.filter { labels[$0] == c } }
    let counts = members.map(\.count)
    guard counts.allSatisfy({ $0 >= 2 }), training >= classes.count, test >= classes.count else {
      throw call.unsuitable("stratify", wanted: "classes of at least two rows, fewer than rows")
    }
    let taken = approximateMode(counts, training, &state)
    let left = zip(counts, taken).map { $0 - $1 }
    let tested = approximateMode(left, test, &state)
    var trainingRows: [Int] = []
    var testRows: [Int] = []
    for (i, rows) in members.enumerated() {
      let order = state.permutation(rows.count)
      let shuffled = order.map { rows[$0] }
      trainingRows += shuffled[..<taken[i]]
      testRows += shuffled[taken[i]..<taken[i] + tested[i]]
    }
    return (
      state.permutation(trainingRows.count).map { trainingRows[$0] },
      state.permutation(testRows.count).map { testRows[$0] }
    )
  }

  /// The likeliest numbers of draws from each class; ties of remainders fall by chance.
  private static func approximateMode(
    _ counts: [Int], _ draws: Int, _ state: inout NumPyRandomState
  ) -> [Int] {
    let total = Double(counts.reduce(0, +))
    let shares = counts.map { Double($0) / total * Double(draws) }
    var floors = shares.map { Int($0) }
    var missing = draws - floors.reduce(0, +)
    let remainders = zip(shares, floors).map { $0 - Double($1) }
    for value in Set(remainders).sorted(by: >) where missing > 0 {
      var places = remainders.indices.filter { remainders[$0] == value }
      let count = min(places.count, missing)
      places = state.choice(places.count, size: count, replacing: false).map { places[$0] }
      for i in places { floors[i] += 1 }
      missing -= count
    }
    return floors
  }
}

/// `StandardScaler`: each column by its mean and standard deviation.
final class ScalerObject: ProgramObject {
  private var mean: [Double] = []
  private var scale: [Double] = []

  var typeName: String { "StandardScaler" }
  var attributeNames: [String] { ["fit", "fit_transform", "mean_", "scale_", "transform"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "fit":
      return .object(
        NativeFunction("fit(X, y=None)") { call in
          try self.fit(try self.table(call))
          return .object(self)
        })
    case "transform":
      return .object(
        NativeFunction("transform(X)") { try self.transformed(try self.table($0), $0) })
    case "fit_transform":
      return .object(
        NativeFunction("fit_transform(X, y=None)") { call in
          let x = try self.table(call)
          try self.fit(x)
          return try self.transformed(x, call)
        })
    case "mean_": return try evaluator.value(NDArray(shape: [mean.count], scalars: mean))
    case "scale_": return try evaluator.value(NDArray(shape: [scale.count], scalars: scale))
    default: return nil
    }
  }

  private func table(_ call: BoundCall) throws -> NDArray {
    let x = try call.array("X")
    guard x.rank == 2, x.shape[0] > 0 else {
      throw call.unsuitable("X", wanted: "an array of rows and columns")
    }
    return x
  }

  private func fit(_ x: NDArray) throws {
    mean = try x.reduced(along: [0], kind: .float64, NDArray.mean).scalars
    let deviations = try x.reduced(along: [0], kind: .float64) { NDArray.variance($0).squareRoot() }
    scale = deviations.scalars.map { $0 == 0 ? 1 : $0 }
  }

  private func transformed(_ x: NDArray, _ call: BoundCall) throws -> PythonValue {
    guard !mean.isEmpty else {
      throw Complaint("the scaler was not fitted", remedy: "call fit(X) first")
    }
    guard x.shape[1] == mean.count else {
      throw call.unsuitable("X", wanted: "\(mean.count) columns, as it was fitted to")
    }
    let columns = mean.count
    let scalars = x.scalars.enumerated().map { i, value in
      (value - mean[i % columns]) / scale[i % columns]
    }
    return try call.evaluator.value(
      NDArray(shape: x.shape, scalars: scalars, kind: x.kind == .float32 ? .float32 : .float64))
  }
}

/// What `pd.read_csv` gives: columns of numbers or texts under names.
final class TableObject: ArrayConvertible, Subscriptable {
  struct Column {
    let name: String
    let values: CSV.Values
  }

  private let columns: [Column]
  /// Whether this is one column, which is an array of one axis.
  private let isColumn: Bool

  init(_ columns: [Column], isColumn: Bool = false) {
    self.columns = columns
    self.isColumn = isColumn
  }

  var typeName: String { isColumn ? "Series" : "DataFrame" }
  var takesSlices: Bool { false }
  var attributeNames: [String] {
    ["astype", "columns", "drop", "iloc", "shape", "to_numpy", "values"]
      + columns.map(\.name)
  }
  private var rowCount: Int { columns.first?.values.count ?? 0 }

  func array(_ evaluator: Evaluator) throws -> NDArray {
    var all: [NDArray] = []
    for column in columns {
      guard case .numbers(let numbers) = column.values else {
        throw Complaint(
          "the column \"\(column.name)\" holds texts, not numbers", remedy: "drop it first")
      }
      let isWhole = numbers.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
      all.append(
        NDArray(shape: [numbers.count, 1], scalars: numbers, kind: isWhole ? .int64 : .float64))
    }
    guard !all.isEmpty else { return NDArray(shape: [0], scalars: []) }
    let joined = try NDArray.concatenated(all, axis: 1)
    return isColumn ? joined.reshaped(to: [rowCount]) : joined
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "values": return try evaluator.value(try array(evaluator))
    case "to_numpy":
      return .object(
        NativeFunction("to_numpy()") { try $0.evaluator.value(try self.array($0.evaluator)) })
    case "astype":
      return .object(
        NativeFunction("astype(dtype)") { call in
          let array = try self.array(call.evaluator)
          return try call.evaluator.value(array.converted(to: try call.kind() ?? .float64))
        })
    case "columns": return try evaluator.list(columns.map { .text($0.name) })
    case "shape":
      return try evaluator.tuple(
        [.integer(rowCount)] + (isColumn ? [] : [.integer(columns.count)]))
    case "iloc": return .object(PositionObject(self))
    case "drop": return .object(NativeFunction("drop(labels=None, axis=0, columns=None)", dropping))
    default: return columns.contains { $0.name == name } ? try column(name) : nil
    }
  }

  private func column(_ name: String) throws -> PythonValue {
    guard let column = columns.first(where: { $0.name == name }) else {
      throw Complaint(
        "the table has no column \"\(name)\"",
        remedy: Suggestions.remedy(name, among: columns.map(\.name), of: "it"))
    }
    return .object(TableObject([column], isColumn: true))
  }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    if let name = index.string { return try column(name) }
    guard let names = index.sequence?.map({ $0.string }), !names.contains(nil) else {
      throw Complaint("\(index.described) as a column", remedy: "use a name, or a list of names")
    }
    return .object(
      TableObject(
        try names.compactMap { $0 }.flatMap { name -> [Column] in
          _ = try column(name)
          return columns.filter { $0.name == name }
        }))
  }

  private func dropping(_ call: BoundCall) throws -> PythonValue {
    let given = call["columns"].isNone ? call["labels"] : call["columns"]
    if call["columns"].isNone, try call.integer("axis") != 1 {
      throw Complaint("drop() of rows is not supported", remedy: "drop columns: drop(columns=[…])")
    }
    let names = given.string.map { [$0] } ?? given.sequence?.compactMap(\.string) ?? []
    for name in names { _ = try column(name) }
    return .object(TableObject(columns.filter { !names.contains($0.name) }))
  }
}

/// `table.iloc[…]`: rows and columns by number, as an array.
final class PositionObject: Subscriptable {
  private let table: TableObject

  init(_ table: TableObject) { self.table = table }

  var typeName: String { "iloc" }
  var takesSlices: Bool { true }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    let array = try table.array(evaluator)
    let parts = index.sequence ?? [index]
    let indices = try parts.map { part -> ArrayIndex in
      if let i = part.wholeNumber { return .position(i) }
      guard case .object(let slice as SliceObject) = part else {
        throw Complaint("\(part.described) in iloc", remedy: "use numbers and slices")
      }
      return .slice(lower: slice.lower, upper: slice.upper, step: slice.step)
    }
    return try evaluator.value(array[try array.selection(indices)])
  }
}
