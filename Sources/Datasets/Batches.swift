import Tensors

/// The rows of each batch of each epoch. The last batch of an epoch may be short.
package struct Batches: Hashable, Sendable {
  /// The rows to draw from, such as the training part of a split.
  package let rows: [Int]
  package let batchSize: Int
  package let seed: UInt64
  package let isShuffled: Bool

  package init(rows: [Int], batchSize: Int, seed: UInt64, isShuffled: Bool = true) {
    precondition(batchSize > 0, "a batch has at least one example")
    self.rows = rows
    self.batchSize = batchSize
    self.seed = seed
    self.isShuffled = isShuffled
  }

  /// The batches of one epoch.
  package var count: Int { (rows.count + batchSize - 1) / batchSize }

  /// The rows of an epoch in the order in which they are learned from; epochs count from 0.
  ///
  /// The order depends on seed and epoch alone, so any epoch can be gone back to.
  package func order(inEpoch epoch: Int) -> [Int] {
    guard isShuffled else { return rows }
    let random = CounterRandom(seed: seed, name: "shuffle", call: epoch)
    return random.permutation(count: rows.count).map { rows[$0] }
  }

  /// The rows of each batch of an epoch.
  package func batches(inEpoch epoch: Int) -> [[Int]] {
    let order = order(inEpoch: epoch)
    return stride(from: 0, to: order.count, by: batchSize).map {
      Array(order[$0..<min($0 + batchSize, order.count)])
    }
  }
}
