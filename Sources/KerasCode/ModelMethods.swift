import NeuralNets
import Tensors

/// The methods of a model.
enum ModelMethods {
  static let names = [
    "add", "compile", "count_params", "evaluate", "fit", "get_weights", "input_shape", "layers",
    "load_weights", "name", "output_shape", "predict", "save", "save_weights", "set_weights",
    "summary", "train_on_batch",
  ]

  static func attribute(
    _ name: String, _ model: ModelHandle, _ evaluator: Evaluator
  ) throws
    -> PythonValue?
  {
    switch name {
    case "name": return .text(model.description.name)
    case "input_shape": return try shape(model.description.inputShape, evaluator)
    case "output_shape": return try shape(model.outputShape, evaluator)
    case "layers":
      return try evaluator.list(
        zip(model.description.layers, model.layerPlaces).map { component, place in
          .object(LayerObject(component, inputShape: nil, place: place, statement: place))
        })
    default:
      return (training(name, model) ?? weights(name, model)).map { .object($0) }
    }
  }

  private static func shape(_ shape: Shape?, _ evaluator: Evaluator) throws -> PythonValue {
    guard let shape else { return .none }
    return try evaluator.tuple([.none] + shape.extents.map { .integer($0) })
  }

  private static func training(_ name: String, _ model: ModelHandle) -> NativeFunction? {
    switch name {
    case "add":
      return NativeFunction("add(layer)") { call in
        guard !model.isFunctional else { throw Complaint("only a Sequential model has add()") }
        try model.add(layer(call["layer"], call), by: call.evaluator.topStatement)
        return .none
      }
    case "compile":
      return NativeFunction("compile(optimizer='rmsprop', loss=None, metrics=None)") { call in
        try compile(model, call)
      }
    case "fit": return NativeFunction(fitSignature) { try fit(model, $0) }
    case "evaluate":
      return NativeFunction("evaluate(x, y, batch_size=None, verbose=1)") { call in
        try requireCompiled(model, "evaluate")
        let (x, y) = try data(model, call)
        let results = try call.evaluator.host.evaluate(
          model, x: x, y: y, batchSize: try call.optionalInteger("batch_size", in: 1...Int.max),
          verbose: try verbosity(call))
        return try numbers(results, call.evaluator)
      }
    case "predict":
      return NativeFunction("predict(x, batch_size=None, verbose=1)") { call in
        let x = try input(model, call)
        return try call.evaluator.value(
          try call.evaluator.host.predict(
            model, x: x, batchSize: try call.optionalInteger("batch_size", in: 1...Int.max),
            verbose: try verbosity(call)))
      }
    case "train_on_batch":
      return NativeFunction("train_on_batch(x, y)") { call in
        try requireCompiled(model, "train_on_batch")
        let (x, y) = try data(model, call)
        return try numbers(
          try call.evaluator.host.trainOnBatch(model, x: x, y: y), call.evaluator)
      }
    default: return nil
    }
  }

  private static func weights(_ name: String, _ model: ModelHandle) -> NativeFunction? {
    switch name {
    case "summary":
      return NativeFunction("summary()") { call in
        call.evaluator.write(try call.evaluator.host.summary(model) + "\n")
        return .none
      }
    case "count_params":
      return NativeFunction("count_params()") {
        .integer(try $0.evaluator.host.parameterCount(model))
      }
    case "get_weights":
      return NativeFunction("get_weights()") { call in
        try call.evaluator.list(
          try call.evaluator.host.weights(model).map { try call.evaluator.value($0) })
      }
    case "set_weights":
      return NativeFunction("set_weights(weights)") { call in
        guard let items = call["weights"].sequence else {
          throw call.unsuitable("weights", wanted: "a list of arrays")
        }
        try call.evaluator.host.setWeights(
          model, try items.map { try call.evaluator.array(from: $0) })
        return .none
      }
    case "save", "save_weights", "load_weights":
      return NativeFunction("\(name)(filepath)") { call in
        let file = try call.text("filepath")
        switch name {
        case "save": try call.evaluator.host.save(model, to: file)
        case "save_weights": try call.evaluator.host.saveWeights(model, to: file)
        default: try call.evaluator.host.loadWeights(model, from: file)
        }
        return .none
      }
    default: return nil
    }
  }

  // MARK: Parts

