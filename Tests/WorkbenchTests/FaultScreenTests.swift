import Autodiff
import TerminalGraphics
import Testing

@testable import Training
@testable import Workbench

/// Sabotage on Step, by keys.
extension Scene {
  /// The sign of a gradient is turned around from step 3 on, and nothing is suspected yet.
  static func sabotaged(_ number: Int = 1) -> StepRig {
    var rig = StepRig.toy(batchSize: 4)
    rig.go(2, 3)
    rig.run([.ask("sabotage \(number)")])
    rig.press(.escape)
    rig.go(4, 3)
    rig.state.messages.hide()
    return rig
  }

  static let sabotage = [
    Scene("sabotage-none") {
      var rig = StepRig.toy()
      rig.go(2, 3)
      rig.press("S")
      return rig.state
    },
    Scene("sabotage") {
      var rig = sabotaged()
      rig.press("S")
      rig.run([.ask("verdict setting loss"), .ask("verdict instruction 2")])
      rig.state.messages.hide()
      return rig.state
    },
    Scene("sabotage-proved") {
      var rig = sabotaged()
      rig.press("S")
      rig.run([.ask("verdict setting loss")])
      rig.run([.ask("verdict instruction \(FaultScreenTests.planted(rig))")])
      rig.state.messages.hide()
      return rig.state
    },
  ]
}

@Suite("Sabotage on Step")
struct FaultScreenTests {
  /// The instruction, from 1, whose numbers its own formula does not give.
  static func planted(_ rig: StepRig) -> Int {
    let session = rig.lab.session
    let all = session?.plan.instructions.indices ?? 0..<0
    return (all.first { session?.contradiction(at: $0) != nil } ?? 0) + 1
  }

  @Test("S and Enter plant a fault, which shows as a mark and in the panel")
  func plants() {
    var rig = StepRig.toy(batchSize: 4)
    rig.go(2, 3)
    rig.press("S")
    #expect(rig.state.focusedPanel == FaultPanel.id)
    #expect(rig.state.lab.fault == nil)
    rig.press(.enter)
    let fault = rig.state.lab.fault
    #expect(fault?.step == 3 && fault?.outcome == .open)
    #expect(rig.text.contains { $0.contains("One thing is wrong") })
    rig.press(.escape)
    #expect(rig.state.step.view == .line)
    rig.go(4, 2)
    #expect(rig.text[0].contains("◆ fault"))
    rig.go(1, 2)
    #expect(!rig.text[0].contains("◆ fault"))
  }

  @Test("while a fault is looked for the checks of Build do not name it; told, they do again")
  func checksKeepStill() throws {
    var rig = Scene.sabotaged(Self.learningRateTooHigh)
    #expect(rig.state.lab.fault?.outcome == .open && rig.state.runIsCurrent)
    rig.run(rig.state.go(to: .build))
    #expect(rig.state.buildChecks.map(\.title) == ["fault"])
    #expect(rig.text.contains { $0.contains("▲ fault") })
    rig.run([.ask("reveal")])
    #expect(rig.state.buildChecks.count > 1)
  }

  /// Its number among the misconceptions, from 1.
  private static let learningRateTooHigh =
    (Misconception.all.firstIndex { $0.fault == .setUp(.learningRateTooHigh) } ?? 0) + 1

  @Test("what was told without a suspicion does not ask for evidence")
  func toldAtOnce() {
    var rig = Scene.sabotaged()
    rig.press("S")
    #expect(rig.text.contains { $0.contains("No evidence yet") })
    rig.press("R")
    #expect(rig.text.contains { $0.contains("Told: ") })
    #expect(!rig.text.contains { $0.contains("No evidence yet") })
  }

  @Test("what is suspected wrongly is no proof; the line where it shows is, and R mends the run")
  func proves() throws {
    var rig = Scene.sabotaged()
    rig.press("S")
    rig.press(.enter)
    rig.press("setting loss")
    rig.press(.enter)
    #expect(rig.state.lab.fault?.findings.map(\.verdict) == ["setting loss"])
    #expect(rig.state.lab.fault?.outcome == .open)
    #expect(rig.text.contains { $0.contains("× setting loss") })
    rig.press(.escape)
    let place = Self.planted(rig)
    rig.go(4, place)
    rig.press("S")
    rig.press(.enter)
    rig.press("instruction \(place)")
    rig.press(.enter)
    #expect(rig.state.lab.fault?.outcome == .proved)
    #expect(rig.text.contains { $0.contains("● Proved: a sign is turned around") })
    // It acts until it is mended.
    #expect(rig.text[0].contains("◆ fault"))
    #expect(rig.text[35].contains("R mend the run"))
    rig.press("R")
    #expect(rig.state.lab.fault?.outcome == .proved)
    #expect(rig.state.lab.fault?.isPresent == false)
    #expect(!rig.text[0].contains("◆ fault"))
    #expect(rig.state.messages.log.contains { $0.toast.text.contains("as it should be") })
    #expect(rig.lab.session?.settings.sabotage == nil)
  }

  @Test("a run at its end has no steps to come: no fault is planted, and it is said what to do")
  func atTheEnd() {
    var rig = StepRig.toy(batchSize: 4)
    let total = rig.state.lab.settings?.totalSteps ?? 0
    rig.go(total, 0)
    rig.press("S")
    rig.press(.enter)
    #expect(rig.state.lab.fault == nil)
    #expect(rig.state.message?.toast.text.contains(":goto step 0") == true)
  }

  @Test("who gives up is told, and can have another planted")
  func givesUp() {
    var rig = Scene.sabotaged(3)
    rig.press("S")
    rig.press("R")
    #expect(rig.state.lab.fault?.outcome == .told)
    #expect(rig.text.contains { $0.contains("Told: an index is transposed") })
    rig.press(.enter)
    #expect(rig.state.lab.fault?.outcome == .open)
  }

  @Test("nothing on the screen names what was planted before it is proved")
  func tellsNothing() {
    for number in [1, 3, 5] {
      var rig = Scene.sabotaged(number)
      rig.press("S")
      let title = Misconception.all[number - 1].title
      #expect(!rig.text.contains { $0.contains(title) })
    }
  }

  @Test("every word that is offered as a verdict is one that the numbers answer")
  func offers() throws {
    var rig = Scene.sabotaged()
    rig.press("S")
    rig.press(.enter)
    guard case .menu(let menu)? = rig.state.overlay else {
      Issue.record("no list")
      return
    }
    #expect(menu.items.count >= 8)
    for (label, _) in menu.items where !label.hasSuffix("…") {
      _ = try FaultVerdict(label.split(separator: " ").map(String.init))
      let lines = rig.lab.ask("verdict \(label)")
      #expect(
        lines[0].hasPrefix("proved") || lines[0].hasPrefix("not proved"), "\(label): \(lines)")
    }
  }
}
