import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Help and commands by name")
struct OverlayTests {
  @Test("a key that is read together with the Escape before it is not lost")
  func escapeAndKeyAtOnce() throws {
    var lab = try TestLab()
    lab.type("?")
    #expect(lab.state.overlay != nil)
    lab.send(.key(.character("3"), .alt))
    #expect(lab.state.overlay == nil)
    #expect(lab.state.screen == .build)
  }

  @Test("help lists every key of the screen with what it does", arguments: ScreenName.allCases)
  func helpIsComplete(screen: ScreenName) throws {
    var lab = try TestLab(size: Size(120, 90))
    _ = lab.state.go(to: screen)
    let bindings = lab.state.current.bindings(lab.state).filter { !$0.keys.isEmpty }
    lab.type("?")
    let shown = lab.text
    for binding in bindings {
      let words = binding.help.split(separator: " ").prefix(3).joined(separator: " ")
      #expect(shown.contains(words), "\(binding.name)")
    }
  }

  @Test("all of help can be read by going down, and a click leaves what shows where it is")
  func helpScrolls() throws {
    var lab = try TestLab(size: Size(80, 24))
    lab.type("4?")
    for _ in 0..<120 { lab.press(.down) }
    #expect(lab.text.contains("What you are looking at"))
    #expect(lab.text.contains("wherever one is"))
    for _ in 0..<20 { lab.press(.up) }
    let before = lab.state.frame().text
    lab.send(.mouse(Mouse(.press, .left, at: Point(20, 8))))
    lab.send(.mouse(Mouse(.release, .left, at: Point(20, 8))))
    #expect(lab.state.frame().text == before)
  }

  @Test("typing in help searches, Enter does what is found")
  func helpDoes() throws {
    var lab = try TestLab()
    lab.type("?watch")
    #expect(!lab.text.contains("your own file"))
    lab.press(.enter)
    #expect(lab.state.overlay == nil)
    #expect(lab.state.screen == .train)
  }

  @Test("a few letters in order find a command")
  func fuzzy() throws {
    var lab = try TestLab()
    lab.type(":gdata")
    #expect(lab.text.contains("go to data"))
    lab.press(.enter)
    #expect(lab.state.screen == .data)
  }

  @Test(
    "the debugger's words are asked as typed", arguments: ["print loss", "step 3", "goto step 5"])
  func asks(command: String) throws {
    var lab = try TestLab()
    lab.type(":" + command)
    lab.press(.enter)
    guard case .ask(let asked)? = lab.others.last else {
      Issue.record("nothing is asked: \(lab.others)")
      return
    }
    #expect(asked == command)
  }

  @Test("a command without its argument is completed, not run")
  func needsArgument() throws {
    var lab = try TestLab()
    lab.type(":prin")
    lab.press(.enter)
    guard case .palette(let palette)? = lab.state.overlay else {
      Issue.record("the palette is gone")
      return
    }
    #expect(palette.text == "print ")
  }

  @Test("up brings back what was asked before")
  func history() throws {
    var lab = try TestLab()
    for command in ["print loss", "info run"] {
      lab.type(":" + command)
      lab.press(.enter)
    }
    lab.type(":")
    lab.press(.up, .up)
    #expect(lab.text.contains(":print loss"))
    lab.press(.down)
    #expect(lab.text.contains(":info run"))
  }

  @Test(
    "Tab completes and takes nothing away: values, files, and what no list knows",
    arguments: [
      ("set scale = ", "set scale = standard"), ("set scale = n", "set scale = none"),
      ("set shuffle=F", "set shuffle=False"), ("set optimizer = ada", "set optimizer = ad"),
      ("set dense.activation = ta", "set dense.activation = tanh"),
      ("set epochs = 30", "set epochs = 30"),
    ])
  func completesValues(typed: String, whole: String) throws {
    var lab = try TestLab()
    lab.type("t:" + typed)
    lab.press(.tab)
    guard case .palette(let palette)? = lab.state.overlay else {
      Issue.record("the palette is gone")
      return
    }
    #expect(palette.text.hasPrefix(whole))
  }

