import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("What-ifs and branches on the screens")
struct WhatIfTests {
  private func rig() -> StepRig {
    var rig = StepRig.toy(batchSize: 2)
    rig.run([.lab(.go(Position(step: 12)))])
    rig.run([.lab(.go(Position(step: 6, instruction: 5)))])
    return rig
  }

  @Test(
    "x drops the example, X skips the update; each says which branch grew, u goes back, U redoes")
  func keys() throws {
    for (key, words) in [("x", "row "), ("X", "no update in step 6")] {
      var rig = rig()
      let session = try #require(rig.lab.session)
      let digest = session.digest
      rig.press(key)
      let toast = try #require(rig.state.message?.toast.text)
      #expect(toast.hasPrefix("branch 2 from step 6: "), "\(toast)")
      #expect(toast.contains(words) && toast.hasSuffix("u takes it back"), "\(toast)")
      #expect(session.currentBranch == 2)
      #expect(rig.state.lab.position == Position(step: 6, instruction: 5))
      rig.press("u")
      #expect(session.currentBranch == 1)
      #expect(session.digest == digest)
      #expect(rig.state.lab.history.count == 12)
      rig.press("U")
      #expect(session.currentBranch == 2)
      #expect(rig.state.edits.future.isEmpty)
      rig.press("u")
      #expect(session.currentBranch == 1)
      // Undoing is no what-if: no third way has grown.
      #expect(rig.state.lab.branches.count == 2)
    }
  }

  @Test("Enter on the example offers its target, its inputs, and to drop it")
  func example() throws {
    var rig = rig()
    rig.state.focus[.step] = "example"
    rig.press(.enter)
    guard case .menu(let menu) = rig.state.overlay else {
      Issue.record("no menu")
      return
    }
    let labels = menu.items.map(\.label)
    #expect(labels.first == "drop it")
    #expect(labels.contains { $0 == "target A" || $0 == "target B" })
    let input = try #require(labels.firstIndex(of: "x"))
    let place = try #require(rig.moment.lens?.place)
    for _ in 0..<input { rig.press(.down) }
    rig.press(.enter)
    #expect(rig.state.field?.label == "input[\(place),0] =")
    rig.press("1.5")
    rig.press(.enter)
    #expect(rig.state.lab.branches.count == 2)
    #expect(rig.moment.lens?.input.scalars.first == 1.5)
    #expect(rig.state.lab.branches.last?.words.contains("= 1.5") == true)
    rig.press("u")
    #expect(rig.moment.lens?.input.scalars.first != 1.5)
  }

  @Test("a weight by Enter grows a branch at the next step")
  func weight() throws {
    var rig = rig()
    rig.press("o")
    #expect(rig.moment.plan.instructions[rig.moment.done - 1].phase == .update)
    rig.state.focus[.step] = "result"
    rig.press(.enter)
    rig.press("3")
    rig.press(.enter)
    #expect(rig.state.lab.branches.last?.step == 7)
    #expect(rig.state.message?.toast.text.hasPrefix("branch 2 from step 7") == true)
  }

