import Autodiff
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("The Step screen in a recurrent layer")
struct RecurrentStepTests {
  /// The instruction with a title in a time step of a phase, counted from 1.
  private func find(_ title: String, _ time: Int, _ phase: Phase, _ rig: StepRig) throws -> Int {
    let index = rig.moment.plan.instructions.firstIndex {
      $0.title == title && $0.phase == phase && $0.scopes.last == "t = \(time)"
    }
    return try #require(index) + 1
  }

  @Test(") and ( move from time step to time step, forward and backward")
  func movesByTime() {
    var rig = StepRig.memory()
    func scopes() -> String? {
      rig.moment.instruction.flatMap { rig.moment.plan.instructions[$0].scopes.last }
    }
    rig.press(")")
    #expect(scopes() == "lstm")
    for time in 0..<6 {
      rig.press(")")
      #expect(rig.moment.recurrent?.time == time)
      #expect(rig.moment.plan.instructions[rig.moment.done - 1].title == "h")
    }
    rig.press("(")
    #expect(rig.moment.recurrent?.time == 4)
    rig.press("b")
    while rig.moment.recurrent == nil { rig.press(")") }
    for time in (0..<6).reversed() {
      #expect(rig.moment.recurrent?.time == time)
      rig.press(")")
    }
    #expect(rig.moment.recurrent == nil)
    rig.press("(")
    #expect(rig.moment.recurrent?.time == 0)
    rig.press("(((")
    #expect(rig.moment.recurrent?.time == 3)
  }

  @Test(". goes from gate to gate: the time step one comes to is open")
  func movesByGate() throws {
    var rig = StepRig.memory()
    rig.go(0, try find("z", 2, .forward, rig))
    for title in ["i", "f", "g", "o", "c", "h", "z", "i"] {
      rig.press(".")
      #expect(rig.moment.plan.instructions[rig.moment.done - 1].title == title)
    }
    for title in ["z", "h", "c"] {
      rig.press(",")
      #expect(rig.moment.plan.instructions[rig.moment.done - 1].title == title)
    }
  }

  @Test("rows over time are the run's numbers of the example under the lens")
  func showsNumbers() throws {
    var rig = StepRig.memory()
    rig.go(0, try find("f", 3, .forward, rig))
    rig.press("]")
    let moment = rig.moment
    let recurrent = try #require(moment.recurrent)
    #expect(recurrent.example == 1)
    #expect(recurrent.rows.map(\.symbol) == ["x", "i", "f", "g", "o", "c", "h"])
    for row in recurrent.rows {
      let known = row.part == .x ? 6 : [.i, .f].contains(row.part) ? 4 : 3
      #expect(row.numbers.count { $0 != nil } == known, "\(row.part)")
    }
    let gate = moment.results[0].tensor
    #expect(recurrent.row(.f)?.numbers[3] == Array(gate.scalars[4..<8]))
    #expect(moment.cell == 4)
    let sum = try #require(recurrent.weightedSum)
    #expect(abs((sum.recomputed ?? .nan) - Double(sum.result)) < 1e-5)
  }

  @Test("the unit chosen with arrows stays chosen from line to line")
  func keepsUnit() throws {
    var rig = StepRig.memory()
    rig.go(0, try find("i", 1, .forward, rig))
    rig.press(.down)
    rig.press(.down)
    for _ in 0..<5 {
      #expect(rig.moment.recurrent?.unit == 2)
      rig.press(".")
    }
    #expect(rig.text.contains { $0.contains("unit 2") || $0.contains("[0,2]") })
  }

  @Test("present gate and time step are marked, unknown numbers are dots, scales are named")
  func draws() throws {
    var rig = StepRig.memory()
    rig.go(0, try find("g", 2, .forward, rig))
    let text = rig.text
    #expect(text.contains { $0.contains("─ lstm over time ─") && $0.contains("t = 2, g") })
    #expect(
      text.contains { $0.contains("g  candidate") && $0.contains("▐") && $0.contains("−1 … 1") })
    #expect(text.contains { $0.contains("f  forget gate") && $0.contains("0 … 1") })
    #expect(text.contains { $0.contains("h  output ") && $0.contains("·") })
    #expect(text.contains { $0.contains("t=0") && $0.contains("t=5") })
    #expect(text.contains { $0.contains("─ Gate g, unit 0, t = 2 ─") })
    rig.go(0, try find("∂ c", 3, .backward, rig))
    #expect(rig.text.contains { $0.contains("∂L/∂c") && $0.contains("▐") })
  }

  @Test(
    "it draws at every size and tier, within its panels",
    arguments: StepScreenTests.sizes, [1, 4, 30])
  func drawsEverywhere(size: Size, units: Int) throws {
    for time in [1, 6, 40] {
      var rig = StepRig.memory(size: size, units: units, time: time)
      for title in ["z", "f", "h"] {
        rig.go(0, try find(title, time / 2, .forward, rig))
        #expect(rig.text.count == size.height)
      }
      rig.go(0, try find("∂ z", time / 2, .backward, rig))
      for panel in rig.state.panels {
        #expect(rig.state.body.intersection(panel.area).size == panel.area.size)
      }
      for ability in Ability.tiers {
        rig.state.ability = ability
        #expect(rig.text.count == size.height)
      }
    }
  }

  @Test("the hint bar colors both keys of a pair")
  func colorsPairs() throws {
    let rig = StepRig.memory()
    let grid = rig.state.frame()
    let line = grid.text[35]
    // The words behind the keys are shortened where the window is narrow.
    for pair in [") ( ", "> < ", "[ ] "] {
      let found = try #require(line.firstRange(of: pair), "\(pair)")
      let start = line.distance(from: line.startIndex, to: found.lowerBound)
      #expect(grid[Point(start, 35)]?.foreground == .accent, "\(pair)")
      #expect(grid[Point(start + 2, 35)]?.foreground == .accent, "\(pair)")
      #expect(grid[Point(start + 4, 35)]?.foreground != .accent, "\(pair)")
    }
  }
}
