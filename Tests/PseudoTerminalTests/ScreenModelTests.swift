import PseudoTerminal
import Testing

/// Bytes and what a terminal of 10 × 4 shows after them.
struct Shown: CustomTestStringConvertible {
  let name: String
  let bytes: String
  let lines: [String]

  init(_ name: String, _ bytes: String, _ lines: String...) {
    (self.name, self.bytes, self.lines) = (name, bytes, lines)
  }

  var testDescription: String { name }

  static let all = [
    Shown("text wraps", "abcdefghijkl", "abcdefghij", "kl", "", ""),
    Shown("the last column waits", "abcdefghij\rX", "Xbcdefghij", "", "", ""),
    Shown("a wide character takes two columns", "a字b\u{8}c", "a字c", "", "", ""),
    Shown("half a wide character goes", "字\rx", "x", "", "", ""),
    Shown("addressing", "\u{1B}[3;4Hx\u{1B}[2dy\u{1B}[1Gz", "", "z   y", "   x", ""),
    Shown(
      "going beyond the edges stays within", "\u{1B}[99;99Hx\u{1B}[9Ay", "         y", "", "",
      "         x"),
    Shown("erasing in the line", "abcdef\u{1B}[3G\u{1B}[K", "ab", "", "", ""),
    Shown("erasing up to here", "abcdef\u{1B}[3G\u{1B}[1K", "   def", "", "", ""),
    Shown("erasing the screen", "ab\r\ncd\u{1B}[2J\u{1B}[Hx", "x", "", "", ""),
    Shown("erasing characters", "abcdef\u{1B}[2G\u{1B}[3X", "a   ef", "", "", ""),
    Shown("deleting and inserting", "abcdef\u{1B}[2G\u{1B}[2P\u{1B}[1@", "a def", "", "", ""),
    Shown("repetition", "ab\u{1B}[4b", "abbbbb", "", "", ""),
    Shown("scrolling at the end", "a\r\nb\r\nc\r\nd\r\ne", "b", "c", "d", "e"),
    Shown(
      "a region scrolls alone", "a\r\nb\r\nc\r\nd\u{1B}[2;3r\u{1B}[3;1H\n!", "a", "c", "!", "d"),
    Shown("lines are inserted", "a\r\nb\r\nc\u{1B}[2;1H\u{1B}[L", "a", "", "b", "c"),
    Shown("lines are deleted", "a\r\nb\r\nc\u{1B}[1;1H\u{1B}[M", "b", "c", "", ""),
    Shown("line drawing", "\u{1B}(0lqk\u{1B}(Bq", "┌─┐q", "", "", ""),
    Shown("line drawing by shifts", "\u{1B})0\u{0E}x\u{0F}x", "│x", "", "", ""),
    Shown(
      "a title shows nothing", "\u{1B}]0;title\u{7}a\u{1B}]52;c;eA==\u{1B}\\b", "ab", "", "", ""),
    Shown("the palette of the Linux console", "\u{1B}]R\u{1B}]P1ff0000a", "a", "", "", ""),
    Shown("back from the alternate screen", "a\u{1B}[?1049hb\u{1B}[?1049lc", "ac", "", "", ""),
    Shown("a cursor kept", "ab\u{1B}7\u{1B}[4;4H\u{1B}8c", "abc", "", "", ""),
    Shown("bytes that are no text", "a\u{1B}[31mb\u{1B}[38;2;1;2;3mc", "abc", "", "", ""),
  ]
}

@Suite("The screen of a pseudo-terminal")
struct ScreenModelTests {
  @Test("shows what a terminal shows", arguments: Shown.all)
  func shows(expected: Shown) {
    var screen = ScreenModel(columns: 10, rows: 4)
    screen.take(expected.bytes.utf8)
    #expect(screen.text == expected.lines)
    #expect(screen.unknown.isEmpty)
  }

  @Test("bytes may come in any pieces", arguments: Shown.all)
  func pieces(expected: Shown) {
    var screen = ScreenModel(columns: 10, rows: 4)
    for byte in expected.bytes.utf8 { screen.take([byte]) }
    #expect(screen.text == expected.lines)
  }

  @Test("colors, attributes and modes are those set last")
  func modes() {
    var screen = ScreenModel(columns: 10, rows: 2)
    screen.take("\u{1B}[1;7;38;5;99;44mx\u{1B}[?1000h\u{1B}[?1006h\u{1B}[?25l\u{1B}[?1000l".utf8)
    #expect(screen.cells[0][0].style.foreground == "38;5;99")
    #expect(screen.cells[0][0].style.background == "44")
    #expect(screen.cells[0][0].style.isReversed)
    #expect(screen.modes == [1006] && !screen.isCursorVisible)
    screen.take("\u{1B}[0m\u{1B}[K".utf8)
    #expect(screen.style == ScreenModel.Style())
    #expect(screen.place(of: "x")?.column == 0)
  }

  @Test("another size keeps what still fits")
  func resize() {
    var screen = ScreenModel(columns: 10, rows: 4)
    screen.take("abcdefgh\r\nij".utf8)
    screen.resize(columns: 4, rows: 1)
    #expect(screen.text == ["abcd"])
    screen.resize(columns: 6, rows: 2)
    #expect(screen.text == ["abcd", ""])
  }
}
