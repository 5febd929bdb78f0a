import KerasCode
import NeuralNets
import Tensors

/// The Keras code of a network: the model file, and what the code panel shows of it.
enum KerasSource {
  /// One line, and the line of the layer list that it is about.
  struct Line: Hashable, Sendable {
    let text: String
    let about: Int?
  }

  /// The model file: the one that was opened with its network written anew, else a whole program.
  static func text(of workpiece: Workpiece) -> String {
    (try? rewritten(workpiece)) ?? Printer.program(workpiece.model)
  }

  /// The file that was opened, its comments, data and fit kept; nil when there is none.
  ///
  /// - Throws: when its other statements cannot be kept.
  static func rewritten(_ workpiece: Workpiece) throws -> String? {
    guard let source = workpiece.source else { return nil }
    return try ModelFile.read(source, file: workpiece.fileName).rewritten(with: workpiece.model)
  }

  /// The statements that make and compile the network, as the panel shows them.
  static func lines(of model: ModelDescription) -> [Line] {
    let first = model.inputShape == nil ? 1 : 0
    let layers = model.layers.count
    let made = Printer.model(model, "model").split(separator: "\n").map(String.init)
    let lines = made.enumerated().map { i, text in
      let about = i - 1 + first
      return Line(text: text, about: i > 0 && about <= layers && i < made.count - 1 ? about : nil)
    }
    guard let compilation = model.compilation else { return lines }
    // The file has it in one line, which no panel is wide enough for.
    let compiled = Printer.compile(compilation, "model")
      .replacing("compile(", with: "compile(\n    ", maxReplacements: 1)
      .replacing(", loss=", with: ",\n    loss=").replacing(", metrics=", with: ",\n    metrics=")
    return lines + compiled.split(separator: "\n").map { Line(text: String($0), about: layers + 1) }
  }

  /// A layer as code: `Dense(16, activation="tanh")`.
  static func call(_ layer: Component) -> String {
    var style = ModelDescription()
    style.layers = [layer]
    let line = lines(of: style).first { $0.about == 1 }?.text ?? layer.kind
    return line.trimmed.replacing("layers.", with: "", maxReplacements: 1).dropLast(while: {
      $0 == ","
    })
  }

  /// The network that a piece of Keras code makes; imports may be left out.
  ///
  /// - Throws: a `Diagnostic` that says where the code is not understood.
  static func network(in code: String) throws -> ModelDescription {
    let budget = Evaluator.Budget(steps: 200_000, numbers: 1_000_000, containers: 100_000)
    do { return try ModelFile.read(code, file: "pasted", budget: budget).description } catch {
      guard !code.contains("import") else { throw error }
      let kinds = LayerCatalog.all.map { $0.kind }.joined(separator: ", ")
      let imports =
        "import keras\nfrom keras import layers, Sequential, Input\n"
        + "from keras.layers import \(kinds)\n"
      guard let file = try? ModelFile.read(imports + code, file: "pasted", budget: budget) else {
        throw error
      }
      return file.description
    }
  }
}

extension String {
  fileprivate func dropLast(while isDropped: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isDropped(last) { text.removeLast() }
    return text
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
    case .list(let all): all.map { Self.value($0) }.joined(separator: ", ")
    case .tensor(let tensor): "\(tensor.count) numbers"
    case .component(let component): component.kind
    }
  }

  /// What sets a layer apart, in a few words: `16 · tanh`.
  static func summary(of layer: Component) -> String {
    let spoken = layer.arguments.spoken
    let pool = layer.arguments["pool_size"]
    let isPlainPool = pool != .none && !spoken.contains { $0.name == "pool_size" }
    let said = isPlainPool ? [(name: "pool_size", value: pool)] + spoken : spoken
    return said.compactMap { name, value in
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
