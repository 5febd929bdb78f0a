import Autodiff
import Tensors

/// Rosenblatt's rule (1958): an example on the wrong side moves the weights by its inputs, the others
/// by nothing,
///
///     w ← w + lr Σ (t − step(z)) x
///
/// It is gradient descent on the perceptron criterion `Σ max(0, −s z)`, s = ±1 the side that an
/// example belongs on (Duda & Hart 1973, section 5.5), which takes the place of the compiled loss:
/// the step itself has no slope to go down. An example on the border, z = 0, counts as wrong, or
/// weights that begin with zeros would stay (Novikoff 1962). With batches of one example it is the
/// rule as Rosenblatt stated it, with larger ones its batch form.
///
/// Keras does not have it: in code it is `backstep.Perceptron()`.
package struct Perceptron: ElementwiseOptimizer {
  package static let entry = ComponentClass(
    "Perceptron", [],
    [.learningRate(1), .optional("name", .text, "the optimizer's name")], module: "backstep",
    "Rosenblatt's rule: learn from mistakes alone")

  package init(_ arguments: Arguments) {}

  package let states: [OptimizerState] = []

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    (before.w - .learningRate * before.g, [])
  }

  /// `Σ max(0, −s z)`: one number for a batch. Targets are 0 and 1, or −1 and 1.
  static func criterion(
    prediction: Value, target: Value, name: String, into builder: inout GraphBuilder
  ) -> Value {
    let (z, t) = (Formula.operand(0), Formula.operand(1))
    let side = Formula.where(t > 0, 1, -1)
    let each = builder.formula(
      "example_" + name, "L[n]", .where(side * z <= 0, -(side * z), 0), [prediction, target])
    builder.rename(each, "example_" + name)
    guard each.shape.count > 1 else { return each }
    let sum = builder.reduce(.sum, each)
    builder.rename(sum, name, symbol: "L")
    return sum
  }

  /// Why a network cannot learn by this rule: it has one linear layer of outputs to threshold.
  static func problem(_ network: Network) -> (problem: String, remedy: String)? {
    guard network.outputShapes.count == 1,
      case .call(let call, _) = network.graph.wiring.outputs[0],
      case let layer = network.layers[network.graph.wiring.calls[call].layer],
      layer.kind == "Dense", layer.component.arguments.activation() == .linear
    else {
      return (
        "is not what the perceptron's rule trains",
        "Dense(1) without an activation as its last layer, or another optimizer"
      )
    }
    return nil
  }
}