  static func layer(_ value: PythonValue, _ call: BoundCall) throws -> LayerObject {
    switch value {
    case .object(let layer as LayerObject): return layer
    case .object(let tensor as SymbolicTensor) where tensor.input == nil: return tensor.layer
    case .object(let type as KerasClass):
      throw Complaint(
        "\(type.typeName) is a class, not a layer",
        remedy: "call it: \(type.typeName)(…)", at: .argument(0))
    default:
      throw Complaint(
        "\(value.described) is not a layer", remedy: "give a layer, as Dense(64)",
        at: .argument(0))
    }
  }

  private static func numbers(
    _ results: [(name: String, value: Double)], _ evaluator: Evaluator
  ) throws -> PythonValue {
    results.count == 1
      ? .number(results[0].value) : try evaluator.list(results.map { .number($0.value) })
  }

  private static func verbosity(_ call: BoundCall) throws -> Int {
    if call["verbose"].string == "auto" { return 1 }
    return try call.integer("verbose", in: 0...2)
  }

  static func requireCompiled(_ model: ModelHandle, _ function: String) throws {
    guard model.description.compilation != nil else {
      throw Complaint(
        "\(function)() of a model that is not compiled",
        remedy: "call model.compile(optimizer=…, loss=…) first")
    }
    guard !model.description.layers.isEmpty else {
      throw Complaint("\(function)() of a model without layers", remedy: "add layers first")
    }
  }

  // MARK: compile

  private static func compile(_ model: ModelHandle, _ call: BoundCall) throws -> PythonValue {
    let optimizer = try component("optimizer", OptimizerCatalog.all, call)
    guard !call["loss"].isNone else {
      throw Complaint(
        "compile() without a loss", remedy: "name one, as loss=\"mse\"", at: call.anchor("loss"))
    }
    let loss = try component("loss", LossCatalog.all, call)
    model.description.compilation = Compilation(
      optimizer: optimizer, loss: loss, metrics: try metrics(call))
    model.compilationCount += 1
    model.compileStatement = call.evaluator.topStatement
    return .none
  }

  /// A loss or optimizer by name, class or object.
  private static func component(
    _ argument: String, _ catalog: [ComponentClass], _ call: BoundCall
  ) throws -> Component {
    switch call[argument] {
    case .text(let name):
      let known = catalog.first {
        $0.kind == name || $0.shortNames.contains(name)
          || $0.shortNames.contains(name.lowercased())
      }
      guard let known else {
        throw Complaint(
          "there is no \(argument) \(PythonFormat.quoted(name))",
          remedy: Suggestions.remedy(name, among: catalog.flatMap(\.shortNames), of: "the lab"),
          at: call.anchor(argument))
      }
      return known.standard
    case .object(let object as ComponentObject):
      if catalog.contains(where: { $0.kind == object.component.kind }) { return object.component }
    case .object(let type as KerasClass):
      if let known = catalog.first(where: { $0.kind == type.typeName }) { return known.standard }
    default: break
    }
    throw call.unsuitable(
      argument, wanted: "a name or an object, as \"\(catalog[0].shortNames[0])\"")
  }

  /// Metrics by the names that Keras reports.
  static let metricNames: [String: String] = [
    "accuracy": "accuracy", "acc": "accuracy", "binary_accuracy": "binary_accuracy",
    "categorical_accuracy": "categorical_accuracy",
    "sparse_categorical_accuracy": "sparse_categorical_accuracy", "mae": "mae", "mse": "mse",
    "mean_absolute_error": "mean_absolute_error", "mean_squared_error": "mean_squared_error",
  ]

  private static func metrics(_ call: BoundCall) throws -> [String] {
    if call["metrics"].isNone { return [] }
    guard let items = call["metrics"].sequence else {
      throw call.unsuitable("metrics", wanted: "a list, as [\"accuracy\"]")
    }
    return try items.map { item in
      guard let name = item.string else {
        throw Complaint(
          "\(item.described) is not a metric", remedy: "name it, as \"accuracy\"",
          at: call.anchor("metrics"))
      }
      guard let known = metricNames[name] else {
        throw Complaint(
          "there is no metric \(PythonFormat.quoted(name))",
          remedy: Suggestions.remedy(name, among: Array(metricNames.keys), of: "the lab"),
          at: call.anchor("metrics"))
      }
      return known
    }
  }

  // MARK: fit

  private static let fitSignature =
    "fit(x, y, batch_size=None, epochs=1, verbose='auto', callbacks=None, validation_split=0.0,"
    + "validation_data=None, shuffle=True, initial_epoch=0)"

