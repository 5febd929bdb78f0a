import Datasets
import NeuralNets
import Tensors

/// An edit that makes a network of one that is none.
struct WayOut: Sendable {
  /// In words: `pad the border with zeros`.
  let title: String
  /// As code: `padding="same"`.
  let code: String
  let model: ModelDescription
  /// The line that is chosen after it.
  let line: Int
  /// What the layer gives then; of a layer taken away, what the network gives.
  let gives: Shape
  let parameters: Int

  /// The ways that work, the mildest first; found by trying.
  static func all(for blueprint: Blueprint, _ dataset: Dataset) -> [WayOut] {
    guard let failure = blueprint.failure else { return [] }
    let search = WayOutSearch(model: blueprint.model, dataset: dataset)
    guard blueprint.model.isChain else {
      return failure.layer.map { search.waysInGraph(at: $0) } ?? []
    }
    guard let layer = failure.layer else { return search.wholeModel }
    return search.ways(at: layer)
  }
}

/// Tries edits of a model and keeps those that make a network.
private struct WayOutSearch {
  let model: ModelDescription
  let dataset: Dataset

  /// The most that fit the panel.
  private static let most = 4

  var wholeModel: [WayOut] {
    var filled = model
    if filled.inputShape == nil { filled.inputShape = dataset.flatShape }
    let output = ModelDescription.smallest(for: dataset).layers
    filled.layers += output
    return [
      way("add an output for the data", output.last.map(KerasSource.call) ?? "", filled, layer: 0)
    ].compactMap(\.self)
  }

  func ways(at layer: Int) -> [WayOut] {
    let found =
      [renamed(layer), padded(layer)] + carrying(layer) + [smaller(layer), movedUp(layer)]
      + [sequences(layer), flattened(layer), reshaped(layer), pictured(layer)]
      + [removed(layer), removedBefore(layer)]
    return Array(found.compactMap(\.self).prefix(Self.most))
  }

  /// In a graph settings change, a merge is given what fits, or the layer goes.
  func waysInGraph(at layer: Int) -> [WayOut] {
    let found =
      [renamed(layer), padded(layer), smaller(layer)] + carrying(layer) + projected(layer)
      + [concatenated(layer), flattenedInGraph(layer), removedFromGraph(layer)]
    return Array(found.compactMap(\.self).prefix(Self.most))
  }

  /// A way whose layers were renumbered by an edit.
  private func way(_ title: String, _ code: String, _ outcome: GraphEdits.Outcome?) -> WayOut? {
    outcome.flatMap { way(title, code, $0.model, layer: $0.layer ?? 0) }
  }

  private func edits(at layer: Int) -> (edits: GraphEdits, call: Int)? {
    guard let edits = try? GraphEdits(model, dataShape: dataset.exampleShape),
      let call = edits.firstCall(of: layer)
    else { return nil }
    return (edits, call)
  }

  /// A merge of different widths: a Dense brings one to that of the other.
  private func projected(_ layer: Int) -> [WayOut?] {
    guard let (edits, call) = edits(at: layer), edits.merges(call) else { return [] }
    let blueprint = Blueprint(model, dataShape: dataset.exampleShape)
    let inputs = edits.calls[call].inputs
    return inputs.indices.reversed().map { i in
      guard let width = blueprint.shape(of: inputs[i == 0 ? 1 : 0])?.last, inputs.count > 1 else {
        return nil
      }
      let dense = Component.known("Dense", [("units", .integer(width))])
      return way(
        "bring \(blueprint.name(of: inputs[i])) to \(width) numbers", KerasSource.call(dense),
        try? edits.adding(dense, before: call, input: i))
    }
  }

  private func concatenated(_ layer: Int) -> WayOut? {
    guard let (edits, call) = edits(at: layer), edits.merges(call),
      model.layers[layer].kind != "Concatenate"
    else { return nil }
    var changed = model
    changed.layers[layer] = .known("Concatenate")
    return way("lay them one after the other", "Concatenate()", changed, layer: layer)
  }

  private func flattenedInGraph(_ layer: Int) -> WayOut? {
    guard let (edits, call) = edits(at: layer), !edits.merges(call) else { return nil }
    return way(
      "flatten first", "Flatten()", try? edits.adding(.known("Flatten"), before: call))
  }

  private func removedFromGraph(_ layer: Int) -> WayOut? {
    guard let (edits, call) = edits(at: layer) else { return nil }
    return way("take it away", "x deletes it", try? edits.removing(call))
  }

  private func way(
    _ title: String, _ code: String, _ changed: ModelDescription, layer: Int, gives: Int? = nil
  ) -> WayOut? {
    guard let network = try? Network(changed, inputShape: dataset.exampleShape) else { return nil }
    let place = gives ?? layer
    let shape =
      network.layers.indices.contains(place)
      ? network.layers[place].outputShape : network.outputShape
    return WayOut(
      title: title, code: code, model: changed, line: layer + 1, gives: shape,
      parameters: network.parameterCount)
  }

