import Datasets
import Foundation
import NeuralNets
import RunStore
import Training
import Workbench

/// Finds the examples of a kept run again: under their name, where they came from, or in the copy
/// that was kept with the run. What is found is what it learned from, by its fingerprint.
struct KeptData {
  /// Nil where there is no record, and so no copies.
  private let store: RunStore?
  private let library: DatasetLibrary
  /// A data set at hand: it has what no name finds.
  private let own: Dataset?

  init(_ store: RunStore?, _ library: DatasetLibrary, own: Dataset? = nil) {
    (self.store, self.library, self.own) = (store, library, own)
  }

  /// What is looked for.
  struct Wanted {
    let run: String
    let name: String
    let fingerprint: String
    let note: DataNote
    let examples: String?
    let path: String?
    /// Whether examples were changed by hand: the copy has that done, their name finds what they were.
    var isAltered = false
  }

  /// The data of a run: for its screens, and ready to learn from.
  /// - Throws: `RunFailure` when it is gone, or has other examples now.
  func find(
    _ wanted: Wanted, for model: ModelDescription
  ) throws -> (dataset: Dataset, preparation: DataPreparation, data: TrainingData) {
    var trouble: (any Error)?
    var original: (dataset: Dataset, preparation: DataPreparation, data: TrainingData)?
    for candidate in candidates(wanted) {
      do {
        let dataset = try candidate()
        let preparation = wanted.note.preparation ?? DataPreparation()
        let data = try TrainingData(dataset, preparation, for: model)
        if data.fingerprint == wanted.fingerprint { return (dataset, preparation, data) }
        if wanted.isAltered { original = original ?? (dataset, preparation, data) }
        trouble = Self.differs(wanted)
      } catch { trouble = error }
    }
    if let name = wanted.examples, let copies = store.map({ ExamplesCopy($0) }),
      copies.contains(name)
    {
      let data = try copies.examples(named: name, as: wanted.name)
      guard data.fingerprint == wanted.fingerprint else { throw Self.differs(wanted) }
      // What is worked on is what they were.
      if var found = original, found.data.training.count == data.training.count {
        found.data = TrainingData(
          name: data.name, training: data.training, validation: data.validation,
          classes: data.classes, preparation: found.data.preparation, scaler: found.data.scaler)
        return found
      }
      guard let dataset = Dataset(ready: data) else { throw Self.differs(wanted) }
      let preparation = DataPreparation(unseenShare: 0, standardizes: false)
      return (dataset, preparation, data)
    }
    throw trouble
      ?? RunFailure(
        "\(wanted.name) is no data set of the lab, and its examples are not kept with the run",
        remedy: "the program or the file it came from")
  }

  private func candidates(_ wanted: Wanted) -> [() throws -> Dataset] {
    var all: [() throws -> Dataset] = []
    if let own, own.name == wanted.name { all.append { own } }
    let specification = try? DataSpecification(parsing: wanted.name)
    let name = specification?.name ?? wanted.name
    if library.contains(name) {
      all.append { try library.open(wanted.name) }
    } else if let path = wanted.path ?? (isThere(name) ? name : nil), isThere(path) {
      all.append {
        var reading = specification ?? DataSpecification(name)
        reading.name = path
        if let target = wanted.note.target { reading.table.target = target }
        return try library.load(reading)
      }
    }
    return all
  }

  private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static func differs(_ wanted: Wanted) -> RunFailure {
    RunFailure(
      "\(wanted.run) learned from other examples than \(wanted.name) has now",
      remedy: "the same data set with the same settings")
  }
}
