/// A planted fault as one knows it who looks for it: what was said and what the numbers answered,
/// never what was planted, until it is proved or told.
package struct FaultCase: Hashable, Sendable, Codable {
  /// What was suspected, and what the evidence says to it.
  package struct Finding: Hashable, Sendable, Codable {
    /// `instruction 14`, as it was typed.
    package let verdict: String
    package let ruling: FaultVerdict.Ruling
  }

  package enum Outcome: String, Hashable, Sendable, Codable { case open, proved, told }

  /// The step that it begins with.
  package let step: Int
  /// Whether the run stands where it is at work.
  package internal(set) var isPresent = true
  package internal(set) var findings: [Finding] = []
  package internal(set) var outcome = Outcome.open
  /// What it was and what is right, once it is proved or told.
  package internal(set) var told: [String] = []

  init(step: Int) { self.step = step }

  /// Keeps what was found; said again, it takes the place of what was said before.
  mutating func add(_ verdict: FaultVerdict, _ ruling: FaultVerdict.Ruling) {
    findings.removeAll { $0.verdict == verdict.description }
    findings.append(Finding(verdict: verdict.description, ruling: ruling))
  }
}

extension FaultVerdict {
  /// The words that one can begin with.
  static let words =
    ["instruction", "layer", "weight", "dead", "rows", "column"]
    + Setting.allCases.map { "setting " + $0.rawValue }
}

extension FaultVerdict: CustomStringConvertible {
  /// As one types it behind `verdict`.
  package var description: String {
    switch self {
    case .instruction(let number): "instruction \(number)"
    case .layer(let name): "layer \(name)"
    case .weight(let place):
      "weight \(place.name)" + (place.index.isEmpty ? "" : "\(place.index)".filter { $0 != " " })
    case .dead(let name): "dead \(name)"
    case .rows(let rows): "rows " + rows.map(String.init).joined(separator: " ")
    case .column(let column): "column \(column)"
    case .setting(let setting): "setting \(setting.rawValue)"
    }
  }

  /// What would prove it, when the numbers at hand do not.
  var missing: String {
    switch self {
    case .instruction, .layer, .weight:
      "a number there that its own formula does not give; explain marks one by ✗"
    case .dead: "a batch in which every output of the layer is 0: print max(abs(LAYER/output))"
    case .rows:
      "rows that are held back too (info data), or whose loss stays large: print example_loss"
    case .column: "a column whose spread is far from that of all the others: info data"
    case .setting(.learningRate): "a rate ten times what the program says: print learning_rate"
    case .setting(.loss): "a loss that takes what the output is not: list in the loss phase"
    case .setting(.dropout): "two losses of the same weights on the same examples: info judging"
    }
  }
}

extension Debugger {
  /// The fault that was planted in the run, as far as one knows it; nil where none was.
  package var openCase: FaultCase? {
    guard let sabotage = session.sabotage else {
      // Mended where it began, it has left no step behind it.
      var last = faultCase.flatMap { $0.outcome == .open ? nil : $0 }
      last?.isPresent = false
      return last
    }
    let known = faultCase.flatMap { $0.step == sabotage.step ? $0 : nil }
    var shown = known ?? FaultCase(step: sabotage.step)
    shown.isPresent = session.settings.sabotage != nil
    return shown
  }
}
