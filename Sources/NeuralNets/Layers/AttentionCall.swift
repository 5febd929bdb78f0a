import Autodiff
import Tensors

/// A layer whose rows look at other rows: its call takes a query, what is looked at, and masks. Those
/// that its arrays carry count as if the call gave them, and what comes out carries the query's.
package protocol AttendingLayer: CataloguedLayer, MaskingLayer {
  var call: AttentionCall { get }
}

extension AttendingLayer {
  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    for (input, mask) in zip(inputs, masks) { try input.checkMask(mask) }
    let ofScores = call.returnsScores ? [Shape?.none] : []
    return [call.input("query_mask", of: inputs) ?? call.main(masks).query] + ofScores
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    var options = call.options
    options.roles = call.roles(inputs.count)
    var values = inputs.map(\.value)
    let query = call.main(inputs).query
    for role in AttentionCall.arrays {
      guard call.input(role + "_mask", of: inputs) == nil,
        let array = call.input(role, of: inputs), let mask = array.mask,
        role != "key" || array != call.main(inputs).value
      else { continue }
      options.roles.append(role + "_mask")
      values.append(mask)
    }
    // Masks change nothing that a call could be refused for.
    let layer = (try? called(with: options)) ?? self
    let outputs = layer.lower(values, weights: weights, into: &builder)
    let mask = call.input("query_mask", of: inputs)?.value ?? query.mask
    return outputs.enumerated().map { MaskedValue($1, mask: $0 == 0 ? mask : nil) }
  }
}

/// The inputs of a layer that attends, told apart, and what its call says besides.
package struct AttentionCall: Hashable, Sendable {
  static let arrays = ["query", "value", "key"]

  let options: CallOptions

  init(_ options: CallOptions = CallOptions()) { self.options = options }

  var isCausal: Bool { options.flags.contains("use_causal_mask") }
  var returnsScores: Bool { options.flags.contains("return_attention_scores") }

  func roles(_ count: Int) -> [String] {
    options.roles.isEmpty ? Array(Self.arrays.prefix(count)) : options.roles
  }

  /// The input of a name, if the call has it.
  func input<T>(_ role: String, of inputs: [T]) -> T? {
    zip(roles(inputs.count), inputs).first { $0.0 == role }?.1
  }

  /// Query, value and key; the values are their own keys where none are given.
  func main<T>(_ inputs: [T]) -> (query: T, value: T, key: T) {
    let value = input("value", of: inputs) ?? inputs[1]
    return (input("query", of: inputs) ?? inputs[0], value, input("key", of: inputs) ?? value)
  }

  /// Throws when there are too few inputs, or too many.
  func check(_ inputs: [Shape], _ example: String) throws(LayerFailure) {
    let known = options.roles.isEmpty ? inputs.count <= 3 : options.roles.count == inputs.count
    guard inputs.count >= 2, known, input("query", of: inputs) != nil,
      input("value", of: inputs) != nil
    else {
      throw LayerFailure(
        inputs.count == 1 ? "gets one array" : "gets \(inputs.count) arrays",
        remedy: "a query and a value, and a key if it differs, as \(example)")
    }
  }

  /// Throws when a mask has another shape.
  func checkMask(
    _ role: String, of inputs: [Shape], _ shape: Shape
  ) throws(LayerFailure) {
    // Numbers of the code may have the batch before them, as one place.
    guard let mask = input(role, of: inputs), mask != shape,
      mask != Shape([1] + shape.extents)
    else { return }
    throw LayerFailure(
      "gets a \(role) of \(mask.tuple)",
      remedy: "one of shape \(shape.tuple), a number for each row")
  }
}

extension GraphBuilder {
  /// 1 where a row may look, 0 after it: row i at columns up to i. [1, rows, columns].
  mutating func causalMask(_ rows: Int, _ columns: Int) -> Value {
    mask(rows, columns) { $1 <= $0 }
  }

  /// 1 where a rule of row and column holds, else 0. [1, rows, columns].
  mutating func mask(_ rows: Int, _ columns: Int, _ holds: (Int, Int) -> Bool) -> Value {
    constant(
      Tensor(
        shape: [1, rows, columns],
        scalars: (0..<rows).flatMap { i in (0..<columns).map { holds(i, $0) ? 1 : 0 } }),
      symbol: "mask")
  }

  /// What all masks let through; they meet by NumPy's rules. Nil for none.
  mutating func both(_ masks: [Value]) -> Value? {
    guard var result = masks.first else { return nil }
    for mask in masks.dropFirst() {
      result = formula("mask", "m", .operand(0) * .operand(1), [result, mask])
    }
    return result
  }

  /// The value under a name below the layer.
  mutating func named(_ value: Value, _ name: String, _ symbol: String) -> Value {
    rename(value, layerName + "/" + name, symbol: symbol)
    return value
  }
}
