/// Turns what ncurses reads into events: lone Escape and Alt told apart, pastes kept whole, mouse
/// reports taken apart.
///
/// Feed it all that is there, then call `end()`: an Escape that nothing follows is the key, one that
/// something follows means Alt. A mouse report or a paste cut in two waits for its rest.
package struct InputDecoder {
  private var isEscapePending = false
  private var mouseReport: [UInt8]?
  private var pasted: String?
  /// How much of `ESC [ 2 0 1 ~`, read character by character, a paste ends with.
  private var endRead = 0
  /// An answer of the terminal that is being read.
  private var answer: Answer?

  private struct Answer {
    var isBackground: Bool
    var bytes: [UInt8] = []
  }

  package init() {}

  /// Codes that `define_key` gives to sequences of our own, above all codes of ncurses.
  package enum OwnCode {
    package static let pasteStart: Int32 = 4000
    package static let pasteEnd: Int32 = 4001
    package static let mouseReport: Int32 = 4002
    /// `ESC ] 11 ;` and what the background's color is.
    package static let background: Int32 = 4003
    /// `ESC [ ?` and what kind of terminal it is.
    package static let kind: Int32 = 4004
    fileprivate static let modified: Int32 = 4096

    /// The sequences of keys with modifiers, as xterm sends them, with the codes to register.
    package static var modifiedKeys: [(sequence: String, code: Int32)] {
      var keys: [(String, Int32)] = []
      for modifier in 2...8 {
        for (index, key) in finals.enumerated() {
          let code = modified + Int32(modifier * 32 + index)
          keys.append((key.start + "\(modifier)" + key.end, code))
        }
      }
      return keys
    }

    fileprivate static func modifiedKey(_ code: Int32) -> (Key, Modifiers)? {
      let index = Int(code - modified)
      guard index >= 64, index < 9 * 32, index % 32 < finals.count else { return nil }
      // xterm sends 1 + (shift 1, alt 2, control 4).
      return (finals[index % 32].key, Modifiers(rawValue: UInt8(index / 32 - 1)))
    }

    private static let finals: [(start: String, end: String, key: Key)] = [
      ("\u{1B}[1;", "A", .up), ("\u{1B}[1;", "B", .down), ("\u{1B}[1;", "C", .right),
      ("\u{1B}[1;", "D", .left), ("\u{1B}[1;", "H", .home), ("\u{1B}[1;", "F", .end),
      ("\u{1B}[2;", "~", .insert), ("\u{1B}[3;", "~", .delete), ("\u{1B}[5;", "~", .pageUp),
      ("\u{1B}[6;", "~", .pageDown), ("\u{1B}[1;", "P", .function(1)),
      ("\u{1B}[1;", "Q", .function(2)), ("\u{1B}[1;", "R", .function(3)),
      ("\u{1B}[1;", "S", .function(4)),
    ]
  }

  /// The events that one more code completes.
  ///
  /// - isKey: whether ncurses recognized a key (`KEY_CODE_YES`); else `code` is a character.
  package mutating func feed(_ code: Int32, isKey: Bool) -> [Event] {
    if let event = feedPaste(code, isKey: isKey) { return event }
    if !isKey, mouseReport != nil { return feedMouse(code) }
    if !isKey, answer != nil { return feedAnswer(code) }
    answer = nil
    mouseReport = nil
    if isKey { return feedKey(code) }
    if code == 27 {
      defer { isEscapePending = true }
      return isEscapePending ? [.key(.escape, [])] : []
    }
    guard let (key, modifiers) = Self.key(ofCharacter: code) else { return takeEscape() }
    return [.key(key, modifiers.union(takeAlt()))]
  }

  /// The input has run dry: a pending Escape is the key.
  package mutating func end() -> [Event] { takeEscape() }

  private mutating func takeEscape() -> [Event] {
    defer { isEscapePending = false }
    return isEscapePending ? [.key(.escape, [])] : []
  }

  private mutating func takeAlt() -> Modifiers {
    defer { isEscapePending = false }
    return isEscapePending ? .alt : []
  }
}

extension InputDecoder {
  /// Nil when no paste is going on.
  private mutating func feedPaste(_ code: Int32, isKey: Bool) -> [Event]? {
    guard var text = pasted else { return nil }
    if readsEnd(code, isKey: isKey) {
      text.unicodeScalars.removeLast(min(Self.pasteEnd.count - 2, text.unicodeScalars.count))
      pasted = nil
      return [.paste(text)]
    }
    if isKey {
      if code == OwnCode.pasteEnd {
        pasted = nil
        return [.paste(text)]
      }
      return []
    }
    // Control-C ends a paste whose end was lost: nothing else would bring the keys back.
    if code == 3 {
      pasted = nil
      return [.paste(text), .key(.character("c"), .control)]
    }
    if code == 13 || code == 10 {
      // The terminal may send \r\n for one line end.
      if !(code == 10 && text.utf8.last == 10) { text.append("\n") }
    } else if code == 9 || code >= 32, let scalar = Unicode.Scalar(UInt32(code)) {
      text.unicodeScalars.append(scalar)
    }
    pasted = text
    return []
  }

  private static let pasteEnd: [Int32] = [27, 91, 50, 48, 49, 126]

