import NeuralNets
import Tensors

// Models: lists of layers, graphs of calls, and models within models.

extension CodeWriter {
  /// The statements that make a model under a name.
  mutating func model(
    _ description: ModelDescription, _ variable: String
  ) throws(Printer.Failure) -> [Printer.Line] {
    variables.insert(variable)
    return style.isFunctional ?? description.isFunctional || description.wiring != nil
      ? try functional(description, variable) : try sequential(description, variable)
  }

  // MARK: Parts

  /// A layer of the model: where it is made, and how it is called.
  ///
  /// Layers that it takes as arguments are made, and counted, before it.
  ///
  /// - Parameter name: what it is called; nil where counting decides.
  mutating func made(
    _ layer: Component, named name: String? = nil
  ) throws(Printer.Failure) -> String {
    try call(layer, "layers") { writer in
      guard layer.givenName == nil, let wanted = name ?? layer.countedName else { return [] }
      let base =
        LayerCatalog.type(named: layer.kind)?.defaultName ?? layer.kind.snakeCased
      return writer.counts(base, to: wanted) ? [] : ["name=" + Self.quoted(wanted)]
    }
  }

  /// The statements that make a model that is a layer of another, and its variable.
  private mutating func nested(
    _ layer: Component, _ inner: ModelDescription, named name: String
  ) throws(Printer.Failure) -> (lines: [String], variable: String) {
    guard layer.kind == "Sequential" || layer.kind == "Functional" else {
      throw Printer.Failure(
        description:
          "the layer \(name) is a \(layer.kind), a class of the program: only its own code makes it"
      )
    }
    var inner = inner
    inner.name = name
    if !layer.isTrainable { inner = inner.melted }
    let variable = variable(name)
    var lines =
      (layer.kind == "Functional"
      ? try functional(inner, variable) : try sequential(inner, variable)).map(\.text)
    if !layer.isTrainable { lines.append("\(variable).trainable = False") }
    return (lines + [""], variable)
  }

  /// The statements that make the models that a layer takes as arguments.
  private mutating func models(within layer: Component) throws(Printer.Failure) -> [Printer.Line] {
    var lines: [Printer.Line] = []
    for part in layer.layers {
      if case .model(let inner)? = part.body {
        let model = try nested(part, inner, named: part.ownName)
        lines += model.lines.map { Printer.Line(text: $0, layer: nil) }
        modelVariables[part.ownName] = model.variable
      } else {
        lines += try models(within: part)
      }
    }
    return lines
  }

  private mutating func modelName(_ description: ModelDescription, _ base: String) -> String? {
    counts(base, to: description.name) ? nil : "name=" + Self.quoted(description.name)
  }

  /// `, batch_size=4` where the model's batches are of one size.
  private static func batch(of description: ModelDescription) -> String {
    description.batchSize.map { ", batch_size=\($0)" } ?? ""
  }

  // MARK: Layers one after the other

  private mutating func sequential(
    _ description: ModelDescription, _ variable: String
  ) throws(Printer.Failure) -> [Printer.Line] {
    var before: [Printer.Line] = []
    var inside: [Printer.Line] = []
    let names = description.layerNames
    let layers = description.named.map(\.layer)
    for (i, layer) in layers.enumerated() {
      before += try models(within: layer)
      if case .model(let inner)? = layer.body {
        let model = try nested(layer, inner, named: names[i])
        before += model.lines.map { Printer.Line(text: $0, layer: nil) }
        inside.append(Printer.Line(text: "    \(model.variable),", layer: i))
      }
    }
    frame.insert(.sequential)
    if let shape = description.inputShape {
      frame.insert(.input)
      counts["input_layer", default: 0] += 1
      let text = "    \(style.input)(shape=\(shape.tuple)\(Self.batch(of: description))),"
      inside.insert(Printer.Line(text: text, layer: nil, isInput: true), at: 0)
    }
    let models = inside.filter { $0.layer != nil }
    inside.removeAll { $0.layer != nil }
    for (i, layer) in layers.enumerated() {
      if let model = models.first(where: { $0.layer == i }) {
        inside.append(model)
      } else {
        inside.append(
          Printer.Line(text: "    \(try made(layer, named: names[i])),", layer: i))
      }
    }
    let name = modelName(description, "sequential")
    guard !inside.isEmpty else {
      return [Printer.Line(text: "\(variable) = \(style.sequential)(\(name ?? ""))", layer: nil)]
    }
    // Keras makes a functional model of it, which takes a name.
    if description.inputShape != nil, !description.layers.isEmpty {
      counts["functional", default: 0] += 1
    }
    let end = "]" + (name.map { ", " + $0 } ?? "") + ")"
    return before + [Printer.Line(text: "\(variable) = \(style.sequential)([", layer: nil)] + inside
      + [Printer.Line(text: end, layer: nil)]
  }

