import Datasets
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Training
import Workbench

/// What one worked on, as text for the next start: nothing is asked when one leaves.
package struct KeptWorkpiece: Codable, Sendable {
  private let code: String
  private let data: String
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

  private static let key = "workpiece"

  private init(_ workpiece: Workpiece) {
    // What only a program's own code makes is kept as that program.
    code = (try? Printer.program(workpiece.model)) ?? workpiece.source ?? ""
    data = workpiece.dataset.name
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
  }

  /// Keeps it for the next start.
  package static func keep(_ workpiece: Workpiece, in store: RunStore) throws {
    let text = String(decoding: try JSONEncoder().encode(Self(workpiece)), as: UTF8.self)
    try store.set(key, to: text)
  }

  /// What was worked on when the lab was left; nil when nothing was kept.
  /// - Throws: when it is kept but cannot be opened: its data is gone, or the record is damaged.
  package static func restore(
    from store: RunStore, _ library: DatasetLibrary
  ) throws -> Workpiece? {
    guard let text = try store.setting(key) else { return nil }
    let kept = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    var workpiece = Workpiece(
      model: try ModelFile.read(kept.code, file: kept.fileName).description,
      dataset: try library.open(kept.data), epochs: kept.epochs, batchSize: kept.batchSize,
      seed: kept.seed, fileName: kept.fileName)
    workpiece.preparation = DataPreparation(
      unseenShare: kept.unseenShare, standardizes: kept.standardizes, seed: kept.splitSeed)
    workpiece.shuffles = kept.shuffles
    workpiece.source = kept.source
    workpiece.isSaved = kept.isSaved
    return workpiece
  }
}
