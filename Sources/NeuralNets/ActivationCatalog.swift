import Tensors

/// The activations of Keras, alphabetical: one entry registers one.
///
/// Where a function bends its formula has the slope that PyTorch gives it there.
package enum ActivationCatalog {
  package static let all: [ActivationClass] = [
    ActivationClass(
      "celu", arguments: [.alpha], summary: "the number, below 0 ever closer to −α, smooth"
    ) { x, given in
      let α = given.named("α", "alpha")
      return .where(x > 0, x, α * .expm1(x / α))
    },
    ActivationClass(
      "elu", arguments: [.alpha], summary: "the number, below 0 ever closer to −α"
    ) { x, given in .where(x > 0, x, given.named("α", "alpha") * .expm1(x)) },
    ActivationClass("exponential", summary: "e to the power of the number") { x, _ in .exp(x) },
    ActivationClass(
      "gelu",
      arguments: [.flag("approximate", false, "whether tanh stands in for the error function")],
      summary: "the number, weighed by how many are smaller"
    ) { x, given in
      guard given.boolean("approximate") else { return 0.5 * x * (1 + .erf(x / .sqrt(2))) }
      let inner = .constant((2 / Double.pi).squareRoot()) * (x + 0.044715 * .power(x, 3))
      return 0.5 * x * (1 + .tanh(inner))
    },
    ActivationClass(
      "glu", arguments: [.axis], row: .gated, summary: "one half, let through by the other"),
    ActivationClass(
      "hard_shrink", arguments: [.threshold], summary: "the number, or 0 if it is small"
    ) { x, given in .where(.abs(x) > given.named("λ", "threshold"), x, 0) },
    ActivationClass("hard_sigmoid", summary: "a sigmoid of straight lines") { x, _ in
      .where(x <= -3, 0, .where(x < 3, x / 6 + 0.5, 1))
    },
    ActivationClass(
      "hard_silu", "hard_swish", summary: "the number times a sigmoid of straight lines"
    ) { x, _ in .where(x <= -3, 0, .where(x < 3, x * (x + 3) / 6, x)) },
    ActivationClass("hard_tanh", summary: "the number, kept between −1 and 1") { x, _ in
      .where(x <= -1, -1, .where(x < 1, x, 1))
    },
    ActivationClass(
      "leaky_relu", arguments: [.slope(0.2)], summary: "the number, flatter below 0"
    ) { x, given in .where(x > 0, x, given.named("α", "negative_slope") * x) },
    ActivationClass("linear", kernel: .linear, summary: "the number itself") { x, _ in x },
    ActivationClass("log_sigmoid", summary: "the logarithm of the sigmoid") { x, _ in
      -.softplus(-x)
    },
    ActivationClass(
      "log_softmax", arguments: [.axis], row: .logSoftmax, summary: "logarithms of shares"),
    ActivationClass("mish", summary: "the number times tanh of its softplus") { x, _ in
      x * .tanh(.softplus(x))
    },
    ActivationClass(
      "relu",
      arguments: [
        .slope(0),
        ArgumentSpec(
          "max_value", .number(-1e9...1e9), default: ArgumentValue.none, "the largest output"),
        .number("threshold", -1e9...1e9, 0, "where the line begins"),
      ], kernel: .relu, summary: "the number, or 0 below it", relu),
    ActivationClass("relu6", summary: "the number, kept between 0 and 6") { x, _ in
      .where(x <= 0, 0, .where(x >= 6, 6, x))
    },
    ActivationClass("selu", summary: "an elu that keeps mean 0 and variance 1") { x, _ in
      let (λ, α) = (
        Formula.named("λ", 1.0507009873554805), Formula.named("α", 1.6732632423543772)
      )
      return λ * .where(x > 0, x, α * .expm1(x))
    },
    ActivationClass("sigmoid", kernel: .sigmoid, summary: "squeezed between 0 and 1") { x, _ in
      .sigmoid(x)
    },
    ActivationClass("silu", "swish", summary: "the number times its sigmoid") { x, _ in
      x * .sigmoid(x)
    },
    ActivationClass(
      "soft_shrink", arguments: [.threshold], summary: "moved towards 0, small numbers to it"
    ) { x, given in
      let λ = given.named("λ", "threshold")
      return .where(x > λ, x - λ, .where(x < -λ, x + λ, 0))
    },
    ActivationClass(
      "softmax", arguments: [.axis], row: .softmax, summary: "shares that sum to 1"),
    ActivationClass("softplus", summary: "a smooth relu") { x, _ in .softplus(x) },
    ActivationClass("softsign", summary: "squeezed between −1 and 1, slowly") { x, _ in
      x / (1 + .abs(x))
    },
    ActivationClass("sparse_plus", summary: "a relu with a bend of a parabola") { x, _ in
      .where(x <= -1, 0, .where(x < 1, 0.25 * .square(x + 1), x))
    },
    ActivationClass("sparse_sigmoid", summary: "a straight line from 0 to 1") { x, _ in
      .where(x <= -1, 0, .where(x >= 1, 1, 0.5 * (x + 1)))
    },
    ActivationClass(
      "sparsemax", arguments: [.axis], row: .sparsemax, summary: "shares, many of them 0"),
    ActivationClass(
      "squareplus",
      arguments: [.number("b", 0...1e9, 4, "how wide the bend is")],
      summary: "a smooth relu without exponentials"
    ) { x, given in (x + .sqrt(.square(x) + given.named("b", "b"))) / 2 },
    ActivationClass("tanh", kernel: .tanh, summary: "squeezed between −1 and 1") { x, _ in
      .tanh(x)
    },
    ActivationClass("tanh_shrink", summary: "the number less its tanh") { x, _ in x - .tanh(x) },
    ActivationClass(
      "threshold",
      arguments: [
        ArgumentSpec("threshold", .number(-1e9...1e9), "below and at which the number is replaced"),
        ArgumentSpec("default_value", .number(-1e9...1e9), "what stands in for it"),
      ], summary: "the number, or a stand-in below a threshold"
    ) { x, given in
      .where(x > given.named("θ", "threshold"), x, given.named("v", "default_value"))
    },
  ]

  /// `f(x) = x` above the threshold θ and `α (x − θ)` below it, at most `max_value`.
  private static func relu(_ x: Formula, _ given: Arguments) -> Formula {
    let (slope, threshold) = (given.number("negative_slope"), given.number("threshold"))
    let θ: Formula = threshold == 0 ? 0 : .named("θ", threshold)
    var above = x
    if let most = given["max_value"].asNumber {
      let limit = Formula.named("max", most)
      // At its limit Keras's `relu(x, max_value=6)` is flat, any other has the slope below it.
      above =
        most == 6 && threshold == 0
        ? .where(x < limit, x, limit) : .where(x <= limit, x, limit)
      if threshold < 0 { above = .where(x < 0, 0, above) }
    }
    guard slope != 0 else { return .where(x > θ, above, 0) }
    let below = .named("α", slope) * (threshold == 0 ? x : x - θ)
    let isLeaky = threshold == 0 && given["max_value"] == .none
    return .where(x > θ, above, isLeaky ? below : .where(x < θ, below, 0))
  }

  private static let byName = Dictionary(
    all.flatMap { known in known.entry.shortNames.map { ($0, known) } },
    uniquingKeysWith: { first, _ in first })

  package static func named(_ name: String) -> ActivationClass? { byName[name] }
}

extension Formula {
  /// `log(1 + e^x)`; beyond 20 it is x to the last bit, and e^x might be too large.
  package static func softplus(_ x: Formula) -> Formula { .where(x > 20, x, .log1p(.exp(x))) }
}

extension ArgumentSpec {
  fileprivate static let alpha = ArgumentSpec.number(
    "alpha", -1e6...1e6, 1, "how far it goes below 0")
  fileprivate static let axis = ArgumentSpec(
    "axis", .integer(-16...16), default: .integer(-1), "the axis of a row, the last by default")
  fileprivate static let threshold = ArgumentSpec.number(
    "threshold", 0...1e9, 0.5, "below which a number is small")

  fileprivate static func slope(_ standard: Double) -> ArgumentSpec {
    .number("negative_slope", -1e6...1e6, standard, "the slope below 0")
  }
}

extension Arguments {
  /// A number as a constant of a formula, under the letter that texts write for it.
  func named(_ letter: String, _ name: String) -> Formula { .named(letter, number(name)) }
}
