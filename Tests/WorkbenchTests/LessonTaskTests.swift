import Lessons
import TerminalGraphics
import Testing
import Training
@testable import Workbench

@Suite("Tasks of a lesson")
struct LessonTaskTests {
  private func opened(_ pages: String..., front: String = "") throws -> LessonRig {
    let lesson = try LessonRig.lesson(pages.joined(separator: "\n\n---\n\n"), front: front)
    var rig = try LessonRig([lesson])
    rig.type("l")
    return rig
  }

  @Test("the place asked for stands in its matrix as ?, and shows its number once it is answered")
  func asked() throws {
    var rig = try opened(LessonPages.ask)
    #expect(rig.text.contains("dense/kernel.grad[0,0] = "))
    #expect(rig.text.contains("▶") && rig.text.contains("?"))
    let truth = try rig.truth("dense/kernel.grad[0,0]")
    rig.answer(truth)
    #expect(rig.text.contains("is right."))
    #expect(rig.text.contains("The lab has"))
    #expect(rig.state.learn.place?.done == ["gradient"])
  }

  @Test("an answer is typed into the panel; letters of a function are no hints")
  func typing() throws {
    var rig = try opened(LessonPages.ask)
    rig.press(.enter)
    rig.type("tanh(0.5)")
    #expect(rig.state.field?.text == "tanh(0.5)")
    #expect(rig.text.contains("tanh(0.5)▏"))
    #expect(!rig.text.contains("hint 1 of"))
    rig.type("h")
    #expect(rig.text.contains("hint 1 of 3"))
    rig.press(.escape)
    #expect(rig.state.field == nil)
  }

  @Test(
    "a wrong answer says how near it has to come; after two, 5 opens the number in the debugger")
  func stuck() throws {
    var rig = try opened(LessonPages.ask)
    rig.answer("7")
    #expect(rig.text.contains("× your 7:"))
    // What is far off hears nothing of precision.
    #expect(!rig.text.contains("here ±0.005"))
    #expect(!rig.text.contains("this number in the debugger"))
    let truth = try #require(rig.state.learn.verdicts.values.first?.truth)
    rig.answer(NumberFormat.fixed(Float(truth) + 0.02, decimals: 2))
    #expect(rig.text.contains("here ±0.005"))
    #expect(rig.text.contains("this number in the debugger"))
    let before = rig.state.lab.position
    rig.type("5")
    #expect(rig.state.screen == .step)
    #expect(rig.state.lab.moment?.results.contains { $0.name == "dense/kernel.grad" } == true)
    #expect(rig.state.lab.moment?.cell == 0)
    rig.type("2")
    #expect(rig.state.lab.position == before)
  }

  @Test("what a page asks for and hides is not on the debugger's screen until it is answered")
  func hidden() throws {
    var rig = try opened(LessonPages.ask)
    let truth = try #require(Double(try rig.truth("dense/kernel.grad[0,0]")))
    let shown = NumberFormat.fixed(truth, decimals: 4)
    rig.answer("7")
    rig.answer("8")
    rig.type("5")
    #expect(!rig.text.contains(shown))
    #expect(!rig.text.contains("NaN"))
    rig.type("2")
    rig.answer("\(truth)")
    rig.type("5")
    rig.command("goto instruction 8")
    #expect(rig.text.contains(shown))
  }

  @Test("an exercise shows what it waits for and is done by whatever way, also on another screen")
  func exercise() throws {
    var rig = try opened(LessonPages.exercise)
    #expect(rig.text.contains("train_accuracy"))
    #expect(rig.text.contains("wanted at least 1"))
    rig.type("4")
    rig.train(30)
    #expect(rig.text.contains("2 goes back to the lesson"))
    rig.type("2")
    #expect(rig.text.contains("All four rows are right"))
    rig.type("h")
    #expect(rig.text.contains(":step 200 step"))
  }

  @Test("r sets the run anew and keeps what is done")
  func reset() throws {
    var rig = try opened(LessonPages.exercise)
    rig.train(30)
    #expect(rig.state.lab.position.step == 30)
    rig.type("r")
    #expect(rig.state.lab.position.step == 0)
    #expect(rig.state.learn.place?.done == ["train"])
  }