  /// The model with one argument of a layer changed; nil where it takes no such argument.
  private func with(_ name: String, _ value: ArgumentValue, at layer: Int) -> ModelDescription? {
    guard model.layers.indices.contains(layer) else { return nil }
    var changed = model
    do { try changed.layers[layer].arguments.set(name, value) } catch { return nil }
    return changed == model ? nil : changed
  }

  private func renamed(_ layer: Int) -> WayOut? {
    with("name", .none, at: layer).flatMap {
      way("let it have a name of its own", "without name=", $0, layer: layer)
    }
  }

  /// A stateful layer where nobody says how large batches are: the input does, or nothing is carried.
  private func carrying(_ layer: Int) -> [WayOut?] {
    guard model.batchSize == nil, model.layers[layer].carriesStates else { return [] }
    var fixed = model
    fixed.batchSize = 32
    return [
      way("let all batches be of one size", "batch_size=32", fixed, layer: layer),
      with("stateful", .boolean(false), at: layer).flatMap {
        way("let each batch begin anew", "without stateful=True", $0, layer: layer)
      },
    ]
  }

  private func padded(_ layer: Int) -> WayOut? {
    with("padding", .text("same"), at: layer).flatMap {
      way("pad the border with zeros", "padding=\"same\"", $0, layer: layer)
    }
  }

  private func smaller(_ layer: Int) -> WayOut? {
    for name in ["kernel_size", "pool_size"] {
      guard case .integers(let size) = model.layers[layer].arguments[name],
        let most = size.max(), most > 1
      else { continue }
      for extent in stride(from: min(most - 1, 64), through: 1, by: -1) {
        let smaller = size.map { min($0, extent) }
        guard let changed = with(name, .integers(smaller), at: layer) else { continue }
        let written =
          smaller[0] == smaller[1] ? "\(smaller[0])" : "(\(smaller[0]), \(smaller[1]))"
        let noun = name == "kernel_size" ? "kernel" : "window"
        if let way = way("a smaller \(noun)", "\(name)=\(written)", changed, layer: layer) {
          return way
        }
      }
    }
    return nil
  }

  private func movedUp(_ layer: Int) -> WayOut? {
    for place in stride(from: layer - 1, through: 0, by: -1) {
      var changed = model
      let moved = changed.layers.remove(at: layer)
      changed.layers.insert(moved, at: place)
      let keys = layer - place == 1 ? "K" : "K × \(layer - place)"
      let found = way(
        "move it up, before \(model.layerNames[place])", "\(keys) moves it up", changed,
        layer: place)
      if let found { return found }
    }
    return nil
  }

  private func sequences(_ layer: Int) -> WayOut? {
    with("return_sequences", .boolean(true), at: layer - 1).flatMap {
      way(
        "let the layer before give all time steps", "return_sequences=True", $0, layer: layer)
    }
  }

  private func flattened(_ layer: Int) -> WayOut? {
    guard let flatten = Component.standard("Flatten") else { return nil }
    var changed = model
    changed.layers.insert(flatten, at: layer)
    return way("flatten first", "Flatten()", changed, layer: layer, gives: layer + 1)
  }

  private func reshaped(_ layer: Int) -> WayOut? {
    for shape in dataset.inputShapes where shape != model.inputShape {
      var changed = model
      changed.inputShape = shape
      let code = "Input(shape=\(shape.tuple))"
      if let way = way("give the examples another shape", code, changed, layer: layer) {
        return way
      }
    }
    return nil
  }

  /// A layer for sequences where the examples are pictures: its relative for pictures, given pictures.
  private func pictured(_ layer: Int) -> WayOut? {
    let kind = model.layers[layer].kind
    guard kind.contains("1D") else { return nil }
    let relative = kind.replacing("1D", with: "2D")
    guard var picture = Component.standard(relative) else { return nil }
    try? picture.arguments.set("filters", model.layers[layer].arguments["filters"])
    for shape in dataset.inputShapes where shape.rank == 3 {
      var changed = model
      changed.layers[layer] = picture
      changed.inputShape = shape
      let code = "\(relative), Input(shape=\(shape.tuple))"
      if let way = way("use \(relative) on pictures", code, changed, layer: layer) { return way }
    }
    return nil
  }

  private func removed(_ layer: Int) -> WayOut? {
    var changed = model
    changed.layers.remove(at: layer)
    let last = max(0, min(layer, changed.layers.count - 1))
    return way("take it away", "x deletes it", changed, layer: last)
  }

  private func removedBefore(_ layer: Int) -> WayOut? {
    guard layer > 0 else { return nil }
    var changed = model
    changed.layers.remove(at: layer - 1)
    return way(
      "take \(model.layerNames[layer - 1]) away", "the layer before", changed, layer: layer - 1)
  }
}
