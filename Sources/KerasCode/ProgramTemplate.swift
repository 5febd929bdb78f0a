/// A whole Keras program to begin with: it brings its data, its network, and what it reaches.
///
/// What is said of a template stands in the program itself, as its docstring: the title in the first
/// line, then what it suits and what it reaches, at last how its data are written.
package struct ProgramTemplate: Hashable, Sendable {
  /// What names it on disk and beside other files: `u-net`.
  package let name: String
  package let title: String
  /// What it suits, what it reaches, and the baseline: a paragraph each.
  package let paragraphs: [String]
  /// The data it learns from, as `DataSpecification` reads it: `digits`.
  package let data: String
  package let text: String

  /// The file that the program reads its data from: `digits.npz`.
  package let dataFile: String
  /// The file that it is kept in: `u-net.py`.
  package var fileName: String { name + ".py" }

  /// Whether the program asks for the shape of pictures.
  package var readsPictures: Bool { text.contains("[\"shape\"]") }

  /// Reads what a program says of itself.
  ///
  /// - Throws: a `Complaint` for a program without a docstring, or whose last paragraph is not of the
  ///   form `Data: backstep data export NAME -o FILE.npz`.
  package init(name: String, text: String) throws(Complaint) {
    let parts = text.split(separator: "\"\"\"", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].allSatisfy(\.isWhitespace) else {
      throw Complaint(
        "the template \(name) does not say what it is", remedy: "begin it with a docstring")
    }
    let paragraphs = Self.paragraphs(String(parts[1]))
    let command = (paragraphs.last ?? "").split(separator: " ")
    guard paragraphs.count > 2, command.count == 7, command[0] == "Data:", command[5] == "-o" else {
      throw Complaint(
        "the template \(name) does not say what it learns from",
        remedy: "end its docstring with Data: backstep data export NAME -o FILE.npz")
    }
    self.name = name
    self.text = text
    title = paragraphs[0]
    self.paragraphs = Array(paragraphs.dropFirst().dropLast())
    data = String(command[4])
    dataFile = String(command[6])
  }

  /// Lines that follow each other are one paragraph, blank lines part them.
  private static func paragraphs(_ text: String) -> [String] {
    var paragraphs: [[Substring]] = [[]]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }

  /// The program's network and what it is fitted to, with other data in place of its own.
  ///
  /// - Parameter archive: the bytes of an `.npz` of the data, whatever file the program asks for.
  /// - Throws: a `Diagnostic` that says where the program makes nothing of these data.
  package func read(_ archive: [UInt8]) throws -> ModelFile {
    try ModelFile.read(text, file: fileName) { _ in archive }
  }
}
