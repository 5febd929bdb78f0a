import Autodiff
import Tensors

/// Why one number of a weight changed in a step: Δw as a sum, by example of the batch, by penalty, by
/// what the optimizer remembered.
///
///     Δw = Σ examples + Σ penalties + memory + decay + … + rounding
///
/// An update is linear in the gradient and in what is remembered of earlier ones once its scale is
/// known, as `α / (√v + ε)` of Adam: the scale is a common factor of all parts. A gradient is a sum
/// over the rows of the batch. So each part is a number, and they add up.
package struct WeightAnswer: Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// Of the batch, with what it learns from.
    case example(ExampleLabel)
    /// What is added to the loss: `dense/kernel/penalty`.
    case penalty(String)
    /// What the optimizer kept of earlier gradients: `dense/kernel.m`.
    case memory(String)
    /// The weight decay that the optimizer was given.
    case decay
    /// What holds the weight within bounds.
    case constraint
    /// The running mean of the weight itself.
    case average
    /// The weight's own size, in the optimizer's rule.
    case own
    /// What no number of the step is the cause of.
    case constant(String)
    /// What was set by hand at the end of the step.
    case set
    /// The update that was skipped by hand.
    case skipped
    /// What Float32 leaves of the last digits.
    case rounding
  }

  package struct Part: Hashable, Sendable {
    package let cause: Cause
    package let amount: Double
    /// Where it goes on upstream: of an example the largest number that came from it.
    package let upstream: CellPlace?
  }

  package let name: String
  package let place: CellPlace
  /// The step, or the pass of a program's loop.
  package let step: Int
  package let before: Float
  package let after: Float
  /// The largest first.
  package let parts: [Part]
  /// Σ of the sizes of all terms, the weight among them: what rounding is measured by.
  package let size: Double

  package var change: Double { Double(after) - Double(before) }
  package var rounding: Double { sum { $0 == .rounding } }
  /// What comes from the gradient of this step.
  package var newGradient: Double {
    sum { if case .example = $0 { true } else if case .penalty = $0 { true } else { false } }
  }
  /// What comes from gradients of earlier steps.
  package var remembered: Double { sum { if case .memory = $0 { true } else { false } } }

  private func sum(_ counts: (Cause) -> Bool) -> Double {
    parts.reduce(0) { counts($1.cause) ? $0 + $1.amount : $0 }
  }

  /// How the change is made up of losses, where there are several; filled in by whoever asks.
  package var losses: [LossShare] = []

  /// What one of several losses made of the change.
  package struct LossShare: Hashable, Sendable {
    package let name: String
    package let amount: Double
  }
}

extension WeightAnswer {
  /// - Returns: nil where no update of the step at hand has written the weight yet.
  init?(_ weight: Value, at offset: Int, in session: Session) {
    let opener = NumberOpener(session)
    let plan = session.plan
    let end = session.execution.position
    let writers = plan.instructions.indices.filter { i in
      i < end && plan.instructions[i].overwrites.contains(weight)
        && plan.instructions[i].results.contains { $0.value == weight }
    }
    guard let first = writers.first, let last = writers.last else { return nil }
    var gathered = Gathering(opener, CellPlace(weight, offset))
    for i in writers {
      guard let result = plan.instructions[i].results.first(where: { $0.value == weight }) else {
        continue
      }
      gathered.add(
        CellMakers.Maker(instruction: i, result: result, offset: offset))
    }
    place = CellPlace(weight, offset)
    name = opener.makers.name(of: place)
    step = session.shownStep
    before = session.execution.number(weight, at: offset, after: first)
    after = session.execution.number(weight, at: offset, after: last + 1)
    let parts = gathered.parts
    let afterwards: Cause =
      switch session.doneAfterwards(to: place) {
      case .set, .averaged, .restored: .set
      case .skipped: .skipped
      case .setAhead, nil: .rounding
      }
    let rounding = Double(after) - Double(before) - parts.reduce(0) { $0 + $1.amount }
    let all =
      rounding == 0
      ? parts : parts + [Part(cause: afterwards, amount: rounding, upstream: nil)]
    self.parts = all.sorted { $0.amount.rank > $1.amount.rank }
    size = gathered.size + abs(Double(before))
  }
}

/// Follows the parts of an update up to what they belong to.
private struct Gathering {
  private let opener: NumberOpener
  private let weight: CellPlace
  /// The amounts of each cause, and the largest single number that came from it.
  private var found: [WeightAnswer.Cause: (amount: Double, most: Double, upstream: CellPlace?)] =
    [:]
  private var order: [WeightAnswer.Cause] = []
  /// The same for each example.
  private var examples: [Int: (amount: Double, most: Double, upstream: CellPlace?)] = [:]
  /// Σ of the sizes of all that was added.
  private(set) var size = 0.0

