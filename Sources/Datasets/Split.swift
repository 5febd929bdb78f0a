import FileFormats
import Tensors

/// Which rows are learned from and which are kept to validate with; both in the order of the data.
package struct Split: Hashable, Sendable {
  package typealias Failure = FileFailure

  package let training: [Int]
  package let validation: [Int]

  package init(training: [Int], validation: [Int]) {
    self.training = training
    self.validation = validation
  }

  /// The last rows validate, as `validation_split` of Keras: training keeps ⌊n · (1 - fraction)⌋.
  /// - Throws: `Failure` unless 0 ≤ fraction < 1 and both parts get an example.
  package static func lastRows(
    count: Int, fraction: Double
  ) throws(FileFailure) -> Split {
    try check(count: count, fraction: fraction)
    guard fraction > 0 else { return Split(training: Array(0..<count), validation: []) }
    let kept = Int((Double(count) * (1 - fraction)).rounded(.down))
    guard kept > 0 && kept < count else {
      throw Failure(
        at: "validation split \(fraction)", found: "\(kept) of \(count) examples to learn from",
        right: "choose a fraction that leaves both parts an example")
    }
    return Split(training: Array(0..<kept), validation: Array(kept..<count))
  }

  /// Validation rows drawn by chance, from each class its share: within one example of
  /// fraction · (examples of the class).
  ///
  /// The same seed draws the same rows. Without classes give every row the class 0.
  /// - Throws: `Failure` unless 0 ≤ fraction < 1, and with 2 examples at least.
  package static func stratified(
    classNumbers: [Int], fraction: Double, seed: UInt64
  ) throws(FileFailure) -> Split {
    let count = classNumbers.count
    try check(count: count, fraction: fraction)
    guard fraction > 0 else { return Split(training: Array(0..<count), validation: []) }
    let total = min(max(Int((fraction * Double(count)).rounded()), 1), count - 1)
    let rowsOfClass = Dictionary(grouping: classNumbers.indices) { classNumbers[$0] }
    let classes = rowsOfClass.sorted { $0.key < $1.key }
    let quotas = shares(of: total, among: classes.map { fraction * Double($0.value.count) })
    var isValidation = [Bool](repeating: false, count: count)
    for ((number, rows), quota) in zip(classes, quotas) {
      let random = CounterRandom(seed: seed, name: "split/class \(number)", call: 0)
      for position in random.permutation(count: rows.count).prefix(quota) {
        isValidation[rows[position]] = true
      }
    }
    return Split(
      training: isValidation.indices.filter { !isValidation[$0] },
      validation: isValidation.indices.filter { isValidation[$0] })
  }

  /// Whole numbers that add up to `total`, each its wish rounded down or up: the largest remainders
  /// are rounded up, the first of equal ones.
  private static func shares(of total: Int, among wishes: [Double]) -> [Int] {
    var shares = wishes.map { Int($0) }
    let byRemainder = wishes.indices.sorted {
      let (a, b) = (wishes[$0] - Double(shares[$0]), wishes[$1] - Double(shares[$1]))
      return a == b ? $0 < $1 : a > b
    }
    for position in byRemainder.prefix(max(0, total - shares.reduce(0, +))) {
      shares[position] += 1
    }
    return shares
  }

  private static func check(count: Int, fraction: Double) throws(FileFailure) {
    guard fraction >= 0 && fraction < 1 else {
      throw Failure(
        at: "validation split", found: "\(fraction)", right: "a fraction from 0 to below 1")
    }
    guard count >= 2 || fraction == 0 else {
      throw Failure(
        at: "validation split \(fraction)", found: "\(count) examples",
        right: "it takes 2 to have one in each part")
    }
  }
}

extension Dataset {
  /// The split of the training examples by the data's own rule.
  /// - Throws: as the two kinds of split do.
  package func split(fraction: Double, seed: UInt64) throws(FileFailure) -> Split {
    switch splitRule {
    case .lastRows: try Split.lastRows(count: count, fraction: fraction)
    case .stratified:
      try Split.stratified(
        classNumbers: classNumbers ?? [Int](repeating: 0, count: count), fraction: fraction,
        seed: seed)
    }
  }
}
