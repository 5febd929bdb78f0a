import FileFormats
import Foundation
import Tensors

/// What can be done to any data set: fewer examples, noise, wrong labels, outliers, further inputs.
///
/// The same options and seed give the same numbers. All but the further inputs change the training
/// examples alone.
package struct DataOptions: Hashable, Sendable {
  package typealias Failure = FileFailure

  package var seed: UInt64
  /// How many examples there are; all when nil.
  package var examples: Int?
  /// The standard deviation of what is added to each input, measured in that of its column.
  package var noise = 0.0
  /// The share of the examples of a class that is kept; classes left out keep all.
  package var balance: [String: Double] = [:]
  /// The share of the examples that get another class, or the target of another example.
  package var labelNoise = 0.0
  /// The share of the examples that are moved away, and by how many standard deviations.
  package var outliers = 0.0
  package var outlierDistance = 5.0
  package var features: [DerivedFeature] = []

  package init(seed: UInt64 = DatasetLibrary.standardSeed) { self.seed = seed }

  /// Whether they leave data as it is.
  package var areNeutral: Bool {
    var neutral = DataOptions(seed: seed)
    neutral.outlierDistance = outlierDistance
    return self == neutral
  }

  private func random(_ purpose: String) -> CounterRandom {
    CounterRandom(seed: seed, name: "options/\(purpose)")
  }

  /// The data set with these options.
  /// - Throws: `Failure` naming the option that does not fit.
  package func applied(to dataset: Dataset) throws(FileFailure) -> Dataset {
    guard !areNeutral else { return dataset }
    try check(dataset)
    var result = dataset
    let rows = try keptRows(of: dataset)
    if rows.count < dataset.count { result.training = dataset.training.rows(rows) }
    if noise > 0 || outliers > 0 {
      result.training = disturbed(result.training)
      result.range = nil
    }
    if labelNoise > 0 { result.training = mislabeled(result.training, dataset.task) }
    return extended(result)
  }

  // MARK: - Checks

  private func check(_ dataset: Dataset) throws(FileFailure) {
    func refuse(_ found: String, _ right: String) -> FileFailure {
      FileFailure(at: "data set '\(dataset.name)'", found: found, right: right)
    }
    for (name, share) in [("label-noise", labelNoise), ("outliers", outliers)] {
      guard share >= 0 && share <= 1 else {
        throw refuse("\(name) = \(share)", "\(name) is a share from 0 to 1")
      }
    }
    guard noise >= 0 && noise <= 100 else {
      throw refuse("noise = \(noise)", "noise is a number from 0 to 100")
    }
    guard outlierDistance >= 0 && outlierDistance <= 1000 else {
      throw refuse(
        "outlier-distance = \(outlierDistance)", "outlier-distance is a number from 0 to 1000")
    }
    if let examples, !(2...max(2, dataset.count)).contains(examples) {
      throw refuse("examples = \(examples)", "there are \(dataset.count) to take from, 2 at least")
    }
    for (name, share) in balance.sorted(by: { $0.key < $1.key }) {
      let classes = dataset.task.classes ?? []
      guard classes.contains(name) else {
        throw refuse(
          "balance for the class '\(name)'",
          classes.isEmpty
            ? "its targets are no classes"
            : "the classes are " + classes.prefix(50).joined(separator: ", "))
      }
      guard share >= 0 && share <= 1 else {
        throw refuse("balance = \(name):\(share)", "the share to keep is a number from 0 to 1")
      }
    }
    for feature in features {
      guard feature.inputs.allSatisfy({ $0 < dataset.features.count }) else {
        throw refuse("the input \(feature)", "there are x1 to x\(dataset.features.count)")
      }
    }
  }

  // MARK: - Examples

  /// In the order of the data; a class keeps ⌊share · n + ½⌋ of its n examples.
  private func keptRows(of dataset: Dataset) throws(FileFailure) -> [Int] {
    var rows = Array(0..<dataset.count)
    if !balance.isEmpty, let classes = dataset.task.classes, let numbers = dataset.classNumbers {
      var isKept = [Bool](repeating: true, count: rows.count)
      for (number, name) in classes.enumerated() {
        guard let share = balance[name] else { continue }
        let members = rows.filter { numbers[$0] == number }
        let order = random("balance/\(number)").permutation(count: members.count)
        let kept = Int((share * Double(members.count)).rounded())
        for place in order.dropFirst(kept) { isKept[members[place]] = false }
      }
      rows = rows.filter { isKept[$0] }
    }
    if let examples, examples < rows.count {
      let order = random("examples").permutation(count: rows.count)
      rows = order.prefix(examples).sorted().map { rows[$0] }
    }
    guard rows.count >= 2 else {
      throw FileFailure(
        at: "data set '\(dataset.name)'", found: "\(rows.count) examples left",
        right: "keep a larger share of a class")
    }
    return rows
  }

  // MARK: - Numbers

  /// x + noise · σ · normal; an outlier is moved by ±distance · σ as well.
  private func disturbed(_ part: Dataset.Part) -> Dataset.Part {
    let width = part.inputs.shape.extents.dropFirst().reduce(1, *)
    let deviations = (0..<width).map { Moments(of: part.inputs.column($0)).deviation }
    let (spread, side, far) = (random("noise"), random("side"), random("outliers"))
    let count = Int((outliers * Double(part.count)).rounded())
    let moved = Set(far.permutation(count: part.count).prefix(count))
    var scalars = part.inputs.scalars
    for i in scalars.indices {
      let deviation = deviations[i % width]
      if noise > 0 { scalars[i] += Float(noise * deviation * spread.normal(at: i)) }
      guard moved.contains(i / width) else { continue }
      let sign = side.uniform(at: i) < 0.5 ? -1.0 : 1.0
      scalars[i] += Float(sign * outlierDistance * deviation)
    }
    return part.replacing(inputs: Tensor(shape: part.inputs.shape, scalars: scalars))
  }

  private func mislabeled(_ part: Dataset.Part, _ task: Dataset.Task) -> Dataset.Part {
    let (wrong, other) = (random("wrong labels"), random("other labels"))
    let count = Int((labelNoise * Double(part.count)).rounded())
    var scalars = part.targets.scalars
    let width = scalars.count / max(1, part.count)
    for row in wrong.permutation(count: part.count).prefix(count) {
      if let classes = task.classes, width == 1 {
        guard classes.count > 1, let number = scalars[row].classNumber else { continue }
        let step = 1 + Int(other.uniform(at: row) * Double(classes.count - 1))
        scalars[row] = Float((number + step) % classes.count)
      } else {
        let from = Int(other.uniform(at: row) * Double(part.count))
        for place in 0..<width {
          scalars[row * width + place] = part.targets.scalars[from * width + place]
        }
      }
    }
    return part.replacing(targets: Tensor(shape: part.targets.shape, scalars: scalars))
  }

  // MARK: - Inputs

  private func extended(_ dataset: Dataset) -> Dataset {
    guard !features.isEmpty else { return dataset }
    func extended(_ part: Dataset.Part) -> Dataset.Part {
      let width = dataset.features.count
      var scalars: [Float] = []
      scalars.reserveCapacity(part.count * (width + features.count))
      for row in 0..<part.count {
        let first = row * width
        scalars += part.inputs.scalars[first..<first + width]
        scalars += features.map { $0.value { part.inputs.scalars[first + $0] } }
      }
      return part.replacing(
        inputs: Tensor(shape: [part.count, width + features.count], scalars: scalars))
    }
    var result = dataset
    result.training = extended(dataset.training)
    result.validation = dataset.validation.map(extended)
    result.test = dataset.test.map(extended)
    result.features += features.map { $0.name(among: dataset.features) }
    (result.imageShape, result.range) = (nil, nil)
    return result
  }
}
