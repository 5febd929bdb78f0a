import Foundation
import Synchronization
import Tensors
import Training
import Workbench

/// The thread that trains. Requests go in, the newest snapshot and replies come out; nothing that is
/// not a value crosses.
package final class LabThread: Sendable {
  /// Work for the thread that owns the lab.
  package typealias Job = @Sendable (Lab) -> [News]

  private struct Boxes {
    var inbox: [Job] = []
    var snapshot: LabSnapshot?
    var replies: [News] = []
    var isStopped = false
  }

  private let boxes = Mutex(Boxes())
  /// Set while mail waits: a run at full speed looks at it between steps.
  private let hasMail = Atomic<Bool>(false)
  /// Nanoseconds between two pictures of a run that trains, as the screen can take them.
  private let interval = Atomic<Int64>(33_000_000)
  private let bell = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let wake: @Sendable () -> Void
  private let workshop: Workshop?

  /// - Parameters:
  ///   - workshop: what commands at the prompt reach outside of the run.
  ///   - wake: called when there is news, at most once until it is taken.
  ///   - observer: looks at the lab on its thread, and at its end finishes records.
  ///   - prepare: called first on the thread, to make it safe to crash on.
  package init(
    workshop: Workshop? = nil, wake: @escaping @Sendable () -> Void,
    observer: any LabObserver = SilentObserver(), prepare: @escaping @Sendable () -> Void = {}
  ) {
    self.wake = wake
    self.workshop = workshop
    let thread = Thread { [self] in
      Self.giveWay()
      prepare()
      run(observer)
      ended.signal()
    }
    thread.name = "lab"
    thread.stackSize = 8 << 20
    thread.start()
  }

  // MARK: For the screen's thread

  package func post(_ request: LabRequest) {
    post { lab in
      lab.handle(request)
      return []
    }
  }

  package func post(_ job: @escaping Job) {
    boxes.withLock { $0.inbox.append(job) }
    hasMail.store(true, ordering: .releasing)
    bell.signal()
  }

  /// The news since the last time, the newest snapshot last.
  package func takeNews() -> [News] {
    boxes.withLock { boxes in
      var news: [News] = []
      swap(&news, &boxes.replies)
      if let snapshot = boxes.snapshot.take() { news.append(.run(snapshot)) }
      return news
    }
  }

  /// Says how often the screen can take a picture of a run that trains.
  package func setInterval(_ time: Duration) {
    interval.store(Int64(time / .nanoseconds(1)), ordering: .relaxed)
  }

  /// Ends the thread after the mail that is in; returns when it has ended, or after so many seconds
  /// when it is on a long way: who leaves does not wait for that.
  package func stop(within seconds: Double = 3) {
    boxes.withLock { $0.isStopped = true }
    hasMail.store(true, ordering: .releasing)
    bell.signal()
    _ = ended.wait(timeout: .now() + seconds)
  }

  // MARK: The thread

  /// Whoever trains gives way to whoever draws and answers keys, of this lab and of others on the
  /// machine. On Linux, the calling thread alone; threads it starts inherit it.
  private static func giveWay() {
    #if os(Linux)
    let which = __priority_which_t(PRIO_PROCESS.rawValue)
    // Whoever gave the lab a lower priority still means it.
    setpriority(which, 0, max(5, getpriority(which, 0)))
    #endif
  }

  private func run(_ observer: any LabObserver) {
    flushDenormals()
    let lab = Lab(defers: true)
    lab.standardWorkshop = workshop
    lab.words = { Words.sentences(of: $0) }
    lab.share = { try SharedMoment($0).text() }
    let start = ContinuousClock.now
    lab.clock = { (ContinuousClock.now - start) / .seconds(1) }
    var metronome = Metronome()
    var pictures = PictureClock()
    var isStale = true
    while true {
      if hasMail.load(ordering: .acquiring) { observer.prepare(for: lab) }
      let stop = readMail(lab, &isStale)
      observer.look(at: lab)
      if stop { break }
      let done = metronome.train(lab) { hasMail.load(ordering: .acquiring) }
      if done > 0 { isStale = true }
      // A rest is shown at once.
      if isStale,
        lab.activity != .training
          || pictures.wait(.nanoseconds(interval.load(ordering: .relaxed)), lab.pace) <= .zero
      {
        publish(pictures.take { lab.snapshot() })
        isStale = false
      }
      func isUrgent() -> Bool { hasMail.load(ordering: .acquiring) || metronome.isDue(lab) }
      if lab.hasWork, !isUrgent() {
        // What takes long comes after the picture, and gives way to keys and to the next step.
        if lab.attend(stopping: isUrgent) { isStale = true }
        continue
      }
      rest(
        lab, metronome,
        picture: isStale
          ? pictures.wait(.nanoseconds(interval.load(ordering: .relaxed)), lab.pace) : nil)
    }
    observer.end(lab)
  }

  private func readMail(_ lab: Lab, _ isStale: inout Bool) -> Bool {
    hasMail.store(false, ordering: .releasing)
    let (jobs, isStopped) = boxes.withLock { boxes in
      defer { boxes.inbox = [] }
      return (boxes.inbox, boxes.isStopped)
    }
    for job in jobs {
      let replies = job(lab)
      isStale = true
      if !replies.isEmpty { publish(replies: replies) }
    }
    return isStopped
  }

  /// Sleeps until there is mail, or the next step or a picture of the last one is due.
  private func rest(_ lab: Lab, _ metronome: Metronome, picture: Duration?) {
    guard lab.activity == .training else {
      bell.wait()
      return
    }
    let step = metronome.pause(lab.pace)
    let pause = min(step, picture.map { max(0, $0 / .seconds(1)) } ?? step)
    if pause > 0 { _ = bell.wait(timeout: .now() + pause) }
  }

  private func publish(_ snapshot: LabSnapshot) {
    let wasEmpty = boxes.withLock { boxes in
      defer { boxes.snapshot = snapshot }
      return boxes.snapshot == nil && boxes.replies.isEmpty
    }
    if wasEmpty { wake() }
  }

  /// Hands on news that comes from elsewhere than the lab.
  package func tell(_ news: [News]) { publish(replies: news) }

  private func publish(replies: [News]) {
    boxes.withLock { $0.replies += replies }
    wake()
  }
}

