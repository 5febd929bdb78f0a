import Autodiff
import Tensors

/// A layer that makes one array of several.
package protocol MergingLayer: CataloguedLayer {
  func outputShape(for inputs: [Shape]) throws(LayerFailure) -> Shape
  func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value
}

extension MergingLayer {
  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    guard inputs.count >= 2 else {
      throw LayerFailure(
        "gets one array", remedy: "a list of at least two, as \(Self.kind)()([a, b])")
    }
    return [try outputShape(for: inputs)]
  }

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    [lower(inputs, into: &builder)]
  }

  /// The shapes in words: "(4, 6) and (3,)".
  fileprivate func listed(_ shapes: [Shape]) -> String {
    shapes.map(\.tuple).joined(separator: " and ")
  }
}

/// A layer that merges arrays number by number; smaller ones are repeated as NumPy does.
package protocol NumberwiseMerging: MergingLayer {
  /// What two numbers become.
  static func merged(_ a: Formula, _ b: Formula) -> Formula
  /// What becomes of all numbers merged.
  static func finished(_ all: Formula, count: Int) -> Formula
  /// The most arrays it takes.
  static var mostInputs: Int { get }
}

extension NumberwiseMerging {
  package static var ownArguments: [ArgumentSpec] { [] }
  package static var mostInputs: Int { .max }
  package static func finished(_ all: Formula, count: Int) -> Formula { all }

  package func outputShape(for inputs: [Shape]) throws(LayerFailure) -> Shape {
    guard inputs.count <= Self.mostInputs else {
      throw LayerFailure("gets \(inputs.count) arrays", remedy: "\(Self.mostInputs) arrays")
    }
    guard let shape = OperandLayout.broadcast(inputs) else {
      throw LayerFailure(
        "gets \(listed(inputs)), whose numbers do not pair up", remedy: "arrays of one shape")
    }
    return shape
  }

  package func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value {
    // Missing axes follow the batch.
    let rank = inputs.map(\.shape.rank).max() ?? 0
    let aligned = inputs.map { x in
      let missing = [Int](repeating: 1, count: rank - x.shape.rank)
      return missing.isEmpty
        ? x
        : builder.apply(
          ReshapeOp(to: Shape([x.shape[0]] + missing + x.shape.extents.dropFirst())), to: [x])
    }
    // So many arrays meet in one instruction.
    let atOnce = 6
    var result = aligned[0]
    for start in stride(from: 1, to: aligned.count, by: atOnce - 1) {
      let part = [result] + aligned[start..<min(start + atOnce - 1, aligned.count)]
      let all = part.indices.dropFirst().reduce(Formula.operand(0)) {
        Self.merged($0, .operand($1))
      }
      let isLast = start + atOnce - 1 >= aligned.count
      result = builder.formula(
        Self.kind.snakeCased, "s", isLast ? Self.finished(all, count: inputs.count) : all, part)
    }
    return result
  }
}

package struct Add: NumberwiseMerging {
  package static let kind = "Add"
  package static let summary = "adds arrays number by number"
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { a + b }
}

package struct Subtract: NumberwiseMerging {
  package static let kind = "Subtract"
  package static let summary = "subtracts one array from another"
  package static let mostInputs = 2
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { a - b }
}

package struct Multiply: NumberwiseMerging {
  package static let kind = "Multiply"
  package static let summary = "multiplies arrays number by number"
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { a * b }
}

package struct Average: NumberwiseMerging {
  package static let kind = "Average"
  package static let summary = "averages arrays number by number"
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { a + b }
  package static func finished(_ all: Formula, count: Int) -> Formula {
    all / .constant(Double(count))
  }
}

package struct Maximum: NumberwiseMerging {
  package static let kind = "Maximum"
  package static let summary = "keeps the larger number at each place"
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { .max(a, b) }
}

package struct Minimum: NumberwiseMerging {
  package static let kind = "Minimum"
  package static let summary = "keeps the smaller number at each place"
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { .min(a, b) }
}

