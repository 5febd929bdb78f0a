import Datasets
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Training
import Workbench

/// Settings that a run went on under, as text: what must be known to go on the same way again.
struct SettingsNote: Codable, Sendable {
  /// The name of such a change in the record.
  static let name = "settings"

  /// The model as Keras code; nil where only a program's own code makes it.
  private let code: String?
  private let data: String
  private let fingerprint: String
  private let note: DataNote
  private let epochs: Int
  private let batchSize: Int
  private let seed: UInt64
  /// What was changed by hand in the examples; a copy of them has it done.
  private let edits: [DataEdit]?
  /// A fault that was planted, and the weights that were filled with a number.
  private let sabotage: SabotageNote?
  private let fills: [RunSettings.Fill]?
  private let callbacks: CallbacksNote?
  let words: String

  init(_ settings: RunSettings, words: String) {
    code = try? Printer.program(settings.model)
    data = settings.data.name
    fingerprint = settings.data.fingerprint
    note = DataNote(settings)
    (epochs, batchSize, seed) = (settings.epochs, settings.batchSize, settings.seed)
    edits = settings.edits.isEmpty ? nil : settings.edits
    sabotage = SabotageNote(settings)
    fills = settings.fills.isEmpty ? nil : settings.fills
    callbacks = CallbacksNote(settings.callbacks)
    self.words = words
  }

  /// The same text for the same settings: without an order of its own it differs from time to time.
  var json: String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// - Throws: `RunFailure` when the text is none of these.
  init(json: String) throws {
    do { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) } catch {
      throw RunFailure(
        "what the run went on under cannot be read", remedy: "a record that is not damaged")
    }
  }

  /// The settings again, with the examples at hand where they are the same ones.
  /// - Throws: why they cannot be made again: `FileFailure`, `Diagnostic`, `RunFailure`.
  func settings(over present: RunSettings?, _ library: DatasetLibrary) throws -> RunSettings {
    guard let present, present.data.fingerprint == fingerprint, let code else {
      return try workpiece(RunNumber(0), KeptData(nil, library), path: nil).1
    }
    var settings = RunSettings(
      model: try ModelFile.read(code, file: "model.py").description, data: present.data,
      batchSize: batchSize, epochs: epochs, seed: seed, shuffles: note.shuffles,
      initialWeights: present.initialWeights)
    settings.edits = edits ?? []
    settings.callbacks = callbacks?.restored ?? RunCallbacks()
    return settings.withFittingWeights
  }

  /// What is worked on under these settings, and the settings.
  /// - Parameter path: the file that the data came from, where it was one.
  /// - Throws: why they cannot be made again: `FileFailure`, `Diagnostic`, `RunFailure`.
  func workpiece(
    _ number: RunNumber, _ finder: KeptData, path: String?
  ) throws -> (Workpiece, RunSettings) {
    guard let code else {
      throw RunFailure(
        "the network it went on with was made by a program's own code",
        remedy: "that program again")
    }
    let model = try ModelFile.read(code, file: "\(number).py").description
    let found = try finder.find(
      KeptData.Wanted(
        run: "\(number)", name: data, fingerprint: fingerprint, note: note,
        examples: ExamplesCopy.name(fingerprint), path: path,
        isAltered: edits != nil || sabotage != nil), for: model)
    var workpiece = Workpiece(
      model: model, dataset: found.dataset, epochs: epochs, batchSize: batchSize, seed: seed,
      fileName: "\(number).py")
    workpiece.preparation = found.preparation
    workpiece.shuffles = note.shuffles
    workpiece.isSaved = false
    workpiece.callbacks = callbacks?.restored ?? RunCallbacks()
    var settings = RunSettings(
      model: model, data: found.data, batchSize: batchSize, epochs: epochs, seed: seed,
      shuffles: note.shuffles)
    settings.edits = edits ?? []
    settings.fills = fills ?? []
    settings.callbacks = workpiece.callbacks
    sabotage?.plant(in: &settings)
    return (workpiece, settings)
  }
}
