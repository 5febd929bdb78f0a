import Autodiff
import Tensors

/// How surprised predicted shares p are by the true ones t, usually one of which is 1:
///
///     L = −Σ t log p
///
/// p is the prediction divided by its sum and clipped to [1e-7, 1 − 1e-7], or the softmax of logits.
struct CategoricalCrossentropy: LossClass {
  static let entry = LossEntry(
    "CategoricalCrossentropy", ["categorical_crossentropy"],
    [.fromLogits, .labelSmoothing, .lossAxis],
    "how surprised a prediction of shares is, classes one-hot", { CategoricalCrossentropy($0) })

  private let arguments: Arguments

  private init(_ arguments: Arguments) { self.arguments = arguments }

  var fused: LossFunction? { arguments.areStandardForLoss ? .categoricalCrossentropy : nil }

  func check(_ prediction: Shape) throws(LayerFailure) {
    try check(axis: arguments.integer("axis"), of: prediction)
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let axis = arguments.integer("axis")
    let t = arguments.smoothed(.operand(1), classes: prediction.shape.last)
    let each: Value
    if arguments.boolean("from_logits") {
      let logarithms = builder.apply(LogSoftmaxOp(axis: axis), to: [prediction])
      builder.rename(logarithms, builder.pathHere("log_probabilities"), symbol: "log p")
      each = builder.formula("log_loss", "e", -t * .operand(0), [logarithms, target])
    } else {
      let shares = builder.shares(of: prediction, axis: axis)
      each = builder.formula(
        "log_loss", "e", -t * .log(.probability(.operand(0))), [shares, target])
    }
    return Losses(builder.reduce(.sum, each, axes: [axis]))
  }
}

/// Categorical cross-entropy that cares less for what is known already:
///
///     L = Σ α (1 − p)^γ · (−t log p)
///
/// α is one number or one for each class. Lin et al. 2017.
struct CategoricalFocalCrossentropy: LossClass {
  static let entry = LossEntry(
    "CategoricalFocalCrossentropy", ["categorical_focal_crossentropy"],
    [
      ArgumentSpec(
        "alpha", .numbers, default: .number(0.25), "the weight of every class, or of each"),
      .number("gamma", 0...1e3, 2, "how little what is known already counts"),
      .fromLogits, .labelSmoothing, .lossAxis,
    ], "cross-entropy of shares that looks at the hard ones",
    { CategoricalFocalCrossentropy($0) })

  private let arguments: Arguments

  private init(_ arguments: Arguments) { self.arguments = arguments }

  func check(_ prediction: Shape) throws(LayerFailure) {
    try check(axis: arguments.integer("axis"), of: prediction)
    let weights = arguments.numbers("alpha") ?? []
    guard weights.count == 1 || weights.count == prediction.last else {
      throw LayerFailure(
        "has \(weights.count) weights alpha for \(prediction.last) classes",
        remedy: "one number, or one for each class")
    }
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let axis = arguments.integer("axis")
    var y = prediction
    if arguments.boolean("from_logits") {
      y = builder.apply(SoftmaxOp(axis: axis), to: [prediction])
      builder.rename(y, builder.pathHere("probabilities"), symbol: "y")
    }
    var operands = [builder.shares(of: y, axis: axis), target]
    let t = arguments.smoothed(.operand(1), classes: prediction.shape.last)
    let p = Formula.probability(.operand(0))
    var α = Formula.named("α", arguments["alpha"].asNumber ?? 1)
    if let weights = arguments.numbers("alpha"), arguments["alpha"].asNumber == nil {
      let constant = builder.constant(Tensor(shape: [weights.count], scalars: weights))
      builder.rename(constant, builder.pathHere("alpha"), symbol: "α")
      operands.append(constant)
      α = .operand(2)
    }
    let focal = α * arguments.focus(onMissing: 1 - p) * (-t * .log(p))
    let each = builder.formula("focal_loss", "e", focal, operands)
    return Losses(builder.reduce(.sum, each, axes: [axis]))
  }
}

extension GraphBuilder {
  /// `p = y / Σ y` along an axis.
  fileprivate mutating func shares(of y: Value, axis: Int) -> Value {
    let total = reduce(.sum, y, axes: [axis], keepsAxes: true, name: "total", symbol: "S")
    return formula("shares", "p", .operand(0) / .operand(1), [y, total])
  }
}
