/// Sequences of bases or amino acids with a heading each.
package struct FASTAFile: Hashable, Sendable {
  package typealias Failure = FileFailure

  /// A line that begins with `>`, and the letters below it.
  package struct Record: Hashable, Sendable {
    /// Without the `>`.
    package let heading: String
    /// Capitals, `-` and `*`.
    package let letters: [UInt8]
    /// The line of the heading, counted from 1.
    package let line: Int
  }

  package static let fileTypes = ["fa", "faa", "fasta", "fna"]

  package let records: [Record]

  /// - Throws: `Failure` naming the line of a letter that is none, or of a heading without letters.
  package init(parsing bytes: [UInt8], file: String) throws(FileFailure) {
    var records: [Record] = []
    var (heading, letters, start): (String?, [UInt8], Int) = (nil, [], 0)
    func closed() throws(FileFailure) -> Record? {
      guard let heading else { return nil }
      guard !letters.isEmpty else {
        throw Failure(
          at: "\(file):\(start)", found: "a heading without letters below it",
          right: "letters follow each line that begins with >")
      }
      return Record(heading: heading, letters: letters, line: start)
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.first == UInt8(ascii: ">") {
        if let record = try closed() { records.append(record) }
        heading = String(decoding: line.dropFirst().prefix(1000), as: UTF8.self)
        (letters, start) = ([], number + 1)
        continue
      }
      for byte in line where byte != UInt8(ascii: " ") {
        guard heading != nil, let letter = Self.letter(byte) else {
          throw Failure(
            at: "\(file):\(number + 1)",
            found: heading == nil ? "letters before a heading" : "a byte \(byte) among letters",
            right: "a line that begins with > heads lines of letters, - or *")
        }
        letters.append(letter)
      }
    }
    if let record = try closed() { records.append(record) }
    guard !records.isEmpty else {
      throw Failure(
        at: file, found: "no sequence", right: "a line that begins with >, then its letters")
    }
    self.records = records
  }

  private static func letter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 65...90, 42, 45: byte
    case 97...122: byte - 32
    default: nil
    }
  }
}
