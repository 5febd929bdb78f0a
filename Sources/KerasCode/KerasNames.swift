import NeuralNets
import Tensors

/// A class of Keras that programs call: a layer, loss, optimizer, callback or initializer.
final class KerasClass: Callable {
  private let kind: String
  private let home: String
  private let make: (CallArguments, Evaluator) throws -> PythonValue

  init(
    _ kind: String, home: String,
    _ make: @escaping (CallArguments, Evaluator) throws -> PythonValue
  ) {
    self.kind = kind
    self.home = home
    self.make = make
  }

  var typeName: String { kind }
  var shown: String { "<class \(home).\(kind)>" }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try make(arguments, evaluator)
  }
}

/// A loss, optimizer or callback that a program made.
final class ComponentObject: ProgramObject {
  let component: Component

  init(_ component: Component) { self.component = component }

  var typeName: String { component.kind }
}

/// A function or object that an argument takes by its name: `relu`, `GlorotUniform()`.
final class NamedObject: ProgramObject {
  let typeName: String
  let kerasName: String

  init(_ typeName: String, _ kerasName: String) {
    self.typeName = typeName
    self.kerasName = kerasName
  }
}

/// The callbacks of `fit`.
enum Callbacks {
  struct Class: Sendable {
    let kind: String
    let arguments: [ArgumentSpec]
  }

  static let all: [Class] = [
    Class(
      kind: "EarlyStopping",
      arguments: [
        text("monitor", "val_loss"), number("min_delta", 0), whole("patience", 0),
        whole("verbose", 0), text("mode", "auto"),
        ArgumentSpec(
          "baseline", .number(-1e30...1e30), default: ArgumentValue.none, "what to beat"),
        ArgumentSpec(
          "restore_best_weights", .boolean, default: .boolean(false), "whether to go back"),
        whole("start_from_epoch", 0),
      ]),
    Class(
      kind: "ReduceLROnPlateau",
      arguments: [
        text("monitor", "val_loss"), number("factor", 0.1), whole("patience", 10),
        whole("verbose", 0), text("mode", "auto"), number("min_delta", 1e-4),
        whole("cooldown", 0), number("min_lr", 0),
      ]),
  ]

  private static func text(_ name: String, _ standard: String) -> ArgumentSpec {
    ArgumentSpec(name, .text, default: .text(standard), name)
  }

  private static func number(_ name: String, _ standard: Double) -> ArgumentSpec {
    ArgumentSpec(name, .number(0...1e30), default: .number(standard), name)
  }

  private static func whole(_ name: String, _ standard: Int) -> ArgumentSpec {
    ArgumentSpec(name, .integer(0...1_000_000_000), default: .integer(standard), name)
  }
}

/// The names of Keras, in their modules.
enum KerasNames {
  static func module() -> Namespace {
    let keras = Namespace("keras")
    let models = Namespace("keras.models")
    let layers = Namespace("keras.layers")
    let sequential = KerasClass("Sequential", home: "keras", makeSequential)
    let model = KerasClass("Model", home: "keras", makeModel)
    let input = NativeFunction(
      "Input(shape=None, batch_size=None, dtype=None, name=None)", makeInput)
    for home in [keras, models] {
      home.add("Sequential", .object(sequential))
      home.add("Model", .object(model))
    }
    models.add(
      NativeFunction("load_model(filepath)") { call in
        let (description, payload) = try call.evaluator.host.loadModel(try call.text("filepath"))
        let handle = ModelHandle(description)
        handle.payload = payload
        return .object(handle)
      })
    for home in [keras, layers] { home.add(input) }
    layers.add(
      "InputLayer", .object(KerasClass("InputLayer", home: "keras.layers", makeInputLayer)))
    for type in LayerCatalog.all {
      layers.add(type.kind, .object(layerClass(type)))
      if let alias = aliases[type.kind] { layers.add(alias, .object(layerClass(type))) }
    }
    keras.add("layers", .object(layers))
    keras.add("models", .object(models))
    for (name, module) in components() { keras.add(name, .object(module)) }
    keras.add("utils", .object(utilities()))
    keras.add("__version__", .text("3.15.1"))
    return keras
  }

  // MARK: Layers

  /// Keras's second names of layers.
  private static let aliases = ["Conv2D": "Convolution2D", "MaxPooling2D": "MaxPool2D"]

