import Lessons
import TerminalGraphics
import Testing
import Training
@testable import Workbench

/// What keys do on a page of a lesson: reading on, answering, and where the arrows go.
@Suite("The keys of a lesson's page")
struct LessonKeysTests {
  private func opened(_ pages: String..., size: Size = Size(120, 36)) throws -> LessonRig {
    let lesson = try LessonRig.lesson(pages.joined(separator: "\n\n---\n\n"))
    var rig = try LessonRig([lesson], size: size)
    rig.type("l")
    return rig
  }

  private func directive(_ name: String, _ lines: String...) -> String {
    "```{\(name)}\n" + lines.joined(separator: "\n") + "\n```\n"
  }

  private func page(_ body: String, more: String = "") -> String {
    directive("setup", "model: model.py", "seed: 8", "position: instruction 3\n\(more)")
      + "\n## A page\n\n" + body
  }

  private func number(_ id: String) -> String {
    directive("ask", "id: \(id)", "question: Q", "answer: 0.5 + 0 * dense/sum[0,0]", "hints: [H.]")
  }

  @Test("the cursor stands on the first choice of each question")
  func choices() throws {
    func ask(_ id: String) -> String {
      directive(
        "ask", "id: \(id)", "question: Q\(id)", "choices:", "  - {text: No., right: step > 5}",
        "  - {text: Yes., right: step == 0}", "  - {text: Never., right: step > 9}", "hints: [H.]")
    }
    var rig = try opened(page(ask("a") + "\n" + ask("b")))
    rig.press(.down, .enter)
    #expect(rig.state.learn.place?.done == ["a"])
    #expect(rig.state.learn.choice.index == 0)
    #expect(rig.text.contains("▶ a  No."))
  }

  @Test("a digit that is no screen's begins the answer; one that is says where answers are typed")
  func digits() throws {
    var rig = try opened(page(number("a")))
    rig.type("0.5")
    #expect(rig.text.contains("0.5▏"))
    rig.press(.escape)
    rig.type("3")
    #expect(rig.state.screen == .build)
    #expect(rig.text.contains("An answer is typed after Enter"))
    // Once is enough.
    rig.state.hideMessages()
    rig.type("24")
    #expect(!rig.text.contains("An answer is typed after Enter"))
  }

  @Test("of a run on other data a page says no numbers and judges nothing, until r brings its own")
  func otherData() throws {
    var rig = try opened(page("z is `{value} dense/sum[0,0]` here.\n\n" + number("a")))
    let own = try #require(rig.state.learn.own)
    #expect(rig.state.workpiece.batchSize == 4 && own.batchSize == 32)
    rig.type("6")
    rig.state.showData(named: "moons")
    rig.run(rig.state.useShownData())
    // What a lesson sets is for its own data.
    #expect(rig.state.workpiece.batchSize == own.batchSize)
    #expect(rig.state.workpiece.preparation == own.preparation)
    rig.type("4r2")
    #expect(rig.text.contains("Another run is at hand"))
    #expect(rig.text.contains("z is … here"))
    rig.press(.enter)
    rig.type("0.5")
    rig.press(.enter)
    #expect(rig.text.contains("another run is at hand than the page's"))
    #expect(rig.state.learn.place?.done.isEmpty == true)
    rig.press(.escape)
    rig.type("r")
    #expect(!rig.text.contains("Another run is at hand"))
    rig.press(.enter)
    rig.type("0.5")
    rig.press(.enter)
    #expect(rig.state.learn.place?.done == ["a"])
  }

  @Test("PgDn reads on to the end of the text, then turns the page; PgUp goes back the same way")
  func reading() throws {
    let long = (0..<30).map { "Line \($0).\n" }.joined(separator: "\n")
    var rig = try opened(
      page(long + "\n" + number("a")), page("Short."), size: Size(80, 24))
    #expect(rig.text.contains("PgDn read on"))
    var pages = 0
    while rig.text.contains("PgDn read on"), pages < 30 {
      rig.press(.pageDown)
      pages += 1
      #expect(rig.state.learn.place?.page == 0)
    }
    #expect(pages > 2 && rig.text.contains("Line 29."))
    rig.press(.pageUp)
    #expect(rig.state.learn.place?.page == 0 && !rig.text.contains("Line 29."))
    rig.press(.pageDown, .pageDown)
    #expect(rig.state.learn.place?.page == 1)
  }

