import Autodiff
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("The Step screen")
struct StepScreenTests {
  @Test("the start names the four phases with their keys and counts", arguments: sizes)
  func startsWithPhases(size: Size) {
    let rig = StepRig.toy(size: size)
    for phase in ["f  forward    6", "l  loss       1", "b  backward   7", "o  update     4"] {
      #expect(rig.text.contains { $0.contains(phase) }, "\(phase)")
    }
  }

  @Test("z + b is a sum of two also where b is 0")
  func keepsTwoTerms() {
    var rig = StepRig.toy()
    rig.go(0, 2)
    #expect(rig.text.contains { $0.contains("= xW[0,") && $0.contains(" + b[") })
  }

  @Test("a result that is called as it is computed is named once")
  func namesOnce() {
    #expect(ResultPanel.title("(h − μ)² = (h − μ)²") == "(h − μ)²")
    #expect(ResultPanel.title("z = xW + b") == "z = xW + b")
  }

  @Test(". and , move by a line, there and back")
  func movesByLine() throws {
    var rig = try StepRig.digits()
    #expect(rig.moment.done == 0)
    rig.press("...")
    #expect(rig.moment.done == 3)
    rig.press(",")
    #expect(rig.moment.done == 2)
  }

  @Test(
    ") and ( move by whole steps, a chosen number stays chosen, and the start says that it is it")
  func movesByStep() throws {
    var rig = try StepRig.digits()
    #expect(rig.text.last?.contains(") ( step") == true)
    rig.press("(")
    #expect(rig.state.message?.toast.text.contains("start of the run") == true)
    rig.press("...)")
    #expect((rig.moment.step, rig.moment.isDone) == (0, true))
    rig.press("))")
    #expect((rig.moment.step, rig.moment.isDone) == (2, true))
    rig.state.focus[.step] = "result"
    rig.press(.home)
    rig.press(.right)
    let chosen = rig.moment.cell
    rig.press("(")
    #expect((rig.moment.step, rig.moment.isDone) == (1, true))
    #expect(rig.moment.cell == chosen)
    rig.press("...(")
    #expect((rig.moment.step, rig.moment.isDone) == (1, true))
    rig.press("((")
    #expect((rig.moment.step, rig.moment.done) == (0, 0))
  }

  @Test("at the start of the run , says that it is the start")
  func startsSomewhere() {
    var rig = StepRig.toy()
    rig.press(",,<")
    #expect(rig.moment.done == 0)
    #expect(rig.state.message?.toast.text.contains("start of the run") == true)
    rig.press(".,,")
    #expect(rig.moment.done == 0)
  }

  @Test("at the end of the run . says that it is over")
  func endsSomewhere() {
    var rig = StepRig.toy()
    rig.go(40, 0)
    #expect(rig.state.lab.position == Position(step: 40))
    rig.press(".>o")
    #expect(rig.state.lab.position == Position(step: 40))
    #expect(rig.state.message?.toast.text.contains("over") == true)
    rig.press(",")
    #expect(rig.state.lab.position < Position(step: 40))
  }

  @Test(
    "f l b o run to the first instruction of their phase",
    arguments: [("f", 1), ("l", 10), ("b", 11), ("o", 21)])
  func runsToPhase(key: String, done: Int) throws {
    var rig = try StepRig.digits()
    rig.press(key)
    #expect(rig.moment.done == done)
    #expect(rig.moment.step == 0)
    rig.press(key)
    #expect(rig.moment.done == done)
    #expect(rig.moment.step == 1)
  }

  @Test("f from the loss goes back to the first instruction of the same step")
  func runsBackToPhase() throws {
    var rig = try StepRig.digits()
    rig.go(3, 10)
    let rows = rig.moment.batchRows
    rig.press("f")
    #expect((rig.moment.step, rig.moment.done) == (3, 1))
    #expect(rig.moment.batchRows == rows)
  }

  @Test("In the panel of a sum ↓ walks the terms to the last; ← → choose the number")
  func terms() throws {
    var rig = try StepRig.digits()
    rig.go(2, 1)
    rig.state.focus[.step] = "cell"
    let terms = try #require(CellPanel.terms(rig.moment))
    let cell = rig.moment.cell
    for _ in terms.indices { rig.press(.down) }
    #expect(rig.moment.cell == cell)
    #expect(rig.state.step.term.place == terms.count - 1)
    #expect(rig.text.contains { $0.contains("the other ") && $0.contains(", added") })
    rig.press(.home)
    #expect(rig.state.step.term.place == 0)
    rig.press(.right)
    #expect(rig.moment.cell != cell)
    #expect(rig.text.contains { $0.contains("↑↓ largest first") })
  }

