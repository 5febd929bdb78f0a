import Autodiff
import Tensors

/// An operation on arrays within a model: `x + y`, `keras.ops.mean(x, axis=1)`, a slice.
///
/// Extents count the batch, which is nil because its size is not known; arrays that do not depend on
/// the batch, as weights, have none that is nil. Axes are counted from 0, the batch included.
package struct ArrayOperation: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Number by number; shapes meet by NumPy's rules.
    case formula(Formula)
    case reduce(Reduction, axes: [Int], keepsAxes: Bool)
    /// `a · b` of matrices, or of stacks of them.
    case product
    case transpose([Int])
    case reshape([Int?])
    case broadcast([Int?])
    case slice([AxisSlice])
    case concatenate(axis: Int)
    case stack(axis: Int)
    case repeated(Int, axis: Int)
    case tile([Int])
    case flip([Int])
    case softmax(axis: Int)
    case logSoftmax(axis: Int)
    case logSumExp(axis: Int, keepsAxis: Bool)
    case largestPlace(axis: Int, keepsAxis: Bool)
    case smallestPlace(axis: Int, keepsAxis: Bool)
    case cumulativeSum(axis: Int)
    case oneHot(classes: Int)
    /// Rows of the first array by the numbers of the second.
    case gather(axis: Int)
    /// The same numbers; no gradient goes through them.
    case stopsGradient
    /// The losses of predictions, the second array, held against targets, the first.
    case loss(Component)
    case activation(Component)
    /// Numbers drawn anew in each step.
    case normal(mean: Double, deviation: Double, extents: [Int?])
    case uniform(low: Double, high: Double, extents: [Int?])
  }

  /// Keras's name of the operation: `Add`, `GetItem`.
  package let name: String
  package let kind: Kind

  package init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

// MARK: Shapes

extension ArrayOperation {
  /// The extents of the result; throws where the inputs do not fit.
  package func extents(for inputs: [[Int?]]) throws(LayerFailure) -> [Int?] {
    let x = inputs.first ?? []
    switch kind {
    case .formula: return try Self.broadcast(inputs)
    case .reduce(_, let axes, let keepsAxes):
      return x.indices.compactMap { axis -> Int?? in
        axes.contains(axis) ? (keepsAxes ? .some(1) : nil) : .some(x[axis])
      }
    case .product: return try Self.product(inputs[0], inputs[1])
    case .transpose(let order): return order.map { x[$0] }
    case .reshape(let extents): return try Self.reshaped(x, extents)
    case .broadcast(let extents): return try Self.broadcast([x, extents])
    case .slice(let slices):
      var result: [Int?] = []
      for (i, extent) in x.enumerated() {
        let slice = i < slices.count ? slices[i] : .all
        if let extent = try Self.sliced(extent, slice) { result.append(extent) }
      }
      return result
    case .concatenate(let axis): return try Self.concatenated(inputs, axis)
    case .stack(let axis):
      guard Set(inputs).count == 1 else { throw Self.misfit(inputs) }
      return Array(x[..<axis]) + [inputs.count] + Array(x[axis...])
    case .repeated(let count, let axis): return Self.scaled(x, axis, by: count)
    case .tile(let counts):
      return x.indices.map { i in x[i].map { $0 * counts[i] } }
    case .flip, .softmax, .logSoftmax, .cumulativeSum, .stopsGradient: return x
    case .logSumExp(let axis, let keepsAxis), .largestPlace(let axis, let keepsAxis),
      .smallestPlace(let axis, let keepsAxis):
      return Array(x[..<axis]) + (keepsAxis ? [1] : []) + Array(x[(axis + 1)...])
    case .oneHot(let classes): return x + [classes]
    case .gather(let axis):
      return Array(x[..<axis]) + inputs[1] + Array(x[(axis + 1)...])
    case .loss: return Array(inputs[1].dropLast())
    case .activation(let component):
      let shape = Shape(x.dropFirst().map { $0 ?? 1 })
      return Array(x.prefix(1))
        + (try ActivationFunction(component).outputShape(for: shape)).extents.map { .some($0) }
    case .normal(_, _, let extents), .uniform(_, _, let extents): return extents
    }
  }

