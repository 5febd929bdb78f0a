import Lessons
import TerminalGraphics
import Testing
import Training
import Workbench

/// What readers of the lessons stumbled over, held fast.
@Suite("A lesson as its readers walk it")
struct LessonReaderTests {
  private func opened(
    _ pages: String..., size: Size = Size(120, 36)
  ) throws -> LessonRig {
    let lesson = try LessonRig.lesson(pages.joined(separator: "\n\n---\n\n"))
    var rig = try LessonRig([lesson], size: size)
    rig.type("l")
    return rig
  }

  private func directive(_ name: String, _ lines: String...) -> String {
    "```{\(name)}\n" + lines.joined(separator: "\n") + "\n```\n"
  }

  /// A page over the neuron, at an instruction.
  private func page(_ body: String, instruction: Int = 0, more: String = "") -> String {
    directive(
      "setup", "model: model.py", "seed: 8", "position: instruction \(instruction)\n\(more)")
      + "\n## A page\n\n" + body
  }

  private let count = """
    ```{ask}
    id: rows
    question: For how many rows does it say yes?
    answer: count(dense/sum > -100)
    digits: 0
    hints: [Count.]
    ```
    """

  // MARK: Answers

  @Test("choices have letters: they choose, Enter takes; digits go to screens")
  func letters() throws {
    var rig = try opened(LessonPages.choice)
    #expect(rig.text.contains("a  It is negative."))
    let isNegative = try #require(Double(try rig.truth("dense/kernel[0,0]"))) < 0
    let (right, wrong) = isNegative ? ("a", "b") : ("b", "a")
    rig.type(wrong)
    #expect(rig.state.screen == .learn && rig.state.learn.place?.answers.isEmpty == true)
    rig.press(.enter)
    #expect(rig.text.contains("your \(wrong):"))
    rig.type(right)
    rig.press(.enter)
    #expect(rig.text.contains("\(right) is right."))
    #expect(rig.state.learn.place?.answers["sign"] == (isNegative ? "1" : "2"))
  }

  @Test("a wrong choice says its own words")
  func wrongChoice() throws {
    var rig = try opened(
      page(
        directive(
          "ask", "id: a", "question: Q", "choices:",
          "  - {text: Yes., right: step > 5, wrong: No step yet.}",
          "  - {text: No., right: step == 0}", "hints: [Look.]")))
    rig.press(.enter)
    #expect(rig.text.contains("your a: No step yet."))
  }

  @Test("a count has no decimals, and no tolerance of 0")
  func counts() throws {
    var rig = try opened(page(count, instruction: 3))
    #expect(rig.text.contains("a whole number"))
    rig.answer("9")
    #expect(!rig.text.contains("a whole number is asked for"))
    #expect(!rig.text.contains("±"))
    rig.answer("4")
    #expect(rig.text.contains("4 is right. The lab has 4."))
  }

  @Test("u takes back the newest answer of the page it is pressed on, and no other")
  func undo() throws {
    var rig = try opened(page(count, instruction: 3), LessonPages.choice)
    rig.answer("4")
    rig.press(.pageDown)
    rig.type("u")
    #expect(rig.text.contains("there is nothing to undo"))
    #expect(rig.state.learn.place?.done == ["rows"])
    rig.press(.enter)
    let answered = try #require(rig.state.learn.place?.answers)
    #expect(answered.count == 2)
    rig.press(.pageUp)
    rig.type("u")
    #expect(rig.state.learn.place?.answers.keys.sorted() == ["sign"])
    rig.type("U")
    #expect(rig.state.learn.place?.answers == answered)
  }

  @Test("a right answer about a later moment leaves the number that is there marked as now")
  func later() throws {
    let ask = directive(
      "ask", "id: a", "question: Q", "answer: dense/kernel[0,0]", "after: [step 1 step]",
      "hints: [Step.]")
    var rig = try opened(page(ask))
    #expect(rig.text.contains("[2, 1]  now"))
    #expect(!rig.text.contains("▶      ?"))
    rig.run(
      rig.state.receive(
        .predicted(
          lesson: "01-a-neuron", ask: "a",
          .success(Readings(values: ["dense/kernel[0,0]": .number(0.5)])))))
    rig.answer("0.5")
    #expect(rig.text.contains("0.5 is right. The lab has 0.5000."))
    #expect(rig.text.contains("[2, 1]  now"))
  }

  @Test("a long name of a place leaves the line to type in whole")
  func longName() throws {
    let name = "a_layer_that_has_quite_a_long_name"
    let program = [
      "import keras", "import numpy as np", "from keras import layers",
      "x = np.array([[0, 0], [0, 1]])", "y = np.array([0, 1])",
      "model = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(1, name=\"\(name)\")])",
      "model.compile(optimizer=\"sgd\", loss=\"mse\")", "model.fit(x, y, epochs=2)",
    ].map { "  " + $0 }.joined(separator: "\n")
    let body =
      directive("setup", "model: |", program, "position: instruction 3") + "\n## A page\n\n"
      + directive("ask", "id: a", "question: Q", "answer: \(name)/sum[0,0]", "hints: [H.]")
    for size in [Size(80, 24), Size(120, 36)] {
      var rig = try opened(body, size: size)
      rig.press(.enter)
      rig.type("0.123456789")
      #expect(rig.text.contains("0.123456789▏"))
      #expect(rig.text.contains("\(name)/sum[0,0] ="))
    }
  }

