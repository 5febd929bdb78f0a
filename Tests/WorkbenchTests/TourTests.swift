import Autodiff
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("The one-minute start")
struct TourTests {
  /// The tour at the moment it stands in the middle of a step.
  private func stopped() throws -> TestLab {
    var lab = try TestLab()
    lab.press(.enter)
    lab.train(60)
    lab.wait(seconds: 7)
    return lab
  }

  @Test("Enter at a newcomer's Home lets digits learn on Train")
  func learns() throws {
    var lab = try TestLab()
    #expect(lab.state.isNewcomer)
    lab.press(.enter)
    #expect(lab.state.screen == .train)
    #expect(lab.lab.activity == .training)
    lab.train(20)
    #expect(lab.text.contains("Step 20"))
  }

  @Test("time alone stops it in the middle of a training step")
  func stops() throws {
    let lab = try stopped()
    #expect(lab.state.tour?.stage == .stopped)
    #expect(lab.state.screen == .step)
    #expect(lab.lab.activity == .paused)
    #expect(lab.state.lab.position.step == 60)
    let moment = try #require(lab.state.lab.moment)
    #expect(moment.done > 0 && moment.done < moment.plan.instructions.count)
  }

  @Test("forward changes the check sum, back brings the same one")
  func goesBack() throws {
    var lab = try stopped()
    let place = lab.state.lab.position
    let before = try #require(lab.state.lab.digest)
    lab.type(".")
    #expect(lab.state.lab.position > place)
    let after = try #require(lab.state.lab.digest)
    #expect(after != before)
    lab.type(",")
    #expect(lab.state.lab.position == place)
    #expect(lab.state.lab.digest == before)
    #expect(lab.text.contains("every number is as it was"))
    #expect(lab.text.contains(before))
  }

  @Test("the number it opens is the gradient's largest, with the sum that makes it")
  func opens() throws {
    var lab = try stopped()
    lab.press(.enter, .enter, .enter)
    #expect(lab.state.tour?.stage == .number)
    let moment = try #require(lab.state.lab.moment)
    let numbers = try #require(moment.results.first).tensor.scalars
    let largest = numbers.map(abs).max()
    #expect(abs(numbers[moment.cell]) == largest)
    let explanation = try #require(moment.explanation)
    #expect(explanation.name.hasPrefix("dense_1/kernel.grad"))
    #expect(lab.text.contains(explanation.name))
    lab.press(.enter)
    #expect(lab.state.tour == nil)
    #expect(lab.state.screen == .home)
    #expect(!lab.state.isNewcomer)
  }

  @Test("Esc leaves at any stage, and the run rests", arguments: 0..<5)
  func leaves(stage: Int) throws {
    var lab = try TestLab()
    lab.press(.enter)
    lab.train(10)
    for _ in 0..<stage { lab.press(.enter) }
    #expect(lab.state.tour != nil)
    lab.press(.escape)
    #expect(lab.state.tour == nil)
    #expect(lab.state.screen == .home)
    #expect(lab.lab.activity != .training)
  }

  @Test("what it says fits every size", arguments: Sizes.all)
  func fits(size: Size) throws {
    var lab = try TestLab(size: size)
    for _ in 0..<6 {
      lab.press(.enter)
      lab.train(5)
      guard lab.state.tour != nil else { break }
      #expect(lab.text.contains("Esc"))
      #expect(!lab.text.split(separator: "\n").contains { $0.count > size.width })
    }
  }
}

/// Windows from the smallest to a large one.
enum Sizes {
  static let all = [
    Size(60, 16), Size(80, 24), Size(99, 29), Size(100, 30), Size(120, 36), Size(200, 60),
  ]
}
