import Foundation

/// The folder of a lesson, which nobody vouches for: what lies in it may be read and nothing else.
package struct LessonFolder: Hashable, Sendable {
  package let url: URL
  /// The most bytes of one of its files.
  package static let largestFile = 16 << 20
  /// The most characters of a text: lesson, program, solution, glossary.
  package static let largestText = 256 << 10
  /// The most programs of a lesson.
  package static let mostPrograms = 64

  package init(_ url: URL) { self.url = url }

  /// The folder's name: `01-one-neuron`.
  package var name: String { url.lastPathComponent }

  /// Where a file of the folder lies.
  /// - Throws: `LessonFailure` when the name leads elsewhere, symbolic links followed, or nowhere.
  package func place(of file: String) throws(LessonFailure) -> URL {
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    guard !file.contains("\0"), !parts.contains(".."), !parts.contains("."), !parts.contains("")
    else { throw failure(file, "a path out of the lesson's folder") }
    let place = url.appendingPathComponent(file)
    guard let root = Self.real(url.path), let path = Self.real(place.path) else {
      throw LessonFailure(
        "\(name)/\(file)", 1, "a file that is missing", right: "\(file) beside lesson.md")
    }
    guard path.hasPrefix(root + "/") else {
      throw failure(file, "a link that leads out of the lesson's folder")
    }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    guard !isFolder.boolValue, kind == .typeRegular else {
      throw failure(file, "what is no file")
    }
    return URL(fileURLWithPath: path)
  }

  private func failure(_ file: String, _ found: String) -> LessonFailure {
    LessonFailure("\(name)/\(file)", 1, found, right: "a file in the lesson's own folder")
  }

  /// The path without symbolic links; nil when there is nothing there.
  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The bytes of a file.
  /// - Throws: `LessonFailure` also when there are too many of them.
  package func bytes(
    of file: String, limit: Int = LessonFolder.largestFile
  ) throws(LessonFailure) -> [UInt8] {
    let place = try place(of: file)
    guard let handle = try? FileHandle(forReadingFrom: place) else {
      throw LessonFailure(
        "\(name)/\(file)", 1, "a file that cannot be read", right: "one that may be read")
    }
    defer { try? handle.close() }
    // One more than may be: a file that grows is none that is read to its end.
    let data = (try? handle.read(upToCount: limit + 1)) ?? Data()
    guard data.count <= limit else {
      throw LessonFailure(
        "\(name)/\(file)", 1, "a file of more than \(limit >> 10) KB",
        right: "at most \(limit >> 10) KB")
    }
    return [UInt8](data)
  }

  /// A text of the folder, nil when there is none of that name.
  /// - Throws: `LessonFailure` with line and column of a character that no text has.
  package func text(_ file: String) throws(LessonFailure) -> String? {
    guard FileManager.default.fileExists(atPath: url.appendingPathComponent(file).path) else {
      return nil
    }
    let bytes = try bytes(of: file, limit: Self.largestText)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LessonFailure(
        "\(name)/\(file)", 1, "a file that is no readable text",
        right: "UTF-8 text that may be read")
    }
    let plain = text.replacingOccurrences(of: "\r\n", with: "\n")
    try Self.check(plain, file: "\(name)/\(file)")
    return plain
  }

  /// The names of the files with an ending, without those that begin with a dot.
  package func files(ending: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix("." + ending) && !$0.hasPrefix(".") }.sorted()
  }

  /// Refuses characters that would steer a terminal: escape sequences, marks of direction.
  static func check(_ text: String, file: String) throws(LessonFailure) {
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        (line, column) = (line + 1, 1)
        continue
      }
      let isControl =
        (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)) && scalar != "\t"
      let turnsAround =
        (0x202A...0x202E).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value)
      guard !isControl, !turnsAround else {
        throw LessonFailure(
          file, line, "the control character U+\(String(scalar.value, radix: 16, uppercase: true))",
          right: "text without escape sequences", column: column)
      }
      column += 1
    }
  }
}
