import Tensors

/// A loss as code names it, and how it is made from its arguments.
struct LossEntry: Sendable {
  let entry: ComponentClass
  let make: @Sendable (Arguments) -> any LossClass

  /// - Parameters:
  ///   - shortNames: the strings that stand for it, the first as code writes it.
  ///   - own: its own arguments; those of every loss follow.
  ///   - name: its name by default, where that is not its class name in small letters.
  init(
    _ kind: String, _ shortNames: [String], _ own: [ArgumentSpec] = [], _ summary: String,
    name: String? = nil, isNamedAlone: Bool = true,
    _ make: @escaping @Sendable (Arguments) -> any LossClass
  ) {
    self.init(
      kind, shortNames, all: own + ArgumentSpec.ofEveryLoss(name ?? kind.snakeCased), summary,
      isNamedAlone: isNamedAlone, make)
  }

  init(
    _ kind: String, _ shortNames: [String], _ summary: String,
    _ make: @escaping @Sendable (Arguments) -> any LossClass
  ) {
    self.init(kind, shortNames, [], summary, make)
  }

  /// With all arguments, where those of every loss stand elsewhere.
  init(
    _ kind: String, _ shortNames: [String], all arguments: [ArgumentSpec], _ summary: String,
    isNamedAlone: Bool = true, _ make: @escaping @Sendable (Arguments) -> any LossClass
  ) {
    entry = ComponentClass(
      kind, shortNames, arguments, isNamedAlone: isNamedAlone, summary)
    self.make = make
  }
}

/// The losses of Keras, alphabetical: one line registers one.
package enum LossCatalog {
  private static let entries: [LossEntry] = [
    BinaryCrossentropy.entry, BinaryFocalCrossentropy.entry, CategoricalCrossentropy.entry,
    CategoricalFocalCrossentropy.entry, CategoricalGeneralizedCrossEntropy.entry,
    CategoricalHinge.entry, Circle.entry, CosineSimilarity.entry, Overlap.dice, Hinge.entry,
    FormulaLosses.huber, FormulaLosses.klDivergence, FormulaLosses.logCosh,
    FormulaLosses.meanAbsoluteError, FormulaLosses.meanAbsolutePercentageError,
    FormulaLosses.meanSquaredError, FormulaLosses.meanSquaredLogarithmicError,
    FormulaLosses.poisson, SparseCategoricalCrossentropy.entry, Hinge.squared, Overlap.tversky,
  ]

  private static let byKind = Dictionary(
    entries.map { ($0.entry.kind, $0) }, uniquingKeysWith: { first, _ in first })

  package static let all: [ComponentClass] = entries.map(\.entry)

  /// The loss of a class name or a short name.
  package static func named(_ name: String) -> ComponentClass? {
    ComponentFamily.loss.named(name)
  }

  /// - Precondition: the component is a loss of this catalog, or a function of the program's own.
  package static func loss(_ component: Component) -> any LossClass {
    if case .model(let model)? = component.body { return TracedLoss(component.kind, model) }
    guard let known = byKind[component.kind] else {
      preconditionFailure("no loss \(component.kind)")
    }
    return known.make(component.arguments)
  }

  /// Throws when a loss cannot train a network whose examples end in this shape.
  package static func check(
    _ component: Component, output: Shape
  ) throws(LayerFailure) {
    guard component.body != nil || byKind[component.kind] != nil else {
      throw LayerFailure(
        "is compiled with the loss \(component.kind), which is not a loss here",
        remedy: "one of " + all.map(\.kind).joined(separator: ", "))
    }
    let loss = loss(component)
    let prediction = Shape([2] + output.extents)
    do { try loss.check(prediction) } catch {
      throw LayerFailure(
        "is compiled with the loss \(component.kind), which \(error.problem)",
        remedy: error.remedy)
    }
    if LossReduction(component.arguments).kind == .none && !loss.isOneNumber {
      throw LayerFailure(
        "is compiled with a loss that is never reduced to one number (reduction=None)",
        remedy: "reduction=\"sum_over_batch_size\", or \"sum\"")
    }
  }
}