/// What else wants to know how the run goes: the record of runs. Called on the lab's thread.
package protocol LabObserver: Sendable {
  /// Before requests are carried out: what comes may put another run in the place of this one.
  func prepare(for lab: Lab)
  /// After requests, and now and then while it trains.
  func look(at lab: Lab)
  func end(_ lab: Lab)
}

/// Nobody watches.
package struct SilentObserver: LabObserver {
  package init() {}
  package func prepare(for lab: Lab) {}
  package func look(at lab: Lab) {}
  package func end(_ lab: Lab) {}
}

/// When the next picture of a run that trains is due: thirty a second are enough, fewer where making
/// one takes long or the screen cannot take them.
struct PictureClock {
  private var last: ContinuousClock.Instant?
  private var cost = Duration.zero

  /// How long until the next one is due.
  /// - Parameter interval: what the screen asks for.
  func wait(_ interval: Duration, _ pace: Pace) -> Duration {
    guard let last else { return .zero }
    // At full speed the run loses a thirtieth at most by being shown.
    let share = pace == .full ? 30 : 6
    return max(.milliseconds(33), interval, min(cost * share, .seconds(1)))
      - last.duration(to: .now)
  }

  mutating func take(_ make: () -> LabSnapshot) -> LabSnapshot {
    let start = ContinuousClock.now
    defer {
      last = .now
      cost = cost == .zero ? start.duration(to: .now) : (cost * 3 + start.duration(to: .now)) / 4
    }
    return make()
  }
}

/// Turns a pace into steps due by the clock.
struct Metronome {
  private var nextStep = ContinuousClock.now

  /// Trains what is due, at most for a few milliseconds or until there is mail.
  mutating func train(_ lab: Lab, isInterrupted: () -> Bool) -> Int {
    guard lab.activity == .training else {
      nextStep = .now
      return 0
    }
    let end = ContinuousClock.now + .milliseconds(8)
    var done = 0
    switch lab.pace {
    case .full:
      while lab.activity == .training && ContinuousClock.now < end && !isInterrupted() {
        done += lab.train(steps: 4)
      }
    case .steps(let rate):
      let interval = Duration.seconds(1 / max(rate, 0.01))
      // After a halt the lost time is not made up for.
      if ContinuousClock.now - nextStep > .milliseconds(250) + interval { nextStep = .now }
      while ContinuousClock.now >= nextStep && ContinuousClock.now < end
        && lab.activity == .training && !isInterrupted()
      {
        done += lab.train(steps: 1)
        nextStep = nextStep + interval
      }
    }
    return done
  }

  /// Whether a run that trains is to do a step now.
  func isDue(_ lab: Lab) -> Bool { lab.activity == .training && pause(lab.pace) <= 0 }

  /// Seconds until the next step is due.
  func pause(_ pace: Pace) -> Double {
    guard case .steps = pace else { return 0 }
    let left = (nextStep - ContinuousClock.now).components
    return max(0, Double(left.seconds) + Double(left.attoseconds) * 1e-18)
  }
}