  private static func layerClass(_ type: any Layer.Type) -> KerasClass {
    KerasClass(type.kind, home: "keras.layers") { arguments, evaluator in
      var rest = arguments
      let shape = try takeInputShape(&rest, type.kind)
      let component = try component(type.kind, type.arguments, rest)
      return .object(
        LayerObject(
          component, inputShape: shape, place: evaluator.callPlace,
          statement: evaluator.topStatement))
    }
  }

  /// Takes `input_shape=` or `input_dim=` from the arguments of a layer.
  private static func takeInputShape(
    _ arguments: inout CallArguments, _ kind: String
  ) throws
    -> Shape?
  {
    var shape: Shape?
    for name in ["input_shape", "input_dim"] {
      guard let i = arguments.keywords.firstIndex(where: { $0.name == name }) else { continue }
      let value = arguments.keywords.remove(at: i).value
      shape = try inputShape(value, name, isTuple: name == "input_shape")
    }
    return shape
  }

  private static func inputShape(
    _ value: PythonValue, _ name: String, isTuple: Bool
  ) throws
    -> Shape
  {
    let wrong = Complaint(
      "\(value.described) for \"\(name)\"",
      remedy: isTuple
        ? "it takes a tuple of positive whole numbers, as (20,)" : "it takes a whole number",
      at: .keyword(name))
    let extents: [Int]
    if isTuple {
      guard let items = value.sequence else { throw wrong }
      extents = try items.map { item in
        guard let i = item.wholeNumber else {
          if item.isNone {
            throw Complaint(
              "None in \"\(name)\"", remedy: "the lab needs every extent of an example",
              at: .keyword(name))
          }
          throw wrong
        }
        return i
      }
    } else {
      guard let i = value.wholeNumber else { throw wrong }
      extents = [i]
    }
    guard extents.allSatisfy({ $0 > 0 && $0 <= 1 << 24 }), extents.count <= 8 else { throw wrong }
    return try Shape.checked(extents)
  }

  /// Checks arguments against their specs and says what is wrong in words.
  static func component(
    _ kind: String, _ specs: [ArgumentSpec], _ given: CallArguments
  ) throws
    -> Component
  {
    func converted(
      _ value: PythonValue, _ anchor: Complaint.Anchor, _ name: String?
    ) throws
      -> ArgumentValue
    {
      guard let result = argument(value) else {
        let spec = specs.first { $0.name == name }
        throw Complaint(
          "\(kind)() got \(value.described)" + (name.map { " for \"\($0)\"" } ?? ""),
          remedy: spec.map { "it takes " + $0.expectation }, at: anchor)
      }
      return result
    }
    let positional = try given.positional.enumerated().map { i, value in
      try converted(value, .argument(i), i < specs.count ? specs[i].name : nil)
    }
    let keywords = try given.keywords.map { name, value in
      (name: name, value: try converted(value, .keyword(name), name))
    }
    do {
      return Component(
        kind: kind,
        arguments: try Arguments(specs, positional: positional, keywords: keywords))
    } catch {
      throw complaint(error, kind, given, specs)
    }
  }

  private static func complaint(
    _ failure: Arguments.Failure, _ kind: String, _ given: CallArguments, _ specs: [ArgumentSpec]
  ) -> Complaint {
    switch failure {
    case .missing(let spec):
      Complaint(
        "\(kind)() needs \"\(spec.name)\"", remedy: "it is \(spec.help): \(spec.expectation)")
    case .unknown(let name, let known):
      Complaint(
        "\(kind)() has no argument \"\(name)\"",
        remedy: Suggestions.remedy(name, among: known, of: "it"), at: .keyword(name))
    case .tooMany(let count, let taken):
      Complaint(
        "\(kind)() got \(count) arguments without a name",
        remedy: taken == 0 ? "its arguments must be named" : "it takes at most \(taken)",
        at: .argument(taken))
    case .repeated(let name): Complaint("\(kind)() got \"\(name)\" twice", at: .keyword(name))
    case .unsuitable(let spec, let found):
      Complaint(
        "\(kind)() got \(Printer.code(found)) for \"\(spec.name)\"",
        remedy: suggestion(spec, found) ?? "it takes " + spec.expectation,
        at: given.keywords.contains { $0.name == spec.name }
          ? .keyword(spec.name)
          : specs.firstIndex { $0.name == spec.name }.map { .argument($0) } ?? .call)
    }
  }

