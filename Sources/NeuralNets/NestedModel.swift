import Autodiff
import Tensors

/// A model as a layer of another, or a layer that a program wrote of its own: its inner layers, in
/// their places, do the work.
struct NestedModel: MaskingLayer {
  private let graph: PlacedGraph

  /// Places the layers of a model for inputs of these shapes.
  init(_ model: ModelDescription, inputs: [Shape], depth: Int) throws(LayerFailure) {
    let others = model.wiring?.ofOtherRanks ?? []
    let description = others.first { $0.inputShape?.rank == inputs.first?.rank } ?? model
    let fixed = description.wiring?.inputs.map(\.shape) ?? description.inputShape.map { [$0] }
    let open = description.wiring?.inputs.map(\.openAxes)
    if let fixed, fixed.count != inputs.count {
      throw LayerFailure(
        "gets \(inputs.count) arrays", remedy: "\(fixed.count), as many as its inputs")
    }
    let isOpen = description.wiring?.isOpen == true
    if let fixed,
      let odd = zip(inputs, fixed).enumerated().first(where: { i, pair in
        let axes = isOpen ? Set(pair.0.extents.indices) : open?[i] ?? []
        return pair.0.rank != pair.1.rank
          || pair.0.extents.indices.contains { pair.0[$0] != pair.1[$0] && !axes.contains($0) }
      })?.element
    {
      throw LayerFailure("gets \(odd.0.tuple)", remedy: "an input of shape \(odd.1.tuple)")
    }
    do { graph = try PlacedGraph(description, inputShapes: inputs, depth: depth) } catch {
      throw LayerFailure("holds \(error.name), which \(error.problem)", remedy: error.remedy)
    }
  }

  func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    guard inputs == graph.inputShapes else {
      throw LayerFailure(
        "gets \(inputs.map(\.tuple).joined(separator: ", ")) when it is called again",
        remedy: "inputs of \(graph.inputShapes.map(\.tuple).joined(separator: ", ")), as before")
    }
    return graph.outputShapes
  }

  func inner(for inputs: [Shape]) -> PlacedGraph? { graph }
  func weights(for inputs: [Shape]) -> [WeightSpec] { graph.weights }
  func carried(for inputs: [Shape]) -> [CarriedSpec] { graph.carried }

  func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    graph.lower(inputs, weights: weights, into: &builder)
  }

  /// A class of the program has no such argument unless it says so.
  var takesMask: Bool { !graph.isEager }

  func outputMasks(for inputs: [Shape], masks: [Shape?]) throws(LayerFailure) -> [Shape?] {
    do { return try graph.masks(of: masks) } catch {
      throw LayerFailure("holds \(error.name), which \(error.problem)", remedy: error.remedy)
    }
  }

  func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    graph.lower(masked: inputs, weights: weights, into: &builder)
  }
}

extension ModelDescription {
  /// The model with every layer kept from learning.
  var frozen: ModelDescription {
    var copy = self
    for i in copy.layers.indices {
      try? copy.layers[i].arguments.set("trainable", .boolean(false))
      if case .model(let inner)? = copy.layers[i].body {
        copy.layers[i].body = .model(inner.frozen)
      }
    }
    return copy
  }
}
