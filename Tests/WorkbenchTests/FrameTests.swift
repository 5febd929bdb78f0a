import Datasets
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("What frames every screen")
struct FrameTests {
  // MARK: Messages

  @Test("News wait for one another, none is lost unseen")
  func queue() throws {
    var lab = try TestLab()
    for text in ["one", "two", "three"] { lab.tell(.said(text, .news)) }
    var seen: [String] = []
    for _ in 0..<20 {
      if let text = lab.state.message?.toast.text, seen.last != text { seen.append(text) }
      lab.wait(seconds: 0.5)
    }
    #expect(seen == ["one", "two", "three"])
    #expect(lab.state.message == nil)
  }

  @Test("Each shows a second and a half when another waits, the last four")
  func durations() throws {
    var lab = try TestLab()
    lab.tell(.said("one", .news))
    lab.tell(.said("two", .news))
    lab.wait(seconds: 1.4)
    #expect(lab.state.message?.toast.text == "one")
    lab.wait(seconds: 0.2)
    #expect(lab.state.message?.toast.text == "two")
    lab.wait(seconds: 3.8)
    #expect(lab.state.message?.toast.text == "two")
    #expect(lab.state.nextDeadline != nil)
    lab.wait(seconds: 0.2)
    #expect(lab.state.message == nil && lab.state.nextDeadline == nil)
  }

  @Test("The answer to a key is there at once, and goes with its screen when it is a refusal")
  func answers() throws {
    var lab = try TestLab()
    lab.tell(.said("news", .news))
    lab.type("3u")
    #expect(lab.state.message?.toast.text.contains("nothing to undo") == true)
    lab.type("6")
    #expect(lab.state.message?.toast.text.contains("nothing to undo") != true)
  }

  @Test("What a command answers is there at once, whatever was answered before; news come after it")
  func replies() throws {
    var lab = try TestLab()
    lab.tell(.reply(command: "print a", lines: ["a = 1"]))
    lab.tell(.said("news", .news))
    lab.tell(.reply(command: "print b", lines: ["b = 2"]))
    #expect(lab.state.message?.toast.text == "b = 2")
    lab.tell(.refused(command: "print c", why: "there is no c", at: nil))
    #expect(lab.state.message?.toast.text == "there is no c")
    lab.wait(seconds: Messages.standard + 0.1)
    #expect(lab.state.message?.toast.text == "news")
  }

  @Test("A failure that every snapshot carries is said once")
  func failures() throws {
    var lab = try TestLab()
    var snapshot = lab.lab.snapshot()
    snapshot.failure = "it cannot be"
    for _ in 0..<5 {
      lab.tell(.run(snapshot))
      lab.wait(seconds: 5)
    }
    #expect(lab.state.messages.log.filter { $0.toast.text == "it cannot be" }.count == 1)
    #expect(lab.state.message == nil)
  }

  @Test("The last fifty are read again by name")
  func log() throws {
    var lab = try TestLab()
    for i in 0..<60 {
      lab.tell(.said("message \(i)", .news))
      lab.wait(seconds: 90)
    }
    #expect(lab.state.messages.log.count == Messages.kept)
    lab.type(":messages")
    lab.press(.enter)
    #expect(lab.text.contains("message 59") && lab.text.contains("min"))
  }

