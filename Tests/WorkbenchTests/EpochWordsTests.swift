import TerminalGraphics
import Testing
import Training

@testable import Workbench

/// Numbers of an epoch beside numbers of now.
@Suite("Which epoch a number is of")
struct EpochWordsTests {
  private static let sizes = [Size(120, 36), Size(80, 24)]

  @Test("the value of the last epoch says so, and what is judged now says that", arguments: sizes)
  func train(size: Size) throws {
    var pilot = try LabPilot("digits", hidden: [8], size: size, epochs: 6)
    pilot.press(" ")
    pilot.train(3 * 45 + 20)
    pilot.press(" ")
    let text = pilot.text
    #expect(text.contains("epoch 3") || text.contains("ep 3"))
    for _ in 0..<12 where pilot.state.focusedPanel != TrainPart.confusion.rawValue {
      pilot.press(.tab)
    }
    let line = try #require(
      pilot.state.frame().text.first { $0.contains("─ Confusion ─") })
    #expect(line.contains("right now"), "\(line)")
  }

  @Test("gone back, it is the last epoch that had ended there")
  func past() throws {
    var pilot = try LabPilot("digits", hidden: [8], size: Size(200, 50), epochs: 6)
    pilot.press(" ")
    pilot.train(3 * 45 + 20)
    pilot.press(" ((")
    #expect(pilot.state.lab.position == Position(step: 90))
    let top = try #require(pilot.state.frame().text.first { $0.contains("─ Loss ─") })
    #expect(top.contains("epoch 2") && !top.contains("epoch 3"), "\(top)")
  }

  @Test("before the first epoch has ended none is named")
  func before() throws {
    var pilot = try LabPilot("digits", hidden: [8], epochs: 6)
    pilot.press(" ")
    pilot.train(20)
    let top = try #require(pilot.state.frame().text.first { $0.contains("─ Loss ─") })
    #expect(!top.contains("epoch"))
  }

  @Test("axes that count steps have whole numbers only", arguments: 1...6)
  func wholeSteps(steps: Int) throws {
    for screen in [ScreenName.train, .home] {
      var pilot = try LabPilot("xor", hidden: [3], epochs: steps)
      for _ in 0..<steps { pilot.press(".") }
      let run = RunSummary(
        number: 1, data: "xor", model: "2-3-2", losses: [1, 0.9, 0.8], validationAccuracy: nil,
        steps: steps, totalSteps: steps, ageSeconds: 60)
      pilot.run(pilot.state.receive(.home(HomeContents(runs: [run], isRecording: true))))
      pilot.run(pilot.state.go(to: screen))
      for line in pilot.state.frame().text where line.contains(" step │") {
        let part = line.split(separator: "│").first { $0.hasSuffix(" step ") } ?? ""
        #expect(!part.contains("."), "\(line)")
      }
    }
  }

  @Test("beyond the end the run and its curves count the same epoch, and say what is past the end")
  func beyond() throws {
    var pilot = try LabPilot("digits", hidden: [8], epochs: 2)
    pilot.press("))")
    #expect(pilot.text.contains("epoch 2 of 2"))
    pilot.press(")")
    #expect(pilot.state.lab.position == Position(step: 135))
    #expect(pilot.text.contains("step 135, 45 after the end"))
    #expect(pilot.text.contains("epoch 3 ") && !pilot.text.contains("of 2 "))
    let top = try #require(pilot.state.frame().text.first { $0.contains("─ Loss ─") })
    #expect(top.contains(" 3 "), "\(top)")
    pilot.press("5.")
    #expect(!pilot.text.contains("135 of 90") && !pilot.text.contains("4 of 2"))
  }
}
