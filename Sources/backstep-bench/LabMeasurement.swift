import Foundation
import PseudoTerminal

/// The lab as a user meets it in a terminal: time to the first frame, memory, rest, how soon a key
/// is answered while a network trains at full speed, and what it costs to be shown.
enum LabMeasurement {
  static func run() {
    print("\nthe lab in a terminal of 120 × 36, where no other size is named")
    do {
      firstFrame()
      try resting()
      for (columns, rows, bar) in [(120, 36, 5), (200, 60, 10)] {
        try answering(columns, rows, bar)
      }
      try drawing()
      try beingShown()
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
    lab.terminal.settle(seconds: 1.5)
    line("processor at rest, Home", share(lab), "0")
    lab.press("4")
    lab.press(" ")
    lab.press(" ")
    lab.terminal.settle(seconds: 1.5)
    line("processor at rest, a paused run", share(lab), "0")
    lab.press(" ")
    lab.press("F")
    _ = lab.terminal.look(seconds: 30) { $0.words.contains("finished") }
    lab.terminal.settle(seconds: 1.5)
    line("processor at rest, a finished run", share(lab), "0")
    line("memory at most, digits trained", "\(shown(lab.memory)) MB", "≤ 100 MB")
  }

  private static func answering(_ columns: Int, _ rows: Int, _ bar: Int) throws {
    let lab = try OpenLab(columns: columns, rows: rows, epochs: 1_000_000)
    guard lab.train(atFullSpeed: true) else { return print("the long run does not train") }
    guard let answers = lab.answers(100) else { return print("a key was not answered") }
    line("key to screen at full speed, \(columns) × \(rows)", words(answers), "p95 ≤ \(bar) ms")
    if columns > 120 { return }
    line("processor at full speed", share(lab), "—")
    line("memory at most, a long run", "\(shown(lab.memory)) MB", "≤ 100 MB")
  }

  /// Median, 95th percentile and largest of sorted milliseconds.
  static func words(_ sorted: [Double]) -> String {
    let count = sorted.count
    return "median \(shown(sorted[count / 2])), p95 \(shown(sorted[count * 95 / 100])), "
      + "most \(shown(sorted[count - 1])) ms"
  }

  /// The thread that draws, while a run trains at a pace that leaves the machine room.
  private static func drawing() throws {
    for (columns, rows) in [(120, 36), (200, 60)] {
      let lab = try OpenLab(columns: columns, rows: rows)
      guard lab.train(atFullSpeed: false) else { return print("the run does not train") }
      lab.terminal.drop()
      let (busy, clock) = (lab.drawingSeconds, ContinuousClock.now)
      lab.terminal.settle(seconds: 5, atMost: 5)
      let seconds = clock.duration(to: .now) / .seconds(1)
      let rate = Double(lab.terminal.output[...].frames) / seconds
      let share = (lab.drawingSeconds - busy) / seconds * 100
      line(
        "drawing, ten-second pace, \(columns) × \(rows)",
        "\(shown(share)) % of a core at \(shown(rate)) frames/s: "
          + "\(shown(share / max(rate, 1) * 10, 2)) ms a frame", "≤ 3 % at 30 frames/s")
    }
  }

  /// Steps a second at full speed on the screen, and without one.
  private static func beingShown() throws {
    var ratios: [Double] = []
    var (withScreen, without) = (0.0, 0.0)
    for _ in 0..<5 {
      guard let alone = try stepsPerSecondAlone() else { return print("train says no speed") }
      let lab = try OpenLab(epochs: 1_000_000)
      guard lab.train(atFullSpeed: true) else { return print("the long run does not train") }
      lab.terminal.settle(seconds: 1, atMost: 0.5)
      guard let first = lab.steps else { return print("no step is seen") }
      let clock = ContinuousClock.now
      lab.terminal.settle(seconds: 3, atMost: 3)
      guard let last = lab.steps else { return print("no step is seen") }
      withScreen = (last - first) / (clock.duration(to: .now) / .seconds(1))
      without = alone
      ratios.append(withScreen / without)
    }
    let figures = Figures(values: ratios)
    line(
      "steps/s shown to steps/s alone, of 5",
      "median \(shown(figures.median, 3)), \(shown(figures.least, 3)) … \(shown(figures.most, 3))"
        + " (last: \(shown(withScreen, 0)) / \(shown(without, 0)))", "≥ 0.95")
  }

  private static func stepsPerSecondAlone() throws -> Double? {
    let home = try OpenLab.newHome()
    defer { try? FileManager.default.removeItem(at: home) }
    let file = home.appending(path: "long.py")
    try OpenLab.write(epochs: 1500, to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: OpenLab.executable)
    // The lab leaves one processor to the screen.
    let threads = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
    process.arguments = ["train", file.path, "--json", "--threads", "\(threads)"]
    process.environment = OpenLab.environment(home)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let match = output.firstMatch(of: /"samples_per_second": ?([0-9.e+]+)/),
      let samples = Double(match.1)
    else { return nil }
    return samples / 32
  }

  /// Over five seconds.
  private static func share(_ lab: OpenLab) -> String {
    let (busy, clock) = (lab.busySeconds, ContinuousClock.now)
    lab.terminal.settle(seconds: 5, atMost: 5)
    return shown((lab.busySeconds - busy) / (clock.duration(to: .now) / .seconds(1)) * 100, 2)
      + " %"
  }

  static func line(_ name: String, _ figure: String, _ bar: String) {
    print(padded(name, 40) + padded(figure, 60) + "wanted: \(bar)")
  }
}
