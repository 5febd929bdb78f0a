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

  mutating func store(step: Int, _ state: Arena) { store(step: step, [state]) }

  /// Several arenas one after the other.
  mutating func store(step: Int, _ arenas: [Arena]) {
    states[step] = arenas.flatMap { $0.read(0, $0.count) }
  }

  /// Keeps the state at the start of `step` if it is time for one.
  mutating func offer(step: Int, _ state: Arena) { offer(step: step, [state]) }

  mutating func offer(step: Int, _ arenas: [Arena]) {
    guard step % spacing == 0, states[step] == nil else { return }
    store(step: step, arenas)
    while states.count > limit {
      spacing *= 2
      states = states.filter { $0.key % spacing == 0 || $0.key == first }
    }
  }

  func nearest(atOrBefore step: Int) -> Int? {
    states.keys.filter { $0 <= step }.max()
  }

  func restore(step: Int, into state: Arena) { restore(step: step, into: [state]) }

  func restore(step: Int, into arenas: [Arena]) {
    guard let numbers = states[step] else { preconditionFailure("no checkpoint at \(step)") }
    var first = 0
    for arena in arenas {
      arena.write(Array(numbers[first..<first + arena.count]), at: 0)
      first += arena.count
    }
  }

  mutating func forget(after step: Int) {
    states = states.filter { $0.key <= step }
  }
}
