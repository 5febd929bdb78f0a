import FileFormats
import Foundation
import Tensors

/// What `dataset.json` says of the `data.csv` or `data.npz` beside it.
struct DatasetDescription: Codable {
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
  /// The names of the inputs, which a `data.npz` does not have.
  var features: [String]?
  /// What the inputs stand for where they are tokens.
  var vocabulary: [String]?
  /// Whether the last rows validate, as in arrays; else each class gives its share.
  var validatesLastRows: Bool?

  /// The columns of `data.csv` that are a series; examples are windows of it.
  var series: [String]?

  /// What there is to say of a data set.
  init(_ dataset: Dataset) {
    title = dataset.title
    description =
      dataset.summary.isEmpty ? "Imported from \(dataset.name)." : dataset.summary
    origin = dataset.origin
    license = dataset.license
    examples = dataset.count
    target = dataset.targetName
    classes = dataset.task.classes
    exampleShape = dataset.exampleShape.extents
    imageShape = dataset.imageShape?.extents
    range = dataset.range.map { [$0.lowerBound, $0.upperBound] }
    features = dataset.features
    vocabulary = dataset.vocabulary
    validatesLastRows = dataset.splitRule == .lastRows ? true : nil
  }

  func bytes() throws(FileFailure) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do { return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")] } catch {
      throw FileFailure(
        at: "dataset.json", found: "a number that is not finite", right: "ranges are finite")
    }
  }

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
    guard (0...1_000_000_000).contains(examples), classes?.isEmpty != true,
      Set(classes ?? []).count == classes?.count ?? 0
    else {
      throw FileFailure(
        at: file, found: "\(examples) examples of \(classes?.count ?? 0) classes",
        right: "examples are counted from 0, and each class has a name of its own")
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
