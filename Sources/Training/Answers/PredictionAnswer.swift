import Autodiff
import Tensors

/// Why a number of the forward pass is what it is: what every input contributed, through all layers.
///
/// Each number of a layer is split by the rule that its op declares; the shares multiply along the
/// way. At every layer what the numbers there contribute, what biases and other weights brought
/// in by themselves, and the rests of functions add up to the number.
package struct PredictionAnswer: Hashable, Sendable {
  /// What one number contributed.
  package struct Part: Hashable, Sendable {
    package let name: String
    package let number: Double
    package let amount: Double
    package let place: CellPlace
    package let example: Int?
  }

  /// The sum where a layer begins.
  package struct Stage: Hashable, Sendable {
    /// The layer that was gone through.
    package let layer: String
    /// What goes into it, the largest contributions first, and how many there are.
    package let parts: [Part]
    package let count: Int
    /// Σ of what the numbers there contribute, of what weights brought in by themselves since, and
    /// of what belongs to no number.
    package let fromNumbers: Double
    package let fromWeights: Double
    package let fromRests: Double

    package var total: Double { fromNumbers + fromWeights + fromRests }
  }

  package let name: String
  package let place: CellPlace
  package let value: Float
  /// The layers from the output to the inputs.
  package let stages: [Stage]
  /// What the inputs contribute, the largest first: all of them.
  package let inputs: [Part]
  /// What each weight brought in by itself: `dense/bias`.
  package let weights: [Share]
  /// f(0) of functions, what tangents miss, constants.
  package let rests: [Share]
  /// Σ of the sizes of all terms.
  package let size: Double

  /// A sum under a name.
  package struct Share: Hashable, Sendable {
    package let name: String
    package let amount: Double
  }

  package var total: Double {
    inputs.reduce(0) { $0 + $1.amount } + weights.reduce(0) { $0 + $1.amount }
      + rests.reduce(0) { $0 + $1.amount }
  }
}

extension PredictionAnswer {
  /// Numbers that are opened at most: beyond it one waits too long.
  private static let mostOpened = 3_000_000

  /// - Throws: `DebuggerCommand.Failure` where too many numbers are on the way.
  /// - Precondition: an instruction that is done has made the number.
  init(_ maker: CellMakers.Maker, with opener: NumberOpener) throws(DebuggerCommand.Failure) {
    var flow = ContributionFlow(opener, from: maker)
    try flow.run(most: Self.mostOpened)
    place = maker.place
    name = opener.makers.name(of: maker.place)
    value = opener.execution.number(
      maker.result.value, at: maker.offset, after: maker.instruction + 1)
    stages = flow.stages
    inputs = flow.inputs
    weights = flow.weights
    rests = flow.rests
    size = flow.size
  }
}

/// Carries contributions from one number back to the inputs, instruction by instruction.
struct ContributionFlow {
  private struct Open {
    let place: CellPlace
    var coefficient: Double
  }

  private let opener: NumberOpener
  private let start: CellMakers.Maker
  /// What is to be opened, by address: the numbers that contribute, with their coefficients.
  private var open: [Int: Open] = [:]
  private var inputAmounts: [CellPlace: Double] = [:]
  private var weightAmounts: [String: Double] = [:]
  private var restAmounts: [String: Double] = [:]
  private(set) var stages: [PredictionAnswer.Stage] = []
  /// Σ of the sizes of all that has come to an end.
  private(set) var size = 0.0

  init(_ opener: NumberOpener, from start: CellMakers.Maker) {
    (self.opener, self.start) = (opener, start)
    add(start.place, 1)
  }

  private var plan: Plan { opener.plan }

  private mutating func add(_ place: CellPlace, _ coefficient: Double) {
    let address = opener.makers.address(of: place).offset
    open[address, default: Open(place: place, coefficient: 0)].coefficient += coefficient
  }

  /// Opens what each instruction has made, the last first.
  mutating func run(most: Int) throws(DebuggerCommand.Failure) {
    var layer = plan.instructions[start.instruction].layer
    var opened = 0
    for i in (0...start.instruction).reversed() {
      let instruction = plan.instructions[i]
      for result in instruction.results.readersFirst {
        let addresses = addresses(of: result)
        guard !addresses.isEmpty else { continue }
        if instruction.layer != layer {
          stages.append(stage(layer ?? ""))
          layer = instruction.layer
        }
        opened += addresses.count
        for (offset, coefficient) in close(addresses, result) {
          carry(result, i, offset, coefficient)
        }
        guard opened <= most else {
          throw DebuggerCommand.Failure(
            "more than \(most) numbers are on the way from \(opener.makers.name(of: start.place))",
            remedy: "a number nearer to the inputs, or 'why' link by link after 'explain'")
        }
      }
    }
    stages.append(stage(layer ?? ""))
  }

