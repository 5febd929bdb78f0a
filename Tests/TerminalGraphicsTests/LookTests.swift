import Testing

import TerminalGraphics

@Suite("The look that was chosen")
struct LookTests {
  @Test("the option beats the variable, which beats what was kept, which beats NO_COLOR")
  func order() {
    let environment = ["BACKSTEP_COLOR": "256", "BACKSTEP_THEME": "light", "NO_COLOR": "1"]
    let kept = LookChoice(color: .bright, glyphs: .ascii, theme: .dark)
    let option = LookChoice(color: .never)
    func resolved(
      _ option: LookChoice, _ environment: [String: String], _ kept: LookChoice
    )
      -> LookChoice
    { .resolved(option: option, environment: environment, kept: kept) }
    #expect(resolved(option, environment, kept).color == .never)
    #expect(resolved(LookChoice(), environment, kept).color == .indexed)
    #expect(resolved(LookChoice(), environment, kept).theme == .light)
    #expect(resolved(LookChoice(), environment, kept).glyphs == .ascii)
    #expect(resolved(LookChoice(), ["NO_COLOR": "1"], kept).color == .bright)
    #expect(resolved(LookChoice(), ["NO_COLOR": "1"], LookChoice()).color == .never)
    #expect(resolved(LookChoice(), [:], LookChoice()) == LookChoice())
  }

  @Test("what is kept is read again; what is not understood counts as not chosen")
  func kept() {
    let choice = LookChoice(color: .indexed, glyphs: .blocks, theme: .light, isMouseOn: false)
    #expect(LookChoice(text: choice.text) == choice)
    #expect(LookChoice(text: LookChoice().text) == LookChoice())
    #expect(LookChoice(text: "color pink\ntheme\nnonsense 3\nmouse maybe\n") == LookChoice())
  }

  @Test(
    "COLORFGBG names the background last",
    arguments: [
      ("15;0", Theme.Name.dark), ("0;15", .light), ("0;default;7", .light), ("12;8", .dark),
    ])
  func variable(text: String, expected: Theme.Name) {
    #expect(BackgroundColor.theme(colorFGBG: text) == expected)
  }

  @Test("what says nothing of a background is no answer", arguments: ["", "0", "x;y", "0;default"])
  func noVariable(text: String) {
    #expect(BackgroundColor.theme(colorFGBG: text) == nil)
    #expect(BackgroundColor.theme(answer: Array(text.utf8)) == nil)
  }

  @Test(
    "the answer to the question for the background, in 4, 8 and 16 bits",
    arguments: [
      ("\u{1B}]11;rgb:1010/1010/1414\u{7}", Theme.Name.dark), ("rgb:ff/ff/ff", .light),
      ("11;rgb:f/e/d\u{1B}\\", .light), ("rgba:0000/2b2b/3636/ffff", .dark),
    ])
  func answer(text: String, expected: Theme.Name) {
    #expect(BackgroundColor.theme(answer: Array(text.utf8)) == expected)
  }

  /// What ncurses gives for a late answer: its beginning as a key, the rest as characters.
  private func decoded(_ code: Int32, _ rest: String) -> [Event] {
    var decoder = InputDecoder()
    var events = decoder.feed(code, isKey: true)
    for scalar in rest.unicodeScalars {
      events += decoder.feed(Int32(scalar.value), isKey: false)
    }
    return events + decoder.end()
  }

  @Test("an answer that comes late is no key")
  func late() {
    let code = InputDecoder.OwnCode.background
    let q = Event.key(.character("q"), [])
    #expect(decoded(code, "rgb:ffff/ffff/ffff\u{7}q") == [.background(.light), q])
    #expect(decoded(code, "rgb:0000/0000/0000\u{1B}\\q") == [.background(.dark), q])
    #expect(decoded(code, "nonsense\u{7}q") == [q])
    #expect(decoded(InputDecoder.OwnCode.kind, "62;22cq") == [q])
    let long = String(repeating: "9", count: 60)
    #expect(decoded(code, long + "\u{7}").count > 1, "what never ends does not take keys for ever")
  }

  @Test("the clipboard is reached through tmux and GNU screen")
  func clipboard() {
    let plain = "\u{1B}]52;c;aGk=\u{7}"
    #expect(ClipboardSequence.copy("hi", environment: [:]) == plain)
    let tmux = ClipboardSequence.copy("hi", environment: ["TMUX": "/tmp/tmux,1,0"])
    #expect(tmux == plain + "\u{1B}Ptmux;\u{1B}\u{1B}]52;c;aGk=\u{7}\u{1B}\\")
    let screen = ClipboardSequence.copy("hi", environment: ["STY": "1.tty"])
    #expect(screen == "\u{1B}P\(plain)\u{1B}\\")
    let long = String(repeating: "a", count: 3000)
    let parts = ClipboardSequence.copy(long, environment: ["STY": "1.tty"])
      .split(separator: "\u{1B}P")
    #expect(parts.count > 2)
    #expect(parts.allSatisfy { $0.count <= 502 && $0.hasSuffix("\u{1B}\\") })
  }
}
