import Datasets
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Tensors
import Training
import Workbench

/// What one worked on, as text for the next start: nothing is asked when one leaves.
package struct KeptWorkpiece: Codable, Sendable {
  private let code: String
  private let data: String
  /// The name in `KeptExamples` of data that no name finds again.
  private let examples: String?
  private let unseenShare: Double
  private let standardizes: Bool
  private let splitSeed: UInt64
  private let epochs: Int
  private let batchSize: Int
  private let seed: UInt64
  private let shuffles: Bool
  private let fileName: String
  private let source: String?
  private let isSaved: Bool
  private let callbacks: CallbacksNote?
  /// The weights that its program gives it, unless they are many.
  private let weights: [String: KeptWeight]?

  private struct KeptWeight: Codable {
    let shape: [Int]
    let numbers: [Float]
  }

  /// More than these are read from the program again.
  private static let mostNumbers = 1 << 18

  private static let key = "workpiece"

  private init(_ workpiece: Workpiece, examples: String?) {
    // What only a program's own code makes is kept as that program.
    code = (try? Printer.program(workpiece.model)) ?? workpiece.source ?? ""
    data = workpiece.dataset.name
    self.examples = examples
    unseenShare = workpiece.preparation.unseenShare
    standardizes = workpiece.preparation.standardizes
    splitSeed = workpiece.preparation.seed
    epochs = workpiece.epochs
    batchSize = workpiece.batchSize
    seed = workpiece.seed
    shuffles = workpiece.shuffles
    fileName = workpiece.fileName
    source = workpiece.source
    isSaved = workpiece.isSaved
    callbacks = CallbacksNote(workpiece.callbacks)
    let given = workpiece.initialWeights ?? [:]
    let isSmall = given.values.reduce(0) { $0 + $1.count } <= Self.mostNumbers
    let isSound = given.values.allSatisfy { $0.scalars.allSatisfy(\.isFinite) }
    weights =
      given.isEmpty || !isSmall || !isSound
      ? nil
      : given.mapValues { KeptWeight(shape: $0.shape.extents, numbers: $0.scalars) }
  }

  /// The text that `restore` reads.
  static func text(of workpiece: Workpiece, in store: RunStore) throws -> String {
    let examples = try KeptExamples(store).keep(workpiece.dataset)
    return String(
      decoding: try JSONEncoder().encode(Self(workpiece, examples: examples)), as: UTF8.self)
  }

  /// Keeps it for the next start.
  package static func keep(_ workpiece: Workpiece, in store: RunStore) throws {
    try keep(text: try text(of: workpiece, in: store), in: store)
  }

  static func keep(text: String, in store: RunStore) throws { try store.set(key, to: text) }

  /// What was worked on when the lab was left; nil when nothing was kept.
  ///
  /// - Parameter standard: gives its examples where those that were used are gone.
  /// - Returns: the workpiece, and what of it could not be opened.
  /// - Throws: when the record is damaged.
  package static func restore(
    from store: RunStore, _ library: DatasetLibrary, standard: Workpiece
  ) throws -> (workpiece: Workpiece, trouble: String?)? {
    guard let text = try store.setting(key) else { return nil }
    let kept = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    var (dataset, trouble): (Dataset, String?) = (standard.dataset, nil)
    do {
      dataset =
        try kept.examples.map { try KeptExamples(store).examples(named: $0, as: kept.data) }
        ?? library.open(kept.data)
    } catch { trouble = "\(kept.data) is gone, \(dataset.name) takes its place: \(error)" }
    var workpiece = Workpiece(
      model: try KeptProgram(kept.code, named: kept.fileName).read(
        as: kept.fileName, library, keepsMisfits: true
      ).description,
      dataset: dataset, epochs: kept.epochs, batchSize: kept.batchSize,
      seed: kept.seed, fileName: kept.fileName)
    workpiece.preparation = DataPreparation(
      unseenShare: kept.unseenShare, standardizes: kept.standardizes, seed: kept.splitSeed)
    workpiece.shuffles = kept.shuffles
    workpiece.source = kept.source
    workpiece.isSaved = kept.isSaved
    workpiece.callbacks = kept.callbacks?.restored ?? RunCallbacks()
    workpiece.initialWeights = kept.weights?.compactMapValues { weight in
      weight.shape.allSatisfy { $0 >= 0 } && Shape(weight.shape).count == weight.numbers.count
        ? Tensor(shape: Shape(weight.shape), scalars: weight.numbers) : nil
    }
    return (workpiece, trouble)
  }

  /// Puts a damaged one aside, so that it is told once.
  package static func setAside(in store: RunStore) {
    KeptLab.setAside(key, in: store)
  }
}

/// Examples that no name finds again: those of a file, which may go or change, or of a program.
struct KeptExamples {
  private let folders: DatasetStore
  /// How many sets are kept: several labs may be open at once.
  private static let most = 8

  init(_ store: RunStore) {
    folders = DatasetStore(root: store.directory.appending(path: "kept"))
  }

  /// Keeps a data set unless its name alone finds it.
  /// - Returns: the name it is kept under, nil when there is no need.
  func keep(_ dataset: Dataset) throws -> String? {
    let base = (try? DataSpecification(parsing: dataset.name))?.name ?? dataset.name
    guard !DatasetLibrary().contains(base) else { return nil }
    let name = "data-" + dataset.fingerprint.filter { $0.isLetter || $0.isNumber }
    if !folders.contains(name) {
      try folders.save(dataset, as: name)
      removeOld(but: name)
    }
    return name
  }

  private func removeOld(but newest: String) {
    let keys: Set<URLResourceKey> = [.contentModificationDateKey]
    let found =
      (try? FileManager.default.contentsOfDirectory(
        at: folders.root, includingPropertiesForKeys: Array(keys))) ?? []
    func date(_ url: URL) -> Date {
      (try? url.resourceValues(forKeys: keys))?.contentModificationDate ?? .distantPast
    }
    let old = found.filter { $0.lastPathComponent != newest }.sorted { date($0) > date($1) }
    for url in old.dropFirst(Self.most - 1) { try? FileManager.default.removeItem(at: url) }
  }

  /// - Parameter name: what the data set was called when it was kept.
  func examples(named kept: String, as name: String) throws -> Dataset {
    let found = try DatasetLibrary(content: nil, userRoot: folders.root).load(kept)
    var dataset = Dataset(
      name: name, title: found.title == kept ? name : found.title, origin: found.origin,
      license: found.license, features: found.features, task: found.task,
      training: found.training, validation: found.validation, test: found.test)
    dataset.summary = found.summary
    dataset.targetName = found.targetName
    dataset.splitRule = found.splitRule
    dataset.range = found.range
    dataset.imageShape = found.imageShape
    return dataset
  }
}
