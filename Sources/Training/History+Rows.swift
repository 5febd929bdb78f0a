// What was measured as plain rows of numbers, for a record that is read again.

extension History {
  /// The numbers of some steps in a row, those of one step after the other.
  package struct Rows: Hashable, Sendable {
    /// The step that the first row is of.
    package let first: Int
    /// What a row holds: `stepSeries`, then the losses of single outputs by name.
    package let names: [String]
    /// Row by row. What is not known is -1 where a number cannot be negative.
    package let numbers: [Float]

    package var count: Int { names.isEmpty ? 0 : numbers.count / names.count }

    package init(first: Int, names: [String], numbers: [Float]) {
      (self.first, self.names, self.numbers) = (first, names, numbers)
    }
  }

  /// What is measured in every step.
  package static let stepSeries = [
    "loss", "accuracy", "gradient_norm", "learning_rate", "batch_size", "update_ratio",
  ]

  /// The rows of the steps from `step` on, those with the same names together.
  package func rows(from step: Int) -> [Rows] {
    precondition(stride == 1, "the record is made of what was measured, not of a picture")
    let first = max(0, min(step, steps.count))
    var all: [Rows] = []
    var (begin, names, numbers) = (first, [String](), [Float]())
    var place = terms.partitioningIndex { $0.step >= first }
    for i in first..<steps.count {
      let isOfTerms = place < terms.count && terms[place].step == i
      let losses = isOfTerms ? terms[place].losses : []
      if isOfTerms { place += 1 }
      let wanted = Self.stepSeries + (losses.count == termNames.count ? termNames : [])
      if wanted != names {
        if i > begin { all.append(Rows(first: begin, names: names, numbers: numbers)) }
        (begin, names, numbers) = (i, wanted, [])
      }
      numbers += steps[i].row
      if wanted.count > Self.stepSeries.count { numbers += losses }
    }
    if steps.count > begin { all.append(Rows(first: begin, names: names, numbers: numbers)) }
    return all
  }

  /// The numbers of a run that were kept, in the order of their steps: what comes after a gap is left
  /// out.
  package init(rows: [Rows], epochs: [Epoch]) {
    self.init()
    for part in rows {
      let width = part.names.count
      guard part.first <= count, Array(part.names.prefix(6)) == Self.stepSeries else { break }
      let terms = Array(part.names.dropFirst(6))
      for i in 0..<part.count where part.first + i == count {
        let row = part.numbers[i * width..<(i + 1) * width]
        if !terms.isEmpty { append(terms: Array(row.dropFirst(6)), names: terms) }
        append(Step(row: row))
      }
    }
    for epoch in epochs where (epoch.end ?? 0) <= count { append(epoch) }
  }
}

extension History.Step {
  /// In the order of `History.stepSeries`.
  fileprivate var row: [Float] {
    [
      loss, accuracy ?? -1, gradientNorm, learningRate, Float(batchSize), updateRatio ?? -1,
    ]
  }

  fileprivate init(row: ArraySlice<Float>) {
    let row = Array(row)
    self.init(
      loss: row[0], accuracy: row[1] < 0 ? nil : row[1], gradientNorm: row[2],
      learningRate: row[3], batchSize: Int(row[4].clamped(to: 0...1e9)),
      updateRatio: row[5] < 0 ? nil : row[5])
  }
}

extension History.Epoch {
  /// An epoch as it was kept.
  package init(
    keptLoss loss: Float, accuracy: Float?, validationLoss: Float?, validationAccuracy: Float?,
    end: Int, numbers: [NamedNumber]
  ) {
    self.init(
      loss: loss, accuracy: accuracy, validationLoss: validationLoss,
      validationAccuracy: validationAccuracy, end: end, numbers: numbers)
  }
}

extension Array {
  /// The first place from which on a condition holds, where it holds from there to the end.
  fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Float {
  fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
    isNaN ? range.lowerBound : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
