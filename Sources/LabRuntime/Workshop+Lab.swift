import Datasets
import FileFormats
import Foundation
import Interchange
import KerasCode
import Lessons
import NeuralNets
import Scripts
import Tensors
import Training

extension Workshop {
  /// What commands reach at the prompt: every data set and file, every program.
  package static func lab(_ library: DatasetLibrary) -> Workshop {
    let loader = ModelLoader(library: library)
    return Workshop(
      layer: layer,
      program: { path, settings in
        let url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
        var loaded = try loader.settings(try loader.read(url), goingOnWith: settings.data)
        let text = String(decoding: try FileBytes.read(url), as: UTF8.self)
        loaded.program = RunSettings.Program(name: path, text: text)
        return loaded
      },
      data: { name, settings in try settings.learning(from: try library.open(name)) }, code: code)
  }

  /// What commands reach in a lesson: its own folder and the data sets of the lab.
  static func lesson(_ lesson: Lesson, _ library: DatasetLibrary) -> Workshop {
    let reader = LessonReader(lesson, library)
    return Workshop(
      layer: layer,
      program: { name, settings in
        try reader.settings(ofProgram: name, data: settings.data)
      },
      data: { name, settings in
        try LessonBudget.checked(settings.learning(from: try reader.dataset(name)), file: name)
      }, code: code)
  }

  /// The text that an export writes; a step's numbers and weights are for files.
  private static func code(_ name: String, _ session: Session) throws -> [String] {
    let known = ["keras": "keras-code"]
    let format = try FormatCatalog.format(known[name] ?? name)
    guard format.needs < .step, format.ending == ".py" else {
      throw RunFailure("\(name) is no program to read", remedy: "export keras, or export pytorch")
    }
    let source = ExportSource(
      title: session.settings.data.name, network: session.network, weights: session.weights)
    guard let file = try format.files(of: source, file: "network.py").first else { return [] }
    return String(decoding: file.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  /// Reads a layer as a line of a program.
  private static func layer(_ text: String) throws -> Component {
    let name = ["keras.layers.", "layers."].reduce(text) {
      $0.hasPrefix($1) ? String($0.dropFirst($1.count)) : $0
    }
    let program = """
      import keras
      from keras import activations, initializers, layers, regularizers
      model = keras.Sequential([keras.layers.\(name)])
      """
    let file = try ModelFile.read(
      program, file: "add",
      budget: Evaluator.Budget(steps: 10_000, numbers: 1 << 20, containers: 1000))
    guard let layer = file.description.layers.first, file.description.layers.count == 1 else {
      throw RunFailure("add \(text)", remedy: "one layer, as Dense(8, activation=\"relu\")")
    }
    return layer.withoutCountedNames
  }
}

extension RunSettings {
  /// Learning from another data set, prepared as the one before; a network whose input was of another
  /// shape takes that of the data.
  fileprivate func learning(from dataset: Dataset) throws -> RunSettings {
    let held = Double(data.validation?.count ?? 0)
    let share = held / max(1, held + Double(data.training.count))
    let preparation = DataPreparation(
      unseenShare: data.preparation?.unseenShare ?? share, standardizes: data.scaler != nil,
      seed: data.preparation?.seed ?? seed)
    var changed = self
    changed.edits = []
    let shape = Shape(Array(dataset.training.inputs.shape.extents.dropFirst()))
    if changed.model.isChain, let old = changed.model.inputShape, old.count != shape.count {
      changed.model.inputShape = shape
    }
    changed.data = try TrainingData(dataset, preparation, for: changed.model)
    return changed
  }
}
