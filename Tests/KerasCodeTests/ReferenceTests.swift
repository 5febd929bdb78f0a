import Foundation
import KerasCode
import Testing

@Suite("Arrays beside NumPy's")
struct ReferenceTests {
  @Test("a program of array facts prints what NumPy and scikit-learn print")
  func facts() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Reference")
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
    let found = outcome(try text("numpy_facts.py")).split(separator: "\n")
    let expected = try text("numpy_facts.txt").split(separator: "\n")
    #expect(found.count == expected.count)
    for (ours, theirs) in zip(found, expected) { #expect(ours == theirs) }
  }
}
