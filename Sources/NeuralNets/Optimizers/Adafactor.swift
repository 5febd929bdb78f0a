import Autodiff
import Tensors

/// Adam without m, and of v only the means of its rows and columns (Shazeer & Stern 2018):
///
///     ρ = min(lr, 1/√t),  α = max(ε₂, rms(w)) ρ,  β = 1 − tᵈ,  s = g² + ε₁
///     r ← β r + (1 − β) mean(s) over the last axis,  c over the one before,  v = r c / mean(r)
///     u = g / √v,  w ← w − α u / max(1, rms(u) / clip)
///
/// A weight of one axis keeps all of v.
package struct Adafactor: OptimizerClass {
  package static let entry = ComponentClass.optimizer(
    "Adafactor", ["adafactor"],
    [
      .learningRate(0.001), .number("beta_2_decay", -10...0, -0.8, "how memory grows with t"),
      .number("epsilon_1", 0...1, 1e-30, "keeps squares from zero"),
      .number("epsilon_2", 0...1, 1e-3, "the least size of a weight"),
      .number("clip_threshold", 1e-30...1e30, 1, "the longest step, as a root mean square"),
      .flag("relative_step", true, "no rate above 1/√t"),
    ],
    "Adam with little memory")

  private let decay, smallest, leastSize, clip: Double

  package init(_ arguments: Arguments) {
    decay = arguments.number("beta_2_decay")
    smallest = arguments.number("epsilon_1")
    leastSize = arguments.number("epsilon_2")
    clip = arguments.number("clip_threshold")
  }

  package func kept(of shape: Shape) -> [KeptNumbers] {
    guard shape.rank > 1 else { return [KeptNumbers(symbol: "v", shape: shape)] }
    let columns = Array(shape.extents.dropLast(2)) + [shape.last]
    return [
      KeptNumbers(symbol: "r", shape: Shape(shape.extents.dropLast())),
      KeptNumbers(symbol: "c", shape: Shape(columns)),
    ]
  }

  package func update(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    let (w, t) = (weight.value, weight.timing.count)
    let name = emitter.name(of: w)
    let beta = (1 - .power(t, .constant(decay))).called("β")
    let squares = emitter.compute(
      name + ".grad_squares", "s", .square(.operand(0)) + .named("ε₁", smallest),
      [weight.gradient], title: "g²")
    let direction =
      w.shape.rank < 2
      ? whole(weight, squares, beta, &emitter) : factored(weight, squares, beta, &emitter)
    // rms(x) = √(Σ x² / n)
    let sums = [w, direction].map { emitter.sumOfSquares(of: $0) }
    func size(_ i: Int) -> Formula { .sqrt(.operand(i) / .constant(Double(w.shape.count))) }
    // Keras bounds the rate by 1/√t in any case, so that relative steps differ in nothing.
    let rho = Formula.min(.learningRate, 1 / .sqrt(t))
    let alpha = Formula.max(.named("ε₂", leastSize), size(2)) * rho
    let length = Formula.max(1, size(3) / .constant(clip))
    weight.assign(
      [(w, .operand(0) - alpha.called("α") * .operand(1) / length)],
      operands: [w, direction] + sums, &emitter)
  }

  /// `g / √v`, all of v kept.
  private func whole(
    _ weight: LearnedWeight, _ squares: Value, _ beta: Formula, _ emitter: inout Emitter
  ) -> Value {
    let v = remembered(OptimizerState("v", "v"), weight, squares, beta, &emitter)
    return emitter.compute(
      emitter.name(of: weight.value) + ".direction", "u", direction(.operand(1)),
      [weight.gradient, v],
      title: "direction")
  }

  /// `g / √v`, v from what is kept of its rows and columns.
  private func factored(
    _ weight: LearnedWeight, _ squares: Value, _ beta: Formula, _ emitter: inout Emitter
  ) -> Value {
    let (name, shape) = (emitter.name(of: weight.value), weight.value.shape)
    let last = shape.rank - 1
    func mean(_ x: Value, _ axis: Int, _ part: String, _ symbol: String) -> Value {
      emitter.reduce(.mean, x, axes: [axis], name + part, symbol)
    }
    let rowMeans = mean(squares, last, ".row_means", "mean s")
    let columnMeans = mean(squares, last - 1, ".column_means", "mean s")
    let r = remembered(OptimizerState("r", "r"), weight, rowMeans, beta, &emitter)
    let c = remembered(OptimizerState("c", "c"), weight, columnMeans, beta, &emitter)
    let all = emitter.reduce(.mean, r, axes: [last - 1], name + ".mean", "mean r")
    let share = emitter.compute(
      name + ".row_shares", "r'",
      .where(.operand(1) > 0, .operand(0) / .operand(1), 0),
      [r, emitter.fitted(all, to: r.shape)], title: "share")
    let factors = [share, c].map { emitter.fitted($0, to: shape) }
    return emitter.compute(
      name + ".direction", "u", direction(.operand(1) * .operand(2)),
      [weight.gradient] + factors, title: "direction")
  }

  /// `g / √v`; nothing as long as gradients are accumulated for the first update.
  private func direction(_ v: Formula) -> Formula {
    .where(v > 0, .operand(0) / .sqrt(v), 0)
  }

  /// `x ← β x + (1 − β) now`
  private func remembered(
    _ state: OptimizerState, _ weight: LearnedWeight, _ now: Value, _ beta: Formula,
    _ emitter: inout Emitter
  ) -> Value {
    let kept = weight.state(state, now.shape, &emitter)
    weight.assign(
      [(kept, beta * .operand(0) + (1 - beta) * .operand(1))], operands: [kept, now],
      title: state.name, &emitter)
    return kept
  }
}
