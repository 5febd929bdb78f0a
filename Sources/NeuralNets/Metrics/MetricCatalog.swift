/// The metrics, alphabetical: one line registers one.
package enum MetricCatalog {
  package static let kinds: [MetricKind] = [
    .auc, .accuracy, .binaryAccuracy, .binaryCrossentropy, .binaryIoU, .categoricalAccuracy,
    .categoricalCrossentropy, .categoricalHinge, .concordanceCorrelation, .cosineSimilarity,
    .f1Score, .fBetaScore, .falseNegatives, .falsePositives, .hinge, .ioU, .klDivergence,
    .logCoshError, .mean, .meanAbsoluteError, .meanAbsolutePercentageError, .meanIoU,
    .meanSquaredError, .meanSquaredLogarithmicError, .oneHotIoU, .oneHotMeanIoU,
    .pearsonCorrelation, .poisson, .precision, .precisionAtRecall, .r2Score, .recall,
    .recallAtPrecision, .rootMeanSquaredError, .sensitivityAtSpecificity,
    .sparseCategoricalAccuracy, .sparseCategoricalCrossentropy, .sparseTopKCategoricalAccuracy,
    .specificityAtSensitivity, .squaredHinge, .sum, .topKCategoricalAccuracy, .trueNegatives,
    .truePositives,
  ]

  package static let all: [ComponentClass] = kinds.map(\.entry)

  private static let byName: [String: MetricKind] = {
    var names: [String: MetricKind] = [:]
    for kind in kinds {
      for name in [kind.entry.kind] + kind.entry.shortNames { names[name] = kind }
    }
    return names
  }()

  /// The metric of a class name or a short name.
  package static func named(_ name: String) -> MetricKind? { byName[name] }

  /// The metric that a component describes, with nothing gathered.
  ///
  /// A function of the program is made into one by `MeanMetric(of:)`, from what it gives for each
  /// example.
  package static func metric(_ component: Component) throws(MetricFailure) -> any MetricClass {
    if case .model(let model)? = component.body { return TracedMetric.metric(model) }
    guard let kind = named(component.kind) else {
      throw MetricFailure(
        "is not one of keras.metrics", remedy: "\"accuracy\", or another metric of Keras",
        metric: component.kind)
    }
    do { return try kind.make(component.arguments) } catch { throw error.named(component.kind) }
  }
}
