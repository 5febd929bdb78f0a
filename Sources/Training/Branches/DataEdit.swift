import Autodiff
import Tensors

/// A change by hand to what a run learns from; the rest of the examples, their order and their batches
/// stay as they are.
package enum DataEdit: Hashable, Sendable, Codable {
  /// One number of the first input of a row of the training examples, by its row-major place within
  /// the row, in the units that the network gets.
  case input(row: Int, place: Int, value: Float)
  /// The same of the first target: a class number, or a number to be met.
  case target(row: Int, place: Int, value: Float)
  /// The row counts for nothing: its loss has weight 0, as with Keras's `sample_weight`.
  case drop(row: Int)

  /// `input 3 of row 17 = 0.5`.
  package var inWords: String {
    switch self {
    case .input(let row, let place, let value): "input \(place) of row \(row) = \(value)"
    case .target(let row, 0, let value): "target of row \(row) = \(value)"
    case .target(let row, let place, let value): "target \(place) of row \(row) = \(value)"
    case .drop(let row): "row \(row) dropped"
    }
  }
}

extension Examples {
  /// With one edit made.
  /// - Throws: `RunFailure` where there is no such number.
  package func making(_ edit: DataEdit) throws(RunFailure) -> Examples {
    var (inputs, targets, weights) = (allInputs, allTargets, weights)
    switch edit {
    case .input(let row, let place, let value):
      inputs[0] = try inputs[0].setting(row, place, to: value, "input")
    case .target(let row, let place, let value):
      guard !targets.isEmpty else {
        throw RunFailure("examples without targets", remedy: "an input")
      }
      targets[0] = try targets[0].setting(row, place, to: value, "target")
    case .drop(let row):
      if weights.isEmpty {
        let ones = Tensor(shape: [count], scalars: Array(repeating: 1, count: count))
        weights = targets.map { _ in ones }
      }
      for i in weights.indices {
        let width = weights[i].count / max(weights[i].shape[0], 1)
        for place in 0..<max(width, 1) {
          weights[i] = try weights[i].setting(row, place, to: 0, "weight")
        }
      }
    }
    return Examples(inputs: inputs, targets: targets, weights: weights)
  }
}

extension Tensor {
  /// - Parameter name: what a row's numbers are called.
  fileprivate func setting(
    _ row: Int, _ place: Int, to value: Float, _ name: String
  ) throws(RunFailure) -> Tensor {
    let rows = shape.extents.first ?? 0
    let width = rows == 0 ? 0 : count / rows
    guard (0..<rows).contains(row), (0..<width).contains(place), value.isFinite else {
      throw RunFailure(
        "\(name) \(place) of row \(row) of \(rows) rows with \(width) numbers each",
        remedy: rows == 0
          ? "data with examples" : "a row below \(rows), a place below \(max(width, 1))")
    }
    var numbers = scalars
    numbers[row * width + place] = value
    return Tensor(shape: shape, scalars: numbers)
  }
}

extension Session {
  /// Goes on with an edited example: from the step at hand, whose batch may have it, or between steps
  /// from the next one. The moment stays the same; the way without the edit stays a branch.
  ///
  /// - Returns: the first step with it.
  /// - Throws: `RunFailure` where there is no such number, or the run is a program's loop.
  package func edit(_ edit: DataEdit) throws -> Int {
    guard passes == nil else { throw Self.isFixed }
    let (here, step, before) = (standing, position.step, plan)
    go(to: Position(step: step))
    var wanted = settings
    wanted.data = TrainingData(
      name: wanted.data.name, training: try wanted.data.training.making(edit),
      validation: wanted.data.validation, classes: wanted.data.classes,
      preparation: wanted.data.preparation, scaler: wanted.data.scaler)
    wanted.edits.append(edit)
    do {
      _ = try change(to: wanted, words: edit.inWords, isWhatIf: true)
    } catch {
      go(to: here)
      throw error
    }
    // Examples that count differently make a plan with more lines: the line that was done last is
    // looked up in it.
    let done = here.position.instruction
    let line = done > 0 ? plan.line(like: done - 1, of: before) : nil
    go(
      to: line.map { Standing(Position(step: step, instruction: $0 + 1), isBegun: here.isBegun) }
        ?? here)
    return step
  }
}

extension Plan {
  /// The instruction that does what one of another plan does: of those of the same name at the same
  /// place of the network the one in the same order, else the one before it that there is in both.
  func line(like number: Int, of other: Plan) -> Int? {
    guard other.instructions.count != instructions.count else { return number }
    func isSame(_ a: Instruction, _ b: Instruction) -> Bool {
      a.phase == b.phase && a.scopes == b.scopes && a.title == b.title
    }
    let phase = other.instructions[number].phase
    for place in (other.range(of: phase).lowerBound...number).reversed() {
      let wanted = other.instructions[place]
      let order = other.instructions[..<place].count { isSame($0, wanted) }
      let matching = instructions.indices.filter { isSame(instructions[$0], wanted) }
      if matching.indices.contains(order) { return matching[order] }
    }
    // Nothing of the phase has a like: where it ends.
    return range(of: phase).last
  }
}
