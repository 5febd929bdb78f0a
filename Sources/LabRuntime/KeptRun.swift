import Datasets
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Training
import Workbench

/// A kept run, made ready to be opened where it stopped.
package struct KeptRun: Sendable {
  let number: RunNumber
  let workpiece: Workpiece
  /// The same as the run began, before anything was changed by hand.
  let beginning: Workpiece
  let settings: RunSettings
  /// What was set by hand, in order.
  let changes: [LiveChange]
  /// The same, ready to be made again.
  let replayed: [Replay.Change]
  let steps: Int

  /// - Throws: why it cannot be opened as it was: `FileFailure`, `Diagnostic`, `RunFailure`.
  ///
  /// - Parameters:
  ///   - own: the workpiece it was made of, when that is at hand: it has what no name finds.
  ///   - isCopied: whether another run is made of it: then it may be open elsewhere.
  package init(
    _ number: RunNumber, _ store: RunStore, _ library: DatasetLibrary, own: Workpiece? = nil,
    isCopied: Bool = false
  ) throws {
    guard let run = try store.run(number: number) else {
      throw RunFailure("there is no run \(number)", remedy: "one of those that 7 lists")
    }
    if !isCopied, let writer = run.writer {
      throw RunFailure(
        "\(number) is open in another lab (process \(writer.process) on \(writer.host))",
        remedy: "close it there first")
    }
    let record = run.record
    let note = try store.setting(Record.noteKey(number)).flatMap(DataNote.init(json:))
    var workpiece = Workpiece(
      model: try Self.model(of: record, number, own),
      dataset: try Self.dataset(of: record, library, own), epochs: record.epochs,
      batchSize: record.batchSize, seed: record.seed, fileName: "\(number).py")
    workpiece.preparation = note?.preparation ?? DataPreparation()
    workpiece.shuffles = note?.shuffles ?? true
    workpiece.isSaved = false
    let settings = try workpiece.settings()
    guard settings.data.fingerprint == record.dataFingerprint else {
      throw RunFailure(
        "\(number) learned from other examples than \(record.dataName) has now",
        remedy: "the same data set with the same settings")
    }
    self.number = number
    beginning = workpiece
    self.settings = settings
    changes = try store.changes(of: number)
    replayed = try changes.map { try Replay.Change($0, of: number, library) }
    self.workpiece = replayed.last { $0.workpiece != nil }?.workpiece ?? workpiece
    steps = run.outcome.steps
  }

  /// Trains to where it stopped: the same settings give the same bytes.
  package func open(in lab: Lab) {
    lab.handle(.open(settings))
    var replay = Replay(lab, changes: replayed, steps: steps, place: nil)
    while !replay.advance(lab) {}
  }

  private static func model(
    of record: RunRecord, _ number: RunNumber, _ own: Workpiece?
  ) throws -> ModelDescription {
    do { return try ModelFile.read(record.modelCode, file: "\(number).py").description } catch {
      // What only a program's own code makes is not kept as code.
      guard let own, own.model.summary == record.modelSummary else { throw error }
      return own.model
    }
  }

  private static func dataset(
    of record: RunRecord, _ library: DatasetLibrary, _ own: Workpiece?
  ) throws -> Dataset {
    if let own, own.dataset.name == record.dataName { return own.dataset }
    let name = (try? DataSpecification(parsing: record.dataName))?.name ?? record.dataName
    guard library.contains(name) || FileManager.default.fileExists(atPath: name) else {
      throw RunFailure(
        "\(record.dataName) is no data set of the lab, and its examples are not kept with the run",
        remedy: "open the program or the file it came from")
    }
    return try library.open(record.dataName)
  }
}