  // MARK: Exercises

  private let captioned = """
    ```{exercise}
    id: train
    task: Train it.
    wait: train_accuracy >= 1 and not (steps < 10) and begun and (step > 2 or epoch > 2)
    captions:
      - all four rows are right
      - at least ten steps are done
      - "+"
      - it is past step 2
    hints: [Space trains.]
    success: "{value:0} steps"
    ```
    """

  @Test("what an exercise waits for is listed with its captions, the value now beside each")
  func captions() throws {
    var rig = try opened(page(captioned))
    #expect(rig.text.contains("○ all four rows are right  now 0.25"))
    #expect(rig.text.contains("○ at least ten steps are done"))
    #expect(rig.text.contains("○ it is past step 2"))
    rig.command("step 3 step")
    #expect(rig.text.contains("● it is past step 2"))
    #expect(rig.text.contains("○ at least ten steps are done"))
  }

  @Test("without captions every part is listed whole, also or, not and bare names")
  func uncaptioned() throws {
    let bare = captioned.split(separator: "captions:")[0] + "hints: [H.]\nsuccess: S\n```\n"
    for size in [Size(120, 36), Size(80, 24)] {
      let rig = try opened(page(String(bare)), size: size)
      #expect(rig.text.contains("○ train_accuracy  now 0.2500, wanted at least 1"))
      #expect(rig.text.contains("○ steps  now 0, wanted at least 10"))
      #expect(rig.text.contains("○ begun"))
      #expect(rig.text.contains("○ (step > 2) or (epoch > 2)"))
    }
  }

  @Test("the words of success keep the numbers of that moment, also after leaving and coming back")
  func success() throws {
    var rig = try opened(LessonPages.exercise, LessonPages.choice)
    rig.train(30)
    let done = rig.state.lab.history.steps.count
    #expect(rig.text.contains("right after \(done) steps"))
    rig.command("step 30 step")
    #expect(rig.text.contains("right after \(done) steps"))
    rig.press(.pageDown, .pageUp)
    #expect(rig.text.contains("right after \(done) steps"))
    let kept = try #require(rig.state.learn.place)
    var again = try LessonRig(rig.state.learn.lessons, progress: ["01-a-neuron": kept])
    again.type("l")
    #expect(again.text.contains("right after \(done) steps"))
    // It is no answer that could be taken back.
    again.type("u")
    #expect(again.state.learn.place?.done == ["train"])
  }

  @Test("keys wait until the page has its run, and its exercise is judged by no other")
  func waiting() throws {
    let lesson = try LessonRig.lesson(LessonPages.exercise)
    var rig = try LessonRig([lesson])
    // A run of one's own that has all the exercise asks for.
    rig.run([.lab(.open(try rig.settings(of: lesson)))])
    rig.train(30)
    rig.isSlow = true
    rig.type("l")
    rig.run([])
    #expect(rig.state.learn.place?.done == [])
    let steps = rig.lab.session?.position.step
    rig.type(" ")
    rig.type(":step 3 step")
    rig.press(.enter)
    #expect(rig.text.contains("what you press waits"))
    #expect(rig.lab.session?.position.step == steps)
    rig.deliver()
    #expect(rig.state.learn.place?.done == [])
    #expect(rig.state.lab.position.step == 3)
  }

  // MARK: Hidden numbers

