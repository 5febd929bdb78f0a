import FileFormats
import Tensors

/// A text as examples for a network that guesses the next character.
struct TextFile {
  private static let (mostCharacters, mostKinds) = (20_000_000, 5000)

  let bytes: [UInt8]
  let file: String
  let window: Int

  /// Windows that follow each other; targets are the characters one place on. What is left at the end
  /// is too short for a window.
  func load() throws(FileFailure) -> Dataset {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileFailure(at: file, found: "bytes that are no text", right: "save it as UTF-8")
    }
    let scalars = text.unicodeScalars.filter { $0 != "\r" && $0 != "\u{FEFF}" }
    let count = (scalars.count - 1) / window
    guard count >= 2, scalars.count <= Self.mostCharacters else {
      throw FileFailure(
        at: file, found: "\(scalars.count) characters",
        right: "it takes \(2 * window + 1) for windows of \(window), and up to "
          + "\(Self.mostCharacters)")
    }
    let kinds = Set(scalars).sorted()
    guard kinds.count <= Self.mostKinds else {
      throw FileFailure(
        at: file, found: "\(kinds.count) different characters",
        right: "up to \(Self.mostKinds) can be told apart")
    }
    let numbers = Dictionary(uniqueKeysWithValues: kinds.enumerated().map { ($1, Float($0)) })
    let tokens = scalars.map { numbers[$0] ?? 0 }
    let words = kinds.map { String($0) }
    var dataset = Dataset(
      name: file, origin: "Your file \(file).", license: "yours",
      features: UserData.featureNames(of: [window]), task: .classification(classes: words),
      training: Dataset.Part(
        inputs: Tensor(shape: [count, window], scalars: Array(tokens[..<(count * window)])),
        targets: Tensor(shape: [count, window], scalars: Array(tokens[1...count * window]))))
    dataset.targetName = "next"
    dataset.vocabulary = words
    dataset.splitRule = .lastRows
    return dataset
  }
}
