import Autodiff
import Tensors

/// An expression that is watched, at one moment.
package struct WatchReading: Hashable, Sendable {
  package let expression: String
  package let now: Result<ExpressionValue, ExpressionFailure>
  /// What it was at the end of the step before the one that its value belongs to.
  package let before: Float?
  /// The instruction of this step, counted from 1, that changes it next; nil when none does.
  package let changesAt: Int?
  /// The instruction of a step, counted from 1, that changes it first; nil for what no instruction
  /// changes, as the number of the step.
  package let firstChange: Int?
  /// The instruction, counted from 1, that made what is shown, in this step; nil when none did.
  package let madeAt: Int?
  /// What it was at the ends of the latest steps.
  package let past: Past
}

extension WatchReading {
  /// The step of its past that changed it most, and by how much; nil where two are not known, or none
  /// changed it.
  package var largestChange: (step: Int, change: Float)? {
    let points = past.points
    return zip(points, points.dropFirst())
      .filter { $0.step + 1 == $1.step }
      .map { (step: $1.step, change: $1.value - $0.value) }
      .filter { $0.change.isFinite && $0.change != 0 }
      .max { abs($0.change) < abs($1.change) }
  }

  init(_ source: String, of session: Session, _ past: Past) {
    expression = source
    self.past = past
    var names: [String] = []
    do throws(ExpressionFailure) {
      let expression = try RunExpression(source)
      names = expression.names
      now = .success(try expression.value(in: SessionScope(session)))
    } catch { now = .failure(error) }
    let plan = session.plan
    let done = session.execution.position
    let values = names.compactMap { Self.value(named: $0, session) }
    let writers = plan.instructions.indices.filter { index in
      values.contains { plan.writes(index, $0) }
    }
    changesAt = writers.first { $0 >= done }.map { $0 + 1 }
    firstChange = writers.first.map { $0 + 1 }
    madeAt = writers.last { $0 < done }.map { $0 + 1 }
    let isNew = changesAt == nil
    before = past[session.shownStep - (isNew ? 1 : 2)]
  }

  /// The value behind a name; that of the batch's accuracy is the output.
  private static func value(named name: String, _ session: Session) -> Value? {
    session.plan.value(named: name) ?? (name == "accuracy" ? session.plan.output : nil)
  }
}

extension Plan {
  /// Whether an instruction writes a value or a part of it, or the whole that it is a part of.
  func writes(_ instruction: Int, _ value: Value) -> Bool {
    let all = instructions[instruction]
    let written = all.results.map(\.value) + all.overwrites
    return written.contains { isPart($0.id, of: value.id) || isPart(value.id, of: $0.id) }
  }

  private func isPart(_ part: Int, of whole: Int) -> Bool {
    var next: Int? = part
    while let here = next {
      if here == whole { return true }
      next = values[here].parent
    }
    return false
  }

  /// Refuses an expression that cannot be read or names what is not there, saying what would be
  /// right.
  package func refusal(of source: String) -> ExpressionFailure? {
    do throws(ExpressionFailure) {
      _ = try RunExpression(source).value(in: NamesAlone(plan: self))
      return nil
    } catch {
      return error.kind == .syntax || error.kind == .unknownName || error.kind == .meaning
        ? error : nil
    }
  }
}

/// The names of a plan, with zeros of their shapes for values: enough to find out whether an
/// expression means something.
private struct NamesAlone: ExpressionScope {
  let plan: Plan

  var names: [String] { Array(Set(plan.names).union(SessionScope.runNames)).sorted() }

  func value(named name: String) throws(ExpressionFailure) -> ExpressionValue? {
    if let value = plan.value(named: name) {
      return value.shape.rank == 0 || value == plan.loss
        ? .number(0) : .tensor(Tensor(shape: value.shape, repeating: 0))
    }
    if ["optimizer", "loss_function", "data"].contains(name) { return .text("") }
    if ["finished", "begun", "shuffle", "scaled", "sabotaged", "proved", "paused"].contains(name) {
      return .truth(false)
    }
    // What an argument of a layer is, only the network knows.
    if name.contains("."), !name.contains("/") {
      throw ExpressionFailure(.notYet(instruction: nil), "\(name) of a network", remedy: "a run")
    }
    return SessionScope.runNames.contains(name) ? .number(0) : nil
  }

  func history(of name: String) throws(ExpressionFailure) -> Tensor {
    guard History.recordedNames.contains(name) || name.hasPrefix("val_") else {
      throw History.unknown(name)
    }
    return Tensor(shape: [1], scalars: [0])
  }

  func value(
    of function: String, place: String
  ) throws(ExpressionFailure) -> ExpressionValue {
    ["layers", "parameters"].contains(function) ? .number(0) : .truth(false)
  }

  func updateRatio(of name: String) throws(ExpressionFailure) -> Double {
    _ = try plan.updatedWeight(named: name)
    return 0
  }
}
