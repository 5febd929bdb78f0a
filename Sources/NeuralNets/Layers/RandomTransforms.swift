import Autodiff
import Tensors

// Layers that move, turn or enlarge pictures in every step of training, each by a draw of its own.
//
// A picture is drawn anew by six numbers A: what stands at column q and row r then stood at
//
//     column  a₀ q + a₁ r + a₂        row  a₃ q + a₄ r + a₅

/// Moves pictures down and to the right by shares of their size.
package struct RandomTranslation: RandomTransform {
  package static let kind = "RandomTranslation"
  package static let summary = "moves pictures at random while training"
  package static let ownArguments =
    [
      share("height_factor", -1...1, "the share of the height that it moves down, at most"),
      share("width_factor", -1...1, "the share of the width that it moves right, at most"),
    ] + readings

  let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  func matrix(_ shape: Shape, into builder: inout GraphBuilder) -> Value {
    let (height, width) = (Float(shape[1]), Float(shape[2]))
    let down = draw("height_factor", "down", "v", shape, into: &builder)
    let right = draw("width_factor", "right", "u", shape, into: &builder)
    return builder.matrix(
      .operand(0) * .operand(2) + .operand(1) * .operand(3) + .operand(4), [down, right],
      [[0, 0, 0, 0, 0, -height], [0, 0, -width, 0, 0, 0], [1, 0, 0, 0, 1, 0]])
  }
}

/// Turns pictures around their middle by a share of the full circle.
package struct RandomRotation: RandomTransform {
  package static let kind = "RandomRotation"
  package static let summary = "turns pictures at random while training"
  package static let ownArguments =
    [share("factor", -1...1, "the share of a full turn, at most; above 0 against the clock")]
    + readings

  let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  func matrix(_ shape: Shape, into builder: inout GraphBuilder) -> Value {
    let (x, y) = (Float(shape[2] - 1) / 2, Float(shape[1] - 1) / 2)
    let angle = draw("factor", "angle", "θ", shape, scale: 2 * .pi, into: &builder)
    return builder.matrix(
      .cos(.operand(0)) * .operand(1) + .sin(.operand(0)) * .operand(2) + .operand(3), [angle],
      [[1, 0, -x, 0, 1, -y], [0, -1, y, 1, 0, -x], [0, 0, x, 0, 0, y]])
  }
}

/// Makes pictures smaller (above 0) or larger (below 0) around their middle.
package struct RandomZoom: RandomTransform {
  package static let kind = "RandomZoom"
  package static let summary = "makes pictures smaller or larger at random while training"
  package static let ownArguments =
    [
      share("height_factor", -0.999...1, "the share that more is seen of the height, at most"),
      share(
        "width_factor", -0.999...1, default: ArgumentValue.none,
        "the same of the width; None: as the height"),
    ] + readings

  let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  func matrix(_ shape: Shape, into builder: inout GraphBuilder) -> Value {
    let (x, y) = (Float(shape[2] - 1) / 2, Float(shape[1] - 1) / 2)
    let rows = draw("height_factor", "rows", "v", shape, offset: 1, into: &builder)
    let columns =
      arguments["width_factor"] == .none
      ? rows : draw("width_factor", "columns", "u", shape, offset: 1, into: &builder)
    return builder.matrix(
      .operand(0) * .operand(2) + .operand(1) * .operand(3) + .operand(4), [rows, columns],
      [[0, 0, 0, 0, 1, -y], [1, 0, -x, 0, 0, 0], [0, 0, x, 0, 0, y]])
  }
}

/// A layer that draws six numbers for each picture and reads it anew by them.
protocol RandomTransform: SingleLayer {
  var arguments: Arguments { get }
  /// A [batch, 6] for pictures [batch, height, width, channels].
  func matrix(_ shape: Shape, into builder: inout GraphBuilder) -> Value
}

extension RandomTransform {
  /// A number that stands for both directions, or the two ends of what is drawn.
  static func share(
    _ name: String, _ range: ClosedRange<Double>, default standard: ArgumentValue? = nil,
    _ help: String
  ) -> ArgumentSpec {
    ArgumentSpec(name, .span(range, alone: range), default: standard, help)
  }

  /// How pictures are read between and beyond their pixels, as Keras calls it.
  static var readings: [ArgumentSpec] {
    [
      ArgumentSpec(
        "fill_mode", .choice(["reflect", "wrap", "constant", "nearest"]),
        default: .text("reflect"), "what lies beyond the picture"),
      ArgumentSpec(
        "interpolation", .choice(["nearest", "bilinear"]), default: .text("bilinear"),
        "what lies between its pixels"),
      .seed,
      .number("fill_value", -1e9...1e9, 0, "what lies beyond it when fill_mode is \"constant\""),
      .dataFormat,
    ]
  }

  /// `offset` and a share, drawn for each picture.
  func draw(
    _ argument: String, _ name: String, _ symbol: String, _ shape: Shape, offset: Double = 0,
    scale: Double = 1, into builder: inout GraphBuilder
  ) -> Value {
    let given = arguments.span(argument)
    let ends = given.count == 1 ? [-abs(given[0]), abs(given[0])] : given.sorted()
    return builder.drawn(
      .uniform(low: offset + scale * ends[0], high: offset + scale * ends[1]),
      shape: [shape[0], 1], key: arguments.drawKey(builder.layerName) + "/" + name, name: name,
      symbol: symbol)
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try input.checkImage()
    return input
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training else { return input }
    let matrix = matrix(input.shape, into: &builder)
    let reading = AffineTransformOp(
      Interpolation(named: arguments.text("interpolation")),
      FillMode(named: arguments.text("fill_mode")), fillValue: arguments.number("fill_value"))
    return builder.apply(reading, to: [input, matrix])
  }
}

extension GraphBuilder {
  /// A, whose six columns a formula makes of draws [batch, 1] and of rows of six numbers, which are
  /// its further operands.
  fileprivate mutating func matrix(
    _ formula: Formula, _ draws: [Value], _ rows: [[Float]]
  ) -> Value {
    let constants = zip(rows, ["B", "C", "D"]).map { row, symbol in
      let made = constant(Tensor(shape: [6], scalars: row))
      rename(made, "\(layerName)/\(symbol)", symbol: symbol)
      return made
    }
    return self.formula("matrix", "A", formula, draws + constants)
  }
}

extension Interpolation {
  fileprivate init(named name: String) {
    self = Self.allCases.first { "\($0)" == name } ?? .bilinear
  }
}

extension FillMode {
  fileprivate init(named name: String) {
    self = Self.allCases.first { "\($0)" == name } ?? .reflect
  }
}
