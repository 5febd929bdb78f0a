import FileFormats

// Weights under Keras's names, which other programs read as they are.

/// The weights as safetensors.
enum SafetensorsFormat: Format {
  static let name = "safetensors"
  static let summary = "the weights, under Keras's names"
  static let ending = ".safetensors"
  static let needs = ExportNeed.weights

  static func files(of source: ExportSource, file: String) throws -> [ExportedFile] {
    [ExportedFile(file, try WeightFile.bytes(source.weights, file: "weights" + ending))]
  }
}

/// The weights as an archive of NumPy.
enum NPZFormat: Format {
  static let name = "npz"
  static let summary = "the weights for np.load, under Keras's names"
  static let ending = ".npz"
  static let needs = ExportNeed.weights

  static func files(of source: ExportSource, file: String) throws -> [ExportedFile] {
    [ExportedFile(file, try WeightFile.bytes(source.weights, file: "weights" + ending))]
  }
}
