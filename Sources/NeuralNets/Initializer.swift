import Tensors

/// How the numbers of a weight start, by its Keras name.
///
/// Draws are keyed by (seed, weight's name): the same seed gives the same numbers, whatever else
/// the network holds. An initializer with a seed of its own gives the same numbers wherever it
/// stands, as in Keras.
package struct Initializer: Hashable, Sendable {
  package let component: Component
  /// Which axes of a weight are those of its inputs, all others being of its outputs; nil where they
  /// are the last two, as of a convolution.
  package private(set) var inputAxes: [Int]?

  package init(_ component: Component) { self.component = component }

  /// The same for weights some of whose axes are those of their inputs: [features, heads, width].
  package func withInputAxes(_ axes: [Int]) -> Initializer {
    var initializer = self
    initializer.inputAxes = axes
    return initializer
  }

  package static let glorotUniform = Self(.known("GlorotUniform"))
  package static let orthogonal = Self(.known("Orthogonal"))
  package static let ones = Self(.known("Ones"))
  package static let zeros = Self(.known("Zeros"))

  private var rule: InitializerRule { InitializerCatalog.rule(component) }

  /// The numbers of a weight of this shape.
  ///
  /// - Precondition: `check` finds nothing wrong with it.
  package func numbers(shape: Shape, seed: UInt64, name: String) -> [Float] {
    let random =
      component.arguments["seed"].asNumber.map {
        CounterRandom(seed: UInt64(bitPattern: Int64($0)), name: "seeded")
      } ?? CounterRandom(seed: seed, name: name, call: 0)
    switch rule {
    case .constant(let value): return Self.spread(value, over: shape)
    case .identity(let gain):
      return (0..<shape.count).map { $0 / shape.last == $0 % shape.last ? Float(gain) : 0 }
    case .uniform(let low, let high):
      return (0..<shape.count).map { Float(low + (high - low) * random.uniform(at: $0)) }
    case .normal(let mean, let deviation):
      return (0..<shape.count).map { Float(mean + deviation * random.normal(at: $0)) }
    case .truncatedNormal(let mean, let deviation):
      return Self.truncatedNormal(random, shape, mean, deviation)
    case .scaled(let scaling): return scaling.numbers(random, shape, fans(of: shape))
    case .orthogonal(let gain): return Self.orthogonal(random, shape, gain)
    }
  }

  /// Whether a weight of this shape can start so.
  package func check(_ shape: Shape) throws(LayerFailure) {
    switch rule {
    case .identity where shape.rank != 2:
      throw LayerFailure(
        "starts a weight of shape \(shape.tuple) as Identity", remedy: "a weight with two axes")
    case .orthogonal where shape.rank < 2:
      throw LayerFailure(
        "starts a weight of shape \(shape.tuple) as Orthogonal",
        remedy: "a weight with two axes or more")
    case .constant(let value):
      let own = value.shape.extents
      let fits =
        own.count <= shape.rank
        && zip(own.reversed(), shape.extents.reversed()).allSatisfy { $0 == $1 || $0 == 1 }
      guard fits else {
        throw LayerFailure(
          "starts a weight of shape \(shape.tuple) as Constant with an array of "
            + "\(value.shape.tuple)", remedy: "a number, or an array of shape \(shape.tuple)")
      }
    case .scaled(let scaling): try scaling.check(shape)
    default: return
    }
  }

  /// The number of inputs and outputs that each number of a weight serves: [inputs, outputs], or
  /// [height, width, inputs, outputs] with the area counted in.
  package func fans(of shape: Shape) -> (in: Double, out: Double) {
    if let inputAxes {
      let inputs = inputAxes.reduce(1) { $0 * shape[$1] }
      return (Double(inputs), Double(shape.count / max(inputs, 1)))
    }
    switch shape.rank {
    case 0: return (1, 1)
    case 1: return (Double(shape[0]), Double(shape[0]))
    default:
      let area = shape.extents.dropLast(2).reduce(1, *)
      return (Double(area * shape[shape.rank - 2]), Double(area * shape.last))
    }
  }

  // MARK: Numbers

  /// A number everywhere, or an array along the last axes.
  private static func spread(_ value: Tensor, over shape: Shape) -> [Float] {
    guard value.count > 1 else {
      return [Float](repeating: value.scalars.first ?? 0, count: shape.count)
    }
    if value.shape == shape { return value.scalars }
    let own = value.shape
    let (strides, skipped) = (own.strides, shape.rank - own.rank)
    return (0..<shape.count).map { place in
      let index = shape.index(ofOffset: place).dropFirst(skipped)
      let offset = zip(index, zip(own.extents, strides)).reduce(0) { offset, axis in
        axis.1.0 == 1 ? offset : offset + axis.0 * axis.1.1
      }
      return value.scalars[offset]
    }
  }

  /// Normal draws within two standard deviations of the mean.
  fileprivate static func truncatedNormal(
    _ random: CounterRandom, _ shape: Shape, _ mean: Double, _ deviation: Double
  ) -> [Float] {
    var next = 0
    return (0..<shape.count).map { _ in
      var draw = random.normal(at: next)
      next += 1
      while abs(draw) > 2 {
        draw = random.normal(at: next)
        next += 1
      }
      return Float(mean + draw * deviation)
    }
  }

  /// Rows or columns at right angles and of length `gain`: Gram–Schmidt on normal draws, twice, in
  /// Float64. (Saxe et al. 2014.)
  private static func orthogonal(
    _ random: CounterRandom, _ shape: Shape, _ gain: Double
  ) -> [Float] {
    let columns = shape.last
    let rows = shape.rows
    let (many, few) = (max(rows, columns), min(rows, columns))
    var basis: [[Double]] = []
    for i in 0..<few {
      var vector = (0..<many).map { random.normal(at: i * many + $0) }
      for _ in 0..<2 {
        for other in basis {
          let along = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          vector = zip(vector, other).map { $0 - along * $1 }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      basis.append(vector.map { $0 / length })
    }
    return (0..<shape.count).map { offset in
      let (r, c) = (offset / columns, offset % columns)
      return Float(gain * (rows >= columns ? basis[c][r] : basis[r][c]))
    }
  }
}

/// What an initializer does.
enum InitializerRule: Sendable {
  case constant(Tensor)
  case identity(gain: Double)
  case uniform(low: Double, high: Double)
  case normal(mean: Double, deviation: Double)
  case truncatedNormal(mean: Double, deviation: Double)
  case scaled(VarianceScaling)
  case orthogonal(gain: Double)
}

/// Draws whose variance is `scale / n`, n the inputs or outputs of a weight or the mean of both.
/// (Glorot & Bengio 2010; He et al. 2015.)
struct VarianceScaling: Sendable {
  var scale: Double
  var mode: String
  var distribution: String
  /// The axes of inputs and outputs, where they are not the last two.
  var inputAxes: [Int]?
  var outputAxes: [Int]?

  func check(_ shape: Shape) throws(LayerFailure) {
    for axis in (inputAxes ?? []) + (outputAxes ?? [])
    where !(-shape.rank..<shape.rank).contains(axis) {
      throw LayerFailure(
        "starts a weight of shape \(shape.tuple) by its axis \(axis)",
        remedy: "axes from 0 to \(shape.rank - 1)")
    }
  }

  /// - Parameter fans: the inputs and outputs, where no axes are given for them.
  func numbers(
    _ random: CounterRandom, _ shape: Shape, _ fans: (in: Double, out: Double)
  ) -> [Float] {
    let n = max(fan(of: shape, fans), 1)
    switch distribution {
    case "uniform":
      let limit = (3 * scale / n).squareRoot()
      return (0..<shape.count).map { Float((2 * random.uniform(at: $0) - 1) * limit) }
    case "untruncated_normal":
      let deviation = (scale / n).squareRoot()
      return (0..<shape.count).map { Float(deviation * random.normal(at: $0)) }
    default:
      // Cut at two deviations and widened, so that the deviation is the same all the same.
      return Initializer.truncatedNormal(
        random, shape, 0, (scale / n).squareRoot() / 0.87962566103423978)
    }
  }

  private func fan(of shape: Shape, _ fans: (in: Double, out: Double)) -> Double {
    var fans = fans
    if let inputAxes, let outputAxes {
      func count(_ axes: [Int]) -> Double {
        Double(axes.reduce(1) { $0 * shape[$1 < 0 ? $1 + shape.rank : $1] })
      }
      fans = (count(inputAxes), count(outputAxes))
    }
    switch mode {
    case "fan_in": return fans.in
    case "fan_out": return fans.out
    default: return (fans.in + fans.out) / 2
    }
  }
}

/// The initializers, alphabetical: one line registers one.
package enum InitializerCatalog {
  private typealias Rule = @Sendable (Arguments) -> InitializerRule
  private typealias Kind = (entry: ComponentClass, rule: Rule)

  private static let kinds: [Kind] = [
    // Keras takes no name for it: the number has to be said.
    kind("Constant", [], [.value], "all the same", isNamedAlone: false) { .constant($0.constant) },
    scaled("GlorotNormal", "glorot_normal", 1, "fan_avg", "truncated_normal", "inputs and outputs"),
    scaled("GlorotUniform", "glorot_uniform", 1, "fan_avg", "uniform", "inputs and outputs"),
    scaled("HeNormal", "he_normal", 2, "fan_in", "truncated_normal", "inputs, for relu"),
    scaled("HeUniform", "he_uniform", 2, "fan_in", "uniform", "inputs, for relu"),
    kind("Identity", ["identity", "IdentityInitializer"], [.gain], "1 where row is column") {
      .identity(gain: $0.number("gain"))
    },
    scaled("LecunNormal", "lecun_normal", 1, "fan_in", "truncated_normal", "inputs"),
    scaled("LecunUniform", "lecun_uniform", 1, "fan_in", "uniform", "inputs"),
    kind("Ones", ["ones", "one"], [], "all 1") { _ in
      .constant(Tensor(shape: [], repeating: 1))
    },
    kind(
      "Orthogonal", ["orthogonal", "OrthogonalInitializer"], [.gain, .seed], "at right angles"
    ) { .orthogonal(gain: $0.number("gain")) },
    kind("RandomNormal", ["random_normal", "normal"], .normal, "normal") {
      .normal(mean: $0.number("mean"), deviation: $0.number("stddev"))
    },
    kind(
      "RandomUniform", ["random_uniform", "uniform"],
      [
        .number("minval", -1e6...1e6, -0.05, "the least"),
        .number("maxval", -1e6...1e6, 0.05, "the most"), .seed,
      ], "even"
    ) { .uniform(low: $0.number("minval"), high: $0.number("maxval")) },
    kind(
      "TruncatedNormal", ["truncated_normal"], .normal, "normal, within two standard deviations"
    ) { .truncatedNormal(mean: $0.number("mean"), deviation: $0.number("stddev")) },
    kind(
      "VarianceScaling", ["variance_scaling"],
      [
        .number("scale", 1e-12...1e6, 1, "the variance, times the number of inputs or outputs"),
        ArgumentSpec(
          "mode", .choice(["fan_in", "fan_out", "fan_avg"]), default: .text("fan_in"),
          "inputs, outputs, or the mean of both"),
        ArgumentSpec(
          "distribution",
          .choice(["truncated_normal", "uniform", "untruncated_normal", "normal"]),
          default: .text("truncated_normal"), "how the numbers spread"),
      ] + .ofScaling, "by the number of inputs or outputs"
    ) {
      .scaled($0.scaling($0.number("scale"), $0.text("mode"), $0.text("distribution")))
    },
    kind("Zeros", ["zeros", "zero"], [], "all 0") { _ in
      .constant(Tensor(shape: [], repeating: 0))
    },
  ]

  package static let all: [ComponentClass] = kinds.map(\.entry)

  private static let rules = Dictionary(
    kinds.map { ($0.entry.kind, $0.rule) }, uniquingKeysWith: { first, _ in first })

  static func rule(_ component: Component) -> InitializerRule {
    guard let rule = rules[component.kind] else {
      preconditionFailure("no initializer \(component.kind)")
    }
    return rule(component.arguments)
  }

  private static func kind(
    _ kind: String, _ names: [String], _ arguments: [ArgumentSpec], _ summary: String,
    isNamedAlone: Bool = true, rule: @escaping Rule
  ) -> Kind { (ComponentClass(kind, names, arguments, isNamedAlone: isNamedAlone, summary), rule) }

  private static func scaled(
    _ kind: String, _ name: String, _ scale: Double, _ mode: String, _ distribution: String,
    _ fans: String
  ) -> Kind {
    let sort = distribution == "uniform" ? "even" : "normal"
    return self.kind(kind, [name], .ofScaling, "\(sort), by the \(fans)") {
      .scaled($0.scaling(scale, mode, distribution))
    }
  }
}

extension ArgumentSpec {
  fileprivate static let gain = number("gain", -1e6...1e6, 1, "a factor for all of them")

  fileprivate static let value = ArgumentSpec(
    "value", .numbers, default: .number(0), "the number, or an array of them")
}

extension [ArgumentSpec] {
  fileprivate static let normal: [ArgumentSpec] = [
    .number("mean", -1e6...1e6, 0, "the middle"),
    .number("stddev", 0...1e6, 0.05, "the standard deviation"), .seed,
  ]

  fileprivate static let ofScaling: [ArgumentSpec] = [
    .seed,
    ArgumentSpec(
      "input_axes", .wholeNumbers, default: ArgumentValue.none, "the axes of the inputs"),
    ArgumentSpec(
      "output_axes", .wholeNumbers, default: ArgumentValue.none, "the axes of the outputs"),
  ]
}

extension Arguments {
  fileprivate var constant: Tensor {
    switch self["value"] {
    case .tensor(let tensor): tensor
    case let value: Tensor(shape: [], repeating: Float(value.asNumber ?? 0))
    }
  }

  fileprivate func scaling(
    _ scale: Double, _ mode: String, _ distribution: String
  ) -> VarianceScaling {
    VarianceScaling(
      scale: scale, mode: mode, distribution: distribution,
      inputAxes: self["input_axes"] == .none ? nil : axes("input_axes"),
      outputAxes: self["output_axes"] == .none ? nil : axes("output_axes"))
  }
}