  @Test("A message covers neither the hint bar nor the line that is typed into")
  func uncovered() throws {
    var lab = try TestLab()
    lab.type("3o")
    lab.tell(.said("something happened elsewhere", .news))
    let lines = lab.state.frame().text
    #expect(
      lines[lines.count - 1].contains("open: ") && lines[lines.count - 1].contains("Esc leaves"))
    let list = try #require(lines.firstIndex { $0.contains("─ open ─") })
    #expect(lines[list - 1].contains("something happened"))
  }

  @Test(
    "the marks of the chosen screen touch no other's name", arguments: ScreenName.allCases,
    Sizes.all)
  func topLine(screen: ScreenName, size: Size) throws {
    var lab = try TestLab(size: size, ability: Ability(depth: .none, glyphs: .ascii))
    guard !lab.state.isTooSmall else { return }
    lab.press(.character(screen.digit))
    let line = try #require(lab.state.frame().text.first)
    #expect(line.contains("[\(screen.digit) \(screen.title)]"))
    let outside = line.split(separator: "[", maxSplits: 1).map(String.init)
    #expect(outside.count == 1 || outside[0].hasSuffix(" "))
    #expect(line.contains("] "))
    // In the narrowest windows digits stand at their names.
    let names = size.width < 70 ? line.replacing(" ", with: "") : line
    let gap = size.width < 70 ? "" : " "
    #expect(ScreenName.allCases.allSatisfy { names.contains("\($0.digit)\(gap)\($0.title)") })
  }

  // MARK: The hint bar

  @Test(
    "The bar cuts no word, always ends in help, commands and quit, and holds what is first",
    arguments: ScreenName.allCases, Sizes.all)
  func hintBar(screen: ScreenName, size: Size) throws {
    var lab = try TestLab(size: size)
    guard !lab.state.isTooSmall else { return }
    lab.press(.character(screen.digit))
    for panel in lab.state.panels.map(\.id) {
      lab.state.focus[screen] = panel
      let bar = try #require(lab.state.frame().text.last)
      #expect(!bar.contains("…"))
      #expect(bar.contains("? help") && bar.contains("q quit"))
      #expect(bar.contains(": cmd") || bar.contains(": commands"))
      let frame = lab.state.frame()
      let shown = Set(
        (0..<size.width).compactMap { frame.spot(at: Point($0, size.height - 1)) })
      let hinted = lab.state.current.bindings(lab.state).filter { !$0.hint.isEmpty }
      // What cannot be done now gives its room to what can.
      let open = hinted.filter { $0.whyNot(lab.state) == nil }.compactMap(\.keys.first)
      let count = open.count { shown.contains(.key($0)) }
      #expect(count >= min(open.count, 3), "\(panel) at \(size.width) × \(size.height)")
      #expect(open.prefix(count).allSatisfy { shown.contains(.key($0)) })
    }
  }

  @Test("Hints of overlays and fields cut no word either", arguments: Sizes.all)
  func overlayHints(size: Size) throws {
    for keys in ["?", ":", "3a", "3o"] {
      var lab = try TestLab(size: size)
      guard !lab.state.isTooSmall else { continue }
      lab.type(keys)
      #expect(lab.state.frame().text.last?.contains("…") == false)
    }
  }

  // MARK: The cursor

  @Test("The hardware cursor stands at what is typed, else on what is chosen")
  func cursor() throws {
    var lab = try TestLab()
    lab.type("3")
    let row = try #require(lab.state.cursor)
    lab.press(.down)
    #expect(lab.state.cursor?.y == row.y + 1 || lab.state.cursor?.y == row.y + 2)
    lab.type("o")
    lab.type("ab")
    let typed = try #require(lab.state.cursor)
    let line = Array(lab.state.frame().text[typed.y])
    #expect(line[typed.x] == "▏" && line[typed.x - 1] == "b")
    lab.press(.escape)
    lab.type(":tr")
    let asked = try #require(lab.state.cursor)
    #expect(Array(lab.state.frame().text[asked.y])[asked.x - 1] == "r")
    lab.press(.escape)
    lab.type("6")
    #expect(lab.state.cursor != nil)
  }

  // MARK: Resizing

  @Test("A storm of resizes leaves everything as it was", arguments: ScreenName.allCases)
  func resizes(screen: ScreenName) throws {
    var lab = try TestLab()
    lab.press(.character(screen.digit))
    lab.press(.tab, .down, .down, .right, .tab, .down)
    let before = lab.state.frame()
    for size in [Size(60, 16), Size(200, 60), Size(40, 10), Size(80, 24), Size(100, 30)] {
      lab.send(.resize(size))
      #expect(!lab.text.isEmpty)
    }
    lab.send(.resize(Size(120, 36)))
    #expect(lab.state.frame() == before)
    lab.type("z")
    let zoomed = lab.state.frame()
    lab.send(.resize(Size(80, 24)))
    #expect(lab.state.isZoomed)
    lab.send(.resize(Size(120, 36)))
    #expect(lab.state.frame() == zoomed)
  }
}
