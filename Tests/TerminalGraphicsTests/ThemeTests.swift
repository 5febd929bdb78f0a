import Foundation
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
      if let bright = theme.bright(ink) { #expect((0...15).contains(bright)) }
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

  @Test(
    "text on any step of a ramp can be read, in 24-bit color and in 256",
    arguments: Theme.Name.allCases, [Ability.Depth.direct, .indexed])
  func contrast(name: Theme.Name, depth: Ability.Depth) throws {
    let theme = Theme(name: name)
    for ink in Ink.all where ink.meaning != .name(Int(ink.index)) {
      let look = theme.appearance(
        of: Cell("x", foreground: .contrast, background: ink), depth: depth)
      let (text, under) = (try #require(look.foreground), try #require(look.background))
      let found =
        depth == .direct
        ? contrast(text, under)
        : contrast(Theme.paletteColor(text), Theme.paletteColor(under))
      #expect(found >= 3, "\(ink.meaning): \(found)")
    }
  }

  /// The relative luminance of WCAG 2.
  private func luminance(_ rgb: Int) -> Double {
    func linear(_ shift: Int) -> Double {
      let part = Double(rgb >> shift & 255) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
  }

  private func contrast(_ one: Int, _ other: Int) -> Double {
    let (low, high) = (min(luminance(one), luminance(other)), max(luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
  }

  @Test("words can be read on the backgrounds that terminals have", arguments: Theme.Name.allCases)
  func readable(name: Theme.Name) throws {
    let theme = Theme(name: name)
    let papers =
      name == .dark ? [0x000000, 0x101014, 0x1E1E1E] : [0xFFFFFF, 0xF5F5F5, 0xFDF6E3]
    let bars = [Ink.bar, .selection]
    let words: [(Ink, onPaper: Double, onBars: Double)] =
      [(.text, 4.5, 4.5), (.secondary, 4.5, 4.5), (.accent, 4.5, 3.5)]
      + [(.faint, 3, 2.5), (.border, 3, 0)]
      + [.good, .warning, .bad, .forward, .loss, .backward, .update, .positive, .negative].map {
        ($0, 4, 3)
      } + (0..<Ink.seriesCount).map { (Ink.series($0), 4, 3) }
    for (ink, onPaper, onBars) in words {
      let rgb = try #require(theme.rgb(ink))
      let indexed = Theme.paletteColor(try #require(theme.indexed(ink)))
      for paper in papers {
        #expect(contrast(rgb, paper) >= onPaper, "\(ink) in 24-bit color on \(paper)")
        #expect(contrast(indexed, paper) >= onPaper, "\(ink) in 256 colors on \(paper)")
      }
      for bar in bars {
        #expect(contrast(rgb, try #require(theme.rgb(bar))) >= onBars, "\(ink) on \(bar)")
        let under = Theme.paletteColor(try #require(theme.indexed(bar)))
        #expect(contrast(indexed, under) >= onBars, "\(ink) on \(bar), 256 colors")
      }
    }
  }

  @Test("a key, a phase and a warning are told apart by more than a shade of one color")
  func accent() throws {
    func channels(_ ink: Ink, _ theme: Theme) throws -> [Int] {
      let rgb = try #require(theme.rgb(ink))
      return [16, 8, 0].map { rgb >> $0 & 255 }
    }
    for theme in [Theme.dark, .light] {
      let accent = try channels(.accent, theme)
      for ink in [Ink.forward, .loss, .backward, .update, .warning, .negative, .positive] {
        let distance = zip(accent, try channels(ink, theme)).map { abs($0 - $1) }.max() ?? 0
        #expect(distance >= 32, "\(ink) in \(theme.name)")
      }
    }
  }

  @Test("a chosen row can be told at every depth", arguments: Ability.Depth.allCases)
  func selection(depth: Ability.Depth) {
    for name in Theme.Name.allCases {
      let theme = Theme(name: name)
      let chosen = theme.appearance(of: Cell("x", background: .selection), depth: depth)
      #expect(chosen.background != nil || chosen.attributes.contains(.reverse))
    }
  }

  @Test("series differ in color wherever there are colors", arguments: Theme.Name.allCases)
  func series(name: Theme.Name) {
    let theme = Theme(name: name)
    let inks = (0..<Ink.seriesCount).map { Ink.series($0) }
    for color in [theme.rgb, theme.indexed, theme.ansi, theme.bright] {
      #expect(Set(inks.map(color)).count == inks.count)
    }
  }

  @Test("a series that is faded has a color of its own", arguments: Theme.Name.allCases)
  func faded(name: Theme.Name) {
    let theme = Theme(name: name)
    let inks = (0..<Ink.seriesCount).flatMap { [Ink.series($0), .faded($0)] }
    for color in [theme.rgb, theme.indexed] {
      #expect(Set(inks.map(color)).count == inks.count)
    }
  }

  @Test(
    "loss and update are told apart by their light, where hues are not",
    arguments: Theme.Name.allCases)
  func lightness(name: Theme.Name) throws {
    let theme = Theme(name: name)
    #expect(
      contrast(try #require(theme.rgb(.loss)), try #require(theme.rgb(.update))) >= 1.4)
    let indexed = try [Ink.loss, .update].map {
      Theme.paletteColor(try #require(theme.indexed($0)))
    }
    #expect(contrast(indexed[0], indexed[1]) >= 1.4)
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
    #expect(ColorChoice.resolved(option: .bright, environment: environment) == .bright)
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
    #expect(ColorChoice.bright.depth(colors: 256) == .bright)
    #expect(ColorChoice.auto.depth(colors: 16) == .bright)
    #expect(ColorChoice.bright.depth(colors: 8) == .ansi)
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
