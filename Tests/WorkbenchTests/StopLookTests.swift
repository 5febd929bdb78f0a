import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("What Step shows where something stopped the run, and where it moved by itself")
struct StopLookTests {
  @Test("the cursor goes to the first NaN, its example and its line")
  func unsound() throws {
    var rig = StepRig.toy(batchSize: 2, activation: "relu")
    rig.go(3, 4)
    rig.run([.ask("set learning_rate = 1e30")])
    // A cursor and a row of the plan that were chosen before.
    rig.state.focus[.step] = "plan"
    rig.press(.down)
    rig.press(.down)
    rig.state.step.interest.cell = 1
    rig.run([.ask("break nan")])
    rig.run([.ask("continue")])
    let stop = try #require(rig.state.lab.stop)
    let place = try #require(stop.place)
    #expect(!place.number.isFinite)
    #expect(rig.state.step.planRow == nil)
    #expect(rig.moment.instruction == place.instruction)
    #expect(rig.moment.results[rig.moment.result].name == place.array)
    #expect(rig.moment.cell == place.offset)
    #expect(rig.text[0].contains("step \(stop.step)"))
  }

  @Test("what was said of a moment goes when the run stands elsewhere")
  func stale() throws {
    var rig = StepRig.toy(batchSize: 2)
    rig.run([.ask("goto instruction 8")])
    #expect(rig.state.message?.toast.text.contains("instruction 8 of") == true)
    // Planting and mending a fault end the step that was half done.
    rig.run([.ask("sabotage 1")])
    let said = rig.state.message?.toast.text ?? ""
    #expect(!said.contains("instruction 8 of"))
    #expect(rig.moment.done != 8)
    rig.state.messages.hide()
    rig.run([.ask("goto instruction 5")])
    #expect(rig.state.message?.toast.text.contains("instruction 5 of") == true)
    rig.press(".")
    #expect(rig.state.message?.toast.text.contains("instruction 5 of") != true)
  }

  @Test("a message that tells of no moment stays")
  func others() {
    #expect(ToldPlace("breakpoint 1, break nan") == nil)
    #expect(ToldPlace("step 2 of 240") == nil)
    #expect(ToldPlace("loss = 3 · instruction 5") == nil)
    #expect(ToldPlace("step 2 · instruction 5 of 28 · forward · dense") != nil)
  }

  /// Relu units, one of which dies at step 6 and another at step 9.
  private func dying() throws -> StepRig {
    var rig = StepRig.toy(batchSize: 2, activation: "relu")
    rig.go(6, 3)
    rig.run([.ask("set dense/bias[2] = -1000")])
    rig.go(9, 3)
    rig.run([.ask("set dense/bias[0] = -1000")])
    rig.go(12, 0)
    rig.run([.ask("goto start")])
    return rig
  }

  @Test("beside a stop by dead units is a map of them; A goes back to where it all began")
  func began() throws {
    var rig = try dying()
    rig.run([.ask("break dead-relu")])
    var last: Stop?
    for _ in 0..<6 {
      rig.run([.ask("continue")])
      guard let stop = rig.state.lab.stop else { break }
      last = stop
      if stop.units?.sick.contains(0) == true, stop.step > 7 { break }
    }
    let stop = try #require(last)
    let units = try #require(stop.units)
    #expect(units.layer == "dense" && units.count == 4 && units.sick.contains(0))
    rig.press("B")
    #expect(rig.text.contains { $0.contains("Go back to where it began") })
    let map = units.sick.sorted().map { _ in "" }
    #expect(map.count == units.sick.count)
    #expect(rig.text.contains { $0.contains("dense  ") && $0.contains("◆") && $0.contains("●") })
    rig.press("A")
    let first = try #require(rig.state.lab.stop)
    #expect(first.position < stop.position)
    // Nothing of it was there before.
    var debugger = Debugger(try #require(rig.lab.session))
    _ = try debugger.run("break dead-relu")
    #expect(
      try debugger.run("reverse-continue").lines[0] == "the start of the run"
        || debugger.stop == nil)
  }

  @Test("the table of branches counts the dead units of each at its end")
  func deadColumn() throws {
    var rig = try dying()
    rig.go(12, 0)
    rig.press("=")
    let counts = rig.state.lab.branches.map(\.dead)
    #expect(counts.count > 1 && counts.allSatisfy { $0 != nil })
    let here = try #require(rig.lab.session)
    for branch in rig.state.lab.branches {
      let copy = here.currentBranch
      try here.switchBranch(to: branch.number)
      here.go(to: Position(step: here.history.count))
      // By hand: units that give 0 for every example.
      let inputs = here.settings.data.training.inputs
      var alive = Set<Int>()
      let weights = here.weights
      let kernel = try #require(weights.first { $0.name == "dense/kernel" }).tensor
      let bias = try #require(weights.first { $0.name == "dense/bias" }).tensor
      for row in 0..<inputs.shape[0] {
        for unit in 0..<4 {
          let sum = (0..<2).reduce(bias.scalars[unit]) {
            $0 + inputs.scalars[2 * row + $1] * kernel.scalars[4 * $1 + unit]
          }
          if sum > 0 { alive.insert(unit) }
        }
      }
      #expect(branch.dead == 4 - alive.count, "branch \(branch.number)")
      try here.switchBranch(to: copy)
    }
    #expect(rig.text.contains { $0.contains("dead") })
  }
}
