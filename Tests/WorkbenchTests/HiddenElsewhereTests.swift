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
      "goto when dense/kernel.grad[0,0] > 0", "forward 0",
    ])
  func conditions(command: String) throws {
    var rig = try opened()
    #expect(rig.state.whyHidden(command)?.contains("until it is answered") == true)
    #expect(rig.state.whyHidden("break if dense/kernel[0,0] > 0") == nil)
    rig.answer(try rig.truth("dense/kernel.grad[0,0]"))
    #expect(rig.state.whyHidden(command) == nil)
  }

  @Test("Train draws no loss, and names none, while a page asks for it")
  func losses() throws {
    let lesson = try LessonRig.lesson(
      LessonPages.choice.replacing("light: loss", with: "hide: [loss]"))
    var rig = try LessonRig([lesson])
    rig.run(rig.state.openLesson(lesson.name, page: 0))
    rig.type("4")
    rig.train(20)
    rig.state.hideMessages()
    #expect(rig.state.lab.history.latest?.loss.isFinite == true)
    let dots: (String) -> Int = { text in
      text.unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
    }
    let hidden = rig.text
    let asked = rig.state.withoutHidden.lab.history
    #expect(asked.steps.count == 20 && asked.steps.allSatisfy { $0.loss.isNaN })
    #expect(hidden.contains("? until the question is answered") && !hidden.contains("NaN"))
    #expect(!hidden.contains("lowest epoch loss"))
    rig.type("2")
    rig.type("a")
    rig.press(.enter)
    if rig.state.learn.place?.done.isEmpty ?? true {
      rig.type("b")
      rig.press(.enter)
    }
    rig.type("4")
    #expect(rig.state.withoutHidden.lab.history == rig.state.lab.history)
    #expect(dots(rig.text) > dots(hidden))
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
