import Autodiff
import Tensors

/// One number of a step, how it came about and from what: a link of a chain upstream.
package struct OpenedNumber: Hashable, Sendable {
  /// What a number was made of, the largest part first.
  package struct Part: Hashable, Sendable {
    /// `dense/output[3,1]`, or what is no number of an array: a constant, the rest of a tangent.
    package let name: String
    package let amount: Double
    /// The number itself, and what it was multiplied with.
    package let number: Double
    package let coefficient: Double
    package let place: CellPlace?
    package let example: Int?
    package let time: Int?
  }

  package let place: CellPlace
  package let name: String
  package let value: Float
  /// The instruction that wrote it, counted from 0.
  package let instruction: Int
  package let phase: Phase
  package let title: String
  package let scopes: [String]
  package let formula: String
  package let rule: ContributionRule
  package let parts: [Part]
  /// Σ of the parts, and of their sizes.
  package let total: Double
  package let size: Double
  /// The example that the number belongs to.
  package let example: Int?

  /// What the number owes most to, among the numbers of the plan.
  package var largest: Part? { parts.first { $0.place != nil && $0.amount != 0 } }
}

/// Opens numbers of the step at hand, as far as it is done, or of a forward pass of its own.
struct NumberOpener {
  /// Parts that are named one by one: a weight of a convolution has one for every place of every
  /// picture.
  private static let mostParts = 256

  let session: Session
  let makers: CellMakers
  let batch: BatchAxis
  /// The pass of its own.
  private let pass: Execution?

  init(_ session: Session) {
    session.rearm()
    self.init(session, nil, session.plan)
  }

  /// - Parameter pass: done, over the run's own weights.
  init(_ session: Session, in pass: Execution) {
    self.init(session, pass, pass.plan)
  }

  private init(_ session: Session, _ pass: Execution?, _ plan: Plan) {
    (self.session, self.pass) = (session, pass)
    makers = CellMakers(plan)
    batch = BatchAxis(plan)
  }

  var execution: Execution { pass ?? session.execution }
  var plan: Plan { makers.plan }

  /// A number as it is now; nil for what no instruction of this step has written.
  func open(_ place: CellPlace, before end: Int? = nil) -> OpenedNumber? {
    let end = min(end ?? execution.position, execution.position)
    return makers.maker(of: place, before: end).map { open($0) }
  }

  func split(_ maker: CellMakers.Maker) -> CellSplit {
    execution.split(maker.result, of: maker.instruction, at: maker.offset)
  }

  func open(_ maker: CellMakers.Maker) -> OpenedNumber {
    let instruction = plan.instructions[maker.instruction]
    let split = split(maker).merged
    let name = makers.name(of: maker.place)
    let numbers = split.parts.prefix(Self.mostParts).map { part in
      OpenedNumber.Part(
        name: self.name(of: part.place, besides: name, for: maker), amount: part.amount,
        number: part.number,
        coefficient: part.coefficient, place: part.place,
        example: part.example ?? batch.example(of: part.place), time: part.time)
    }
    var rest = split.rest.filter { $0.amount != 0 }.map {
      OpenedNumber.Part(
        name: $0.name, amount: $0.amount, number: $0.amount, coefficient: 1, place: nil,
        example: nil, time: nil)
    }
    let others = split.parts.dropFirst(Self.mostParts)
    if !others.isEmpty {
      let sum = others.reduce(0) { $0 + $1.amount }
      rest.append(
        OpenedNumber.Part(
          name: "the other \(others.count), added", amount: sum, number: sum, coefficient: 1,
          place: nil, example: nil, time: nil))
    }
    return OpenedNumber(
      place: maker.place, name: name,
      value: execution.number(
        maker.result.value, at: maker.offset, after: maker.instruction + 1),
      instruction: maker.instruction, phase: instruction.phase, title: instruction.title,
      scopes: instruction.scopes, formula: maker.result.formula,
      rule: maker.result.rule.contribution,
      parts: (numbers + rest).sorted { $0.amount.rank > $1.amount.rank }, total: split.total,
      size: split.size, example: batch.example(of: maker.place))
  }

  /// Gradients of one number that meet in a sum have its name all: the instruction tells them apart.
  private func name(
    of place: CellPlace, besides own: String, for reader: CellMakers.Maker
  ) -> String {
    let name = makers.name(of: place)
    guard name == own, case .activations = plan[place.value].storage,
      let maker = makers.maker(of: place, for: reader)
    else { return name }
    return "\(name) of instruction \(maker.instruction + 1)"
  }
}
