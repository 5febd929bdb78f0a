import Tensors

/// Parameters and optimizer state as they were at the start of some steps.
///
/// Bounded: below 64 MB (but for a few that are always kept; of a state of some megabytes a few dozen,
/// below 128 MB, for its steps take long to replay), thinned with distance. Everywhere two
/// neighbors lie at most `widest` steps apart, which doubles when there is no more room; near the
/// present, and near wherever one travels, they lie as near as `finest`, farther away ever wider. So
/// one step back replays few steps, and any moment is reached from a checkpoint `widest` before it.
struct Checkpoints {
  /// One copy of the state; the memory of one that is dropped is used again for the next.
  private final class Copy {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
      self.count = count
      base = .allocate(capacity: max(1, count))
    }

    deinit { base.deallocate() }
  }

  private var copies: [Int: Copy] = [:]
  /// The steps of `copies`, rising.
  private var steps: [Int] = []
  private var spare: [Copy] = []
  private let finest: Int
  private var widest: Int
  private let limit: Int
  /// How many are kept at each distance before they lie twice as far apart: a quarter of the room at
  /// all distances together.
  private var window: Int {
    guard limit >= 16 else { return 0 }
    let distances = (widest / finest).trailingZeroBitCount + 1
    return max(1, limit / (8 * distances))
  }
  /// The step that is always kept: nothing can be replayed from before it.
  private let first: Int

  /// Numbers that all of them together may hold; the rest of 64 MB is for the history.
  private static let room = 14 << 20
  /// As many as this may take more than that: a run of a thousand steps has one every 32 steps then.
  private static let few = 44

  /// What finding a place for a copy takes: as long as copying so many floats.
  private static let overhead = 1024
  /// Floats of a step that takes some tens of microseconds at most: many of such are replayed before
  /// anyone notices.
  private static let quick = 1 << 16

  /// - Parameters:
  ///   - stateSize: floats of one checkpoint.
  ///   - stepSize: floats that a step writes: the more, the less a copy of the state matters beside
  ///     it, and the oftener it is made; copies take some three hundredths of the time, of a quick
  ///     step half as much.
  ///   - first: the step that all begins with.
  init(stateSize: Int, stepSize: Int, first: Int) {
    self.first = first
    let size = max(stateSize, 1)
    limit = min(1024, max(6, Self.room / size, min(Self.few, 2 * Self.room / size)))
    let share = stateSize + stepSize < Self.quick ? 64 : 32
    let wanted = share * (stateSize + Self.overhead) / max(stepSize, 1)
    var spacing = 1
    while spacing < min(wanted, 64) { spacing *= 2 }
    (finest, widest) = (spacing, spacing)
  }

  var count: Int { steps.count }

  mutating func store(step: Int, _ state: Arena) { store(step: step, [state]) }

  /// Several arenas one after the other.
  mutating func store(step: Int, _ arenas: [Arena]) {
    let size = arenas.reduce(0) { $0 + $1.count }
    let copy = spare.popLast().flatMap { $0.count == size ? $0 : nil } ?? Copy(count: size)
    var place = copy.base
    for arena in arenas {
      place.initialize(from: arena.base, count: arena.count)
      place += arena.count
    }
    if copies.updateValue(copy, forKey: step) == nil {
      steps.insert(step, at: firstPlace { $0 > step })
    }
  }

  /// Keeps the state at the start of `step` if it is time for one.
  mutating func offer(step: Int, _ state: Arena) {
    guard isDue(step) else { return }
    store(step: step, state)
    makeRoom(around: step)
  }

  mutating func offer(step: Int, _ arenas: [Arena]) {
    guard isDue(step) else { return }
    store(step: step, arenas)
    makeRoom(around: step)
  }

  private func isDue(_ step: Int) -> Bool { step & (finest - 1) == 0 && copies[step] == nil }

  /// Of two that are as far away from the present the one at the rounder step stays.
  private mutating func makeRoom(around present: Int) {
    guard steps.count > limit else { return }
    repeat {
      let (first, widest, window) = (first, widest, window)
      keep { step in
        let stride = step == 0 ? Int.max >> 8 : step & -step
        return step == first || stride >= widest
          || abs(present - step) <= window * stride
      }
      // Room for more than a few, so that not every copy is looked at each time.
      guard steps.count > limit - limit / 16 else { return }
      self.widest *= 2
    } while self.widest < 1 << 40
  }

  /// Drops all but so many, evenly picked: of a future that was left.
  mutating func thin(to count: Int) {
    while steps.count > max(1, count), widest < 1 << 40 {
      widest *= 2
      let (first, stride) = (first, widest)
      keep { $0 == first || $0 & (stride - 1) == 0 }
    }
    spare = []
  }

  private mutating func keep(_ isKept: (Int) -> Bool) {
    for step in steps where !isKept(step) {
      guard var copy = copies.removeValue(forKey: step) else { continue }
      if spare.count < 64, isKnownUniquelyReferenced(&copy) { spare.append(copy) }
    }
    steps.removeAll { copies[$0] == nil }
  }

  func nearest(atOrBefore step: Int) -> Int? {
    let place = firstPlace { $0 > step }
    return place > 0 ? steps[place - 1] : nil
  }

  private func firstPlace(_ isBeyond: (Int) -> Bool) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(steps[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  func restore(step: Int, into state: Arena) { restore(step: step, into: [state]) }

  func restore(step: Int, into arenas: [Arena]) {
    guard let copy = copies[step] else { preconditionFailure("no checkpoint at \(step)") }
    var place = copy.base
    for arena in arenas {
      arena.base.update(from: place, count: arena.count)
      place += arena.count
    }
  }

  mutating func forget(after step: Int) { keep { $0 <= step } }
}
