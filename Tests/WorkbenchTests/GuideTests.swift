import Lessons
import NeuralNets
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("What one is looking at")
struct GuideTests {
  private func check(_ state: AppState) {
    let screen = state.screen
    for panel in state.current.panels(state, in: state.body) {
      let entry = PanelGuide.entry(panel.id, of: screen)
      #expect(entry != nil, "\(screen) \(panel.id)")
      #expect(entry?.about.hasSuffix(".") == true, "\(screen) \(panel.id)")
      #expect(entry?.title.isEmpty == false)
      // A terminal may have no colors, and pictures say themselves what theirs mean.
      #expect(entry?.about.lowercased().contains(/\b(blue|orange|green|red|colou?r\w*)\b/) == false)
    }
  }

  @Test(
    "every panel of every screen is explained, for every kind of data",
    arguments: ["digits", "moons", "diabetes"])
  func panels(data: String) throws {
    for size in [Size(60, 16), Size(120, 36)] {
      var pilot = try LabPilot(data, size: size)
      for isTrained in [false, true] {
        if isTrained { pilot.train(6) }
        for screen in ScreenName.allCases {
          _ = pilot.state.go(to: screen)
          check(pilot.state)
        }
      }
    }
  }

  @Test("the panels of a lesson, of drawing and of a network that does not fit are explained too")
  func special() throws {
    var lab = try TestLab()
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.tell(.home(HomeContents(lessons: SearchTests.lessons)))
    check(lab.state)
    lab.type("2")
    check(lab.state)
    lab.press(.enter)
    check(lab.state)
    var drawing = try LabPilot("digits", screen: .data)
    drawing.press("d")
    check(drawing.state)
    for id in ["why", "ways"] { #expect(PanelGuide.entry(id, of: .build) != nil) }
  }

  @Test("help names the panel and says what one looks at in it")
  func help() throws {
    var lab = try TestLab()
    lab.type("4?")
    #expect(lab.text.contains("What you are looking at: Loss"))
    #expect(lab.text.contains("The loss says how wrong the network is"))
  }

  @Test("i tells what the words mean where no lesson is about what is chosen")
  func about() throws {
    var lab = try TestLab()
    lab.type("4i")
    #expect(lab.text.contains("No lesson has this among its words."))
    lab.press(.escape)
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.state.focus[.train] = "accuracy"
    if lab.state.focusedPanel == "accuracy" {
      lab.type("i")
      #expect(lab.text.contains("Enter opens lesson"))
      #expect(lab.state.screen == .train)
      lab.press(.enter)
      #expect(lab.state.screen == .learn)
    }
  }

  @Test("from one's own run i says that it stays; in the lesson Esc and u come back to it")
  func comingBack() throws {
    for key in [Key.escape, .character("u")] {
      var pilot = try LabPilot("spiral", screen: .train)
      pilot.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
      pilot.press(" ")
      pilot.train(5)
      pilot.press(" ")
      pilot.state.focus[.train] = "settings"
      pilot.press("i")
      #expect(pilot.text.contains("your run stays at step 5"))
      let own = pilot.state.workpiece
      pilot.press(.enter)
      #expect(pilot.state.screen == .learn)
      #expect(pilot.others.contains { if case .leaveRun(true) = $0 { true } else { false } })
      // The page has its run.
      let lesson = try #require(pilot.state.learn.open)
      pilot.lab.handle(.restart(seed: 9))
      _ = pilot.state.receive(
        .lessonRun(LessonRun(lesson: lesson, runNumber: pilot.lab.runNumber, model: nil)))
      pilot.run([])
      #expect(pilot.text.contains("back to your run") || pilot.text.contains("your run"))
      // Also at the next start, where the lab is left within the lesson.
      var next = pilot.state
      (next.learn.open, next.learn.left) = (nil, nil)
      _ = KeptState(of: pilot.state).restore(in: &next)
      #expect(next.learn.open == lesson && next.isRunWaiting)
      pilot.press(key)
      #expect(pilot.state.screen == .train && pilot.state.learn.open == nil)
      #expect(pilot.others.contains { if case .takeRunBack = $0 { true } else { false } })
      #expect(pilot.state.workpiece.model == own.model)
    }
  }

  @Test("i on a layer says what the layer does, not what another lesson says of weights")
  func aboutLayer() throws {
    var lab = try TestLab()
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.type("3a")
    lab.type("GaussianNoise")
    lab.press(.enter)
    lab.type("i")
    #expect(lab.state.screen == .build)
    let summary = try #require(LayerCatalog.type(named: "GaussianNoise")?.summary)
    #expect(lab.text.contains(" GaussianNoise: \(summary.prefix(30))"))
  }

  @Test("what is told of a panel tells each word once, though many lessons have it")
  func wordsOnce() throws {
    var lab = try TestLab()
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.type("4")
    for panel in lab.state.panels.map(\.id) {
      lab.state.focus[.train] = panel
      let words = LessonFinder.words(lab.state, nil).lines.drop { $0 != "Words" }
      let told = words.filter { $0.contains(": ") }
      #expect(Set(told).count == told.count, "\(told)")
    }
    lab.state.focus[.train] = TrainPart.layers.rawValue
    #expect(LessonFinder.words(lab.state, nil).lines.contains("Words"))
  }
}
