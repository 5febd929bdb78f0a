import Autodiff
import Tensors

/// How surprised a yes-or-no prediction p is by its target t:
///
///     L = mean of −t log p − (1 − t) log(1 − p)
///
/// p is clipped to [1e-7, 1 − 1e-7]. From logits z, `p = σ(z)`, the same is `log(1 + e^z) − t z`.
struct BinaryCrossentropy: LossClass {
  static let entry = LossEntry(
    "BinaryCrossentropy", ["binary_crossentropy", "bce", "BCE"],
    [.fromLogits, .labelSmoothing, .lossAxis], "how surprised a yes-or-no prediction is",
    { BinaryCrossentropy($0) })

  private let arguments: Arguments

  private init(_ arguments: Arguments) { self.arguments = arguments }

  var fused: LossFunction? { arguments.areStandardForLoss ? .binaryCrossentropy : nil }

  func check(_ prediction: Shape) throws(LayerFailure) {
    try check(axis: arguments.integer("axis"), of: prediction)
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let (y, t) = (Formula.operand(0), arguments.smoothed(.operand(1), classes: 2))
    let surprise = arguments.boolean("from_logits") ? .softplus(y) - t * y : Self.surprise(y, t)
    let each = builder.formula("log_loss", "e", surprise, [prediction, target])
    return Losses(builder.reduce(.mean, each, axes: [arguments.integer("axis")]))
  }

  /// `−t log p − (1 − t) log(1 − p)`.
  static func surprise(_ y: Formula, _ t: Formula) -> Formula {
    let p = Formula.probability(y)
    return -t * .log(p) - (1 - t) * .log(1 - p)
  }
}

/// Binary cross-entropy that cares less for what is known already:
///
///     L = mean of w (1 − p_t)^γ · cross-entropy,   p_t = t p + (1 − t)(1 − p)
///
/// and with class balancing `w = t α + (1 − t)(1 − α)`, else 1. Lin et al. 2017.
struct BinaryFocalCrossentropy: LossClass {
  static let entry = LossEntry(
    "BinaryFocalCrossentropy", ["binary_focal_crossentropy"],
    [
      .flag("apply_class_balancing", false, "whether α weighs the two classes"),
      .number("alpha", 0...1, 0.25, "the weight of class 1; class 0 weighs the rest"),
      .number("gamma", 0...1e3, 2, "how little what is known already counts"),
      .fromLogits, .labelSmoothing, .lossAxis,
    ], "cross-entropy of yes-or-no predictions that looks at the hard ones",
    { BinaryFocalCrossentropy($0) })

  private let arguments: Arguments

  private init(_ arguments: Arguments) { self.arguments = arguments }

  func check(_ prediction: Shape) throws(LayerFailure) {
    try check(axis: arguments.integer("axis"), of: prediction)
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    var y = prediction
    if arguments.boolean("from_logits") {
      y = builder.apply(MapOp(.sigmoid), to: [prediction])
      builder.rename(y, builder.pathHere("probabilities"), symbol: "p")
    }
    let (p, t) = (Formula.operand(0), arguments.smoothed(.operand(1), classes: 2))
    let surprise = builder.formula(
      "log_loss", "e", BinaryCrossentropy.surprise(p, t), [y, target])
    let right = builder.formula(
      "rightness", "r", t * p + (1 - t) * (1 - p), [y, target])
    var focal = arguments.focus(onMissing: 1 - .operand(0)) * Formula.operand(2)
    if arguments.boolean("apply_class_balancing") {
      let α = arguments.named("α", "alpha")
      focal = (t * α + (1 - t) * (1 - α)) * focal
    }
    let each = builder.formula("focal_loss", "f", focal, [right, target, surprise])
    return Losses(builder.reduce(.mean, each, axes: [arguments.integer("axis")]))
  }
}

extension Formula {
  /// A probability that a logarithm can be taken of: within [1e-7, 1 − 1e-7].
  static func probability(_ p: Formula) -> Formula { .clip(p, 1e-7, 1 - 1e-7) }
}

extension Arguments {
  /// `missing^γ`: how much an example counts that lacks so much to be right.
  func focus(onMissing missing: Formula) -> Formula {
    number("gamma") == 0 ? 1 : .power(missing, named("γ", "gamma"))
  }

  /// `t (1 − s) + s / classes`, s the label smoothing.
  func smoothed(_ t: Formula, classes: Int) -> Formula {
    guard case .number(let s)? = self[ifTaken: "label_smoothing"], s != 0 else { return t }
    return t * .constant(1 - s) + .constant(s / Double(classes))
  }
}

extension GraphBuilder {
  /// What a value is called within the layer or loss at hand.
  func pathHere(_ name: String) -> String {
    layerName.isEmpty ? name : layerName + "/" + name
  }
}
