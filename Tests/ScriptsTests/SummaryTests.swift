import Foundation
import KerasCode
import Scripts
import Testing

@Suite("Summaries as Keras prints them")
struct SummaryTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let summary: String
    let printed: String

    var testDescription: String { name }
  }

  private struct File: Decodable { let cases: [Case] }

  /// Those whose texts hold the size of a batch that a model was built for or called with, and
  /// those of the program's own layers.
  private static let withBatches: Set<String> = [
    "built for a batch", "own layer", "own model",
  ]

  static let cases: [Case] =
    ((try? JSONDecoder().decode(File.self, from: Data(reference("Keras/summaries.json").utf8)))?
    .cases ?? []).filter { !withBatches.contains($0.name) }

  @Test("the table is Keras's, line for line", arguments: cases)
  func table(_ example: Case) throws {
    let printed = try printed(
      """
      import keras
      import numpy as np
      from keras import layers
      \(example.code)
      \(example.summary)
      """, columns: 120)
    #expect(printed == example.printed)
  }

  @Test("there are cases")
  func some() { #expect(Self.cases.count == 21) }
}
