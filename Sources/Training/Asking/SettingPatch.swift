import NeuralNets
import Tensors

/// One setting of a run with another value, as one asks about it: `learning_rate = 0.01`,
/// `dropout = 0.2`, `activation = tanh`, `dense_1.units = 64`, `optimizer = sgd`, `batch_size = 8`.
package struct SettingPatch: Hashable, Sendable, CustomStringConvertible {
  package let name: String
  package let value: String
  /// Those that are no argument of a layer or of the optimizer.
  static let names = [
    "learning_rate", "batch_size", "epochs", "shuffle", "optimizer", "dropout", "activation",
  ]

  /// What only `set` takes: with another seed, loss or other data a run is no longer compared.
  static let unasked = ["callbacks", "data", "loss", "scale", "seed"]
  /// What `set` takes besides arguments of layers and of the optimizer; the learning rate it sets
  /// in a way of its own, as a what-if.
  package static let settable = (names + unasked).filter { $0 != "learning_rate" }

  package var description: String { "\(name) = \(value)" }

  /// - Throws: `RunFailure` when it is no name with a value.
  package init(_ text: String) throws(RunFailure) {
    let sides = text.split(separator: "=", maxSplits: 1).map {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
      throw RunFailure("'\(text)' for a setting", remedy: "as learning_rate = 0.01")
    }
    name = sides[0]
    value = sides[1].trimmingQuotes
  }

  /// The settings with it.
  /// - Throws: `RunFailure` when there is no such setting, or it cannot have this value.
  package func applied(to settings: RunSettings) throws(RunFailure) -> RunSettings {
    var changed = settings.asFirst
    switch name {
    case "batch_size": changed.batchSize = try whole(in: 1...1_000_000)
    case "epochs": changed.epochs = try whole(in: 1...1_000_000_000)
    case "shuffle": changed.shuffles = try truth()
    case "learning_rate", "lr": try set("learning_rate", &changed.model.compilation)
    case "optimizer": changed.model.compilation?.optimizer = try optimizer()
    case "loss": try setLoss(&changed.model.compilation)
    case "seed": changed.seed = UInt64(try whole(in: 0...1_000_000))
    case "callbacks": try dropCallbacks(&changed.callbacks)
    case "dropout": changed.model = try droppingOut(changed.model)
    case "activation": changed.model = try activating(changed.model)
    default:
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw unknown(settings.model) }
      if parts[0] == "optimizer" {
        try set(parts[1], &changed.model.compilation)
      } else if let place = changed.callbacks.components.firstIndex(where: { $0.kind == parts[0] })
      {
        let callback = changed.callbacks.components[place]
        changed.callbacks.components[place].arguments = try setting(
          parts[1], in: callback.arguments, of: callback.kind)
      } else {
        try set(parts[1], ofLayer: parts[0], &changed.model)
      }
    }
    guard
      changed.model != settings.model || changed.batchSize != settings.batchSize
        || changed.epochs != settings.epochs || changed.shuffles != settings.shuffles
        || changed.seed != settings.seed || changed.callbacks != settings.callbacks
    else { throw RunFailure("\(self) is how it is", remedy: "another value") }
    return changed.withFittingWeights
  }

  // MARK: Values

  private var number: ArgumentValue { ComponentText.scalar(value) }

  /// The value of an argument: of one that takes objects also a call, as `L2(0.03)`.
  private func argumentValue(_ spec: ArgumentSpec?) throws(RunFailure) -> ArgumentValue {
    let family: ComponentFamily? =
      switch spec?.kind {
      case .component(let family): family
      case .rate: .schedule
      default: nil
      }
    guard let family else { return number }
    do throws(ComponentText.Failure) {
      if let component = try ComponentText.call(value, family) { return .component(component) }
    } catch { throw RunFailure("\(self): \(error.problem)", remedy: error.remedy) }
    // Keras knows `L2` also as `l2`.
    if case .text(let name) = number, family.named(name) == nil,
      let known = family.classes.first(where: { $0.kind.lowercased() == name.lowercased() })
    {
      return .text(known.shortName)
    }
    return number
  }

  private func whole(in range: ClosedRange<Int>) throws(RunFailure) -> Int {
    guard case .integer(let whole) = number, range.contains(whole) else {
      throw RunFailure(
        "\(self)", remedy: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  private func truth() throws(RunFailure) -> Bool {
    guard case .boolean(let value) = number else {
      throw RunFailure("\(self)", remedy: "True or False")
    }
    return value
  }

  private func optimizer() throws(RunFailure) -> Component {
    guard let known = ComponentFamily.optimizer.named(value), known.hasDefaults else {
      throw RunFailure(
        "there is no optimizer '\(value)'",
        remedy: "one of " + ComponentFamily.optimizer.names.joined(separator: ", "))
    }
    return known.standard
  }

  /// They are a program's: here they can only be taken away, all or one by its kind.
  private func dropCallbacks(_ callbacks: inout RunCallbacks) throws(RunFailure) {
    guard number == .none else {
      throw RunFailure(
        "\(self)", remedy: "callbacks = None, or an argument of one as EarlyStopping.patience = 5")
    }
    callbacks = RunCallbacks()
  }

  private func setLoss(_ compilation: inout Compilation?) throws(RunFailure) {
    guard compilation != nil else {
      throw RunFailure("the model is not compiled", remedy: "model.compile(…)")
    }
    guard let known = ComponentFamily.loss.named(value), known.hasDefaults else {
      throw RunFailure(
        "there is no loss '\(value)'",
        remedy: "one of " + ComponentFamily.loss.names.joined(separator: ", "))
    }
    compilation?.loss = known.standard
  }

  // MARK: Layers

  private func set(_ argument: String, _ compilation: inout Compilation?) throws(RunFailure) {
    guard var optimizer = compilation?.optimizer else {
      throw RunFailure("the model is not compiled", remedy: "model.compile(…)")
    }
    optimizer.arguments = try setting(argument, in: optimizer.arguments, of: optimizer.kind)
    compilation?.optimizer = optimizer
  }

  private func set(
    _ argument: String, ofLayer layer: String, _ model: inout ModelDescription
  ) throws(RunFailure) {
    guard let place = model.layerNames.firstIndex(of: layer) else { throw unknown(model) }
    model.layers[place].arguments = try setting(
      argument, in: model.layers[place].arguments, of: model.layers[place].kind)
  }

  private func setting(
    _ argument: String, in arguments: Arguments, of kind: String
  ) throws(RunFailure) -> Arguments {
    var changed = arguments
    let value = try argumentValue(arguments.specs.first { $0.name == argument })
    do throws(Arguments.Failure) {
      try changed.set(argument, value)
      return changed
    } catch {
      guard case .unsuitable(let spec, _) = error else {
        throw RunFailure(
          "\(kind) has no argument \(argument)",
          remedy: "one of " + arguments.specs.map(\.name).joined(separator: ", "))
      }
      throw RunFailure("\(self)", remedy: spec.expectation)
    }
  }

  /// Every Dropout layer gets the rate; where there is none, one comes behind every hidden layer that
  /// has an activation (N. Srivastava et al., JMLR 15, 2014, section 4).
  private func droppingOut(_ model: ModelDescription) throws(RunFailure) -> ModelDescription {
    var changed = model
    let known = changed.layers.indices.filter { changed.layers[$0].kind == "Dropout" }
    for place in known {
      changed.layers[place].arguments = try setting(
        "rate", in: changed.layers[place].arguments, of: "Dropout")
    }
    if !known.isEmpty { return changed }
    guard changed.isChain, let type = LayerCatalog.type(named: "Dropout") else {
      throw RunFailure(
        "the network has no Dropout layer", remedy: "one in it, whose rate is then asked about")
    }
    let hidden = changed.layers.indices.dropLast().filter { Self.isActive(changed.layers[$0]) }
    guard !hidden.isEmpty else {
      throw RunFailure("no hidden layer has an activation", remedy: "a network with one")
    }
    let arguments: Arguments
    do throws(Arguments.Failure) {
      arguments = try Arguments(type.arguments, keywords: [("rate", number)])
    } catch { throw RunFailure("\(self)", remedy: "a number from 0 to 1") }
    for place in hidden.reversed() {
      changed.layers.insert(Component(kind: "Dropout", arguments: arguments), at: place + 1)
    }
    return changed
  }

  /// Every hidden layer that has an activation gets this one.
  private func activating(_ model: ModelDescription) throws(RunFailure) -> ModelDescription {
    var changed = model
    let hidden = changed.layers.indices.dropLast().filter { Self.isActive(changed.layers[$0]) }
    guard !hidden.isEmpty else {
      throw RunFailure("no hidden layer has an activation", remedy: "LAYER.activation = \(value)")
    }
    for place in hidden {
      changed.layers[place].arguments = try setting(
        "activation", in: changed.layers[place].arguments, of: changed.layers[place].kind)
    }
    return changed
  }

  private static func isActive(_ layer: Component) -> Bool {
    switch layer.arguments["activation"] {
    case .none, .text("linear"): false
    default: true
    }
  }

  private func unknown(_ model: ModelDescription) -> RunFailure {
    let known = Self.names + Self.unasked
    let near = NameSuggestion.near(name, among: known + model.layerNames)
    return RunFailure(
      "there is no setting '\(name)'",
      remedy: near.isEmpty
        ? known.joined(separator: ", ") + ", or LAYER.ARGUMENT as "
          + (model.layerNames.first ?? "dense") + ".units"
        : near.map { "'\($0)'" }.joined(separator: " or "))
  }
}
