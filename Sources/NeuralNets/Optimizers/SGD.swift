import Autodiff
import Tensors

/// Gradient descent, with momentum μ if wanted (Polyak 1964; Nesterov 1983):
///
///     w ← w − lr g
///     v ← μ v − lr g,  w ← w + v            with momentum
///     v ← μ v − lr g,  w ← w + μ v − lr g   with Nesterov's look ahead
package struct SGD: OptimizerClass {
  package static let entry = ComponentClass(
    "SGD", ["sgd"],
    [
      .learningRate(0.01),
      .number("momentum", 0...1, 0, "share of the last update"),
      .flag("nesterov", false, "look ahead"),
    ],
    "straight down the gradient")

  package let name = "SGD"
  private let momentum: Double
  private let nesterov: Bool

  package init(_ arguments: Arguments) {
    momentum = arguments.number("momentum")
    nesterov = arguments.boolean("nesterov")
  }

  package func update(_ w: Value, gradient g: Value, _ emitter: inout Emitter) {
    let (name, symbol) = (emitter.name(of: w), emitter.symbol(of: w))
    var velocity: Value?
    if momentum > 0 {
      velocity = emitter.value(name + ".velocity", "v", w.shape, role: .optimizerState)
    }
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
