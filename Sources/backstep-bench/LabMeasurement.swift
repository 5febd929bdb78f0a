import Foundation
import Glibc
import PseudoTerminal

/// The lab as a user meets it, in a terminal of 120 × 36: time to the first frame, memory, rest,
/// and how soon a key is answered while a network trains at full speed.
enum LabMeasurement {
  static func run() {
    print("\nthe lab in a terminal of 120 × 36")
    do {
      firstFrame()
      try resting()
      try training()
    } catch { print("not measured: \(error)") }
  }

  // MARK: What is measured

  private static func firstFrame() {
    let figures = Figures(
      values: (0..<21).compactMap { _ in
        let clock = ContinuousClock.now
        guard let lab = try? OpenLab(), lab.terminal.look(until: { $0.frames > 0 }) else {
          return nil
        }
        return clock.duration(to: .now) / .milliseconds(1)
      })
    line("first frame, median of 21", "\(shown(figures.median)) ms", "≤ 50 ms")
  }

  /// The processor's share while nothing is asked of it, and the memory in the end.
  private static func resting() throws {
    let lab = try OpenLab()
    lab.terminal.settle(seconds: 0.5)
    line("processor at rest, Home", share(lab), "0")
    lab.press("4")
    lab.press(" ")
    lab.press(" ")
    line("processor at rest, a paused run", share(lab), "0")
    lab.press(" ")
    lab.press("F")
    _ = lab.terminal.look(seconds: 30) { $0.words.contains("finished") }
    lab.terminal.settle(seconds: 0.5)
    line("processor at rest, a finished run", share(lab), "0")
    line("memory at most, digits trained", "\(shown(lab.memory)) MB", "≤ 100 MB")
  }

  private static func training() throws {
    let lab = try OpenLab()
    lab.terminal.settle()
    lab.press("4")
    // The field of the epochs.
    lab.press("\u{1B}[<0;100;27M")
    lab.press("\r")
    lab.press("\u{15}100000\r")
    lab.press(" ")
    lab.press("F")
    lab.terminal.settle(seconds: 1, atMost: 1)
    let start = lab.terminal.output.count
    guard lab.terminal.look(from: start, seconds: 2, until: { $0.frames > 9 }) else {
      return print("the long run does not train")
    }
    var answers: [Double] = []
    for sample in 0..<100 {
      lab.terminal.forget()
      let clock = ContinuousClock.now
      lab.terminal.type("?")
      guard lab.terminal.look(seconds: 2, until: { $0.contains(text: "to search") }) else { break }
      answers.append(clock.duration(to: .now) / .milliseconds(1))
      lab.terminal.type("\u{1B}")
      // Not in step with the pictures, which come thirty times a second.
      lab.terminal.settle(seconds: 1, atMost: 0.08 + Double(sample % 17) / 500)
    }
    answers.sort()
    guard answers.count == 100 else { return print("a key was not answered") }
    line(
      "key to screen at full speed, of 100",
      "median \(shown(answers[50])), p95 \(shown(answers[95])), most \(shown(answers[99])) ms",
      "p95 ≤ 5 ms")
    line("processor at full speed", share(lab), "—")
    line("memory at most, a long run", "\(shown(lab.memory)) MB", "≤ 100 MB")
  }

  /// Over five seconds.
  private static func share(_ lab: OpenLab) -> String {
    let (busy, clock) = (lab.busySeconds, ContinuousClock.now)
    lab.terminal.settle(seconds: 5, atMost: 5)
    return shown((lab.busySeconds - busy) / (clock.duration(to: .now) / .seconds(1)) * 100, 2)
      + " %"
  }

  private static func line(_ name: String, _ figure: String, _ bar: String) {
    print(padded(name, 40) + padded(figure, 48) + "wanted: \(bar)")
  }
}

/// The lab beside this program, with a home folder of its own.
private final class OpenLab {
  let terminal: PseudoTerminal
  private let home: URL

  init() throws {
    let environment = ProcessInfo.processInfo.environment
    home = FileManager.default.temporaryDirectory.appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let lab = Bundle.main.bundleURL.appending(path: "backstep")
    terminal = try PseudoTerminal(
      lab.path,
      environment: [
        "PATH": environment["PATH", default: "/usr/bin:/bin"], "HOME": home.path,
        "XDG_DATA_HOME": home.path, "XDG_STATE_HOME": home.path, "XDG_CACHE_HOME": home.path,
        "LANG": "C.UTF-8", "TERM": "xterm-256color",
      ])
  }

  deinit { try? FileManager.default.removeItem(at: home) }

  func press(_ keys: String) {
    terminal.type(keys)
    terminal.settle(seconds: 0.2, atMost: 0.4)
  }

  /// Processor time of all threads, those that ended too.
  var busySeconds: Double {
    var (clock, time) = (clockid_t(), timespec())
    guard clock_getcpuclockid(terminal.process, &clock) == 0, clock_gettime(clock, &time) == 0
    else { return .nan }
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The most memory so far, in MB.
  var memory: Double {
    let path = "/proc/\(terminal.process)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
      .map { $0 * 1024 / 1e6 } ?? .nan
  }
}
