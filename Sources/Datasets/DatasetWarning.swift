import Tensors

/// Something about data that makes learning harder or its results doubtful.
package enum DatasetWarning: Hashable, Sendable, CustomStringConvertible {
  /// The largest standard deviation is more than 10 times the smallest.
  case unequalScales(smallest: String, Double, largest: String, Double)
  /// A mean more than 10 standard deviations away from 0.
  case farFromZero(column: String, mean: Double, deviation: Double)
  /// Inputs whose natural range is wider than 10.
  case wideRange(ClosedRange<Float>)
  /// Numbers that are NaN or infinite.
  case missing(column: String, count: Int)
  /// Examples that two parts have in common.
  case leakage(count: Int, of: Int, part: String, from: String)
  /// The largest class has more than 3 times the examples of the smallest.
  case imbalance(smallest: String, Int, largest: String, Int)
  /// An input that is the same number everywhere.
  case constant(column: String)
  /// An input that only numbers the rows.
  case identifier(column: String)
  /// An input that gives the answer all alone.
  case givesAnswer(column: String)
  /// Examples that occur again, with the same answer.
  case duplicates(count: Int)
  /// Examples that occur again with another answer.
  case contradictions(count: Int)

  package var description: String {
    func short(_ number: Double) -> String {
      guard abs(number) >= 0.005 || number == 0 else {
        // Three digits that count say enough of a small number.
        var power = 1000.0
        while abs(number) * power < 100, power < 1e300 { power *= 10 }
        return "\(Float((number * power).rounded() / power))"
      }
      return "\((number * 100).rounded() / 100)"
    }
    return switch self {
    case .unequalScales(let small, let low, let large, let high):
      "scales differ: σ is \(short(low)) in \(small) and \(short(high)) in \(large)"
    case .farFromZero(let column, let mean, let deviation):
      "\(column) is far from 0: mean \(short(mean)), σ \(short(deviation))"
    case .wideRange(let range):
      "inputs go from \(short(Double(range.lowerBound))) to \(short(Double(range.upperBound)))"
    case .missing(let column, let count): "\(count) missing values in \(column)"
    case .leakage(let count, let total, let part, let from):
      "\(count) of \(total) \(part) examples are also in \(from)"
    case .imbalance(let small, let low, let large, let high):
      "classes are unequal: \(low) of \(small), \(high) of \(large)"
    case .constant(let column): "\(column) never changes: nothing can be learned from it"
    case .identifier(let column): "\(column) numbers the rows: leave it out"
    case .givesAnswer(let column):
      "\(column) alone gives the answer: would it be known when predicting?"
    case .duplicates(1): "1 example is there twice"
    case .duplicates(let count): "\(count) examples are there more than once"
    case .contradictions(let count):
      "\(count) times two examples are equal and their answers are not"
    }
  }
}

extension Dataset {
  /// What a student should know before learning from this data; empty when nothing is odd.
  package var warnings: [DatasetWarning] {
    let summaries = columnSummaries(bins: 1)
    // Tokens are names: their numbers have no scale.
    let scales =
      vocabulary == nil ? range.map(rangeWarnings) ?? scaleWarnings(summaries) : []
    return missingWarnings(summaries) + scales + leakageWarnings + imbalanceWarnings
      + columnWarnings(summaries) + givenAwayWarnings + duplicateWarnings
  }

  private func missingWarnings(_ summaries: [ColumnSummary]) -> [DatasetWarning] {
    summaries.filter { $0.missing > 0 }.map { .missing(column: $0.name, count: $0.missing) }
  }

  private func rangeWarnings(_ range: ClosedRange<Float>) -> [DatasetWarning] {
    range.upperBound - range.lowerBound > 10 ? [.wideRange(range)] : []
  }

  private func scaleWarnings(_ summaries: [ColumnSummary]) -> [DatasetWarning] {
    let varying = summaries.filter { $0.deviation > 0 }
    var warnings: [DatasetWarning] = []
    if let small = varying.min(by: { $0.deviation < $1.deviation }),
      let large = varying.max(by: { $0.deviation < $1.deviation }),
      large.deviation > 10 * small.deviation
    {
      warnings.append(
        .unequalScales(
          smallest: small.name, small.deviation, largest: large.name, large.deviation))
    }
    for column in varying where abs(column.mean) > 10 * column.deviation {
      warnings.append(
        .farFromZero(column: column.name, mean: column.mean, deviation: column.deviation))
    }
    return warnings
  }

  private var leakageWarnings: [DatasetWarning] {
    let parts = [("training", training), ("validation", validation), ("test", test)]
      .compactMap { name, part in part.map { (name: name, part: $0) } }
    return parts.indices.flatMap { i in
      parts[..<i].compactMap { earlier in
        parts[i].part.leakage(from: earlier.part, named: earlier.name, into: parts[i].name)
      }
    }
  }

  /// Examples of the split's validation rows that its training rows have too.
  package func leakage(in split: Split) -> DatasetWarning? {
    training.rows(split.validation)
      .leakage(from: training.rows(split.training), named: "training", into: "validation")
  }

  private var imbalanceWarnings: [DatasetWarning] {
    let counts = classCounts
    guard
      let classes = task.classes,
      let small = counts.indices.min(by: { counts[$0] < counts[$1] }),
      let large = counts.indices.max(by: { counts[$0] < counts[$1] }),
      counts[large] > 3 * counts[small]
    else { return [] }
    return [
      .imbalance(smallest: classes[small], counts[small], largest: classes[large], counts[large])
    ]
  }
}

extension Dataset.Part {
  fileprivate func leakage(
    from other: Dataset.Part, named from: String, into part: String
  ) -> DatasetWarning? {
    let known = Set(other.rowHashes)
    let shared = rowHashes.count { known.contains($0) }
    return shared == 0 ? nil : .leakage(count: shared, of: count, part: part, from: from)
  }
}
