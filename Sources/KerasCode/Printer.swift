import NeuralNets
import Tensors

/// Writes a model description as Keras code, as Keras users write it.
package enum Printer {
  /// Why a model cannot be written as code of Keras alone.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// How a program names what it uses: with a module before it, or bare.
  package struct Style: Sendable {
    var sequential = "keras.Sequential"
    var model = "keras.Model"
    var input = "keras.Input"
    var ops = "keras.ops"
    var array = "np.array"
    /// The name of a class by its home and its own name: `layers`, `Dense`.
    var member: @Sendable (_ home: String, _ kind: String) -> String = { home, kind in
      (CodeWriter.bareHomes.contains(home) ? "" : "keras.") + home + "." + kind
    }
    /// Whether a chain is written with calls of tensors; nil leaves it to its name.
    var isFunctional: Bool?
    /// Names that mean something else in the program.
    var reserved: Set<String> = []

    package init() {}
  }

  /// One line of code.
  package struct Line: Hashable, Sendable {
    package let text: String
    /// The place of the layer that it is about, if it is about one.
    package let layer: Int?
    /// Whether it makes an input of the model.
    package var isInput = false
  }

  /// A whole file: imports, the model, compile.
  ///
  /// - Throws: when the model has parts that only a program's own code makes.
  package static func program(
    _ description: ModelDescription, variable: String = "model"
  ) throws(Failure) -> String {
    var writer = CodeWriter(Style())
    let made = try writer.model(description, variable).map(\.text).joined(separator: "\n")
    let compiled = try description.compilation.map { compilation throws(Failure) in
      try writer.compile(compilation, variable, outputs: description.outputNames)
    }
    let homes = writer.homes.filter(CodeWriter.bareHomes.contains).union(["layers"]).sorted()
    var imports = "import keras\nfrom keras import \(homes.joined(separator: ", "))"
    if writer.usesArrays { imports = "import numpy as np\n" + imports }
    imports += writer.modules.sorted().map { "\nimport " + $0 }.joined()
    return [imports, made, compiled].compactMap(\.self).joined(separator: "\n\n") + "\n"
  }

  /// The statements that make the model, line by line.
  package static func lines(
    _ description: ModelDescription, _ variable: String, _ style: Style = Style()
  ) throws(Failure) -> [Line] {
    var writer = CodeWriter(style)
    return try writer.model(description, variable)
  }

  /// `model.compile(…)`.
  package static func compile(
    _ description: ModelDescription, _ variable: String, _ style: Style = Style()
  ) throws(Failure) -> String? {
    var writer = CodeWriter(style)
    guard let compilation = description.compilation else { return nil }
    return try writer.compile(compilation, variable, outputs: description.outputNames)
  }

  /// A layer by itself, without its module: `Dense(16, activation="tanh")`.
  package static func call(_ layer: Component) -> String {
    var style = Style()
    style.member = { home, kind in home == "layers" ? kind : home + "." + kind }
    var writer = CodeWriter(style)
    writer.namesLayers = false
    return (try? writer.call(layer, "layers")) ?? layer.kind
  }

  /// A value as Python writes it, in words where no code makes it.
  package static func code(_ value: ArgumentValue) -> String {
    var writer = CodeWriter(Style())
    writer.namesLayers = false
    if let code = try? writer.code(value, home: "layers") { return code }
    if case .component(let component) = value { return component.kind }
    return "an object"
  }
}

extension ModelDescription {
  /// What the outputs are called: by their keys in a dict, else as the layers that give them.
  package var outputNames: [String] {
    let names = layerNames
    guard let wiring else { return [names.last ?? name] }
    if wiring.outputKeys.count == wiring.outputs.count { return wiring.outputKeys }
    return wiring.outputs.map { source in
      guard case .call(let call, _) = source else { return "" }
      return names[wiring.calls[call].layer]
    }
  }

  /// Whether it is a model of tensors, by its wiring or by the name that it got as one.
  var isFunctional: Bool { wiring != nil || name.isCounted(from: "functional") }
}

extension String {
  /// Whether it is a name that Keras counts: `functional`, `functional_1`.
  func isCounted(from base: String) -> Bool {
    guard hasPrefix(base) else { return false }
    let rest = dropFirst(base.count)
    return rest.isEmpty || (rest.first == "_" && Int(rest.dropFirst()) != nil)
  }
}
