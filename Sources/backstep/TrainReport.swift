import Foundation
import NeuralNets
import Scripts
import Training

/// Tells how training goes: a bar on a terminal, lines elsewhere, JSON when asked.
final class TrainReport {
  private let session: Session
  private let common: CommonOptions
  private let everyStep: Bool
  private let model: String
  private let data: String
  private let isDrawing: Bool
  private let clock = ContinuousClock()
  private var begun: ContinuousClock.Instant
  private var shown: ContinuousClock.Instant?
  private var epochShown: ContinuousClock.Instant?
  /// Prints a line of JSON when its numbers are recorded; nil: at once.
  private let hold: ((String) -> Void)?
  /// The steps that a run which goes on told of before it was broken off.
  private let told: Int
  private var hasBar = false

  init(
    _ session: Session, _ common: CommonOptions, everyStep: Bool, model: String, data: String,
    hold: ((String) -> Void)? = nil
  ) {
    self.session = session
    self.common = common
    self.everyStep = everyStep
    self.model = model
    self.data = data
    self.hold = hold
    told = session.history.steps.count
    isDrawing = Output.isTerminal && !common.json && !common.quiet
    begun = clock.now
  }

  private var epochs: Int { session.settings.epochs }

  // MARK: Events

  func begin() throws {
    begun = clock.now
    let settings = session.settings
    let held = settings.data.validation?.count ?? 0
    if common.json {
      let optimizer = settings.model.compilation?.optimizer.kind ?? ""
      try Output.line(
        JSONLine([
          ("event", .text("start")), ("model", .text(model)), ("data", .text(data)),
          ("examples", .integer(settings.data.training.count)),
          ("validation_examples", .integer(held)),
          ("parameters", .integer(session.network.parameterCount)),
          ("batch_size", .integer(settings.batchSize)), ("epochs", .integer(epochs)),
          ("steps_per_epoch", .integer(session.stepsPerEpoch)),
          ("seed", .integer(Int(truncatingIfNeeded: settings.seed))),
          ("optimizer", .text(optimizer)),
          ("learning_rate", .float(session.learningRate(at: 0))),
        ]).text)
    } else if !common.quiet {
      let count = settings.data.training.count
      try Output.line(
        "\(model) on \(data): \(count) examples" + (held > 0 ? ", \(held) held back" : "")
          + ", \(session.network.parameterCount) parameter\(session.network.parameterCount == 1 ? "" : "s"), seed \(settings.seed)"
      )
    }
  }

  func step(
    _ epoch: Int, _ step: Int, ofStep: () throws -> [NamedNumber], soFar: () -> [NamedNumber]
  ) throws {
    // A step that is trained again on the way was told of.
    let done = session.position.step
    if everyStep, done > told {
      let numbers = try ofStep()
      try clearBar()
      if common.json {
        try put(event("step", epoch, done, numbers).text)
      } else if !common.quiet {
        try Output.line("step \(done)" + Self.text(numbers))
      }
    }
    guard isDrawing, shown.map({ clock.now - $0 >= .milliseconds(100) }) ?? true else { return }
    shown = clock.now
    try drawBar(epoch, soFar())
  }

  func epoch(_ epoch: Int, _ report: Fit.EpochReport) throws {
    try clearBar()
    let done = session.position.step
    guard done > told else { return }
    if common.json {
      try put(event("epoch", epoch, done, report.numbers).text)
      for line in report.lines { Output.complain("backstep: " + line) }
    } else if !common.quiet {
      for line in report.lines { try Output.line(line) }
      // Nobody reads more than ten lines a second.
      let isLast = epoch == epochs || report.stops
      if isDrawing, !isLast, let last = epochShown, clock.now - last < .milliseconds(100) {
        return
      }
      epochShown = clock.now
      let width = String(epochs).count
      let count = String(repeating: " ", count: width - String(epoch).count) + String(epoch)
      try Output.line("epoch \(count)/\(epochs)" + Self.text(report.numbers))
    }
  }

  func end(_ end: TrainLoop.End, saved: String?, run: String?) throws {
    try clearBar()
    let steps = session.history.steps.count
    let rate = end.trainingSeconds > 0 ? Double(end.samples) / end.trainingSeconds : 0
    if common.json {
      var line = event("end", end.epoch, steps, end.numbers)
      line.add("samples_per_second", .number(rate))
      line.add("wall_seconds", .number(end.seconds))
      if end.signal != 0 || end.isStopped { line.add("stopped", .flag(true)) }
      if let run { line.add("run", .text(run)) }
      if let saved { line.add("saved", .text(saved)) }
      return try Output.line(line.text)
    }
    guard !common.quiet else { return }
    let time = String(format: "%.2f s", end.seconds)
    try Output.line(
      "\(end.signal != 0 ? "interrupted after " : "")\(steps) steps in \(time), "
        + "\(ModelSummary.grouped(Int(rate))) examples/s"
        + (run.map { "; run \($0)" } ?? "") + (saved.map { "; weights in \($0)" } ?? ""))
  }

  private func put(_ line: String) throws {
    if let hold { hold(line) } else { try Output.line(line) }
  }

  private func event(
    _ name: String, _ epoch: Int, _ step: Int, _ numbers: [NamedNumber]
  ) -> JSONLine {
    var line = JSONLine([
      ("event", .text(name)), ("epoch", .integer(epoch)), ("step", .integer(step)),
    ])
    for number in numbers.filter({ $0.name == "loss" }) + numbers.filter({ $0.name != "loss" }) {
      line.add(number.name, .float(Float(number.value)))
    }
    return line
  }

  static func text(_ numbers: [NamedNumber]) -> String {
    numbers.map { " - \($0.name): \(KerasProgress.shown($0.value))" }.joined()
  }

  // MARK: The bar

  private func drawBar(_ epoch: Int, _ numbers: [NamedNumber]) throws {
    let done = session.history.steps.count
    let total = max(session.settings.totalSteps, 1)
    let seconds = max((clock.now - begun) / .seconds(1), 1e-9)
    let examples = Double(session.settings.data.training.count)
    let rate = Double(done) / Double(session.stepsPerEpoch) * examples / seconds
    let left = KerasProgress.clock(seconds / Double(max(done, 1)) * Double(total - done))
    let filled = 20 * done / total
    let (full, rest) = (
      String(repeating: "━", count: filled), String(repeating: "─", count: 20 - filled)
    )
    let tail =
      " \(ModelSummary.grouped(Int(rate))) examples/s, \(left) left" + Self.text(numbers)
    let head = "epoch \(epoch)/\(epochs) "
    let room = max(0, Output.columns - 1 - head.count - 20)
    let bar = common.isColored ? "\u{1b}[32m\(full)\u{1b}[0m\(rest)" : full + rest
    try Output.write("\r" + head + bar + String(tail.prefix(room)) + "\u{1b}[K")
    hasBar = true
  }

  private func clearBar() throws {
    guard hasBar else { return }
    try Output.write("\r\u{1b}[K")
    hasBar = false
  }
}
