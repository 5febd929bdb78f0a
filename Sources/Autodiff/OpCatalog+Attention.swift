import Tensors

// Examples of attention: two heads, two examples, three rows that look at four.

extension OpCatalog {
  static let attention: [OpExample] = [
    attention("attention", AttentionOp(scale: 0.5), [q, k, v]),
    attention(
      "attention with a mask", AttentionOp(scale: 0.5, hasMask: true),
      [q, k, v, ("mask", "m", [2, 3, 4])]),
    attention(
      "attention with a mask for all examples", AttentionOp(hasMask: true),
      [q, k, v, ("mask", "m", [1, 3, 4])]),
    attention(
      "attention with a mask for each head",
      AttentionOp(scale: 0.7, hasMask: true, zeroesMasked: true),
      [q, k, v, ("mask", "m", [2, 2, 3, 4])]),
    attention(
      "attention that drops weights",
      AttentionOp(scale: 0.5, dropout: .init(rate: 0.3, layer: "op")), [q, k, v]),
    attention(
      "weights of attention", AttentionOp(.weights, scale: 0.5, hasMask: true),
      [q, k, ("mask", "m", [2, 3, 4])]),
    attention("sum of attention", AttentionOp(.sum), [("p", "p", [2, 2, 3, 4]), v]),
    attention(
      "sum of attention that drops weights",
      AttentionOp(.sum, dropout: .init(rate: 0.3, layer: "op")), [("p", "p", [2, 2, 3, 4]), v]),
  ]

  private static let q: (name: String, symbol: String, shape: Shape) = ("q", "q", [2, 2, 3, 3])
  private static let k: (name: String, symbol: String, shape: Shape) = ("k", "k", [2, 2, 4, 3])
  private static let v: (name: String, symbol: String, shape: Shape) = ("v", "v", [2, 2, 4, 2])

  private static func attention(
    _ name: String, _ op: AttentionOp, _ inputs: [(name: String, symbol: String, shape: Shape)]
  ) -> OpExample {
    OpExample(name, op, inputs, given: ["mask": .numbers(below: 2)])
  }
}
