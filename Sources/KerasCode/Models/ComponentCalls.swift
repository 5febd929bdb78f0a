import NeuralNets
import Tensors

// Losses, metrics, initializers and the rest as a program calls them, on arrays and on tensors.

extension ComponentObject: Callable {
  /// The same, known by a name of its own and with nothing gathered.
  func begun(_ evaluator: Evaluator) -> ComponentObject {
    if family == .initializer { seed = evaluator.seeds.nextSeed() }
    if family == .metric, component.arguments["name"] == .none {
      countedName = evaluator.countedName(component.kind.snakeCased)
    }
    return self
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    switch family {
    case .loss: return try ComponentCalls.loss(self, arguments, evaluator)
    case .metric:
      try update(arguments, evaluator)
      return try result(evaluator)
    case .initializer: return try ComponentCalls.initial(self, arguments, evaluator)
    case .regularizer, .constraint: return try ComponentCalls.weight(self, arguments, evaluator)
    case .schedule:
      let call = try Signature("\(typeName)(step)").bind(arguments, evaluator)
      guard let schedule = ScheduleCatalog.schedule(component) else {
        throw Complaint("\(typeName) is no schedule")
      }
      let rate = schedule.rate(at: try call.integer("step", in: 0...Int(Int32.max)))
      return try evaluator.value(NDArray(Double(rate), kind: .float32))
    case .activation:
      let call = try Signature("\(typeName)(x)").bind(arguments, evaluator)
      return try ComponentCalls.activation(component, call["x"], evaluator)
    case .optimizer, nil:
      throw Complaint(
        "a \(typeName) cannot be called", remedy: "only functions, classes and layers can")
    }
  }

  // MARK: Attributes

  var attributeNames: [String] {
    let own: [String] =
      switch family {
      case .loss: ["name", "reduction"]
      case .metric: ["name", "reset_state", "result", "update_state"]
      case .optimizer: ["learning_rate", "name"]
      default: []
      }
    return own + ["get_config"] + component.arguments.specs.map(\.name)
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch (family, name) {
    case (_, "get_config"):
      return .object(
        NativeFunction("get_config()") { call in try self.configuration(call.evaluator) })
    case (.loss, "name"), (.metric, "name"), (.optimizer, "name"):
      if case .text(let name) = component.arguments["name"] { return .text(name) }
      return .text(countedName ?? component.kind.snakeCased)
    case (.metric, "update_state"):
      return .object(
        NativeFunction("update_state(*args, **kwargs)") { call in
          try self.update(
            CallArguments(positional: call.rest, keywords: call.keywords), call.evaluator)
          return .none
        })
    case (.metric, "result"):
      return .object(NativeFunction("result()") { call in try self.result(call.evaluator) })
    case (.metric, "reset_state"):
      return .object(
        NativeFunction("reset_state()") { _ in
          self.metric?.reset()
          return .none
        })
    case (.optimizer, "learning_rate"):
      if case .number(let rate) = component.arguments[name] {
        return try evaluator.value(NDArray(rate, kind: .float32))
      }
    case (.optimizer, "apply"), (.optimizer, "apply_gradients"), (.optimizer, "minimize"):
      throw Complaint(
        "\(name)() of an optimizer: gradients are the lab's own",
        remedy: "train with model.fit or model.train_on_batch")
    default: break
    }
    guard component.arguments.specs.contains(where: { $0.name == name }) else { return nil }
    return try evaluator.value(of: component.arguments[name])
  }

  /// The arguments that make it, by their names.
  private func configuration(_ evaluator: Evaluator) throws -> PythonValue {
    let table = try evaluator.keep(DictionaryObject())
    var specs = component.arguments.specs
    if family == .loss {
      // Keras names what every loss has first.
      let common = ["name", "reduction"]
      specs =
        specs.filter { common.contains($0.name) }.sorted { $0.name < $1.name }
        + specs.filter { !common.contains($0.name) && $0.name != "dtype" }
    }
    for spec in specs {
      table.set(.text(spec.name), try evaluator.value(of: component.arguments[spec.name]))
    }
    return .dictionary(table)
  }

  // MARK: Metrics

  private func gathered() throws -> any MetricClass {
    if let metric { return metric }
    do throws(MetricFailure) {
      let made = try MetricCatalog.metric(component)
      metric = made
      return made
    } catch { throw ComponentCalls.complaint(error, typeName) }
  }

  fileprivate func update(_ arguments: CallArguments, _ evaluator: Evaluator) throws {
    let takesNumbers = component.kind == "Mean" || component.kind == "Sum"
    let call = try Signature(
      takesNumbers
        ? "update_state(values, sample_weight=None)"
        : "update_state(y_true, y_pred, sample_weight=None)"
    ).bind(arguments, evaluator)
    let predictions = try call.array(takesNumbers ? "values" : "y_pred").tensor
    let targets = takesNumbers ? predictions : try call.array("y_true").tensor
    let weights = call["sample_weight"].isNone ? nil : try call.array("sample_weight").tensor
    var metric = try gathered()
    do throws(MetricFailure) {
      if !takesNumbers {
        try metric.check(prediction: predictions.shape, target: targets.shape)
      }
      try metric.update(
        MetricBatch(predictions: predictions, targets: targets, weights: weights))
    } catch { throw ComponentCalls.complaint(error, typeName) }
    self.metric = metric
  }