  private static func fit(_ model: ModelHandle, _ call: BoundCall) throws -> PythonValue {
    try requireCompiled(model, "fit")
    let (x, y) = try data(model, call)
    var options = FitOptions()
    options.epochs = try call.integer("epochs", in: 0...1_000_000_000)
    options.batchSize = try call.optionalInteger("batch_size", in: 1...Int.max) ?? 32
    options.shuffle = try call.boolean("shuffle")
    options.verbose = try verbosity(call)
    options.initialEpoch = try call.integer("initial_epoch", in: 0...1_000_000_000)
    options.seed = call.evaluator.seeds.programSeed
    options.validationSplit = try call.number("validation_split")
    guard options.validationSplit >= 0 && options.validationSplit < 1 else {
      throw call.unsuitable("validation_split", wanted: "a part from 0 to below 1")
    }
    options.validationData = try validation(model, call)
    options.watchers = try Callbacks.given(call)
    options.caller = CallbackCaller(call.evaluator, model)
    let history = try call.evaluator.host.fit(model, x: x, y: y, options: options)
    return .object(HistoryObject(history))
  }

  private static func validation(
    _ model: ModelHandle, _ call: BoundCall
  ) throws
    -> (x: NDArray, y: NDArray)?
  {
    if call["validation_data"].isNone { return nil }
    guard let pair = call["validation_data"].sequence, pair.count == 2 else {
      throw call.unsuitable("validation_data", wanted: "a pair (x, y)")
    }
    let x = try fitted(
      try call.evaluator.array(from: pair[0]), model, call.anchor("validation_data"))
    let y = try call.evaluator.array(from: pair[1])
    try checkRows(x, y, call.anchor("validation_data"))
    return (x, y)
  }

  // MARK: Data

  private static func data(_ model: ModelHandle, _ call: BoundCall) throws -> (NDArray, NDArray) {
    let x = try input(model, call)
    let y = try call.array("y")
    try checkRows(x, y, call.anchor("y"))
    return (x, y)
  }

  private static func checkRows(_ x: NDArray, _ y: NDArray, _ anchor: Complaint.Anchor) throws {
    guard y.rank > 0, y.shape[0] == x.shape[0] else {
      throw Complaint(
        "\(x.shape[0]) examples with targets of shape \(y.shape.tupleText)",
        remedy: "there must be a target for each example", at: anchor)
    }
  }

  private static func input(_ model: ModelHandle, _ call: BoundCall) throws -> NDArray {
    try fitted(try call.array("x"), model, call.anchor("x"))
  }

  /// Data in the shape that the model's input asks for; Keras adds or drops an extent of 1.
  private static func fitted(
    _ x: NDArray, _ model: ModelHandle, _ anchor: Complaint.Anchor
  ) throws -> NDArray {
    guard x.rank > 0, x.shape[0] > 0 else {
      throw Complaint(
        "data of shape \(x.shape.tupleText)", remedy: "give at least one example", at: anchor)
    }
    let found = Shape(Array(x.shape.extents.dropFirst()))
    guard let wanted = model.description.inputShape else {
      do { try model.build(found) } catch let complaint as Complaint {
        model.description.inputShape = nil
        throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor)
      }
      return x
    }
    if found == wanted { return x }
    let stretched = Shape(found.extents + [1])
    if wanted == stretched || Shape(wanted.extents + [1]) == found {
      return x.reshaped(to: Shape([x.shape[0]] + wanted.extents))
    }
    throw Complaint(
      "examples of shape \(found.tupleText) for a model whose input has \(wanted.tupleText)",
      remedy: "the shape of x must be (examples"
        + wanted.extents.map { ", \($0)" }.joined() + ")", at: anchor)
  }
}

/// What `fit` returns.
final class HistoryObject: ProgramObject {
  let history: FitHistory

  init(_ history: FitHistory) { self.history = history }

  var typeName: String { "History" }
  var attributeNames: [String] { ["epoch", "history"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "history":
      let table = try evaluator.keep(DictionaryObject())
      for series in history.series {
        table.set(.text(series.name), try evaluator.list(series.values.map { .number($0) }))
      }
      return .dictionary(table)
    case "epoch":
      let count = history.series.first?.values.count ?? 0
      return try evaluator.list((0..<count).map { .integer($0) })
    default: return nil
    }
  }
}
