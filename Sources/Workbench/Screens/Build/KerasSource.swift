import NeuralNets
import Tensors

/// The Keras code of a network, line by line.
enum KerasSource {
  /// One line, and the line of the layer list that it is about.
  struct Line: Hashable, Sendable {
    let text: String
    let about: Int?
  }

  static func text(of workpiece: Workpiece) -> String {
    text(of: workpiece.model)
  }

  static func text(of model: ModelDescription) -> String {
    let head = ["import keras", "from keras import layers", ""]
    return (head + lines(of: model).map(\.text)).joined(separator: "\n") + "\n"
  }

  /// The statements that make the network.
  static func lines(of model: ModelDescription) -> [Line] {
    var lines = [Line(text: "model = keras.Sequential([", about: nil)]
    if let shape = model.inputShape {
      lines.append(Line(text: "    keras.Input(shape=\(shape.tuple)),", about: 0))
    }
    for (i, layer) in model.layers.enumerated() {
      lines.append(Line(text: "    layers.\(call(layer)),", about: i + 1))
    }
    let name = model.name == "sequential" ? "" : ", name=\(quoted(model.name))"
    lines.append(Line(text: "]\(name))", about: nil))
    guard let compilation = model.compilation else { return lines }
    let about = model.layers.count + 1
    let loss = LossCatalog.named(compilation.loss.kind)?.shortNames.first
    let optimizer = "keras.optimizers.\(call(compilation.optimizer))"
    lines += [
      Line(text: "model.compile(", about: about),
      Line(text: "    optimizer=\(optimizer),", about: about),
      Line(text: "    loss=\(quoted(loss ?? compilation.loss.kind)),", about: about),
    ]
    if !compilation.metrics.isEmpty {
      let metrics = compilation.metrics.map(quoted).joined(separator: ", ")
      lines.append(Line(text: "    metrics=[\(metrics)],", about: about))
    }
    return lines + [Line(text: ")", about: about)]
  }

  /// `Dense(16, activation="tanh")`: what must be given by position, the rest by name.
  static func call(_ component: Component) -> String {
    let arguments = component.arguments
    let words = arguments.spoken.map { name, value in
      let spec = arguments.specs.first { $0.name == name }
      let isPositional = spec?.defaultValue == nil && spec?.keywordOnly == false
      return isPositional ? literal(value) : "\(name)=\(literal(value))"
    }
    return "\(component.kind)(\(words.joined(separator: ", ")))"
  }

  private static func literal(_ value: ArgumentValue) -> String {
    switch value {
    case .none: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .integer(let i): "\(i)"
    case .number(let x): SettingText.number(x)
    case .text(let text): quoted(text)
    case .integers(let all):
      if all.count == 2, all[0] == all[1] {
        "\(all[0])"
      } else {
        "(" + all.map(String.init).joined(separator: ", ") + (all.count == 1 ? ",)" : ")")
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    "\""
      + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n") + "\""
  }
}

/// Values of settings in words.
enum SettingText {
  /// As short as it reads back: `0.1`, `3`, `1e-07`.
  static func number(_ x: Double) -> String {
    let text = "\(x)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func value(_ value: ArgumentValue) -> String {
    switch value {
    case .none: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .integer(let i): "\(i)"
    case .number(let x): number(x)
    case .text(let text): text
    case .integers(let all): all.map(String.init).joined(separator: " × ")
    }
  }

  /// What sets a layer apart, in a few words: `16 · tanh`.
  static func summary(of layer: Component) -> String {
    layer.arguments.spoken.compactMap { name, value in
      if name == "name" || name.hasSuffix("_initializer") { return nil }
      switch value {
      case .boolean(let flag): return flag ? name : "no \(name.replacing("use_", with: ""))"
      case .integers(let all):
        return name == "strides" ? "stride \(all[0])" : all.map(String.init).joined(separator: "×")
      default: return SettingText.value(value)
      }
    }.joined(separator: " · ")
  }
}
