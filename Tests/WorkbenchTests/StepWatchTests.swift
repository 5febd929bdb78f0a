import Autodiff
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Watching numbers on Step")
struct StepWatchTests {
  /// The toy net at its first backward product, with its kernel's first number watched.
  private func rig(watching texts: String...) -> StepRig {
    var rig = StepRig.toy()
    rig.go(20, 11)
    for text in texts { rig.run(WatchKeys.add(text, &rig.state)) }
    return rig
  }

  @Test("what a line writes stands inside the plan's border, however high it is")
  func noteInside() throws {
    var rig = try StepRig.digits()
    rig.run(WatchKeys.add("loss", &rig.state))
    let updates = rig.moment.plan.range(of: .update)
    for instruction in [1, updates.lowerBound, updates.lowerBound + 1, updates.upperBound] {
      rig.go(3, instruction)
      for height in 24...44 {
        rig.state.size = Size(120, height)
        guard let plan = rig.state.panels.first(where: { $0.id == "plan" })?.area, !plan.isEmpty
        else { continue }
        let border = Array(rig.state.frame().text[plan.bottom - 1])[plan.x..<plan.right]
        let isBorder = border.allSatisfy { "╰─╯┴├ –of↑↓".contains($0) || $0.isNumber }
        #expect(isBorder, "instruction \(instruction) at \(height): \(String(border))")
      }
    }
  }

  @Test("w offers the chosen number; Enter watches it")
  func watchesTheChosen() {
    var rig = rig()
    let name = rig.moment.explanation?.name ?? ""
    rig.press("w")
    #expect(rig.state.field?.text == name)
    rig.press(.enter)
    #expect(rig.state.step.interest.watches == [name])
    let reading = rig.moment.watches.first
    #expect(reading?.expression == name)
    #expect(rig.text.contains { $0.contains("watch \(name) = ") })
  }

  @Test("a watched number is the run's, now and one step earlier, and says when it changes")
  func readsNumbers() throws {
    var rig = rig(watching: "dense/kernel[1,2]", "loss", "dense/kernel.grad[1,2]", "step")
    func number(_ expression: String) throws -> Float? {
      let session = try #require(rig.lab.session)
      return try RunExpression(expression).value(in: SessionScope(session)).shownNumber
    }
    let before = rig.moment.watches
    #expect(try before[0].now.get().shownNumber == number("dense/kernel[1,2]"))
    #expect(before[0].changesAt == 15)
    #expect(before[1].changesAt == nil)
    #expect(before[1].firstChange == 7)
    #expect(before[2].changesAt == 14)
    guard case .failure(let failure) = before[2].now else {
      Issue.record("the gradient is not made yet")
      return
    }
    #expect(failure.isNotYet)
    #expect(before[3].firstChange == nil)
    // What is said of the past is what was.
    rig.go(20, 0)
    #expect(before[1].before == (try number("loss")))
    rig.go(19, 0)
    #expect(before[0].before == (try number("dense/kernel[1,2]")))
  }

  @Test("the past is that of the run, however one came there, and the run stays where it is")
  func looksBack() throws {
    var rig = rig(watching: "loss", "dense_1/kernel[3,1]")
    let session = try #require(rig.lab.session)
    let digest = session.digest
    let past = rig.moment.watches.map(\.past)
    #expect(session.digest == digest)
    #expect(past[0].points.map(\.step) == Array(0..<20))
    #expect(past[0].points.map(\.value) == session.history.steps.prefix(20).map(\.loss))
    for step in [0, 7, 19] {
      rig.go(step + 1, 0)
      let number = try RunExpression("dense_1/kernel[3,1]").value(in: SessionScope(session))
      #expect(past[1][step] == number.shownNumber)
    }
    // A number set by hand is another past.
    rig.go(21, 0)
    _ = rig.lab.ask("set dense_1/kernel[3,1] = 5")
    rig.go(23, 0)
    #expect((rig.moment.watches[1].past[21] ?? 0) > 4)
    #expect(rig.moment.watches[1].past[19] == past[1][19])
  }

  @Test(
    "what means nothing is refused with what would be right, and can be mended",
    arguments: [
      ("los", "loss"), ("dense/kernal[0,0]", "dense/kernel"), ("dense/kernel[9,0]", "column"),
      ("1 +", "column"), ("nor(loss)", "norm"), ("", "expression"),
    ])
  func refuses(text: String, says: String) {
    var rig = rig()
    rig.run(WatchKeys.add(text, &rig.state))
    #expect(rig.state.step.interest.watches.isEmpty)
    #expect(rig.state.message?.toast.text.contains(says) == true)
    #expect(text.isEmpty || rig.state.field?.text == text)
  }

