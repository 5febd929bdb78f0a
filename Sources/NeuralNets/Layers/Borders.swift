import Autodiff
import Tensors

// Layers that lay zeros around images and sequences, or cut their borders off.

/// Zeros before and after a sequence.
package struct ZeroPadding1D: SingleLayer {
  package static let kind = "ZeroPadding1D"
  package static let summary = "lays zeros before and after a sequence"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "padding", .pair(0...65_536), default: .integers([1, 1]), "how many before, and after"),
    .dataFormat,
  ]

  private let sides: [Int]

  package init(_ arguments: Arguments) { sides = arguments.integers("padding") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkSequence()
    return [sides[0] + input[0] + sides[1], input[1]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    sides == [0, 0]
      ? input : builder.apply(PadOp([(0, 0), (sides[0], sides[1]), (0, 0)]), to: [input])
  }
}

/// Zeros around an image.
package struct ZeroPadding2D: SingleLayer {
  package static let kind = "ZeroPadding2D"
  package static let summary = "lays zeros around an image"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "padding", .margins(0...65_536), default: .integers([1, 1]),
      "how many above and below, left and right"),
    .dataFormat,
  ]

  private let sides: [(before: Int, after: Int)]

  package init(_ arguments: Arguments) { sides = arguments.margins("padding") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    return [
      sides[0].before + input[0] + sides[0].after, sides[1].before + input[1] + sides[1].after,
      input[2],
    ]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    sides.allSatisfy { $0 == (0, 0) }
      ? input : builder.apply(PadOp([(0, 0)] + sides + [(0, 0)]), to: [input])
  }
}

/// A sequence without its ends.
package struct Cropping1D: SingleLayer {
  package static let kind = "Cropping1D"
  package static let summary = "cuts the ends of a sequence off"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "cropping", .pair(0...65_536), default: .integers([1, 1]),
      "how many at the beginning, and at the end")
  ]

  private let sides: (before: Int, after: Int)

  package init(_ arguments: Arguments) {
    let both = arguments.integers("cropping")
    sides = (both[0], both[1])
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkSequence()
    return [try input.cropped(0, sides, "time steps"), input[1]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.cropped(input, [sides])
  }
}

/// An image without its border.
package struct Cropping2D: SingleLayer {
  package static let kind = "Cropping2D"
  package static let summary = "cuts the border of an image off"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "cropping", .margins(0...65_536), default: .integers([0, 0]),
      "how many above and below, left and right"),
    .dataFormat,
  ]

  private let sides: [(before: Int, after: Int)]

  package init(_ arguments: Arguments) { sides = arguments.margins("cropping") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    return [
      try input.cropped(0, sides[0], "rows"), try input.cropped(1, sides[1], "columns"), input[2],
    ]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.cropped(input, sides)
  }
}

extension Shape {
  /// What is left of an axis; throws when that is nothing.
  fileprivate func cropped(
    _ axis: Int, _ sides: (before: Int, after: Int), _ noun: String
  ) throws(LayerFailure) -> Int {
    let left = self[axis] - sides.before - sides.after
    guard left > 0 else {
      throw LayerFailure(
        "gets \(tuple) and cuts \(sides.before + sides.after) of its \(self[axis]) \(noun) off",
        remedy: "cropping of at most \(self[axis] - 1) of them, both ends together")
    }
    return left
  }
}

extension GraphBuilder {
  /// What is left of the axes after the batch.
  fileprivate mutating func cropped(
    _ x: Value, _ sides: [(before: Int, after: Int)]
  ) -> Value {
    guard !sides.allSatisfy({ $0 == (0, 0) }) else { return x }
    let parts = sides.enumerated().map { axis, side in
      AxisSlice.range(start: side.before, stop: x.shape[axis + 1] - side.after)
    }
    return apply(SliceOp([.all] + parts), to: [x])
  }
}
