import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Lines that are typed")
struct FieldTests {
  private func edited(_ text: String, _ strokes: KeyStroke...) -> LineEditor {
    var line = LineEditor(text)
    for stroke in strokes { _ = line.press(stroke) }
    return line
  }

  @Test("the cursor moves, and what is typed goes in where it stands")
  func inserts() {
    #expect(edited("0.1", KeyStroke(.left), KeyStroke("0")).text == "0.01")
    #expect(edited("ab", KeyStroke(.home), KeyStroke("x")).text == "xab")
    #expect(
      edited("ab", .control("a"), KeyStroke("x"), .control("e"), KeyStroke("y")).text == "xaby")
    #expect(edited("ab", KeyStroke(.left)).shown == "a▏b")
  }

  @Test("Backspace, Delete, ^W, ^U and ^K take away what they name")
  func deletes() {
    #expect(edited("abc", KeyStroke(.left), KeyStroke(.backspace)).text == "ac")
    #expect(edited("abc", KeyStroke(.home), KeyStroke(.delete)).text == "bc")
    #expect(edited("one two ", .control("w")).text == "one ")
    #expect(edited("abc", KeyStroke(.left), .control("u")).text == "c")
    #expect(edited("abc", KeyStroke(.home), KeyStroke(.right), .control("k")).text == "a")
    #expect(edited("", KeyStroke(.backspace), KeyStroke(.delete), .control("w")).text.isEmpty)
  }

  @Test("a long line shows the part around the cursor")
  func window() {
    let long = String(repeating: "a", count: 50) + "END"
    #expect(LineEditor(long).shown(width: 10).hasSuffix("END▏"))
    #expect(LineEditor(long).shown(width: 10).count == 10)
    #expect(edited(long, KeyStroke(.home)).shown(width: 10).hasPrefix("▏a"))
  }

  @Test("characters that a field does not take are left out")
  func allows() {
    var line = LineEditor("1")
    line.insert("e-3xyz", allows: TextField.digits)
    #expect(line.text == "1e-3")
  }

  private func asks(_ lab: TestLab) -> [String] {
    lab.others.compactMap { if case .listFiles(let text) = $0 { text } else { nil } }
  }

  @Test("a path that is asked for lists files, Tab completes it, arrows choose one")
  func paths() throws {
    var lab = try TestLab()
    lab.type("o")
    #expect(asks(lab) == [""])
    lab.type("mo")
    #expect(asks(lab).last == "mo")
    lab.tell(.files(for: "mo", ["models/", "mod_a.py", "mod_b.py", "moons.csv"]))
    #expect(lab.text.contains("mod_a.py"))
    #expect(!lab.text.contains("moons.csv"))
    lab.press(.tab)
    #expect(lab.state.field?.text == "mod")
    lab.tell(.files(for: "mod", ["models/", "mod_a.py", "mod_b.py"]))
    lab.press(.down, .down, .enter)
    guard case .openModel(let path)? = lab.others.last else {
      Issue.record("no file is opened: \(lab.others)")
      return
    }
    #expect(path == "mod_a.py")
  }

  @Test("choosing a folder goes into it")
  func folders() throws {
    var lab = try TestLab()
    lab.type("o")
    lab.tell(.files(for: "", ["models/"]))
    lab.press(.down, .enter)
    #expect(lab.state.field?.text == "models/")
    #expect(asks(lab).last == "models/")
  }

  @Test("what was typed and left by Esc is offered by the same field again")
  func drafts() throws {
    var lab = try TestLab()
    lab.type("ohalf")
    lab.press(.escape)
    #expect(lab.state.field == nil)
    lab.type("o")
    #expect(lab.text.contains("“half”"))
    lab.press(.up)
    #expect(lab.state.field?.text == "half")
    lab.press(.down)
    #expect(lab.state.field?.text.isEmpty == true)
  }

  @Test("typing narrows a menu, and Enter takes what is left")
  func menu() throws {
    var lab = try TestLab()
    lab.type("nthree")
    lab.press(.enter)
    #expect(lab.state.screen == .build)
    #expect(lab.state.workpiece.model.summary == "64-64-32-16-10 relu")
  }

  @Test("a text to read is searched, and copied by y")
  func reader() throws {
    var lab = try TestLab()
    let lines = (0..<90).map { "line \($0)" }
    lab.state.overlay = .reader(Reader("lines", lines))
    lab.type("/line 77")
    #expect(lab.text.contains("line 77"))
    #expect(lab.text.contains("1 of 1"))
    lab.press(.enter)
    lab.type("y")
    guard case .copy(let text)? = lab.others.last else {
      Issue.record("nothing is copied")
      return
    }
    #expect(text.hasPrefix("line 0\nline 1\n"))
    lab.press(.escape)
    #expect(lab.state.overlay != nil)
    lab.press(.escape)
    #expect(lab.state.overlay == nil)
  }
}