  @Test("W lists all: x deletes, u brings back, Enter goes to what made it")
  func lists() {
    var rig = rig(watching: "loss", "dense/kernel[1,2]", "norm(dense_1/kernel.grad)")
    rig.press("W")
    #expect(rig.state.focusedPanel == "watches")
    for text in ["loss", "dense/kernel[1,2]", "norm(dense_1/kernel.grad)", "until instruction 15"] {
      #expect(rig.text.contains { $0.contains(text) }, "\(text)")
    }
    rig.press(.up)
    rig.press("x")
    #expect(rig.state.step.interest.watches == ["loss", "norm(dense_1/kernel.grad)"])
    rig.press("u")
    #expect(rig.state.step.interest.watches.count == 3)
    rig.press("u")
    #expect(rig.state.message?.toast.text.contains("nothing was deleted") == true)
    rig.press(.enter)
    #expect(rig.moment.done == 15)
    #expect(rig.moment.cell == 6)
    #expect(rig.state.focusedPanel != "watches")
    rig.press("W")
    rig.press(.escape)
    #expect(rig.state.step.view == .line)
  }

  @Test("what is watched stays on other screens, in other runs and at :display")
  func stays() {
    var rig = rig(watching: "loss")
    rig.press("1")
    rig.press("5")
    #expect(rig.moment.watches.map(\.expression) == ["loss"])
    rig.run(CommandLine.run("display norm(dense/kernel)", &rig.state))
    rig.run(CommandLine.run("undisplay 1", &rig.state))
    #expect(rig.state.step.interest.watches == ["norm(dense/kernel)"])
    rig.run(rig.state.openRun())
    #expect(rig.state.step.interest.watches == ["norm(dense/kernel)"])
    rig.run(CommandLine.run("undisplay 7", &rig.state))
    #expect(rig.state.messages.log.last?.toast.text.contains("from 1 to 1") == true)
  }

  @Test("list and timeline draw at every size", arguments: StepScreenTests.sizes)
  func draws(size: Size) {
    var rig = rig(watching: "loss", "dense/kernel", "dense/kernel.grad[0,0]", "step > 3")
    rig.state.size = size
    for key in ["", "W"] {
      rig.press(key)
      for ability in Ability.tiers {
        rig.state.ability = ability
        #expect(rig.text.count == size.height)
      }
    }
  }

  @Test("at an update the weight's past is drawn, up to the update just done")
  func drawsThePast() throws {
    var rig = StepRig.toy(size: Size(120, 36))
    rig.go(20, 17)
    let past = try #require(rig.moment.weightPast)
    #expect(past.weight.points.last?.step == 20)
    #expect(past.weight.points.last?.value == rig.moment.results[0].tensor.scalars[rig.moment.cell])
    #expect(past.state.first?.symbol == "m")
    #expect(past.weight.points.count == past.gradient.points.count)
    #expect(rig.text.contains { $0.contains("─ This weight ─") && $0.contains("steps 0–20") })
    rig.go(0, 17)
    #expect(rig.text.contains { $0.contains("One step is done") || $0.contains("step 0") })
  }

  @Test("an expression that names one number says which")
  func namesNumbers() throws {
    #expect(try RunExpression("dense/kernel[2,1]").number?.index == [2, 1])
    #expect(try RunExpression("loss").number?.index == [])
    #expect(try RunExpression("loss + 1").number == nil)
    #expect(try RunExpression("dense/kernel[0:2,1]").number == nil)
  }
}

@Suite("What takes long, on Step")
struct StepErrandTests {
  @Test("a check is there after attend, not before, and then at once")
  func defersChecks() throws {
    let rig = try StepRig.digits()
    let lab = Lab(defers: true)
    guard let settings = rig.state.lab.settings else { return }
    lab.handle(.open(settings))
    lab.handle(.look(Interest(step: StepInterest())))
    lab.handle(.go(Position(step: 0, instruction: 17)))
    let first = try #require(lab.snapshot().moment)
    #expect(first.isChecking)
    #expect(first.check == nil)
    #expect(lab.hasWork)
    // Something more urgent comes: nothing is lost.
    #expect(!lab.attend { true })
    #expect(lab.snapshot().moment?.isChecking == true)
    #expect(lab.attend { false })
    let second = try #require(lab.snapshot().moment)
    #expect(!second.isChecking)
    let finding = try #require(second.check)
    let shown = try #require(second.explanation?.result)
    #expect(abs(finding.numeric - Double(shown)) < 1e-4)
    // The same number again, and another one of the same step.
    #expect(lab.snapshot().moment?.check == finding)
    #expect(!lab.hasWork)
    lab.handle(.go(Position(step: 0, instruction: 18)))
    lab.handle(.go(Position(step: 0, instruction: 17)))
    #expect(lab.snapshot().moment?.check == finding)
  }

  @Test("a check says checking, then to how many digits the numbers agree")
  func saysDigits() throws {
    var rig = try StepRig.digits()
    rig.state.step.interest.checks = true
    rig.go(0, 17)
    rig.run([.lab(.look(rig.state.interest))])
    #expect(rig.text.contains { $0.contains("● agrees to") && $0.contains("digits") })
    rig.state.lab.moment?.isChecking = true
    #expect(rig.text.contains { $0.contains("○ checking") })
  }
}
