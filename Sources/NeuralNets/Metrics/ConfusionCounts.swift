import Tensors

/// How often predictions above a threshold are right or wrong, for several thresholds and, if asked,
/// for each label by itself.
struct ConfusionCounts: Sendable {
  let thresholds: [Float]
  /// Whether thresholds lie evenly from 0 to 1, so that one look says which of them are below.
  private let isEven: Bool
  /// Whether the first lies below 0 and the last above 1.
  private let reachesBeyond: Bool
  /// How many labels are counted by themselves; 1 when all are taken together.
  private(set) var labels = 1
  /// One number for each threshold, and for each label within it.
  private(set) var truePositives: [Double]
  private(set) var falsePositives: [Double]
  private(set) var trueNegatives: [Double]
  private(set) var falseNegatives: [Double]

  /// - Parameter beyond: whether 0 and 1 stand for thresholds below and above all predictions.
  init(_ thresholds: [Double], beyond: Bool = false) {
    isEven = Self.isEven(thresholds)
    reachesBeyond = beyond
    var all = thresholds.map { Float($0) }
    if beyond, all.count > 1 {
      all[0] = Float(-1e-7)
      all[all.count - 1] = Float(1 + 1e-7)
    }
    self.thresholds = all
    truePositives = [Double](repeating: 0, count: all.count)
    falsePositives = truePositives
    trueNegatives = truePositives
    falseNegatives = truePositives
  }

  /// n thresholds from 0 to 1.
  static func even(_ n: Int, beyond: Bool = false) -> ConfusionCounts {
    guard n > 1 else { return ConfusionCounts([0.5], beyond: beyond) }
    return ConfusionCounts((0..<n).map { Double($0) / Double(n - 1) }, beyond: beyond)
  }

  /// Keras's test: `|aᵢ − i/(n−1)| ≤ 1e-7 + 1e-5·i/(n−1)`.
  private static func isEven(_ thresholds: [Double]) -> Bool {
    guard thresholds.count > 2 else { return false }
    return thresholds.enumerated().allSatisfy { i, threshold in
      let even = Double(i) / Double(thresholds.count - 1)
      return abs(threshold - even) <= 1e-7 + 1e-5 * even
    }
  }

  mutating func reset() {
    let zeros = [Double](repeating: 0, count: thresholds.count * labels)
    (truePositives, falsePositives) = (zeros, zeros)
    (trueNegatives, falseNegatives) = (zeros, zeros)
  }

  /// Counts each label by itself from now on.
  mutating func separate(_ count: Int) {
    guard labels != count else { return }
    labels = count
    reset()
  }

  /// Adds predictions with their targets, 0 or 1, and weights, each label's numbers in turn.
  mutating func add(_ predictions: [Float], _ targets: [Float], _ weights: [Float]?) {
    if isEven {
      addByBuckets(predictions, targets, weights)
    } else {
      addByThresholds(predictions, targets, weights)
    }
  }

  private mutating func addByThresholds(
    _ predictions: [Float], _ targets: [Float], _ weights: [Float]?
  ) {
    for (i, threshold) in thresholds.enumerated() {
      for j in predictions.indices {
        let place = i * labels + j % labels
        let weight = weights.map { Double($0[j]) } ?? 1
        switch (predictions[j] > threshold, targets[j] != 0) {
        case (true, true): truePositives[place] += weight
        case (true, false): falsePositives[place] += weight
        case (false, true): falseNegatives[place] += weight
        case (false, false): trueNegatives[place] += weight
        }
      }
    }
  }

  /// A prediction p lies above the thresholds 0 … ⌈p·(n − 1)⌉ − 1.
  private mutating func addByBuckets(
    _ predictions: [Float], _ targets: [Float], _ weights: [Float]?
  ) {
    let count = thresholds.count
    var positives = [Double](repeating: 0, count: count * labels)
    var negatives = positives
    var totals = (positives: [Double](repeating: 0, count: labels), negatives: [Double]())
    totals.negatives = totals.positives
    for j in predictions.indices {
      let label = j % labels
      let weight = weights.map { Double($0[j]) } ?? 1
      let isPositive = targets[j] != 0
      if isPositive {
        totals.positives[label] += weight
      } else {
        totals.negatives[label] += weight
      }
      guard let bucket = bucket(of: predictions[j]) else { continue }
      if isPositive {
        positives[bucket * labels + label] += weight
      } else {
        negatives[bucket * labels + label] += weight
      }
    }
    for label in 0..<labels {
      var (above, wronglyAbove) = (0.0, 0.0)
      for i in stride(from: count - 1, through: 0, by: -1) {
        let place = i * labels + label
        above += positives[place]
        wronglyAbove += negatives[place]
        truePositives[place] += above
        falsePositives[place] += wronglyAbove
        falseNegatives[place] += totals.positives[label] - above
        trueNegatives[place] += totals.negatives[label] - wronglyAbove
      }
    }
  }

  /// The last threshold below a prediction; nil when none is, or when it is no number.
  private func bucket(of prediction: Float) -> Int? {
    guard !prediction.isNaN else { return nil }
    let place = (min(max(prediction, 0), 1) * Float(thresholds.count - 1)).rounded(.up) - 1
    if place < 0 { return reachesBeyond ? 0 : nil }
    return Int(place)
  }
}

extension ConfusionCounts {
  /// `tp / (tp + fp)`
  var precisions: [Double] { Self.shares(truePositives, falsePositives) }
  /// `tp / (tp + fn)`
  var recalls: [Double] { Self.shares(truePositives, falseNegatives) }
  /// `tn / (tn + fp)`
  var specificities: [Double] { Self.shares(trueNegatives, falsePositives) }
  /// `fp / (fp + tn)`
  var fallouts: [Double] { Self.shares(falsePositives, trueNegatives) }

  private static func shares(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { quotient($0, $0 + $1) }
  }
}