  private static func misfit(_ inputs: [[Int?]]) -> LayerFailure {
    LayerFailure(
      "joins arrays of shapes \(inputs.map(text).joined(separator: " and ")), which do not fit",
      remedy: "shapes that are equal, or 1, place by place from the end")
  }

  /// `(None, 4)`.
  package static func text(_ extents: [Int?]) -> String {
    "(" + extents.map { $0.map(String.init) ?? "None" }.joined(separator: ", ")
      + (extents.count == 1 ? ",)" : ")")
  }

  private static func broadcast(_ inputs: [[Int?]]) throws(LayerFailure) -> [Int?] {
    let rank = inputs.map(\.count).max() ?? 0
    var result = [Int?](repeating: 1, count: rank)
    for input in inputs {
      for (i, extent) in zip(rank - input.count..<rank, input) where extent != 1 {
        guard result[i] == 1 || result[i] == extent else { throw misfit(inputs) }
        result[i] = extent
      }
    }
    return result
  }

  private static func product(_ a: [Int?], _ b: [Int?]) throws(LayerFailure) -> [Int?] {
    // Rows of the second meet the columns of the first; a batch is neither.
    guard let inner = a.last ?? nil, !b.isEmpty, inner == b[max(b.count - 2, 0)]
    else {
      throw LayerFailure(
        "multiplies matrices of shapes \(text(a)) and \(text(b))",
        remedy: "as many columns in the first as rows in the second")
    }
    if b.count == 1 { return Array(a.dropLast()) }
    if a.count == 1 { return Array(b.dropLast(2)) + [b[b.count - 1]] }
    let stack = try broadcast([Array(a.dropLast(2)), Array(b.dropLast(2))])
    return stack + [a[a.count - 2], b[b.count - 1]]
  }

  private static func reshaped(
    _ x: [Int?], _ wanted: [Int?]
  ) throws(LayerFailure) -> [Int?] {
    let known = x.compactMap { $0 }.reduce(1, *)
    let given = wanted.compactMap { $0 }.reduce(1, *)
    guard known == given, x.contains(nil) == wanted.contains(nil) else {
      throw LayerFailure(
        "reshapes \(text(x)) to \(text(wanted))", remedy: "as many numbers in both")
    }
    return wanted
  }

  /// The extent of an axis after a slice; nil where the axis is gone.
  private static func sliced(_ extent: Int?, _ slice: AxisSlice) throws(LayerFailure) -> Int?? {
    guard let extent else {
      guard slice == .all else {
        throw LayerFailure(
          "takes a part of the batch", remedy: "all examples: x[:, …]")
      }
      return .some(nil)
    }
    if case .index(let i) = slice {
      guard i >= -extent && i < extent else {
        throw LayerFailure(
          "takes place \(i) of an axis of \(extent)", remedy: "a place below \(extent)")
      }
      return nil
    }
    return .some(slice.places(of: extent).count)
  }

  private static func concatenated(
    _ inputs: [[Int?]], _ axis: Int
  ) throws(LayerFailure) -> [Int?] {
    var result = inputs[0]
    var total = 0
    for input in inputs {
      guard input.count == result.count, axis < input.count, let own = input[axis] else {
        throw misfit(inputs)
      }
      for i in input.indices where i != axis && input[i] != result[i] { throw misfit(inputs) }
      total += own
    }
    result[axis] = total
    return result
  }

  private static func scaled(_ x: [Int?], _ axis: Int, by count: Int) -> [Int?] {
    var result = x
    result[axis] = x[axis].map { $0 * count }
    return result
  }
}

// MARK: Lowering

