import Tensors

/// Numbers as text that reads back to the same bits, arrays as nested lists.
package enum ValueText {
  /// The shortest decimal that reads back to the same Float32.
  package static func number(_ value: Float) -> String { value.description }

  /// - Parameter isCount: whether it is a whole number by its nature: `32`, not `32.0`.
  package static func text(_ value: ExpressionValue, isCount: Bool = false) -> String {
    switch value {
    case .number(let number) where isCount && Int(exactly: number) != nil:
      return "\(Int(number))"
    case .tensor(let tensor) where isCount && tensor.scalars.allSatisfy { Int(exactly: $0) != nil }:
      return text(tensor) { "\(Int($0))" }
    case .number(let number):
      // Most numbers are Float32 that an expression only passed on.
      let single = Float(number)
      return Double(single) == number ? single.description : number.description
    case .truth(let holds): return holds ? "true" : "false"
    case .text(let name): return "\"\(name)\""
    case .tensor(let tensor): return text(tensor)
    }
  }

  /// The same in a sentence, where a number that was reckoned in Float64 has as many digits as those of
  /// the run: all there is to it is one of them.
  static func said(_ value: ExpressionValue) -> String {
    guard case .number(let number) = value, Float(number).isFinite, Float(number) != 0 else {
      return text(value)
    }
    return Float(number).description
  }

  /// `[[0.5, -1.2], [0.9, 0.1]]`; of more than 4,096 numbers the ends of each axis.
  package static func text(
    _ tensor: Tensor, _ written: (Float) -> String = number
  ) -> String {
    list(tensor, axis: 0, offset: 0, isShort: tensor.count > 4096, written)
  }

  private static func list(
    _ tensor: Tensor, axis: Int, offset: Int, isShort: Bool, _ written: (Float) -> String
  ) -> String {
    guard axis < tensor.shape.rank else { return written(tensor.scalars[offset]) }
    let stride = tensor.shape.strides[axis]
    let count = tensor.shape[axis]
    let parts = (0..<count).compactMap { i -> String? in
      if isShort && count > 8 && i >= 3 && i < count - 3 { return i == 3 ? "…" : nil }
      return list(tensor, axis: axis + 1, offset: offset + i * stride, isShort: isShort, written)
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }
}
