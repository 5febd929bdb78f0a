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
    if let kept = try? rewritten(workpiece) { return kept }
    do { return try Printer.program(workpiece.model) } catch {
      return workpiece.source ?? "# \(error.description)\n"
    }
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
    do {
      let lines = try Printer.lines(model, "model").map {
        Line(text: $0.text, about: $0.layer.map { $0 + 1 } ?? ($0.isInput ? 0 : nil))
      }
      guard let compiled = try Printer.compile(model, "model") else { return lines }
      // The file has it in one line, which no panel is wide enough for.
      let broken = [", loss=", ", loss_weights=", ", metrics=", ", weighted_metrics="].reduce(
        compiled.replacing("compile(", with: "compile(\n    ", maxReplacements: 1)
      ) { $0.replacing($1, with: ",\n    " + $1.dropFirst(2)) }
      return lines
        + broken.split(separator: "\n").map {
          Line(text: String($0), about: model.layers.count + 1)
        }
    } catch { return [Line(text: "# \(error.description)", about: nil)] }
  }

  /// A layer as code: `Dense(16, activation="tanh")`.
  static func call(_ layer: Component) -> String { Printer.call(layer) }

  /// What a short program may name without importing it.
  private static var imports: String {
    let kinds = LayerCatalog.all.map { $0.kind }.joined(separator: ", ")
    return "import keras\nimport numpy as np\nfrom keras import layers, Sequential, Input\n"
      + "from keras.layers import \(kinds)\n"
  }

  /// A network after one more line of code; a layer alone is added at the end.
  ///
  /// - Throws: a `Diagnostic` that says where the line is not understood.
  static func network(
    _ model: ModelDescription, after line: String
  ) throws -> ModelDescription {
    let budget = Evaluator.Budget(steps: 200_000, numbers: 1_000_000, containers: 100_000)
    let before = imports + (try Printer.program(model)) + "\n"
    func read(_ last: String) throws -> ModelDescription {
      try ModelFile.read(before + last + "\n", file: "line", budget: budget).description
    }
    // A layer alone runs, but changes nothing.
    let after = try read(line)
    guard after == model, !line.contains("=") || line.hasSuffix(")") else { return after }
    return (try? read("model.add(\(line))")) ?? after
  }

  /// The network that a piece of Keras code makes; imports may be left out.
  ///
  /// - Throws: a `Diagnostic` that says where the code is not understood.
  static func network(in code: String) throws -> ModelDescription {
    let budget = Evaluator.Budget(steps: 200_000, numbers: 1_000_000, containers: 100_000)
    do { return try ModelFile.read(code, file: "pasted", budget: budget).description } catch {
      guard !code.contains("import") else { throw error }
      guard let file = try? ModelFile.read(imports + code, file: "pasted", budget: budget) else {
        throw error
      }
      return file.description
    }
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