  @Test("what is typed stays while one reads on")
  func typing() throws {
    let long = (0..<30).map { "Line \($0).\n" }.joined(separator: "\n")
    var rig = try opened(page(long + "\n" + number("a")), size: Size(80, 24))
    rig.press(.enter)
    rig.type("0.4")
    rig.press(.pageDown)
    #expect(rig.text.contains("0.4▏"))
    #expect(!rig.text.contains("Line 0."))
  }

  @Test("the lit panel of a page has the focus, and loses it with the page; the plan takes none")
  func light() throws {
    var rig = try opened(
      page("One.", more: "show: train\nlight: settings"), page("Two.", more: "show: train"),
      page("Three.", more: "show: step\nlight: plan"))
    #expect(rig.state.focus[.train] == "settings")
    rig.press(.pageDown)
    #expect(rig.state.focus[.train] == nil)
    rig.press(.pageDown)
    rig.type("5")
    #expect(rig.state.focusedPanel != "plan")
    let chosen = rig.state.step.interest.cell
    rig.press(.down)
    #expect(rig.state.step.interest.cell != chosen)
  }

  @Test("in ASCII the learning rate is no n")
  func letters() throws {
    var rig = try opened(page("The rate η is small.\n\n```{formula}\nw − η · g\n```\n"))
    #expect(rig.text.contains("rate η is"))
    rig.state.ability.glyphs = .ascii
    #expect(rig.text.contains("rate lr is") && rig.text.contains("w - lr . g"))
  }

  @Test("long words of the glossary stand whole beside their meaning")
  func longWords() throws {
    let lesson = try LessonRig.lesson(
      page("The categorical cross-entropy.\n"),
      front: "  categorical cross-entropy: the loss of one class among several")
    var rig = try LessonRig([lesson])
    rig.type("l")
    #expect(rig.text.contains("│ categorical ") && rig.text.contains("│ cross-entropy "))
  }

  @Test("a part of a matrix says which part it is")
  func parts() throws {
    let model = directive(
      "setup", "model: |", "  import keras", "  import numpy as np",
      "  x = np.zeros((4, 40))", "  y = np.array([0, 1, 0, 1])",
      "  model = keras.Sequential([keras.Input(shape=(40,)), keras.layers.Dense(1)])",
      "  model.compile(optimizer=\"sgd\", loss=\"mse\")", "  model.fit(x, y, epochs=2)",
      "position: instruction 1")
    let rig = try opened(
      model + "\n## A page\n\n" + directive("live", "title: the inputs", "value: input"))
    #expect(rig.text.contains("of 40"), "\(rig.text)")
  }

  @Test("an exercise says that the run has not what was changed on Build")
  func changedOnBuild() throws {
    var rig = try opened(LessonPages.exercise)
    #expect(!rig.text.contains("changed on Build"))
    rig.state.workpiece.batchSize = 2
    #expect(rig.text.contains("The run has not what was changed on Build"))
  }

  @Test("a run that was at its end goes on at the first Space after more epochs were set")
  func moreEpochs() throws {
    var rig = try opened(LessonPages.exercise)
    rig.train(1000)
    #expect(rig.state.lab.activity == .finished)
    rig.command("set epochs = 400")
    rig.type(" ")
    #expect(rig.state.lab.activity == .training)
  }

  @Test("Enter reads on to the end of the text before it turns the page")
  func enterReadsOn() throws {
    let long = (0..<30).map { "Line \($0).\n" }.joined(separator: "\n")
    var rig = try opened(page(long), page("Short."), size: Size(80, 24))
    var presses = 0
    while !rig.text.contains("Line 29."), presses < 30 {
      rig.press(.enter)
      presses += 1
      #expect(rig.state.learn.place?.page == 0)
    }
    #expect(presses > 1)
    rig.press(.enter)
    #expect(rig.state.learn.place?.page == 1)
  }

  @Test("that an answer was right is said where the next question takes its place")
  func nextQuestion() throws {
    var rig = try opened(page(number("a") + "\n" + number("b")))
    rig.answer("0.5")
    #expect(rig.state.learn.place?.done == ["a"])
    #expect(rig.state.message?.toast.text.contains("0.5 is right.") == true)
    rig.state.now += 3
    #expect(rig.text.contains("is right."))
  }
}
