import Datasets
import FileFormats
import Tensors

/// Where programs get their data: scikit-learn, pandas, `np.load`.
enum DataNames {
  static func sklearn() -> Namespace {
    let datasets = Namespace("sklearn.datasets")
    for (function, name) in [
      ("load_breast_cancer", "breast_cancer"), ("load_digits", "digits"), ("load_iris", "iris"),
      ("load_wine", "wine"),
    ] {
      datasets.add(
        NativeFunction("\(function)(*, return_X_y=False)") { try measured(name, $0) })
    }
    datasets.add(
      NativeFunction(
        "make_moons(n_samples=100, *, shuffle=True, noise=None, random_state=None)",
        PointClouds.moons))
    datasets.add(
      NativeFunction(
        "make_circles(n_samples=100, *, shuffle=True, noise=None, random_state=None, factor=0.8)",
        PointClouds.circles))
    let selection = Namespace("sklearn.model_selection")
    selection.add(
      NativeFunction(
        "train_test_split(*arrays, test_size=None, train_size=None, random_state=None,"
          + "shuffle=True, stratify=None)", DataSplit.split))
    let preprocessing = Namespace("sklearn.preprocessing")
    preprocessing.add(
      NativeFunction("StandardScaler()") { _ in .object(ScalerObject()) })
    return Namespace(
      "sklearn",
      [
        "datasets": .object(datasets), "model_selection": .object(selection),
        "preprocessing": .object(preprocessing),
      ])
  }

  static func operatingSystem() -> Namespace {
    Namespace("os", ["environ": .dictionary(DictionaryObject())])
  }

  private static func measured(_ name: String, _ call: BoundCall) throws -> PythonValue {
    let data: Dataset
    do { data = try DatasetLibrary().load(name) } catch let failure {
      throw Complaint(failure.found, remedy: failure.right)
    }
    let inputs = NDArray(data.inputs).converted(to: .float64)
    let flat = inputs.reshaped(to: [data.count, inputs.count / max(1, data.count)])
    let x = try call.evaluator.value(exact(flat))
    let y = try call.evaluator.value(
      NDArray(data.targets).converted(to: .int64).reshaped(to: [data.count]))
    if try call.boolean("return_X_y") { return try call.evaluator.tuple([x, y]) }
    let bunch = Namespace(name, typeName: "Bunch", ["data": x, "target": y])
    bunch.add(
      "feature_names", try call.evaluator.list(data.features.map { .text($0) }))
    bunch.add(
      "target_names", try call.evaluator.list((data.task.classes ?? []).map { .text($0) }))
    if name == "digits" {
      bunch.add(
        "images", try call.evaluator.value(flat.reshaped(to: [data.count, 8, 8])))
    }
    return .object(bunch)
  }

  /// The decimal that was written in the file, from its Float32: the shortest that reads back.
  private static func exact(_ array: NDArray) -> NDArray {
    array.map { Double(Float($0).description) ?? $0 }
  }

  static func pandas() -> Namespace {
    let pandas = Namespace("pandas")
    pandas.add(
      NativeFunction("read_csv(filepath_or_buffer, sep=None, header='infer')") { call in
        let name = try call.text("filepath_or_buffer")
        guard
          call["header"].isNone || call["header"].string == "infer"
            || call["header"].wholeNumber == 0
        else { throw call.unsuitable("header", wanted: "0 or None") }
        let separator = call["sep"].isNone ? "," : try call.text("sep")
        guard separator.utf8.count == 1, let delimiter = separator.utf8.first else {
          throw call.unsuitable("sep", wanted: "one character")
        }
        let bytes = try call.evaluator.host.read(file: name)
        do {
          let header: Bool? = call["header"].isNone ? false : true
          let csv = try CSV(parsing: bytes, file: name, delimiter: delimiter, header: header)
          return .object(
            TableObject(csv.columns.map { TableObject.Column(name: $0.name, values: $0.values) }))
        } catch let failure as FileFailure {
          throw Complaint(
            "\(failure.place): \(failure.found)", remedy: failure.right, at: .argument(0))
        }
      })
    return pandas
  }
}

/// scikit-learn's generated points, from its own draws.
enum PointClouds {
  static func moons(_ call: BoundCall) throws -> PythonValue {
    let n = try call.integer("n_samples", in: 2...1_000_000)
    let outer = n / 2
    let a = NumPy.linspace(0, .pi, outer).scalars
    let b = NumPy.linspace(0, .pi, n - outer).scalars
    let points =
      a.map { [cosine($0), sine($0)] } + b.map { [1 - cosine($0), 1 - sine($0) - 0.5] }
    return try finished(points, outer, call)
  }

  static func circles(_ call: BoundCall) throws -> PythonValue {
    let n = try call.integer("n_samples", in: 2...1_000_000)
    let factor = try call.number("factor")
    guard factor >= 0 && factor < 1 else {
      throw call.unsuitable("factor", wanted: "a number from 0 to below 1")
    }
    let outer = n / 2
    let a = NumPy.linspace(0, 2 * .pi, outer, includesEnd: false).scalars
    let b = NumPy.linspace(0, 2 * .pi, n - outer, includesEnd: false).scalars
    let points =
      a.map { [cosine($0), sine($0)] } + b.map { [cosine($0) * factor, sine($0) * factor] }
    return try finished(points, outer, call)
  }

  /// Shuffles and then adds noise, in scikit-learn's order of draws.
  private static func finished(
    _ points: [[Double]], _ outer: Int, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    var state = try NumPyRandomNames.state(call, "random_state")
    var order = Array(points.indices)
    if try call.boolean("shuffle") { state.shuffle(&order) }
    var scalars = order.flatMap { points[$0] }
    if !call["noise"].isNone {
      let noise = try call.number("noise")
      guard noise >= 0 else { throw call.unsuitable("noise", wanted: "a number from 0") }
      for i in scalars.indices { scalars[i] += state.normal(0, noise) }
    }
    let labels = order.map { $0 < outer ? 0.0 : 1.0 }
    return try call.evaluator.tuple([
      try call.evaluator.value(NDArray(shape: [order.count, 2], scalars: scalars)),
      try call.evaluator.value(NDArray(shape: [order.count], scalars: labels, kind: .int64)),
    ])
  }
}