  @Test("> goes to the end of a phase, < back")
  func movesByPhase() throws {
    var rig = try StepRig.digits()
    rig.press(">")
    #expect(rig.moment.done == 9)
    rig.press(">>")
    #expect(rig.moment.done == 20)
    rig.press("<")
    #expect(rig.moment.done == 10)
  }

  @Test("the top line counts instructions from 1 and steps from 0")
  func saysWhere() throws {
    var rig = try StepRig.digits()
    rig.go(3, 17)
    #expect(rig.text[0].hasSuffix("digits · step 3 · instruction 17 of 26"))
    rig.state.size = Size(80, 24)
    #expect(rig.text[0].hasSuffix("step 3 · instr. 17/26"))
  }

  @Test("arrows choose another number of the result, whose window follows")
  func choosesCells() throws {
    var rig = try StepRig.digits()
    rig.go(0, 17)
    let first = rig.moment.cell
    rig.press(first % 32 > 0 ? .left : .right)
    #expect(abs(rig.moment.cell - first) == 1)
    for _ in 0..<70 { rig.press(.down) }
    #expect(rig.moment.cell / 32 == 63)
    rig.press(.up, .shift)
    #expect(rig.moment.cell / 32 < 60)
    rig.press(.home)
    #expect(rig.moment.cell % 32 == 0)
    let shown = rig.moment.explanation?.name ?? ""
    #expect(rig.text.contains { $0.contains(shown) })
  }

  @Test("{ } look at the other array that the line writes")
  func choosesResults() throws {
    var rig = try StepRig.digits()
    rig.go(0, 17)
    rig.press("}")
    #expect(rig.moment.result == 1)
    #expect(rig.text.contains { $0.contains("╭─ ∂L/∂h = ∂L/∂z · Wᵀ") })
    rig.press("}")
    #expect(rig.moment.result == 0)
    rig.press(".")
    #expect(rig.moment.result == 0)
  }

  @Test("[ ] turn the example under the lens")
  func turnsExamples() throws {
    var rig = try StepRig.digits()
    rig.go(0, 17)
    let first = rig.moment.lens?.place ?? 0
    rig.press("]")
    #expect(rig.moment.lens?.place == (first + 1) % 32)
    rig.press("[[")
    #expect(rig.moment.lens?.place == (first + 31) % 32)
    #expect(rig.text.contains { $0.contains("Example \((first + 31) % 32) of 32") })
  }

  @Test("Enter closes a fold, which is then one line to move over")
  func folds() throws {
    var rig = try StepRig.digits()
    rig.state.focus[.step] = "plan"
    rig.press(.down)
    rig.press(.enter)
    #expect(rig.text.contains { $0.contains("+ dense ") })
    rig.press(".")
    #expect(rig.moment.done == 3)
    rig.press(",")
    rig.press(.down)
    rig.press(.enter)
    #expect(rig.text.contains { $0.contains("− dense ") })
    rig.press(".")
    #expect(rig.moment.done == 1)
  }

  @Test("Enter on an instruction goes to where it is done")
  func goesToLine() throws {
    var rig = try StepRig.digits()
    rig.state.focus[.step] = "plan"
    rig.press(.end)
    rig.press(.enter)
    #expect(rig.moment.done == 26)
  }

  @Test("e opens the code of the kernel, Esc closes it")
  func showsCode() throws {
    var rig = try StepRig.digits()
    rig.press("e")
    #expect(rig.state.overlay == nil)
    rig.press(".e")
    #expect(rig.text.contains { $0.contains("static func matMul") })
    rig.press(.escape)
    #expect(!rig.text.contains { $0.contains("static func matMul") })
  }

  @Test(". pauses a run that trains; t trains on")
  func pauses() throws {
    var rig = try StepRig.digits()
    rig.press("t")
    #expect(rig.state.screen == .train)
    #expect(rig.lab.activity == .training)
    _ = rig.lab.train(steps: 5)
    rig.run(rig.state.go(to: .step))
    #expect(rig.moment.step == 4)
    rig.press(".")
    #expect(rig.lab.activity == .paused)
    #expect(rig.moment.step == 5)
    #expect(rig.moment.done == 1)
  }

