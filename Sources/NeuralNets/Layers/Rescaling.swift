import Autodiff
import Tensors

// Layers that bring data into a range, by numbers that are not learned.

/// `y = scale · x + offset`.
package struct Rescaling: SingleLayer {
  package static let kind = "Rescaling"
  package static let summary = "multiplies by a scale and adds an offset"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("scale", .numbers, "what numbers are multiplied by"),
    ArgumentSpec("offset", .numbers, default: .number(0), "what is added then"),
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    for name in ["scale", "offset"] {
      guard case .tensor(let tensor) = arguments[name] else { continue }
      guard OperandLayout.broadcast([input, tensor.shape]) == input else {
        throw LayerFailure(
          "gets \(input.tuple) and has \(name) of shape \(tensor.shape.tuple)",
          remedy: "one number, or \(input.last), as many as the last axis has")
      }
    }
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    var operands = [input]
    let scale = factor("scale", &operands, &builder)
    let offset = factor("offset", &operands, &builder)
    return builder.formula(
      "rescaled", "y", .sum(.product(.operand(0), scale), offset), operands)
  }

  /// A number that stands in the formula, or an array that becomes one of its operands.
  private func factor(
    _ name: String, _ operands: inout [Value], _ builder: inout GraphBuilder
  ) -> Formula {
    switch arguments[name] {
    case .tensor(let tensor):
      operands.append(builder.constant(tensor))
      return .operand(operands.count - 1)
    case .number(let number): return .constant(number)
    default: return 0
    }
  }
}

/// `y = (x − μ) / σ`, mean and variance of each place of an axis given, or measured on data by
/// `adapted`.
package struct Normalization: SingleLayer {
  package static let kind = "Normalization"
  package static let summary = "subtracts a mean and divides by a deviation"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "axis", .axes, default: .integer(-1), orNone: true, "the axes that have means of their own"),
    ArgumentSpec("mean", .numbers, default: ArgumentValue.none, "the means; None: measured"),
    ArgumentSpec(
      "variance", .numbers, default: ArgumentValue.none, "the variances; None: measured"),
    .flag("invert", false, "whether it turns standardized numbers back"),
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  /// Whether mean and variance are weights, for data to be measured.
  private var isMeasured: Bool { arguments["mean"] == .none }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try arguments.checkAxes("axis", in: input)
    guard isMeasured == (arguments["variance"] == .none) else {
      throw LayerFailure(
        "has only one of mean and variance", remedy: "both, or none and a call of adapt")
    }
    let kept = input.ofAxes(arguments.places("axis", in: input))
    for name in ["mean", "variance"] {
      guard case .tensor(let tensor) = arguments[name] else { continue }
      guard tensor.shape.rank <= kept.rank,
        OperandLayout.broadcast([kept, tensor.shape]) == kept
      else {
        throw LayerFailure(
          "gets \(input.tuple) and has \(name) of shape \(tensor.shape.tuple)",
          remedy: "one number, or an array of shape \(kept.tuple)")
      }
    }
    return input
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    guard isMeasured else { return [] }
    let kept = input.ofAxes(arguments.places("axis", in: input))
    return [
      WeightSpec("mean", kept, .zeros, isTrainable: false),
      WeightSpec("variance", kept, .ones, isTrainable: false),
      WeightSpec("count", [], .zeros, isTrainable: false),
    ]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    var operands = [input]
    let mean = moment("mean", weights.first, &operands, &builder)
    let variance = moment("variance", weights.dropFirst().first, &operands, &builder)
    let deviation = Formula.max(.sqrt(variance), .constant(1e-7))
    let x = Formula.operand(0)
    return builder.formula(
      "normalized", "y",
      arguments.boolean("invert") ? mean + x * deviation : (x - mean) / deviation, operands)
  }

  private func moment(
    _ name: String, _ weight: Value?, _ operands: inout [Value], _ builder: inout GraphBuilder
  ) -> Formula {
    let shape = operands[0].shape
    let places = arguments.places("axis", in: Shape(Array(shape.extents.dropFirst())))
    switch (weight, arguments[name]) {
    case (let weight?, _):
      operands.append(builder.spread(weight, along: places, rank: shape.rank))
    case (nil, .tensor(let tensor)):
      // An array of fewer axes belongs to the last ones.
      operands.append(
        builder.spread(
          builder.constant(tensor), along: places.suffix(tensor.shape.rank), rank: shape.rank))
    case (nil, let value):
      return .constant(value.asNumber ?? 0)
    }
    return .operand(operands.count - 1)
  }

  /// The weights that `adapt` gives a layer: means and variances of data, by Keras's names.
  ///
  /// - Parameter data: [examples, …].
  /// - Throws: when the layer does not take such examples or has its numbers already.
  package static func adapted(
    _ arguments: Arguments, to data: Tensor
  ) throws(LayerFailure) -> [String: Tensor] {
    let layer = Normalization(arguments)
    guard data.shape.rank > 0, data.count > 0 else {
      throw LayerFailure("is adapted to no data", remedy: "at least one example")
    }
    let example = Shape(Array(data.shape.extents.dropFirst()))
    _ = try layer.outputShape(for: example)
    guard layer.isMeasured else {
      throw LayerFailure(
        "is adapted, and its mean and variance are given", remedy: "one of the two")
    }
    let places = arguments.places("axis", in: example)
    let kept = example.ofAxes(places)
    let (means, variances) = moments(of: data, keeping: places, count: kept.count)
    return [
      "mean": Tensor(shape: kept, scalars: means.map { Float($0) }),
      "variance": Tensor(shape: kept, scalars: variances.map { Float($0) }),
      "count": Tensor(shape: [], repeating: 0),
    ]
  }

  /// Means and biased variances of the numbers that share their places along some axes.
  private static func moments(
    of data: Tensor, keeping places: [Int], count: Int
  ) -> ([Double], [Double]) {
    let strides = data.shape.strides
    let groups = data.scalars.indices.map { offset in
      places.reduce(0) { $0 * data.shape[$1] + offset / strides[$1] % data.shape[$1] }
    }
    let size = Double(data.count / count)
    func means(_ number: (Int) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: count)
      for (offset, group) in groups.enumerated() { sums[group] += number(offset) }
      return sums.map { $0 / size }
    }
    let mean = means { Double(data.scalars[$0]) }
    let variance = means { offset in
      let distance = Double(data.scalars[offset]) - mean[groups[offset]]
      return distance * distance
    }
    return (mean, variance)
  }
}
