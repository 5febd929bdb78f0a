import Autodiff
import Tensors

// Layers that compute nothing: the same numbers in another shape or order.

/// Every number as it is.
package struct Identity: SingleLayer {
  package static let kind = "Identity"
  package static let summary = "gives what it gets"
  package static let ownArguments: [ArgumentSpec] = []

  package init(_ arguments: Arguments) {}

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    input
  }
}

/// The numbers of each example in another shape.
package struct Reshape: SingleLayer {
  package static let kind = "Reshape"
  package static let summary = "gives each example another shape"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "target_shape", .integers(-1...Network.largestExample),
      "the new shape of one example; one extent may be -1, what is left")
  ]

  private let target: [Int]

  package init(_ arguments: Arguments) { target = arguments.integers("target_shape") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    let open = target.indices.filter { target[$0] == -1 }
    let known = Shape(target.filter { $0 != -1 })
    let remedy = "a target_shape of \(input.count) numbers, as (\(input.count),)"
    guard open.count <= 1, !target.contains(0) else {
      throw LayerFailure("has target_shape=\(written)", remedy: remedy + ", with at most one -1")
    }
    let count = known.count(upTo: input.count) ?? 0
    let fits = open.isEmpty ? count == input.count : count > 0 && input.count % count == 0
    guard fits else {
      throw LayerFailure("gets \(input.tuple), which does not fill \(written)", remedy: remedy)
    }
    var extents = target
    if let place = open.first { extents[place] = input.count / count }
    return Shape(extents)
  }

  private var written: String {
    target.count == 1
      ? "(\(target[0]),)" : "(" + target.map(String.init).joined(separator: ", ") + ")"
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let example = Shape(Array(input.shape.extents.dropFirst()))
    guard let shape = try? outputShape(for: example) else {
      preconditionFailure("\(example) was checked before")
    }
    return builder.apply(ReshapeOp(to: Shape([input.shape[0]] + shape.extents)), to: [input])
  }
}

/// The axes of each example in another order; the first is 1.
package struct Permute: SingleLayer {
  package static let kind = "Permute"
  package static let summary = "puts the axes of each example in another order"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("dims", .integers(1...64), "the axes in their new order, from 1 on")
  ]

  private let order: [Int]

  package init(_ arguments: Arguments) { order = arguments.integers("dims") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard order.sorted() == Array(1..<input.rank + 1) else {
      let axes = (1..<input.rank + 1).map(String.init)
      throw LayerFailure(
        "gets \(input.tuple) and has dims=(\(order.map(String.init).joined(separator: ", ")))",
        remedy: "each axis once: \(axes.joined(separator: ", ")) in any order")
    }
    return Shape(order.map { input[$0 - 1] })
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    order == order.sorted() ? input : builder.apply(TransposeOp([0] + order), to: [input])
  }
}

/// The row of each example n times: (features,) becomes (n, features).
package struct RepeatVector: SingleLayer {
  package static let kind = "RepeatVector"
  package static let summary = "makes a sequence of n equal rows"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("n", .integer(1...65_536), "how often the row is repeated")
  ]

  private let count: Int

  package init(_ arguments: Arguments) { count = arguments.integer("n") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard input.rank == 1 else {
      throw LayerFailure(
        "gets \(input.tuple), which is not a row", remedy: "an input of shape (features,)")
    }
    return [count, input[0]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let row = builder.apply(
      ReshapeOp(to: [input.shape[0], 1, input.shape[1]]), to: [input])
    return count == 1 ? row : builder.apply(RepeatOp(count, axis: 1), to: [row])
  }
}

/// The mean of a sequence: (time steps, features) becomes (features,). With a mask it is the mean of
/// the steps that count.
package struct GlobalAveragePooling1D: SingleLayer, MaskingLayer {
  package static let kind = "GlobalAveragePooling1D"
  package static let summary = "averages each feature over a sequence"
  package static let ownArguments: [ArgumentSpec] = [
    .dataFormat, .flag("keepdims", false, "whether the time axis stays, with one place"),
  ]

  private let keepsAxis: Bool

  package init(_ arguments: Arguments) { keepsAxis = arguments.boolean("keepdims") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkSequence()
    return keepsAxis ? [1, input[1]] : [input[1]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.reduce(.mean, input, axes: [1], keepsAxes: keepsAxis)
  }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    try inputs[0].checkMask(masks[0])
    return [nil]
  }

  /// `y = Σ m x / Σ m`.
  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let input = inputs[0].value
    guard let mask = inputs[0].mask else {
      return [MaskedValue(lower(input, weights: weights, into: &builder))]
    }
    let kept = builder.kept(input, by: mask)
    let sum = builder.reduce(
      .sum, kept, axes: [1], keepsAxes: keepsAxis, name: "sum", symbol: "Σ m x")
    let wide = builder.spread(mask: mask, over: input)
    let count = builder.reduce(
      .sum, wide, axes: [1], keepsAxes: keepsAxis, name: "count", symbol: "Σ m")
    let mean = builder.formula("mean", "y", .operand(0) / .operand(1), [sum, count])
    return [MaskedValue(mean)]
  }
}

extension Shape {
  /// Throws when an example of this shape is no sequence.
  func checkSequence() throws(LayerFailure) {
    guard rank == 2 else {
      throw LayerFailure(
        "gets \(tuple), which is not a sequence",
        remedy: "an input of shape (time steps, features)")
    }
  }
}