/// Its arrays one after the other along an axis.
package struct Concatenate: MergingLayer {
  package static let kind = "Concatenate"
  package static let summary = "lays arrays one after the other"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("axis", .integer(-64...64), default: .integer(-1), "along which axis")
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package func outputShape(for inputs: [Shape]) throws(LayerFailure) -> Shape {
    let first = inputs[0]
    try arguments.checkAxes("axis", in: first)
    let axis = arguments.places("axis", in: first)[0] - 1
    var joined = first
    for other in inputs.dropFirst() {
      var same = other
      if other.rank == first.rank { same.extents[axis] = first[axis] }
      guard same == first else {
        throw LayerFailure(
          "gets \(listed(inputs)), which differ beside axis \(axis + 1)",
          remedy: "arrays that differ along that axis alone")
      }
      joined.extents[axis] += other[axis]
    }
    return joined
  }

  package func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value {
    let axis = arguments.integer("axis")
    return builder.apply(ConcatenateOp(axis: axis), to: inputs)
  }
}

/// `y = Σ a b` along an axis of each of two arrays, example by example; of rows one number.
package struct Dot: MergingLayer {
  package static let kind = "Dot"
  package static let summary = "multiplies two arrays and sums along an axis"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("axes", .axes, "the axis of each array, or one for both; the batch is 0"),
    .flag("normalize", false, "whether both have length 1 first: the cosine of their angle"),
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  /// The axis of each array, the batch counted.
  private func places(_ inputs: [Shape]) -> [Int] {
    let axes = arguments.axes("axes")
    return zip(axes.count == 1 ? [axes[0], axes[0]] : axes, inputs).map {
      $0 < 0 ? $0 + $1.rank + 1 : $0
    }
  }

  package func outputShape(for inputs: [Shape]) throws(LayerFailure) -> Shape {
    guard inputs.count == 2 else {
      throw LayerFailure("gets \(inputs.count) arrays", remedy: "2 arrays")
    }
    let places = places(inputs)
    let isAxis = zip(places, inputs).allSatisfy { $0 >= 1 && $0 <= $1.rank }
    guard places.count == 2, arguments.axes("axes").count <= 2, isAxis else {
      throw LayerFailure(
        "gets \(listed(inputs)) and has no such axes",
        remedy: "axes=-1, or an axis of each that is not the batch, as axes=(1, 1)")
    }
    let (a, b) = (inputs[0][places[0] - 1], inputs[1][places[1] - 1])
    guard a == b else {
      throw LayerFailure(
        "gets \(listed(inputs)), with \(a) and \(b) numbers along its axes",
        remedy: "axes of one length")
    }
    let rest = zip(inputs, places).flatMap { shape, place in
      shape.extents.enumerated().filter { $0.offset != place - 1 }.map(\.element)
    }
    return Shape(rest.isEmpty ? [1] : rest)
  }

  package func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value {
    let examples = inputs.map { Shape(Array($0.shape.extents.dropFirst())) }
    let places = places(examples)
    var (a, b) = (inputs[0], inputs[1])
    if arguments.boolean("normalize") {
      a = builder.unit(a, axes: [places[0]], atLeast: 1e-7)
      b = builder.unit(b, axes: [places[1]], atLeast: 1e-7)
    }
    let (left, isLeftTurned) = matrices(a, place: places[0], &builder)
    let (right, isRightTurned) = matrices(b, place: places[1], &builder)
    let product = builder.apply(
      BatchedMatMulOp(transposesA: !isLeftTurned, transposesB: isRightTurned), to: [left, right])
    guard let shape = try? outputShape(for: examples) else {
      preconditionFailure("\(examples) were checked before")
    }
    let whole = Shape([a.shape[0]] + shape.extents)
    return product.shape == whole ? product : builder.apply(ReshapeOp(to: whole), to: [product])
  }

  /// An array as matrices, [batch, length, others], or turned: [batch, others, length].
  private func matrices(
    _ x: Value, place: Int, _ builder: inout GraphBuilder
  ) -> (Value, isTurned: Bool) {
    let rank = x.shape.rank
    let length = x.shape[place]
    let others = x.shape.extents.dropFirst().reduce(1, *) / max(length, 1)
    var value = x
    let isTurned = place == rank - 1
    if !isTurned && place != 1 {
      let order = [0, place] + (1..<rank).filter { $0 != place }
      value = builder.apply(TransposeOp(order), to: [x])
    }
    let shape: Shape =
      isTurned ? [x.shape[0], others, length] : [x.shape[0], length, others]
    return (
      value.shape == shape ? value : builder.apply(ReshapeOp(to: shape), to: [value]), isTurned
    )
  }
}
