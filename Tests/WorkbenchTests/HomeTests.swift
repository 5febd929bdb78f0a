import NeuralNets
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Home")
struct HomeTests {
  private static let runs = (1...5).reversed().map { number in
    RunSummary(
      number: number, data: "spirals", model: "2-16-16-2 tanh", losses: [1, 0.5, 0.2],
      validationAccuracy: 0.975, steps: 300, totalSteps: 900, ageSeconds: 120)
  }
  private static let lessons = [
    LessonSummary(
      id: "01-one-neuron", number: 1, title: "One neuron", minutes: 10, pages: 4, pagesDone: 4,
      page: 3, isDone: true),
    LessonSummary(
      id: "02-activations", number: 2, title: "Activations", minutes: 12, pages: 6, pagesDone: 2,
      page: 2),
  ]

  @Test("a newcomer is told no run and no lesson")
  func newcomer() throws {
    let lab = try TestLab()
    #expect(lab.text.contains("Watch a network learn to read handwritten digits."))
    #expect(lab.text.contains("1,438 pictures"))
    #expect(!lab.text.contains("Recent runs"))
    #expect(!lab.text.contains("lessons"))
  }

  @Test("kept runs are listed, and Enter opens the chosen one")
  func opensRun() throws {
    var lab = try TestLab()
    lab.tell(.home(HomeContents(runs: Self.runs, isRecording: true)))
    #expect(lab.text.contains("r5"))
    #expect(lab.text.contains("0.975"))
    #expect(lab.text.contains("2 min"))
    lab.state.focus[.home] = "runs"
    lab.press(.down, .enter)
    guard case .openRun(let number)? = lab.others.last else {
      Issue.record("no run is opened: \(lab.others)")
      return
    }
    #expect(number == 4)
  }

  @Test("lessons show how far each has come; the begun one is resumed")
  func course() throws {
    var lab = try TestLab()
    lab.tell(.home(HomeContents(lessons: Self.lessons)))
    #expect(!lab.state.isNewcomer)
    #expect(lab.text.contains("1 done · 1 begun · 0 to come"))
    #expect(lab.text.contains("page 3 of 6"))
  }

