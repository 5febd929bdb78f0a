import FileFormats
import Foundation
import Testing

@Suite("Tables of any dialect")
struct TextTableTests {
  private func read(_ text: String, _ dialect: CSVDialect = CSVDialect()) throws -> TextTable {
    try TextTable(parsing: Array(text.utf8), file: "d.csv", dialect: dialect)
  }

  /// The table's cells as one text: columns by name, numbers and words.
  private func shown(_ table: TextTable) -> String {
    table.columns.map { column in
      let cells: [String] =
        switch column.values {
        case .numbers(let numbers): numbers.map { $0.isNaN ? "_" : "\($0)" }
        case .words(let words): (0..<table.rowCount).map { words.word(ofRow: $0) ?? "_" }
        }
      return column.name + ": " + cells.joined(separator: " ")
    }.joined(separator: "; ")
  }

  @Test(
    "every dialect reads as the same table",
    arguments: [
      "a,b\n1.5,x\n-2,y\n", "a;b\n1,5;x\n-2;y\n", "a;b\r\n1.5;x\r\n-2;y", "a\tb\n1.5\tx\n-2\ty\n",
      "a|b\n1.5|x\n-2|y\n", "a b\n1.5 x\n-2   y\n", "  a   b \n  1.5 x\n -2 y \n",
      "a, b\n1.5, x\n-2, \"y\"\n", "\"a\",\"b\"\r1.5,\"x\"\r-2,\"y\"\r",
      "\u{FEFF}a,b\n1.5,x\n-2,y\n",
      "# made by hand\na,b\n1.5,x\n# half of it\n-2,y\n", "a,b,\n1.5,x,\n-2,y,\n",
      "a,b\n1.5,x,\n-2,y,\n", "\n\na,b\n\n1.5,x\n   \n-2,y\n\n", "# a,b\n1.5,x\n-2,y\n",
    ])
  func dialects(text: String) throws {
    #expect(shown(try read(text)) == "a: 1.5 -2.0; b: x y")
  }

  @Test("UTF-16 is read in both byte orders")
  func wideText() throws {
    let text = "a,ü\n1,ß\n"
    for isLittle in [true, false] {
      var bytes: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
      for unit in text.utf16 {
        let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        bytes += isLittle ? pair : pair.reversed()
      }
      #expect(shown(try TextTable(parsing: bytes)) == "a: 1.0; ü: ß")
    }
  }

  @Test(
    "thousands and decimal marks are told apart by what leaves no doubt",
    arguments: [
      ("a;b\n1.234,5;0\n1.234;1\n", [1234.5, 1234]), ("a;b\n1,234.5;0\n1,234;1\n", [1234.5, 1234]),
      ("a,b\n\"1,234,567.5\",0\n2,1\n", [1_234_567.5, 2]), ("a;b\n1 234,5;0\n2;1\n", [1234.5, 2]),
      ("a;b\n1'234.5;0\n2;1\n", [1234.5, 2]), ("a;b\n1,234;0\n2,5;1\n", [1.234, 2.5]),
      ("a;b\n-1.234.567;0\n2;1\n", [-1_234_567, 2]), ("a;b\n1\u{A0}234;0\n2;1\n", [1234, 2]),
    ])
  func thousands(text: String, numbers: [Double]) throws {
    #expect(try read(text).columns[0].values == .numbers(numbers))
  }

  @Test("wrong groups of digits are words", arguments: ["1,23,456.5", "12.34.56", "1,2345,678"])
  func wrongGroups(cell: String) throws {
    #expect(try read("a;b\n\(cell);1\n").columns[0].firstWord == 0)
  }

  @Test("missing cells are counted by column, in numbers and in words")
  func missing() throws {
    let table = try read("a,b\n1,x\nNA,\n,?\nnull,y\nNaN,None\n")
    #expect(shown(table) == "a: 1.0 _ _ _ _; b: x _ _ y _")
    #expect(table.columns.map(\.missing) == [4, 3])
  }

  @Test("a color is no comment when its line has the cells of a row")
  func hashes() throws {
    #expect(shown(try read("c,n\n#f00,1\n#0f0,2\n")) == "c: #f00 #0f0; n: 1.0 2.0")
    #expect(shown(try read("#,n\n1,2\n")) == "#: 1.0; n: 2.0")
  }

