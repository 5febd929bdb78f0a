import Testing
import Training

@Suite("History")
struct HistoryTests {
  @Test("thinned for the screen, every number in it was measured where it says")
  func thinned() throws {
    var settings = SampleRun.all[0].settings
    settings.epochs = 100
    let session = try Session(settings)
    for _ in 0..<settings.totalSteps { session.trainStep() }
    let full = session.history
    let thin = full.thinned(to: 64)
    #expect(thin.steps.count <= 65 && thin.epochs.count <= 18)
    #expect(thin.count == full.count && thin.epochCount == full.epochCount)
    #expect(thin.latest == full.latest && thin.epochs.last == full.epochs.last)
    #expect(thin.fall == full.fall)
    for (place, step) in thin.steps.enumerated() {
      #expect(step == full.steps[place * thin.stride])
    }
    for (place, epoch) in thin.epochs.enumerated() {
      #expect(epoch == full.epochs[thin.epochNumber(at: place)])
    }
    #expect(thin.step(full.count) == nil && thin.epoch(full.epochCount) == nil)
  }

  @Test("cut back, it is what it was then")
  func prefix() throws {
    let session = try Session(SampleRun.all[0].settings)
    for _ in 0..<6 { session.trainStep() }
    let early = session.history
    for _ in 0..<3 { session.trainStep() }
    #expect(session.history.prefix(steps: 6, stepsPerEpoch: session.stepsPerEpoch) == early)
  }
}
