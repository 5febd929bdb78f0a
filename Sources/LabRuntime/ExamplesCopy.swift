import Datasets
import FileFormats
import Foundation
import RunStore
import Tensors
import Training

/// Copies of examples that no name finds again, so that a run of them can be travelled tomorrow:
/// `examples/FINGERPRINT.safetensors` beside the record, one for all runs of the same examples.
struct ExamplesCopy {
  /// Bytes that a copy may take: larger data is looked for where it came from.
  static let sizeLimit = 16 << 20

  private let folder: URL

  init(_ store: RunStore) { folder = store.directory.appending(path: "examples") }

  private func file(_ name: String) -> URL { folder.appending(path: name + ".safetensors") }

  func contains(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: file(name).path)
  }

  /// Whether a name alone finds the data again, in this lab and in others.
  static func isNamed(_ data: TrainingData) -> Bool {
    guard data.preparation != nil else { return false }
    let name = (try? DataSpecification(parsing: data.name))?.name ?? data.name
    return DatasetLibrary().contains(name)
  }

  /// What the copy of examples with a fingerprint is called.
  static func name(_ fingerprint: String) -> String {
    fingerprint.filter { $0.isLetter || $0.isNumber }
  }

  /// Keeps the examples of settings unless a name finds them as they are or they are too many.
  /// - Returns: the name of the copy; nil when there is none.
  func keep(of settings: RunSettings) throws -> String? {
    let data = settings.data
    let isAltered = !settings.edits.isEmpty || SabotageNote(settings) != nil
    guard isAltered || !Self.isNamed(data) else { return nil }
    let size = Self.entries(data).reduce(0) { $0 + $1.tensor.count * 4 }
    guard size <= Self.sizeLimit else { return nil }
    let name = Self.name(data.fingerprint)
    guard !contains(name) else { return name }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileBytes.writeDurably(try Self.bytes(of: data), to: file(name))
    return name
  }

  /// Examples as a file.
  static func bytes(of data: TrainingData) throws -> [UInt8] {
    let classes = String(decoding: try JSONEncoder().encode(data.classes), as: UTF8.self)
    return try Safetensors(
      entries: entries(data),
      metadata: ["format": "backstep examples", "name": data.name, "classes": classes]
    ).bytes()
  }

  /// The examples of a copy.
  /// - Throws: `FileFailure` when it is gone or damaged.
  func examples(named name: String, as title: String) throws -> TrainingData {
    let path = file(name)
    return try Self.examples(FileBytes.read(path), file: path.path, as: title)
  }

  /// The examples of a file.
  /// - Throws: `FileFailure` when it is damaged.
  static func examples(
    _ bytes: [UInt8], file: String, as title: String
  ) throws -> TrainingData {
    let all = try Safetensors(parsing: bytes, file: file)
    let classes = try? JSONDecoder().decode(
      [String].self, from: Data((all.metadata["classes"] ?? "[]").utf8))
    guard let training = examples("training", all) else {
      throw FileFailure(
        at: file, found: "no copy of examples", right: "remove it, and open the file again")
    }
    return TrainingData(
      name: title, training: training, validation: examples("validation", all),
      classes: classes ?? [])
  }

  /// Removes copies that no run needs; a young one may be of a run that is about to begin.
  func removeUnused(keeping names: Set<String>, olderThan time: Date) {
    let key = URLResourceKey.contentModificationDateKey
    let files =
      (try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: [key])) ?? []
    for file in files where !names.contains(file.deletingPathExtension().lastPathComponent) {
      let date = (try? file.resourceValues(forKeys: [key]))?.contentModificationDate
      if let date, date < time { try? FileManager.default.removeItem(at: file) }
    }
  }

  private static func entries(_ data: TrainingData) -> [Safetensors.Entry] {
    [("training", data.training), ("validation", data.validation)].flatMap { part, examples in
      guard let examples else { return [Safetensors.Entry]() }
      return [
        ("inputs", examples.allInputs), ("targets", examples.allTargets),
        ("weights", examples.weights),
      ].flatMap { kind, tensors in
        tensors.enumerated().map { i, tensor in
          Safetensors.Entry(name: "\(part)/\(kind)/\(i)", tensor: tensor)
        }
      }
    }
  }

  private static func examples(_ part: String, _ all: Safetensors) -> Examples? {
    func tensors(_ kind: String) -> [Tensor] {
      var found: [Tensor] = []
      while let tensor = all["\(part)/\(kind)/\(found.count)"] { found.append(tensor) }
      return found
    }
    let (inputs, targets, weights) = (tensors("inputs"), tensors("targets"), tensors("weights"))
    let counts = Set((inputs + targets + weights).map { $0.shape.extents.first ?? 0 })
    guard !inputs.isEmpty, counts.count == 1, weights.isEmpty || weights.count == targets.count
    else { return nil }
    return Examples(inputs: inputs, targets: targets, weights: weights)
  }
}

extension Dataset {
  /// Examples as they were made ready for a run, as a data set to be looked at; nil where an example
  /// has no target.
  init?(ready data: TrainingData) {
    guard !data.training.allTargets.isEmpty else { return nil }
    func part(_ examples: Examples) -> Part {
      Part(inputs: examples.allInputs, targets: examples.allTargets, weights: examples.weights)
    }
    let width = data.training.inputs.count / max(1, data.training.count)
    self.init(
      name: data.name, origin: "kept with a run", license: "as that of the original",
      features: (1...max(1, width)).map { "x\($0)" },
      task: data.classes.isEmpty ? .regression : .classification(classes: data.classes),
      training: part(data.training), validation: data.validation.map(part))
  }
}
