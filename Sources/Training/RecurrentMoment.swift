import Autodiff
import Tensors

/// A recurrent layer over time as the stepper shows it, for the example under the lens.
package struct RecurrentMoment: Hashable, Sendable {
  /// What a row of numbers is in the layer.
  package enum Part: String, CaseIterable, Hashable, Sendable {
    case x, i, f, z, r, g, o, c, h
    case outputGradient = "h.grad"
    case memoryGradient = "c.grad"
    case sumGradient = "z.grad"

    package static let forward: [Part] = [.x, .i, .f, .z, .r, .g, .o, .c, .h]
    package static let backward: [Part] = [
      .f, .z, .r, .c, .outputGradient, .memoryGradient, .sumGradient,
    ]
  }

  /// One kind of number at every time step.
  package struct Row: Hashable, Sendable {
    package let part: Part
    package let symbol: String
    /// By time step; nil where they are not known yet.
    package let numbers: [[Float]?]
    /// The function that made them, where it is known: what they lie between.
    package let function: ScalarFunction?

    /// The numbers known.
    package var known: [Float] { numbers.flatMap { $0 ?? [] } }
  }

  package let layer: String
  /// The time step that the instruction lies in.
  package let time: Int
  package let steps: Int
  package let units: Int
  /// The place of the example in the batch.
  package let example: Int
  /// The unit that the chosen number belongs to, nil when it belongs to none.
  package let unit: Int?
  /// What the instruction computes: a row, or nil for `z` and what goes to the memory before.
  package let part: Part?
  package let rows: [Row]
  /// The sum z that the chosen number of a gate is the function of.
  package let weightedSum: CellExplanation?

  package func row(_ part: Part) -> Row? { rows.first { $0.part == part } }

  /// One number, nil when it is not known yet.
  package func number(_ part: Part, at time: Int, unit: Int) -> Float? {
    guard let row = row(part), row.numbers.indices.contains(time),
      let numbers = row.numbers[time], numbers.indices.contains(unit)
    else { return nil }
    return numbers[unit]
  }
}

extension Instruction {
  /// The recurrent layer and the time step that it lies in, if it lies in one: `lstm`, `t = 5`. The
  /// layer may lie within others.
  package var timeStep: (layer: String, scope: String)? {
    guard let place = scopes.firstIndex(where: { $0.hasPrefix("t = ") }) else { return nil }
    return (scopes[..<place].joined(separator: "/"), scopes[place])
  }
}

/// Where in a recurrent layer an instruction lies, read from its scopes: `lstm › t = 5`.
struct RecurrentPlace {
  let layer: String
  let time: Int
  let steps: Int
  let units: Int

  init(layer: String, time: Int, steps: Int, units: Int) {
    (self.layer, self.time, self.steps, self.units) = (layer, time, steps, units)
  }

  /// Nil when the instruction lies in no time step.
  init?(_ instruction: Instruction, _ plan: Plan) {
    guard let (layer, scope) = instruction.timeStep, let time = Int(scope.dropFirst(4)),
      let outputs = plan.value(named: layer + "/h"), outputs.shape.rank == 3
    else { return nil }
    self.layer = layer
    self.time = time
    steps = outputs.shape[0]
    units = outputs.shape[2]
  }

  func value(_ part: RecurrentMoment.Part, at time: Int, _ plan: Plan) -> Value? {
    let value = plan.value(named: "\(layer)/t\(time)/\(part.rawValue)")
    // The z of several gates side by side is no gate.
    return part == .z && value?.shape.last != units ? nil : value
  }

  /// The number of a result that an example's unit stands for; of several blocks of units the first.
  func cell(of result: Value, example: Int, unit: Int) -> Int? {
    guard result.shape.rank == 2, example < result.shape[0], unit < result.shape[1] else {
      return nil
    }
    return example * result.shape[1] + unit
  }
}

extension RecurrentMoment {
  /// A layer over time as a forward pass left it, with no instruction in front.
  init(
    _ layer: String, of execution: Execution, example: Int, time: Int, steps: Int, units: Int,
    unit: Int
  ) {
    self.layer = layer
    self.time = time
    self.steps = steps
    self.units = units
    self.example = example
    self.unit = unit
    part = nil
    weightedSum = nil
    rows = Self.rows(
      RecurrentPlace(layer: layer, time: time, steps: steps, units: units), Part.forward,
      of: execution, example: example)
  }

  /// - Parameter explain: how one number of a result came about.
  init(
    _ place: RecurrentPlace, _ instruction: Instruction, of execution: Execution, example: Int,
    result: InstructionResult, cell: Int,
    explain: (InstructionResult, Int) -> CellExplanation
  ) {
    let plan = execution.plan
    layer = place.layer
    time = place.time
    steps = place.steps
    units = place.units
    self.example = example
    let width = max(1, result.value.shape.last)
    unit = width % place.units == 0 ? cell % width % place.units : nil
    let parts = instruction.phase == .backward ? Part.backward : Part.forward
    part = parts.first { place.value($0, at: place.time, plan) == result.value }
    rows = Self.rows(place, parts, of: execution, example: example)
    weightedSum = Self.weightedSum(of: result, at: cell, plan, explain)
  }

  /// The numbers of each part that the layer has, at every time step.
  private static func rows(
    _ place: RecurrentPlace, _ parts: [Part], of execution: Execution, example: Int
  ) -> [Row] {
    let plan = execution.plan
    return parts.compactMap { part in
      guard let first = place.value(part, at: 0, plan) else { return nil }
      let numbers = (0..<place.steps).map { time -> [Float]? in
        guard let value = place.value(part, at: time, plan), execution.isKnown(value),
          value.shape.rank == 2, example < value.shape[0]
        else { return nil }
        let width = value.shape[1]
        return (0..<width).map { execution.number(value, at: example * width + $0) }
      }
      let symbol = plan[first].symbol.replacing("[0]", with: "")
      return Row(
        part: part, symbol: symbol, numbers: numbers, function: Self.function(of: first, plan))
    }
  }

  private static func function(of value: Value, _ plan: Plan) -> ScalarFunction? {
    guard let origin = plan.origin(of: value),
      let result = plan.instructions[origin].results.first(where: { $0.value == value })
    else { return nil }
    if case .functionOfColumns(let function, _, _) = result.rule { return function }
    return nil
  }

  private static func weightedSum(
    of result: InstructionResult, at cell: Int, _ plan: Plan,
    _ explain: (InstructionResult, Int) -> CellExplanation
  ) -> CellExplanation? {
    guard case .functionOfColumns(_, let z, let first) = result.rule,
      let origin = plan.origin(of: z),
      let sum = plan.instructions[origin].results.first(where: { $0.value == z })
    else { return nil }
    let (row, column) = cell.quotientAndRemainder(dividingBy: max(1, result.value.shape.last))
    return explain(sum, row * z.shape.last + first + column)
  }
}
