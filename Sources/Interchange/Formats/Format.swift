import FileFormats
import Foundation
import NeuralNets
import Tensors
import Training

/// A way in which something leaves the lab: to add one, write a file of this folder and name it in
/// `FormatCatalog`.
package protocol Format: Sendable {
  /// As `--to` takes it: `keras-code`.
  static var name: String { get }
  /// What is written, in a few words.
  static var summary: String { get }
  /// How the file's name ends, where it does not matter otherwise: `.py`.
  static var ending: String { get }
  /// What there must be: a model alone, its weights, or a step of its training.
  static var needs: ExportNeed { get }

  /// The files, the first of them under the name that was asked for.
  ///
  /// - Parameter file: the name of the first, without folders.
  /// - Throws: `ExportFailure`, `FileFailure`.
  static func files(of source: ExportSource, file: String) throws -> [ExportedFile]
}

/// What an export is made of.
package enum ExportNeed: Hashable, Sendable, Comparable {
  case model, weights, step
}

/// One file of an export.
package struct ExportedFile: Hashable, Sendable {
  /// Without folders.
  package let name: String
  package let bytes: [UInt8]

  init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

  init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }
}

/// What there is to export: a model, and as far as a format needs them its weights and a step.
package struct ExportSource {
  /// What it is called in titles: `digits.py`, `r12`.
  package let title: String
  package let network: Network
  /// Under Keras's names, in the network's order; those that training begins with if none were made.
  package let weights: [(name: String, tensor: Tensor)]
  package let step: RecordedStep?

  package init(
    title: String, network: Network, weights: [(name: String, tensor: Tensor)],
    step: RecordedStep? = nil
  ) {
    self.title = title
    self.network = network
    self.weights = weights
    self.step = step
  }

  func neededStep() throws(ExportFailure) -> RecordedStep {
    guard let step else {
      throw ExportFailure(
        "a check needs a step of training", remedy: "a program with data of its own, or --data D")
    }
    return step
  }
}

/// Why something cannot be exported.
package struct ExportFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let problem: String
  package let remedy: String

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(problem); right would be \(remedy)" }
}

/// The formats, alphabetical by what `--to` takes.
package enum FormatCatalog {
  package static let all: [any Format.Type] = [
    KerasCodeFormat.self, NumPyCheckFormat.self, NPZFormat.self, PyTorchFormat.self,
    PyTorchCheckFormat.self, SafetensorsFormat.self,
  ]

  /// The format of a name.
  /// - Throws: `ExportFailure` with what may have been meant.
  package static func format(_ name: String) throws(ExportFailure) -> any Format.Type {
    guard let format = all.first(where: { $0.name == name }) else {
      throw ExportFailure(
        "there is no format '\(name)'",
        remedy: "one of " + all.map { $0.name }.joined(separator: ", "))
    }
    return format
  }
}

/// The parts of scripts that are the same in all of them.
enum PythonSource {
  static func text(_ name: String) throws(ExportFailure) -> String {
    let place = Bundle.module.bundleURL.appendingPathComponent("Python/\(name).py")
    guard let text = try? String(contentsOf: place, encoding: .utf8) else {
      throw ExportFailure("\(place.path) is missing", remedy: "a complete installation")
    }
    return text
  }
}

extension String {
  /// A file's name with another ending.
  func withEnding(_ ending: String) -> String {
    let stem = lastIndex(of: ".").map { String(self[..<$0]) } ?? self
    return (stem.isEmpty ? self : stem) + ending
  }
}
