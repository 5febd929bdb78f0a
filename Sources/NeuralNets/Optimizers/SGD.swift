import Autodiff
import Tensors

/// Gradient descent, with momentum μ if wanted (Polyak 1964; Nesterov 1983):
///
///     w ← w − lr g
///     v ← μ v − lr g,  w ← w + v            with momentum
///     v ← μ v − lr g,  w ← w + μ v − lr g   with Nesterov's look ahead
package struct SGD: ElementwiseOptimizer {
  package static let entry = ComponentClass.optimizer(
    "SGD", ["sgd"],
    [
      .learningRate(0.01),
      .number("momentum", 0...1, 0, "share of the last update"),
      .flag("nesterov", false, "look ahead"),
    ],
    "straight down the gradient")

  private let momentum: Double
  private let nesterov: Bool

  package init(_ arguments: Arguments) {
    momentum = arguments.number("momentum")
    nesterov = arguments.boolean("nesterov")
  }

  package var states: [OptimizerState] {
    momentum > 0 ? [OptimizerState("velocity", "v")] : []
  }

  package func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula]) {
    let (w, move) = (before.w, Formula.learningRate * before.g)
    guard momentum > 0 else { return (w - move, []) }
    let mu = Formula.named("μ", momentum)
    let next = mu * before[0] - move
    return (nesterov ? w + (mu * next.called("v") - move) : w + next.called("v"), [next])
  }

  /// Every step by a kernel of its own.
  package func update(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    guard weight.timing.steps == 1 else { return emitFormulas(weight, &emitter) }
    let (w, g) = (weight.value, weight.gradient)
    let (name, symbol) = (emitter.name(of: w), emitter.symbol(of: w))
    let velocity = states.first.map { weight.state($0, nil, &emitter) }
    var results = [
      InstructionResult(
        w, velocity == nil ? "\(symbol) ← \(symbol) − lr g" : "\(symbol) ← \(symbol) + v",
        .sgd(w, gradient: g, velocity: velocity, momentum: momentum, nesterov: nesterov))
    ]
    if let velocity {
      results.append(
        InstructionResult(
          velocity, "v ← μ v − lr g", .velocity(velocity, gradient: g, momentum: momentum)))
    }
    emitter.emit(
      name.split(separator: "/").last.map(String.init) ?? name,
      [
        KernelCall(
          .sgd, [w, g, velocity], sizes: [w.shape.count, nesterov ? 1 : 0],
          constants: [momentum])
      ],
      results, overwrites: [w] + (velocity.map { [$0] } ?? []))
  }
}
