import NeuralNets
import Tensors

/// Writes code and keeps in mind what the program has to import for it.
struct CodeWriter {
  /// The modules that programs import by name beside `layers`.
  static let bareHomes: Set<String> = [
    "activations", "constraints", "initializers", "layers", "regularizers",
  ]

  let style: Printer.Style
  /// Homes and names of the classes in use, in the order of their first use.
  private(set) var members: [(home: String, kind: String)] = []
  /// What the code calls beside layers.
  var frame: Set<Frame> = []
  /// Modules besides those of Keras.
  private(set) var modules: Set<String> = []
  var usesArrays = false
  var usesOps = false
  /// How many layers and models of each kind got a name by counting.
  var counts: [String: Int] = [:]
  /// Whether layers that are arguments say their names where counting would give others.
  var namesLayers = true
  /// The variables of models that are arguments of layers, by the models' names.
  var modelVariables: [String: String] = [:]
  /// Variables that the code has made.
  var variables: Set<String> = []

  enum Frame { case sequential, model, input }

  var homes: Set<String> { Set(members.map(\.home)) }

  init(_ style: Printer.Style) {
    self.style = style
    variables = style.reserved.union(["keras", "np"]).union(Self.bareHomes).union(Self.keywords)
  }

  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "print", "raise", "return", "try",
    "while", "with", "yield",
  ]

  // MARK: Names

  mutating func member(_ home: String, _ kind: String) -> String {
    if !members.contains(where: { $0 == (home, kind) }) { members.append((home, kind)) }
    return style.member(home, kind)
  }

  /// The name that Keras gives next by counting.
  private func counted(_ base: String) -> String {
    let n = counts[base, default: 0]
    return n == 0 ? base : "\(base)_\(n)"
  }

  /// Whether something gets the name that is wanted without being told.
  mutating func counts(_ base: String, to wanted: String) -> Bool {
    guard counted(base) == wanted else { return false }
    counts[base, default: 0] += 1
    return true
  }

  /// A variable of its own that is called much as something is.
  mutating func variable(_ wanted: String) -> String {
    var name = String(wanted.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    if name.first.map({ $0.isNumber }) ?? true { name = "layer_" + name }
    while !variables.insert(name).inserted { name += "_" }
    return name
  }

  // MARK: Values

  static func quoted(_ text: String) -> String { PythonFormat.quoted(text, "\"") }

  /// `layers.Dense(64, activation="relu")`
  ///
  /// - Parameter naming: what is said after its arguments, once those are written.
  mutating func call(
    _ component: Component, _ home: String,
    naming: (inout CodeWriter) -> [String] = { _ in [] }
  ) throws(Printer.Failure) -> String {
    guard component.body == nil else {
      let sort = home == "layers" ? "layer" : String(home.dropLast())
      throw Printer.Failure(
        description: "the \(sort) \(component.givenName ?? component.countedName ?? component.kind)"
          + " is \(component.kind) of the program: only its own code makes it")
    }
    let name: String
    if home == "optimizers", let module = OptimizerCatalog.named(component.kind)?.module {
      modules.insert(module)
      name = "\(module).\(component.kind)"
    } else {
      name = member(home, component.kind)
    }
    let parts = try arguments(component)
    return name + "(" + (parts + naming(&self)).joined(separator: ", ") + ")"
  }

  /// Leading arguments by position, the others by name.
  private mutating func arguments(_ component: Component) throws(Printer.Failure) -> [String] {
    let specs = component.arguments.specs
    var parts: [String] = []
    for (name, value) in component.arguments.spoken {
      let spec = specs.first { $0.name == name }
      // What is all there is to say needs no name either: L2(0.01).
      let isLeading =
        specs.count == 1
        || specs.indices.contains(parts.count)
          && specs[parts.count].name == name && !specs[parts.count].keywordOnly
          && specs[parts.count].defaultValue == nil
      let home: String =
        switch spec?.kind {
        case .component(let family): family.module
        case .rate: ComponentFamily.schedule.module
        default: "layers"
        }
      parts.append((isLeading ? "" : name + "=") + (try code(value, home: home)))
    }
    return parts
  }

  /// A value as Python writes it.
  ///
  /// - Parameter home: the module that objects come from.
  mutating func code(_ value: ArgumentValue, home: String) throws(Printer.Failure) -> String {
    switch value {
    case .none: return "None"
    case .boolean(let flag): return flag ? "True" : "False"
    case .integer(let i): return "\(i)"
    case .number(let x):
      return x.isFinite
        ? PythonFormat.number(x) : "float(\(Self.quoted(PythonFormat.number(x))))"
    case .text(let text): return Self.quoted(text)
    case .integers(let all):
      return all.count == 1
        ? "(\(all[0]),)" : "(" + all.map(String.init).joined(separator: ", ") + ")"
    case .list(let all):
      var parts: [String] = []
      for item in all { parts.append(try code(item, home: home)) }
      return "[" + parts.joined(separator: ", ") + "]"
    case .tensor(let tensor): return Self.code(tensor)
    case .component(let component):
      if home == ComponentFamily.activation.module { return try activation(component) }
      if case .model? = component.body, let variable = modelVariables[component.ownName] {
        return variable
      }
      if home == "layers", namesLayers { return try made(component) }
      return try call(component, home)
    }
  }

  /// A function with settings of its own: `lambda x: activations.relu(x, max_value=6.0)`.
  private mutating func activation(_ component: Component) throws(Printer.Failure) -> String {
    let made = try call(component, ComponentFamily.activation.module)
    guard let open = made.firstIndex(of: "(") else { return made }
    let rest = made[made.index(after: open)...]
    return "lambda x: \(made[..<open])(x" + (rest == ")" ? "" : ", ") + rest
  }

  /// An array as nested lists; each number as short as Float32 allows.
  static func code(_ tensor: Tensor) -> String {
    guard let count = tensor.shape.extents.first else {
      let x = tensor.scalars.first ?? 0
      return x.isFinite ? PythonFormat.number(x) : "float(\(quoted("\(x)")))"
    }
    let inner = Shape(Array(tensor.shape.extents.dropFirst()))
    let parts = (0..<count).map { i in
      code(
        Tensor(
          shape: inner, scalars: Array(tensor.scalars[i * inner.count..<(i + 1) * inner.count])))
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  // MARK: Compile

  /// `model.compile(…)`; what concerns several outputs is said by their names.
  mutating func compile(
    _ compilation: Compilation, _ variable: String, outputs names: [String]
  ) throws(Printer.Failure) -> String {
    var parts = [
      "optimizer=" + (try short(compilation.optimizer, .optimizer))
    ]
    let outputs = compilation.outputs
    var losses: [String] = []
    for output in outputs {
      losses.append(
        try output.loss.map { loss throws(Printer.Failure) in
          try short(loss, .loss)
        } ?? "None")
    }
    // A loss left out is no loss only in a list.
    let isNamed =
      Set(names).count == outputs.count && outputs.count > 1
      && outputs.allSatisfy { $0.loss != nil }
    func joined(_ all: [String]) -> String {
      if outputs.count == 1 { return all[0] }
      if isNamed {
        let pairs = zip(names, all).map { Self.quoted($0) + ": " + $1 }
        return "{" + pairs.joined(separator: ", ") + "}"
      }
      return "[" + all.joined(separator: ", ") + "]"
    }
    parts.append("loss=" + joined(losses))
    if outputs.contains(where: { $0.weight != 1 }) {
      let weights = outputs.map { PythonFormat.number($0.weight) }
      // Keras takes a plain number of a single output as none of a list.
      parts.append(
        "loss_weights=" + (outputs.count == 1 ? "[\(weights[0])]" : joined(weights)))
    }
    for (name, metrics) in [
      ("metrics", outputs.map(\.metrics)), ("weighted_metrics", outputs.map(\.weightedMetrics)),
    ] where metrics.contains(where: { !$0.isEmpty }) {
      var lists: [String] = []
      for choices in metrics { lists.append(try list(of: choices)) }
      parts.append("\(name)=" + joined(lists))
    }
    return "\(variable).compile(\(parts.joined(separator: ", ")))"
  }

  private mutating func list(of choices: [MetricChoice]) throws(Printer.Failure) -> String {
    var parts: [String] = []
    for choice in choices {
      switch choice {
      case .named(let name): parts.append(Self.quoted(name))
      case .object(let component): parts.append(try call(component, "metrics"))
      }
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  /// By its name where that says enough.
  private mutating func short(
    _ component: Component, _ family: ComponentFamily
  ) throws(Printer.Failure) -> String {
    let known = family.classes.first { $0.kind == component.kind }
    if component.body == nil, component.arguments.spoken.isEmpty, let known, known.isNamedAlone,
      let name = known.shortNames.first
    {
      return Self.quoted(name)
    }
    return try call(component, family.module)
  }
}