  fileprivate func result(_ evaluator: Evaluator) throws -> PythonValue {
    switch try gathered().result {
    case .number(let x): try evaluator.value(NDArray(x, kind: .float32))
    case .numbers(let all): try evaluator.value(NDArray(row: all, kind: .float32))
    }
  }
}

/// What components make of the arguments of a call.
enum ComponentCalls {
  static func complaint(_ failure: LayerFailure, _ kind: String) -> Complaint {
    Complaint("\(kind) \(failure.problem)", remedy: failure.remedy)
  }

  static func complaint(_ failure: MetricFailure, _ kind: String) -> Complaint {
    Complaint("\(kind) \(failure.problem)", remedy: failure.remedy)
  }

  /// `get(identifier)` of a family.
  static func member(_ family: ComponentFamily, _ call: BoundCall) throws -> PythonValue {
    if case .object(let activation as ActivationObject) = call["identifier"] {
      return .object(activation)
    }
    if family == .activation, call["identifier"].isNone, let linear = family.named("linear") {
      return .object(ActivationObject(linear))
    }
    guard
      let component = try Compiling.component(call["identifier"], family, call, "identifier")
    else { return .none }
    if family == .activation, let entry = family.named(component.kind) {
      return .object(ActivationObject(entry))
    }
    if case .text(let name) = call["identifier"], family == .loss, name != component.kind,
      let function = ComponentFunctions.loss(of: component.kind)
    {
      return .object(function)
    }
    return .object(ComponentObject(component, family: family).begun(call.evaluator))
  }

  // MARK: Losses

  static func loss(
    _ object: ComponentObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let call = try Signature("\(object.typeName)(y_true, y_pred, sample_weight=None)")
      .bind(arguments, evaluator)
    let reduction = LossReduction(object.component.arguments)
    guard !call["y_true"].isSymbolic && !call["y_pred"].isSymbolic else {
      let each = try losses(object.component, call)
      return try reduced(each, reduction, call)
    }
    let targets = try call.array("y_true").tensor
    let predictions = try call.array("y_pred").tensor
    let weights = call["sample_weight"].isNone ? nil : try call.array("sample_weight").tensor
    do throws(LayerFailure) {
      let loss = try ComponentNumbers.loss(
        object.component, targets: targets, predictions: predictions, weights: weights)
      return try value(loss, evaluator)
    } catch { throw complaint(error, object.typeName) }
  }

  private static func value(
    _ tensor: Tensor, _ evaluator: Evaluator
  ) throws(LayerFailure)
    -> PythonValue
  {
    do { return try evaluator.value(NDArray(tensor)) } catch {
      throw LayerFailure("gives an array that is too large", remedy: "fewer examples")
    }
  }

  /// The loss of each example.
  static func losses(_ component: Component, _ call: BoundCall) throws -> PythonValue {
    if call["y_true"].isSymbolic || call["y_pred"].isSymbolic {
      return try call.evaluator.operation(
        component.kind, .loss(component), [call["y_true"], call["y_pred"]])
    }
    let targets = try call.array("y_true").tensor
    let predictions = try call.array("y_pred").tensor
    do throws(LayerFailure) {
      return try value(
        try ComponentNumbers.losses(component, targets: targets, predictions: predictions),
        call.evaluator)
    } catch { throw complaint(error, call.function) }
  }

  /// Losses of tensors as one number.
  private static func reduced(
    _ losses: PythonValue, _ reduction: LossReduction, _ call: BoundCall
  ) throws -> PythonValue {
    let evaluator = call.evaluator
    var each = losses
    let weights = call["sample_weight"]
    if !weights.isNone {
      each = try evaluator.formula("Multiply", [each, weights]) { $0[0] * $0[1] }
    }
    let axes = Array(try evaluator.extents(of: each).indices)
    switch reduction.kind {
    case .none: return each
    case .sum:
      return try evaluator.operation("Sum", .reduce(.sum, axes: axes, keepsAxes: false), [each])
    case .weightedMean where !weights.isNone:
      throw Complaint(
        "reduction=\"mean_with_sample_weight\" on tensors to come",
        remedy: "reduction=\"sum_over_batch_size\", or \"sum\"")
    case .mean, .weightedMean:
      return try evaluator.operation("Mean", .reduce(.mean, axes: axes, keepsAxes: false), [each])
    }
  }

  // MARK: Weights

  /// The numbers that an initializer gives.
  static func initial(
    _ object: ComponentObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let call = try Signature("\(object.typeName)(shape, dtype=None)").bind(arguments, evaluator)
    let shape = try Shape.checked(try call.shape("shape"))
    guard shape.count <= NDArray.mostElements else {
      throw call.unsuitable("shape", wanted: "fewer numbers")
    }
    let initializer = Initializer(object.component)
    do throws(LayerFailure) { try initializer.check(shape) } catch {
      throw complaint(error, object.typeName)
    }
    try evaluator.requireRoom(shape.count)
    let numbers = initializer.numbers(shape: shape, seed: object.seed ?? 0, name: "called")
    return try evaluator.value(NDArray(Tensor(shape: shape, scalars: numbers)))
  }

