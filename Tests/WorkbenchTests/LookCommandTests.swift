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
}
