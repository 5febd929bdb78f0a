import FileFormats
import Foundation
import Testing

@Suite("Text as JSON")
struct JSONTextTests {
  @Test(
    "Foundation reads back what was quoted",
    arguments: [
      "", "plain", "a \"b\" \\ c", "two\nlines\tand\r\u{1}", "\u{7f}\u{9b}\u{2028}", "é😀",
    ])
  func readsBack(text: String) throws {
    let quoted = JSONText.quoted(text)
    let read = try JSONDecoder().decode([String].self, from: Data("[\(quoted)]".utf8))
    #expect(read == [text])
  }

  @Test("no control character and no line break is left in it")
  func oneLine() {
    let all = String(String.UnicodeScalarView((0..<0xA0).compactMap { Unicode.Scalar($0) }))
    let controls = JSONText.quoted(all + "\u{2028}\u{2029}").unicodeScalars.filter {
      $0.properties.generalCategory == .control || (0x2028...0x2029).contains($0.value)
    }
    #expect(controls.isEmpty)
  }
}