  @Test("= opens the branches; Enter switches at the same moment, = compares, Esc closes")
  func view() throws {
    var rig = Scene.branched()
    rig.press("=")
    #expect(rig.state.step.view == .branches)
    #expect(rig.state.focusedPanel == WhatIfPanel.id)
    let position = rig.state.lab.position
    rig.press(.enter)
    #expect(rig.state.message?.toast.text.contains("is at hand") == true)
    rig.press(.down)
    rig.press("=")
    let comparison = try #require(rig.state.lab.comparison)
    #expect((comparison.a.number, comparison.b.number) == (1, 2))
    #expect(rig.text.contains { $0.contains("Branches 1 and 2") })
    #expect(
      rig.text.contains { $0.contains("their losses differ from step \(comparison.parting)") })
    rig.press(.enter)
    #expect(rig.state.lab.branches.current?.number == 2)
    #expect(rig.state.lab.position == position)
    rig.press(.escape)
    #expect(rig.state.step.view == .line)
    #expect(rig.state.lab.comparison == nil)
  }

  @Test("where branches part is what the run says", arguments: [(1, 2), (1, 3), (2, 3), (3, 1)])
  func parting(a: Int, b: Int) throws {
    let rig = Scene.branched()
    let session = try #require(rig.lab.session)
    #expect(rig.state.lab.branches.parting(of: a, and: b) == session.parting(of: a, and: b))
  }

  @Test("branches, their numbers and where they grew are seen without any color")
  func uncolored() {
    var rig = Scene.branched(keys: "=")
    rig.state.ability = Ability(depth: .none, glyphs: .ascii)
    let text = rig.text
    #expect(text.contains { $0.contains("2 dense_1/kernel") })
    #expect(text.contains { $0.contains("7 + 2, 3") })
    for number in ["2", "3"] {
      #expect(text.contains { line in line.contains(number + number) }, "curve of \(number)")
    }
  }

  @Test("a click on the line of the run goes there, the wheel one step")
  func timeline() throws {
    var rig = rig()
    let area = try #require(rig.state.panels.first { $0.id == "timeline" }?.area)
    let line = Point(area.x + 14, area.y + 1)
    rig.run(
      rig.state.handle(.mouse(Mouse(.press, .left, at: line))))
    #expect(rig.state.lab.position.step == 0)
    rig.run(rig.state.handle(.mouse(Mouse(.wheelDown, .none, at: line))))
    #expect(rig.state.lab.position.step == 1)
    rig.run(rig.state.handle(.mouse(Mouse(.wheelUp, .none, at: line))))
    #expect(rig.state.lab.position.step == 0)
  }

  @Test("a click on Train's bar goes to the step under it")
  func bar() throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 4)
    pilot.press(" ")
    pilot.train(20)
    pilot.press(" ")
    let total = try #require(pilot.state.lab.settings?.totalSteps)
    let area = try #require(pilot.state.panels.first { $0.id == "run" }?.area)
    let row = pilot.state.frame().text[area.y + 1]
    let start = try #require(Array(row).firstIndex(of: "━"))
    for x in start..<start + 4 {
      pilot.run(
        pilot.state.handle(
          .mouse(Mouse(.press, .left, at: Point(x, area.y + 1)))))
    }
    #expect(pilot.state.lab.position.step < min(20, total))
    #expect(pilot.state.lab.history.count == 20)
  }

  @Test("undo of a rate that made a branch takes up the one before, and makes none")
  func rate() throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 4)
    pilot.press(" ")
    pilot.train(20)
    pilot.press(" ")
    pilot.run([.lab(.go(Position(step: 5)))])
    let rate = pilot.state.lab.learningRate
    pilot.press("<")
    #expect(pilot.state.lab.branches.count == 2)
    #expect(pilot.state.edits.past.count == 1)
    pilot.press("u")
    pilot.answer()
    #expect(pilot.state.lab.branches.current?.number == 1)
    #expect(pilot.state.lab.learningRate == rate)
    pilot.press("U")
    pilot.answer()
    #expect(pilot.state.lab.learningRate == rate / 2)
    #expect(pilot.state.lab.branches.count == 2)
  }

  @Test("at the newest step a setting changed by keys lets the same branch grow as by its name")
  func newestStep() throws {
    var words: [String] = []
    for isByName in [false, true] {
      var pilot = try LabPilot("spiral", hidden: [4], epochs: 4)
      pilot.press(" ")
      pilot.train(20)
      pilot.press(" ")
      let half = pilot.state.lab.learningRate / 2
      if isByName {
        pilot.run(CommandLine.run("set learning_rate = \(half)", &pilot.state))
        pilot.answer()
      } else {
        pilot.press("<")
      }
      let grown = try #require(pilot.state.lab.branches.current)
      #expect((grown.number, grown.parent, grown.step) == (2, 1, 20))
      words.append(grown.words)
      let toast = try #require(pilot.state.message?.toast.text)
      #expect(toast.contains("from step 20") && toast.contains(", goes back before it"), "\(toast)")
    }
    #expect(words[0] == words[1])
  }

  @Test("a rate set twice at one step is called by the last one")
  func renamed() throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 4)
    pilot.press(" ")
    pilot.train(20)
    pilot.press(" <<")
    let rate = pilot.state.lab.learningRate
    #expect(pilot.state.lab.branches.map(\.words) == ["", "learning_rate = \(rate)"])
    #expect(pilot.state.message?.toast.text.contains("learning_rate = \(rate);") == true)
  }

  @Test("= on Train shows the branches on Step, with the moment at hand")
  func fromTrain() throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 4)
    pilot.press(" ")
    pilot.train(9)
    pilot.press(" =")
    #expect(pilot.state.screen == .step)
    #expect(pilot.state.lab.moment != nil)
    #expect(pilot.text.contains("One way so far"))
  }

  @Test("what is typed at : goes on with names, never with numbers")
  func completes() throws {
    let rig = Scene.branched()
    func names(_ text: String) -> [String] {
      WhatIfLines.found(text, rig.state).map(\.name)
    }
    #expect(names("set den").contains("set dense/kernel[0,0] = "))
    #expect(names("set learning_rate = 0.").isEmpty)
    #expect(names("drop ").count == 2)
    #expect(names("drop 1").isEmpty)
    #expect(names("switch ") == ["switch 2", "switch 3"])
    #expect(names("compare ") == ["compare 1 2", "compare 1 3"])
    #expect(names("ask dr") == ["ask dropout = "])
  }

  @Test("ask shows how far it is, then the differences; Esc stops it and keeps what is known")
  func asks() throws {
    var rig = rig()
    rig.run(CommandLine.run("ask learning_rate = 0.05 over 4 seeds", &rig.state))
    guard case .question(let first)? = rig.state.overlay else {
      Issue.record("no question")
      return
    }
    #expect(first.standing?.progress == 0)
    while rig.lab.hasWork, (rig.lab.snapshot().asked?.with.count ?? 0) < 2 {
      var slices = 1
      _ = rig.lab.attend {
        slices -= 1
        return slices < 0
      }
    }
    rig.run([])
    #expect(rig.text.contains { $0.contains("2 of 4 seeds") })
    rig.press(.escape)
    #expect(rig.text.contains { $0.contains("stopped") && $0.contains("%") })
    #expect(!rig.lab.hasWork)
    rig.press(.escape)
    #expect(rig.state.overlay == nil)
  }

  @Test("a question that cannot be is refused with what would be right, and nothing opens")
  func refuses() {
    var rig = rig()
    rig.run(CommandLine.run("ask dropot = 0.2 over 4 seeds", &rig.state))
    #expect(rig.state.overlay == nil)
    #expect(rig.state.message?.toast.text.contains("dropout") == true)
  }

  @Test("a setting of a run whose network was edited since says that the next one has its own")
  func ofTheRunAtHand() throws {
    var rig = rig()
    rig.state.workpiece.model.layers[0] = .known("Dense", [("units", .integer(5))])
    rig.run(CommandLine.run("set learning_rate = 0.3", &rig.state))
    let toast = try #require(rig.state.message?.toast.text)
    #expect(toast.contains("learning_rate = 0.3"), "\(toast)")
    #expect(toast.contains("of the run at hand, the next one"), "\(toast)")
  }

  @Test("a setting after the end of the run says that it acts when one trains on")
  func afterTheEnd() throws {
    var rig = StepRig.toy(batchSize: 2)
    let end = try #require(rig.state.lab.settings?.totalSteps)
    rig.run([.lab(.go(Position(step: end)))])
    #expect(rig.state.lab.history.count == end)
    rig.run(CommandLine.run("set learning_rate = 0.3", &rig.state))
    #expect(rig.state.message?.toast.text.contains("the run is over: ) on Train") == true)
    rig.run(CommandLine.run("set epochs = 50", &rig.state))
    #expect(rig.state.message?.toast.text.contains("the run is over") == false)
  }
}
