import Autodiff
import Tensors

// Layers that make rows of 0 and 1 of numbers of classes.

/// Class numbers as rows: one for each number, or one for all numbers of an example.
package struct CategoryEncoding: SingleLayer {
  package static let kind = "CategoryEncoding"
  package static let summary = "makes rows of 0 and 1 of class numbers"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("num_tokens", .integer(1...Network.largestExample), "how many classes there are"),
    ArgumentSpec(
      "output_mode", .choice(OneHotOp.Mode.kerasNames), default: .text("multi_hot"),
      "a row for each number, or one for an example"),
    .fixed("sparse", .boolean(false)),
  ]

  private let encoding: ClassRows

  package init(_ arguments: Arguments) {
    encoding = ClassRows(
      classes: arguments.integer("num_tokens"),
      mode: OneHotOp.Mode(kerasName: arguments.text("output_mode")) ?? .multiHot)
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try encoding.outputShape(for: input)
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    encoding.lower(input, into: &builder)
  }
}

/// The number of boundaries at or below each number: which bin it falls into.
package struct Discretization: SingleLayer {
  package static let kind = "Discretization"
  package static let summary = "says into which bin each number falls"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("bin_boundaries", .numbers, "where bins end, ascending"),
    .fixed("num_bins"), .number("epsilon", 0...1, 0.01, "unused when boundaries are given"),
    ArgumentSpec(
      "output_mode", .choice(["int"] + OneHotOp.Mode.kerasNames), default: .text("int"),
      "the number of the bin, or rows of 0 and 1"),
    .fixed("sparse", .boolean(false)),
  ]

  private let boundaries: [Float]
  private let encoding: ClassRows?

  package init(_ arguments: Arguments) {
    boundaries = arguments.numbers("bin_boundaries") ?? []
    encoding = OneHotOp.Mode(kerasName: arguments.text("output_mode")).map {
      ClassRows(classes: (arguments.numbers("bin_boundaries") ?? []).count + 1, mode: $0)
    }
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard !boundaries.isEmpty, zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 <= $1 })
    else {
      throw LayerFailure(
        "has bin_boundaries that do not ascend", remedy: "numbers from small to large")
    }
    guard input.count(upTo: Network.largestExample / boundaries.count) != nil else {
      throw LayerFailure(
        "compares \(input.tuple) with \(boundaries.count) boundaries", remedy: "fewer of them")
    }
    return try encoding?.outputShape(for: input) ?? input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    let column = builder.apply(ReshapeOp(to: Shape(input.shape.extents + [1])), to: [input])
    let ends = builder.constant(Tensor(shape: [boundaries.count], scalars: boundaries))
    let passed = builder.formula(
      "passed", "x ≥ end", .operand(0) >= .operand(1), [column, ends])
    let bins = builder.reduce(.sum, passed, axes: [-1], name: "bins", symbol: "n")
    return encoding?.lower(bins, into: &builder) ?? bins
  }
}

/// How numbers of classes become rows.
private struct ClassRows: Sendable {
  let classes: Int
  let mode: OneHotOp.Mode

  func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    if mode == .oneHot {
      // A last axis of one place is no axis of its own.
      return Shape(
        (input.extents.last == 1 ? input.extents.dropLast() : input.extents[...]) + [classes])
    }
    guard input.rank == 1 else {
      throw LayerFailure(
        "gets \(input.tuple), which is not a row of class numbers",
        remedy: "an input of shape (numbers,), or output_mode=\"one_hot\"")
    }
    return [classes]
  }

  func lower(_ input: Value, into builder: inout GraphBuilder) -> Value {
    var numbers = input
    if mode == .oneHot, input.shape.rank > 1, input.shape.last == 1 {
      numbers = builder.apply(
        ReshapeOp(to: Shape(Array(input.shape.extents.dropLast()))), to: [input])
    }
    return builder.apply(OneHotOp(classes: classes, mode: mode), to: [numbers])
  }
}

extension OneHotOp.Mode {
  fileprivate static var kerasNames: [String] { allCases.map(\.kerasName) }

  private var kerasName: String { rawValue.snakeCased }

  fileprivate init?(kerasName: String) {
    guard let mode = Self.allCases.first(where: { $0.kerasName == kerasName }) else { return nil }
    self = mode
  }
}
