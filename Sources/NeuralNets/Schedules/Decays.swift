import Foundation
import Tensors

// Rates that fall with the number of updates done. All of it in Float32, as in Keras.

/// π to the nearest Float32; `Float.pi` is the one below.
private let halfTurn = Float(Double.pi)

/// `rate · decay^(s/n)`
struct ExponentialDecay: Schedule {
  static let entry = ComponentClass(
    "ExponentialDecay", [], ArgumentSpec.fallingBy("ExponentialDecay"),
    "falls by the same factor again and again")
  private let decay: Decay

  init(_ arguments: Arguments) { decay = Decay(arguments) }

  func rate(at step: Int) -> Float { decay.initial * pow(decay.factor, decay.fraction(at: step)) }
}

/// `rate / (1 + decay·s/n)`
struct InverseTimeDecay: Schedule {
  static let entry = ComponentClass(
    "InverseTimeDecay", [], ArgumentSpec.fallingBy("InverseTimeDecay"),
    "falls as one over the number of steps")
  private let decay: Decay

  init(_ arguments: Arguments) { decay = Decay(arguments) }

  func rate(at step: Int) -> Float {
    decay.initial / (1 + decay.factor * decay.fraction(at: step))
  }
}

/// What the two have in common: s/n, or its whole part on a staircase.
private struct Decay: Sendable {
  let initial, steps, factor: Float
  let isStaircase: Bool

  init(_ arguments: Arguments) {
    initial = arguments.float("initial_learning_rate")
    steps = arguments.float("decay_steps")
    factor = arguments.float("decay_rate")
    isStaircase = arguments.boolean("staircase")
  }

  func fraction(at step: Int) -> Float {
    let fraction = Float(step) / steps
    return isStaircase ? fraction.rounded(.down) : fraction
  }
}

/// One number up to each boundary, and one after the last.
struct PiecewiseConstantDecay: Schedule {
  static let entry = ComponentClass(
    "PiecewiseConstantDecay", [],
    [
      ArgumentSpec("boundaries", .numbers, "the last step of each rate but the last"),
      ArgumentSpec("values", .numbers, "the rates, one more than boundaries"),
      .scheduleName("PiecewiseConstant"),
    ], "stays the same between boundaries")
  private let boundaries: [Double]
  private let values: [Float]

  init(_ arguments: Arguments) {
    // Steps are whole numbers, and so Keras cuts boundaries.
    boundaries = (arguments.numbers("boundaries") ?? []).map { Double($0.rounded(.towardZero)) }
    values = arguments.numbers("values") ?? []
  }

  static func problem(_ arguments: Arguments) -> (problem: String, remedy: String)? {
    let counts = (
      arguments.numbers("boundaries")?.count ?? 0, arguments.numbers("values")?.count ?? 0
    )
    guard counts.0 > 0, counts.1 == counts.0 + 1 else {
      return (
        "has \(counts.0) boundaries and \(counts.1) values",
        "one value more than boundaries: boundaries=[100], values=[0.1, 0.01]"
      )
    }
    return nil
  }

  func rate(at step: Int) -> Float {
    let place = boundaries.firstIndex { Double(step) <= $0 } ?? boundaries.count
    return values.dropFirst(place).first ?? values.last ?? 0
  }
}

/// `(rate − end)·(1 − s/n)^power + end`, to the end once or again and again.
struct PolynomialDecay: Schedule {
  static let entry = ComponentClass(
    "PolynomialDecay", [],
    [
      .initialRate, .steps("decay_steps"),
      .number("end_learning_rate", 0...1e6, 0.0001, "the rate at the end"),
      .number("power", -1e3...1e3, 1, "1 for a straight line"),
      .flag("cycle", false, "whether it begins again, each time slower"),
      .scheduleName("PolynomialDecay"),
    ], "falls to an end in a line or a bow")
  private let initial, steps, end, power: Float
  private let isCyclic: Bool

  init(_ arguments: Arguments) {
    initial = arguments.float("initial_learning_rate")
    steps = arguments.float("decay_steps")
    end = arguments.float("end_learning_rate")
    power = arguments.float("power")
    isCyclic = arguments.boolean("cycle")
  }

  func rate(at step: Int) -> Float {
    var (done, all) = (Float(step), steps)
    if isCyclic {
      all *= done == 0 ? 1 : (done / steps).rounded(.up)
    } else {
      done = min(done, all)
    }
    return (initial - end) * pow(1 - done / all, power) + end
  }
}

