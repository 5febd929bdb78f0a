import FileFormats
import Foundation
import Tensors

/// What `dataset.json` says of the `data.csv` beside it.
struct DatasetDescription: Decodable {
  let title: String
  let description: String
  /// Where the examples come from, as a sentence.
  let origin: String
  let license: String
  let examples: Int
  /// The column to predict.
  let target: String
  /// The classes in their order; absent for numbers.
  let classes: [String]?
  let exampleShape: [Int]
  /// [rows, columns, channels] when an example is a picture.
  let imageShape: [Int]?
  /// The lowest and highest number an input can be by nature.
  let range: [Float]?

  static func read(_ bytes: [UInt8], file: String) throws(FileFailure) -> DatasetDescription {
    do {
      let description = try JSONDecoder().decode(DatasetDescription.self, from: Data(bytes))
      try description.check(file: file)
      return description
    } catch let failure as FileFailure {
      throw failure
    } catch {
      throw FileFailure(
        at: file, found: Self.words(for: error),
        right: "it has title, description, origin, license, examples, target and exampleShape")
    }
  }

  private func check(file: String) throws(FileFailure) {
    let shapes = [exampleShape] + (imageShape.map { [$0] } ?? [])
    guard shapes.allSatisfy({ $0.allSatisfy { (1...10_000).contains($0) } && $0.count <= 4 }) else {
      throw FileFailure(
        at: file, found: "the shapes \(shapes)", right: "a shape has up to 4 positive extents")
    }
    guard Set(shapes.map { Shape($0).count }).count == 1 else {
      throw FileFailure(
        at: file, found: "exampleShape and imageShape of different counts \(shapes)",
        right: "both are shapes of the same numbers")
    }
    guard range.map({ $0.count == 2 && $0[0] < $0[1] }) ?? true else {
      throw FileFailure(
        at: file, found: "the range \(range ?? [])", right: "a lower and a higher number: [0, 16]")
    }
    guard ![title, origin, license].contains("") else {
      throw FileFailure(
        at: file, found: "an empty title, origin or license",
        right: "say what the data is, where it is from and who may use it")
    }
  }

  private static func words(for error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error as? DecodingError {
    case .keyNotFound(let key, _): "no '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "another kind of value in '\(path(context))'"
    default: "no JSON object"
    }
  }

  var task: Dataset.Task { classes.map { .classification(classes: $0) } ?? .regression }
}
