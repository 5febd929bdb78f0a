import Tensors
import Testing

@testable import Training

@Suite("Kept moments of a run")
struct CheckpointTests {
  @Test("are bounded, near together near the present, and never too far apart")
  func thinning() {
    let state = Arena(count: 16_707)
    var kept = Checkpoints(stateSize: state.count, stepSize: 24_000, first: 0)
    kept.store(step: 0, state)
    for step in 1...300_000 {
      state.base[0] = Float(step)
      kept.offer(step: step, state)
    }
    #expect(kept.count * state.count * 4 <= 64 << 20)
    var worst = 0
    for target in stride(from: 0, through: 300_000, by: 97) {
      let near = kept.nearest(atOrBefore: target) ?? -1
      worst = max(worst, target - near)
      kept.restore(step: near, into: state)
      #expect(near == 0 || state.base[0] == Float(near))
    }
    #expect(worst < 1024)
    #expect(300_000 - (kept.nearest(atOrBefore: 299_999) ?? 0) <= 64)
    // Where one travels, moments come near together again.
    for step in 100_000...100_100 { kept.offer(step: step, state) }
    #expect(100_090 - (kept.nearest(atOrBefore: 100_090) ?? 0) <= 64)
    #expect(kept.count * state.count * 4 <= 64 << 20)
  }

  @Test("of a state of megabytes lie at most 32 steps apart in a run of a thousand")
  func medium() {
    // A convolutional network over 28 × 28 images with Adam, and what a batch of 64 takes.
    let state = Arena(count: 677_000)
    var kept = Checkpoints(stateSize: state.count, stepSize: 9_000_000, first: 0)
    kept.store(step: 0, state)
    for step in 1...1000 { kept.offer(step: step, state) }
    let gaps = (0...1000).map { $0 - (kept.nearest(atOrBefore: $0) ?? -1000) }
    #expect(gaps.max() ?? 1000 < 32, "\(gaps.max() ?? 0)")
    #expect(kept.count * state.count * 4 <= 128 << 20)
    // Wherever one travels, too.
    for step in 301...340 { kept.offer(step: step, state) }
    #expect((0...1000).allSatisfy { $0 - (kept.nearest(atOrBefore: $0) ?? -1000) < 64 })
  }

  @Test("of a large state are few, the first among them")
  func large() {
    let state = Arena(count: 5_000_000)
    var kept = Checkpoints(stateSize: state.count, stepSize: 1000, first: 40)
    kept.store(step: 40, state)
    for step in 41...2000 { kept.offer(step: step, state) }
    #expect(kept.count <= 6 && kept.nearest(atOrBefore: 41) == 40)
    kept.thin(to: 2)
    #expect(kept.count <= 2 && kept.nearest(atOrBefore: 41) == 40)
    kept.forget(after: 0)
    #expect(kept.nearest(atOrBefore: 5000) == nil)
  }
}
