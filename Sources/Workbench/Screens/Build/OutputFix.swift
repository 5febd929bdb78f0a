import Datasets
import NeuralNets
import Tensors

/// Edits of the last layer and the loss that make both fit the targets.
enum OutputFix {
  /// The smallest edit after which nothing is left to say of the end of the network.
  static func first(_ blueprint: Blueprint, _ dataset: Dataset) -> CheckFix? {
    candidates(blueprint, dataset).first { fix in
      guard let model = fix.model else { return false }
      let after = Blueprint(model, dataShape: dataset.exampleShape)
      guard after.failure == nil else { return false }
      return OutputChecks.allGood(after, dataset)
    }
  }

  private static func candidates(_ blueprint: Blueprint, _ dataset: Dataset) -> [CheckFix] {
    let model = blueprint.model
    guard let last = model.layers.lastIndex(where: { $0.arguments[ifTaken: "units"] != nil }),
      model.isChain || last == model.layers.count - 1
    else { return [] }
    let classes = dataset.task.classes?.count
    let units = classes ?? dataset.targetWidth
    var ends: [(String, [(String, ArgumentValue)], String?)] = []
    let softmax: (String, ArgumentValue) = ("activation", .text("softmax"))
    let sigmoid: (String, ArgumentValue) = ("activation", .text("sigmoid"))
    let linear: (String, ArgumentValue) = ("activation", .none)
    let count: (String, ArgumentValue) = ("units", .integer(units))
    if let classes {
      let loss = "SparseCategoricalCrossentropy"
      ends = [
        ("\(classes) units", [count], nil), ("softmax", [softmax], nil),
        ("sigmoid", [sigmoid], nil), ("a linear output", [linear], nil),
        ("\(classes) units with softmax", [count, softmax], nil),
        ("a cross-entropy of classes", [], loss),
        ("softmax and a cross-entropy", [count, softmax], loss),
      ]
      if classes == 2 {
        ends.insert(("binary_crossentropy", [], "BinaryCrossentropy"), at: 4)
      }
    } else {
      ends = [
        ("a linear output", [linear], nil), ("\(units) units", [count], nil),
        ("\(units) linear units", [count, linear], nil),
        ("\(units) linear units and mean_squared_error", [count, linear], "MeanSquaredError"),
      ]
    }
    return flattened(model, before: last)
      + ends.compactMap { title, changes, loss in
        var changed = model
        for (name, value) in changes {
          do { try changed.layers[last].arguments.set(name, value) } catch { return nil }
        }
        if let loss { changed.compilation?.loss = .known(loss) }
        return changed == model ? nil : CheckFix(title: title, model: changed)
      }
  }

  /// A layer that is applied at every place of an image or a sequence gives an output for each of them;
  /// laid flat before the first of those that end the network, the example has one.
  private static func flattened(_ model: ModelDescription, before last: Int) -> [CheckFix] {
    guard model.isChain, last > 0, let flatten = Component.standard("Flatten") else { return [] }
    var first = last
    for place in model.layers.indices.prefix(last).reversed() {
      let kind = model.layers[place].kind
      if kind == "Dense" { first = place }
      guard
        kind == "Dense" || LayerCatalog.kindsThatKeepNumbers.contains(kind)
          || ["Activation", "ReLU", "BatchNormalization"].contains(kind)
      else { break }
    }
    var changed = model
    changed.layers.insert(flatten, at: first)
    return [CheckFix(title: "Flatten before \(model.layerNames[first])", model: changed)]
  }
}
