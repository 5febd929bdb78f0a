import Datasets
import Lessons
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Search in a panel")
struct SearchTests {
  static let titles = [
    "One neuron", "Activations", "Drawing a line", "Forward, step by step", "How wrong?",
    "Downhill", "Backward, step by step", "XOR and the hidden layer", "The training loop",
  ]
  static let lessons = titles.enumerated().map { place, title in
    LessonSummary(
      id: "lesson-\(place)", number: place + 1, title: title, minutes: 12, pages: 6,
      pagesDone: place == 0 ? 6 : 0, page: place < 2 ? 1 : nil, isDone: place == 0)
  }

  private func home() throws -> TestLab {
    var lab = try TestLab()
    lab.tell(.home(HomeContents(lessons: Self.lessons, isRecording: true)))
    lab.state.focus[.home] = "course"
    lab.press(.home)
    return lab
  }

  @Test("a list shows only what has the text, in any case, with its number and the count")
  func narrows() throws {
    var lab = try home()
    lab.type("/STEP")
    #expect(lab.text.contains("Backward, step by step"))
    #expect(lab.text.contains("Forward, step by step"))
    #expect(!lab.text.contains("XOR and the hidden layer"))
    #expect(lab.text.contains("/STEP▏  1 of 2"))
  }

  @Test("Enter keeps the search, n and N go round its matches and win over the screen's own n")
  func nextAndPrevious() throws {
    var lab = try home()
    lab.type("/step")
    lab.press(.enter)
    #expect(lab.state.home.lessons.index == 3)
    lab.type("n")
    #expect(lab.state.overlay == nil)
    #expect(lab.state.home.lessons.index == 6)
    lab.type("n")
    #expect(lab.state.home.lessons.index == 3)
    lab.type("N")
    #expect(lab.state.home.lessons.index == 6)
    lab.press(.escape)
    #expect(lab.state.search == nil)
    #expect(lab.text.contains("XOR and the hidden layer"))
    lab.type("n")
    #expect(lab.state.overlay != nil)
  }

  @Test("arrows move among what shows")
  func moves() throws {
    var lab = try home()
    lab.type("/step")
    lab.press(.enter, .down)
    #expect(lab.state.home.lessons.index == 6)
    lab.press(.up)
    #expect(lab.state.home.lessons.index == 3)
  }

  @Test("Esc while typing brings back the place one came from")
  func escapes() throws {
    var lab = try home()
    lab.press(.down)
    lab.type("/hidden")
    #expect(lab.state.home.lessons.index == 7)
    lab.press(.escape)
    #expect(lab.state.home.lessons.index == 1)
    #expect(lab.state.search == nil)
  }

  @Test("what nothing has is said, and the search stays open to be mended")
  func nothing() throws {
    var lab = try home()
    lab.type("/zzz")
    #expect(lab.text.contains("nothing has it"))
    lab.press(.enter)
    #expect(lab.text.contains("nothing here has “zzz”"))
    #expect(lab.state.search?.isTyping == true)
  }

  @Test("a search belongs to its panel: elsewhere the keys are the screen's again")
  func belongs() throws {
    var lab = try home()
    lab.type("/step")
    lab.press(.enter, .tab)
    #expect(lab.state.searchHere == nil)
    lab.type("n")
    #expect(lab.state.overlay != nil)
  }

  @Test("a text is searched line by line and scrolled to what is found")
  func text() throws {
    var lab = try TestLab(size: Size(80, 24))
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.tell(.home(HomeContents()))
    lab.type("l")
    lab.state.focus[.learn] = "text"
    lab.type("/weight")
    #expect(lab.text.contains("/weight▏"))
    #expect(lab.text.contains("▶"))
    lab.press(.enter)
    lab.type("n")
    #expect(lab.state.search?.current != nil)
  }

  @Test("the listing of Step is searched; closed folds are found by what is in them")
  func plan() throws {
    var lab = try TestLab()
    lab.type("5")
    lab.state.focus[.step] = "plan"
    lab.type("/relu")
    #expect(lab.text.contains("/relu▏"))
    #expect(!lab.text.contains("nothing has it"))
  }

  @Test(
    "every panel of every screen can be searched or says why not",
    arguments: [Size(80, 24), Size(120, 36)])
  func everywhere(size: Size) throws {
    var lab = try TestLab(size: size)
    lab.tell(.home(HomeContents(lessons: Self.lessons, isRecording: true)))
    lab.type("t")
    lab.train(40)
    lab.type(" ")
    for screen in ScreenName.allCases {
      _ = lab.state.go(to: screen)
      let ids = lab.state.current.panels(lab.state, in: lab.state.body).map(\.id)
      for id in ids {
        lab.state.focus[screen] = id
        lab.type("/")
        if lab.state.search == nil {
          // Without a run in the list there is nothing to be filtered.
          let reason = screen == .runs ? "no run is kept yet" : "nothing to search here"
          #expect(lab.text.contains(reason), "\(screen) \(id)")
          // What is typed next finds a command, and does nothing by itself.
          #expect(screen == .runs || lab.state.overlay != nil)
          lab.press(.escape)
          continue
        }
        lab.type("e")
        let isShown = lab.text.contains("/e▏")
        #expect(isShown, "\(screen) \(id)")
        lab.press(.escape)
        #expect(lab.state.search == nil)
      }
    }
  }

  @Test("a data set is found by its name, else by what is said of it")
  func data() throws {
    var lab = try TestLab()
    lab.type("6/iris")
    #expect(lab.text.contains("/iris▏  1 of 1"))
    #expect(!lab.text.contains("breast_cancer"))
    lab.press(.enter, .enter)
    #expect(lab.state.workpiece.dataset.name == "iris")
  }
}
