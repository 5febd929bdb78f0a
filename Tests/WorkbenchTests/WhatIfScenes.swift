import Datasets
import TerminalGraphics

@testable import Training
@testable import Workbench

/// Moments of runs with branches.
extension Scene {
  /// Twenty steps; another weight from step 8 on, an example dropped from step 12 on, then back to
  /// the first way.
  static func branched(keys: String = "") -> StepRig {
    var rig = StepRig.toy(batchSize: 2)
    rig.run([.lab(.go(Position(step: 16)))])
    rig.run([.lab(.go(Position(step: 6, instruction: 9)))])
    rig.run([.ask("set dense_1/kernel[1,0] = 2.5")])
    rig.run([.lab(.go(Position(step: 16)))])
    rig.run([.lab(.go(Position(step: 10, instruction: 3)))])
    rig.press("x")
    rig.run([.lab(.go(Position(step: 14)))])
    rig.run([.ask("switch 1")])
    rig.run([.lab(.go(Position(step: 8, instruction: 11)))])
    rig.state.messages.hide()
    rig.press(keys)
    return rig
  }

  /// A question that seven of twenty seeds are answered of, with numbers that nothing has to be trained
  /// for.
  /// Stopped by the second of three breakpoints, in a run with branches.
  static func stopped() -> StepRig {
    var rig = branched()
    rig.run([.lab(.go(Position(step: 4)))])
    for command in [
      "break nan", "break backward dense_1 if step > 8", "watch dense/bias[0] crosses 9",
      "disable 3",
    ] { rig.run([.ask(command)]) }
    rig.press("B")
    rig.press("c")
    rig.state.messages.hide()
    return rig
  }

  private static func asked() throws -> AppState {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 2)
    let patch = try SettingPatch("dropout = 0.2")
    pilot.state.lab.asked = SeedQuestion.Standing(
      patch: patch, seeds: 20, measure: .validationAccuracy,
      without: [0.81, 0.84, 0.79, 0.9, 0.88, 0.83, 0.85],
      with: [0.83, 0.85, 0.84, 0.89, 0.91, 0.83, 0.87], progress: 0.36)
    _ = SeedPanel.reopening.run(&pilot.state)
    return pilot.state
  }

  private static func trainBranches() throws -> AppState {
    var pilot = try LabPilot("spiral", hidden: [8], epochs: 10)
    pilot.press(" ")
    pilot.train(60)
    pilot.press(" ")
    pilot.run([.lab(.go(Position(step: 20)))])
    pilot.press(">>")
    pilot.press(" ")
    pilot.train(20)
    pilot.press(" ")
    pilot.state.messages.hide()
    return pilot.state
  }

  static let whatIf = [
    Scene("what-if-none") {
      var rig = StepRig.toy()
      rig.go(8, 3)
      rig.press("=")
      return rig.state
    },
    Scene("what-if") { branched(keys: "=").state },
    Scene("what-if-compare") {
      var rig = branched(keys: "==")
      rig.press(.down)
      return rig.state
    },
    Scene("step-branches") { branched().state },
    Scene("breakpoints") { stopped().state },
    Scene("breakpoints-plan") {
      var rig = stopped()
      rig.press(.escape)
      rig.go(9, 11)
      return rig.state
    },
    Scene("ask") { try asked() },
    Scene("train-branches") { try trainBranches() },
  ]
}
