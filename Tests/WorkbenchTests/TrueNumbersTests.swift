import NeuralNets
import TerminalGraphics
import Testing
import Training

@testable import Workbench

/// Places where two panels, or a panel and a calculator, said two things of one.
@Suite("One thing is said one way")
struct TrueNumbersTests {
  @Test("Runs keeps no lesson's run, and does not promise to")
  func lessonRun() throws {
    var rig = try LessonRig([try LessonRig.lesson(LessonPages.choice)])
    rig.type("l")
    rig.train(5)
    rig.type("7")
    #expect(rig.state.screen == .runs)
    #expect(rig.text.contains("belongs to the lesson"))
    #expect(!rig.text.contains("its numbers are kept here"))
  }

  @Test("a run that went back has one position on Home")
  func position() throws {
    var pilot = try LabPilot("spiral", hidden: [4])
    pilot.press(".....,")
    let run = RunSummary(
      number: 1, data: "spiral", model: "2-4-2", losses: [1, 0.9, 0.8], validationAccuracy: nil,
      steps: 5, totalSteps: 30, ageSeconds: 60)
    pilot.run(
      pilot.state.receive(
        .home(HomeContents(runs: [run], isRecording: true, openRun: 1))))
    pilot.run(pilot.state.go(to: .home))
    #expect(pilot.text.contains("step 4 of"))
    #expect(!pilot.text.contains("step 5 of"))
  }

  @Test("factors are written with the digits that their product needs")
  func products() throws {
    var lab = try TestLab()
    lab.press(.enter)
    lab.train(60)
    lab.wait(seconds: 7)
    lab.press(.enter, .enter, .enter)
    let words = try #require(TourPanel.text(lab.state)).plain
    var count = 0
    for match in words.matches(of: /(\S+) × (\S+) ≈ ([-0-9.e]+)/) {
      let (a, b) = (try #require(Double(match.1)), try #require(Double(match.2)))
      let product = try #require(Double(match.3))
      #expect(abs(a * b / product - 1) < 0.005_1, "\(match.0)")
      count += 1
    }
    #expect(count > 0, "\(words)")
  }

  @Test("an activation's chart says where −1, 0 and 1 are", arguments: [6, 7, 9, 12])
  func activation(height: Int) throws {
    let curve = try #require(ActivationCurve(.tanh))
    var grid = CellGrid(size: Size(44, height), ability: .full)
    curve.draw(in: grid.bounds, on: &grid)
    let labels = grid.text.map { String($0.prefix(5)).filter { "-01".contains($0) } }
    #expect(labels.filter { !$0.isEmpty } == ["1", "0", "-1"], "\(grid.text)")
  }

  @Test("the numbers above a chart keep their form from epoch to epoch")
  func titles() throws {
    var pilot = try LabPilot("digits", hidden: [8], epochs: 12)
    pilot.press(" ")
    var forms: [String: Set<String>] = [:]
    for _ in 1...12 {
      pilot.train(pilot.state.lab.settings?.stepsPerEpoch ?? 1)
      for name in ["Loss", "Accuracy"] {
        let line = try #require(
          pilot.state.frame().text.first { $0.contains("─ \(name) ─") }, "\(pilot.text)")
        let title = line.split(separator: "╮")[0].filter { !"0123456789. ─e-".contains($0) }
        forms[name, default: []].insert(String(title))
      }
    }
    #expect(forms.values.allSatisfy { $0.count == 1 }, "\(forms)")
  }

  @Test("a table of a lesson that is too wide goes on below")
  func table() throws {
    let row = "| one | a place or condition at which the run stops by itself, and waits there |"
    var rig = try LessonRig(
      [try LessonRig.lesson("## A page\n\n| what | means |\n|---|---|\n\(row)\n")],
      size: Size(80, 24))
    rig.type("l")
    #expect(rig.text.contains("by itself, and waits"))
    #expect(rig.text.contains(" there "))
  }
}
