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
  ///   - userRoot: a user's own, such as `~/.local/share/backstep/datasets`; it may be missing.
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

  /// Whether there is a data set of that name; hyphen and underscore are the same in a generator's.
  package func contains(_ name: String) -> Bool {
    GeneratorCatalog.generator(named: name) != nil || folders.contains { $0.name == name }
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

  /// Loads what a user named: a data set of the library, else a file or folder; options may follow
  /// a colon, as `DataSpecification` reads them.
  /// - Throws: as `load` and `UserData.load` do.
  package func open(
    _ text: String, target: String? = nil, settings: [String: Double] = [:],
    seed: UInt64? = nil
  ) throws(FileFailure) -> Dataset {
    // A file whose own name looks as if options followed.
    var specification =
      FileManager.default.fileExists(atPath: text)
      ? DataSpecification(text) : try DataSpecification(parsing: text)
    specification.table.target = target ?? specification.table.target
    specification.settings.merge(settings) { $1 }
    specification.options.seed = seed ?? specification.options.seed
    return try load(specification)
  }

  /// Loads data and does what is asked to it; the name of the result is the whole specification, by
  /// which `open` finds the same again.
  /// - Throws: `Failure` for an unknown name or file, options that do not fit, or damaged content.
  package func load(_ specification: DataSpecification) throws(FileFailure) -> Dataset {
    let name = specification.name
    guard let generator = GeneratorCatalog.generator(named: name) else {
      let read =
        try isFile(name)
        ? file(name, specification.table)
        : folder(named: name).load(window: specification.table.window)
      return try specification.applied(to: read)
    }
    var settings = specification.settings
    var options = specification.options
    let known = Set(generator.parameters.map(\.name))
    if !known.contains("noise") { options.noise = settings.removeValue(forKey: "noise") ?? 0 }
    var dataset = try options.applied(
      to: generator.dataset(settings: settings, seed: options.seed))
    let shown = specification.description
    // The name of a file alone, as ever; with options all that opens it again.
    if shown != name { dataset.name = shown }
    return dataset
  }

  private func isFile(_ name: String) -> Bool {
    guard !contains(name) else { return false }
    let isData = UserData.fileTypes.contains { name.lowercased().hasSuffix("." + $0) }
    return isData || FileManager.default.fileExists(atPath: name)
  }

  private func file(_ path: String, _ table: TableOptions) throws(FileFailure) -> Dataset {
    try UserData.load(URL(fileURLWithPath: path), options: table)
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
      exampleShape: generator.form.exampleShape, task: generator.task,
      parameters: generator.parameters)
  }

  fileprivate init(name: String, _ description: DatasetDescription) {
    self.init(
      name: name, title: description.title, summary: description.description,
      examples: description.examples, exampleShape: Shape(description.exampleShape),
      task: description.task, parameters: [])
  }
}
