import Autodiff
import NeuralNets
import Testing

@testable import Training

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

  @Test("update/weights is the length of the change over the length before, at every step")
  func updateRatio() throws {
    let session = try Session(SampleRun.all[0].settings)
    for step in 0..<5 {
      let before = learned(session)
      session.trainStep()
      let after = learned(session)
      let change = zip(before, after).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
      let size = before.reduce(0) { $0 + $1 * $1 }
      let ratio = try #require(session.history.step(step)?.updateRatio)
      #expect(
        abs(Double(ratio) - (change / size).squareRoot()) < 1e-5 * (change / size).squareRoot())
    }
  }

  @Test("what is measured of a step is the same whichever way one came through it")
  func waysThrough() throws {
    let settings = SampleRun.all[0].settings
    let straight = try Session(settings)
    for _ in 0..<4 { straight.trainStep() }
    let wandering = try Session(settings)
    wandering.move(1, by: .phase)
    wandering.move(2, by: .step)
    wandering.move(9, by: .instruction)
    wandering.move(-3, by: .instruction)
    wandering.go(to: Position(step: 0))
    wandering.go(to: Position(step: 3, instruction: 2))
    wandering.trainStep()
    #expect(wandering.history == straight.history)
  }

  @Test("phases are timed by the clock that is given, once, and forgotten with their step")
  func timings() throws {
    let session = try Session(SampleRun.all[0].settings)
    var readings = 0.0
    let clock = { () -> Double in
      readings += 1
      return readings
    }
    for _ in 0..<6 { session.trainStep(clock: clock) }
    #expect(session.history.timings.map(\.step) == Array(0..<6))
    #expect(session.history.timings.allSatisfy { $0.total == 4 && $0.update == 1 })
    session.go(to: Position(step: 2))
    session.trainStep(clock: clock)
    #expect(session.history.timings.count == 6)
    #expect(session.history.prefix(steps: 3, stepsPerEpoch: 99).timings.map(\.step) == [0, 1, 2])
    session.setLearningRate(0.1)
    #expect(session.history.timings.map(\.step) == [0, 1, 2])
  }

  @Test("timing changes no number")
  func timedAsUntimed() throws {
    let (timed, untimed) = (
      try Session(SampleRun.all[0].settings), try Session(SampleRun.all[0].settings)
    )
    for _ in 0..<4 {
      timed.trainStep(clock: { 0 })
      untimed.trainStep()
    }
    #expect(timed.digest == untimed.digest)
    #expect(timed.history.steps == untimed.history.steps)
  }

  @Test("a loss that is no number names the value in which that began")
  func unsound() throws {
    let session = try Session(SampleRun.all[0].settings)
    session.trainStep()
    let weight = try #require(session.plan.parameters.first)
    _ = session.setWeight(weight, at: 0, to: .nan)
    for _ in 0..<2 { session.trainStep() }
    #expect(session.history.firstUnsound == 1)
    let name = try #require(session.history.unsoundValue)
    let layer = try #require(session.network.layers.first?.name)
    #expect(name.hasPrefix(layer))
  }

  @Test("a lab without a clock times nothing; with one it times all steps at a slow pace")
  func labClock() throws {
    let lab = Lab()
    lab.handle(.open(SampleRun.all[0].settings))
    lab.handle(.pace(.steps(10)))
    lab.handle(.play)
    _ = lab.train(steps: 3)
    #expect(lab.snapshot().history.timings.isEmpty)
    lab.clock = { 1 }
    _ = lab.train(steps: 2)
    #expect(lab.snapshot().history.timings.map(\.step) == [3, 4])
  }

  @Test(
    "a run left alone rests before what it measures fills the memory, says so, and goes on when asked"
  )
  func restsForMemory() {
    let lab = Lab()
    lab.stepsAtATime = 3
    lab.handle(.open(SampleRun.all[0].settings))
    for end in [3, 6] {
      lab.handle(.play)
      #expect(lab.snapshot().failure == nil)
      #expect(lab.train(steps: 100) == 3 && lab.session?.done == end)
      let snapshot = lab.snapshot()
      #expect(snapshot.activity == .paused)
      #expect(
        snapshot.failure?.hasPrefix("paused after \(end) steps: what they measured fills") == true)
    }
  }

  @Test("a long run that rests is shown by some of its steps, and the last of them")
  func longRunAtRest() throws {
    let lab = Lab()
    lab.handle(.open(SampleRun.all[0].settings))
    lab.handle(.play)
    _ = lab.train(steps: 7)
    lab.handle(.pause())
    #expect(lab.snapshot().history == lab.session?.history)
    lab.stepsShownAtRest = 4
    let shown = lab.snapshot().history
    #expect(shown.steps.count == 4 && shown.stride == 2 && shown.count == 7)
    #expect(shown.latest == lab.session?.history.latest)
    #expect((0..<7).map(shown.kept) == [0, 0, 2, 2, 4, 4, 6])
    for step in 0..<7 { #expect(shown.step(step) == lab.session?.history.step(shown.kept(step))) }
  }

  private func learned(_ session: Session) -> [Double] {
    session.plan.parameters.filter { session.plan.gradients[$0] != nil }
      .flatMap { session.execution.numbers(of: $0).map { Double($0) } }
  }
}