  /// Whether the end of a paste is complete that came in two parts, the second too late for ncurses
  /// to know it: from a slow line, or on a machine with much to do. All of it but the Escape and the
  /// last character was taken for text.
  private mutating func readsEnd(_ code: Int32, isKey: Bool) -> Bool {
    if isKey || code != Self.pasteEnd[endRead] {
      endRead = !isKey && code == Self.pasteEnd[0] ? 1 : 0
      return false
    }
    endRead = (endRead + 1) % Self.pasteEnd.count
    return endRead == 0
  }

  private mutating func feedKey(_ code: Int32) -> [Event] {
    switch code {
    case OwnCode.pasteStart:
      pasted = ""
      endRead = 0
      return takeEscape()
    case OwnCode.mouseReport:
      mouseReport = []
      return takeEscape()
    case OwnCode.background, OwnCode.kind:
      answer = Answer(isBackground: code == OwnCode.background)
      return takeEscape()
    default:
      if let (key, modifiers) = OwnCode.modifiedKey(code) ?? Self.key(ofCode: code) {
        return [.key(key, modifiers.union(takeAlt()))]
      }
      return takeEscape()
    }
  }

  /// Collects `button;column;row` up to `M` (press) or `m` (release); anything else ends it.
  private mutating func feedMouse(_ code: Int32) -> [Event] {
    guard var report = mouseReport else { return [] }
    mouseReport = nil
    switch code {
    case 0x4D, 0x6D:  // M, m
      return Self.mouse(report, isRelease: code == 0x6D).map { [.mouse($0)] } ?? []
    case 0x30...0x39, 0x3B:  // digits and ;
      guard report.count < 24 else { return [] }
      report.append(UInt8(code))
      mouseReport = report
      return []
    default: return feed(code, isKey: false)
    }
  }

  /// Collects an answer that came too late to be waited for, so that it is not taken for keys.
  private mutating func feedAnswer(_ code: Int32) -> [Event] {
    guard var reading = answer else { return [] }
    answer = nil
    let isEnd = reading.isBackground ? code == 7 || code == 92 : (0x40...0x7E).contains(code)
    if isEnd {
      guard reading.isBackground, let theme = BackgroundColor.theme(answer: reading.bytes) else {
        return []
      }
      return [.background(theme)]
    }
    guard reading.bytes.count < 48, code == 27 || (0x20..<0x7F).contains(code) else {
      return feed(code, isKey: false)
    }
    reading.bytes.append(UInt8(code))
    answer = reading
    return []
  }

  /// Button bits: 0–2 the button, +4 shift, +8 alt, +16 control, +32 motion, 64 and 65 the wheel.
  private static func mouse(_ report: [UInt8], isRelease: Bool) -> Mouse? {
    let numbers = report.split(separator: 0x3B, omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0, as: UTF8.self)) ?? -1 }
    guard numbers.count == 3, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    let bits = numbers[0]
    var modifiers: Modifiers = []
    if bits & 4 != 0 { modifiers.insert(.shift) }
    if bits & 8 != 0 { modifiers.insert(.alt) }
    if bits & 16 != 0 { modifiers.insert(.control) }
    let point = Point(max(0, numbers[1] - 1), max(0, numbers[2] - 1))
    if bits & 64 != 0 {
      guard bits & 3 < 2 else { return nil }
      return Mouse(bits & 1 == 0 ? .wheelUp : .wheelDown, .none, at: point, modifiers)
    }
    let buttons: [Mouse.Button] = [.left, .middle, .right, .none]
    let action: Mouse.Action = isRelease ? .release : bits & 32 != 0 ? .drag : .press
    return Mouse(action, buttons[bits & 3], at: point, modifiers)
  }
}

extension InputDecoder {
  /// Nil for what is no character.
  private static func key(ofCharacter code: Int32) -> (Key, Modifiers)? {
    switch code {
    case 0: return (.character(" "), .control)
    case 8, 127: return (.backspace, [])
    case 9: return (.tab, [])
    case 10, 13: return (.enter, [])
    case 1...31:
      // Control with a letter, or with one of \ ] ^ _.
      guard let scalar = Unicode.Scalar(UInt32(code < 27 ? code + 96 : code + 64)) else {
        return nil
      }
      return (.character(Character(scalar)), .control)
    default:
      guard code > 0, let scalar = Unicode.Scalar(UInt32(code)), !(128..<160 ~= code) else {
        return nil
      }
      return (.character(Character(scalar)), [])
    }
  }

  /// The codes of `<curses.h>`, which are the same everywhere; nil for those we do not use.
  private static func key(ofCode code: Int32) -> (Key, Modifiers)? {
    switch code {
    case 0o402: (.down, [])
    case 0o403: (.up, [])
    case 0o404: (.left, [])
    case 0o405: (.right, [])
    case 0o406: (.home, [])
    case 0o407: (.backspace, [])
    case 0o411...0o424: (.function(Int(code) - 0o410), [])
    case 0o512: (.delete, [])
    case 0o513: (.insert, [])
    case 0o520: (.down, .shift)
    case 0o521: (.up, .shift)
    case 0o522: (.pageDown, [])
    case 0o523: (.pageUp, [])
    case 0o527: (.enter, [])
    case 0o541: (.tab, .shift)
    case 0o550: (.end, [])
    case 0o577: (.delete, .shift)
    case 0o602: (.end, .shift)
    case 0o607: (.home, .shift)
    case 0o611: (.left, .shift)
    case 0o614: (.pageDown, .shift)
    case 0o616: (.pageUp, .shift)
    case 0o622: (.right, .shift)
    default: nil
    }
  }
}
