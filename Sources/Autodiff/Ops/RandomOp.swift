import Tensors

/// Numbers drawn anew in every step, from (seed, layer, step, place) alone: a step done again draws
/// the same. It has no inputs and no gradient; noise is added and masks multiplied by other ops.
package struct RandomOp: Op {
  package enum Distribution: Hashable, Sendable {
    case normal(mean: Double, deviation: Double)
    /// From `low` up to but not including `high`.
    case uniform(low: Double, high: Double)
    /// 1 with a probability, else 0.
    case bernoulli(probability: Double)
  }

  let distribution: Distribution
  let shape: Shape
  let key: UInt64

  /// - Parameters:
  ///   - shape: the batch included.
  ///   - layer: draws of different names are independent.
  package init(_ distribution: Distribution, shape: Shape, layer: String) {
    self.distribution = distribution
    self.shape = shape
    key = CounterRandom.key(for: layer)
  }
  package var outputName: String { "draws" }
  package var outputSymbol: String { "ε" }
  package var contributions: [ContributionRule] { [.drawn] }

  package func outputShape(_ inputs: [Shape]) -> Shape { shape }

  private var call: (kind: RandomKind, constants: [Double]) {
    switch distribution {
    case .normal(let mean, let deviation): (.normal, [mean, deviation])
    case .uniform(let low, let high): (.uniform, [low, high])
    case .bernoulli(let probability): (.bernoulli, [probability, 0])
    }
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let (kind, constants) = call
    emitter.emit(
      "draw",
      [
        KernelCall(
          .random, [y], sizes: [kind.rawValue, shape.count], constants: constants, key: key)
      ],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) is drawn by chance", .random(distribution))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] { [] }
}
