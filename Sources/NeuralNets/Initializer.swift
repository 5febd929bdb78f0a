import Tensors

/// How the numbers of a weight start, by its Keras name.
///
/// Draws are keyed by (seed, weight's name): the same seed gives the same numbers, whatever else
/// the network holds.
package struct Initializer: Hashable, Sendable {
  package let component: Component

  package init(_ component: Component) { self.component = component }

  package static let glorotUniform = Self(.known("GlorotUniform"))
  package static let orthogonal = Self(.known("Orthogonal"))
  package static let ones = Self(.known("Ones"))
  package static let zeros = Self(.known("Zeros"))

  /// The numbers of a weight of this shape.
  package func numbers(shape: Shape, seed: UInt64, name: String) -> [Float] {
    let random = CounterRandom(seed: seed, name: name, call: 0)
    let (fanIn, fanOut) = Self.fans(of: shape)
    switch component.kind {
    case "Zeros": return [Float](repeating: 0, count: shape.count)
    case "Ones": return [Float](repeating: 1, count: shape.count)
    case "GlorotUniform": return uniform(random, shape, (6 / (fanIn + fanOut)).squareRoot())
    case "HeUniform": return uniform(random, shape, (6 / fanIn).squareRoot())
    case "GlorotNormal": return truncatedNormal(random, shape, (2 / (fanIn + fanOut)).squareRoot())
    case "HeNormal": return truncatedNormal(random, shape, (2 / fanIn).squareRoot())
    case "Orthogonal": return orthogonal(random, shape)
    default: preconditionFailure("no initializer \(component.kind)")
    }
  }

  /// The number of inputs and outputs that each number of a weight serves: [inputs, outputs], or
  /// [height, width, inputs, outputs] with the area counted in.
  package static func fans(of shape: Shape) -> (in: Double, out: Double) {
    switch shape.rank {
    case 0: return (1, 1)
    case 1: return (Double(shape[0]), Double(shape[0]))
    default:
      let area = shape.extents.dropLast(2).reduce(1, *)
      return (Double(area * shape[shape.rank - 2]), Double(area * shape.last))
    }
  }

  /// Even draws from −limit to limit. (Glorot & Bengio 2010; He et al. 2015.)
  private func uniform(_ random: CounterRandom, _ shape: Shape, _ limit: Double) -> [Float] {
    (0..<shape.count).map { Float((2 * random.uniform(at: $0) - 1) * limit) }
  }

  /// Normal draws within two standard deviations, widened so that theirs is `deviation`, as Keras.
  private func truncatedNormal(
    _ random: CounterRandom, _ shape: Shape, _ deviation: Double
  ) -> [Float] {
    let widened = deviation / 0.87962566103423978
    var next = 0
    return (0..<shape.count).map { _ in
      var draw = random.normal(at: next)
      next += 1
      while abs(draw) > 2 {
        draw = random.normal(at: next)
        next += 1
      }
      return Float(draw * widened)
    }
  }

  /// Rows or columns at right angles and of length one: Gram–Schmidt on normal draws, twice, in
  /// Float64. (Saxe et al. 2014.)
  private func orthogonal(_ random: CounterRandom, _ shape: Shape) -> [Float] {
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
      return Float(rows >= columns ? basis[c][r] : basis[r][c])
    }
  }
}

/// The initializers, alphabetical: one line registers one.
package enum InitializerCatalog {
  package static let all: [ComponentClass] = [
    ComponentClass("GlorotNormal", ["glorot_normal"], [], "normal, by the fans"),
    ComponentClass("GlorotUniform", ["glorot_uniform"], [], "even, by the fans"),
    ComponentClass("HeNormal", ["he_normal"], [], "normal, by the inputs"),
    ComponentClass("HeUniform", ["he_uniform"], [], "even, by the inputs"),
    ComponentClass("Ones", ["ones"], [], "all 1"),
    ComponentClass("Orthogonal", ["orthogonal"], [], "at right angles"),
    ComponentClass("Zeros", ["zeros"], [], "all 0"),
  ]
}
