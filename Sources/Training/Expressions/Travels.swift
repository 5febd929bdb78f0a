import Autodiff

/// Where a student has been in a run, step by step: what lessons ask with `visited(…)`.
package struct Travels: Hashable, Sendable {
  private var places: Set<String> = []
  /// Moves that went backwards.
  package private(set) var movesBack = 0

  package init() {}

  /// Records one move. Every instruction on the way counts as visited when it stays within a step;
  /// a move over steps visits only where it ends.
  package mutating func moved(from old: Position, to new: Position, in plan: Plan) {
    if new < old { movesBack += 1 }
    let end = plan.instructions.count
    let last = new.instruction == 0 ? (new.step > 0 ? end : 0) : new.instruction
    let sameStep = old.step == new.step || (new == Position(step: old.step + 1))
    let first = sameStep && old < new ? old.instruction : last - 1
    for i in max(0, min(first, last))..<max(0, last) where i < end {
      let instruction = plan.instructions[i]
      places.insert(instruction.phase.rawValue)
      guard let layer = instruction.layer else { continue }
      places.insert(layer)
      places.insert("\(instruction.phase.rawValue) \(layer)")
    }
  }

  /// Whether a phase, a layer, or a phase of a layer was visited: `backward`, `dense_1`,
  /// `backward dense_1`.
  package func visited(_ place: String) -> Bool { places.contains(place) }
}