  init(_ opener: NumberOpener, _ weight: CellPlace) {
    (self.opener, self.weight) = (opener, weight)
  }

  var parts: [WeightAnswer.Part] {
    let learned = examples.sorted { $0.key < $1.key }.filter { $0.value.amount != 0 }.map {
      WeightAnswer.Part(
        cause: .example(ExampleLabel($0.key, in: opener.session)), amount: $0.value.amount,
        upstream: $0.value.upstream)
    }
    return learned
      + order.compactMap { cause in
        found[cause].flatMap {
          $0.amount == 0 && cause != .decay
            ? nil : WeightAnswer.Part(cause: cause, amount: $0.amount, upstream: $0.upstream)
        }
      }
  }

  /// Adds what one instruction changed of the weight.
  mutating func add(_ maker: CellMakers.Maker) {
    let split = opener.split(maker)
    // A bound may take the weight's place altogether.
    let number = Double(
      opener.session.execution.number(
        weight.value, at: weight.offset, after: maker.instruction))
    let own = split.parts.reduce(-1.0) { $1.place == weight ? $0 + $1.coefficient : $0 }
    note(ownCause(maker), own * number, nil)
    for part in split.parts where part.place != weight {
      if part.place.value == weight.value {
        note(.own, part.amount, nil)
        continue
      }
      follow(part, part.coefficient, maker, penalty: nil, depth: 0)
    }
    for rest in split.rest { note(.constant(rest.name), rest.amount, nil) }
  }

  /// What makes a weight change by a share of itself.
  private func ownCause(_ maker: CellMakers.Maker) -> WeightAnswer.Cause {
    switch opener.plan.instructions[maker.instruction].title {
    case "decay": .decay
    case "average": .average
    case "constrain": .constraint
    default: .own
    }
  }

  /// Adds a part, or what it is made of in turn.
  private mutating func follow(
    _ part: Contribution, _ coefficient: Double, _ reader: CellMakers.Maker, penalty: String?,
    depth: Int
  ) {
    let amount = coefficient * part.number
    if let example = part.example ?? opener.batch.example(of: part.place) {
      return note(example: example, amount, part.place)
    }
    let info = opener.plan[part.place.value]
    let made = opener.makers.maker(of: part.place, for: reader)
    let isThisUpdate =
      made.map { opener.plan.instructions[$0.instruction].phase == .update } ?? false
    if info.role == .optimizerState, !isThisUpdate {
      let isAverage = info.name.hasSuffix(".average")
      return note(isAverage ? .average : .memory(info.name), amount, part.place)
    }
    if info.role == .parameter {
      let isRegularized = penalty != nil
      return note(
        isRegularized ? .penalty(penalty ?? "") : .own, amount, isRegularized ? part.place : nil)
    }
    let penalty = Self.penalty(info.name) ?? penalty
    guard depth < 64, let made else {
      return note(.constant(info.name), amount, nil)
    }
    let split = opener.split(made)
    guard !split.parts.isEmpty else {
      // What reaches the loss without an example is added to it besides the examples' losses.
      let isGradient = opener.plan.instructions[made.instruction].phase != .update
      let name = penalty ?? opener.plan[weight.value].name + "/penalty"
      return note(
        penalty != nil || isGradient ? .penalty(name) : .constant(info.name), amount, part.place)
    }
    // A long way up is gone only for what counts.
    for inner in split.parts where inner.coefficient != 0 {
      follow(inner, coefficient * inner.coefficient, made, penalty: penalty, depth: depth + 1)
    }
    for rest in split.rest {
      let cause: WeightAnswer.Cause = penalty.map { .penalty($0) } ?? .constant(rest.name)
      note(cause, coefficient * rest.amount, nil)
    }
  }

  /// The penalty that a gradient is of: `dense/kernel/penalty.grad`.
  private static func penalty(_ name: String) -> String? {
    guard name.hasSuffix("/penalty.grad") else { return nil }
    return String(name.dropLast(5))
  }

  private mutating func note(example: Int, _ amount: Double, _ upstream: CellPlace) {
    size += abs(amount)
    var known = examples[example] ?? (0, -1, nil)
    known.amount += amount
    if abs(amount) > known.most { (known.most, known.upstream) = (abs(amount), upstream) }
    examples[example] = known
  }

  private mutating func note(
    _ cause: WeightAnswer.Cause, _ amount: Double, _ upstream: CellPlace?
  ) {
    size += abs(amount)
    guard var known = found[cause] else {
      order.append(cause)
      found[cause] = (amount, abs(amount), upstream)
      return
    }
    known.amount += amount
    if abs(amount) > known.most { (known.most, known.upstream) = (abs(amount), upstream) }
    found[cause] = known
  }
}
