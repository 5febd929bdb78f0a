import Lessons
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("What has room on Learn")
struct LearnRoomTests {
  private static let small = Size(80, 24)

  private func opened(
    _ pages: String..., size: Size = LearnRoomTests.small
  ) throws -> LessonRig {
    let lesson = try LessonRig.lesson(pages.joined(separator: "\n\n---\n\n"))
    var rig = try LessonRig([lesson], size: size)
    rig.run(rig.state.openLesson(lesson.name, page: 0))
    rig.state.hideMessages()
    return rig
  }

  @Test("the page's number is whole, also where both numbers have two digits")
  func number() throws {
    let lesson = try LessonRig.lesson(
      (1...11).map { _ in LessonPages.exercise }.joined(separator: "\n\n---\n\n")
        .replacing("id: train", with: "id: a"))
    var rig = try LessonRig([lesson], size: Self.small)
    for width in [60, 80, 120] {
      rig.state.size = Size(width, 24)
      rig.run(rig.state.openLesson(lesson.name, page: 9))
      let top = rig.state.frame().text[0]
      #expect(top.contains("10 of 11") || top.contains("10/11"), "\(width): \(top)")
    }
  }

  @Test("a page to read draws its small network as the run has it; one that asks does not")
  func network() throws {
    let full = Size(120, 36)
    let rig = try opened(LessonPages.reading, LessonPages.ask, size: full)
    #expect(rig.text.contains("the network of this page: 2-1, step 0"))
    #expect(rig.text.contains("example 0 of 4") && rig.text.contains("lines: weights"))
    // The keys of Build do nothing here.
    #expect(!rig.text.contains("[ ]"))
    #expect(try !opened(LessonPages.ask, size: full).text.contains("the network of this page"))
    #expect(try !opened(LessonPages.reading).text.contains("the network of this page"))
  }

  @Test(
    "Space trains where a page has an exercise, and says why not where its numbers are the text's")
  func training() throws {
    var rig = try opened(LessonPages.ask)
    rig.press(.character(" "))
    #expect(rig.state.lab.activity != .training)
    #expect(rig.text.contains("nothing is trained here"))
    rig = try opened(LessonPages.exercise)
    rig.press(.character(" "))
    #expect(rig.state.lab.activity == .training)
  }

  @Test("a long message is read to its end, above the task's title, and not on the next page")
  func message() throws {
    var rig = try opened(LessonPages.exercise, LessonPages.ask)
    rig.state.say(
      String(repeating: "each example has an input of its own, and none is named; ", count: 4)
        + "the last words", .warning)
    #expect(rig.text.contains("the last words"))
    #expect(rig.text.contains(" Try it "))
    // What takes long to be read stays as long.
    rig.state.now += 6
    #expect(rig.text.contains("the last words"))
    rig.run(rig.state.openLesson("01-a-neuron", page: 1))
    #expect(!rig.text.contains("the last words"))
  }

  @Test("why the last line did nothing is gone with the next line")
  func refusals() throws {
    var rig = try opened(LessonPages.exercise)
    rig.command("frobnicate")
    #expect(rig.text.contains("there is no command"))
    rig.press(.escape)
    rig.command("info layers")
    #expect(!rig.text.contains("there is no command"))
  }

  @Test("what a command does is told to its end where the list has room")
  func palette() throws {
    var rig = try opened(LessonPages.exercise)
    rig.type(":verdict")
    let list = rig.text.split(separator: "\n").map(String.init)
    let entry = try #require(list.firstIndex { $0.contains("verdict PLACE   ") })
    #expect(!list[entry...(entry + 3)].joined().contains("layer … "))
    #expect(list[entry...(entry + 6)].joined().contains("dropout"))
  }

  @Test("where arrows choose, the footer says what scrolls the text")
  func scrolling() throws {
    let long = LessonPages.choice.replacing(
      "## Which way",
      with: "## Which way\n\n" + String(repeating: "A line to be read.\n\n", count: 20))
    var rig = try opened(long)
    #expect(rig.state.frame().text[23].contains("j k scroll"))
    rig.press(.character("j"), .character("j"))
    #expect(!rig.text.contains("Which way"))
    #expect(try opened(LessonPages.choice).state.frame().text[23].contains("scroll") == false)
  }

  @Test("tasks are counted whole from the start, and only one of them is at hand")
  func counting() throws {
    let second = """
      ```{exercise}
      id: second
      task: Train a little longer.
      wait: steps >= 60
      hints: [Space trains.]
      success: It is done.
      ```
      """
    var rig = try opened(LessonPages.choice + "\n" + second)
    #expect(rig.text.contains("task 1 of 2"))
    rig = try opened(
      LessonPages.exercise.replacing("```{sandbox}", with: second + "\n\n```{sandbox}"))
    #expect(rig.text.contains("task 1 of 2"))
    #expect(rig.text.split(separator: "Your turn").count == 2)
    #expect(rig.text.contains("Then: Train a little longer."))
  }

  @Test("what the run has not at all is no number to come")
  func missing() throws {
    let rig = try opened(
      LessonPages.exercise.replacing(
        "wait: train_accuracy >= 1 and steps >= 10",
        with: "wait: steps >= 10 and dense/kernel/penalty > 0\n"
          + "captions: [ten steps are done, there is a penalty]"))
    #expect(rig.text.contains("ten steps are done  now 0"))
    #expect(
      rig.text.contains("there is a penalty") && !rig.text.contains("there is a penalty  now"))
  }

  @Test("where one has to stop, a run that goes on past it does not count")
  func stopping() throws {
    var rig = try opened(
      LessonPages.exercise.replacing(
        "train_accuracy >= 1 and steps >= 10", with: "step >= 10 and step < 20 and paused"))
    rig.run([.lab(.play)])
    for _ in 0..<30 {
      _ = rig.lab.train(steps: 1)
      rig.run(rig.state.receive(.run(rig.lab.snapshot())))
    }
    #expect(rig.lab.activity == .training && rig.state.lab.position.step == 30)
    #expect(rig.state.learn.place?.done == [])
    rig.run([.lab(.pause()), .lab(.go(Position(step: 15)))])
    #expect(rig.state.learn.place?.done == ["train"])
  }
}
