import Autodiff
import Tensors

/// How surprised predicted shares p are by the number t of the true class:
///
///     L = −log p[t]
///
/// p is the prediction divided by its sum and clipped to [1e-7, 1 − 1e-7]. From logits z it is
/// `log Σ e^z − z[t]`. Examples of a class that is ignored do not count.
struct SparseCategoricalCrossentropy: LossClass {
  static let entry = LossEntry(
    "SparseCategoricalCrossentropy", ["sparse_categorical_crossentropy"],
    all: [
      .fromLogits,
      ArgumentSpec(
        "ignore_class", .integer(-1_000_000...1_000_000), default: ArgumentValue.none,
        "the class number whose examples do not count"),
      .reduction, .lossAxis, .lossName("sparse_categorical_crossentropy"), .lossPrecision,
    ], "how surprised a prediction of shares is, classes as numbers",
    { SparseCategoricalCrossentropy($0) })

  private let arguments: Arguments
  private let axis: Int

  private init(_ arguments: Arguments) {
    self.arguments = arguments
    axis = arguments.integer("axis")
  }

  var fused: LossFunction? {
    arguments.areStandardForLoss ? .sparseCategoricalCrossentropy : nil
  }

  func targetShape(for prediction: Shape) -> Shape { prediction.without(axis) }

  func classCount(for prediction: Shape) -> Int? {
    prediction[axis < 0 ? axis + prediction.rank : axis]
  }

  var ignoredClass: Int? {
    guard case .integer(let ignored)? = arguments[ifTaken: "ignore_class"] else { return nil }
    return ignored
  }

  func check(_ prediction: Shape) throws(LayerFailure) {
    try check(axis: axis, of: prediction)
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let ignored = ignoredClass.map { Formula.constant(Double($0)) }
    var labels = target
    if let ignored {
      // A place that can be looked up; what is found there does not count.
      labels = builder.formula(
        "labels", "c", .where(.equal(.operand(0), ignored), 0, .operand(0)), [target])
    }
    let aligned = target.shape.inserting(axis)
    labels = builder.apply(ReshapeOp(to: aligned), to: [labels])
    let taken = builder.taken(prediction, at: labels, axis: axis)
    var (loss, operands) = surprise(prediction, taken, &builder)
    if let ignored {
      let given = builder.apply(ReshapeOp(to: aligned), to: [target])
      loss = .where(.equal(.operand(operands.count), ignored), 0, loss)
      operands.append(given)
    }
    let each = builder.formula("log_loss", "e", loss, operands)
    return Losses(
      builder.apply(ReshapeOp(to: target.shape), to: [each]),
      mask: ignored.map {
        builder.formula("counted", "m", .where(.equal(.operand(0), $0), 0, 1), [target])
      })
  }

  /// The loss of a class's number in the prediction, and what it is a formula of.
  private func surprise(
    _ prediction: Value, _ taken: Value, _ builder: inout GraphBuilder
  ) -> (Formula, [Value]) {
    guard arguments.boolean("from_logits") else {
      let total = builder.reduce(
        .sum, prediction, axes: [axis], keepsAxes: true, name: "total", symbol: "S")
      let share = builder.formula("share", "p[t]", .operand(0) / .operand(1), [taken, total])
      return (-.log(.probability(.operand(0))), [share])
    }
    let total = builder.apply(LogSumExpOp(axis: axis, keepsAxis: true), to: [prediction])
    builder.rename(
      total, builder.pathHere("log_total"),
      symbol: "log Σe^\(builder.symbol(of: prediction))")
    return (.operand(1) - .operand(0), [taken, total])
  }
}

/// Cross-entropy that wrong labels confuse less, of a class number t:
///
///     L = (1 − p[t]^q) / q
///
/// Zhang & Sabuncu 2018.
struct CategoricalGeneralizedCrossEntropy: LossClass {
  static let entry = LossEntry(
    "CategoricalGeneralizedCrossEntropy", [],
    [.number("q", 1e-6...1, 0.5, "0 is cross-entropy, 1 the absolute error")],
    "cross-entropy that wrong labels confuse less", isNamedAlone: false,
    { CategoricalGeneralizedCrossEntropy($0) })

  private let q: Formula

  private init(_ arguments: Arguments) { q = arguments.named("q", "q") }

  func targetShape(for prediction: Shape) -> Shape { prediction.without(-1) }
  func classCount(for prediction: Shape) -> Int? { prediction.last }

  func check(_ prediction: Shape) throws(LayerFailure) { try check(axis: -1, of: prediction) }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let labels = builder.apply(ReshapeOp(to: target.shape.inserting(-1)), to: [target])
    let taken = builder.taken(prediction, at: labels, axis: -1)
    let each = builder.formula("loss_of_class", "e", (1 - .power(.operand(0), q)) / q, [taken])
    return Losses(builder.apply(ReshapeOp(to: target.shape), to: [each]))
  }
}

extension GraphBuilder {
  /// What a prediction has for the class of each example.
  fileprivate mutating func taken(_ prediction: Value, at labels: Value, axis: Int) -> Value {
    let taken = apply(TakeAlongAxisOp(axis: axis), to: [prediction, labels])
    rename(taken, pathHere("of_class"), symbol: symbol(of: prediction) + "[t]")
    return taken
  }
}
