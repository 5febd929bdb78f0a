import Datasets
import FileFormats
import Foundation
import KerasCode
import Lessons
import NeuralNets
import Scripts
import Tensors
import Training

/// Makes runs of a lesson's files. Nobody vouches for them: they read in the lesson's own folder, and
/// their work and their numbers are bounded.
struct LessonReader {
  private let lesson: Lesson
  private let loader: ModelLoader

  init(_ lesson: Lesson, _ library: DatasetLibrary) {
    self.lesson = lesson
    loader = ModelLoader(library: library)
  }

  /// A tenth of what a program may do that one runs oneself.
  static let budget = Evaluator.Budget(
    steps: 5_000_000, numbers: 16 << 20, containers: 200_000)

  /// The settings of Keras source, learning from a data set or a file of the folder where one is named.
  ///
  /// - Parameter file: what messages call the source.
  func settings(
    _ source: String, file: String, data: String? = nil, seed: UInt64? = nil
  ) throws -> RunSettings {
    let program = try ModelFile.read(
      source, file: file, budget: Self.budget, seed: seed ?? 0, readFile: read)
    var overrides = RunOverrides()
    overrides.dataset = try data.map(dataset)
    overrides.seed = seed
    return try LessonBudget.checked(loader.settings(program, overrides), file: file)
  }

  /// The settings of a program of the lesson's folder.
  func settings(ofProgram name: String, data: TrainingData) throws -> RunSettings {
    guard let source = lesson.programs[name] else {
      let known = lesson.programs.keys.sorted()
      throw RunFailure(
        "there is no program '\(name)' in this lesson",
        remedy: known.isEmpty ? "a lesson with programs" : "one of " + known.joined(separator: ", ")
      )
    }
    let program = try ModelFile.read(
      source, file: "\(lesson.name)/\(name)", budget: Self.budget, readFile: read)
    var settings = try loader.settings(program, goingOnWith: data)
    settings.program = RunSettings.Program(name: name, text: source)
    return try LessonBudget.checked(settings, file: "\(lesson.name)/\(name)")
  }

  private func read(_ name: String) throws -> [UInt8] {
    guard let folder = lesson.folder else {
      throw Complaint("the file \"\(name)\" cannot be read here")
    }
    do { return try folder.bytes(of: name) } catch {
      throw Complaint("\"\(name)\": \(error.found)", remedy: error.right, at: .argument(0))
    }
  }

  /// A data set of the lab, or a file of the lesson's folder; options may follow a colon.
  func dataset(_ text: String) throws -> Dataset {
    var specification = try DataSpecification(parsing: text)
    if let count = specification.settings["examples"], count > 100_000 {
      throw RunFailure("\(Int(min(count, 1e15))) examples for a lesson", remedy: "at most 100000")
    }
    if !loader.library.contains(specification.name) {
      guard let folder = lesson.folder, text.contains(".") else {
        throw RunFailure(
          "there is no data set '\(specification.name)'",
          remedy: "a file beside lesson.md, or one of "
            + loader.library.names.joined(separator: ", "))
      }
      _ = try folder.bytes(of: specification.name)
      specification.name = try folder.place(of: specification.name).path
    }
    return try loader.library.load(specification)
  }
}

extension ModelLoader {
  /// The run of a program; one that fits its model to nothing takes the data there is.
  func settings(_ program: ModelFile, goingOnWith data: TrainingData) throws -> RunSettings {
    guard program.fit == nil else { return try settings(program, RunOverrides()) }
    var model = program.description
    if model.inputShape == nil {
      model.inputShape = Shape(Array(data.training.inputs.shape.extents.dropFirst()))
    }
    return RunSettings(model: model, data: data, initialWeights: program.initialWeights)
      .withFittingWeights
  }
}
