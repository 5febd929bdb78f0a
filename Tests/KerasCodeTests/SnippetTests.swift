import Foundation
import KerasCode
import Testing

/// A program and what the real libraries print for it, by `Tests/Reference/snippets.py`.
struct Snippet: Decodable, Sendable, CustomTestStringConvertible {
  let program: String
  let output: String

  var testDescription: String { program }

  static func read(_ name: String) -> [Snippet] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference/\(name)_snippets.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Snippet].self, from: data)) ?? []
  }
}

@Suite("Snippets beside the real libraries")
struct SnippetTests {
  static let names = ["numpy", "random", "pandas", "sklearn", "ops"]

  @Test("print what the libraries print", arguments: names)
  func snippets(name: String) {
    let all = Snippet.read(name)
    #expect(all.count > 10)
    for snippet in all {
      let host = TestHost()
      host.files = SnippetFiles.all
      let found = outcome(snippet.program, host: host)
      #expect(found == snippet.output, "\(snippet.program)")
    }
  }
}

/// The files that snippets read.
enum SnippetFiles {
  static var all: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference")
    for name in ["people.csv", "numbers.csv", "semicolon.csv", "plain.txt"] {
      files[name] = (try? Data(contentsOf: folder.appending(path: name))).map(Array.init)
    }
    return files
  }
}