  private static func suggestion(_ spec: ArgumentSpec, _ found: ArgumentValue) -> String? {
    guard case .choice(let names) = spec.kind, case .text(let text) = found else { return nil }
    return Suggestions.didYouMean(text, among: names)
  }

  /// A value as layers, losses and optimizers keep their arguments.
  private static func argument(_ value: PythonValue) -> ArgumentValue? {
    switch value {
    case .none: return ArgumentValue.none
    case .boolean(let flag): return .boolean(flag)
    case .integer(let i): return .integer(i)
    case .number(let x): return .number(x)
    case .text(let text): return .text(text)
    case .list, .tuple:
      let items = value.sequence ?? []
      let whole = items.compactMap(\.wholeNumber)
      return whole.count == items.count ? .integers(whole) : nil
    case .array(let r) where r.array.rank == 0:
      return argument(NumPy.plain(r.array.scalars[0], r.array.kind))
    case .object(let named as NamedObject): return .text(named.kerasName)
    case .object(let function as NativeFunction): return function.kerasName.map { .text($0) }
    default: return nil
    }
  }

  // MARK: Models

  private static func defaultName(_ base: String, _ evaluator: Evaluator) -> String {
    let n = evaluator.modelCount[base, default: 0]
    evaluator.modelCount[base] = n + 1
    return n == 0 ? base : "\(base)_\(n)"
  }

  private static func name(_ call: BoundCall, _ base: String) throws -> String {
    call["name"].isNone ? defaultName(base, call.evaluator) : try call.text("name")
  }

  private static func makeSequential(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature("Sequential(layers=None, name=None)").bind(arguments, evaluator)
    let model = ModelHandle(ModelDescription(name: try name(call, "sequential")))
    model.made(by: evaluator.topStatement)
    if !call["layers"].isNone {
      guard let items = call["layers"].sequence else {
        throw call.unsuitable("layers", wanted: "a list of layers")
      }
      for item in items {
        let layer = try ModelMethods.layer(item, call)
        do { try model.add(layer, by: evaluator.topStatement) } catch let complaint as Complaint {
          throw evaluator.fault(complaint.message, remedy: complaint.remedy, at: layer.place)
        }
      }
    }
    return .object(model)
  }

  /// `Model(inputs, outputs)` of a chain of layers.
  private static func makeModel(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature("Model(inputs, outputs, name=None)").bind(arguments, evaluator)
    let input = try end("inputs", call)
    let chain = try end("outputs", call).chain
    guard input.input == nil else {
      throw call.unsuitable("inputs", wanted: "what Input(…) gives")
    }
    guard chain.first === input else {
      throw Complaint("the outputs do not come from these inputs", at: call.anchor("outputs"))
    }
    let model = ModelHandle(
      ModelDescription(name: try name(call, "functional"), inputShape: input.shape),
      isFunctional: true)
    for tensor in chain {
      model.made(by: tensor.statement)
      if tensor.input != nil { try model.add(tensor.layer, by: tensor.statement) }
    }
    model.made(by: evaluator.topStatement)
    return .object(model)
  }

  private static func end(_ name: String, _ call: BoundCall) throws -> SymbolicTensor {
    var value = call[name]
    if let items = value.sequence {
      guard items.count == 1 else {
        throw Complaint(
          "a model with \(items.count) \(name) is not supported", remedy: "give one",
          at: call.anchor(name))
      }
      value = items[0]
    }
    guard case .object(let tensor as SymbolicTensor) = value else {
      throw call.unsuitable(name, wanted: "what a layer or Input(…) gives")
    }
    return tensor
  }

