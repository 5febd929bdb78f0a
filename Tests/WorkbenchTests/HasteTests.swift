import TerminalGraphics
import Testing
import Training

@testable import Workbench

/// Keys pressed in haste, too late or several times.
@Suite("Keys pressed in haste")
struct HasteTests {
  @Test("a pause that comes just after the end starts nothing: it says what Space does now")
  func pauseTooLate() throws {
    var pilot = try LabPilot("xor", epochs: 2)
    pilot.press(" ")
    pilot.train(10_000)
    let end = pilot.state.lab.position
    pilot.state.now += 0.3
    pilot.press(" ")
    #expect(pilot.state.lab.activity == .finished && pilot.state.lab.position == end)
    #expect(pilot.state.message?.toast.text.contains("Space now plays it again") == true)
    // What was said of it, it does.
    pilot.press(" ")
    #expect(pilot.state.lab.activity == .training)
  }

  @Test("a setting that is changed several times is told of once: as it is now")
  func oneMessage() throws {
    var pilot = try LabPilot("digits", hidden: [4])
    pilot.press(" ")
    for _ in 0..<4 {
      pilot.train(5)
      pilot.press(">")
    }
    #expect(pilot.state.lab.branches.count == 5)
    #expect(pilot.state.message?.toast.text.contains("learning_rate") == true)
    #expect(pilot.state.message?.toast.text.contains("branch 5") == true)
    // Nothing of the earlier ones comes after it.
    pilot.state.now += 4.5
    #expect(pilot.state.message == nil)
  }

  @Test("what is said of another setting waits for its turn")
  func otherSetting() throws {
    var pilot = try LabPilot("digits", hidden: [4])
    pilot.press(" ")
    pilot.train(5)
    pilot.press(">")
    pilot.train(5)
    pilot.press(":set batch_size = 16")
    pilot.press(.enter)
    pilot.answer()
    let first = try #require(pilot.state.message?.toast.text)
    #expect(first.contains("learning_rate"))
    pilot.state.now += Messages.least + 0.1
    #expect(pilot.state.message?.toast.text.contains("batch") == true)
  }
}

@Suite("Pace")
struct PaceTests {
  @Test("- goes from what cannot be followed to ten steps a second, then by steps to one")
  func slower() throws {
    var pilot = try LabPilot("digits", epochs: 20)
    #expect(pilot.state.lab.pace == .steps(90))
    var seen: [Double] = []
    for _ in 0..<4 {
      pilot.press("-")
      seen.append(pilot.lab.pace.rate)
    }
    #expect(seen == [10, 5, 2, 1])
    pilot.press("-")
    #expect(pilot.lab.pace == .steps(1))
    #expect(pilot.state.message?.toast.text.contains("slowest") == true)
  }

  @Test("every run has each pace once, in order, and none close beside its own", arguments: 1...400)
  func ladder(tens: Int) {
    let rates = Pace.ladder(for: 7 * tens).map(\.rate)
    #expect(rates.first == 1 && rates.last == .infinity)
    for (slow, fast) in zip(rates, rates.dropFirst()) { #expect(fast >= 2 * slow || slow < 4) }
  }

  @Test(":pace sets any, exactly, which shows on the line of paces; - and + go on from it")
  func typed() throws {
    var pilot = try LabPilot("digits", epochs: 20)
    pilot.press(":pace 3")
    pilot.press(.enter)
    #expect(pilot.lab.pace == .steps(3))
    #expect(pilot.text.contains("◆ 3/s"))
    pilot.press("+")
    #expect(pilot.lab.pace == .steps(5))
    pilot.press(":pace full")
    pilot.press(.enter)
    #expect(pilot.lab.pace == .full)
    pilot.press(":pace 0.5")
    pilot.press(.enter)
    #expect(pilot.lab.pace == .steps(0.5) && pilot.text.contains("0.5/s"))
  }

  @Test(
    "a pace that cannot be is refused with what would be right", arguments: ["fast", "-1", "0"])
  func refused(word: String) throws {
    var pilot = try LabPilot("digits")
    let before = pilot.lab.pace
    pilot.press(":pace \(word)")
    pilot.press(.enter)
    #expect(pilot.lab.pace == before)
    let said = try #require(pilot.state.message?.toast.text)
    #expect(said.contains(word) && said.contains("right would be"))
  }
}
