import Autodiff
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Breakpoints on Step")
struct BreakpointScreenTests {
  @Test("B on a line of the plan stops there; the line is marked; c and C go there and back")
  func places() throws {
    var rig = StepRig.toy()
    rig.go(12, 11)
    rig.state.focus[.step] = "plan"
    rig.press("B")
    let row = try #require(rig.state.lab.breakpoints.first)
    #expect(row.what == "break instruction 11")
    #expect(rig.state.lab.stops(in: rig.moment.plan) == [10])
    #expect(rig.text.contains { $0.contains("◆▶ 11") || $0.contains("◆") && $0.contains(" 11 ") })
    rig.press("c")
    #expect(rig.state.lab.position.step == 13)
    #expect(rig.state.lab.position.instruction == 10)
    #expect(rig.text[0].contains("breakpoint 1 · step 13"))
    #expect(
      rig.state.message?.toast.text.hasPrefix("stopped by breakpoint 1: instruction 11") == true)
    #expect(rig.state.message?.toast.kind == .news)
    rig.press("C")
    #expect(rig.state.lab.position == Position(step: 12, instruction: 10))
    rig.press(".")
    #expect(rig.state.lab.stop == nil)
    #expect(!rig.text[0].contains("breakpoint"))
  }

  @Test("where goto when leads to is an arrival, and no breakpoint 0 stopped anything")
  func arrival() throws {
    var rig = StepRig.toy()
    rig.go(12, 11)
    let loss = try #require(rig.lab.session?.history.step(5)?.loss)
    _ = rig.lab.ask("goto when loss <= \(loss)")
    rig.run([])
    rig.state.receive(rig.lab.snapshot())
    #expect(rig.state.lab.stop?.isArrival == true)
    let words = rig.text.joined(separator: "\n")
    #expect(words.contains("arrived · step") && !words.contains("breakpoint 0"))
    let message = try #require(rig.state.message)
    #expect(message.toast.kind == .good)
    for panel in ["", StopPanel.id] {
      if !panel.isEmpty {
        rig.press("=")
        rig.state.focus[.step] = panel
      }
      #expect(!rig.text.joined(separator: "\n").contains("breakpoint 0"))
    }
    #expect(rig.state.lab.stopReason(width: 80)?.plain.contains("arrived") == true)
  }

  @Test("in the list Space switches, x deletes, u brings back, Enter goes to where it stopped")
  func list() throws {
    var rig = Scene.stopped()
    #expect(rig.state.focusedPanel == BreakpointPanel.id)
    #expect(rig.text.contains { $0.contains("Stopped: backward dense_1") })
    let stop = try #require(rig.state.lab.stop).position
    #expect(stop.step == 9)
    rig.press(.down)
    rig.press(" ")
    #expect(rig.state.lab.breakpoints[1].isEnabled == false)
    rig.press(" ")
    #expect(rig.state.lab.breakpoints[1].isEnabled)
    rig.go(3, 0)
    rig.press(.enter)
    #expect(rig.state.lab.position == stop)
    rig.press("x")
    #expect(rig.state.lab.breakpoints.map(\.number) == [1, 3])
    rig.press("u")
    #expect(rig.state.lab.breakpoints.count == 3)
    #expect(rig.state.lab.breakpoints.contains { $0.what.hasPrefix("break backward dense_1 if") })
    rig.press(.escape)
    #expect(rig.state.step.view == .line)
  }

  @Test("B opens an empty list with the prompt for a condition; Esc leaves it, and the list stands")
  func emptyList() throws {
    var rig = StepRig.toy()
    rig.go(5, 3)
    rig.press("B")
    guard case .palette(let palette)? = rig.state.overlay else {
      Issue.record("no prompt")
      return
    }
    #expect(palette.text == "break ")
    rig.press(.escape)
    #expect(rig.state.overlay == nil && rig.state.focusedPanel == BreakpointPanel.id)
    rig.press("B")
    rig.press("if loss > 1")
    rig.press(.enter)
    #expect(rig.state.lab.breakpoints.map(\.what) == ["break if loss > 1"])
    rig.press(.escape)
    rig.press("B")
    #expect(rig.state.overlay == nil && rig.state.focusedPanel == BreakpointPanel.id)
  }

  @Test(
    "a long condition is shortened in its middle: the number it compares with stays",
    arguments: [
      ("break if norm(dense_1/kernel.grad) > 0.125", "> 0.125"),
      ("break if norm(dense_1/kernel.grad)>=0.125", ">=0.125"),
      ("watch norm(dense_1/kernel.grad) crosses 0.125", " crosses 0.125"),
      ("break if loss > 1 and norm(dense_1/kernel.grad) < 12", "< 12"),
    ])
  func longConditions(_ what: String, _ tail: String) {
    let shown = BreakpointPanel.shown(what, width: 27)
    #expect(shown.count <= 27 && shown.hasSuffix(tail) && shown.contains("…"), "\(shown)")
    #expect(BreakpointPanel.shown(what, width: what.count) == what)
  }

  @Test("the list shows it, and the stop has as many digits as other numbers")
  func digits() throws {
    var rig = try StepRig.digits(size: Size(80, 24))
    rig.run([.ask("break if norm(dense_1/kernel.grad) > 0.0125")])
    rig.press("c")
    let stop = try #require(rig.state.lab.stop)
    let words = try #require(stop.reasons.first?.words.first)
    let number = try #require(words.split(separator: " ").last)
    #expect(number.count <= 10 && Double(number) ?? 0 > 0.0125, "\(words)")
    rig.press("=")
    #expect(rig.text.contains { $0.contains("… > 0.0125") }, "\(rig.text.joined(separator: "\n"))")
  }

  @Test("B on Train leads to the breakpoints")
  func fromTrain() throws {
    var pilot = try LabPilot("spiral")
    pilot.press("B")
    #expect(pilot.state.screen == .step && pilot.state.focusedPanel == BreakpointPanel.id)
    guard case .palette(let palette)? = pilot.state.overlay else {
      Issue.record("no prompt")
      return
    }
    #expect(palette.text == "break ")
  }

  @Test("B in the list takes a condition at the prompt; one that cannot be is refused")
  func conditions() throws {
    var rig = StepRig.toy()
    rig.go(5, 3)
    rig.press("B")
    guard case .palette(let palette)? = rig.state.overlay else {
      Issue.record("no prompt")
      return
    }
    #expect(palette.text == "break ")
    rig.press("if loss > -1")
    rig.press(.enter)
    #expect(rig.state.lab.breakpoints.map(\.what) == ["break if loss > -1"])
    rig.state.now += 10
    rig.press("Bif epoch > 1 and los > 1")
    rig.press(.enter)
    #expect(rig.state.lab.breakpoints.count == 1)
    #expect(rig.state.message?.toast.text.contains("‘los’") == true)
    guard case .palette(let again)? = rig.state.overlay else {
      Issue.record("the prompt is closed")
      return
    }
    #expect(again.line.shown == "break if epoch > 1 and ▏los > 1")
    rig.press(.delete)
    rig.press(.delete)
    rig.press(.delete)
    rig.press("loss")
    rig.press(.enter)
    #expect(rig.state.lab.breakpoints.last?.what == "break if epoch > 1 and loss > 1")
    #expect(rig.state.overlay == nil)
  }

  @Test("B on the same line takes its breakpoint off; the way of a stop leads on from the plan too")
  func toggles() throws {
    var rig = StepRig.toy()
    rig.go(12, 11)
    rig.state.focus[.step] = "plan"
    rig.press("B")
    #expect(rig.state.lab.breakpoints.count == 1)
    rig.press("B")
    #expect(rig.state.lab.breakpoints.isEmpty)
    rig.press("B")
    rig.state.now += 10
    rig.press("c")
    rig.state.focus[.step] = "plan"
    #expect(rig.state.message?.toast.text.hasSuffix("= shows more") == true)
    rig.press("=")
    #expect(rig.text.contains { $0.contains("Stopped: ") })
    #expect(rig.state.panels.contains { $0.id == BreakpointPanel.id })
  }

  @Test("Train says why it stopped, and where in the step, until the next move")
  func onTrain() throws {
    var pilot = try LabPilot("spiral")
    _ = pilot.lab.ask("break if loss > 0.01")
    pilot.press(" ")
    pilot.train(5)
    let stop = try #require(pilot.state.lab.stop)
    #expect(pilot.state.message?.toast.text.hasSuffix("5, then = shows more") == true)
    let count = try #require(pilot.lab.session).plan.instructions.count
    let place =
      "at step \(stop.position.step), instruction \(stop.position.instruction) of \(count)"
    pilot.state.now += 60
    #expect(pilot.state.message == nil)
    #expect(pilot.text.contains("breakpoint 1: loss = "))
    #expect(pilot.text.contains(place))
    pilot.press(".")
    #expect(!pilot.text.contains("breakpoint 1"))
  }

  @Test("What is said of a stop, a place or a branch goes with it")
  func staleWords() throws {
    var pilot = try LabPilot("spiral")
    _ = pilot.lab.ask("break if loss > 0.01")
    pilot.press(" ")
    pilot.train(5)
    #expect(pilot.state.message?.toast.text.contains("breakpoint 1") == true)
    _ = pilot.lab.ask("delete 1")
    pilot.press(".")
    #expect(pilot.state.message?.toast.text.contains("breakpoint 1") != true)
    pilot.state.focus[.train] = "loss"
    pilot.press(.home)
    pilot.press(.enter)
    pilot.press(.enter)
    #expect(pilot.state.message?.toast.text.hasPrefix("the run stands at step 0") == true)
    pilot.press(".")
    #expect(pilot.state.message?.toast.text.hasPrefix("the run stands") != true)
    _ = pilot.lab.ask("drop 3")
    pilot.run([])
    #expect(pilot.state.message?.toast.text.contains("u takes it back") == true)
    pilot.press("r")
    #expect(pilot.state.message?.toast.text.contains("u takes it back") != true)
  }

  @Test("without breakpoints c goes to the end of the run, C to its start, and both say so")
  func ends() {
    var rig = StepRig.toy()
    rig.press("c")
    #expect(rig.state.lab.position.step == rig.state.lab.settings?.totalSteps)
    #expect(rig.state.message?.toast.text.contains("the end of the run") == true)
    rig.press("C")
    #expect(rig.state.lab.position == Position(step: 0))
  }
}
