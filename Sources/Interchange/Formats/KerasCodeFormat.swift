import KerasCode
import NeuralNets

/// The network as a program of Keras.
enum KerasCodeFormat: Format {
  static let name = "keras-code"
  static let summary = "the network as a Keras program"
  static let ending = ".py"
  static let needs = ExportNeed.model

  static func files(of source: ExportSource, file: String) throws -> [ExportedFile] {
    [ExportedFile(file, text: try Printer.program(source.network.description))]
  }
}