  // MARK: Calls of tensors

  private mutating func functional(
    _ description: ModelDescription, _ variable: String
  ) throws(Printer.Failure) -> [Printer.Line] {
    var graph = description
    if graph.wiring == nil, let shape = description.inputShape {
      graph.wiring = Wiring(chainOf: description.layers.count, inputShape: shape)
    }
    guard let wiring = graph.wiring, !wiring.calls.isEmpty else {
      return try sequential(description, variable)
    }
    guard wiring.weights.isEmpty, wiring.training == nil, wiring.losses.isEmpty else {
      throw Printer.Failure(
        description:
          "the model \(description.name) is of a class of the program: only its own code makes it")
    }
    let names = graph.layerNames
    var lines: [Printer.Line] = []
    var layerVariables: [Int: String] = [:]
    let layers = graph.named.map(\.layer)
    for (i, layer) in layers.enumerated() {
      lines += try models(within: layer)
      if case .model(let inner)? = layer.body {
        let model = try nested(layer, inner, named: names[i])
        lines += model.lines.map { Printer.Line(text: $0, layer: nil) }
        layerVariables[i] = model.variable
      }
    }
    frame.formUnion([.model, .input])
    var tensors = TensorNames(wiring, graph)
    for (i, input) in wiring.inputs.enumerated() {
      let counted = counts["input_layer", default: 0]
      let wanted = input.name ?? (counted == 0 ? "input_layer" : "input_layer_\(counted)")
      let isCounted = counts("input_layer", to: wanted)
      let name = isCounted ? "" : ", name=" + Self.quoted(wanted)
      tensors.inputs.append(self.variable(wiring.inputs.count == 1 ? "inputs" : wanted))
      lines.append(
        Printer.Line(
          text: "\(tensors.inputs[i]) = \(style.input)(shape=\(input.tuple)"
            + "\(Self.batch(of: description))\(name))",
          layer: nil, isInput: true))
    }
    let flow = self.variable("x")
    for (i, call) in wiring.calls.enumerated() {
      let layer = layers[call.layer]
      var given: [String] = []
      for source in call.inputs { given.append(try self.source(source, tensors)) }
      let value: String
      if case .operation(let operation)? = layer.body {
        value = try self.operation(operation, given, named: names[call.layer])
      } else {
        let isShared = wiring.calls.filter { $0.layer == call.layer }.count > 1
        if isShared, layerVariables[call.layer] == nil {
          let own = self.variable(names[call.layer] + "_layer")
          lines.append(
            Printer.Line(
              text: "\(own) = \(try made(layer, named: names[call.layer]))", layer: call.layer))
          layerVariables[call.layer] = own
        }
        let callee: String
        if let own = layerVariables[call.layer] {
          callee = own
        } else {
          callee = try made(layer, named: names[call.layer])
        }
        value = "\(callee)(\(Self.arguments(of: call, layer, given)))"
      }
      let name =
        tensors.flowsOn(i)
        ? flow
        : self.variable(tensors.isOnlyOutput(i) ? "outputs" : names[call.layer])
      tensors.calls.append(name)
      lines.append(Printer.Line(text: "\(name) = \(value)", layer: call.layer))
    }
    var outputs: [String] = []
    for output in wiring.outputs { outputs.append(try source(output, tensors)) }
    func ends(_ all: [String], _ keys: [String] = []) -> String {
      if !all.isEmpty, keys.count == all.count {
        let pairs = zip(keys, all).map { Self.quoted($0) + ": " + $1 }
        return "{" + pairs.joined(separator: ", ") + "}"
      }
      return all.count == 1 ? all[0] : "[" + all.joined(separator: ", ") + "]"
    }
    let name = modelName(description, "functional").map { ", " + $0 } ?? ""
    let given = "\(ends(tensors.inputs)), \(ends(outputs, wiring.outputKeys))"
    let text = "\(variable) = \(style.model)(\(given)\(name))"
    return lines + [Printer.Line(text: text, layer: nil)]
  }

