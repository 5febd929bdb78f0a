import NeuralNets
import Tensors

/// What names of the network, its training and its data mean: they change with the settings alone.
package struct NetworkNames {
  private let settings: RunSettings
  private let network: Network

  package init(_ settings: RunSettings, _ network: Network) {
    (self.settings, self.network) = (settings, network)
  }

  /// The value of a name, nil when it is none of the network.
  /// - Throws: `ExpressionFailure` for a layer or an optimizer that has no such argument.
  package func value(named name: String) throws(ExpressionFailure) -> ExpressionValue? {
    switch name {
    case "layers": return .number(Double(layers.count))
    case "optimizer":
      return settings.model.compilation.map { .text($0.optimizer.kind) }
    case "loss_function":
      return settings.model.compilation.map { .text($0.loss.kind.snakeCased) }
    case "data": return .text(settings.data.name)
    case "examples": return .number(Double(settings.data.training.count))
    case "held_back": return .number(Double(settings.data.validation?.count ?? 0))
    case "steps_per_epoch": return .number(Double(settings.stepsPerEpoch))
    case "shuffle": return .truth(settings.shuffles)
    case "scaled": return .truth(settings.data.scaler != nil)
    default: return try argument(name)
    }
  }

  /// The layers but for what only stands for the input.
  private var layers: [Network.PlacedLayer] { network.layers.filter { $0.kind != "InputLayer" } }

  /// Whether a name is an argument that was given as a whole number, or several: `dense.units`.
  func isWhole(_ name: String) -> Bool {
    guard let (_, argument, component) = owned(name) else { return false }
    switch component.arguments.specs.first(where: { $0.name == argument })
      .map({ component.arguments[$0.name] })
    {
    case .integer, .integers: return true
    default: return false
    }
  }

  /// The component that an argument is of.
  private func owned(
    _ name: String
  ) -> (owner: String, argument: String, component: Component)? {
    guard !name.contains("/"), let dot = name.firstIndex(of: ".") else { return nil }
    let owner = String(name[..<dot])
    let component =
      network.layers.first { $0.name == owner }?.component
      ?? (owner == "optimizer" ? settings.model.compilation?.optimizer : nil)
    return component.map { (owner, String(name[name.index(after: dot)...]), $0) }
  }

  /// `dense.units`, `optimizer.momentum`.
  private func argument(_ name: String) throws(ExpressionFailure) -> ExpressionValue? {
    guard let (owner, argument, component) = owned(name) else { return nil }
    let known = component.arguments.specs.map(\.name)
    guard known.contains(argument) else {
      let near = NameSuggestion.near(argument, among: known)
      throw ExpressionFailure(
        .unknownName, "\(component.kind) has no argument ‘\(argument)’",
        remedy: (near.isEmpty ? known : near).map { "\(owner).\($0)" }.joined(separator: " or "))
    }
    return Self.value(component.arguments[argument])
  }

  private static func value(_ argument: ArgumentValue) -> ExpressionValue {
    switch argument {
    case .none: .text("None")
    case .boolean(let truth): .truth(truth)
    case .integer(let whole): .number(Double(whole))
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .integers(let all):
      .tensor(Tensor(shape: [all.count], scalars: all.map { Float($0) }))
    case .list(let items):
      .tensor(
        Tensor(shape: [items.count], scalars: items.map { Float($0.asNumber ?? .nan) }))
    case .tensor(let tensor): .tensor(tensor)
    case .component(let component): .text(component.kind)
    }
  }

  /// `layers("Dense")`, `parameters("dense")`; nil for another function.
  func value(
    of function: String, _ text: String
  ) throws(ExpressionFailure) -> ExpressionValue? {
    switch function {
    case "layers":
      guard LayerCatalog.type(named: text) != nil || layers.contains(where: { $0.kind == text })
      else {
        throw ExpressionFailure(
          .unknownName, "there is no kind of layer ‘\(text)’",
          remedy: "one as " + (layers.first?.kind ?? "Dense"))
      }
      return .number(Double(layers.count { $0.kind == text }))
    case "parameters":
      guard let layer = network.layers.first(where: { $0.name == text }) else {
        throw ExpressionFailure(
          .unknownName, "there is no layer ‘\(text)’",
          remedy: "one of " + network.layers.map(\.name).joined(separator: ", "))
      }
      return .number(Double(layer.parameterCount))
    default: return nil
    }
  }

  /// The names of this network's own arguments: for completion.
  package static func arguments(of model: ModelDescription) -> [String] {
    let layers = model.named.flatMap { name, layer in
      layer.arguments.specs.filter { $0.isUsual || $0.isPenalty }.map { "\(name).\($0.name)" }
    }
    let optimizer = model.compilation?.optimizer.arguments.specs.filter(\.isUsual)
      .map { "optimizer.\($0.name)" }
    return layers + (optimizer ?? [])
  }
}

extension ArgumentSpec {
  /// What is added to the loss for large weights, or keeps them in bounds.
  fileprivate var isPenalty: Bool {
    name.hasSuffix("_regularizer") || name.hasSuffix("_constraint")
  }
}

/// Texts that mean the same in Keras: `adam` and `Adam`, `mse` and `MeanSquaredError`.
enum TextComparison {
  private static let families: [ComponentFamily] = [
    .loss, .optimizer, .activation, .initializer, .regularizer,
  ]

  static func areEqual(_ a: String, _ b: String) -> Bool {
    a == b || folded(a) == folded(b)
  }

  private static func folded(_ text: String) -> String {
    let kind = families.lazy.compactMap { $0.named(text)?.kind }.first ?? text
    return kind.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }
}