@Suite("Turns of a run")
struct TurnTests {
  private func turns(_ losses: [(Float, Float?)]) -> [History.Turns.Turn] {
    var turns = History.Turns()
    for (number, (loss, unseen)) in losses.enumerated() {
      turns.add(
        History.Epoch(
          loss: loss, accuracy: nil, validationLoss: unseen, validationAccuracy: nil), at: number)
    }
    return turns.all
  }

  @Test("a plateau is told once, and again after it moved")
  func plateau() {
    let level = [(Float, Float?)](repeating: (0.5, nil), count: 9)
    #expect(turns(level).map(\.epoch) == [5])
    #expect(turns(level + [(0.3, nil)] + level).map(\.epoch) == [5, 15])
    #expect(turns((0..<20).map { (1 / Float($0 + 1), nil) }).isEmpty)
  }

  @Test("learning by heart: five epochs of val_loss above its lowest while the loss is below")
  func overfitting() {
    let up = (0..<12).map { (number: Int) -> (Float, Float?) in
      (1 - Float(number) * 0.06, 1 + Float(number) * 0.06)
    }
    let told = turns(up)
    #expect(told.map(\.kind) == [.overfitting] && told.first?.epoch == 5)
    #expect(told.first?.before.validationLoss == 1)
    #expect(turns(up.map { ($0.0, nil) }).isEmpty)
    #expect(turns(up.map { ($0.1 ?? 0, $0.1) }).isEmpty)
    // A jumping val_loss that keeps finding new lows is none.
    let jumping = (0..<40).map { (number: Int) -> (Float, Float?) in
      let unseen: Float = number % 3 == 0 ? 1 - Float(number) * 0.01 : 2
      return (1 - Float(number) * 0.02, unseen)
    }
    #expect(turns(jumping).isEmpty)
  }

  @Test("cut back, the turns are those told by then, and later ones are told again")
  func truncating() {
    let epochs = (0..<12).map { number in
      History.Epoch(
        loss: 1 - Float(number) * 0.06, accuracy: nil, validationLoss: 1 + Float(number) * 0.06,
        validationAccuracy: nil)
    }
    var turns = History.Turns()
    for (number, epoch) in epochs.enumerated() { turns.add(epoch, at: number) }
    let all = turns.all
    turns.truncate(to: Array(epochs[..<3]), count: 3)
    #expect(turns.all.isEmpty)
    for number in 3..<12 { turns.add(epochs[number], at: number) }
    #expect(turns.all == all)
    turns.truncate(to: Array(epochs[..<8]), count: 8)
    #expect(turns.all == all)
  }

  @Test("a history thinned to next to nothing still says how long it is", arguments: [0, 1, 2, 7])
  func thinnest(limit: Int) throws {
    let session = try Session(SampleRun.all[0].settings)
    for step in 0..<40 { session.trainStep(clock: { Double(step) }) }
    let thin = session.history.thinned(to: max(1, limit))
    #expect(thin.count == 40 && thin.latest == session.history.latest)
  }
}