  @Test("what a page hides shows in no later line, and no command at the prompt tells it")
  func hidden() throws {
    var rig = try opened(LessonPages.ask)
    let gradient = try #require(Double(try rig.truth("dense/kernel.grad[0,0]")))
    let numbers = [NumberFormat.fixed(gradient, decimals: 4), NumberFormat.compact(gradient)]
    for command in [
      "print dense/kernel.grad[0,0]", "p sum(dense/kernel.grad)", "print dense/output",
      "explain dense/kernel.grad[0,0]", "explain", "why dense/kernel[0,0]",
      "print dense/output[0,0]",
      "check dense/kernel[0,0]", "display mean(dense/output)",
    ] {
      rig.command(command)
      #expect(rig.text.contains("until it is answered"), "\(command)")
      for number in numbers { #expect(!rig.text.contains(number), "\(command)") }
      rig.press(.escape)
    }
    rig.state.hideMessages()
    rig.command("print dense/kernel.grad[1,0]")
    #expect(rig.text.contains("dense/kernel.grad[1,0] = "))
    // The update takes the gradient, the loss and its way back the output.
    rig.type("5")
    for instruction in 4...10 {
      rig.command("goto instruction \(instruction)")
      for number in numbers {
        #expect(!rig.text.contains(number), "line \(instruction)\n\(rig.text)")
      }
      if ![7, 10].contains(instruction) {
        #expect(rig.text.contains("until the question is answered"), "line \(instruction)")
      }
    }
    rig.type("2")
    rig.answer("\(gradient)")
    rig.command("print dense/kernel.grad[0,0]")
    #expect(!rig.text.contains("until it is answered"))
  }

  @Test("a hidden number in the text is a ?, and the page says what that is")
  func hiddenInText() throws {
    let body =
      "It is `{value:4} mean(dense/output)`.\n\n"
      + directive("ask", "id: a", "question: Q", "answer: mean(dense/output)", "hints: [H.]")
    var rig = try opened(page(body, instruction: 3, more: "hide: [dense/output]"))
    #expect(rig.text.contains("It is ?."))
    #expect(rig.text.contains("is a number that this page asks for"))
    rig.answer(try rig.truth("mean(dense/output)"))
    #expect(!rig.text.contains("It is ?."))
  }

  // MARK: The screen

  @Test("a text that lies over the page closes by a key that is not its own, which then acts")
  func overlays() throws {
    var rig = try opened(LessonPages.ask)
    rig.type("W")
    #expect(rig.text.contains("Words of the lessons"))
    rig.type(":")
    guard case .palette? = rig.state.overlay else {
      Issue.record("no prompt: \(rig.text)")
      return
    }
    rig.press(.escape)
    rig.type("W4")
    #expect(rig.state.screen == .train && rig.state.overlay == nil)
  }

  @Test("a page lists the words in its text; where there is none, those of the lesson, and says so")
  func words() throws {
    var rig = try opened(
      LessonPages.choice, page("The bias alone.\n", instruction: 0), page("No.\n"))
    #expect(rig.text.contains("Words on this page"))
    rig.press(.pageDown)
    #expect(rig.text.contains("bias  a number that is added"))
    #expect(!rig.text.contains("weight  how much"))
    rig.press(.pageDown)
    #expect(rig.text.contains("Words of this lesson"))
  }

  @Test(
    "in a small window a short task leaves the text what it needs, and a long text no empty lines")
  func small() throws {
    let long = (0..<30).map { "Line \($0).\n" }.joined(separator: "\n")
    let exercise = directive(
      "exercise", "id: a", "task: Train.", "wait: steps > 5", "hints: [H.]", "success: S.")
    let rig = try opened(page(long + "\n" + exercise), size: Size(80, 24))
    let areas = Dictionary(uniqueKeysWithValues: rig.state.panels.map { ($0.id, $0.area) })
    let (text, tryIt) = (try #require(areas["text"]), try #require(areas["try"]))
    #expect(text.height >= 15, "text \(text.height), task \(tryIt.height)")
    let rows = rig.state.frame().text[tryIt.y + 1..<tryIt.bottom - 1]
    let empty = rows.filter { row in !row.contains { $0.isLetter } }
    #expect(empty.isEmpty, "\(rig.text)")
  }

  @Test("what is said of a usual wrong way is read to its end in a small window")
  func warning() throws {
    let long = (0..<30).map { "Line \($0).\n" }.joined(separator: "\n")
    let exercise = directive(
      "exercise", "id: a", "task: Train it until it knows all of the rows that there are here.",
      "wait: steps > 50 and begun and finished and train_accuracy >= 1 and step > 50 and seed > 90",
      "hints: [H.]", "success: S.", "wrong:", "  - when: steps > 2",
      "    say: " + String(repeating: "Some words of a long warning. ", count: 4) + "The end.")
    var rig = try opened(page(long + "\n" + exercise), size: Size(80, 24))
    rig.command("step 3 step")
    #expect(rig.state.overlay == nil)
    #expect(rig.text.contains("The end."))
    let text = try #require(rig.state.panels.first { $0.id == "text" })
    #expect(text.area.height >= 7)
  }

  @Test("a message leaves the answer in sight in a small window")
  func message() throws {
    var rig = try opened(LessonPages.ask, size: Size(80, 24))
    rig.press(.enter)
    rig.type("0.5")
    rig.run(
      rig.state.receive(
        .said(String(repeating: "many words of a long message ", count: 6), .warning)))
    #expect(rig.text.contains("many words"))
    #expect(rig.text.contains("0.5▏"))
  }

  @Test("the lit panel is named as it is titled, and looks other than the focused one")
  func lit() throws {
    let body = page(count, instruction: 3, more: "show: step\nlight: cell")
    var rig = try opened(body)
    #expect(rig.text.contains("◆ This cell"))
    rig.type("5")
    let area = try #require(rig.state.panels.first { $0.id == "cell" }?.area)
    #expect(rig.state.frame().text[area.y].contains("This cell"))
    rig.state.focus[.step] = "plan"
    let plan = try #require(rig.state.panels.first { $0.id == "plan" }?.area)
    let frame = rig.state.frame()
    #expect(frame[area.origin]?.foreground != frame[plan.origin]?.foreground)
    #expect(frame[area.origin]?.foreground == .series(0))
    #expect(frame[Point(area.x + 1, area.y)]?.scalar == "◆")
  }
}
