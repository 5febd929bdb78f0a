import FileFormats
import Tensors

/// Sequences of bases or amino acids with a class each, as tokens of one length.
struct SequenceFiles {
  private static let mostNumbers = 250_000_000

  /// A sequence, its class, and where it stands.
  struct Example {
    let letters: [UInt8]
    let group: String
  }

  /// A file whose headings end in the class: `>seq1 donor`.
  static func load(
    _ bytes: [UInt8], file: String, window: Int?
  ) throws(FileFailure) -> Dataset {
    let records = try FASTAFile(parsing: bytes, file: file).records
    var examples: [Example] = []
    for record in records {
      let words = record.heading.split(separator: " ")
      guard words.count >= 2, let last = words.last else {
        throw FileFailure(
          at: "\(file):\(record.line)", found: "the heading '\(record.heading)' without a class",
          right: "a heading ends in a blank and the class, or a folder has a folder for each class")
      }
      examples.append(Example(letters: record.letters, group: String(last)))
    }
    return try dataset(examples, name: file, window: window)
  }

  /// Blanks fill up to `window` letters, the longest sequence without it; longer ones are cut.
  static func dataset(
    _ examples: [Example], name: String, window: Int?
  ) throws(FileFailure) -> Dataset {
    let groups = Set(examples.map(\.group)).sorted()
    let length = window ?? examples.map(\.letters.count).max() ?? 0
    guard groups.count >= 2, groups.count <= 1000 else {
      throw FileFailure(
        at: name, found: "\(groups.count) classes in \(examples.count) sequences",
        right: "there are two classes or more, up to 1000")
    }
    guard length * examples.count <= mostNumbers else {
      throw FileFailure(
        at: name, found: "\(examples.count) sequences of up to \(length) letters",
        right: "cut them with window=N")
    }
    let letters = Set(examples.flatMap(\.letters)).sorted()
    var places = [Float](repeating: 0, count: 256)
    for (place, letter) in letters.enumerated() { places[Int(letter)] = Float(place + 1) }
    var tokens: [Float] = []
    tokens.reserveCapacity(length * examples.count)
    for example in examples {
      tokens += example.letters.prefix(length).map { places[Int($0)] }
      tokens += [Float](repeating: 0, count: max(0, length - example.letters.count))
    }
    let targets = examples.map { Float(groups.firstIndex(of: $0.group) ?? 0) }
    var dataset = Dataset(
      name: name, origin: "Your file \(name).", license: "yours",
      features: UserData.featureNames(of: [length]), task: .classification(classes: groups),
      training: Dataset.Part(
        inputs: Tensor(shape: [examples.count, length], scalars: tokens),
        targets: Tensor(shape: [examples.count], scalars: targets)))
    dataset.targetName = "class"
    dataset.vocabulary = ["·"] + letters.map { String(UnicodeScalar($0)) }
    let cut = examples.count { $0.letters.count > length }
    if cut > 0 { dataset.notes.append("cut after \(length) letters: \(cut) sequences") }
    return dataset
  }
}
