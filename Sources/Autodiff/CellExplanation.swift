import Tensors

/// One number of a plan: which array, and where in it, row by row.
package struct CellPlace: Hashable, Sendable {
  package let value: Value
  package let offset: Int

  package init(_ value: Value, _ offset: Int) {
    self.value = value
    self.offset = offset
  }

  /// The index of the number along each axis.
  package var index: [Int] { value.shape.index(ofOffset: offset) }
}

/// A number of an operand, by name and value.
package struct Operand: Hashable, Sendable {
  private let label: String
  package let value: Float
  /// Where it stands in the plan; nil for what is no number of an array, as a learning rate.
  package let place: CellPlace?

  package init(_ name: String, _ value: Float) {
    (label, self.value, place) = (name, value, nil)
  }

  /// - Parameter symbol: of the array.
  init(_ symbol: String, at place: CellPlace, _ value: Float) {
    (label, self.value, self.place) = (symbol, value, place)
  }

  fileprivate init(_ label: String, _ place: CellPlace?, _ value: Float) {
    (self.label, self.place, self.value) = (label, place, value)
  }

  /// The same place with another number.
  fileprivate func with(_ number: Float) -> Operand { Operand(label, place, number) }

  /// `h[3,40]`, or `b[11]`. It is made when it is asked for: most numbers are only added up.
  package var name: String {
    place.map { label + CellExplainer.subscript($0.index) } ?? label
  }
}

/// One term of a sum: numbers that are multiplied.
package struct SumTerm: Hashable, Sendable {
  package let factors: [Operand]
  /// The row of the batch it belongs to, when the sum runs over examples.
  package let example: Int?
  /// The time step it belongs to, when the sum runs over time.
  package let time: Int?

  package init(_ factors: [Operand], example: Int? = nil, time: Int? = nil) {
    self.factors = factors
    self.example = example
    self.time = time
  }

  /// The product, in Float64 so that a sum of many terms can be compared with its value.
  package var product: Double { factors.reduce(1) { $0 * Double($1.value) } }
}

/// How one number came about.
package struct CellExplanation: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    /// The number is the sum of these terms.
    case sum([SumTerm])
    /// The number is a formula of these; the text has a `{}` for each, in order.
    case formula(String, [Operand])
  }

  /// `dense_1/kernel.grad[40,11]`.
  package let name: String
  package let symbol: String
  /// The whole array's formula: `∂L/∂W = hᵀ · ∂L/∂z`.
  package let formula: String
  package let body: Body
  package private(set) var result: Float
  /// What was done to the number once its instruction had made it; nil where it still stands.
  package private(set) var afterwards: Afterwards?

  init(name: String, symbol: String, formula: String, body: Body, result: Float) {
    (self.name, self.symbol, self.formula) = (name, symbol, formula)
    (self.body, self.result) = (body, result)
  }

  /// A number between two steps: what an update made of it did not stay.
  package struct Afterwards: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
      case set, skipped, averaged, restored
      /// Set for the next step, while the step at hand is not done.
      case setAhead
    }

    package let cause: Cause
    /// What it is then.
    package let number: Float

    package init(_ cause: Cause, _ number: Float) { (self.cause, self.number) = (cause, number) }

    /// `then set by hand: 52`.
    package func words(_ number: String) -> String {
      switch cause {
      case .set: "then set by hand: \(number)"
      case .setAhead: "set by hand as the next step begins: \(number)"
      case .skipped: "then the update was skipped: \(number) again"
      case .averaged: "then replaced by its average: \(number)"
      case .restored: "then put back by EarlyStopping: \(number)"
      }
    }
  }

  /// What the body gives in Float64; agrees with `result` up to Float32 rounding.
  package var recomputed: Double? {
    guard case .sum(let terms) = body else { return nil }
    return terms.reduce(0) { $0 + $1.product }
  }
}

extension CellExplanation {
  /// The same without the number it explains: NaN stands in its place.
  package var withoutResult: CellExplanation {
    CellExplanation(
      name: name, symbol: symbol, formula: formula, body: body, result: .nan)
  }

  /// The same of the number that was made, where something was done to it since.
  package func made(_ number: Float, _ afterwards: Afterwards) -> CellExplanation {
    var made = self
    (made.result, made.afterwards) = (number, afterwards)
    return made
  }

  /// The same with other numbers in the places of its parts.
  package func replacing(_ number: (Operand) -> Float) -> CellExplanation {
    let parts: Body
    switch body {
    case .sum(let terms):
      parts = .sum(
        terms.map { term in
          SumTerm(
            term.factors.map { $0.with(number($0)) }, example: term.example, time: term.time)
        })
    case .formula(let text, let operands):
      parts = .formula(text, operands.map { $0.with(number($0)) })
    }
    var replaced = CellExplanation(
      name: name, symbol: symbol, formula: formula, body: parts, result: result)
    replaced.afterwards = afterwards
    return replaced
  }
}
