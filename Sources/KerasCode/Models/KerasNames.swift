import NeuralNets
import Tensors

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
        .object(try call.evaluator.host.loadModel(try call.text("filepath")))
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

  private static func layerClass(_ type: any CataloguedLayer.Type) -> KerasClass {
    KerasClass(type.kind, home: "keras.layers") { arguments, evaluator in
      var rest = arguments
      let shape = try takeInputShape(&rest, type.kind)
      let component = try component(type.kind, type.arguments, rest)
      return .object(
        LayerObject(
          component, inputShape: shape,
          name: component.givenName
            ?? evaluator.countedName(type.defaultName ?? type.kind.snakeCased),
          place: evaluator.callPlace, statement: evaluator.topStatement))
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

  static func inputShape(
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

  // MARK: Losses, optimizers and the rest

  private static func components() -> [(String, Namespace)] {
    let callbacks = Namespace("keras.callbacks")
    for known in Callbacks.all { add(known.kind, known.arguments, to: callbacks) }
    let families: [(ComponentFamily, Namespace)] = ComponentFamily.allCases.map { family in
      (family, Namespace("keras." + family.module))
    }
    for (family, home) in families {
      for known in family.classes where family != .activation {
        add(known.kind, known.arguments, to: home)
      }
      home.add(
        NativeFunction("get(identifier)") { call in
          try Compiling.component(call["identifier"], family, call, "identifier")
            .map { .object(ComponentObject($0)) } ?? .none
        })
    }
    let byFamily = Dictionary(families, uniquingKeysWith: { first, _ in first })
    for known in ComponentFamily.activation.classes {
      for name in known.shortNames {
        byFamily[.activation]?.add(name, .object(ActivationObject(known)))
      }
    }
    if let schedules = byFamily[.schedule] {
      byFamily[.optimizer]?.add("schedules", .object(schedules))
    }
    return [("callbacks", callbacks)]
      + families.filter { $0.0 != .schedule }.map {
        ($0.0.module, $0.1)
      }
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
    for known in ComponentFamily.activation.classes {
      nn.add(known.shortName, .object(ActivationObject(known)))
    }
    return Namespace(
      "tensorflow",
      [
        "keras": .object(keras), "random": .object(random), "nn": .object(nn),
        "__version__": .text("2.20.0"),
      ])
  }
}
