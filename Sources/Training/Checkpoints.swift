import Tensors

/// Parameters and optimizer state as they were at the start of some steps.
///
/// Bounded: when there are too many, every other one goes and later ones lie twice as far apart, so
/// that going back replays few steps however long the run.
struct Checkpoints {
  private var states: [Int: [Float]] = [:]
  private var spacing = 8
  private let limit: Int
  /// The step that is always kept: nothing can be replayed from before it.
  private let first: Int

  /// - Parameters:
  ///   - stateSize: floats of one checkpoint; all together stay below 64 MB, but for the few that
  ///     are always kept.
  ///   - first: the step that all begins with.
  init(stateSize: Int, first: Int) {
    self.first = first
    limit = min(96, max(6, 16_000_000 / max(stateSize, 1)))
  }

  mutating func store(step: Int, _ state: Arena) {
    states[step] = state.read(0, state.count)
  }

  /// Keeps the state at the start of `step` if it is time for one.
  mutating func offer(step: Int, _ state: Arena) {
    guard step % spacing == 0, states[step] == nil else { return }
    store(step: step, state)
    while states.count > limit {
      spacing *= 2
      states = states.filter { $0.key % spacing == 0 || $0.key == first }
    }
  }

  func nearest(atOrBefore step: Int) -> Int? {
    states.keys.filter { $0 <= step }.max()
  }

  func restore(step: Int, into state: Arena) {
    guard let numbers = states[step] else { preconditionFailure("no checkpoint at \(step)") }
    state.write(numbers, at: 0)
  }

  mutating func forget(after step: Int) {
    states = states.filter { $0.key <= step }
  }
}