  /// What stands between the parentheses of a call.
  private static func arguments(
    of call: Wiring.Call, _ layer: Component, _ given: [String]
  ) -> String {
    let type = layer.body == nil ? LayerCatalog.type(named: layer.kind) : nil
    let options = call.options
    func listed(_ all: [String]) -> String {
      all.count == 1 ? all[0] : "[" + all.joined(separator: ", ") + "]"
    }
    func input(_ role: String) -> String? {
      zip(options.roles, given).first { $0.0 == role }?.1
    }
    let isUntold = options.roles.isEmpty
    var parts: [String] = []
    // Until one is left out, or stands where it has to be named, arrays need no name.
    var isNamed = false
    for (i, argument) in (type?.callArguments ?? CallArgument.ofEveryLayer).enumerated() {
      switch argument.kind {
      case .inputs(let roles): parts.append(listed(isUntold ? given : roles.compactMap(input)))
      case .array:
        if let array = isUntold ? (i < given.count ? given[i] : nil) : input(argument.name) {
          isNamed = isNamed || !isUntold && options.roles[i] != argument.name
          parts.append(isNamed ? "\(argument.name)=\(array)" : array)
        } else {
          isNamed = true
        }
      case .masks(let roles):
        let masks = roles.map(input)
        guard let last = masks.lastIndex(where: { $0 != nil }) else { continue }
        let items = masks.prefix(max(last + 1, 2)).map { $0 ?? "None" }
        parts.append("\(argument.name)=[\(items.joined(separator: ", "))]")
      case .states:
        let states = given.dropFirst()
        if !states.isEmpty {
          parts.append(
            "\(argument.name)=" + (states.count == 1 ? states[1] : listed(Array(states))))
        }
      case .flag:
        if options.flags.contains(argument.name) { parts.append("\(argument.name)=True") }
      case .training:
        if let flag = options.isTraining {
          parts.append("\(argument.name)=\(flag ? "True" : "False")")
        }
      }
    }
    return parts.joined(separator: ", ")
  }

  private mutating func source(
    _ source: Wiring.Source, _ tensors: TensorNames
  ) throws(Printer.Failure) -> String {
    switch source {
    case .input(let i): return tensors.inputs[i]
    case .call(let i, let output):
      return tensors.calls[i] + (tensors.outputCounts[i] > 1 ? "[\(output)]" : "")
    case .constant(let tensor):
      usesArrays = true
      return "\(style.array)(\(Self.code(tensor)), dtype=\"float32\")"
    case .weight:
      throw Printer.Failure(description: "a weight of a class of the program: only its code has it")
    }
  }

  // MARK: Operations

  private static let marks = [
    "Add": "+", "Subtract": "-", "Multiply": "*", "TrueDivide": "/", "FloorDivide": "//",
    "Mod": "%", "Power": "**", "Less": "<", "LessEqual": "<=", "Greater": ">", "GreaterEqual": ">=",
  ]

  private static let functions: Set<String> = [
    "absolute", "square", "sqrt", "exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "sign",
    "floor", "ceil", "erf",
  ]

