/// A part of a number that came from one other number.
package struct Contribution: Hashable, Sendable {
  /// The number that it came from.
  package let place: CellPlace
  package let number: Double
  /// What that number is multiplied with on the way.
  package let coefficient: Double
  /// The row of the batch that it belongs to, and the time step, where the sum runs over them.
  package var example: Int?
  package var time: Int?

  package init(
    _ place: CellPlace, number: Double, coefficient: Double, example: Int? = nil, time: Int? = nil
  ) {
    self.place = place
    self.number = number
    self.coefficient = coefficient
    self.example = example
    self.time = time
  }

  package var amount: Double { coefficient * number }

  func scaled(by factor: Double) -> Contribution {
    Contribution(
      place, number: number, coefficient: coefficient * factor, example: example, time: time)
  }
}

/// One number as a sum: what each number that it was made of contributes, and a rest that belongs to
/// none.
///
///     y = Σ coefficient · operand + Σ rest
package struct CellSplit: Hashable, Sendable {
  /// A part that no operand is the cause of: a constant, f(0), what a tangent misses.
  package struct Rest: Hashable, Sendable {
    package let name: String
    package let amount: Double
  }

  package var parts: [Contribution]
  package var rest: [Rest]

  package init(_ parts: [Contribution] = [], rest: [Rest] = []) {
    self.parts = parts
    self.rest = rest
  }

  init(constant name: String, _ amount: Double) {
    self.init(rest: [Rest(name: name, amount: amount)])
  }

  /// The number, in Float64.
  package var total: Double {
    rest.reduce(parts.reduce(0) { $0 + $1.amount }) { $0 + $1.amount }
  }

  /// Σ of the sizes of all terms: what rounding is measured by.
  package var size: Double {
    rest.reduce(parts.reduce(0) { $0 + abs($1.amount) }) { $0 + abs($1.amount) }
  }

  /// Whether the terms agree with a number of the run to Float32: |Σ − v| ≤ 1e-6 · Σ |terms|.
  package func agrees(with number: Double) -> Bool {
    guard number.isFinite, total.isFinite else { return number.isFinite == total.isFinite }
    return abs(total - number) <= 1e-6 * max(size, 1e-30)
  }

  /// The same with one part for each number, the largest first.
  package var merged: CellSplit {
    var found: [CellPlace: Int] = [:]
    var all: [Contribution] = []
    for part in parts {
      guard let known = found[part.place] else {
        found[part.place] = all.count
        all.append(part)
        continue
      }
      let old = all[known]
      all[known] = Contribution(
        part.place, number: part.number, coefficient: old.coefficient + part.coefficient,
        example: old.example == part.example ? old.example : nil,
        time: old.time == part.time ? old.time : nil)
    }
    return CellSplit(all.sorted { $0.amount.rank > $1.amount.rank }, rest: rest)
  }

  // MARK: Arithmetic

  static func + (a: CellSplit, b: CellSplit) -> CellSplit {
    CellSplit(a.parts + b.parts, rest: a.rest + b.rest)
  }

  func scaled(by factor: Double) -> CellSplit {
    CellSplit(
      parts.map { $0.scaled(by: factor) },
      rest: rest.map { Rest(name: $0.name, amount: $0.amount * factor) })
  }

  /// The product with a scale, which is a sum itself: term by term, so that what cancels out in the
  /// scale is seen to.
  func scaled(by scale: CellSplit) -> CellSplit {
    let factors = scale.parts.map(\.amount) + scale.rest.map(\.amount)
    guard factors.count > 1, factors.count <= 8 else { return scaled(by: scale.total) }
    return factors.reduce(CellSplit()) { $0 + scaled(by: $1) }
  }

  /// `y = f(u)`, this being u: `f(u) − f(0)` in the proportions of u, and f(0); where f has no value
  /// at 0, or u is 0, the tangent.
  func mapped(_ name: String, _ y: Double, atZero: Double, slope: Double) -> CellSplit {
    let u = total
    if parts.isEmpty { return CellSplit(constant: name, y) }
    if atZero.isFinite, u != 0, u.isFinite {
      let part = scaled(by: (y - atZero) / u)
      return atZero == 0 ? part : part + CellSplit(constant: name + "(0)", atZero)
    }
    guard slope.isFinite, slope != 0, u.isFinite else {
      let none = parts.map { $0.scaled(by: 0) }.filter { $0.amount == 0 }
      return CellSplit(none) + CellSplit(constant: name, y)
    }
    let part = scaled(by: slope)
    return part + CellSplit(constant: "rest of " + name, y - part.total)
  }
}

extension Double {
  /// How much a part counts among others: what is no number comes first.
  package var rank: Double { isNaN ? .infinity : magnitude }
}
