import Tensors

// What is odd about rows and columns: repeated examples, row numbers, inputs that give the answer.

extension Dataset {
  // Fewer examples than these say nothing about a rule.
  private static let fewest = 20

  /// Examples that occur more than once, and those whose equals have another answer.
  var duplicateWarnings: [DatasetWarning] {
    let hashes = training.rowHashes
    let order = hashes.indices.sorted { hashes[$0] < hashes[$1] }
    var (repeated, contradicting) = (0, 0)
    for (earlier, later) in zip(order, order.dropFirst()) where hashes[earlier] == hashes[later] {
      if training.hasEqualTargets(earlier, later) { repeated += 1 } else { contradicting += 1 }
    }
    return (repeated > 0 ? [.duplicates(count: repeated)] : [])
      + (contradicting > 0 ? [.contradictions(count: contradicting)] : [])
  }

  /// Columns that are the same everywhere, or number the rows.
  func columnWarnings(_ summaries: [ColumnSummary]) -> [DatasetWarning] {
    guard imageShape == nil, vocabulary == nil, count >= Self.fewest else { return [] }
    var warnings: [DatasetWarning] = []
    for (position, column) in summaries.enumerated() where column.missing == 0 {
      if column.minimum == column.maximum {
        warnings.append(.constant(column: column.name))
      } else if numbersRows(position, column) {
        warnings.append(.identifier(column: column.name))
      }
    }
    return warnings
  }

  /// Whether a column has the whole numbers from its minimum to its maximum once each.
  private func numbersRows(_ position: Int, _ column: ColumnSummary) -> Bool {
    let span = Double(column.maximum) - Double(column.minimum)
    guard span == Double(count - 1), column.minimum == column.minimum.rounded() else {
      return false
    }
    var isSeen = [Bool](repeating: false, count: count)
    for number in inputs.column(position) {
      guard number == number.rounded(), !isSeen[Int(number - column.minimum)] else { return false }
      isSeen[Int(number - column.minimum)] = true
    }
    return true
  }

  /// Inputs that give the answer all alone, among several.
  var givenAwayWarnings: [DatasetWarning] {
    guard
      count >= Self.fewest, features.count > 1, imageShape == nil, vocabulary == nil,
      targets.count == count
    else { return [] }
    return features.indices.filter(givesAnswer).map { .givesAnswer(column: features[$0]) }
  }

  /// For classes: along the sorted column each class is one run. For numbers: |r| > 0.99999.
  private func givesAnswer(_ position: Int) -> Bool {
    let numbers = inputs.column(position)
    guard task.classes != nil else { return abs(correlation(numbers)) > 0.99999 }
    // A few rows show at once that most columns do not.
    let sample = spreadRows(limit: 1000)
    return isSorted(numbers, sample) && (sample.count == count || isSorted(numbers, nil))
  }

  private func isSorted(_ numbers: [Float], _ rows: [Int]?) -> Bool {
    let order = (rows ?? Array(numbers.indices)).sorted { numbers[$0] < numbers[$1] }
    var seen: Set<Float> = []
    var last: Float?
    for (place, row) in order.enumerated() {
      let group = targets.scalars[row]
      guard group != last else { continue }
      // A class that comes back, or two classes with one number.
      guard seen.insert(group).inserted else { return false }
      if place > 0 && numbers[order[place - 1]] == numbers[row] { return false }
      last = group
    }
    return seen.count > 1
  }

  private func correlation(_ numbers: [Float]) -> Double {
    let (x, y) = (Moments(of: numbers), Moments(of: targets.scalars))
    guard x.deviation > 0 && y.deviation > 0 && x.count == count && y.count == count else {
      return 0
    }
    var sum = 0.0
    for (a, b) in zip(numbers, targets.scalars) {
      sum += (Double(a) - x.mean) * (Double(b) - y.mean)
    }
    return sum / Double(count) / (x.deviation * y.deviation)
  }
}

extension Dataset.Part {
  /// A hash of each example's inputs; equal examples have equal ones.
  var rowHashes: [UInt64] {
    var hashes = [UInt64](repeating: 0xCBF2_9CE4_8422_2325, count: count)
    for array in allInputs {
      let width = array.shape.extents.dropFirst().reduce(1, *)
      array.scalars.withUnsafeBufferPointer { scalars in
        for row in 0..<count {
          var hash = hashes[row]
          for i in row * width..<(row + 1) * width {
            // 0 and -0 are equal numbers.
            let bits = scalars[i] == 0 ? 0 : scalars[i].bitPattern
            hash = (hash ^ UInt64(bits)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
          }
          hashes[row] = hash
        }
      }
    }
    return hashes
  }

  func hasEqualTargets(_ a: Int, _ b: Int) -> Bool {
    allTargets.allSatisfy { targets in
      let width = targets.count / max(1, count)
      return (0..<width).allSatisfy {
        targets.scalars[a * width + $0] == targets.scalars[b * width + $0]
      }
    }
  }
}
