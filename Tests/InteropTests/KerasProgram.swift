import Foundation
import KerasCode
import Scripts
import Testing

/// A Keras program of `Tests/Programs` or of a generator, and what its first line expects of it:
/// `# expects: same`, `close`, `shape` or `refused LINE WORD`.
struct KerasProgram: Sendable, CustomTestStringConvertible {
  enum Expectation: Sendable {
    case output(Transcript.Rule)
    /// The diagnostic names this line and has this word.
    case refused(line: Int, word: String)
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let name: String
  let text: String
  let folder: URL
  let expectation: Expectation
  /// The words of the line `# uses:`.
  let uses: Set<String>

  var testDescription: String { name }

  init(reading folder: URL) throws {
    name = folder.lastPathComponent
    self.folder = folder
    text = try String(contentsOf: folder.appending(path: "program.py"), encoding: .utf8)
    let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    let words = (lines.first ?? "").split(separator: " ")
    switch words.dropFirst(2).first {
    case "same": expectation = .output(.same)
    case "close": expectation = .output(.close)
    case "shape": expectation = .output(.shape)
    case "refused" where words.count == 5:
      guard let line = Int(words[3]) else { fallthrough }
      expectation = .refused(line: line, word: String(words[4]))
    default: throw Failure(description: "\(name): the first line does not say what is expected")
    }
    let uses = lines.dropFirst().first ?? ""
    self.uses =
      uses.hasPrefix("# uses: ")
      ? Set(uses.split(separator: " ").dropFirst(2).map(String.init)) : []
  }

  /// The programs of a folder, in the order of their names.
  static func all(in folder: URL) throws -> [KerasProgram] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try names.sorted().filter { !$0.hasPrefix(".") }.map {
      try KerasProgram(reading: folder.appending(path: $0))
    }
  }

  static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The programs of `Tests/Programs`.
  static let written = Result { try all(in: tests.appending(path: "Programs")) }

  // MARK: Here

  /// What it prints in the lab.
  func printed() throws -> String {
    var output = ""
    var seconds = 0.0
    let console = ScriptConsole(
      now: {
        seconds += 0.001
        return seconds
      }, write: { output += $0 })
    try ScriptHost.run(
      text, file: "program.py", folder: ProgramFolder(folder), seed: 1, console)
    return output
  }

  /// How the lab differs from what Keras printed, in words; nil when it does not.
  func difference(fromKeras recorded: String) -> String? {
    guard case .output(let rule) = expectation else { return refusal() }
    do {
      return Transcript(try printed()).difference(from: Transcript(recorded), rule)
    } catch {
      return "is refused\n\(error)"
    }
  }

  /// Why it is not refused as expected.
  func refusal() -> String? {
    guard case .refused(let line, let word) = expectation else { return nil }
    do {
      _ = try printed()
      return "runs to its end; line \(line) should be refused"
    } catch let diagnostic as Diagnostic {
      let isRight =
        diagnostic.line == line && (diagnostic.message + (diagnostic.remedy ?? "")).contains(word)
      return isRight ? nil : "should be refused at line \(line) for \"\(word)\"\n\(diagnostic)"
    } catch {
      return "should be refused at line \(line) for \"\(word)\"\n\(error)"
    }
  }

  /// What Keras printed when it was last asked.
  func recorded() throws -> String {
    if case .refused = expectation { return "" }
    return try String(contentsOf: folder.appending(path: "expected.txt"), encoding: .utf8)
  }
}

// MARK: In Keras

/// What real Keras printed, running a program.
struct KerasAnswer: Decodable, Sendable {
  let name: String
  let stdout: String
  /// What Python raised, and where in the program.
  let error: String?
  let line: Int?
  /// What it printed with `set_floatx("float64")`, where that was asked.
  let double: String?

  /// Every program of a folder but those to refuse, run by one Python.
  /// - Parameter alsoDouble: runs each a second time, in float64.
  static func all(in folder: URL, alsoDouble: Bool = false) throws -> [String: KerasAnswer] {
    let script = KerasProgram.tests.appending(path: "Reference/keras_programs.py")
    let options = alsoDouble ? ["--both"] : []
    let output = try KerasChild.run(["-W", "ignore", script.path, folder.path] + options)
    let answers = try output.split(separator: "\n").map {
      try JSONDecoder().decode(KerasAnswer.self, from: Data($0.utf8))
    }
    return Dictionary(uniqueKeysWithValues: answers.map { ($0.name, $0) })
  }
}