  @Test("a skipped task is marked, shows what it hid, and comes back after the last page")
  func skips() throws {
    var rig = try opened(LessonPages.choice, LessonPages.exercise)
    rig.type("s")
    #expect(rig.state.learn.place?.page == 1)
    #expect(rig.state.learn.place?.skipped == ["sign"])
    rig.press(.pageUp)
    #expect(rig.text.contains("skipped"))
    #expect(rig.text.contains("It is "))
    rig.press(.pageDown)
    rig.train(30)
    rig.press(.enter)
    #expect(rig.state.learn.page == nil)
    #expect(rig.text.contains("a task was skipped"))
    rig.press(.enter)
    #expect(rig.state.learn.place?.page == 0)
  }

  @Test("the sandbox takes the run along, hides nothing, judges nothing; r ends it")
  func sandbox() throws {
    var rig = try opened(LessonPages.exercise)
    rig.type("S")
    #expect(rig.state.screen == .train)
    rig.train(30)
    #expect(rig.state.learn.place?.done == [])
    rig.type("2")
    #expect(rig.text.contains("your own for now"))
    #expect(rig.state.lab.position.step == 30)
    rig.type("r")
    #expect(rig.state.lab.position.step == 0)
    #expect(!rig.text.contains("your own for now"))
  }

  @Test("a page lights a panel of another screen and says so")
  func light() throws {
    var rig = try opened(LessonPages.choice)
    #expect(rig.text.contains("Look there:"))
    rig.type("4")
    let area = try #require(rig.state.panels.first { $0.id == "loss" }?.area)
    #expect(rig.state.frame()[Point(area.x + 1, area.y)]?.scalar == "◆")
    rig.type("2S")
    #expect(rig.state.screen == .train)
    #expect(rig.state.frame()[Point(area.x + 1, area.y)]?.scalar != "◆")
  }

  @Test("what a lesson keeps fixed says so, and the sandbox opens it")
  func locks() throws {
    var rig = try opened(LessonPages.exercise, front: "locks: [build, pace]")
    rig.type("4")
    let pace = rig.state.lab.pace
    rig.type("F")
    #expect(rig.state.lab.pace == pace)
    #expect(rig.text.contains("the lesson keeps this fixed; S opens the sandbox"))
    rig.type("3")
    let model = rig.state.workpiece.model
    rig.type("d")
    #expect(rig.state.workpiece.model == model)
    rig.type("S")
    #expect(rig.state.screen == .train)
    #expect(rig.state.learn.isFree)
    rig.type("F")
    #expect(rig.lab.pace == .full)
    #expect(rig.state.lab.pace == .full)
  }

  @Test("the lesson's network lies on Build while it is open; Home has one's own again")
  func workpiece() throws {
    var rig = try opened(LessonPages.exercise)
    let own = try #require(rig.state.learn.own)
    #expect(rig.state.workpiece.fileName == "model.py")
    rig.type("1")
    #expect(rig.state.workpiece.model == own.model)
    rig.type("2")
    #expect(rig.state.workpiece.fileName == "model.py")
    #expect(rig.state.ownWorkpiece.model == own.model)
  }

  @Test("the arrows go through the words of the text, and Enter says what one means")
  func words() throws {
    var rig = try opened(LessonPages.ask)
    rig.state.focus[.learn] = "text"
    rig.press(.right, .enter)
    #expect(rig.text.contains("how much one input counts"))
    rig.press(.escape, .escape)
    rig.type("W")
    #expect(rig.text.contains("Words of the lessons"))
  }

  @Test("a search over lessons finds words on their pages and opens the page")
  func search() throws {
    var rig = try opened(LessonPages.ask, LessonPages.choice)
    rig.type("L/which sign")
    #expect(rig.text.contains("found on 1 page"))
    rig.press(.enter, .enter)
    #expect(rig.state.learn.place?.page == 1)
    rig.type("L/nothing of the kind")
    #expect(rig.text.contains("no lesson has this"))
  }

  @Test("beyond the last page is the next lesson")
  func end() throws {
    var rig = try opened(LessonPages.choice)
    rig.press(.enter)
    if rig.state.learn.place?.done.isEmpty == true { rig.press(.down, .enter) }
    #expect(rig.state.learn.place?.done == ["sign"])
    rig.press(.enter)
    #expect(rig.text.contains("it was the last lesson"))
  }
}
