import FileFormats
import Foundation
import Tensors

/// The data sets that have names: generators, the content that comes along, and a user's own.
///
/// A user's own are folders like ours, with `dataset.json` and `data.csv`. Where names are equal a
/// generator comes before content, and content before the user's.
package struct DatasetLibrary: Sendable {
  package typealias Failure = FileFailure

  /// What the Data screen lists of a data set without reading its numbers.
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let title: String
    package let summary: String
    /// The number of examples; of a generator, by its standard settings.
    package let examples: Int
    package let exampleShape: Shape
    package let task: Dataset.Task
    /// What can be set; empty for data that is not generated.
    package let parameters: [GeneratorParameter]
  }

  package static let standardSeed: UInt64 = 42

  private let roots: [URL]

  /// - Parameters:
  ///   - content: the folder of the data sets that come along.
  ///   - userRoot: a user's own, such as `~/.local/share/backstep/Datasets`; it may be missing.
  package init(content: URL? = Self.bundledContent, userRoot: URL? = nil) {
    roots = [content, userRoot].compactMap(\.self)
  }

  /// The folder `Datasets` of this module's resources.
  package static var bundledContent: URL? {
    Bundle.module.url(forResource: "Datasets", withExtension: nil)
  }

  private var folders: [DatasetFolder] { roots.flatMap(DatasetFolder.folders) }

  /// Generators first, then content, then the user's; each by name.
  package var names: [String] {
    var names = GeneratorCatalog.all.map { $0.name }
    for folder in folders where !names.contains(folder.name) { names.append(folder.name) }
    return names
  }

  /// - Throws: `Failure` for an unknown name, or a `dataset.json` that is damaged.
  package func entry(named name: String) throws(FileFailure) -> Entry {
    if let generator = GeneratorCatalog.generator(named: name) { return Entry(generator) }
    return Entry(name: name, try folder(named: name).describe())
  }

  /// Loads a data set by name.
  /// - Parameters:
  ///   - settings: a generator's parameters by name; those left out have their standard value.
  ///   - seed: a generator's; the same seed and settings give the same numbers.
  /// - Throws: `Failure` for an unknown name, settings that do not exist, or damaged content.
  package func load(
    _ name: String, settings: [String: Double] = [:], seed: UInt64 = Self.standardSeed
  ) throws(FileFailure) -> Dataset {
    if let generator = GeneratorCatalog.generator(named: name) {
      return try generator.dataset(settings: settings, seed: seed)
    }
    let folder = try folder(named: name)
    guard settings.isEmpty else {
      throw Failure(
        at: "data set '\(name)'", found: "settings for data that was measured",
        right: "leave out " + settings.keys.sorted().joined(separator: ", "))
    }
    return try folder.load()
  }

  /// Loads what a user named: a data set of the library, else a file.
  /// - Throws: as `load(_:settings:seed:)` and `UserData.load` do.
  package func open(
    _ nameOrFile: String, target: String? = nil, settings: [String: Double] = [:],
    seed: UInt64 = Self.standardSeed
  ) throws(FileFailure) -> Dataset {
    let isFile = UserData.fileTypes.contains { nameOrFile.lowercased().hasSuffix("." + $0) }
    guard isFile && !names.contains(nameOrFile) else {
      return try load(nameOrFile, settings: settings, seed: seed)
    }
    return try UserData.load(URL(fileURLWithPath: nameOrFile), target: target)
  }

  private func folder(named name: String) throws(FileFailure) -> DatasetFolder {
    guard let folder = folders.first(where: { $0.name == name }) else {
      throw Failure(
        at: "data set '\(name)'", found: "no such name",
        right: "there are \(names.joined(separator: ", ")), or give a .csv, .npz or .npy file")
    }
    return folder
  }
}

extension DatasetLibrary.Entry {
  fileprivate init(_ generator: any Generator.Type) {
    self.init(
      name: generator.name, title: generator.title, summary: generator.summary,
      examples: Int(
        (generator.parameters.first { $0.name == "examples" } ?? .examples).standard),
      exampleShape: [generator.features.count], task: generator.task,
      parameters: generator.parameters)
  }

  fileprivate init(name: String, _ description: DatasetDescription) {
    self.init(
      name: name, title: description.title, summary: description.description,
      examples: description.examples, exampleShape: Shape(description.exampleShape),
      task: description.task, parameters: [])
  }
}