extension ArrayOperation {
  /// Adds the ops to a graph.
  func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value {
    let batch = builder.batchSize
    func sized(_ extents: [Int?]) -> Shape { Shape(extents.map { $0 ?? batch }) }
    switch kind {
    case .formula(let formula):
      // Several operations of one layer are told apart by their names.
      let symbol = builder.layerName.split(separator: "/").last.map(String.init) ?? "y"
      return builder.formula(name.snakeCased, symbol, formula, inputs)
    case .reduce(let reduction, let axes, let keepsAxes):
      return builder.reduce(reduction, inputs[0], axes: axes, keepsAxes: keepsAxes)
    case .product: return product(inputs[0], inputs[1], into: &builder)
    case .transpose(let order): return builder.apply(TransposeOp(order), to: inputs)
    case .reshape(let extents): return builder.apply(ReshapeOp(to: sized(extents)), to: inputs)
    case .broadcast(let extents): return builder.apply(BroadcastOp(to: sized(extents)), to: inputs)
    case .slice(let slices): return builder.apply(SliceOp(slices), to: inputs)
    case .concatenate(let axis): return builder.apply(ConcatenateOp(axis: axis), to: inputs)
    case .stack(let axis): return builder.apply(StackOp(axis: axis), to: inputs)
    case .repeated(let count, let axis):
      return builder.apply(RepeatOp(count, axis: axis), to: inputs)
    case .tile(let counts): return builder.apply(TileOp(counts), to: inputs)
    case .flip(let axes): return builder.apply(FlipOp(axes: axes), to: inputs)
    case .softmax(let axis): return builder.apply(SoftmaxOp(axis: axis), to: inputs)
    case .logSoftmax(let axis): return builder.apply(LogSoftmaxOp(axis: axis), to: inputs)
    case .logSumExp(let axis, let keepsAxis):
      return builder.apply(LogSumExpOp(axis: axis, keepsAxis: keepsAxis), to: inputs)
    case .largestPlace(let axis, let keepsAxis):
      return builder.apply(ArgMaxOp(axis: axis, keepsAxis: keepsAxis), to: inputs)
    case .smallestPlace(let axis, let keepsAxis):
      return builder.apply(ArgMinOp(axis: axis, keepsAxis: keepsAxis), to: inputs)
    case .cumulativeSum(let axis): return builder.apply(CumulativeSumOp(axis: axis), to: inputs)
    case .oneHot(let classes): return builder.apply(OneHotOp(classes: classes), to: inputs)
    case .gather(let axis): return builder.apply(GatherOp(axis: axis), to: inputs)
    case .stopsGradient:
      let same = builder.formula(name.snakeCased, "y", .operand(0), inputs)
      builder.fix(same)
      return same
    case .loss(let component):
      return LossCatalog.loss(component)
        .losses(prediction: inputs[1], target: inputs[0], into: &builder).each
    case .activation(let component):
      return builder.apply(ActivationFunction(component), to: inputs[0])
    case .normal(let mean, let deviation, let extents):
      return builder.apply(
        RandomOp(
          .normal(mean: mean, deviation: deviation), shape: sized(extents),
          layer: builder.layerName), to: [])
    case .uniform(let low, let high, let extents):
      return builder.apply(
        RandomOp(.uniform(low: low, high: high), shape: sized(extents), layer: builder.layerName),
        to: [])
    }
  }

  /// `a · b`, a vector counting as a row or a column.
  private func product(_ a: Value, _ b: Value, into builder: inout GraphBuilder) -> Value {
    if b.shape.rank == 2 && a.shape.rank >= 2 {
      return builder.apply(MatMulOp(), to: [a, b])
    }
    func matrix(_ x: Value, _ shape: Shape) -> Value {
      builder.apply(ReshapeOp(to: shape), to: [x])
    }
    let left = a.shape.rank == 1 ? matrix(a, [1, a.shape.count]) : a
    let right = b.shape.rank == 1 ? matrix(b, [b.shape.count, 1]) : b
    let y = builder.apply(BatchedMatMulOp(), to: [left, right])
    var extents = y.shape.extents
    if b.shape.rank == 1 { extents.removeLast() }
    if a.shape.rank == 1 { extents.remove(at: extents.count - (b.shape.rank == 1 ? 1 : 2)) }
    return extents == y.shape.extents ? y : matrix(y, Shape(extents))
  }
}

/// An operation in its place in a graph.
struct OperationLayer: Layer {
  let operation: ArrayOperation

  func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    let extents = try operation.extents(for: inputs.map { [nil] + $0.extents })
    return [Shape(extents.dropFirst(extents.first == .some(nil) ? 1 : 0).map { $0 ?? 1 })]
  }

  func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] { [operation.lower(inputs, into: &builder)] }
}
