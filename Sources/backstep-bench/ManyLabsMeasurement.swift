import Foundation
import PseudoTerminal
import Synchronization

/// Many labs on one machine, as when a class connects to one host: each trains digits at the
/// ten-second pace; how soon is a key answered in one of them?
enum ManyLabsMeasurement {
  static func run(count: Int) {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    print("\n\(count) labs that train digits at the ten-second pace, on \(cores) cores")
    do {
      let first = try OpenLab()
      guard first.train(atFullSpeed: false) else { return print("the first does not train") }
      let crowd = try Crowd(count - 1)
      defer { crowd.stop() }
      var answers: [Double] = []
      var (busy, seconds) = (0.0, 0.0)
      for _ in 0..<8 {
        // A run lasts ten seconds: it starts over while it trains, and so trains on.
        crowd.type("r")
        first.press("r")
        let (before, clock) = (crowd.busySeconds, ContinuousClock.now)
        guard let some = first.answers(25) else { return print("a key was not answered") }
        answers += some
        busy += crowd.busySeconds - before
        seconds += clock.duration(to: .now) / .seconds(1)
      }
      answers.sort()
      LabMeasurement.line(
        "key to screen, of \(answers.count)", LabMeasurement.words(answers), "p95 ≤ 50 ms")
      LabMeasurement.line(
        "processor, the others together", "\(shown(busy / seconds * 100)) % of a core", "—")
    } catch { print("not measured: \(error)") }
  }

  /// Labs that somebody else has open: their screens are read and dropped on another thread.
  private final class Crowd: @unchecked Sendable {
    private let labs: [OpenLab]
    private let keys = Mutex<String>("")
    private let isStopped = Atomic<Bool>(false)
    private let hasStopped = DispatchSemaphore(value: 0)

    init(_ count: Int) throws {
      labs = try (0..<count).map { _ in try OpenLab() }
      for lab in labs { lab.terminal.settle(seconds: 0.05, atMost: 1) }
      for lab in labs { lab.terminal.type("4 ") }
      Thread { [self] in
        while !isStopped.load(ordering: .relaxed) { look() }
        hasStopped.signal()
      }.start()
      // They have to be at work, not at their start.
      Thread.sleep(forTimeInterval: 3)
    }

    private func look() {
      let typed = keys.withLock { keys in
        defer { keys = "" }
        return keys
      }
      for lab in labs {
        if !typed.isEmpty { lab.terminal.type(typed) }
        while lab.terminal.look(seconds: 0) {}
        lab.terminal.drop()
      }
      Thread.sleep(forTimeInterval: 0.02)
    }

    func type(_ text: String) { keys.withLock { $0 += text } }

    func stop() {
      isStopped.store(true, ordering: .relaxed)
      hasStopped.wait()
    }

    var busySeconds: Double { labs.reduce(0) { $0 + $1.busySeconds } }
  }
}
