import NeuralNets
import Tensors

/// The methods of a model.
enum ModelMethods {
  static let names = [
    "add", "build", "built", "compile", "evaluate", "fit", "get_layer", "input", "input_shape",
    "inputs", "layers", "load_weights", "loss", "losses", "metrics_names", "optimizer", "output",
    "output_names", "output_shape", "outputs", "pop", "predict", "predict_on_batch",
    "reset_metrics", "save",
    "save_weights",
    "stop_training", "summary", "test_on_batch", "train_on_batch",
  ]

  static func attribute(
    _ name: String, _ model: ModelHandle, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    switch name {
    case "input_shape", "output_shape":
      return try shapes(
        model.extents(ofOutputs: name == "output_shape"), model.batchSize, evaluator)
    case "built": return .boolean(model.inputShapes != nil)
    case "stop_training": return .boolean(model.stopsTraining)
    case "layers": return try evaluator.list(layers(of: model).map { .object($0) })
    case "inputs", "outputs", "input", "output":
      let ends = try model.ends(evaluator)
      let tensors = (name.hasPrefix("in") ? ends.inputs : ends.outputs).map {
        PythonValue.object($0)
      }
      return name.hasSuffix("s") || tensors.count > 1 ? try evaluator.list(tensors) : tensors[0]
    case "output_names":
      guard model.isFunctional else { return nil }
      let ends = try model.ends(evaluator).outputs
      return try evaluator.list(ends.map { .text($0.node?.layer.layerName ?? "") })
    case "losses": return try ComponentCalls.penalties(of: model, evaluator)
    case "loss", "metrics_names", "optimizer": return try compiled(name, model, evaluator)
    default:
      return (training(name, model) ?? files(name, model)).map { .object($0) }
    }
  }

  /// Keras counts the inputs of a functional model among its layers.
  static func layers(of model: ModelHandle) -> [any GraphLayer] {
    // Operations, as x + y, are none of a model's layers.
    model.listedLayers.filter { !($0 is OperationObject) }
  }

  private static func shapes(
    _ shapes: [[Int?]]?, _ batch: Int?, _ evaluator: Evaluator
  ) throws -> PythonValue {
    guard let shapes else { return .none }
    let all = try shapes.map { shape in
      try evaluator.tuple(
        ([batch] + shape).map { $0.map { .integer($0) } ?? .none })
    }
    return all.count == 1 ? all[0] : try evaluator.list(all)
  }

  private static func compiled(
    _ name: String, _ model: ModelHandle, _ evaluator: Evaluator
  ) throws -> PythonValue {
    guard let compilation = model.compilation else {
      return name == "metrics_names" ? try evaluator.list([]) : .none
    }
    switch name {
    case "optimizer": return .object(OptimizerHandle(model))
    case "loss":
      let all = compilation.outputs.map { output -> PythonValue in
        output.loss.map { .text(LossCatalog.named($0.kind)?.shortName ?? $0.kind) } ?? .none
      }
      return all.count == 1 ? all[0] : try evaluator.list(all)
    default:
      return try evaluator.list(model.metricNames.map { .text($0) })
    }
  }

