import Tensors
import TerminalGraphics

/// How numbers of units and weights are drawn in the pictures of a network: by a sign and a color.
enum UnitMarks {
  /// A unit: filled for a positive value, a ring for a negative one; the larger the stronger.
  static func unit(_ value: Float?, _ limit: Float) -> (scalar: Unicode.Scalar, ink: Ink) {
    guard let value, limit > 0 else { return ("●", .secondary) }
    if value == 0 { return ("·", .secondary) }
    return (value < 0 ? "○" : "●", .diverging(lifted(value / limit)))
  }

  /// A weight's line: blue and solid when positive, orange and dashed when negative; heavy when it
  /// is one of the largest.
  static func weight(_ weight: Float, isAscii: Bool) -> (scalar: Unicode.Scalar, ink: Ink) {
    let scalar: Unicode.Scalar =
      weight < 0 ? (isAscii ? "-" : "╌") : isAscii ? "+" : weight > 0.7 ? "━" : "─"
    return (scalar, .diverging(lifted(weight)))
  }

  /// Small numbers keep a color that can be seen.
  static func lifted(_ share: Float) -> Float {
    share == 0 ? 0 : (share < 0 ? -1 : 1) * max(0.3, abs(share))
  }

  /// The largest size among finite numbers.
  static func limit(_ values: Tensor?) -> Float {
    values?.scalars.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 } ?? 0
  }

  /// The largest weight into each unit, by size, with its sign; units lie along the last axis.
  static func strongest(_ kernel: Tensor) -> [Float] {
    let width = max(1, kernel.shape.last)
    return (0..<width).map { unit in
      stride(from: unit, to: kernel.count, by: width).map { kernel.scalars[$0] }
        .max { abs($0) < abs($1) } ?? 0
    }
  }

  /// One number for each unit: of maps and sequences the mean over all their places.
  static func means(_ values: Tensor) -> [Float] {
    let width = max(1, values.shape.last)
    let places = Float(max(1, values.count / width))
    return (0..<width).map { unit in
      stride(from: unit, to: values.count, by: width).reduce(Float(0)) {
        $0 + values.scalars[$1]
      } / places
    }
  }
}
