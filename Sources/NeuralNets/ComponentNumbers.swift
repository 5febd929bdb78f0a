import Autodiff
import Tensors

/// What losses, regularizers, constraints and activations make of arrays on their own, outside of a
/// network.
package enum ComponentNumbers {
  /// The loss of predictions held against targets, reduced as the loss says.
  ///
  /// - Parameter weights: how much each example counts, all the same when nil.
  package static func loss(
    _ component: Component, targets: Tensor, predictions: Tensor, weights: Tensor? = nil
  ) throws(LayerFailure) -> Tensor {
    try judged(component, targets, predictions, weights, isReduced: true)
  }

  /// The loss of each example, [batch, …].
  package static func losses(
    _ component: Component, targets: Tensor, predictions: Tensor
  ) throws(LayerFailure) -> Tensor {
    try judged(component, targets, predictions, nil, isReduced: false)
  }

  /// What a regularizer adds to the loss for an array.
  package static func penalty(
    _ component: Component, of array: Tensor
  ) throws(LayerFailure) -> Float {
    guard let regularizer = RegularizerCatalog.regularizer(component) else {
      throw LayerFailure("is no regularizer", remedy: "one as L2(0.01)")
    }
    if let (problem, remedy) = regularizer.problem(with: array.shape) {
      throw LayerFailure(problem, remedy: remedy)
    }
    return run([array]) { inputs, builder in
      regularizer.penalty(of: inputs[0], into: &builder)
    }.scalars[0]
  }

  /// The array that a constraint allows in the place of one.
  package static func held(
    _ component: Component, _ array: Tensor
  ) throws(LayerFailure) -> Tensor {
    guard let constraint = ConstraintCatalog.constraint(component) else {
      throw LayerFailure("is no constraint", remedy: "one as MaxNorm(2)")
    }
    if let (problem, remedy) = constraint.problem(with: array.shape) {
      throw LayerFailure(problem, remedy: remedy)
    }
    guard array.count > 0 else { return array }
    // A step of training that changes nothing but what the constraint does.
    var builder = GraphBuilder(mode: .training, batchSize: 1)
    let weight = builder.parameter("weight", "w", array.shape)
    let sum = builder.reduce(.sum, weight)
    let execution = Execution(
      Planner.plan(
        builder, inputs: [], outputs: [sum], parameters: [weight], judgment: Judgment(loss: sum),
        optimizer: Holding(constraint: constraint)))
    execution.write(array.scalars, to: weight)
    execution.run()
    return execution.tensor(weight)
  }

  /// What an activation makes of an array, whose first axis is the batch where rows matter.
  package static func activation(
    _ component: Component, of array: Tensor
  ) throws(LayerFailure) -> Tensor {
    let function = ActivationFunction(component)
    _ = try function.outputShape(for: Shape(Array(array.shape.extents.dropFirst())))
    guard array.count > 0 else { return array }
    return run([array]) { inputs, builder in builder.apply(function, to: inputs[0]) }
  }

  // MARK: Losses

  private static func judged(
    _ component: Component, _ given: Tensor, _ predictions: Tensor, _ weights: Tensor?,
    isReduced: Bool
  ) throws(LayerFailure) -> Tensor {
    let loss = LossCatalog.loss(component)
    let (p, t) = try alike(loss, predictions, given)
    try check(loss, p, t)
    guard p.count > 0 else {
      throw LayerFailure("is called on an empty array", remedy: "at least one example")
    }
    var arrays = [p, t]
    if let weights { arrays.append(weights) }
    return run(arrays) { inputs, builder in
      let losses = loss.losses(prediction: inputs[0], target: inputs[1], into: &builder)
      guard isReduced else { return losses.each }
      return LossReduction(component.arguments).reduce(
        losses, inputs.count > 2 ? inputs[2] : nil, name: "loss", into: &builder)
    }
  }

  /// Predictions and targets in shapes that meet: an axis of one place at the end of one of them
  /// goes or comes, as in Keras.
  private static func alike(
    _ loss: any LossClass, _ predictions: Tensor, _ targets: Tensor
  ) throws(LayerFailure) -> (predictions: Tensor, targets: Tensor) {
    func atLeastRow(_ x: Tensor) -> Tensor { x.shape.rank == 0 ? x.reshaped(to: [1]) : x }
    var p = atLeastRow(predictions)
    let t = atLeastRow(targets)
    if loss.classCount(for: p.shape) == nil, p.shape.rank == t.shape.rank + 1, p.shape.last == 1,
      t.shape.rank > 1
    {
      p = p.reshaped(to: Shape(Array(p.shape.extents.dropLast())))
    }
    let wanted = loss.targetShape(for: p.shape)
    func core(_ shape: Shape) -> [Int] {
      shape.last == 1 && shape.rank > 1 ? Array(shape.extents.dropLast()) : shape.extents
    }
    guard wanted == t.shape || core(wanted) == core(t.shape) else {
      throw LayerFailure(
        "compares predictions of shape \(predictions.shape.tuple) with targets of "
          + targets.shape.tuple, remedy: "targets of shape \(wanted.tuple)")
    }
    return (p, t.reshaped(to: wanted))
  }

  private static func check(
    _ loss: any LossClass, _ predictions: Tensor, _ targets: Tensor
  ) throws(LayerFailure) {
    try loss.check(predictions.shape)
    guard let classes = loss.classCount(for: predictions.shape) else { return }
    for label in targets.scalars where !(label > -1 && label < Float(classes)) {
      if let ignored = loss.ignoredClass, label == Float(ignored) { continue }
      throw LayerFailure(
        "meets the class \(label) where there are \(classes) predictions for each example",
        remedy: "class numbers from 0 to \(classes - 1)")
    }
  }

  // MARK: Plans

  private static func run(
    _ arrays: [Tensor], _ make: ([Value], inout GraphBuilder) -> Value
  ) -> Tensor {
    var builder = GraphBuilder(mode: .inference, batchSize: arrays[0].shape.extents.first ?? 1)
    let inputs = arrays.enumerated().map { i, array in
      builder.input("input_\(i)", "x", array.shape)
    }
    let output = make(inputs, &builder)
    let execution = Execution(
      Planner.plan(builder, inputs: inputs, outputs: [output], parameters: []))
    for (value, array) in zip(inputs, arrays) { execution.write(array.scalars, to: value) }
    execution.run()
    return execution.tensor(output)
  }

  /// An update that holds weights to a constraint and does nothing else.
  private struct Holding: UpdateRule {
    let constraint: any Constraint

    func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {
      for one in parameters { constraint.hold(one.parameter, &emitter) }
    }
  }
}
