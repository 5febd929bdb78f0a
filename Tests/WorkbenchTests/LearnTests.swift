import Datasets
import Lessons
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Learn")
struct LearnTests {
  /// The lab with the lessons that come along, the first one open.
  private func opened(size: Size = Size(120, 36)) throws -> TestLab {
    var lab = try TestLab(size: size)
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.tell(.home(HomeContents()))
    lab.type("l")
    return lab
  }

  private func place(_ lab: TestLab) throws -> LessonProgress {
    try #require(lab.state.learn.place)
  }

  @Test("l on Home opens lesson 1, which asks the lab for its run")
  func opens() throws {
    let lab = try opened()
    #expect(lab.state.screen == .learn)
    #expect(lab.text.contains("One neuron"))
    #expect(
      lab.others.contains {
        if case .setUpLesson(let lesson, let page) = $0 {
          lesson.number == 1 && page == 0
        } else {
          false
        }
      })
  }

  @Test("pages turn both ways, stay within the lesson, and are kept")
  func turns() throws {
    var lab = try opened()
    lab.press(.pageUp)
    #expect(try place(lab).page == 0)
    let count = try #require(lab.state.learn.lesson).pages.count
    for _ in 0..<count - 1 { lab.press(.pageDown) }
    #expect(try place(lab).page == count - 1)
    guard case .keepProgress(let kept, _, _)? = lab.others.last else {
      Issue.record("nothing is kept: \(lab.others)")
      return
    }
    #expect(kept.page == count - 1)
  }

  @Test("a lesson opens again at the page where it was left")
  func resumes() throws {
    var lab = try opened()
    lab.press(.pageDown)
    lab.type("1")
    #expect(lab.text.contains("page 2 of"))
    lab.press(.enter)
    #expect(lab.state.screen == .learn)
    #expect(try place(lab).page == 1)
  }

  @Test("without an open lesson the course stands beside what the chosen lesson teaches")
  func list() throws {
    var lab = try TestLab()
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.tell(.home(HomeContents()))
    lab.type("2")
    let lesson = try #require(lab.state.learn.lessons.first)
    #expect(lab.text.contains(lesson.summary.prefix(30)))
    #expect(lab.text.contains(try #require(lesson.pages.first).title))
    #expect(lab.text.contains(try #require(lesson.glossary.first).term))
    #expect(lab.text.contains("Enter begins it"))
  }

  @Test("r starts a lesson over, and u brings back how far it was")
  func startsOver() throws {
    var lab = try opened()
    lab.press(.pageDown, .pageDown)
    let earlier = try place(lab)
    lab.type("R")
    #expect(try place(lab).page == 0)
    lab.type("u")
    #expect(try place(lab).page == earlier.page)
    #expect(try place(lab).done == earlier.done)
  }

  @Test("h shows hints until there are no more")
  func hints() throws {
    var lab = try opened()
    lab.press(.pageDown)
    lab.type("h")
    #expect(lab.text.contains("hint 1 of"))
    for _ in 0..<9 { lab.type("h") }
    #expect(lab.text.contains("all hints are shown"))
  }

  @Test("every page draws in every window", arguments: Sizes.all)
  func draws(size: Size) throws {
    var lab = try opened(size: size)
    let lesson = try #require(lab.state.learn.lesson)
    for page in lesson.pages {
      #expect(lab.text.contains(page.title))
      #expect(lab.text.contains("Try it") || page.tasks.isEmpty)
      let number = lab.state.learn.place?.page
      for _ in 0..<50 where lab.state.learn.place?.page == number { lab.press(.pageDown) }
    }
  }
}
