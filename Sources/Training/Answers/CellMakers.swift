import Autodiff
import Tensors

/// Which instruction of a plan wrote a number, found by where the number lies: a view, a row of a
/// matrix, a head of attention are the same numbers under other names.
struct CellMakers {
  /// The instruction that wrote a number, and the number's place in what it gives.
  struct Maker {
    let instruction: Int
    let result: InstructionResult
    let offset: Int

    var place: CellPlace { CellPlace(result.value, offset) }
  }

  /// A number's address in the memory of a plan.
  struct Address: Hashable {
    let isState: Bool
    let offset: Int
  }

  let plan: Plan
  private let spans: [[(isState: Bool, range: Range<Int>)]]

  init(_ plan: Plan) {
    self.plan = plan
    spans = plan.instructions.map { instruction in
      instruction.results.map { result in
        let start = Self.start(of: result.value, plan)
        return (start.isState, start.offset..<start.offset + max(result.value.shape.count, 1))
      }
    }
  }

  private static func start(of value: Value, _ plan: Plan) -> Address {
    switch plan[value].storage {
    case .state(let offset): Address(isState: true, offset: offset)
    case .activations(let offset): Address(isState: false, offset: offset)
    }
  }

  func address(of place: CellPlace) -> Address {
    let start = Self.start(of: place.value, plan)
    return Address(isState: start.isState, offset: start.offset + place.offset)
  }

  /// What wrote a number last, among the first `end` instructions.
  func maker(of place: CellPlace, before end: Int) -> Maker? {
    let address = address(of: place)
    for i in (0..<min(end, spans.count)).reversed() {
      if let maker = maker(of: address, in: i, besides: nil) { return maker }
    }
    return nil
  }

  /// What wrote an operand of a result. Some results are made of others of the same instruction; what
  /// an update overwrites was written before it.
  func maker(of operand: CellPlace, for reader: Maker) -> Maker? {
    let address = address(of: operand)
    if !address.isState,
      let maker = maker(of: address, in: reader.instruction, besides: reader.result.value)
    {
      return maker
    }
    return maker(of: operand, before: reader.instruction)
  }

  private func maker(
    of address: Address, in instruction: Int, besides own: Value?
  ) -> Maker? {
    for (k, span) in spans[instruction].enumerated()
    where span.isState == address.isState && span.range.contains(address.offset) {
      let result = plan.instructions[instruction].results[k]
      guard result.value != own else { continue }
      return Maker(
        instruction: instruction, result: result, offset: address.offset - span.range.lowerBound)
    }
    return nil
  }

  /// `dense/kernel[2,1]`.
  func name(of place: CellPlace) -> String {
    plan[place.value].name + CellExplainer.subscript(place.index)
  }
}

extension [InstructionResult] {
  /// Such that what is made of another result of the same instruction comes before it.
  var readersFirst: [InstructionResult] {
    var left = self
    var ordered: [InstructionResult] = []
    while !left.isEmpty {
      let next =
        left.firstIndex { one in
          !left.contains { $0.value != one.value && $0.rule.operands.contains(one.value) }
        } ?? 0
      ordered.append(left.remove(at: next))
    }
    return ordered
  }
}
