import Datasets
import Tensors
import TerminalGraphics
import Training

/// A data set as the screen shows it, with what is worked out once and not for every frame.
struct DataPreview: Sendable {
  let dataset: Dataset
  let summaries: [ColumnSummary]
  /// The histograms of the first inputs, class by class.
  let histograms: [[[Int]]]
  /// Pearson's r of all inputs and the target, where there are not too many.
  let correlations: CorrelationMatrix?
  /// Targets that are numbers, the first of each example.
  let target: ColumnSummary?
  let warnings: [DatasetWarning]
  /// Whether an example is held back.
  let isUnseen: [Bool]
  /// Why the data cannot be split as wished.
  let trouble: String?

  static let bins = 20
  private static let mostHistograms = 64
  private static let mostCorrelated = 16

  init(_ dataset: Dataset, _ preparation: DataPreparation) {
    self.dataset = dataset
    summaries = dataset.columnSummaries(bins: Self.bins)
    histograms = dataset.features.indices.prefix(Self.mostHistograms).map {
      dataset.histograms(ofInput: $0, bins: Self.bins)
    }
    let isFew = dataset.features.count <= Self.mostCorrelated && dataset.imageShape == nil
    correlations = isFew ? dataset.correlations() : nil
    target =
      dataset.task.classes == nil
      ? ColumnSummary(
        name: dataset.targetName, numbers: Self.firstTargets(dataset), bins: Self.bins) : nil
    warnings = dataset.warnings
    (isUnseen, trouble) = Self.unseen(dataset, preparation)
  }

  /// The same data split another way.
  init(_ other: DataPreview, _ preparation: DataPreparation) {
    dataset = other.dataset
    summaries = other.summaries
    histograms = other.histograms
    correlations = other.correlations
    target = other.target
    warnings = other.warnings
    (isUnseen, trouble) = Self.unseen(other.dataset, preparation)
  }

  private static func firstTargets(_ dataset: Dataset) -> [Float] {
    let width = max(1, dataset.targets.count / max(1, dataset.count))
    return stride(from: 0, to: dataset.targets.count, by: width).map { dataset.targets.scalars[$0] }
  }

  private static func unseen(
    _ dataset: Dataset, _ preparation: DataPreparation
  ) -> ([Bool], String?) {
    var flags = [Bool](repeating: false, count: dataset.count)
    guard dataset.validation == nil, preparation.unseenShare > 0 else { return (flags, nil) }
    do {
      let split = try dataset.split(
        fraction: preparation.unseenShare, seed: preparation.seed)
      for row in split.validation { flags[row] = true }
      return (flags, nil)
    } catch { return (flags, "\(error)") }
  }

  /// How many examples are held back, a part of its own included.
  var unseenCount: Int { dataset.validation?.count ?? isUnseen.count { $0 } }

  var learnedCount: Int { dataset.count - isUnseen.count { $0 } }

  /// One input of one example.
  func input(_ column: Int, of row: Int) -> Float {
    let width = dataset.exampleShape.count
    let place = row * width + column
    return dataset.inputs.scalars.indices.contains(place) ? dataset.inputs.scalars[place] : .nan
  }

  /// The first target of an example.
  func target(of row: Int) -> Float {
    let width = dataset.targets.count / max(1, dataset.count)
    return dataset.targets.scalars[row * width]
  }

  /// How many classes there are, 1 for data without.
  var groupCount: Int { dataset.task.classes?.count ?? 1 }

  /// The class of an example, 0 for data without classes.
  func group(of row: Int) -> Int {
    guard let classes = dataset.task.classes else { return 0 }
    let number = target(of: row)
    return number >= 0 && number < Float(classes.count) ? Int(number) : 0
  }

  /// The axis of an input or of the target, with a margin.
  static func axis(_ values: [Float]) -> Axis {
    let tight = Axis(fitting: values)
    let margin = (tight.high - tight.low) * 0.05
    return Axis(low: tight.low - margin, high: tight.high + margin)
  }
}
