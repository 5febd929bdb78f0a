import Testing

import TerminalGraphics

@Suite("Input decoding")
struct InputDecoderTests {
  /// Feeds characters and ends the drain.
  private func events(_ text: String) -> [Event] {
    var decoder = InputDecoder()
    return text.unicodeScalars.flatMap { decoder.feed(Int32($0.value), isKey: false) }
      + decoder.end()
  }

  @Test("typed characters are keys, one each")
  func characters() {
    #expect(
      events("aÉ漢")
        == [
          .key(.character("a"), []), .key(.character("É"), []), .key(.character("漢"), []),
        ])
  }

  @Test(
    "control characters are keys",
    arguments: [
      ("\u{3}", Key.character("c"), Modifiers.control), ("\u{1A}", .character("z"), .control),
      ("\r", .enter, []), ("\n", .enter, []), ("\t", .tab, []), ("\u{7F}", .backspace, []),
      ("\u{8}", .backspace, []), ("\u{0}", .character(" "), .control),
      ("\u{1C}", .character("\\"), .control),
    ] as [(String, Key, Modifiers)])
  func controls(text: String, key: Key, modifiers: Modifiers) {
    #expect(events(text) == [.key(key, modifiers)])
  }

  @Test("an Escape that nothing follows is the key; followed by a character it is Alt")
  func escape() {
    #expect(events("\u{1B}") == [.key(.escape, [])])
    #expect(events("\u{1B}x") == [.key(.character("x"), .alt)])
    #expect(events("\u{1B}\u{1B}") == [.key(.escape, []), .key(.escape, [])])
  }

  @Test("Alt does not outlive a drain")
  func escapeThenLater() {
    var decoder = InputDecoder()
    #expect(decoder.feed(27, isKey: false) == [])
    #expect(decoder.end() == [.key(.escape, [])])
    #expect(decoder.feed(0x78, isKey: false) == [.key(.character("x"), [])])
  }

  @Test(
    "codes of ncurses are keys",
    arguments: [
      (Int32(0o402), Key.down, Modifiers()), (0o403, .up, []), (0o411, .function(1), []),
      (0o424, .function(12), []), (0o541, .tab, .shift), (0o622, .right, .shift),
      (0o527, .enter, []),
    ] as [(Int32, Key, Modifiers)])
  func codes(code: Int32, key: Key, modifiers: Modifiers) {
    var decoder = InputDecoder()
    #expect(decoder.feed(code, isKey: true) == [.key(key, modifiers)])
  }

  @Test("a code that means nothing here gives no event, KEY_RESIZE too")
  func unknownCodes() {
    var decoder = InputDecoder()
    for code: Int32 in [0o632, 0o777, 3999, 4096, 9999] {
      #expect(decoder.feed(code, isKey: true) == [])
    }
  }

  @Test("each modified key has a code of its own, decoded as xterm means it")
  func modifiedKeys() {
    let keys = InputDecoder.OwnCode.modifiedKeys
    #expect(Set(keys.map(\.code)).count == keys.count)
    #expect(keys.allSatisfy { $0.code <= Int32(UInt16.max) })
    for (sequence, expected) in [
      ("\u{1B}[1;5D", Event.key(.left, .control)), ("\u{1B}[1;2A", .key(.up, .shift)),
      ("\u{1B}[6;3~", .key(.pageDown, .alt)),
      ("\u{1B}[1;8F", .key(.end, [.shift, .alt, .control])),
    ] {
      var decoder = InputDecoder()
      let code = keys.first { $0.sequence == sequence }?.code
      #expect(code.map { decoder.feed($0, isKey: true) } == [expected])
    }
  }

  @Test("a paste is one event, its keys do nothing, its line ends are newlines")
  func paste() {
    var decoder = InputDecoder()
    var events = decoder.feed(InputDecoder.OwnCode.pasteStart, isKey: true)
    for scalar in "q\r\nü\tx\r".unicodeScalars {
      events += decoder.feed(Int32(scalar.value), isKey: false)
    }
    events += decoder.end()
    events += decoder.feed(0o402, isKey: true)
    #expect(events == [])
    #expect(
      decoder.feed(InputDecoder.OwnCode.pasteEnd, isKey: true) == [.paste("q\nü\tx\n")])
    #expect(decoder.feed(0x71, isKey: false) == [.key(.character("q"), [])])
  }

  @Test("the end of a paste is known when it comes as characters, after parts of it too")
  func slowPasteEnd() {
    var decoder = InputDecoder()
    _ = decoder.feed(InputDecoder.OwnCode.pasteStart, isKey: true)
    var events: [Event] = []
    for scalar in "[201~ab\u{1B}[20\u{1B}\u{1B}[201~q".unicodeScalars {
      events += decoder.feed(Int32(scalar.value), isKey: false)
      events += decoder.end()
    }
    #expect(events == [.paste("[201~ab[20"), .key(.character("q"), [])])
  }

  @Test("Control-C ends a paste whose end was lost")
  func lostPasteEnd() {
    var decoder = InputDecoder()
    _ = decoder.feed(InputDecoder.OwnCode.pasteStart, isKey: true)
    _ = decoder.feed(0x61, isKey: false)
    #expect(
      decoder.feed(3, isKey: false) == [.paste("a"), .key(.character("c"), .control)])
  }

  @Test(
    "mouse reports",
    arguments: [
      ("0;12;7M", Mouse(.press, .left, at: Point(11, 6))),
      ("0;12;7m", Mouse(.release, .left, at: Point(11, 6))),
      ("2;1;1M", Mouse(.press, .right, at: Point(0, 0))),
      ("32;240;3M", Mouse(.drag, .left, at: Point(239, 2))),
      ("64;5;5M", Mouse(.wheelUp, .none, at: Point(4, 4))),
      ("65;5;5M", Mouse(.wheelDown, .none, at: Point(4, 4))),
      ("20;5;5M", Mouse(.press, .left, at: Point(4, 4), [.shift, .control])),
    ])
  func mouse(report: String, expected: Mouse) {
    // Cut anywhere into two drains, it is the same event.
    for cut in 0..<report.count {
      var decoder = InputDecoder()
      var events = decoder.feed(InputDecoder.OwnCode.mouseReport, isKey: true)
      for (index, scalar) in report.unicodeScalars.enumerated() {
        if index == cut { events += decoder.end() }
        events += decoder.feed(Int32(scalar.value), isKey: false)
      }
      #expect(events == [.mouse(expected)])
    }
  }

  @Test("a broken mouse report is dropped and what follows counts again")
  func brokenMouse() {
    for report in ["0;12M", "0;;M", ";;;M", "99999999999999999999;1;1M", "66;1;1M", "1;2x"] {
      var decoder = InputDecoder()
      var events = decoder.feed(InputDecoder.OwnCode.mouseReport, isKey: true)
      for scalar in report.unicodeScalars {
        events += decoder.feed(Int32(scalar.value), isKey: false)
      }
      #expect(events.allSatisfy { $0 == .key(.character("x"), []) }, "\(report)")
      #expect(decoder.feed(0x61, isKey: false) == [.key(.character("a"), [])])
    }
  }

  @Test("any codes at all are taken without a crash")
  func anyCodes() {
    var random = SplitMix(state: 7)
    var decoder = InputDecoder()
    for _ in 0..<20_000 {
      let code = Int32(truncatingIfNeeded: random.next() % 0x12_0000)
      _ = decoder.feed(code, isKey: random.next() % 4 == 0)
      if random.next() % 8 == 0 { _ = decoder.end() }
    }
    _ = decoder.feed(-1, isKey: false)
    _ = decoder.feed(Int32.max, isKey: true)
    _ = decoder.feed(InputDecoder.OwnCode.pasteEnd, isKey: true)
    _ = decoder.end()
    _ = decoder.feed(0x20, isKey: false)
    #expect(decoder.feed(0x61, isKey: false) == [.key(.character("a"), [])])
  }
}
