import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics

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
    let file = try ModelFile.read(source, file: workpiece.fileName, keepsMisfits: true)
    return try file.rewritten(with: workpiece.model)
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

  /// The same; a program with classes of its own, which no list of layers says, as it was written.
  static func lines(of workpiece: Workpiece) -> [Line] {
    let lines = lines(of: workpiece.model)
    guard lines.allSatisfy({ $0.about == nil }), let source = workpiece.source else { return lines }
    return source.split(separator: "\n", omittingEmptySubsequences: false).map {
      Line(text: String($0), about: nil)
    }
  }

  /// The statements that make the network, without modules: to be read, not run.
  static func shortLines(of model: ModelDescription) throws -> [String] {
    try Printer.lines(model, "model").map { CodePanel.shortened($0.text) }
  }

  /// A layer as code: `Dense(16, activation="tanh")`.
  static func call(_ layer: Component) -> String { Printer.call(layer) }

  /// What a short program may name without importing it.
  private static var imports: String {
    let kinds = LayerCatalog.all.map { $0.kind }.joined(separator: ", ")
    return "import keras\nimport numpy as np\n"
      + "from keras import layers, activations, constraints, initializers, regularizers, ops, "
      + "Sequential, Model, Input\n"
      + "from keras.layers import \(kinds)\n"
  }

  private static var budget: Evaluator.Budget {
    Evaluator.Budget(steps: 200_000, numbers: 1_000_000, containers: 100_000)
  }

  /// A network after one more line of code; a layer alone is added at the end.
  ///
  /// - Throws: a `Diagnostic` that says where the line is not understood.
  static func network(
    _ model: ModelDescription, after line: String
  ) throws -> ModelDescription {
    let before = imports + (try Printer.program(model)) + "\n"
    func read(_ last: String) throws -> ModelDescription {
      try ModelFile.read(before + last + "\n", file: "line", budget: budget).description
    }
    if !model.isChain, let layer = try? layer(line) { return try appended(layer, to: model) }
    // A layer alone runs, but changes nothing.
    let after = try read(line)
    guard after == model, !line.contains("=") || line.hasSuffix(")") else { return after }
    return (try? read("model.add(\(line))")) ?? after
  }

  /// The layer that a piece of code makes, alone or within `model.add(…)`.
  static func layer(_ code: String) throws -> Component {
    var text = code.trimmed
    while text.hasSuffix(",") { text.removeLast() }
    if text.hasPrefix("model.add("), text.hasSuffix(")") {
      text = String(text.dropFirst("model.add(".count).dropLast())
    }
    let program = imports + "model = keras.Sequential([\(text)])\n"
    let model = try ModelFile.read(program, file: "layer", budget: budget).description
    guard model.layers.count == 1 else { throw Complaint("that is not one layer") }
    return model.layers[0]
  }

  /// A graph with one more layer at its first output.
  private static func appended(
    _ layer: Component, to model: ModelDescription
  ) throws -> ModelDescription {
    let edits = try GraphEdits(model, dataShape: model.inputShape ?? [1])
    let end = model.wiring?.outputs.first ?? .input(0)
    return try edits.adding(layer, after: end).model
  }

  /// A network with the layers that many lines name, each alone or within `model.add(…)`.
  private static func network(
    _ model: ModelDescription, adding lines: [String]
  ) throws -> ModelDescription {
    let added = lines.map { line in
      var bare = line
      while bare.hasSuffix(",") { bare.removeLast() }
      return bare.hasPrefix("model.") ? bare : "model.add(\(bare))"
    }
    guard model.isChain else { throw Complaint("a graph is added to layer by layer") }
    let program = imports + (try Printer.program(model)) + "\n" + added.joined(separator: "\n")
    let after = try ModelFile.read(program + "\n", file: "lines", budget: budget).description
    guard after != model else { throw Complaint("these lines change nothing") }
    return after
  }

  /// The network that a piece of Keras code makes; imports may be left out.
  ///
  /// - Throws: a `CodeMistake` that says where the code is not understood.
  static func network(in code: String) throws -> ModelDescription {
    let before = code.contains("import ") ? "" : imports
    do {
      return try ModelFile.read(before + code, file: "code", budget: budget).description
    } catch let diagnostic as Diagnostic {
      throw CodeMistake(diagnostic, linesBefore: before.count { $0.isNewline })
    }
  }

  /// The network after a text was pasted: a program's model, or this one with layers or lines more.
  ///
  /// - Throws: a `CodeMistake` that says where the code is not understood.
  static func pasted(_ text: String, on model: ModelDescription) throws -> ModelDescription {
    let whole: any Error
    do { return try network(in: text) } catch { whole = error }
    let makesModel = ["Sequential(", "Model(", "import "].contains { text.contains($0) }
    guard !makesModel else { throw whole }
    var result = model
    let lines = text.split(whereSeparator: \.isNewline).map { String($0).trimmed }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    guard !lines.isEmpty, lines.count <= 200 else { throw whole }
    // All at once; line by line only what is short, since each line reads the whole network anew.
    if let all = try? network(model, adding: lines) { return all }
    guard lines.count <= 16 else { throw whole }
    do {
      for line in lines {
        var bare = line
        while bare.hasSuffix(",") { bare.removeLast() }
        result = try network(result, after: bare)
      }
    } catch {
      // A call over several lines is one.
      do { return try network(model, after: text.trimmed) } catch let diagnostic as Diagnostic {
        throw CodeMistake(diagnostic, linesBefore: nil)
      }
    }
    guard result != model else { throw whole }
    return result
  }
}

/// What is wrong in a piece of code, counted in the lines of that piece.
struct CodeMistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1; 0 when no line of the piece is to blame.
  let line: Int
  /// From 1.
  let column: Int
  let width: Int
  let sourceLine: String
  let message: String
  let remedy: String?

  /// - Parameter linesBefore: lines that were put before the piece; nil when its lines are not known.
  init(_ diagnostic: Diagnostic, linesBefore: Int?) {
    line = linesBefore.map { max(0, diagnostic.line - $0) } ?? 0
    column = max(1, diagnostic.column)
    width = diagnostic.width
    sourceLine = diagnostic.sourceLine
    message = diagnostic.message
    remedy = diagnostic.remedy
  }

  var description: String {
    var lines = [line > 0 ? "line \(line), column \(column): \(message)" : message]
    if !sourceLine.isEmpty {
      lines.append("    " + sourceLine)
      lines.append(
        "    " + String(repeating: " ", count: column - 1) + "^"
          + String(repeating: "~", count: max(0, width - 1)))
    }
    if let remedy { lines.append("  " + remedy) }
    return lines.joined(separator: "\n")
  }
}

/// Values of settings in words.
enum SettingText {
  /// As short as it reads back: `0.1`, `3`, `1e-07`.
  static func number(_ x: Double) -> String {
    let text = "\(x)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// With four digits where it has many more: to be read, not to be typed.
  static func brief(_ x: Double) -> String {
    let text = number(x)
    return text.count <= 8 ? text : NumberFormat.compact(x, digits: 4)
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
    case .component(let component):
      LayerCatalog.type(named: component.kind) == nil
        ? component.kind : KerasSource.call(component)
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
      case .number(let x): return SettingText.brief(x)
      // Mean and variance: how many they are says the shape.
      case .tensor: return name
      default: return SettingText.value(value)
      }
    }.joined(separator: " · ")
  }
}