  /// Opens numbers back to what the layer of the first one takes, and no further.
  mutating func runLayer() {
    let own = plan.instructions[start.instruction].scopes
    for i in (0...start.instruction).reversed() {
      let instruction = plan.instructions[i]
      guard i == start.instruction || !own.isEmpty && instruction.scopes.starts(with: own) else {
        continue
      }
      for result in instruction.results.readersFirst {
        for (offset, coefficient) in close(addresses(of: result), result) {
          carry(result, i, offset, coefficient)
        }
      }
    }
  }

  /// The open numbers that a result made.
  private func addresses(of result: InstructionResult) -> [Int] {
    let first = opener.makers.address(of: CellPlace(result.value, 0))
    guard !first.isState, !open.isEmpty else { return [] }
    let range = first.offset..<first.offset + result.value.shape.count
    return open.count < range.count
      ? open.keys.filter { range.contains($0) }.sorted() : range.filter { open[$0] != nil }
  }

  private mutating func close(
    _ addresses: [Int], _ result: InstructionResult
  ) -> [(offset: Int, coefficient: Double)] {
    let first = opener.makers.address(of: CellPlace(result.value, 0)).offset
    return addresses.compactMap { address in
      open.removeValue(forKey: address).map { (address - first, $0.coefficient) }
    }
  }

  private mutating func carry(
    _ result: InstructionResult, _ instruction: Int, _ offset: Int, _ coefficient: Double
  ) {
    let maker = CellMakers.Maker(instruction: instruction, result: result, offset: offset)
    let split = opener.split(maker)
    if case .gather(_, let numbers, let lookup) = result.rule {
      // What was looked up belongs to the number that named it.
      let place = CellPlace(numbers, lookup.number(of: offset))
      let amount = coefficient * split.total
      if opener.makers.maker(of: place, before: instruction) == nil {
        inputAmounts[place, default: 0] += amount
        size += abs(amount)
        return
      }
    }
    for part in split.parts {
      let carried = coefficient * part.coefficient
      guard carried != 0 else { continue }
      let info = plan[part.place.value]
      switch info.role {
      case .parameter, .optimizerState:
        weightAmounts[info.name, default: 0] += carried * part.number
        size += abs(carried * part.number)
      case .input, .target, .carried:
        inputAmounts[part.place, default: 0] += carried * part.number
        size += abs(carried * part.number)
      default: add(part.place, carried)
      }
    }
    for rest in split.rest {
      restAmounts[rest.name, default: 0] += coefficient * rest.amount
      size += abs(coefficient * rest.amount)
    }
  }

  // MARK: Sums

  private func stage(_ layer: String) -> PredictionAnswer.Stage {
    let here = open.values.map { one in
      part(
        one.place,
        one.coefficient
          * Double(opener.execution.number(one.place.value, at: one.place.offset)))
    }
    let all = (here + inputs).filter { $0.amount != 0 }.sorted { Self.comes($0, before: $1) }
    return PredictionAnswer.Stage(
      layer: layer, parts: Array(all.prefix(12)), count: all.count,
      fromNumbers: all.reduce(0) { $0 + $1.amount },
      fromWeights: weightAmounts.values.reduce(0, +),
      fromRests: restAmounts.values.reduce(0, +))
  }

  private func part(_ place: CellPlace, _ amount: Double) -> PredictionAnswer.Part {
    PredictionAnswer.Part(
      name: opener.makers.name(of: place),
      number: Double(opener.execution.number(place.value, at: place.offset)),
      amount: amount, place: place, example: opener.batch.example(of: place))
  }

  private static func comes(
    _ a: PredictionAnswer.Part, before b: PredictionAnswer.Part
  ) -> Bool {
    a.amount.rank == b.amount.rank
      ? (a.place.value.id, a.place.offset) < (b.place.value.id, b.place.offset)
      : a.amount.rank > b.amount.rank
  }

  /// What the numbers contribute that were not opened, and the inputs.
  var amounts: [CellPlace: Double] {
    open.values.reduce(into: inputAmounts) { amounts, one in
      amounts[one.place, default: 0] +=
        one.coefficient * Double(opener.execution.number(one.place.value, at: one.place.offset))
    }
  }

  var inputs: [PredictionAnswer.Part] {
    inputAmounts.map { part($0.key, $0.value) }.sorted { Self.comes($0, before: $1) }
  }

  var weights: [PredictionAnswer.Share] { Self.shares(weightAmounts) }
  var rests: [PredictionAnswer.Share] { Self.shares(restAmounts) }

  private static func shares(_ amounts: [String: Double]) -> [PredictionAnswer.Share] {
    amounts.filter { $0.value != 0 }.map { PredictionAnswer.Share(name: $0.key, amount: $0.value) }
      .sorted {
        $0.amount.rank == $1.amount.rank ? $0.name < $1.name : $0.amount.rank > $1.amount.rank
      }
  }
}
