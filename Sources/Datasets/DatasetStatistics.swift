import Tensors

// What the Data screen draws of a data set, worked out without drawing.

/// How strongly columns go together, two by two.
package struct CorrelationMatrix: Hashable, Sendable {
  package let names: [String]
  /// Pearson's r from -1 to 1, row-major [names, names]; nil where a column does not vary:
  /// nothing goes together with what stays the same.
  package let values: [Double?]

  package subscript(row: Int, column: Int) -> Double? { values[row * names.count + column] }
}

extension Dataset {
  /// Pearson's r of input columns, and of the target as the last one where it is one number.
  ///
  /// r = Σ (x - μₓ)(y - μᵧ) / √(Σ (x - μₓ)² · Σ (y - μᵧ)²)
  /// - Parameter columns: the inputs by position; the first 16 by default.
  package func correlations(of columns: [Int]? = nil) -> CorrelationMatrix {
    let chosen = columns ?? Array(features.indices.prefix(16))
    var names = chosen.map { features[$0] }
    var numbers = chosen.map { inputs.column($0) }
    if targets.count == count {
      names.append(targetName)
      numbers.append(targets.scalars)
    }
    let centered = numbers.map { column in
      let mean = Moments(of: column).mean
      return column.map { $0.isFinite ? Double($0) - mean : 0 }
    }
    func product(_ i: Int, _ j: Int) -> Double {
      zip(centered[i], centered[j]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let squares = centered.indices.map { product($0, $0) }
    var values = [Double?](repeating: nil, count: names.count * names.count)
    for i in names.indices {
      for j in 0...i {
        let scale = (squares[i] * squares[j]).squareRoot()
        guard scale > 0 else { continue }
        let r = i == j ? 1 : min(max(product(i, j) / scale, -1), 1)
        values[i * names.count + j] = r
        values[j * names.count + i] = r
      }
    }
    return CorrelationMatrix(names: names, values: values)
  }

  /// The histogram of an input for each class by itself, over the same bins; one for all examples
  /// when there are no classes.
  package func histograms(ofInput column: Int, bins: Int = 20) -> [[Int]] {
    let numbers = inputs.column(column)
    let moments = Moments(of: numbers)
    let groups = classNumbers ?? [Int](repeating: 0, count: count)
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: bins), count: max(1, task.classes?.count ?? 1))
    for (row, number) in numbers.enumerated() where number.isFinite {
      counts[groups[row]][moments.bin(of: number, bins: bins)] += 1
    }
    return counts
  }

  /// The examples of a pairs plot: rows spread evenly over the data, at most `limit` of them.
  package func spreadRows(limit: Int) -> [Int] {
    guard count > limit, limit > 0 else { return Array(0..<count) }
    return (0..<limit).map { $0 * count / limit }
  }

  /// The numbers of one example in row-major order, such as the pixels of a picture.
  package func example(_ row: Int) -> ArraySlice<Float> {
    let width = exampleShape.count
    return inputs.scalars[row * width..<(row + 1) * width]
  }

  /// The target of an example in words: its class or classes, or its numbers.
  package func answer(_ row: Int) -> String {
    let width = targets.count / max(1, count)
    return (0..<width).map { place in
      let target = targets.scalars[row * width + place]
      guard let classes = task.classes, let number = target.classNumber, number < classes.count
      else { return "\(target)" }
      return classes[number]
    }.joined(separator: " ")
  }
}

extension Moments {
  /// The bin a finite number falls into, of bins equally wide from minimum to maximum.
  func bin(of number: Float, bins: Int) -> Int {
    let width = Double(maximum) - Double(minimum)
    let share = width > 0 ? (Double(number) - Double(minimum)) / width : 0
    // The maximum itself belongs to the last bin.
    return min(Int(share * Double(bins)), bins - 1)
  }
}