  @Test("an update shows before and after, and what it changed")
  func showsUpdates() throws {
    var rig = try StepRig.digits()
    rig.go(2, 23)
    let text = rig.text
    for name in ["param before", "grad g", "m ", "√v", "update", "param after"] {
      #expect(text.contains { $0.contains("│ \(name)") }, "\(name)")
    }
    let update = try #require(ParameterUpdate(rig.moment))
    let cell = rig.moment.cell
    #expect(
      text.contains {
        $0.contains("param before")
          && $0.contains(
            NumberFormat.fixed(update.before.scalars[cell], decimals: 6))
      })
    rig.press(",")
    #expect(rig.moment.results.first?.tensor != nil)
  }

  @Test("the rows said to be 0 are 0, and so was what is named as the reason")
  func zeroRowsAreZero() throws {
    var rig = try StepRig.digits()
    rig.go(40, 20)
    let result = rig.moment.plan.instructions[19].results[0]
    let rows = ZeroRows(result, rig.moment, 0..<64)
    let sentence = try #require(rows.sentences.first)
    // The first pixel of a digit is always white.
    #expect(sentence.hasPrefix("rows 0, "))
    #expect(sentence.hasSuffix(": x was 0 in all 32 examples"))
    #expect(rig.moment.results[0].tensor.scalars[..<64].allSatisfy { $0 == 0 })
  }

  @Test("no key means two things, and each has help", arguments: [0, 3, 17, 23])
  func bindingsAreSound(instruction: Int) throws {
    var rig = try StepRig.digits()
    rig.go(0, instruction)
    for panel in ["result", "plan"] {
      rig.state.focus[.step] = panel
      let bindings = rig.state.bindings
      let keys = bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
      #expect(bindings.allSatisfy { !$0.help.isEmpty && !$0.name.isEmpty })
    }
  }

  static let sizes = [
    Size(60, 16), Size(64, 18), Size(76, 20), Size(80, 24), Size(99, 40), Size(100, 30),
    Size(120, 36), Size(160, 50), Size(200, 60),
  ]

  @Test("every kind of instruction draws at every size and tier", arguments: sizes)
  func draws(size: Size) throws {
    var rig = try StepRig.digits(size: size)
    for instruction in [0, 10, 17, 21] {
      rig.go(0, instruction)
      for panel in ["result", "plan", "overview", "cell", "example", "words", "timeline"] {
        rig.state.focus[.step] = panel
        rig.state.isZoomed = panel.count % 2 == 0
        #expect(rig.text.count == size.height)
      }
      rig.state.isZoomed = false
      for panel in rig.state.panels {
        #expect(rig.state.body.intersection(panel.area).size == panel.area.size)
        for other in rig.state.panels where other.id != panel.id {
          #expect(panel.area.intersection(other.area).isEmpty, "\(panel.id) over \(other.id)")
        }
      }
    }
    for depth in Ability.Depth.allCases {
      let grid = AppState.drawn(rig.state, Ability(depth: depth, glyphs: .ascii))
      #expect(grid.text.joined().unicodeScalars.allSatisfy { $0.isASCII })
    }
  }

  @Test("Tab reaches every panel at every size", arguments: sizes)
  func reachesPanels(size: Size) throws {
    var rig = try StepRig.digits(size: size)
    rig.go(1, 17)
    var seen: Set<String> = []
    for _ in 0..<8 {
      rig.press(.tab)
      let panel = rig.state.focusedPanel
      seen.insert(panel)
      #expect(rig.state.panels.first { $0.id == panel }?.area.isEmpty == false, "\(panel)")
    }
    #expect(seen == ["result", "plan", "overview", "cell", "example", "words", "timeline"])
  }

  @Test("a gradient is compared with a numeric one")
  func checks() throws {
    var rig = try StepRig.digits()
    rig.state.step.interest.checks = true
    rig.press("b.......")
    #expect(rig.text.contains { $0.contains("● agrees to ") })
    rig.press(">o")
    #expect(!rig.text.contains { $0.contains("agrees") })
  }

  @Test("without a run it says what to press")
  func withoutRun() throws {
    var state = try StepRig.digits().state
    state.lab = LabSnapshot()
    #expect(state.frame().text.contains { $0.contains("no run yet") })
    let effects = state.handle(.key(.enter, []))
    #expect(!effects.isEmpty)
  }

  @Test("Enter on a term of a sum goes to the line that computed its factor, and to that number")
  func followsFactor() throws {
    var rig = try StepRig.digits()
    let plan = rig.moment.plan
    let gradient = try #require(plan.value(named: "dense_2/kernel.grad"))
    let line = try #require(plan.origin(of: gradient))
    rig.go(3, line + 1)
    rig.state.focus[.step] = "cell"
    rig.press(.down)
    guard case .sum(let terms)? = rig.moment.explanation?.body else {
      Issue.record("no sum")
      return
    }
    let term = SumTable.Ordered(terms).terms[1]
    rig.press(.enter)
    #expect(rig.state.field == nil)
    #expect(rig.state.lab.position.step == 3 && rig.moment.done <= line)
    let name = try #require(rig.moment.explanation?.name)
    #expect(rig.state.message?.toast.text.contains(name) == true, "\(name)")
    #expect(term.factors.contains { $0.value == rig.moment.explanation?.result })
  }
}

extension AppState {
  /// The same state on a terminal of another ability.
  fileprivate static func drawn(_ state: AppState, _ ability: Ability) -> CellGrid {
    var other = state
    other.ability = ability
    return other.frame()
  }
}
