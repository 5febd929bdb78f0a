import Foundation
import Tensors

/// The functions of `keras.ops` that NumPy does not have.
enum KerasOperations {
  static let all: [ArrayFunction] = [
    .array("softmax", "x, axis=-1", ops: "x, axis=-1", in: .ops) { call, flavor in
      let x = try flavor.array(call, "x")
      return x.mappingRuns(try call.axis(of: x), kind: flavor.real(x.kind)) { softmax($0) }
    },
    .array("log_softmax", "x, axis=-1", ops: "x, axis=-1", in: .ops) { call, flavor in
      let x = try flavor.array(call, "x")
      return x.mappingRuns(try call.axis(of: x), kind: flavor.real(x.kind)) { run in
        let most = NDArray.largest(run)
        let total = log(run.reduce(0) { $0 + exp($1 - most) })
        return run.map { $0 - most - total }
      }
    },
    .array(
      "one_hot", "x, num_classes, axis=-1, dtype=None", ops: "x, num_classes, axis=-1, dtype=None",
      in: .ops
    ) { call, flavor in
      let x = try flavor.array(call, "x")
      let n = try call.integer("num_classes", in: 1...1_000_000)
      let shape = try Shape.checked(x.shape.extents + [n])
      var rows = [Double](repeating: 0, count: shape.count)
      for (i, value) in x.scalars.enumerated() where value >= 0 && value < Double(n) {
        rows[i * n + Int(value)] = 1
      }
      let hot = NDArray(shape: shape, scalars: rows, kind: try call.kind() ?? .float32)
      let axis = try hot.axis(try call.integer("axis", in: -32...32))
      var order = Array(0..<x.rank)
      order.insert(x.rank, at: axis)
      return hot.transposed(order)
    },
    .array("cast", "x, dtype", ops: "x, dtype", in: .ops) { call, flavor in
      try flavor.operand(call, "x").checkedConversion(to: try call.kind() ?? .float32)
    },
    .array("convert_to_tensor", "x, dtype=None", ops: "x, dtype=None", in: .ops) { call, flavor in
      let x = try flavor.array(call, "x")
      return try call.kind().map(x.converted) ?? x
    },
    .array("convert_to_numpy", "x", ops: "x", in: .ops) { try $1.array($0, "x") },
    .array("stop_gradient", "variable", ops: "variable", in: .ops) { try $1.array($0, "variable") },
    ArrayFunction("shape", "x", in: .functions) { call, flavor in
      let shape = try flavor.operand(call, "x").shape.extents
      return try call.evaluator.tuple(shape.map { .integer($0) })
    },
    ArrayFunction("ndim", "x", in: .functions) { .integer(try $1.operand($0, "x").rank) },
    ArrayFunction("size", "x", in: .functions) { .integer(try $1.operand($0, "x").count) },
    .array("normalize", "x, axis=-1, order=2", ops: "x, axis=-1, order=2", in: .ops) {
      call, flavor in
      let x = try flavor.array(call, "x")
      return try KerasUtilities.normalized(
        x, axis: try call.axis(of: x), order: try call.number("order"), least: 1e-12)
    },
    .array(
      "binary_crossentropy", "target, output, from_logits=False",
      ops: "target, output, from_logits=False", in: .ops
    ) { call, flavor in
      let (y, p) = (try flavor.array(call, "target"), try flavor.array(call, "output"))
      let isLogits = try call.boolean("from_logits")
      return try NDArray.combined(y, p, kind: .float32) { y, x in
        let p = min(max(isLogits ? Activations.sigmoid(x) : x, 1e-7), 1 - 1e-7)
        return -(y * log(p) + (1 - y) * log(1 - p))
      }
    },
    .array(
      "categorical_crossentropy", "target, output, from_logits=False",
      ops: "target, output, from_logits=False", in: .ops
    ) { call, flavor in
      let (y, x) = (try flavor.array(call, "target"), try flavor.array(call, "output"))
      guard y.shape == x.shape, x.rank > 0 else {
        throw call.unsuitable("target", wanted: "an array of the output's shape")
      }
      let p = probabilities(x, isLogits: try call.boolean("from_logits"))
      let terms = try NDArray.combined(y, p, kind: .float64) { -$0 * log($1) }
      return try terms.sums(along: [-1], kind: .float64).converted(to: .float32)
    },
    .array(
      "sparse_categorical_crossentropy", "target, output, from_logits=False",
      ops: "target, output, from_logits=False", in: .ops
    ) { call, flavor in
      let (y, x) = (try flavor.array(call, "target"), try flavor.array(call, "output"))
      let n = x.shape.last
      guard x.rank > 0, y.count * n == x.count,
        y.scalars.allSatisfy({ $0 >= 0 && $0 < Double(n) })
      else { throw call.unsuitable("target", wanted: "a class for each row of the output") }
      let p = probabilities(x, isLogits: try call.boolean("from_logits"))
      return NDArray(
        shape: Shape(Array(x.shape.extents.dropLast())),
        scalars: y.scalars.enumerated().map { -log(p.scalars[$0 * n + Int($1)]) }, kind: .float32)
    },
  ]

  static func softmax(_ run: [Double]) -> [Double] {
    let most = NDArray.largest(run)
    let powers = run.map { exp($0 - most) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// What a cross-entropy takes the logarithm of: rows that sum to 1, kept off 0 and 1.
  private static func probabilities(_ x: NDArray, isLogits: Bool) -> NDArray {
    x.mappingRuns(x.rank - 1, kind: .float64) { run in
      let row = isLogits ? softmax(run) : run.map { $0 / run.reduce(0, +) }
      return row.map { min(max($0, 1e-7), 1 - 1e-7) }
    }
  }

  static func module() -> Namespace {
    let ops = Namespace("keras.ops")
    NumPy.add(NumPy.functions, in: .ops, .ops, to: ops)
    NumPy.add(LinearFunctions.linalg, in: .ops, .ops, to: ops)
    let nn = Namespace("keras.ops.nn")
    for name in [
      "relu", "sigmoid", "softmax", "log_softmax", "softplus", "gelu", "elu", "selu", "silu",
      "one_hot", "leaky_relu", "tanh",
    ] {
      if let value = ops.members[name] { nn.add(name, value) }
    }
    ops.add("nn", .object(nn))
    return ops
  }
}