  @Test("a network without a layer is not offered to be trained", arguments: [false, true])
  func emptyNetwork(hasLayers: Bool) throws {
    var lab = try TestLab()
    if !hasLayers { lab.state.workpiece.model.layers = [] }
    lab.tell(.home(HomeContents(lessons: [Self.lessons[0]], isRecording: true)))
    #expect(lab.text.contains("train the last") == hasLayers)
    #expect(lab.text.contains("digits · 64") == hasLayers)
    lab.type("t")
    #expect((lab.state.screen == .train) == hasLayers)
    if !hasLayers { #expect(lab.state.message?.toast.text.contains("no layer yet") == true) }
  }

  @Test("t trains the network at hand")
  func trains() throws {
    var lab = try TestLab()
    lab.type("t")
    #expect(lab.state.screen == .train)
    #expect(lab.lab.activity == .training)
  }

  @Test("a network that was never written to a file is not called saved")
  func unsaved() throws {
    var lab = try TestLab()
    lab.type("3")
    #expect(lab.state.frame().text.joined().contains("not saved"))
  }

  @Test("n offers networks for the data at hand, and takes the chosen one to Build")
  func newNetwork() throws {
    var lab = try TestLab()
    lab.type("n")
    lab.press(.down, .enter)
    #expect(lab.state.screen == .build)
    #expect(lab.state.workpiece.model.summary == "64-64-32-10 relu")
    #expect(!lab.state.workpiece.isSaved)
  }

  @Test("a run that was killed is stopped, one at hand is open")
  func standing() throws {
    var lab = try TestLab()
    lab.tell(.home(HomeContents(runs: Self.runs, isRecording: true)))
    #expect(lab.text.contains("stopped"))
    #expect(!lab.text.contains("running"))
    lab.tell(.home(HomeContents(runs: Self.runs, isRecording: true, openRun: 5)))
    lab.type("t")
    lab.train(10)
    lab.type("1")
    #expect(lab.text.contains("training now"))
  }

  @Test("one lesson or thirty, the course has headings and counts", arguments: [1, 30])
  func courses(count: Int) throws {
    var lab = try TestLab()
    let lessons = (1...count).map {
      LessonSummary(
        id: "l\($0)", number: $0, title: "Lesson \($0)", minutes: 12, pages: 5,
        page: $0 == 1 ? 0 : nil)
    }
    lab.tell(.home(HomeContents(runs: Self.runs, lessons: lessons)))
    #expect(lab.text.contains("progress"))
    #expect(lab.text.contains("Lesson 1"))
    #expect(lab.text.contains("0 done · 1 begun · \(count - 1) to come"))
    #expect(count == 1 || lab.text.contains("of 30 ↓"))
    lab.state.focus[.home] = "course"
    lab.press(.end)
    #expect(lab.text.contains("Lesson \(count)"))
  }

  @Test(
    "what the last run learned is told for any kind of data",
    arguments: ["moons", "digits", "diabetes"])
  func learned(data: String) throws {
    var pilot = try LabPilot(data, screen: .home)
    pilot.run(pilot.state.handle(.key(.character("t"), [])))
    pilot.train(12)
    pilot.run(pilot.state.handle(.key(.character("1"), [])))
    let expected = [
      "moons": "across x₁", "digits": "unseen examples are right", "diabetes": "on average",
    ]
    let isTold = pilot.text.contains(try #require(expected[data]))
    #expect(isTold)
  }

  @Test("a line of Start something is done by a click, and by Enter")
  func begins() throws {
    var lab = try TestLab()
    lab.tell(.home(HomeContents(runs: Self.runs, lessons: Self.lessons)))
    let row = try #require(lab.state.frame().text.firstIndex { $0.contains("d choose data") })
    _ = lab.state.handle(.mouse(Mouse(.press, .left, at: Point(8, row))))
    #expect(lab.state.screen == .data)
    lab.type("1")
    lab.state.focus[.home] = "begin"
    lab.press(.home, .down, .enter)
    #expect(lab.state.screen == .data)
  }

  @Test("ages go on while one looks", arguments: [(0, "now"), (60, "1 min"), (86400, "1 day")])
  func ages(seconds: Double, words: String) throws {
    var lab = try TestLab()
    let run = RunSummary(
      number: 7, data: "digits", model: "64-10", losses: [1], validationAccuracy: nil, steps: 1,
      totalSteps: nil, ageSeconds: 5)
    lab.tell(.home(HomeContents(runs: [run])))
    lab.wait(seconds: seconds)
    #expect(lab.text.contains(words))
  }

  @Test("every size and kind of terminal draws within the window", arguments: Sizes.all)
  func draws(size: Size) throws {
    let abilities = [
      Ability.full, Ability(depth: .none, glyphs: .ascii), Ability(depth: .ansi, glyphs: .blocks),
    ]
    for ability in abilities {
      var lab = try TestLab(size: size, ability: ability)
      #expect(lab.text.contains("Enter"))
      lab.tell(.home(HomeContents(runs: Self.runs, lessons: Self.lessons, processors: 2)))
      #expect(lab.text.contains("Continue"))
      lab.tell(.home(HomeContents(runs: Self.runs)))
      #expect(lab.text.contains("r5"))
      lab.type("t")
      lab.train(50)
      lab.type("1")
      #expect(lab.text.contains("step 50"))
    }
  }

  @Test(
    "no two things that can be done share a key, and each has help", arguments: ScreenName.allCases)
  func keys(screen: ScreenName) throws {
    var lab = try TestLab()
    lab.tell(.home(HomeContents(runs: Self.runs, lessons: Self.lessons)))
    _ = lab.state.go(to: screen)
    for panel in lab.state.panels {
      lab.state.focus[screen] = panel.id
      var seen: Set<KeyStroke> = []
      for binding in lab.state.bindings {
        #expect(!binding.help.isEmpty, "\(binding.name)")
        for key in binding.keys {
          #expect(seen.insert(key).inserted, "\(key.label) on \(panel.id)")
        }
      }
    }
  }
}
