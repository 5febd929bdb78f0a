import FileFormats
import Tensors

/// The generators there are, by name.
package enum GeneratorCatalog {
  package static let all: [any Generator.Type] = [
    AndGenerator.self, BlobsGenerator.self, CheckerboardGenerator.self, CircleGenerator.self,
    CopyGenerator.self, DatesGenerator.self, EchoGenerator.self, GaussGenerator.self,
    GlyphsGenerator.self, LinearGenerator.self, MoonsGenerator.self, MultiGaussGenerator.self,
    NandGenerator.self, NumberWordsGenerator.self, OrGenerator.self, PhantomScansGenerator.self,
    PlaneGenerator.self, RatingsGenerator.self, RecallGenerator.self, RingsGenerator.self,
    SensorsGenerator.self, SineGenerator.self, SortLettersGenerator.self, SpiralGenerator.self,
    SpliceGenerator.self, StoriesGenerator.self, TonesGenerator.self, WavesGenerator.self,
    XorGenerator.self,
    YinYangGenerator.self,
  ]

  /// Hyphen and underscore are the same in a name.
  package static func generator(named name: String) -> (any Generator.Type)? {
    let (hyphen, underscore) = (UInt8(ascii: "-"), UInt8(ascii: "_"))
    let wanted = name.utf8.lazy.map { $0 == underscore ? hyphen : $0 }
    return all.first { $0.name.utf8.elementsEqual(wanted) }
  }
}

extension Generator {
  /// The data set for these settings; those left out have their standard value.
  /// - Throws: `FileFailure` for a setting that does not exist or is out of range.
  package static func dataset(
    settings: [String: Double] = [:], seed: UInt64 = DatasetLibrary.standardSeed
  ) throws(FileFailure) -> Dataset {
    let source = try GeneratorSource(for: Self.self, settings: settings, seed: seed)
    let (points, form) = (points(source), form(source))
    var dataset = Dataset(
      name: name, title: title, origin: "Computed by Backstep from a formula, seed \(seed).",
      license: "Apache-2.0",
      features: features.isEmpty ? UserData.featureNames(of: form.exampleShape) : features,
      task: task(source),
      training: Dataset.Part(
        inputs: Tensor(
          shape: Shape([points.count] + form.exampleShape.extents),
          scalars: points.flatMap { $0.inputs.map { Float($0) } }),
        targets: Tensor(
          shape: Shape([points.count] + form.targetShape.extents),
          scalars: points.flatMap { $0.targets.map { Float($0) } })))
    dataset.summary = summary
    dataset.targetName = form.targetName ?? (task.classes == nil ? dataset.targetName : "class")
    dataset.range = form.range
    dataset.imageShape = form.isImage ? form.exampleShape : nil
    dataset.vocabulary = form.vocabulary
    dataset.splitRule = form.splitRule
    return dataset
  }
}
