import Autodiff
import Tensors

// Layers that make sequences and images larger.

/// Each time step `size` times in a row.
package struct UpSampling1D: SingleLayer {
  package static let kind = "UpSampling1D"
  package static let summary = "repeats each time step of a sequence"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("size", .integer(1...65_536), default: .integer(2), "how often it is repeated")
  ]

  private let size: Int

  package init(_ arguments: Arguments) { size = arguments.integer("size") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkSequence()
    return [try input.enlarged(0, by: size), input[1]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.repeated(input, size, axis: 1)
  }
}

/// An image made larger: each pixel repeated, or pixels between them interpolated.
package struct UpSampling2D: SingleLayer {
  package static let kind = "UpSampling2D"
  package static let summary = "makes an image larger"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec(
      "size", .pair(1...1024), default: .integers([2, 2]), "how many times as high, and as wide"),
    .dataFormat,
    ArgumentSpec(
      "interpolation", .choice(Enlargement.allCases.map(\.rawValue)),
      default: .text(Enlargement.nearest.rawValue), "what lies between its pixels"),
  ]

  private let size: [Int]
  private let enlargement: Enlargement

  package init(_ arguments: Arguments) {
    size = arguments.integers("size")
    enlargement = Enlargement(rawValue: arguments.text("interpolation")) ?? .nearest
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    return [try input.enlarged(0, by: size[0]), try input.enlarged(1, by: size[1]), input[2]]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard enlargement != .nearest else {
      return builder.repeated(builder.repeated(input, size[0], axis: 1), size[1], axis: 2)
    }
    return builder.interpolated(input, size, enlargement)
  }
}

/// What the new pixels of a larger image are.
private enum Enlargement: String, CaseIterable, Sendable {
  case nearest, bilinear, bicubic

  /// The matrix [count · size, count] that makes a line of pixels `size` times as long. The middle of
  /// new pixel i lies at `(i + ½) / size − ½`; beyond the ends the last pixels go on.
  func matrix(_ count: Int, _ size: Int) -> Tensor {
    var numbers = [Double](repeating: 0, count: count * size * count)
    for i in 0..<count * size {
      let middle = (Double(i) + 0.5) / Double(size) - 0.5
      let place = self == .bilinear ? max(middle, 0) : middle
      let first = place.rounded(.down)
      for (step, share) in shares(place - first) {
        let from = min(max(Int(first) + step, 0), count - 1)
        numbers[i * count + from] += share
      }
    }
    return Tensor(shape: [count * size, count], scalars: numbers.map { Float($0) })
  }

  /// How much the pixels near a place count that lies t of the way from one to the next: two by their
  /// nearness, or four by the cubic convolution of Keys (1981) with a = −¾.
  private func shares(_ t: Double) -> [(step: Int, share: Double)] {
    guard self == .bicubic else { return [(0, 1 - t), (1, t)] }
    let a = -0.75
    func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
    func far(_ x: Double) -> Double { a * (((x - 5) * x + 8) * x - 4) }
    return [(-1, far(t + 1)), (0, near(t)), (1, near(1 - t)), (2, far(2 - t))]
  }
}

extension GraphBuilder {
  fileprivate mutating func repeated(_ x: Value, _ size: Int, axis: Int) -> Value {
    size == 1 ? x : apply(RepeatOp(size, axis: axis), to: [x])
  }

  /// `U_h x` along the rows and `U_w x` along the columns: two products, each with one matrix for all.
  fileprivate mutating func interpolated(
    _ x: Value, _ size: [Int], _ enlargement: Enlargement
  ) -> Value {
    let (batch, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    var result = x
    if size[0] > 1 {
      let rows = apply(ReshapeOp(to: [batch, height, width * channels]), to: [result])
      result = apply(
        BatchedMatMulOp(), to: [matrix(enlargement.matrix(height, size[0]), "rows"), rows])
    }
    if size[1] > 1 {
      let count = batch * height * size[0]
      let columns = apply(ReshapeOp(to: [count, width, channels]), to: [result])
      result = apply(
        BatchedMatMulOp(), to: [matrix(enlargement.matrix(width, size[1]), "columns"), columns])
    }
    guard result != x else { return x }
    return apply(
      ReshapeOp(to: [batch, height * size[0], width * size[1], channels]), to: [result])
  }

  private mutating func matrix(_ tensor: Tensor, _ name: String) -> Value {
    let made = constant(tensor)
    rename(made, "\(layerName)/\(name)", symbol: "U")
    return made
  }
}

extension Shape {
  /// An axis so many times as long; throws when that is more than there can be.
  fileprivate func enlarged(_ axis: Int, by size: Int) throws(LayerFailure) -> Int {
    let (extent, isTooLarge) = self[axis].multipliedReportingOverflow(by: size)
    guard !isTooLarge, extent <= Network.largestExample else {
      throw LayerFailure(
        "gets \(tuple) and makes it \(size) times as large",
        remedy: "a size of at most \(max(Network.largestExample / max(self[axis], 1), 1))")
    }
    return extent
  }
}
