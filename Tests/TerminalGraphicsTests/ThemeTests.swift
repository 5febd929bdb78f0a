import Testing

import TerminalGraphics

@Suite("Themes")
struct ThemeTests {
  @Test("every ink has a color at every depth that has colors", arguments: Theme.Name.allCases)
  func complete(name: Theme.Name) throws {
    let theme = Theme(name: name)
    #expect(Set(Ink.all).count == Ink.all.count)
    for ink in Ink.all where ink != .plain {
      let rgb = try #require(theme.rgb(ink), "\(ink)")
      #expect((0...0xFFFFFF).contains(rgb))
      let indexed = try #require(theme.indexed(ink), "\(ink)")
      #expect((16...255).contains(indexed), "\(ink)")
      if let ansi = theme.ansi(ink) { #expect((0...7).contains(ansi)) }
    }
    #expect(theme.rgb(.plain) == nil)
  }

  @Test("no color of a direct terminal is below 8, where numbers mean ANSI colors")
  func directColors() {
    for name in Theme.Name.allCases {
      for ink in Ink.all {
        let cell = Cell("x", foreground: ink, background: ink)
        let look = Theme(name: name).appearance(of: cell, depth: .direct)
        #expect((look.foreground ?? 8) >= 8 && (look.background ?? 8) >= 8)
      }
    }
  }

  @Test("text on any step of a ramp can be read", arguments: Theme.Name.allCases)
  func contrast(name: Theme.Name) throws {
    let theme = Theme(name: name)
    func luminance(_ rgb: Int) -> Double {
      (0.299 * Double(rgb >> 16 & 255) + 0.587 * Double(rgb >> 8 & 255)
        + 0.114 * Double(rgb & 255)) / 255
    }
    for ink in Ink.all where ink.meaning != .name(Int(ink.index)) {
      let cell = Cell("x", foreground: .contrast, background: ink)
      let look = theme.appearance(of: cell, depth: .direct)
      let text = luminance(try #require(look.foreground))
      let background = luminance(try #require(look.background))
      #expect(abs(text - background) > 0.35, "\(ink)")
    }
  }

  @Test("the ramps of the page on color, at their ends and in the middle")
  func ramps() {
    #expect(Theme.dark.rgb(.diverging(-1)) == 0xFFA040)
    #expect(Theme.dark.rgb(.diverging(0)) == 0x1C2230)
    #expect(Theme.dark.rgb(.diverging(1)) == 0x38A8FF)
    #expect(Theme.dark.indexed(.diverging(-1)) == 215)
    #expect(Theme.dark.indexed(.diverging(0)) == 237)
    #expect(Theme.dark.indexed(.diverging(1)) == 75)
    #expect(Theme.light.indexed(.diverging(0)) == 255)
    #expect(Theme.dark.indexed(.sequential(1)) == 226)
    #expect(Ink.diverging(7) == .diverging(1))
    #expect(Ink.diverging(.nan) == .bad)
    #expect(Ink.series(-1) == .series(5))
  }

  @Test("without colors the meaning is carried by attributes; backgrounds stay the terminal's")
  func monochrome() {
    let chosen = Cell("x", foreground: .accent, background: .selection)
    let look = Theme.dark.appearance(of: chosen, depth: .none)
    #expect(look.foreground == nil && look.background == nil)
    #expect(look.attributes == [.bold, .reverse])
    let secondary = Cell("x", foreground: .secondary, background: .diverging(1))
    #expect(Theme.dark.appearance(of: secondary, depth: .none).attributes == .dim)
    #expect(Theme.dark.appearance(of: secondary, depth: .ansi).background == nil)
  }

  @Test("the option beats BACKSTEP_COLOR, which beats NO_COLOR, which beats what is found")
  func choice() {
    let environment = ["NO_COLOR": "1", "BACKSTEP_COLOR": "256", "COLORTERM": "truecolor"]
    #expect(ColorChoice.resolved(option: .ansi, environment: environment) == .ansi)
    #expect(ColorChoice.resolved(option: .auto, environment: environment) == .indexed)
    #expect(ColorChoice.resolved(option: .auto, environment: ["NO_COLOR": "1"]) == .never)
    #expect(ColorChoice.resolved(option: .auto, environment: ["NO_COLOR": ""]) == .auto)
    #expect(
      ColorChoice.resolved(option: .auto, environment: ["BACKSTEP_COLOR": "pink"]) == .auto)
    #expect(ColorChoice.auto.triesDirect(environment: environment))
    #expect(
      !ColorChoice.auto.triesDirect(environment: ["COLORTERM": "24bit", "TERM": "screen-256color"]))
    #expect(!ColorChoice.indexed.triesDirect(environment: environment))
  }

  @Test("a choice never promises more than the terminal has")
  func depths() {
    #expect(ColorChoice.auto.depth(colors: 1 << 24) == .direct)
    #expect(ColorChoice.direct.depth(colors: 256) == .indexed)
    #expect(ColorChoice.indexed.depth(colors: 8) == .ansi)
    #expect(ColorChoice.ansi.depth(colors: 256) == .ansi)
    #expect(ColorChoice.auto.depth(colors: 0) == .none)
    #expect(ColorChoice.never.depth(colors: 1 << 24) == .none)
  }

  @Test(
    "base 64", arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("é", "w6k=")])
  func base64(text: String, expected: String) {
    #expect(Base64.encoded(text) == expected)
  }
}

@MainActor
@Suite("Headless terminal")
struct HeadlessTerminalTests {
  @Test("events come in order, news first, and frames are kept")
  func events() {
    let terminal = HeadlessTerminal(size: Size(20, 3))
    terminal.type("a\n")
    terminal.send(.resize(Size(10, 2)))
    terminal.wake()
    terminal.wake()
    #expect(
      terminal.wait(for: nil) == [
        .wake, .key(.character("a"), []), .key(.enter, []), .resize(Size(10, 2)),
      ])
    #expect(terminal.events() == [])
    var grid = terminal.emptyGrid()
    grid.write("hello", at: Point(1, 1))
    terminal.present(grid, cursor: Point(0, 0))
    #expect(terminal.grid.text == ["", " hello"])
    #expect(terminal.frameCount == 1)
    terminal.copyToClipboard("x")
    terminal.setMouse(false)
    #expect(terminal.clipboard == "x" && !terminal.isMouseOn)
  }
}
