import Tensors
import Testing
import Training

@Suite("A run that takes up its past")
struct AdoptingTests {
  @Test(
    "goes to any step from states kept elsewhere, and on to the same bytes",
    arguments: SampleRun.all)
  func adopting(run: SampleRun) throws {
    let straight = try Session(run.settings)
    var digests: [Digest] = []
    var states: [Int: StateCopy] = [:]
    for step in 0..<12 {
      straight.go(to: Position(step: step))
      digests.append(straight.digest)
      if [4, 9].contains(step) { states[step] = straight.copyState() }
    }
    #expect(states[4]?.digest == digests[4])
    let history = straight.history
    let rows = History(
      rows: history.rows(from: 0).flatMap { [$0] }, epochs: history.epochs)
    #expect(rows.steps == history.steps)
    var reads: [Int] = []
    let again = try Session(run.settings)
    again.adopt(rows)
    again.adopt(
      StateArchive(states.values.map { ($0.step, 0) }) { step in
        reads.append(step)
        return states[step]
      })
    for step in [11, 3, 7, 10, 5, 0, 9] {
      again.go(to: Position(step: step))
      #expect(again.digest == digests[step], "at step \(step)")
    }
    #expect(reads == [9, 4])
    again.goToStart(ofStep: 9)
    #expect(again.position == Position(step: 9))
    for session in [straight, again] { session.go(to: Position(step: 15)) }
    #expect(again.digest == straight.digest)
    #expect(again.history.steps == straight.history.steps)
    #expect(again.history.epochs == straight.history.epochs)
  }

  @Test("a state of another network, or one that is gone, is left out")
  func strangers() throws {
    let run = SampleRun.all[0]
    let other = try Session(SampleRun.all[1].settings)
    other.trainStep()
    let stranger = try #require(other.copyState())
    let straight = try Session(run.settings)
    straight.go(to: Position(step: 6))
    let session = try Session(run.settings)
    session.adopt(straight.history)
    session.adopt(StateArchive([(1, 0), (5, 0)]) { $0 == 1 ? stranger : nil })
    session.go(to: Position(step: 6))
    #expect(session.digest == straight.digest)
  }

  @Test("a change by hand begins another future: states after it are not gone back to")
  func futures() throws {
    let run = SampleRun.all[1]
    let straight = try Session(run.settings)
    straight.go(to: Position(step: 8))
    let late = try #require(straight.copyState())
    let session = try Session(run.settings)
    session.adopt(straight.history)
    session.adopt(StateArchive([(8, 0)]) { _ in late })
    for each in [session, straight] {
      each.go(to: Position(step: 3))
      each.setLearningRate(0.3)
      each.go(to: Position(step: 10))
    }
    #expect(session.digest == straight.digest)
  }
}
