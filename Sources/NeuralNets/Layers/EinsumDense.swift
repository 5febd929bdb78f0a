import Autodiff
import Tensors

/// A dense layer whose axes an equation names: `y = f(Σ x W + b)`, summed over the letters that the
/// result leaves out.
///
/// In `"abc,cd->abd"` the input is `abc`, the kernel `cd`, the output `abd`; the first letter is the
/// batch. `...` stands for all axes in front, or behind.
package struct EinsumDense: SingleLayer {
  package static let kind = "EinsumDense"
  package static let summary = "each output weighs the inputs along the axes that an equation names"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("equation", .text, "the axes of input, kernel and output, as \"abc,cd->abd\""),
    ArgumentSpec(
      "output_shape", .openShape,
      "the shape of what comes out, without the batch and what ... stands for; None where it is"
        + " that of the input"),
    .activation(),
    ArgumentSpec(
      "bias_axes", .text, default: ArgumentValue.none,
      "the axes of the output that have numbers of their own added"),
    .initializer("kernel_initializer", default: "glorot_uniform"),
    .initializer("bias_initializer", default: "zeros"),
    .regularizer("kernel_regularizer"), .regularizer("bias_regularizer"),
    .constraint("kernel_constraint"), .constraint("bias_constraint"),
    .fixed("lora_rank"), .fixed("lora_alpha"), .fixed("gptq_unpacked_column_size"),
    .fixed("quantization_config"),
  ]

  private let equation: String
  private let given: [Int?]
  private let biasAxes: [Character]?
  private let activation: ActivationFunction
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    equation = arguments.text("equation").filter { $0 != " " }
    given = arguments.openShape("output_shape") ?? []
    if case .text(let axes) = arguments["bias_axes"] {
      biasAxes = Array(axes)
    } else {
      biasAxes = nil
    }
    activation = arguments.activation()
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    let axes = try EinsumAxes(equation, input: input, output: given)
    if let odd = biasAxes?.first(where: { !axes.written.contains($0) }) {
      throw LayerFailure(
        "has bias_axes=\"\(String(biasAxes ?? []))\", and its output has no axis \(odd)",
        remedy: "axes of \(String(axes.written))")
    }
    return try activation.outputShape(for: Shape(Array(axes.extents(of: axes.output).dropFirst())))
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    guard let axes = try? EinsumAxes(equation, input: input, output: given) else { return [] }
    let kernel = arguments.weight(
      "kernel", Shape(axes.extents(of: axes.kernel)),
      inputAxes: axes.kernel.indices.filter { axes.input.contains(axes.kernel[$0]) })
    guard let shape = biasShape(axes) else { return [kernel] }
    return [kernel, arguments.weight("bias", shape)]
  }

  /// From the first axis that has a bias to the last; 1 for those between that have none.
  private func biasShape(_ axes: EinsumAxes) -> Shape? {
    guard let biasAxes, let first = axes.output.firstIndex(where: biasAxes.contains) else {
      return nil
    }
    return Shape(
      axes.output[first...].map { biasAxes.contains($0) ? axes.extents(of: [$0])[0] : 1 })
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let example = input.shape.droppingFirst
    guard let axes = try? EinsumAxes(equation, input: example, output: given) else {
      preconditionFailure("an equation that was not checked")
    }
    func ordered(_ x: Value, _ from: [Character], _ to: [Character]) -> Value {
      let order = to.compactMap { from.firstIndex(of: $0) }
      return order == Array(from.indices) ? x : builder.apply(TransposeOp(order), to: [x])
    }
    let x = ordered(input, axes.input, axes.kept + axes.summed)
    let w = ordered(weights[0], axes.kernel, axes.summed + axes.made)
    let product = builder.apply(MatMulOp(summing: axes.summed.count), to: [x, w])
    var z = ordered(product, axes.kept + axes.made, axes.output)
    if weights.count > 1 { z = added(weights[1], to: z, into: &builder) }
    return builder.apply(activation, to: z)
  }

  private func added(_ bias: Value, to z: Value, into builder: inout GraphBuilder) -> Value {
    let rank = bias.shape.rank
    guard bias.shape.extents != Array(z.shape.extents.suffix(rank)) else {
      return builder.apply(AddBiasOp(), to: [z, bias])
    }
    let ones = [Int](repeating: 1, count: z.shape.rank - rank)
    let spread = builder.apply(ReshapeOp(to: Shape(ones + bias.shape.extents)), to: [bias])
    return builder.formula("biased", "z", .operand(0) + .operand(1), [z, spread])
  }
}

/// The axes of an equation for an input of one shape; those that `...` stands for are digits.
private struct EinsumAxes {
  /// Of the batch of inputs, the kernel, the batch of outputs.
  let input, kernel, output: [Character]
  /// The letters of the output as they are written.
  let written: [Character]
  private var known: [Character: Int] = [:]

