/// What can be read off the bytes that a full-screen program writes.
extension ArraySlice<UInt8> {
  /// Where a text begins for the last time.
  package func lastIndex(ofText text: String) -> Int? {
    let text = Array(text.utf8)
    guard !text.isEmpty, count >= text.count else { return nil }
    return (startIndex...endIndex - text.count).last {
      self[$0..<$0 + text.count].elementsEqual(text)
    }
  }

  package func contains(text: String) -> Bool { lastIndex(ofText: text) != nil }

  /// How many frames came to their end: each is one synchronized output.
  package var frames: Int {
    let end = Array("\u{1B}[?2026l".utf8)
    guard count >= end.count else { return 0 }
    return indices.dropLast(end.count - 1).count {
      self[$0] == 0x1B && self[$0..<$0 + end.count].elementsEqual(end)
    }
  }

  /// The places the cursor was sent to by row, by row and column, or by column; from 1.
  package var cursorPlaces: (rows: [Int], columns: [Int]) {
    var (rows, columns): ([Int], [Int]) = ([], [])
    for part in split(separator: 0x1B) where part.first == UInt8(ascii: "[") {
      let body = part.dropFirst().prefix { $0 < 0x40 }
      let numbers = body.split(separator: UInt8(ascii: ";")).map {
        Int(String(decoding: $0, as: UTF8.self))
      }
      guard part.count > body.count + 1 else { continue }
      switch (part[part.startIndex + 1 + body.count], numbers.first ?? nil, numbers.last ?? nil) {
      case (UInt8(ascii: "H"), let row?, let column?) where numbers.count == 2:
        rows.append(row)
        columns.append(column)
      case (UInt8(ascii: "d"), let row?, _): rows.append(row)
      case (UInt8(ascii: "G"), let column?, _): columns.append(column)
      default: break
      }
    }
    return (rows, columns)
  }

  /// The bytes as words: escape sequences left out.
  package var words: String {
    var kept: [UInt8] = []
    var place = startIndex
    while place < endIndex {
      if self[place] == 0x1B {
        place += 1
        guard place < endIndex, self[place] == UInt8(ascii: "[") else {
          place += self[place..<endIndex].first == UInt8(ascii: "(") ? 2 : 1
          continue
        }
        place += 1
        while place < endIndex, self[place] < 0x40 { place += 1 }
      } else {
        kept.append(self[place])
      }
      place += 1
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