  private static func training(_ name: String, _ model: ModelHandle) -> NativeFunction? {
    switch name {
    case "add":
      return NativeFunction("add(layer)") { call in
        try model.add(
          try layer(call["layer"], call), by: call.evaluator.topStatement, call.evaluator)
        model.countBuilding(call.evaluator)
        return .none
      }
    case "pop":
      return NativeFunction("pop(rebuild=True)") { _ in
        try model.pop()
        return .none
      }
    case "build":
      return NativeFunction("build(input_shape=None)") { call in
        guard !call["input_shape"].isNone else { return .none }
        guard let items = call["input_shape"].sequence, let first = items.first,
          first.isNone || first.wholeNumber != nil
        else {
          throw call.unsuitable(
            "input_shape", wanted: "a tuple that begins with None, as (None, 20)")
        }
        let batch = try KerasNames.batchSize(first, "input_shape")
        let rest = try call.evaluator.tuple(Array(items.dropFirst()))
        try call.evaluator.withBatches(of: batch) {
          try model.build(
            for: [try KerasNames.inputShape(rest, "input_shape", isTuple: true)], call.evaluator)
        }
        return .none
      }
    case "compile": return Compiling.function(model)
    case "fit": return Fitting.fit(model)
    case "evaluate", "test_on_batch":
      return NativeFunction(
        name == "evaluate"
          ? "evaluate(x, y=None, batch_size=None, verbose='auto', sample_weight=None, steps=None,"
            + " return_dict=False)"
          : "test_on_batch(x, y=None, sample_weight=None, return_dict=False)"
      ) { call in
        try requireCompiled(model, name)
        var data = try Fitting.data(model, call, "sample_weight")
        let isBatch = name == "test_on_batch"
        data = data.prefix(try Fitting.rows(call, of: data.count))
        let results = try call.evaluator.host.evaluate(
          model, data,
          batchSize: isBatch
            ? data.inputs[0].shape[0] : try call.optionalInteger("batch_size", in: 1...Int.max),
          verbose: isBatch ? 0 : try Fitting.verbosity(call))
        model.isJudged = true
        return try Fitting.results(results, call)
      }
    case "predict", "predict_on_batch":
      let more = name == "predict" ? ", batch_size=None, verbose='auto', steps=None" : ""
      return NativeFunction("\(name)(x\(more))") { call in
        var inputs = try Fitting.inputs(model, call["x"], call, "x")
        let isBatch = name == "predict_on_batch"
        inputs =
          BatchData(inputs: inputs, targets: [])
          .prefix(try Fitting.rows(call, of: inputs[0].shape[0])).inputs
        let outputs = try call.evaluator.host.predict(
          model, inputs, batchSize: try call.optionalInteger("batch_size", in: 1...Int.max),
          verbose: isBatch ? 0 : try Fitting.verbosity(call), isTraining: false)
        let all = try outputs.map { try call.evaluator.value($0) }
        return try call.evaluator.keyed(
          all.count == 1 ? all[0] : try call.evaluator.list(all), by: model.outputKeys)
      }
    case "train_on_batch":
      return NativeFunction(
        "train_on_batch(x, y=None, sample_weight=None, class_weight=None, return_dict=False)"
      ) { call in
        try requireCompiled(model, name)
        let data = try Fitting.data(model, call, "sample_weight", classes: "class_weight")
        let results = try call.evaluator.host.trainOnBatch(model, data)
        model.isJudged = true
        return try Fitting.results(results, call)
      }
    case "reset_metrics":
      // Every call measures anew by itself.
      return NativeFunction("\(name)()") { _ in .none }
    case "get_layer":
      return NativeFunction("get_layer(name=None, index=None)") { call in
        let all = layers(of: model)
        if let i = try call.optionalInteger("index") {
          let place = i < 0 ? i + all.count : i
          guard all.indices.contains(place) else {
            throw call.unsuitable("index", wanted: "a number below \(all.count)")
          }
          return .object(all[place])
        }
        let name = try call.text("name")
        guard let layer = all.first(where: { $0.layerName == name }) else {
          throw Complaint(
            "there is no layer \(PythonFormat.quoted(name, "\""))",
            remedy: Suggestions.remedy(name, among: all.map(\.layerName), of: "the model"),
            at: call.anchor("name"))
        }
        return .object(layer)
      }
    default: return nil
    }
  }

  private static func files(_ name: String, _ model: ModelHandle) -> NativeFunction? {
    switch name {
    case "summary":
      return NativeFunction(
        "summary(line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False)"
      ) { call in
        var options = SummaryOptions()
        options.lineLength = try call.optionalInteger("line_length", in: 24...10_000)
        options.expandsNested = call["expand_nested"].flag ?? false
        options.showsTrainable = call["show_trainable"].flag ?? false
        call.evaluator.write(try call.evaluator.host.summary(model, options) + "\n")
        return .none
      }
    case "save", "save_weights", "load_weights":
      return NativeFunction("\(name)(filepath, overwrite=True)") { call in
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

  static func layer(_ value: PythonValue, _ call: BoundCall) throws -> any GraphLayer {
    switch value {
    case .object where value.graphLayer != nil: return try known(value.graphLayer, call)
    case .object(let tensor as SymbolicTensor):
      if let input = tensor.input { return input }
      throw Complaint(
        "a tensor is not a layer", remedy: "give the layer itself, as Dense(64)", at: .argument(0))
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

  private static func known(
    _ layer: (any GraphLayer)?, _ call: BoundCall
  ) throws -> any GraphLayer {
    guard let layer else { throw call.unsuitable("layer", wanted: "a layer") }
    return layer
  }

  static func requireCompiled(_ model: ModelHandle, _ function: String) throws {
    guard model.compilation != nil else {
      throw Complaint(
        "\(function)() of a model that is not compiled",
        remedy: "call model.compile(optimizer=…, loss=…) first")
    }
    guard !model.innerLayers.isEmpty else {
      throw Complaint("\(function)() of a model without layers", remedy: "add layers first")
    }
  }
}

extension Evaluator {
  /// What a model gives as the program gets it: a dict where its outputs have keys.
  func keyed(_ value: PythonValue, by keys: [String]?) throws -> PythonValue {
    guard let keys else { return value }
    let table = try keep(DictionaryObject())
    let all = keys.count == 1 ? [value] : value.sequence ?? [value]
    for (key, one) in zip(keys, all) { table.set(.text(key), one) }
    return .dictionary(table)
  }
}
