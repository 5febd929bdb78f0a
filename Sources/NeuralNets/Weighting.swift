import Autodiff
import Tensors

/// How finely examples come with how much they count: one number each, or one for each loss of an
/// example, as those of the steps of a sequence.
package struct Weighting: Hashable, Sendable {
  /// For each loss of the model the shape of an example's weights, `[]` for one number; empty where
  /// all examples count the same.
  package let shapes: [Shape]

  package init(shapes: [Shape]) { self.shapes = shapes }

  package static let none = Weighting(shapes: [])

  package static func byExample(losses: Int) -> Weighting {
    Weighting(shapes: [Shape](repeating: [], count: losses))
  }
}

extension Plan {
  /// How its examples are weighted.
  package var weighting: Weighting {
    Weighting(shapes: sampleWeights.map(\.shape.droppingFirst))
  }
}

extension LossClass {
  /// The shape of the losses of a batch: `[batch]`, of sequences `[batch, steps]`.
  package func lossShape(for prediction: Shape) -> Shape {
    var scratch = GraphBuilder(mode: .inference, batchSize: prediction[0])
    let made = scratch.input("prediction", "p", prediction)
    let target = scratch.target("target", "t", targetShape(for: prediction))
    return losses(prediction: made, target: target, into: &scratch).each.shape
  }
}