  @Test("behind load stand the files there are")
  func completesFiles() throws {
    var lab = try TestLab()
    lab.type(":load mo")
    guard case .listFiles(let asked)? = lab.others.last else {
      Issue.record("no files are asked for")
      return
    }
    #expect(asked == "mo")
    lab.tell(.files(for: "mo", ["model.py", "moons.csv"]))
    #expect(lab.text.contains("load model.py") && !lab.text.contains("moons.csv"))
    lab.press(.tab)
    #expect(lab.text.contains(":load model.py"))
  }

  @Test("a long line of a text to read goes on below, whole")
  func wraps() throws {
    var lab = try TestLab(size: Size(80, 24))
    let row = (0..<40).map { "number\($0)" }.joined(separator: " ")
    lab.state.overlay = .reader(Reader("a matrix", [row]))
    for number in 0..<40 { #expect(lab.text.contains("number\(number)")) }
  }

  @Test("the letters that were typed are marked in the name")
  func marksLetters() throws {
    var lab = try TestLab()
    lab.type(":gdata")
    let grid = lab.state.frame()
    let row = try #require(grid.text.firstIndex { $0.contains("go to data") })
    let marked = (0..<grid.size.width).filter {
      grid[Point($0, row)]?.attributes.contains(.underline) ?? false
    }
    #expect(marked.count == 5)
  }

  @Test("an unknown command is not sent, and says what one may have meant")
  func didYouMean() throws {
    var lab = try TestLab()
    lab.type(":pritn loss")
    #expect(lab.text.contains("did you mean print"))
    let before = lab.others.count
    lab.press(.enter)
    #expect(lab.others.count == before)
    #expect(lab.text.contains("there is no command “pritn loss”"))
    lab.press(.tab)
    #expect(lab.text.contains(":print"))
  }

  @Test("what cannot be done now stands there with its reason")
  func reasons() throws {
    var lab = try TestLab()
    lab.type("5:run to loss")
    #expect(!lab.text.contains("× "))
    lab.press(.escape)
    lab.type("1:open run")
    lab.state.focus[.home] = "runs"
    lab.tell(.home(HomeContents(lessons: SearchTests.lessons, isRecording: true)))
    #expect(lab.text.contains("× no run is kept yet"))
  }

  @Test(
    "lessons, runs and data sets are there by name",
    arguments: ["lesson downhill", "run r7", "data moons"])
  func names(name: String) throws {
    var lab = try TestLab()
    let run = RunSummary(
      number: 7, data: "moons", model: "2-4-2 relu", losses: [1], validationAccuracy: nil, steps: 1,
      totalSteps: nil, ageSeconds: 5)
    lab.tell(.home(HomeContents(runs: [run], lessons: SearchTests.lessons)))
    lab.type(":" + name)
    #expect(lab.text.contains("  " + name))
  }

  @Test(
    "a whole command is carried out as typed, though other names begin with its letters",
    arguments: ["c", "n", "bi", "l", "origin nan"])
  func asTyped(line: String) throws {
    var lab = try TestLab()
    lab.type(":" + line)
    lab.press(.enter)
    guard case .ask(let asked)? = lab.others.last else {
      Issue.record("‘\(line)’ was not asked")
      return
    }
    #expect(asked == line)
  }

  @Test(
    "of commands that save a file the one for its kind stands first",
    arguments: [
      ("save loss.png loss", "a picture"), ("save loss.svg", "a picture"),
      ("save net.py", "the network as Keras code"), ("save w.safetensors", "the weights"),
    ])
  func kinds(line: String, said: String) throws {
    let lab = try TestLab()
    let first = try #require(PaletteEntry.found(line, lab.state).first)
    #expect(first.help.contains(said), "\(first.name)")
  }

  @Test("a command's arguments are hinted with what they are now")
  func hints() throws {
    var lab = try TestLab()
    lab.type("t:set lea")
    #expect(lab.text.contains("set learning_rate = ") && lab.text.contains("now 0.001"))
    lab.press(.tab)
    #expect(lab.text.contains(":set learning_rate = ▏"))
  }

  @Test("every size draws them", arguments: Sizes.all)
  func sizes(size: Size) throws {
    for key in ["?", ":"] {
      var lab = try TestLab(size: size)
      lab.type(key)
      #expect(lab.text.contains("Esc close"))
      #expect(!lab.text.split(separator: "\n").contains { $0.count > size.width })
    }
  }
}
