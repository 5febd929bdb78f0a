import FileFormats
import Foundation
import Testing

@Suite("CSV")
struct CSVTests {
  private func read(_ text: String, header: Bool? = nil) throws -> CSV {
    try CSV(parsing: Array(text.utf8), header: header)
  }

  private func message(_ text: String) -> String {
    do {
      _ = try read(text)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("numbers and texts make typed columns")
  func typedColumns() throws {
    let table = try read("length,species\n1.5,setosa\n-2e1,\"a \"\"b\"\", c\"\n")
    #expect(
      table.columns == [
        CSV.Column(name: "length", values: .numbers([1.5, -20])),
        CSV.Column(name: "species", values: .texts(["setosa", "a \"b\", c"])),
      ])
    #expect(table.lines == [2, 3])
  }

  @Test(
    "each line end reads the same",
    arguments: [
      "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "\u{FEFF}a,b\n\n1,2\n3,4",
    ]
  )
  func lineEnds(text: String) throws {
    let table = try read(text)
    #expect(table.column(named: "a")?.values == .numbers([1, 3]))
    #expect(table.column(named: "b")?.values == .numbers([2, 4]))
  }

  @Test("a line end inside quotes is part of the cell, and later lines keep their numbers")
  func embeddedNewline() throws {
    let table = try read("name,n\n\"two\nlines\",1\nplain,2\n")
    #expect(table.column(named: "name")?.values == .texts(["two\nlines", "plain"]))
    #expect(table.lines == [2, 4])
  }

  @Test(
    "the delimiter is found",
    arguments: [("a,b\n1,2\n", ","), ("a;b\n1,5;2\n", ";"), ("a\tb\n1\t2\n", "\t")])
  func delimiter(text: String, delimiter: String) throws {
    #expect(try read(text).delimiter == Array(delimiter.utf8)[0])
    #expect(try read(text).columns.count == 2)
  }

  @Test("with semicolons between cells a comma is a decimal point")
  func decimalComma() throws {
    #expect(try read("a;b\n1,5;2\n").columns[0].values == .numbers([1.5]))
  }

  @Test("a first row with a number is no header, and neither is one with a repeated name")
  func headerDetection() throws {
    #expect(try read("5.1,setosa\n4.9,setosa\n").columns.map(\.name) == ["column 1", "column 2"])
    #expect(try !read("x,x\n1,2\n").hasHeader)
    #expect(try read("a,b\nc,d\n").hasHeader)
    #expect(try read(",b\n0,1\n").columns.map(\.name) == ["column 1", "b"])
    #expect(try read("0,1\n2,3\n", header: true).columns.map(\.name) == ["0", "1"])
  }

  @Test("missing cells are NaN")
  func missing() throws {
    guard case .numbers(let numbers) = try read("a,b\n,1\nNA,1\n?,1\n2,1\n").columns[0].values
    else {
      Issue.record("no numbers")
      return
    }
    #expect(numbers.map(\.isNaN) == [true, true, true, false])
  }

  @Test(
    "an error names line and column, what was found, what is right",
    arguments: [
      ("a,b\n1,\"x\n2,3\n", "data.csv:2:3: a quote that is never closed"),
      ("a,b\n1,2\n3\n", "data.csv:3: 1 cells where line 1 has 2"),
      ("a,b\n1,x\"y\n", "data.csv:2:4: a quote inside a cell"),
      ("a,b\n\"x\"y,2\n", "data.csv:2:4: more text after the closing quote"),
      ("", "data.csv: no rows"), ("\n\n", "data.csv: no rows"),
      ("a,b\n", "data.csv: no row of values"),
    ])
  func errors(text: String, start: String) {
    #expect(message(text).hasPrefix(start))
  }

  @Test("bytes that are not UTF-8 are an error that says what to do")
  func encoding() {
    #expect(throws: CSV.Failure.self) { try CSV(parsing: [0x61, 0x0A, 0xE9, 0x0A]) }
    #expect(throws: CSV.Failure.self) { try CSV(parsing: [0xFF, 0xFE, 0x61, 0x00]) }
  }

  @Test(
    "numbers are read as the standard library reads them",
    arguments: [
      "0", "-0.0", "1e22", "123456789012345678901234567890", "0.1", "1.7976931348623157e308",
      "4.9e-324", "2.2250738585072011e-308", "9007199254740993", "+5", ".5", "5.", "1E-7",
      "0.000000000000000000000000012345678901234567",
    ])
  func exactNumbers(text: String) throws {
    let number = try #require(Double(text))
    #expect(try read("a\n\(text)\n").columns[0].values == .numbers([number]))
  }

  @Test(
    "what is not a number makes a text column",
    arguments: ["1e", "-", "0x10", "1.2.3", "inf", "e5"])
  func noNumbers(text: String) throws {
    #expect(try read("a\n\(text)\n").columns[0].values == .texts([text]))
  }

  @Test("a written table reads back equal")
  func roundTrip() throws {
    let table = CSV(columns: [
      CSV.Column(name: "n", values: .numbers([1, 0.1, -1e-300, 0x1p60])),
      CSV.Column(name: "words, more", values: .texts(["", "a,b", "\"q\"", "two\nlines"])),
    ])
    #expect(try CSV(parsing: table.bytes()).columns == table.columns)
    let singles = CSV(columns: [CSV.Column(name: "x", values: .numbers([Double(Float(0.1))]))])
    #expect(String(decoding: singles.bytes(precision: .float32), as: UTF8.self) == "x\n0.1\n")
  }

  @Test("no bytes crash the reader")
  func fuzz() {
    let seed = Array("a;b,c\r\n1,\"x\"\"y\",2e5\n-.5,\"\n\",NA\n".utf8)
    for round in 0..<fuzzRounds {
      guard let table = try? CSV(parsing: mutated(seed, round: round)) else { continue }
      #expect(table.columns.allSatisfy { $0.values.count == table.rowCount })
    }
  }
}