  private static func makeInput(_ call: BoundCall) throws -> PythonValue {
    guard call["dtype"].isNone || call["dtype"].string == "float32" else {
      throw call.unsuitable("dtype", wanted: "\"float32\"")
    }
    guard call["batch_size"].isNone else {
      throw call.unsuitable("batch_size", wanted: "None: fit decides it")
    }
    guard !call["shape"].isNone else { throw Complaint("Input() needs \"shape\"") }
    let shape: Shape
    do { shape = try inputShape(call["shape"], "shape", isTuple: true) } catch let complaint
      as Complaint
    {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: call.anchor("shape"))
    }
    let layer = LayerObject(
      nil, inputShape: shape, place: call.evaluator.callPlace,
      statement: call.evaluator.topStatement)
    return .object(
      try SymbolicTensor(
        layer: layer, input: nil, shape: shape, statement: call.evaluator.topStatement))
  }

  private static func makeInputLayer(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature("InputLayer(shape=None, input_shape=None, name=None)")
      .bind(arguments, evaluator)
    let given = call["shape"].isNone ? "input_shape" : "shape"
    let shape = try inputShape(call[given], given, isTuple: true)
    return .object(
      LayerObject(
        nil, inputShape: shape, place: evaluator.callPlace, statement: evaluator.topStatement))
  }

  // MARK: Losses, optimizers and the rest

  private static func components() -> [(String, Namespace)] {
    let optimizers = Namespace("keras.optimizers")
    let losses = Namespace("keras.losses")
    let callbacks = Namespace("keras.callbacks")
    for known in OptimizerCatalog.all { add(known.kind, known.arguments, to: optimizers) }
    for known in LossCatalog.all { add(known.kind, known.arguments, to: losses) }
    for known in Callbacks.all { add(known.kind, known.arguments, to: callbacks) }
    let activations = Namespace("keras.activations")
    for function in ActivationFunction.allCases {
      activations.add(
        function.rawValue, .object(NamedObject("activation", function.rawValue)))
    }
    let initializers = Namespace("keras.initializers")
    for initializer in Initializer.allCases {
      let kind = initializer.rawValue.split(separator: "_").map(\.capitalized).joined()
      initializers.add(
        kind,
        .object(
          KerasClass(kind, home: "keras.initializers") { arguments, evaluator in
            _ = try Signature("\(kind)()").bind(arguments, evaluator)
            return .object(NamedObject(kind, initializer.rawValue))
          }))
    }
    return [
      ("optimizers", optimizers), ("losses", losses), ("callbacks", callbacks),
      ("activations", activations), ("initializers", initializers),
    ]
  }

  private static func add(_ kind: String, _ specs: [ArgumentSpec], to home: Namespace) {
    home.add(
      kind,
      .object(
        KerasClass(kind, home: home.name) { arguments, _ in
          .object(ComponentObject(try component(kind, specs, arguments)))
        }))
  }

  private static func utilities() -> Namespace {
    let utilities = Namespace("keras.utils")
    utilities.add(
      NativeFunction("to_categorical(x, num_classes=None)") { call in
        try oneHot(call)
      })
    utilities.add(
      NativeFunction("set_random_seed(seed)") { call in
        let seed = try call.integer("seed", in: 0...Int(UInt32.max))
        call.evaluator.seeds.programSeed = seed
        call.evaluator.seeds.reseed(UInt32(seed))
        return .none
      })
    return utilities
  }

  /// Class numbers as rows with a single 1; a last extent of 1 is dropped, as in Keras.
  private static func oneHot(_ call: BoundCall) throws -> PythonValue {
    let x = try call.array("x")
    guard x.scalars.allSatisfy({ $0 >= 0 && $0 < 1e6 && $0 == $0.rounded() }) else {
      throw call.unsuitable("x", wanted: "class numbers from 0")
    }
    let largest = x.scalars.max().map { Int($0) } ?? 0
    let classes = try call.optionalInteger("num_classes", in: 1...1_000_000) ?? largest + 1
    guard largest < classes else {
      throw call.unsuitable("num_classes", wanted: "at least \(largest + 1) for these classes")
    }
    var extents = x.shape.extents
    if extents.count > 1 && extents.last == 1 { extents.removeLast() }
    let shape = try Shape.checked(extents + [classes])
    var scalars = [Double](repeating: 0, count: shape.count)
    for (i, value) in x.scalars.enumerated() { scalars[i * classes + Int(value)] = 1 }
    return try call.evaluator.value(NDArray(shape: shape, scalars: scalars))
  }

  /// TensorFlow, as far as tutorials of Keras use it.
  static func tensorflow(_ keras: Namespace) -> Namespace {
    let random = Namespace("tensorflow.random")
    random.add(
      NativeFunction("set_seed(seed)") { call in
        call.evaluator.seeds.programSeed = try call.integer("seed", in: 0...Int(UInt32.max))
        return .none
      })
    let nn = Namespace("tensorflow.nn")
    for function in ActivationFunction.allCases where function != .linear {
      nn.add(function.rawValue, .object(NamedObject("activation", function.rawValue)))
    }
    return Namespace(
      "tensorflow",
      [
        "keras": .object(keras), "random": .object(random), "nn": .object(nn),
        "__version__": .text("2.20.0"),
      ])
  }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
