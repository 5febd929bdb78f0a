import Autodiff
import Tensors

// Which steps of a sequence count: Keras's masks, as values of the graph that anybody can look at.

/// Numbers on their way through a network, with the mask that they carry if they carry one.
package struct MaskedValue: Hashable, Sendable {
  package let value: Value
  /// [batch, time] as a rule, always the first axes of the value: 1 where a step counts, 0 where it
  /// is padding. No gradient goes through it.
  package let mask: Value?

  package init(_ value: Value, mask: Value? = nil) {
    self.value = value
    self.mask = mask
  }
}

/// A layer that makes masks, hands them on, or goes by them. Every other layer stops them, as in
/// Keras.
package protocol MaskingLayer: Layer {
  /// The shape of the mask of one example that each output carries, nil where it carries none.
  ///
  /// - Parameter masks: the shape of the mask of one example of each input.
  /// - Throws: when it cannot go by the masks of its inputs.
  func outputMasks(for inputs: [Shape], masks: [Shape?]) throws(LayerFailure) -> [Shape?]

  /// Adds the layer's ops to a graph, and those of the masks that it makes.
  ///
  /// - Precondition: `outputMasks` accepts the masks.
  func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue]

  /// Whether what it gets carries no mask from then on: layers that are called later on the same
  /// arrays do not see one.
  var takesMasksAway: Bool { get }

  /// Whether its call has an argument `mask`.
  var takesMask: Bool { get }
}

extension MaskingLayer {
  package var takesMasksAway: Bool { false }
  package var takesMask: Bool { false }
}

/// A layer that hands the mask of its input on and does not look at it.
package protocol MaskPassingLayer: MaskingLayer {}

extension MaskPassingLayer {
  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] { [masks[0]] }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    lower(inputs.map(\.value), weights: weights, into: &builder)
      .map { MaskedValue($0, mask: inputs[0].mask) }
  }
}

extension Layer {
  /// The layer's ops in a graph; a layer that knows nothing of masks gives none, and one that cannot
  /// go by those that it gets, which only another way through a model while training can bring
  /// about, works without.
  func lowered(
    _ inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    func example(_ value: Value) -> Shape { value.shape.droppingFirst }
    guard let masking = self as? any MaskingLayer else {
      return lower(inputs.map(\.value), weights: weights, into: &builder).map { MaskedValue($0) }
    }
    let masks = inputs.map { $0.mask.map(example) }
    if masks.contains(where: { $0 != nil }),
      (try? masking.outputMasks(for: inputs.map { example($0.value) }, masks: masks)) == nil
    {
      return masking.lower(
        masked: inputs.map { MaskedValue($0.value) }, weights: weights, into: &builder)
    }
    return masking.lower(masked: inputs, weights: weights, into: &builder)
  }
}

// Keras's layers with `supports_masking` that have nothing more to say of it.
extension Activation: MaskPassingLayer {}
extension ActivityRegularization: MaskPassingLayer {}
extension AlphaDropout: MaskPassingLayer {}
extension Dense: MaskPassingLayer {}
extension Dropout: MaskPassingLayer {}
extension ELU: MaskPassingLayer {}
extension GaussianDropout: MaskPassingLayer {}
extension GaussianNoise: MaskPassingLayer {}
extension GroupNormalization: MaskPassingLayer {}
extension Identity: MaskPassingLayer {}
extension LayerNormalization: MaskPassingLayer {}
extension LeakyReLU: MaskPassingLayer {}
extension Normalization: MaskPassingLayer {}
extension PReLU: MaskPassingLayer {}
extension ReLU: MaskPassingLayer {}
extension Rescaling: MaskPassingLayer {}
extension SpatialDropout1D: MaskPassingLayer {}
extension SpatialDropout2D: MaskPassingLayer {}
extension UnitNormalization: MaskPassingLayer {}

extension GraphBuilder {
  /// `m = 0` where a number is the one that stands for padding, else 1.
  mutating func mask(of x: Value, padding: Formula, name: String = "mask") -> Value {
    let mask = formula(name, "m", .where(.equal(.operand(0), padding), 0, 1), [x])
    fix(mask)
    return mask
  }

  /// The mask of a sequence that is read from its end.
  mutating func flipped(mask: Value) -> Value {
    let flipped = apply(FlipOp(axes: [1]), to: [mask])
    fix(flipped)
    return flipped
  }

  /// A mask in a shape that repeats along the further axes of what it belongs to:
  /// [batch, time] → [batch, time, 1].
  mutating func spread(mask: Value, over x: Value) -> Value {
    let missing = x.shape.rank - mask.shape.rank
    guard missing > 0 else { return mask }
    let extents = mask.shape.extents + [Int](repeating: 1, count: missing)
    let spread = apply(ReshapeOp(to: Shape(extents)), to: [mask])
    fix(spread)
    return spread
  }

  /// The numbers of the steps that count, 0 in the place of the others.
  mutating func kept(_ x: Value, by mask: Value) -> Value {
    let wide = spread(mask: mask, over: x)
    return formula("kept", symbol(of: x) + " m", .where(.operand(1), .operand(0), 0), [x, wide])
  }
}

extension Shape {
  /// Throws unless a mask says of each step of a sequence whether it counts.
  func checkMask(_ mask: Shape?) throws(LayerFailure) {
    guard let mask, mask != Shape(Array(extents.prefix(1))) else { return }
    throw LayerFailure(
      "gets \(tuple) with a mask of \(mask.tuple)",
      remedy: "a mask with one number for each of the \(extents.first ?? 1) steps, as "
        + "Embedding(mask_zero=True) makes of rows of numbers")
  }
}

extension Shape {
  /// Throws unless the mask of an output of this shape says of each of its losses whether it counts.
  func checkLosses(_ loss: any LossClass, mask: Shape?) throws(LayerFailure) {
    guard let mask, !loss.isOneNumber, mask != Shape(Array(extents.dropLast())) else { return }
    throw LayerFailure(
      "has an output of \(tuple) with a mask of \(mask.tuple), which does not say which losses count",
      remedy: "a layer before the output that stops masks, as Reshape or Flatten")
  }
}
