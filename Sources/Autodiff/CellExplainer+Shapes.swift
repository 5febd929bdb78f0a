import Foundation
import Tensors

// What moves numbers: which place a number came from, and what a line of them gave.

/// An array some numbers of which go to places of a result.
package struct MovedSource: Hashable, Sendable {
  package let value: Value
  package let move: StridedMove
}

extension CellExplainer {
  func moved(_ sources: [MovedSource], filler: Double, _ offset: Int) -> CellExplanation.Body {
    let found = sources.flatMap { source in
      source.move.sources(of: offset).map { operand(source.value, $0) }
    }
    if sources.contains(where: \.move.meets) { return .sum(found.map { SumTerm([$0]) }) }
    return .formula("{}", [found.first ?? Operand("filler", Float(filler))])
  }

  func batchedProduct(
    _ a: Value, _ b: Value, _ product: BatchedProduct, _ offset: Int
  ) -> CellExplanation.Body {
    .sum(product.factors(of: offset).map { SumTerm([operand(a, $0.a), operand(b, $0.b)]) })
  }

  // MARK: Rows by number

  func gathered(
    _ table: Value, _ numbers: Value, _ lookup: RowLookup, _ offset: Int
  ) -> CellExplanation.Body {
    let inner = lookup.place.inner
    let number = operand(numbers, lookup.number(of: offset))
    guard let row = lookup.row(number.value) else {
      return .formula("no number: there is no place {}", [number])
    }
    let outer = offset / (inner * lookup.count)
    return .formula(
      "{}, because {} names it",
      [operand(table, (outer * lookup.place.extent + row) * inner + offset % inner), number])
  }

  func scattered(
    _ dy: Value, _ numbers: Value, _ lookup: RowLookup, _ offset: Int
  ) -> CellExplanation.Body {
    let own = lookup.place.index(of: offset)
    return .sum(
      lookup.results(near: offset)
        .filter { lookup.row(read(numbers, lookup.number(of: $0))) == own }
        .map { SumTerm([operand(dy, $0)]) })
  }

  func oneHot(
    _ x: Value, width: Int, counts: Bool, classes: Int, _ offset: Int
  ) -> CellExplanation.Body {
    let (row, number) = offset.quotientAndRemainder(dividingBy: classes)
    let cells = row * width..<(row + 1) * width
    func agrees(_ cell: Int) -> Bool {
      let x = read(x, cell)
      return x > -1 && x < Float(classes) && Int(x) == number
    }
    if counts {
      return .sum(
        cells.map { SumTerm([Operand("\(operand(x, $0).name) = \(number)", agrees($0) ? 1 : 0)]) })
    }
    if let found = cells.first(where: agrees) {
      return .formula("1, because {} is class \(number)", [operand(x, found)])
    }
    return .formula(
      "0, because " + cells.map { _ in "{}" }.joined(separator: ", ") + " is not class \(number)",
      cells.map { operand(x, $0) })
  }

  // MARK: Along an axis

  func alongAxis(
    _ function: AxisFunction, _ x: Value, _ place: AxisPlace, _ offset: Int
  ) -> CellExplanation.Body {
    let cells = function.reduces ? place.line(ofReduced: offset) : place.line(through: offset)
    let line = cells.map { operand(x, $0) }
    let exponentials = line.map { _ in "e^{}" }.joined(separator: " + ")
    let list = line.map { _ in "{}" }.joined(separator: ", ")
    switch function {
    case .softmax: return Self.share(operand(x, offset), of: line)
    case .logSoftmax: return .formula("{} − log(\(exponentials))", [operand(x, offset)] + line)
    case .logSumExp: return .formula("log(\(exponentials))", line)
    case .argMax: return .formula("the place, from 0, of the largest of \(list)", line)
    case .argMin: return .formula("the place, from 0, of the smallest of \(list)", line)
    case .argSort, .argSortDown:
      let end = function == .argSort ? "smallest" : "largest"
      return .formula(
        "the place, from 0, of number \(place.index(of: offset) + 1) from the \(end) on: \(list)",
        line)
    case .cumulativeSum:
      return .sum(line[...place.index(of: offset)].map { SumTerm([$0]) })
    case .cumulativeSumBackwards:
      return .sum(line[place.index(of: offset)...].map { SumTerm([$0]) })
    }
  }

  func alongAxisGradient(
    _ function: AxisFunction, _ kept: Value, _ dy: Value, _ y: Value, _ place: AxisPlace,
    _ offset: Int
  ) -> CellExplanation.Body {
    let own = operand(kept, offset)
    let minus = Operand("−1", -1)
    let line = place.line(through: offset)
    switch function {
    case .softmax:
      // y[j] dy[j] − Σ_i y[j] y[i] dy[i], as one sum so that it can be added up.
      return .sum(
        [SumTerm([own, operand(dy, offset)])]
          + line.map { SumTerm([minus, own, operand(y, $0), operand(dy, $0)]) })
    case .logSoftmax:
      let share = Operand("e^" + own.name, exp(own.value))
      return .sum(
        [SumTerm([operand(dy, offset)])] + line.map { SumTerm([minus, share, operand(dy, $0)]) })
    default:
      let whole = place.reduced(offset)
      return .formula("{} × e^({} − {})", [operand(dy, whole), own, operand(y, whole)])
    }
  }

  // MARK: Chance

  func drawn(_ distribution: RandomOp.Distribution) -> CellExplanation.Body {
    let how = "drawn for (seed, layer, step, place)"
    switch distribution {
    case .normal(let mean, let deviation):
      return .formula(
        "normal with mean {} and deviation {}, \(how)",
        [Operand("mean", Float(mean)), Operand("deviation", Float(deviation))])
    case .uniform(let low, let high):
      return .formula(
        "anywhere from {} to {}, \(how)",
        [Operand("low", Float(low)), Operand("high", Float(high))])
    case .bernoulli(let probability):
      return .formula(
        "1 with probability {}, else 0, \(how)", [Operand("probability", Float(probability))])
    }
  }
}
