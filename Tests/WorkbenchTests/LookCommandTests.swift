import Testing

import TerminalGraphics
import Workbench

@Suite("Commands for the look, and pictures")
struct LookCommandTests {
  private func typed(_ line: String, on lab: inout TestLab) {
    lab.type(":" + line)
    lab.press(.enter)
  }

  @Test("what is typed is taken over and kept, what was an option is not kept")
  func look() throws {
    var lab = try TestLab()
    lab.state.look.choice.color = .bright
    typed("theme light", on: &lab)
    guard case .look(let choice, let kept)? = lab.others.last else {
      Issue.record("no effect")
      return
    }
    #expect(choice == LookChoice(color: .bright, theme: .light))
    #expect(kept == LookChoice(theme: .light))
    typed("theme auto", on: &lab)
    guard case .look(let again, _)? = lab.others.last else {
      Issue.record("no effect")
      return
    }
    #expect(again.theme == nil)
  }

  @Test(
    "a value that is none is refused with those that are",
    arguments: [
      ("theme pink", "auto, dark or light"), ("color 17", "24bit, 256, 16 or never"),
      ("glyphs runes", "full, blocks or ascii"), ("mouse maybe", "on or off"),
    ])
  func refused(line: String, right: String) throws {
    var lab = try TestLab()
    let effects = lab.others.count
    typed(line, on: &lab)
    #expect(lab.others.count == effects)
    #expect(lab.state.message?.toast.text.contains(right) == true)
  }

  private func request(_ line: String, _ lab: inout TestLab) -> PictureRequest? {
    typed(line, on: &lab)
    guard case .picture(let request)? = lab.others.last else { return nil }
    return request
  }

  @Test("a picture shows the screen without what lies over it, with all colors and characters")
  func screen() throws {
    var lab = try TestLab(ability: Ability(depth: .none, glyphs: .ascii))
    lab.press(.character("3"))
    let picture = try #require(request("save My net.png", &lab))
    #expect(picture.path == "My net.png")
    #expect(!picture.replaces)
    #expect(picture.grid.size == lab.state.size)
    #expect(picture.grid.text.joined().contains("╭─ Layers"))
    #expect(!picture.grid.text.joined().contains(":save"))
    let text = try #require(request("save! net.TXT", &lab))
    #expect(text.ending == "txt" && text.replaces)
    #expect(text.grid.text.joined().contains("+- Layers"), "a text has the terminal's characters")
  }

  @Test("a panel by its name, by the beginning of it, or the one in focus")
  func panel() throws {
    var lab = try TestLab()
    lab.press(.character("3"))
    for name in lab.state.panels.map(\.id) {
      let picture = try #require(request("save x.svg \(name)", &lab), "\(name)")
      #expect(picture.grid.size.width < 120)
      #expect(picture.grid.text.first?.hasPrefix("╭─") == true)
      #expect(picture.grid.text.last?.hasSuffix("╯") == true)
    }
    let focused = try #require(request("save x.svg panel", &lab))
    let area = lab.state.panels.first { $0.id == lab.state.focusedPanel }?.area
    #expect(focused.grid.size == area.map { Size($0.width, $0.height) })
  }

  @Test("no such panel and no such kind of picture are refused in words")
  func wrong() throws {
    var lab = try TestLab()
    lab.press(.character("3"))
    #expect(request("save x.png nonsense", &lab) == nil)
    #expect(lab.state.message?.toast.text.contains("there are layers") == true)
    #expect(request("save x.gif", &lab) == nil)
    #expect(lab.state.message?.toast.text.contains(".png, .svg or .txt") == true)
  }

  @Test(
    "a panel's picture has all of the confusion matrix and no mark of focus, at every size",
    arguments: [Size(60, 16), Size(80, 24), Size(120, 36)])
  func wholePanel(size: Size) throws {
    var pilot = try LabPilot("digits", size: size)
    pilot.state.focus[.train] = "confusion"
    pilot.press(.down)
    pilot.press(":save conf.txt confusion")
    pilot.press(.enter)
    guard case .picture(let request)? = pilot.others.last else {
      Issue.record("no picture")
      return
    }
    let lines = request.grid.text
    for row in 0...9 {
      #expect(lines.contains { $0.contains("│ \(row) ") }, "\(lines.joined(separator: "\n"))")
    }
    #expect(!lines.joined().contains("["))
    #expect(!lines.joined().contains("Tab"))
    #expect(request.grid.cells.allSatisfy { $0.foreground != .accent })
  }

  @Test("what replaces a picture that is there names its panel")
  func replacing() throws {
    var lab = try TestLab()
    lab.press(.character("3"))
    #expect(request("save net.png layers", &lab)?.replacing == "save! net.png layers")
    #expect(request("save net.png", &lab)?.replacing == "save! net.png")
  }

  @Test("where something was written stays until the next key, however late that comes")
  func written() throws {
    var lab = try TestLab()
    lab.tell(.written("written to ~/conf.png"))
    lab.wait(seconds: 60)
    #expect(lab.text.contains("written to ~/conf.png"))
    lab.press(.down)
    #expect(!lab.text.contains("written to ~/conf.png"))
    // A key that comes at once leaves it the time that other messages have.
    lab.tell(.written("written to ~/conf.svg"))
    lab.press(.down)
    #expect(lab.text.contains("written to ~/conf.svg"))
    lab.wait(seconds: 5)
    #expect(!lab.text.contains("written to ~/conf.svg"))
  }
}
