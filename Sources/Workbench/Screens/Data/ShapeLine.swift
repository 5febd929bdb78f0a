import Datasets
import TerminalGraphics
import Training

/// One thing that can be set about a data set.
enum ShapeLine: Hashable {
  /// What a generator is told, or noise and the count of any data.
  case parameter(GeneratorParameter)
  case seed, unseen, standardize, labelNoise, outliers
  /// The share of a class that is kept.
  case keep(String)
  /// A further input, computed from the others.
  case feature(DerivedFeature, name: String)

  var name: String {
    switch self {
    case .parameter(let parameter): parameter.name
    case .seed: "seed"
    case .unseen: "unseen part"
    case .standardize: "standardize"
    case .labelNoise: "wrong labels"
    case .outliers: "outliers"
    case .keep(let name): "keep \(name)"
    case .feature(_, let name): "input \(name)"
    }
  }

  /// What it does, for the help under the lines.
  var words: String {
    switch self {
    case .parameter(let parameter):
      switch parameter.name {
      case "examples": "how many examples there are"
      case "noise": "how far the inputs are moved by chance"
      default: "what the formula is told"
      }
    case .seed: "another seed, other chance"
    case .unseen: "the part that is held back to judge by"
    case .standardize: "each input at mean 0 and σ 1"
    case .labelNoise: "the share with a wrong answer"
    case .outliers: "the share moved 5 σ away"
    case .keep: "the share of this class that stays"
    case .feature: "one more input for the network"
    }
  }

  var isToggle: Bool {
    switch self {
    case .standardize, .feature: true
    default: false
    }
  }

  /// What can be set about the data set shown.
  static func all(_ state: AppState) -> [ShapeLine] {
    guard let preview = state.data.preview else { return [] }
    let isMade = state.isMadeData
    var lines = (state.dataEntry?.parameters ?? []).map(ShapeLine.parameter)
    if !isMade {
      lines.append(
        .parameter(
          GeneratorParameter(
            "examples", in: 2...Double(max(2, state.wholeCount)),
            standard: Double(max(2, state.wholeCount)), isWhole: true)))
    }
    if !lines.contains(where: { $0.name == GeneratorParameter.noiseName }) {
      lines.append(
        .parameter(GeneratorParameter(GeneratorParameter.noiseName, in: 0...3, standard: 0)))
    }
    lines += [.seed, .unseen, .standardize]
    lines += features(preview, state)
    lines += [.labelNoise, .outliers]
    return lines + (preview.dataset.task.classes ?? []).prefix(26).map(ShapeLine.keep)
  }

  /// Playground's further inputs, for data with one or two inputs of its own.
  private static func features(_ preview: DataPreview, _ state: AppState) -> [ShapeLine] {
    let count = state.data.specification.options.features.count
    let own = Array(preview.dataset.features.dropLast(count))
    guard preview.dataset.imageShape == nil, (1...2).contains(own.count) else { return [] }
    return DerivedFeature.playground.filter { $0.inputs.allSatisfy { $0 < own.count } }
      .map { .feature($0, name: $0.name(among: own)) }
  }
}

extension AppState {
  /// How many examples the data set shown has when nothing is left out.
  var wholeCount: Int {
    data.opened.first { $0.name == data.name }?.count ?? dataEntry?.examples ?? 0
  }
}
