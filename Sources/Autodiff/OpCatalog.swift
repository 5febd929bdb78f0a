import Tensors

/// Every op at a small size, and in each of its forms: what gradient checks and explanations are
/// tested on. One line or more registers an op.
package struct OpExample: Sendable {
  /// What this form is: `convolution with strides`.
  package let name: String
  package let op: any Op
  /// Name, symbol and shape of each input, the batch first.
  package let inputs: [(name: String, symbol: String, shape: Shape)]
  /// What the inputs hold that are given and not learned, by name.
  package let given: [String: Given]

  /// The numbers of an input that has no gradient.
  package enum Given: Hashable, Sendable {
    case anyNumbers
    /// Whole numbers from 0 on.
    case numbers(below: Int)
  }

  package init(
    _ name: String, _ op: any Op, _ inputs: [(name: String, symbol: String, shape: Shape)],
    given: [String: Given] = [:]
  ) {
    self.name = name
    self.op = op
    self.inputs = inputs
    self.given = given
  }

  /// The plan that computes the op, judges its output by the mean squared error and derives by every
  /// input.
  package func plan(optimizer: any UpdateRule) -> Plan {
    var builder = GraphBuilder(mode: .training)
    let values = inputs.map {
      given[$0.name] == nil
        ? builder.parameter($0.name, $0.symbol, $0.shape)
        : builder.input($0.name, $0.symbol, $0.shape)
    }
    let learned = zip(inputs, values).filter { given[$0.0.name] == nil }.map(\.1)
    // An op without inputs stands beside one that nothing reads.
    let input = values.first ?? builder.input("x", "x", op.outputShape([]))
    let output = builder.layer("op") { $0.apply(op, to: values) }
    builder.beginLoss()
    let target = builder.target("target", "t", output.shape)
    let loss = builder.apply(
      LossOp(.meanSquaredError, afterSoftmax: false), to: [output, target])
    var judgment = Judgment(loss: loss)
    judgment.targets = [target]
    return Planner.plan(
      builder, inputs: [input], outputs: [output], parameters: learned, judgment: judgment,
      optimizer: optimizer)
  }

  /// Random numbers for everything that a step over the plan starts from.
  package func start(
    of plan: Plan, scale: Float = 1, _ random: (String) -> CounterRandom
  ) -> [(value: Value, numbers: [Float])] {
    let held = given.keys.sorted().compactMap { plan.value(named: $0) }
    return (plan.parameters + held + (plan.target.map { [$0] } ?? [])).map { value in
      let (name, draws) = (plan[value].name, random(plan[value].name))
      if case .numbers(let bound) = given[name] {
        return (
          value, (0..<value.shape.count).map { Float(Int(draws.uniform(at: $0) * Double(bound))) }
        )
      }
      return (value, (0..<value.shape.count).map { scale * Float(draws.normal(at: $0)) })
    }
  }
}

/// The ops, alphabetical.
package enum OpCatalog {
  package static let all: [OpExample] =
    [
      OpExample("bias on rows", AddBiasOp(), [("x", "x", [3, 4]), ("b", "b", [4])]),
      OpExample("bias on heads", AddBiasOp(), [("x", "x", [2, 3, 2, 2]), ("b", "b", [2, 2])]),
      OpExample("bias on images", AddBiasOp(), [("x", "x", [2, 2, 3, 2]), ("b", "b", [2])]),
      OpExample("dropout", DropoutOp(rate: 0.4, layer: "op"), [("x", "x", [4, 3, 2])]),
      OpExample("flatten", FlattenOp(), [("x", "x", [2, 3, 2, 2])]),
    ]
    + ScalarFunction.allCases.map {
      OpExample($0.name, MapOp($0), [("x", "x", [2, 3, 4])])
    } + [
      OpExample("product", MatMulOp(), [("x", "x", [3, 4]), ("W", "W", [4, 5])]),
      OpExample("product of sequences", MatMulOp(), [("x", "x", [2, 3, 4]), ("W", "W", [4, 2])]),
      OpExample(
        "product that gives heads", MatMulOp(), [("x", "x", [2, 3, 4]), ("W", "W", [4, 2, 3])]),
      OpExample(
        "product that sums over heads", MatMulOp(summing: 2),
        [("x", "x", [2, 3, 2, 2]), ("W", "W", [2, 2, 5])]),
      pooling("pooling", stride: 2, padding: .valid),
      pooling("pooling with overlap", stride: 1, padding: .valid),
      pooling("pooling with a border", stride: 2, padding: .same),
      pooling("averages", stride: 2, padding: .valid) { AveragePool2DOp($0) },
      pooling("averages with overlap", stride: 1, padding: .valid) { AveragePool2DOp($0) },
      pooling("averages with a border", stride: 2, padding: .same) { AveragePool2DOp($0) },
      pooling("averages with a repeated border", stride: 1, padding: .same) { AveragePool2DOp($0) },
      OpExample("softmax", SoftmaxOp(), [("x", "x", [3, 4])]),
      OpExample("softmax of sequences", SoftmaxOp(), [("x", "x", [2, 3, 4])]),
    ] + convolutions + transforms + attention + moves + products + lookups + lines + draws
    + formulas + recurrent

  private static func pooling(
    _ name: String, stride: Int, padding: ImageWindow.Padding,
    _ op: (ImageWindow) -> any Op = { MaxPool2DOp($0) }
  ) -> OpExample {
    let window = ImageWindow(
      height: 2, width: 3, strideHeight: stride, strideWidth: stride, padding: padding)
    return OpExample(name, op(window), [("x", "x", [2, 5, 4, 2])])
  }

  private static let transforms: [OpExample] = Interpolation.allCases.flatMap { interpolation in
    FillMode.allCases.map { fillMode in
      OpExample(
        "pictures transformed, \(interpolation), \(fillMode)",
        AffineTransformOp(interpolation, fillMode, fillValue: 0.5),
        [("x", "x", [2, 4, 5, 2]), ("A", "A", [2, 6])], given: ["A": .anyNumbers])
    }
  }
}
