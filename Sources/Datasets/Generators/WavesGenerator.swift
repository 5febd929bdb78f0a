import Tensors

/// Two waves on top of each other, seen for some time: what comes next?
///
/// xₜ = a · sin(2π(t/p + φ)) + ½a · sin(2π(2.5t/p + ψ)) + noise, with amplitude, period and phases of
/// its own for each example. Inputs [length, 1], the target is the next value without noise.
package enum WavesGenerator: Generator {
  package static let name = "waves"
  package static let title = "Waves that go on"
  package static let summary =
    "A piece of two waves on top of each other: the network says the next value."
  package static let task = Dataset.Task.regression
  package static let parameters = [GeneratorParameter.examples, length, noise]

  private static let length = GeneratorParameter.whole("length", in: 4...200, standard: 24)
  private static let noise = GeneratorParameter.noise(standard: 0.05)

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(exampleShape: [source.whole(length), 1], targetName: "next")
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let length = source.whole(length)
    return (0..<source.count).map { i in
      var chance = source.chance(at: i)
      let (size, period) = (chance.uniform(0.5, 1), chance.uniform(8, 20))
      let (slow, quick) = (chance.uniform(), chance.uniform())
      let values = (0...length).map { t in
        size * Wave.sine(Double(t) / period + slow)
          + size / 2 * Wave.sine(2.5 * Double(t) / period + quick)
      }
      return GeneratedPoint(
        values.prefix(length).map { $0 + source.noise * chance.bell() }, target: values[length])
    }
  }
}
