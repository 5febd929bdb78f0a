import NeuralNets
import TerminalGraphics
import Training

/// What Enter does with the marked check.
enum CheckKeys {
  static func enter(_ state: AppState) -> Binding? {
    let checks = state.buildChecks
    guard !checks.isEmpty else { return nil }
    let check = checks[state.build.markedCheck(of: checks)]
    let name = check.fix == nil ? "go to what is checked" : "apply the remedy"
    let help =
      check.fix.map { "\(check.title): \($0.title); u undoes it" }
      ?? "go to the layer that the check is about"
    return Binding(
      [KeyStroke(.enter)], name, hint: check.fix == nil ? "go there" : "mend", help: help,
      whyNot: { _ in
        check.fix == nil && check.line == nil ? "\(check.title): nothing is to be done" : nil
      }
    ) { state in
      state.take(check)
      return []
    }
  }
}

extension AppState {
  /// The checks in the order in which they are shown.
  var buildChecks: [BuildCheck] { checks(of: Blueprint(workpiece)) }

  /// - Parameter blueprint: that of what one works on.
  func checks(of blueprint: Blueprint) -> [BuildCheck] {
    // What one works on is the run at hand: checks would name the fault that is to be found.
    guard lab.fault?.outcome != .open || !runIsCurrent else {
      return [
        BuildCheck(
          verdict: .advice, title: "fault",
          text: "one is planted in this run: checks come when it is found, or told (5 Step, S)",
          short: "first to be found: 5 Step, S")
      ]
    }
    return BuildChecks.sorted(BuildChecks.all(blueprint, workpiece, dataFacts))
  }

  /// Applies what mends a check, or goes to what it is about.
  mutating func take(_ check: BuildCheck) {
    guard let fix = check.fix else {
      if let line = check.line {
        choose(line: line)
        focus[.build] = "layers"
      }
      return
    }
    if fix.standardizes {
      workpiece.preparation.standardizes = true
      workpiece.isSaved = false
      build.facts = dataFacts
      return say("inputs are brought to mean 0 and deviation 1; 6 Data shows them", .good)
    }
    edit { workpiece in
      if let model = fix.model { workpiece.model = model }
      if let size = fix.batchSize { workpiece.batchSize = size }
    }
    if let line = check.line { choose(line: min(line, workpiece.model.layers.count + 1)) }
    build.check = nil
    say("\(check.title): \(fix.title); u takes it back", .good)
  }
}
