import Datasets
import KerasCode
import NeuralNets
import Scripts
import Tensors
import Training

/// A program to begin with, as Build offers it: its network fitted to the data in use, or the whole
/// of it with data of its own.
struct Template: Sendable {
  let program: ProgramTemplate

  var name: String { program.name }
  var title: String { program.title }

  /// A template for the data in use: its network, or why there is none.
  struct Fitted: Sendable {
    let template: Template
    let model: ModelDescription?
    let parameters: Int
    /// Why it does not fit.
    let reason: String?
  }

  /// Every template there is, the simplest first.
  static let catalog = TemplateLibrary.shipped.templates.map { Template(program: $0) }

  /// Every template, those that fit first.
  static func all(for dataset: Dataset) -> [Fitted] {
    let sample = dataset.sample
    let archive = (try? sample.npz()) ?? []
    let fitted = catalog.map { $0.fitted(to: sample, archive) }
    return fitted.filter { $0.model != nil } + fitted.filter { $0.model == nil }
  }

  /// The program's network with other data in place of its own.
  private func fitted(to dataset: Dataset, _ archive: [UInt8]) -> Fitted {
    func unfit(_ reason: String) -> Fitted {
      Fitted(template: self, model: nil, parameters: 0, reason: reason)
    }
    if program.readsPictures, dataset.imageShape == nil {
      return unfit(
        "it reads pictures; \(dataset.name) has examples of \(dataset.exampleShape.tuple)")
    }
    do {
      let file = try program.read(archive)
      if let reason = TemplateFit(file, dataset).reason { return unfit(reason) }
      let network = try Network(file.description, inputShape: dataset.exampleShape)
      return Fitted(
        template: self, model: file.description, parameters: network.parameterCount, reason: nil)
    } catch {
      return unfit("it makes no network of \(dataset.name): \(Self.problem(error))")
    }
  }

  /// The program read with all of the data: what it counts or measures of them holds for all.
  func read(_ dataset: Dataset) -> ModelFile? { try? program.read(dataset.npz()) }

  /// What is wrong, without the place in the program.
  private static func problem(_ error: any Error) -> String {
    (error as? Diagnostic)?.message ?? "\(error)".split(separator: "\n").first.map(String.init)
      ?? ""
  }

  // MARK: With data of its own

  /// What the lab can do with the whole program.
  enum Own: Sendable {
    /// Its network and its data.
    case opens(OpenedModel, Dataset)
    /// It trains in a loop of its own, for this reason: what that did is played and stepped through.
    case runs(String)
  }

  /// The program with the data it is written for.
  ///
  /// - Throws: `FileFailure` when there are no such data.
  func own(_ library: DatasetLibrary) throws -> Own {
    let dataset = try library.open(program.data)
    do {
      let file = try program.read(try dataset.npz())
      guard file.fit != nil else { return .runs("it does not train by fit") }
      let settings = try ModelLoader(library: library).settings(file, RunOverrides())
      let opened = OpenedModel(
        model: settings.model, data: settings.data, epochs: settings.epochs,
        batchSize: settings.batchSize, path: program.fileName, source: program.text
      ).with(settings)
      return .opens(opened, whole(dataset, file, opened))
    } catch { return .runs(Self.problem(error)) }
  }

  /// The data set itself where the program learns just that, else what the program makes of it.
  private func whole(_ dataset: Dataset, _ file: ModelFile, _ opened: OpenedModel) -> Dataset {
    guard let data = opened.data, TemplateFit(file, dataset).reason != nil else { return dataset }
    let targets = data.training.targets.count / max(1, data.training.count)
    let named = TrainingData(
      name: data.name, training: data.training, validation: data.validation,
      classes: targets == dataset.targetCount ? dataset.task.classes ?? [] : [])
    var made = Dataset(of: named, in: opened)
    if made.exampleShape == dataset.exampleShape { made.vocabulary = dataset.vocabulary }
    if made.exampleShape.count == dataset.imageShape?.count {
      made.imageShape = dataset.imageShape
    }
    return made
  }
}

extension Dataset {
  private static let mostOfSample = 200

  /// As many rows as tell what a program reads off data: their shapes, and how large numbers become.
  fileprivate var sample: Dataset {
    guard count > Self.mostOfSample else { return self }
    let step = Double(count) / Double(Self.mostOfSample)
    var rows = (0..<Self.mostOfSample).map { Int(Double($0) * step) }
    for (tensor, width) in [(inputs, exampleShape.count), (targets, targetCount)] {
      guard let most = tensor.scalars.indices.max(by: { tensor.scalars[$0] < tensor.scalars[$1] })
      else { continue }
      rows.append(most / max(1, width))
    }
    var sample = Dataset(
      name: name, origin: origin, license: license, features: features, task: task,
      training: training.rows(rows))
    sample.imageShape = imageShape
    return sample
  }
}
