import NeuralNets
import Tensors

/// Writes a model description as Keras code, as Keras users write it.
package enum Printer {
  /// How a program names what it uses: with a module before it, or bare.
  package struct Style: Sendable {
    var sequential = "keras.Sequential"
    var input = "keras.Input"
    /// The name of a layer, loss or optimizer by its class.
    var layer: @Sendable (String) -> String = { "layers." + $0 }
    var optimizer: @Sendable (String) -> String = { "keras.optimizers." + $0 }
    var loss: @Sendable (String) -> String = { "keras.losses." + $0 }

    package init() {}
  }

  /// A whole file: imports, the model, compile.
  package static func program(_ description: ModelDescription, variable: String = "model") -> String
  {
    let style = Style()
    let more = modules(of: description).map { "\nimport " + $0 }.joined()
    var parts = [
      "import keras\nfrom keras import layers" + more, model(description, variable, style),
    ]
    if let compilation = description.compilation {
      parts.append(compile(compilation, variable, style))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The modules besides Keras that a model needs.
  static func modules(of description: ModelDescription) -> [String] {
    guard let optimizer = description.compilation?.optimizer else { return [] }
    return OptimizerCatalog.named(optimizer.kind)?.module.map { [$0] } ?? []
  }

  /// `model = keras.Sequential([…])`.
  package static func model(
    _ description: ModelDescription, _ variable: String, _ style: Style = Style()
  ) -> String {
    var lines: [String] = []
    if let shape = description.inputShape {
      lines.append("\(style.input)(shape=\(shape.tuple))")
    }
    lines += description.layers.map { style.layer($0.kind) + arguments($0) }
    let name = description.name == "sequential" ? "" : "name=" + quoted(description.name)
    guard !lines.isEmpty else { return "\(variable) = \(style.sequential)(\(name))" }
    let body = lines.map { "    \($0),\n" }.joined()
    return "\(variable) = \(style.sequential)([\n\(body)]\(name.isEmpty ? "" : ", " + name))"
  }

  /// `model.compile(…)`.
  package static func compile(
    _ compilation: Compilation, _ variable: String, _ style: Style = Style()
  ) -> String {
    var parts = [
      "optimizer=" + component(compilation.optimizer, OptimizerCatalog.all, style.optimizer),
      "loss=" + component(compilation.loss, LossCatalog.all, style.loss),
    ]
    if !compilation.metrics.isEmpty {
      let names = compilation.metrics.compactMap { metric -> String? in
        if case .named(let name) = metric { quoted(name) } else { nil }
      }
      parts.append("metrics=[" + names.joined(separator: ", ") + "]")
    }
    return "\(variable).compile(\(parts.joined(separator: ", ")))"
  }

  private static func component(
    _ component: Component, _ catalog: [ComponentClass], _ spelled: (String) -> String
  ) -> String {
    let known = catalog.first { $0.kind == component.kind }
    if let module = known?.module { return "\(module).\(component.kind)" + arguments(component) }
    if component.arguments.spoken.isEmpty, let short = known?.shortNames.first {
      return quoted(short)
    }
    return spelled(component.kind) + arguments(component)
  }

  /// `(64, activation="relu")`: leading arguments by position, the others by name.
  private static func arguments(_ component: Component) -> String {
    let specs = component.arguments.specs
    var parts: [String] = []
    for (name, value) in component.arguments.spoken {
      let isLeading =
        specs.indices.contains(parts.count)
        && specs[parts.count].name == name && !specs[parts.count].keywordOnly
        && specs[parts.count].defaultValue == nil
      parts.append((isLeading ? "" : name + "=") + code(value))
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }

  /// A value as Python writes it.
  package static func code(_ value: ArgumentValue) -> String {
    switch value {
    case .none: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .integer(let i): "\(i)"
    case .number(let x):
      x.isFinite ? PythonFormat.number(x) : "float(\(quoted(PythonFormat.number(x))))"
    case .text(let text): quoted(text)
    case .integers(let all):
      all.count == 1
        ? "(\(all[0]),)" : "(" + all.map(String.init).joined(separator: ", ") + ")"
    case .list(let all): "[" + all.map(code).joined(separator: ", ") + "]"
    case .tensor(let tensor): code(tensor)
    case .component(let component): component.kind + arguments(component)
    }
  }

  /// An array as nested lists; each number as short as Float32 allows.
  private static func code(_ tensor: Tensor) -> String {
    guard let count = tensor.shape.extents.first else {
      return code(.number(Double("\(tensor.scalars[0])") ?? 0))
    }
    let inner = Shape(Array(tensor.shape.extents.dropFirst()))
    let parts = (0..<count).map { i in
      code(
        Tensor(
          shape: inner, scalars: Array(tensor.scalars[i * inner.count..<(i + 1) * inner.count])))
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String { PythonFormat.quoted(text, "\"") }
}