  /// `x * 2.0`, `keras.ops.mean(x, axis=1)`: what Keras code says so that it reads back the same.
  private mutating func operation(
    _ operation: ArrayOperation, _ given: [String], named name: String
  ) throws(Printer.Failure) -> String {
    let base = operation.name.snakeCased
    let isCounted = counts(base, to: name)
    let code = isCounted ? expression(operation, base, given) : nil
    guard let code else {
      throw Printer.Failure(
        description: "the operation \(name) of the program cannot be written anew")
    }
    return code
  }

  private mutating func expression(
    _ operation: ArrayOperation, _ base: String, _ given: [String]
  ) -> String? {
    switch operation.kind {
    case .formula(let formula):
      if let mark = Self.marks[operation.name], let (a, b) = operands(of: formula, given) {
        return "\(a) \(mark) \(b)"
      }
      guard given.count == 1 else { return nil }
      if operation.name == "Negative" { return "-" + given[0] }
      guard Self.functions.contains(base) else { return nil }
      usesOps = true
      return "\(style.ops).\(base)(\(given[0]))"
    case .reduce(_, let axes, let keepsAxes) where ["sum", "mean", "max", "min"].contains(base):
      usesOps = true
      let all = axes.map(String.init).joined(separator: ", ")
      return "\(style.ops).\(base)(\(given[0]), axis=\(axes.count == 1 ? all : "(\(all))")"
        + (keepsAxes ? ", keepdims=True)" : ")")
    case .product: return "\(given[0]) @ \(given[1])"
    default: return nil
    }
  }

  /// Both sides of an operator, of which one may be a number.
  private func operands(of formula: Formula, _ given: [String]) -> (String, String)? {
    func side(_ formula: Formula) -> String? {
      switch formula {
      case .operand(let i): given.indices.contains(i) ? given[i] : nil
      case .constant(let x) where x.isFinite:
        x < 0 ? "(\(PythonFormat.number(x)))" : PythonFormat.number(x)
      default: nil
      }
    }
    switch formula {
    case .combined(_, let a, let b):
      guard let a = side(a), let b = side(b) else { return nil }
      return (a, b)
    case .function(.square, let a): return side(a).map { ($0, "2") }
    case .function(.squareRoot, let a): return side(a).map { ($0, "0.5") }
    default: return nil
    }
  }
}

/// What the tensors of a graph are called.
private struct TensorNames {
  var inputs: [String] = []
  var calls: [String] = []
  /// How many tensors each call gives.
  let outputCounts: [Int]
  private let wiring: Wiring
  /// The calls that take what each call gives; `count` stands for the outputs.
  private var uses: [[Int]]

  init(_ wiring: Wiring, _ description: ModelDescription) {
    self.wiring = wiring
    uses = [[Int]](repeating: [], count: wiring.calls.count)
    for (i, call) in wiring.calls.enumerated() {
      for case .call(let before, _) in call.inputs { uses[before].append(i) }
    }
    for case .call(let last, _) in wiring.outputs { uses[last].append(wiring.calls.count) }
    let counted = (try? PlacedGraph(description))?.callShapes.map(\.count)
    outputCounts =
      counted?.count == wiring.calls.count
      ? counted ?? [] : [Int](repeating: 1, count: wiring.calls.count)
  }

  /// Whether only the call after this one takes what it gives.
  func flowsOn(_ call: Int) -> Bool {
    call + 1 < wiring.calls.count && !uses[call].isEmpty
      && uses[call].allSatisfy { $0 == call + 1 }
  }

  func isOnlyOutput(_ call: Int) -> Bool {
    wiring.outputs.count == 1 && uses[call] == [wiring.calls.count]
  }
}

extension ModelDescription {
  /// Without what its layers say of being frozen, where the model as a whole says it.
  fileprivate var melted: ModelDescription {
    var copy = self
    for i in copy.layers.indices {
      try? copy.layers[i].arguments.set("trainable", .boolean(true))
      if case .model(let inner)? = copy.layers[i].body {
        copy.layers[i].body = .model(inner.melted)
      }
    }
    return copy
  }
}
