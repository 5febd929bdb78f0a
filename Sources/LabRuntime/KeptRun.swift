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
  let settings: RunSettings
  /// What was set by hand, in order.
  let changes: [LiveChange]
  /// The settings that it went on under, for those of the changes that are of this kind.
  private let laterSettings: [(settings: RunSettings, words: String)]
  let steps: Int

  /// - Throws: why it cannot be opened as it was: `FileFailure`, `Diagnostic`, `RunFailure`.
  package init(_ number: RunNumber, _ store: RunStore, _ library: DatasetLibrary) throws {
    guard let run = try store.run(number: number) else {
      throw RunFailure("there is no run \(number)", remedy: "one of those Home lists")
    }
    let record = run.record
    let note = try store.setting(Record.noteKey(number)).flatMap(DataNote.init(json:))
    let dataName = (try? DataSpecification(parsing: record.dataName))?.name ?? record.dataName
    guard library.contains(dataName) else {
      throw RunFailure(
        "\(record.dataName) is no data set of the lab, and its examples are not kept with the run",
        remedy: "open the program or the file it came from")
    }
    let model = try ModelFile.read(record.modelCode, file: "\(number).py").description
    var workpiece = Workpiece(
      model: model, dataset: try library.open(record.dataName), epochs: record.epochs,
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
    self.settings = settings
    changes = try store.changes(of: number)
    var later: [(RunSettings, String)] = []
    for change in changes where change.name == SettingsNote.name {
      let note = try SettingsNote(json: change.value)
      workpiece = try note.workpiece(number, library)
      later.append((try note.settings(of: workpiece), note.words))
    }
    laterSettings = later
    self.workpiece = workpiece
    steps = run.outcome.steps
  }

  /// Trains to where it stopped: the same settings give the same bytes.
  package func open(in lab: Lab) {
    lab.handle(.open(settings))
    var later = laterSettings.makeIterator()
    for change in changes {
      lab.handle(.go(Position(step: change.step)))
      if change.name == SettingsNote.name {
        if let next = later.next() { lab.handle(.change(next.settings, words: next.words)) }
        continue
      }
      _ = lab.ask("set \(change.name) = \(change.value)")
    }
    lab.handle(.go(Position(step: steps)))
  }
}
