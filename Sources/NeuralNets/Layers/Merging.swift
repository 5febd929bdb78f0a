import Autodiff
import Tensors

/// A layer that makes one array of several.
package protocol MergingLayer: CataloguedLayer, MaskingLayer {
  func outputShape(for inputs: [Shape]) throws(LayerFailure) -> Shape
  func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value
  /// The mask of one example of what it makes, nil where it carries none.
  func outputMask(for inputs: [Shape], masks: [Shape?]) throws(LayerFailure) -> Shape?
  /// The mask of what it makes, where `outputMask` says that there is one.
  func mask(of inputs: [MaskedValue], into builder: inout GraphBuilder) -> Value?
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

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] { [try outputMask(for: inputs, masks: masks)] }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let value = lower(inputs.map(\.value), into: &builder)
    return [MaskedValue(value, mask: mask(of: inputs, into: &builder))]
  }

  /// What counts in any of the inputs; where one carries no mask, all of it counts.
  package func outputMask(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> Shape? {
    let all = masks.compactMap(\.self)
    guard let first = all.first, all.count == masks.count else { return nil }
    guard all.allSatisfy({ $0 == first }) else {
      throw LayerFailure(
        "gets masks of \(listed(all))", remedy: "inputs whose masks have one shape")
    }
    return first
  }

  package func mask(of inputs: [MaskedValue], into builder: inout GraphBuilder) -> Value? {
    let masks = inputs.compactMap(\.mask)
    guard let first = masks.first, masks.count == inputs.count,
      masks.allSatisfy({ $0.shape == first.shape })
    else { return nil }
    return masks.dropFirst().reduce(first) { either($0, $1, &builder) }
  }

  /// 1 where one mask or the other is.
  fileprivate func either(_ a: Value, _ b: Value, _ builder: inout GraphBuilder) -> Value {
    guard a != b else { return a }
    let either = builder.formula("mask", "m", .max(.operand(0), .operand(1)), [a, b])
    builder.fix(either)
    return either
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
  /// What stands for numbers that a mask leaves out.
  static var maskedNumbers: MaskedNumbers { get }
}

/// What a merging layer of Keras takes for numbers that a mask leaves out.
package enum MaskedNumbers: Hashable, Sendable {
  /// The numbers as they are.
  case themselves
  /// 1, which changes nothing in a product; what all masks leave out is 0.
  case one
  /// The number that they meet.
  case other
}

extension NumberwiseMerging {
  package static var ownArguments: [ArgumentSpec] { [] }
  package static var mostInputs: Int { .max }
  package static var maskedNumbers: MaskedNumbers { .themselves }
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

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    for (input, mask) in zip(inputs, masks) where Self.maskedNumbers != .themselves {
      guard let mask, mask.rank != input.rank - 1 else { continue }
      throw LayerFailure(
        "gets \(input.tuple) with a mask of \(mask.tuple)",
        remedy: "a mask of all axes but the last")
    }
    return [try outputMask(for: inputs, masks: masks)]
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let mask = mask(of: inputs, into: &builder)
    let value: Value
    switch inputs.contains(where: { $0.mask != nil }) ? Self.maskedNumbers : .themselves {
    case .themselves: value = lower(inputs.map(\.value), into: &builder)
    case .one:
      let product = lower(inputs.map { ones($0, &builder) }, into: &builder)
      value = mask.map { builder.kept(product, by: $0) } ?? product
    case .other: value = replaced(inputs, &builder)
    }
    return [MaskedValue(value, mask: mask)]
  }

  /// The numbers that count, 1 in the place of the others.
  private func ones(_ input: MaskedValue, _ builder: inout GraphBuilder) -> Value {
    guard let mask = input.mask else { return input.value }
    return builder.formula(
      "kept", builder.symbol(of: input.value), .where(.operand(1), .operand(0), 1),
      [input.value, builder.spread(mask: mask, over: input.value)])
  }

  /// Merges two at a time: `op(a where it counts else b, b where it counts else a)`.
  private func replaced(_ inputs: [MaskedValue], _ builder: inout GraphBuilder) -> Value {
    var (result, mask) = (inputs[0].value, inputs[0].mask)
    for next in inputs.dropFirst() {
      var operands = [result, next.value]
      func counts(_ mask: Value?, of x: Value, _ builder: inout GraphBuilder) -> Formula? {
        guard let mask else { return nil }
        operands.append(builder.spread(mask: mask, over: x))
        return .operand(operands.count - 1)
      }
      let (ofB, ofA) = (
        counts(next.mask, of: next.value, &builder), counts(mask, of: result, &builder)
      )
      let b = ofB.map { Formula.where($0, .operand(1), .operand(0)) } ?? .operand(1)
      let a = ofA.map { Formula.where($0, .operand(0), b) } ?? .operand(0)
      if let one = mask, let other = next.mask {
        mask = either(one, other, &builder)
      } else {
        mask = nil
      }
      result = builder.formula(Self.kind.snakeCased, "s", Self.merged(a, b), operands)
    }
    return result
  }

  package func lower(_ inputs: [Value], into builder: inout GraphBuilder) -> Value {
    let aligned = aligned(inputs, &builder)
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

  /// The arrays with as many axes each; those that are missing follow the batch.
  private func aligned(_ inputs: [Value], _ builder: inout GraphBuilder) -> [Value] {
    let rank = inputs.map(\.shape.rank).max() ?? 0
    return inputs.map { x in
      let missing = [Int](repeating: 1, count: rank - x.shape.rank)
      return missing.isEmpty
        ? x
        : builder.apply(
          ReshapeOp(to: Shape([x.shape[0]] + missing + x.shape.extents.dropFirst())), to: [x])
    }
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
  package static let maskedNumbers = MaskedNumbers.one
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
  package static let maskedNumbers = MaskedNumbers.other
  package init(_ arguments: Arguments) {}
  package static func merged(_ a: Formula, _ b: Formula) -> Formula { .max(a, b) }
}

package struct Minimum: NumberwiseMerging {
  package static let kind = "Minimum"
  package static let summary = "keeps the smaller number at each place"
  package static let maskedNumbers = MaskedNumbers.other
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

  /// The axis, the batch counted as 0.
  private func place(in input: Shape) -> Int {
    let axis = arguments.integer("axis")
    return axis < 0 ? axis + input.rank + 1 : axis
  }

  /// Side by side, a step counts where it counts in any of the inputs; one after the other, the
  /// masks follow each other as the inputs do, ones where there is none.
  package func outputMask(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> Shape? {
    let place = place(in: inputs[0])
    guard masks.contains(where: { $0 != nil }) else { return nil }
    for (input, mask) in zip(inputs, masks) {
      guard let mask, mask.rank != input.rank - 1 else { continue }
      throw LayerFailure(
        "gets \(input.tuple) with a mask of \(mask.tuple)",
        remedy: "masks of all axes but the last, as \(Shape(Array(input.extents.dropLast())).tuple)"
      )
    }
    guard place < inputs[0].rank else {
      return masks.allSatisfy { $0 != nil } ? masks[0] : nil
    }
    return Shape(Array(try outputShape(for: inputs).extents.dropLast()))
  }

  package func mask(of inputs: [MaskedValue], into builder: inout GraphBuilder) -> Value? {
    let place = place(in: Shape(Array(inputs[0].value.shape.extents.dropFirst())))
    let last = inputs[0].value.shape.rank - 1
    guard inputs.contains(where: { $0.mask != nil }) else { return nil }
    guard place < last else {
      let masks = inputs.compactMap(\.mask)
      guard masks.count == inputs.count else { return nil }
      return masks.dropFirst().reduce(masks[0]) { either($0, $1, &builder) }
    }
    let parts = inputs.map { input in
      let shape = Shape(Array(input.value.shape.extents.dropLast()))
      return input.mask ?? builder.constant(Tensor(shape: shape, repeating: 1))
    }
    let mask = builder.apply(ConcatenateOp(axis: place), to: parts)
    builder.fix(mask)
    return mask
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

  /// No step is left that a mask could speak of.
  package func outputMask(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> Shape? { nil }

  package func mask(of inputs: [MaskedValue], into builder: inout GraphBuilder) -> Value? { nil }

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
