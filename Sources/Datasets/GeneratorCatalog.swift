import FileFormats
import Tensors

/// The generators there are, by name.
package enum GeneratorCatalog {
  package static let all: [any Generator.Type] = [
    AndGenerator.self, BlobsGenerator.self, CheckerboardGenerator.self, CircleGenerator.self,
    GaussGenerator.self, LinearGenerator.self, MoonsGenerator.self, MultiGaussGenerator.self,
    NandGenerator.self, OrGenerator.self, PlaneGenerator.self, RatingsGenerator.self,
    RingsGenerator.self, SineGenerator.self, SpiralGenerator.self, XorGenerator.self,
    YinYangGenerator.self,
  ]

  /// Hyphen and underscore are the same in a name.
  package static func generator(named name: String) -> (any Generator.Type)? {
    let wanted = name.map { $0 == "_" ? "-" : $0 }
    return all.first { Array($0.name) == wanted }
  }
}

extension Generator {
  /// The data set for these settings; those left out have their standard value.
  /// - Throws: `FileFailure` for a setting that does not exist or is out of range.
  package static func dataset(
    settings: [String: Double] = [:], seed: UInt64 = DatasetLibrary.standardSeed
  ) throws(FileFailure) -> Dataset {
    let source = try GeneratorSource(for: Self.self, settings: settings, seed: seed)
    let points = points(source)
    var dataset = Dataset(
      name: name, title: title, origin: "Computed by Backstep from a formula, seed \(seed).",
      license: "Apache-2.0", features: features, task: task(source),
      training: Dataset.Part(
        inputs: Tensor(
          shape: [points.count, features.count],
          scalars: points.flatMap { $0.inputs.map { Float($0) } }),
        targets: Tensor(shape: [points.count], scalars: points.map { Float($0.target) })))
    dataset.summary = summary
    if task.classes != nil { dataset.targetName = "class" }
    return dataset
  }
}