  /// Axes of the input that stay, those that are summed over, those that the kernel adds.
  var kept: [Character] { input.filter(output.contains) }
  var summed: [Character] { kernel.filter(input.contains) }
  var made: [Character] { kernel.filter { !input.contains($0) } }

  func extents(of axes: [Character]) -> [Int] { axes.map { known[$0] ?? 1 } }

  /// - Parameters:
  ///   - example: the shape of one example.
  ///   - wanted: the shape of the output, without the batch and what `...` stands for.
  init(_ equation: String, input example: Shape, output wanted: [Int?]) throws(LayerFailure) {
    func wrong(_ problem: String, _ remedy: String) -> LayerFailure {
      LayerFailure("has the equation \"\(equation)\", \(problem)", remedy: remedy)
    }
    let form = wrong(
      "which is none", "one as \"abc,cd->abd\", \"...x,xy->...y\" or \"ab...,bc->ac...\"")
    let sides = Self.split(equation, at: "->")
    let factors = sides.count == 2 ? Self.split(sides[0], at: ",") : []
    guard factors.count == 2 else { throw form }
    var (x, y) = (factors[0], sides[1])
    kernel = Array(factors[1])
    let (isLeft, isRight) = (x.hasPrefix("..."), x.hasSuffix("...") && x.count > 3)
    guard isLeft == y.hasPrefix("..."), isRight == (y.hasSuffix("...") && y.count > 3),
      !(isLeft && isRight)
    else { throw form }
    x.removeAll { $0 == "." }
    y.removeAll { $0 == "." }
    written = Array(y)
    guard
      [x, factors[1], y].allSatisfy({ text in
        !text.isEmpty && text.allSatisfy(\.isLetter) && Set(text).count == text.count
      })
    else { throw form }
    let left = example.rank + 1 - x.count
    guard left == 0 || left > 0 && (isLeft || isRight) else {
      throw wrong(
        "and gets \(example.batchTuple), which has \(example.rank + 1) axes",
        "a letter for each axis, or ... for some")
    }
    let rest = (0..<left).map { Character("\($0)") }
    input = isLeft ? rest + Array(x) : Array(x) + rest
    output = isLeft ? rest + written : written + rest
    try check(wrong)
    for (axis, extent) in zip(input, [1] + example.extents) { known[axis] = extent }
    // What stands for itself is not part of output_shape.
    let named = output.dropFirst().filter { !rest.contains($0) }
    guard wanted.count == named.count else {
      throw wrong(
        "whose output has \(named.count) axes beside the batch, and output_shape has"
          + " \(wanted.count)",
        "a number for each, or None for those of the input")
    }
    for (axis, extent) in zip(named, wanted) {
      guard let found = known[axis] ?? extent, extent ?? found == found else {
        throw wrong(
          known[axis].map {
            "whose axis \(axis) is \($0) in the input and \(extent ?? 0) in"
              + " output_shape"
          } ?? "and no extent for its axis \(axis)",
          known[axis] == nil ? "a number for it in output_shape" : "None for it in output_shape")
      }
      known[axis] = found
    }
  }

  private func check(_ wrong: (String, String) -> LayerFailure) throws(LayerFailure) {
    guard input[0] == output[0], !kernel.contains(input[0]) else {
      throw wrong(
        "which does not leave the batch as it is",
        "the same first letter for input and output, which the kernel has not")
    }
    if let odd = output.first(where: { !input.contains($0) && !kernel.contains($0) }) {
      throw wrong("whose output has an axis \(odd) from nowhere", "\(odd) in the kernel")
    }
    if let odd = kernel.first(where: { input.contains($0) == output.contains($0) }) {
      throw wrong(
        input.contains(odd)
          ? "whose axis \(odd) is in all three: the lab sums over what input and kernel share"
          : "whose kernel has an axis \(odd) that is nowhere else",
        "each letter of the kernel in the input or in the output")
    }
    if let odd = input.first(where: { !kernel.contains($0) && !output.contains($0) }) {
      throw wrong("whose axis \(odd) is in the input alone", "\(odd) in the kernel too")
    }
    guard kernel.contains(where: input.contains) else {
      throw wrong("whose kernel sums over nothing", "a letter of the input in the kernel")
    }
  }

  private static func split(_ text: String, at mark: String) -> [String] {
    var parts = [""]
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix(mark) {
        parts.append("")
        rest = rest.dropFirst(mark.count)
      } else {
        parts[parts.count - 1].append(first)
        rest = rest.dropFirst()
      }
    }
    return parts
  }
}

extension Shape {
  /// As Keras writes the shape of a batch: `(None, 8, 8)`.
  fileprivate var batchTuple: String {
    "(" + (["None"] + extents.map(String.init)).joined(separator: ", ") + (rank == 0 ? ",)" : ")")
  }
}
