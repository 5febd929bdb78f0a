import Foundation
import Training

/// What breakpoints cost: how much of the speed of training they leave, and how soon one is found that
/// was met long ago. By the processor time of the process, medians of interleaved rounds.
enum BreakpointMeasurement {
  /// Three on numbers of the run, four on norms, three on elements; none of them ever stops.
  private static let ten = [
    "break if loss > 1e9", "break if gradient_norm > 1e9 and epoch > 1",
    "break if learning_rate > 1",
    "break if norm(dense/kernel) > 1e9", "break if norm(dense_1/kernel) > 1e9",
    "break if norm(dense/kernel.grad) > 1e9", "break if norm(dense_1/kernel.grad) > 1e9",
    "break if dense/kernel[3,4] > 1e9", "break if dense_1/output[17,3] < -1e9",
    "break if dense_2/bias[0] > 1e9",
  ]

  static func run() {
    print("\nbreakpoints on 20-64-64-1, batch 32, Adam")
    guard let workload = Workload.catalog.first(where: { $0.name == "binary" }) else { return }
    do {
      let settings = try workload.settings()
      try keptSpeed(settings)
      try goingBack(settings)
    } catch { print("not measured: \(error)") }
  }

  // MARK: Speed

  private static func keptSpeed(_ settings: RunSettings) throws {
    let bare = try Session(settings)
    let none = try lab(settings, [])
    let all = try lab(settings, ten)
    let steps = 4000
    var (withNone, withTen): ([Double], [Double]) = ([], [])
    for round in 0..<15 {
      let alone = processorSeconds { for _ in 0..<steps { bare.trainStep() } }
      let empty = processorSeconds { _ = none.train(steps: steps) }
      let full = processorSeconds { _ = all.train(steps: steps) }
      // The first round warms the memory.
      guard round > 0 else { continue }
      withNone.append(alone / empty)
      withTen.append(alone / full)
    }
    line("speed kept, none set", withNone, "≥ 0.98")
    line("speed kept, ten set", withTen, "≥ 0.5")
  }

  private static func lab(_ settings: RunSettings, _ commands: [String]) throws -> Lab {
    let lab = Lab()
    lab.handle(.open(settings))
    for command in commands {
      let said = lab.ask(command)
      if said.first?.hasPrefix("breakpoint") != true { print("\(command): \(said)") }
    }
    lab.handle(.play)
    return lab
  }

  private static func line(_ name: String, _ shares: [Double], _ bar: String) {
    let figures = Figures(values: shares)
    LabMeasurement.line(
      name,
      "median \(shown(figures.median, 3)), \(shown(figures.least, 3)) … \(shown(figures.most, 3))",
      bar)
  }

  // MARK: Back

  private static func goingBack(_ settings: RunSettings) throws {
    let session = try Session(settings)
    let steps = 100_000
    for _ in 0..<steps { session.trainStep() }
    for (name, command) in [
      ("asked of the history", "break if step == 50000 and loss > 0"),
      ("asked of weights", "break if step == 50000 and norm(dense/kernel) > 0"),
      ("asked of weights, met lately", "break if norm(dense/kernel) > 0"),
    ] {
      session.go(to: Position(step: steps))
      var debugger = Debugger(session)
      _ = try debugger.run(command)
      let seconds = try wallSeconds { _ = try debugger.run("reverse-continue") }
      LabMeasurement.line(
        "reverse-continue, \(name)",
        "\(shown(seconds * 1000)) ms, back to \(session.position)", "≤ 1000 ms")
    }
  }
}
