// What Keras code names besides layers: losses, optimizers, initializers …, each in its family.

/// A class that Keras code may name.
package struct ComponentClass: Sendable {
  /// The Keras class name: `BinaryCrossentropy`.
  package let kind: String
  /// Names that Keras accepts as a string: `binary_crossentropy`, `bce`; the first is how code
  /// writes it when nothing differs from its defaults.
  package let shortNames: [String]
  package let arguments: [ArgumentSpec]
  /// What it does, in one line for the builder.
  package let summary: String
  /// Whether its name as a string stands for it; Keras knows some by their class only.
  package let isNamedAlone: Bool
  /// The module that has it when that is not Keras's own of its family.
  package let module: String?

  package init(
    _ kind: String, _ shortNames: [String] = [], _ arguments: [ArgumentSpec] = [],
    isNamedAlone: Bool = true, module: String? = nil, _ summary: String
  ) {
    self.isNamedAlone = isNamedAlone && module == nil
    self.module = module
    self.kind = kind
    self.shortNames = shortNames
    self.arguments = arguments
    self.summary = summary
  }

  package var shortName: String { shortNames.first ?? kind }

  /// Whether a name alone says enough.
  package var hasDefaults: Bool {
    isNamedAlone && arguments.allSatisfy { $0.defaultValue != nil }
  }

  /// The component with nothing but defaults.
  ///
  /// - Precondition: every argument has one.
  package var standard: Component {
    do { return Component(kind: kind, arguments: try Arguments(arguments)) } catch {
      preconditionFailure("\(kind) cannot be made from its defaults: \(error)")
    }
  }
}

/// A member of a family: the class as code names it, made from checked arguments.
package protocol Catalogued: Sendable {
  static var entry: ComponentClass { get }
  init(_ arguments: Arguments)
}

/// The families of classes that Keras code names in arguments.
package enum ComponentFamily: String, CaseIterable, Hashable, Sendable {
  case activation, constraint, initializer, loss, metric, optimizer, regularizer, schedule

  /// The module of Keras that holds it: `initializers`, `optimizers.schedules`.
  package var module: String {
    switch self {
    case .loss: "losses"
    case .schedule: "optimizers.schedules"
    default: rawValue + "s"
    }
  }

  /// Every class of the family, alphabetical.
  package var classes: [ComponentClass] {
    switch self {
    case .activation: ActivationCatalog.all.map(\.entry)
    case .constraint: ConstraintCatalog.all.map { $0.entry }
    case .initializer: InitializerCatalog.all
    case .loss: LossCatalog.all
    case .metric: MetricCatalog.all
    case .optimizer: OptimizerCatalog.all
    case .regularizer: RegularizerCatalog.all.map { $0.entry }
    case .schedule: ScheduleCatalog.all.map { $0.entry }
    }
  }

  /// The names that stand for each class with its defaults, where it has them all.
  package var names: [String] {
    classes.filter { $0.hasDefaults && $0.isNamedAlone }.map(\.shortName)
  }

  /// The class of a class name or a short name.
  package func named(_ name: String) -> ComponentClass? {
    classes.first { $0.kind == name || $0.shortNames.contains(name) }
  }

  /// An object in the form that arguments keep it: by its short name when nothing differs from the
  /// defaults; nil when it is not of this family.
  package func normalized(_ component: Component) -> ArgumentValue? {
    if component.body != nil { return .component(component) }
    guard let known = classes.first(where: { $0.kind == component.kind }) else { return nil }
    return component.arguments.spoken.isEmpty && known.isNamedAlone
      ? .text(known.shortName) : .component(component)
  }
}
