/// How the examples of an epoch are cut into batches.
package enum Batches {
  /// ⌈examples / batchSize⌉: the last batch may be short. A size below 1 counts as 1.
  package static func count(of examples: Int, by batchSize: Int) -> Int {
    let size = max(1, batchSize)
    return examples / size + (examples % size == 0 ? 0 : 1)
  }

  /// How many examples some batches have, counted from the first; no more than there are.
  package static func examples(inFirst batches: Int, by batchSize: Int, of count: Int) -> Int {
    let (wanted, isMore) = max(1, batchSize).multipliedReportingOverflow(by: max(0, batches))
    return isMore ? count : min(count, wanted)
  }
}