  /// What a regularizer says of an array, or what a constraint makes of it.
  static func weight(
    _ object: ComponentObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let isPenalty = object.family == .regularizer
    let call = try Signature(isPenalty ? "\(object.typeName)(x)" : "\(object.typeName)(w)")
      .bind(arguments, evaluator)
    let array = try call.array(isPenalty ? "x" : "w").tensor
    do throws(LayerFailure) {
      guard isPenalty else {
        return try value(try ComponentNumbers.held(object.component, array), evaluator)
      }
      let penalty = try ComponentNumbers.penalty(object.component, of: array)
      return try value(Tensor(shape: [], scalars: [penalty]), evaluator)
    } catch { throw complaint(error, object.typeName) }
  }

  static func activation(
    _ component: Component, _ x: PythonValue, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let array = try evaluator.array(from: x).tensor
    do throws(LayerFailure) {
      return try value(try ComponentNumbers.activation(component, of: array), evaluator)
    } catch { throw complaint(error, component.kind) }
  }

  /// What the regularizers of a model's weights add to the loss now.
  static func penalties(of model: ModelHandle, _ evaluator: Evaluator) throws -> PythonValue {
    guard model.inputShapes != nil else { return try evaluator.list([]) }
    let description = try model.description()
    let network: Network
    do throws(Network.Failure) { network = try Network(description) } catch {
      throw Complaint(error.description)
    }
    let weights = try evaluator.host.weights(of: model)
    return try evaluator.list(
      try zip(network.weights, weights).compactMap { known, weight in
        guard let regularizer = known.spec.regularizer, known.spec.isTrainable,
          known.spec.shape == weight.tensor.shape
        else { return nil }
        do throws(LayerFailure) {
          let penalty = try ComponentNumbers.penalty(regularizer, of: weight.tensor)
          return try value(Tensor(shape: [], scalars: [penalty]), evaluator)
        } catch { throw complaint(error, regularizer.kind) }
      })
  }
}

/// The functions of `keras.losses` and `keras.metrics`: a number for each example.
enum ComponentFunctions {
  /// Losses that are no functions of `keras.metrics`.
  private static let onlyLosses: Set<String> = [
    "CategoricalGeneralizedCrossEntropy", "Circle", "CosineSimilarity", "Dice", "Tversky",
  ]
  private static let metrics = [
    "BinaryAccuracy", "CategoricalAccuracy", "ConcordanceCorrelation", "PearsonCorrelation",
    "SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "TopKCategoricalAccuracy",
  ]

  static func of(_ family: ComponentFamily) -> [NativeFunction] {
    switch family {
    case .loss: LossCatalog.all.map(loss)
    case .metric:
      LossCatalog.all.filter { !onlyLosses.contains($0.kind) }.map(loss)
        + metrics.compactMap { MetricCatalog.named($0)?.entry }.map(metric)
    default: []
    }
  }

  /// The function of a loss by its class name.
  static func loss(of kind: String) -> NativeFunction? { LossCatalog.named(kind).map(loss) }

  private static func loss(_ entry: ComponentClass) -> NativeFunction {
    function(entry) { component, call in try ComponentCalls.losses(component, call) }
  }

  private static func metric(_ entry: ComponentClass) -> NativeFunction {
    function(entry) { component, call in
      guard !call["y_true"].isSymbolic && !call["y_pred"].isSymbolic else {
        throw Complaint(
          "\(call.function)() of tensors to come",
          remedy: "name it in compile: metrics=[\"\(call.function)\"]")
      }
      let batch = MetricBatch(
        predictions: try call.array("y_pred").tensor, targets: try call.array("y_true").tensor)
      let values: Tensor
      do throws(MetricFailure) {
        guard let metric = try MetricCatalog.metric(component) as? MeanMetric else {
          throw MetricFailure("gives no number for each example", remedy: "its class")
        }
        values = try metric.values(of: batch)
      } catch { throw ComponentCalls.complaint(error, call.function) }
      return try call.evaluator.value(NDArray(values))
    }
  }

  private static func function(
    _ entry: ComponentClass, _ body: @escaping (Component, BoundCall) throws -> PythonValue
  ) -> NativeFunction {
    let name = entry.kind.snakeCased
    let specs = entry.arguments.filter { !["name", "dtype", "reduction"].contains($0.name) }
    return NativeFunction("\(name)(*args, **kwargs)") { call in
      var (arrays, settings) = (CallArguments(), CallArguments())
      arrays.positional = Array(call.rest.prefix(2))
      settings.positional = Array(call.rest.dropFirst(2))
      for (name, value) in call.keywords {
        if name == "y_true" || name == "y_pred" {
          arrays.keywords.append((name, value))
        } else {
          settings.keywords.append((name, value))
        }
      }
      let component = try KerasNames.component(entry.kind, specs, settings)
      return try body(
        component, try Signature("\(name)(y_true, y_pred)").bind(arrays, call.evaluator))
    }
  }
}
