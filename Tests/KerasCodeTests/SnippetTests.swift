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

@Suite("What the data libraries refuse")
struct LibraryRefusalTests {
  static let refusals: [(line: String, message: String)] = [
    ("np.sum([1], axs=0)", "sum() has no argument \"axs\""),
    ("np.linalg.svd(np.eye(2))", "\"numpy.linalg\" has no attribute \"svd\""),
    ("pd.DataFrame({'ages': [1]})['age']", "the table has no column 'age'"),
    ("np.array(['a']) + 1", "\"+\" of an array of texts"),
    ("np.array(['a', 'b']).mean()", "'a' and its like are not numbers"),
    ("pd.read_csv('http://x/y.csv')", "read_csv() of an address: programs reach no network"),
    ("from sklearn.svm import SVC", "\"sklearn\" has no module \"svm\""),
    ("np.array([1.5]).astype(int)[1]", "index 1 lies outside axis 0, which has 1"),
    ("np.array(['x']).astype(float)", "the text 'x' cannot become float64"),
    ("x = np.arange(3)\nx += 0.5", "\"+=\" would turn int64 into float64 in place"),
    (
      "from keras.datasets import mnist\nmnist.load_data()",
      "keras.datasets.mnist.load_data() would load from the network, which programs do not reach"
    ),
  ]

  @Test("is named, with the place", arguments: refusals)
  func refused(line: String, message: String) {
    let found = outcome("import numpy as np\nimport pandas as pd\n" + line)
    #expect(found.contains(": " + message + "\n"), "\(found)")
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
