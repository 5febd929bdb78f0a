import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("What a lesson keeps back stays back elsewhere too")
struct HiddenElsewhereTests {
  private func opened() throws -> LessonRig {
    let lesson = try LessonRig.lesson(LessonPages.ask)
    var rig = try LessonRig([lesson])
    rig.run(rig.state.openLesson(lesson.name, page: 0))
    return rig
  }

  @Test(
    "a condition on it is not answered until the question is",
    arguments: [
      "break if dense/kernel.grad[0,0] > 0", "watch dense/kernel.grad[0,0]",
      "break update if dense/kernel.grad[0,0] > 0", "when dense/kernel.grad[0,0] > 0",
      "goto when dense/kernel.grad[0,0] > 0",
    ])
  func conditions(command: String) throws {
    var rig = try opened()
    #expect(rig.state.whyHidden(command)?.contains("until it is answered") == true)
    #expect(rig.state.whyHidden("break if dense/kernel[0,0] > 0") == nil)
    rig.answer(try rig.truth("dense/kernel.grad[0,0]"))
    #expect(rig.state.whyHidden(command) == nil)
  }

  @Test("Train has no picture of it, and no close look, until the question is answered")
  func pictures() throws {
    var rig = try opened()
    rig.type("4")
    rig.state.train.layers.look = .gradient
    rig.run([.lab(.look(rig.state.interest))])
    let all = try #require(rig.state.lab.pictures).layers
    rig.state.lab.closeUp = CloseUpPicture.none("of a test")
    #expect(!all.isEmpty && all.allSatisfy { $0.quantity == .gradient })
    let shown = rig.state.withoutHidden
    #expect(shown.lab.pictures?.layers.isEmpty == true)
    #expect(shown.lab.closeUp != rig.state.lab.closeUp)
    rig.type("2")
    rig.answer(try rig.truth("dense/kernel.grad[0,0]"))
    rig.type("4")
    #expect(rig.state.withoutHidden.lab.pictures?.layers == rig.state.lab.pictures?.layers)
  }
}
