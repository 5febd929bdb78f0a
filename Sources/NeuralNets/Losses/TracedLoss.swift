import Autodiff
import Tensors

/// A loss that is a function of the program's own, of targets and predictions: its layers, in their
/// places, do the work.
struct TracedLoss: LossClass {
  private let name: String
  private let model: ModelDescription

  init(_ name: String, _ model: ModelDescription) {
    self.name = name
    self.model = model
  }

  /// What the function was traced for, else the shape of the prediction.
  func targetShape(for prediction: Shape) -> Shape {
    guard let input = model.wiring?.inputs.first else { return prediction }
    return Shape([prediction[0]] + input.shape.extents)
  }

  func check(_ prediction: Shape) throws(LayerFailure) { _ = try placed(prediction) }

  private func placed(_ prediction: Shape) throws(LayerFailure) -> NestedModel {
    let inputs = [targetShape(for: prediction), prediction].map {
      Shape(Array($0.extents.dropFirst()))
    }
    let layer = try NestedModel(model, inputs: inputs, depth: 1)
    guard layer.weights(for: inputs).isEmpty else {
      throw LayerFailure("has weights", remedy: "a function without layers that learn")
    }
    guard try !layer.outputShapes(for: inputs).isEmpty else {
      throw LayerFailure("gives nothing", remedy: "a number for each example")
    }
    return layer
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    guard let layer = try? placed(prediction.shape) else {
      preconditionFailure("\(name) was not checked for \(prediction.shape)")
    }
    return Losses(
      builder.layer(name) { layer.lower([target, prediction], weights: [], into: &$0)[0] })
  }
}
