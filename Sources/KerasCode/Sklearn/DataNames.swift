import Datasets
import FileFormats
import Tensors

/// Where programs get their data: scikit-learn, pandas, `np.load`.
enum DataNames {
  static func sklearn() -> Namespace {
    let datasets = Namespace("sklearn.datasets")
    for name in ["breast_cancer", "diabetes", "digits", "iris", "wine"] {
      datasets.add(
        NativeFunction(
          "load_\(name)(*, return_X_y=False, as_frame=False"
            + (name == "diabetes" ? ", scaled=True)" : ")")
        ) { try measured(name, $0) })
    }
    for name in ["fetch_openml", "fetch_california_housing", "fetch_20newsgroups"] {
      datasets.add(
        NativeFunction("\(name)(*arguments)") { _ in
          throw Complaint(
            "\(name)() would load from the network, which programs do not reach",
            remedy: "use load_diabetes() or load_digits(), or a file: pd.read_csv(\"FILE.csv\")")
        })
    }
    for function in PointClouds.functions() { datasets.add(function) }
    let selection = Namespace("sklearn.model_selection")
    selection.add(
      NativeFunction(
        "train_test_split(*arrays, test_size=None, train_size=None, random_state=None,"
          + "shuffle=True, stratify=None)", DataSplit.split))
    for function in FoldsObject.functions() { selection.add(function) }
    let preprocessing = Namespace("sklearn.preprocessing")
    for function in Transformers.all() { preprocessing.add(function) }
    let impute = Namespace("sklearn.impute")
    impute.add(Transformers.imputer)
    let utilities = Namespace("sklearn.utils")
    utilities.add(NativeFunction("shuffle(*arrays, random_state=None)", shuffled))
    return Namespace(
      "sklearn",
      [
        "datasets": .object(datasets), "model_selection": .object(selection),
        "preprocessing": .object(preprocessing), "metrics": .object(Metrics.module()),
        "impute": .object(impute), "utils": .object(utilities),
      ])
  }

  /// `sklearn.utils.shuffle`: rows of several arrays in one new order.
  private static func shuffled(_ call: BoundCall) throws -> PythonValue {
    var state = try NumPyRandomNames.state(call, "random_state")
    guard let first = call.rest.first else { throw Complaint("shuffle() of nothing") }
    let n =
      try first.sequence?.count ?? call.evaluator.operand(from: first).shape.extents.first ?? 0
    var order = Array(0..<n)
    state.shuffle(&order)
    let all = try call.rest.enumerated().map { i, value in
      let own = try value.sequence?.count ?? call.evaluator.operand(from: value).shape.extents.first
      guard own == n else {
        throw Complaint("\(value.described) beside \(n) rows", at: .argument(i))
      }
      return try DataSplit.rows(order, of: value, call)
    }
    return all.count == 1 ? all[0] : try call.evaluator.list(all)
  }

  private static func measured(_ name: String, _ call: BoundCall) throws -> PythonValue {
    let data: Dataset
    do { data = try DatasetLibrary().load(name) } catch let failure {
      throw Complaint(failure.found, remedy: failure.right)
    }
    let raw = NDArray(data.inputs).converted(to: .float64)
    let table = exact(raw.reshaped(to: [data.count, raw.count / max(1, data.count)]))
    let isScaled = name == "diabetes" ? try call.boolean("scaled") : false
    let flat = isScaled ? centered(table) : table
    let x = try call.evaluator.value(flat)
    let targets = NDArray(data.targets).reshaped(to: [data.count])
    let y = try call.evaluator.value(
      data.task.classes == nil
        ? exact(targets.converted(to: .float64)) : targets.converted(to: .int64))
    let asFrame = try call.boolean("as_frame")
    let cells = data.features.map { Cell.text($0) }
    let frame = FrameObject(
      cells,
      cells.indices.map { flat.taking([$0], axis: 1).reshaped(to: [data.count]) })
    let inputs: PythonValue = asFrame ? .object(frame) : x
    let column = try call.evaluator.operand(from: y)
    let outputs: PythonValue = asFrame ? .object(SeriesObject(column, name: .text("target"))) : y
    if try call.boolean("return_X_y") { return try call.evaluator.tuple([inputs, outputs]) }
    let bunch = Bunch(name, ["data": inputs, "target": outputs])
    if asFrame {
      bunch.add(
        "frame",
        .object(FrameObject(cells + [.text("target")], frame.columns + [column])))
    }
    bunch.add("DESCR", .text(data.title + "\n\n" + data.summary))
    bunch.add(
      "feature_names",
      name == "breast_cancer"
        ? try call.evaluator.value(NDArray(shape: [cells.count], cells: cells))
        : try call.evaluator.list(data.features.map { .text($0) }))
    if var classes = data.task.classes {
      if name == "wine", !classes.contains("class_0") { classes = classes.map { "class_" + $0 } }
      bunch.add(
        "target_names",
        try call.evaluator.value(
          name == "digits"
            ? NDArray(whole: Array(classes.indices))
            : NDArray(shape: [classes.count], cells: classes.map { .text($0) })))
    }
    if name == "digits" {
      bunch.add(
        "images", try call.evaluator.value(flat.reshaped(to: [data.count, 8, 8])))
    }
    return .object(bunch)
  }

  /// Every column with mean 0 and length 1, as scikit-learn gives its diabetes data: divided by the
  /// deviation over all rows and by the root of their number.
  private static func centered(_ table: NDArray) -> NDArray {
    let (rows, columns) = (table.shape[0], table.shape[1])
    var scalars = table.scalars
    let n = Double(max(1, rows))
    for column in 0..<columns {
      let places = (0..<rows).map { $0 * columns + column }
      let mean = places.reduce(0) { $0 + scalars[$1] } / n
      for place in places { scalars[place] -= mean }
      let squares = places.reduce(0) { $0 + scalars[$1] * scalars[$1] }
      let deviation = (squares / n).squareRoot()
      for place in places {
        scalars[place] = deviation > 0 ? scalars[place] / deviation / n.squareRoot() : 0
      }
    }
    return NDArray(shape: table.shape, scalars: scalars)
  }

  /// The decimal that was written in the file, from its Float32: the shortest that reads back.
  private static func exact(_ array: NDArray) -> NDArray {
    array.map { Double(Float($0).description) ?? $0 }
  }
}