/// `rate·((1 − α)·½(1 + cos πs/n) + α)`, after a warm-up in a line if asked.
struct CosineDecay: Schedule {
  static let entry = ComponentClass(
    "CosineDecay", [],
    [
      .initialRate, .steps("decay_steps"), .lastShare, .scheduleName("CosineDecay"),
      ArgumentSpec(
        "warmup_target", .number(0...1e6), default: ArgumentValue.none,
        "the rate that it first rises to"),
      .number("warmup_steps", 0...1e15, 0, "how long it rises"),
    ], "falls along half a wave")
  private let initial, steps, alpha, warmupSteps: Float
  private let target: Float?

  init(_ arguments: Arguments) {
    initial = arguments.float("initial_learning_rate")
    steps = arguments.float("decay_steps")
    alpha = arguments.float("alpha")
    warmupSteps = arguments.float("warmup_steps")
    target = arguments["warmup_target"].asNumber.map { Float($0) }
  }

  func rate(at step: Int) -> Float {
    guard let target else { return fallen(from: initial, min(Float(step), steps)) }
    let done = min(Float(step), steps + warmupSteps)
    return done < warmupSteps
      ? (target - initial) * (done / warmupSteps) + initial
      : fallen(from: target, done - warmupSteps)
  }

  private func fallen(from rate: Float, _ done: Float) -> Float {
    rate * ((1 - alpha) * (0.5 * (1 + cos(halfTurn * (done / steps)))) + alpha)
  }
}

/// Half waves one after the other, each t times as long and m times as high as the one before.
/// (Loshchilov & Hutter 2017.)
struct CosineDecayRestarts: Schedule {
  static let entry = ComponentClass(
    "CosineDecayRestarts", [],
    [
      .initialRate, .steps("first_decay_steps"),
      .number("t_mul", 1e-6...1e6, 2, "how much longer each wave is than the one before"),
      .number("m_mul", 0...1e6, 1, "how much higher"), .lastShare, .scheduleName("SGDRDecay"),
    ], "falls along half a wave, again and again")
  private let initial, first, longer, higher, alpha: Float

  init(_ arguments: Arguments) {
    initial = arguments.float("initial_learning_rate")
    first = arguments.float("first_decay_steps")
    longer = arguments.float("t_mul")
    higher = arguments.float("m_mul")
    alpha = arguments.float("alpha")
  }

  func rate(at step: Int) -> Float {
    let (wave, fraction) = place(Float(step) / first)
    let height = 0.5 * pow(higher, wave) * (1 + cos(halfTurn * fraction))
    return initial * ((1 - alpha) * height + alpha)
  }

  /// Which wave it is, and how much of it is done, when `fraction` first waves are over:
  /// `i = ⌊log(1 − f(1 − t)) / log t⌋`, and `(1 − tⁱ)/(1 − t)` first waves lie before it.
  private func place(_ fraction: Float) -> (wave: Float, fraction: Float) {
    if longer == 1 {
      let wave = fraction.rounded(.down)
      return (wave, fraction - wave)
    }
    let wave = (log(1 - fraction * (1 - longer)) / log(longer)).rounded(.down)
    let before = (1 - pow(longer, wave)) / (1 - longer)
    return (wave, (fraction - before) / pow(longer, wave))
  }
}

extension ArgumentSpec {
  fileprivate static let initialRate = ArgumentSpec(
    "initial_learning_rate", .number(0...1e6), "the rate of the first step")

  fileprivate static func steps(_ name: String) -> ArgumentSpec {
    ArgumentSpec(name, .number(1e-6...1e15), "how many steps it takes")
  }

  fileprivate static let lastShare = ArgumentSpec.number(
    "alpha", 0...1e6, 0, "what share of the rate is left at the end")

  fileprivate static func scheduleName(_ name: String) -> ArgumentSpec {
    ArgumentSpec("name", .text, default: .text(name), "its name")
  }

  fileprivate static func fallingBy(_ name: String) -> [ArgumentSpec] {
    [
      initialRate, steps("decay_steps"),
      ArgumentSpec("decay_rate", .number(0...1e6), "how much it falls in that many steps"),
      flag("staircase", false, "whether it falls at once at the end of them"),
      scheduleName(name),
    ]
  }
}

extension Arguments {
  fileprivate func float(_ name: String) -> Float { Float(number(name)) }
}
