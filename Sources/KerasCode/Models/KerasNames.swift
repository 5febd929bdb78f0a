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
      "Input(shape=None, batch_size=None, dtype=None, name=None, batch_shape=None)", makeInput)
    for home in [keras, models] {
      home.add("Sequential", .object(sequential))
      home.add("Model", .object(model))
    }
    let saving = Namespace("keras.saving")
    for home in [models, saving] {
      home.add(
        NativeFunction(
          "load_model(filepath, custom_objects=None, compile=True, safe_mode=True)"
        ) { call in
          .object(try call.evaluator.host.loadModel(try call.text("filepath")))
        })
    }
    keras.add("saving", .object(saving))
    for home in [keras, layers] { home.add(input) }
    layers.add(
      "InputLayer", .object(KerasClass("InputLayer", home: "keras.layers", makeInputLayer)))
    for type in LayerCatalog.all {
      layers.add(type.kind, .object(layerClass(type)))
      if let alias = aliases[type.kind] { layers.add(alias, .object(layerClass(type))) }
    }
    for kind in [
      "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
    ] {
      layers.add(kind.lowercased(), .object(merging(kind)))
    }
    RecurrentCells.add(to: layers)
    layers.add("Lambda", .object(KerasClass("Lambda", home: "keras.layers", makeLambda)))
    keras.add("layers", .object(layers))
    keras.add("models", .object(models))
    for (name, module) in components() { keras.add(name, .object(module)) }
    keras.add("utils", .object(utilities()))
    keras.add("__version__", .text("3.15.1"))
    return keras
  }

  // MARK: Layers

  /// Keras's second names of layers.
  private static let aliases = [
    "AveragePooling1D": "AvgPool1D", "AveragePooling2D": "AvgPool2D", "Conv1D": "Convolution1D",
    "Conv1DTranspose": "Convolution1DTranspose", "Conv2D": "Convolution2D",
    "Conv2DTranspose": "Convolution2DTranspose", "GlobalAveragePooling1D": "GlobalAvgPool1D",
    "GlobalAveragePooling2D": "GlobalAvgPool2D", "GlobalMaxPooling1D": "GlobalMaxPool1D",
    "GlobalMaxPooling2D": "GlobalMaxPool2D", "MaxPooling1D": "MaxPool1D",
    "MaxPooling2D": "MaxPool2D", "SeparableConv1D": "SeparableConvolution1D",
    "SeparableConv2D": "SeparableConvolution2D",
  ]

  private static func layerClass(_ type: any CataloguedLayer.Type) -> KerasClass {
    KerasClass(type.kind, home: "keras.layers") { arguments, evaluator in
      var rest = arguments
      let shape = try takeInputShape(&rest, type)
      let component = try component(type.kind, type.arguments, rest, evaluator)
      let layer = LayerObject(
        component, inputShape: shape?.shape,
        name: component.givenName
          ?? evaluator.countedName(type.defaultName ?? type.kind.snakeCased),
        place: evaluator.callPlace, statement: evaluator.topStatement)
      layer.openAxes = shape?.openAxes ?? []
      evaluator.knowsOpenLengths = evaluator.knowsOpenLengths || !layer.openAxes.isEmpty
      return .object(layer)
    }
  }

  /// Takes `input_shape=` or `input_dim=` from the arguments of a layer.
  static func takeInputShape(
    _ arguments: inout CallArguments, _ type: any CataloguedLayer.Type
  ) throws
    -> (shape: Shape, openAxes: Set<Int>)?
  {
    var shape: (Shape, Set<Int>)?
    for name in ["batch_input_shape", "batch_shape"] {
      guard let given = arguments.keywords.first(where: { $0.name == name }) else { continue }
      throw Complaint(
        "\(type.kind) with \(name): Keras 3 asks that of the input",
        remedy: "keras.Input(batch_shape=\(given.value.described)) in front of it",
        at: .keyword(name))
    }
    // The input_dim of an Embedding is its own.
    for name in ["input_shape", "input_dim"]
    where !type.ownArguments.contains(where: { $0.name == name }) {
      guard let i = arguments.keywords.firstIndex(where: { $0.name == name }) else { continue }
      let value = arguments.keywords.remove(at: i).value
      shape = (
        try inputShape(value, name, isTuple: name == "input_shape", mayBeOpen: true),
        OpenLength.axes(value.sequence ?? [])
      )
    }
    return shape
  }

  static func inputShape(
    _ value: PythonValue, _ name: String, isTuple: Bool, mayBeOpen: Bool = false
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
          if item.isNone, mayBeOpen { return OpenLength.standIn }
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

  /// `layers.add([x, y])`: a layer that is made and called at once.
  private static func merging(_ kind: String) -> RawFunction {
    RawFunction(kind.lowercased()) { arguments, evaluator in
      guard let inputs = arguments.positional.first, let type = LayerCatalog.type(named: kind)
      else { throw Complaint("\(kind.lowercased())() needs a list of tensors") }
      var rest = arguments
      rest.positional.removeFirst()
      let component = try component(kind, type.arguments, rest, evaluator)
      let layer = LayerObject(
        component, inputShape: nil,
        name: component.givenName ?? evaluator.countedName(kind.lowercased()),
        place: evaluator.callPlace, statement: evaluator.topStatement)
      return try layer.call(CallArguments(positional: [inputs]), evaluator)
    }
  }

  /// `Lambda(lambda x: x ** 2)`.
  private static func makeLambda(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let call = try Signature(
      "Lambda(function, output_shape=None, mask=None, arguments=None, name=None)"
    ).bind(arguments, evaluator)
    guard case .object(is any Callable) = call["function"] else {
      throw call.unsuitable("function", wanted: "a function, as lambda x: x ** 2")
    }
    return .object(
      TracedLayer(
        .function(call["function"]), kind: "Lambda",
        name: call["name"].isNone ? evaluator.countedName("lambda") : try call.text("name"),
        place: evaluator.callPlace, statement: evaluator.topStatement))
  }

  // MARK: Losses, optimizers and the rest

  private static func components() -> [(String, Namespace)] {
    let callbacks = Namespace("keras.callbacks")
    for known in Callbacks.all { add(known.kind, known.arguments, to: callbacks) }
    let families: [(ComponentFamily, Namespace)] = ComponentFamily.allCases.map { family in
      (family, Namespace("keras." + family.module))
    }
    for (family, home) in families {
      for known in family.classes where family != .activation && known.module == nil {
        add(known.kind, known.arguments, to: home)
        let shorter = family == .initializer ? known.shortNames : []
        for name in functions[known.kind] ?? shorter {
          add(known.kind, known.arguments, to: home, as: name)
        }
      }
      home.add(
        NativeFunction("get(identifier)") { call in
          try ComponentCalls.member(family, call)
        })
    }
    for (family, home) in families {
      for function in ComponentFunctions.of(family) { home.add(function) }
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

  /// The functions that make regularizers and constraints, as older code calls them.
  private static let functions = [
    "L1": ["l1"], "L2": ["l2"], "L1L2": ["l1_l2"],
    "OrthogonalRegularizer": ["orthogonal_regularizer"], "MaxNorm": ["max_norm"],
    "MinMaxNorm": ["min_max_norm"], "NonNeg": ["non_neg"], "UnitNorm": ["unit_norm"],
  ]

  private static func add(
    _ kind: String, _ specs: [ArgumentSpec], to home: Namespace, as name: String? = nil
  ) {
    let family = ComponentFamily.allCases.first { "keras." + $0.module == home.name }
    home.add(
      name ?? kind,
      .object(
        KerasClass(kind, home: home.name) { arguments, evaluator in
          .object(
            ComponentObject(try component(kind, specs, arguments), family: family)
              .begun(evaluator))
        }))
  }

  /// What the lab has beyond Keras: accepted, with a note that Keras would not.
  static func backstep() -> Namespace {
    let lab = Namespace("backstep")
    for known in ComponentFamily.allCases.flatMap(\.classes) where known.module == lab.name {
      lab.add(
        known.kind,
        .object(
          KerasClass(known.kind, home: lab.name) { arguments, evaluator in
            evaluator.note(
              "not in Keras: \(known.kind) is the lab's own; \(known.summary)",
              at: evaluator.callPlace)
            return .object(
              ComponentObject(try component(known.kind, known.arguments, arguments)))
          }))
    }
    return lab
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
    let tensorflow = Namespace(
      "tensorflow",
      [
        "keras": .object(keras), "random": .object(random), "nn": .object(nn),
        "__version__": .text("2.20.0"),
      ])
    for (name, own) in tensorflowNames {
      guard
        let function = NumPy.functions.first(where: { $0.name == own || $0.aliases.contains(own) })
      else { continue }
      tensorflow.add(name, .object(function.native(.ops, named: name)))
    }
    let math = Namespace("tensorflow.math", tensorflow.members)
    tensorflow.add("math", .object(math))
    for name in ["float32", "float64", "int32", "int64", "bool"] {
      tensorflow.add(name, .text(name))
    }
    return tensorflow
  }

  /// TensorFlow's names of the functions of `keras.ops`.
  private static let tensorflowNames: [(String, String)] =
    [
      ("reduce_sum", "sum"), ("reduce_mean", "mean"), ("reduce_max", "max"),
      ("reduce_min", "min"), ("reduce_prod", "prod"), ("constant", "convert_to_tensor"),
      ("concat", "concatenate"), ("pow", "power"),
    ]
    + [
      "abs", "add", "argmax", "argmin", "cast", "convert_to_tensor", "cos", "divide", "equal",
      "exp", "expand_dims", "greater", "less", "linspace", "log", "matmul", "maximum", "minimum",
      "multiply", "one_hot", "ones", "ones_like", "reshape", "round", "shape", "sigmoid", "sign",
      "sin", "sqrt", "square", "squeeze", "stack", "subtract", "tanh", "transpose", "where",
      "zeros", "zeros_like",
    ].map { ($0, $0) }
}
