import Datasets
import Foundation
import KerasCode
import NeuralNets
import Scripts
import Tensors
import Training

/// The program that a run came from.
package struct KeptProgram: Codable, Sendable {
  let text: String
  /// The folder it reads files from.
  let folder: String

  /// A program of a file, which reads what lies beside it.
  package init(_ text: String, named file: String) {
    self.text = text
    folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
  }

  /// Reads it again, without training. A template asks for the file that a data set is exported to:
  /// where there is none of that name, the data set itself is what it gets.
  ///
  /// - Parameter keepsMisfits: whether a model is taken whose layers do not fit together.
  /// - Throws: `Diagnostic`, or why a file that it reads cannot be read any more.
  func read(
    as name: String, _ library: DatasetLibrary, keepsMisfits: Bool = false
  ) throws -> ModelFile {
    let files = ProgramFolder(URL(fileURLWithPath: folder))
    return try ModelFile.read(text, file: name, keepsMisfits: keepsMisfits) { path in
      do { return try files.read(path) } catch {
        let stem = path.hasSuffix(".npz") ? String(path.dropLast(4)) : ""
        guard library.contains(stem) else { throw error }
        return try library.open(stem).npz()
      }
    }
  }
}

/// What makes a run again besides its record: how its examples were made, and what computed it.
struct ReplayNote: Codable, Sendable {
  /// Rises when the same settings give other numbers than before.
  static let engine = 1

  var data: DataNote
  /// The name of the copy of its examples; nil where a name finds them, or they are too many.
  var examples: String?
  /// The file its examples came from.
  var dataPath: String?
  /// Whether the weights it began with were given; they are its first checkpoint then.
  var beginsWithGivenWeights: Bool
  /// The program it came from, where that has more than the model: callbacks, a network of its own.
  var program: KeptProgram?
  /// The callbacks that watched it; nil where there were none.
  var callbacks: CallbacksNote?
  /// The instruction set it ran on.
  var tier: String
  var engine: Int

  init(_ settings: RunSettings, program: KeptProgram? = nil) {
    data = DataNote(settings)
    beginsWithGivenWeights = settings.initialWeights != nil
    // One that is very long is not kept.
    self.program = program.flatMap { $0.text.utf8.count <= 1 << 20 ? $0 : nil }
    callbacks = CallbacksNote(settings.callbacks)
    tier = kernelTier()
    engine = Self.engine
  }

  var json: String? {
    (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }

  init?(json: String) {
    guard let note = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
      return nil
    }
    self = note
  }

  /// What computed it, in words.
  var machinery: String { "\(tier) kernels, engine \(engine)" }

  /// The same of this program here.
  static var ownMachinery: String { "\(kernelTier()) kernels, engine \(engine)" }
}