  @Test("options override what is found")
  func options() throws {
    let text = "1;2\n3;4\n"
    #expect(shown(try read(text)) == "column 1: 1.0 3.0; column 2: 2.0 4.0")
    #expect(shown(try read(text, CSVDialect(header: true))) == "1: 3.0; 2: 4.0")
    #expect(try read(text, CSVDialect(delimiter: 44)).columns.count == 1)
    #expect(CSVDialect.delimiter(named: "pipe") == 124 && CSVDialect.delimiter(named: "x") == nil)
  }

  @Test("columns are found by name, then by number")
  func columns() throws {
    let table = try read("a,1,c\nx,y,z\n", CSVDialect(header: true))
    #expect(table.columnIndex("c") == 2 && table.columnIndex("1") == 1)
    #expect(table.columnIndex("3") == 2 && table.columnIndex("4") == nil)
  }

  @Test("rows know their lines, past blank lines and line ends in quotes")
  func lines() throws {
    let table = try read("a,b\n1,x\n\n2,\"y\nz\"\n# note\n3,x\n4,x\n")
    #expect((0..<4).map(table.line) == [2, 4, 7, 8])
  }

  @Test(
    "an error names the line",
    arguments: [
      ("a,b\n1,2\n3\n", "d.csv:3: 1 cells where line 1 has 2"),
      ("a,b\n1,2\n3,4,5\n", "d.csv:3: 3 cells where line 1 has 2"),
      ("a,a\nx,y\n", "d.csv: "), ("#\n# x\n", "d.csv: no rows"),
    ])
  func errors(text: String, start: String) {
    do {
      let table = try read(text)
      #expect(text.hasPrefix("a,a") && table.columns.count == 2)
    } catch { #expect("\(error)".hasPrefix(start)) }
  }

  @Test("messages spell out control characters")
  func controls() {
    let failure = #expect(throws: FileFailure.self) {
      try read("a\u{1B}[2J,a\u{1B}[2J\n", CSVDialect(header: true))
    }
    #expect(failure?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
    #expect("a\n\u{1B}\u{202E}b".spelledOut == "a\\n\\x1b\\u202eb")
  }

  @Test("numbers of 16 to 19 digits are rounded as the standard library rounds them")
  func digits() throws {
    var state: UInt64 = 7
    var texts: [String] = ["9007199254740993.0", "0.3745401188473625", "1844674407370955161.5"]
    for _ in 0..<3000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let digits = String(state % 10_000_000_000_000_000_000)
      let point = digits.index(digits.startIndex, offsetBy: Int(state >> 40) % digits.count)
      texts.append(digits[..<point] + "." + digits[point...])
    }
    let read = try read("n\n" + texts.joined(separator: "\n"))
    #expect(read.columns[0].values == .numbers(texts.compactMap { Double($0) }))
  }

  @Test("equal words are kept once, thousands of different ones too")
  func words() throws {
    let rows = (0..<5000).map { "word \($0 % 1234)" }
    let table = try read("w,n\n" + rows.map { "\($0),1" }.joined(separator: "\n"))
    guard case .words(let words) = table.columns[0].values else {
      Issue.record("no words")
      return
    }
    #expect(words.wordCount == 1234 && words.counts[0] == 5)
    #expect((0..<5000).allSatisfy { words.word(ofRow: $0) == rows[$0] })
  }

  @Test("no bytes crash the reader, and each refusal has its words")
  func fuzz() {
    let seeds = [
      "a;b,c\r\n1,\"x\"\"y\",2e5\n-.5,\"\n\",NA\n", "# c\na|b|\n1.234,5|x|\n 2 |?|\n",
      "a b\n1 2\n 3   4\n", "\u{FEFF}d,t\n2024-01-02,true\n31.1.2024,\"1,234\"\n",
    ].map { Array($0.utf8) }
    for round in 0..<5 * fuzzRounds {
      do {
        let table = try TextTable(parsing: mutated(seeds[round % seeds.count], round: round))
        for column in table.columns {
          if case .numbers(let numbers) = column.values { #expect(numbers.count == table.rowCount) }
          if case .words(let words) = column.values { #expect(words.codes.count == table.rowCount) }
        }
      } catch { #expect(!error.found.isEmpty && !error.right.isEmpty) }
    }
  }
}
