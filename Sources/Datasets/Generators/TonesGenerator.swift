import Tensors

/// Tones as spectrograms: which pitches sound (up) at which time (across).
///
/// A signal of 24 frames of 32 samples; of each frame, weighted by w = sin²(πn/32), the strengths
/// |Σ w·x·e^(-2πikn/32)| / 8 of the bands k = 1…14. Inputs [14, 24, 1], the highest band first.
package enum TonesGenerator: Generator {
  package static let name = "tones"
  package static let title = "Tones as spectrograms"
  package static let summary =
    "Sounds as pictures, pitch up and time across: does the tone stay, rise, fall or trill?"
  package static let task = Dataset.Task.classification(
    classes: ["steady", "rising", "falling", "trill"])
  package static let parameters = [
    GeneratorParameter.examples(standard: 600), .noise(standard: 0.3),
  ]

  private static let (frames, window, bands) = (24, 32, 14)

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(exampleShape: [bands, frames, 1], targetName: "tone", isImage: true)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (cosines, sines) = (table(Wave.cosine), table(Wave.sine))
    return source.order.map { i in
      var chance = source.chance(at: i)
      let kind = i % 4
      let signal = signal(kind, noise: source.noise, &chance)
      var picture = [Double](repeating: 0, count: bands * frames)
      for frame in 0..<frames {
        for band in 0..<bands {
          var (across, up) = (0.0, 0.0)
          for n in 0..<window {
            let x = signal[frame * window + n]
            across += x * cosines[band * window + n]
            up += x * sines[band * window + n]
          }
          picture[(bands - 1 - band) * frames + frame] = (across * across + up * up).squareRoot()
        }
      }
      return GeneratedPoint(picture, target: Double(kind))
    }
  }

  /// Row k-1: w(n) · wave(kn/32) / 8.
  private static func table(_ wave: (Double) -> Double) -> [Double] {
    (1...bands).flatMap { band in
      (0..<window).map { n in
        let weight = Wave.sine(Double(n) / Double(2 * window))
        return weight * weight * wave(Double(band * n) / Double(window)) / 8
      }
    }
  }

  /// A tone whose pitch, in turns a sample, goes as its kind says.
  private static func signal(_ kind: Int, noise: Double, _ chance: inout Chance) -> [Double] {
    let (low, span) = (chance.uniform(2, 5), chance.uniform(4, 7))
    let (start, beat) = (chance.uniform(), 2 + chance.whole(below: 3))
    let level = chance.uniform(0.6, 1)
    let count = frames * window
    var phase = chance.uniform()
    return (0..<count).map { t in
      let way = Double(t) / Double(count)
      let band =
        switch kind {
        case 0: low + span * start
        case 1: low + span * way
        case 2: low + span * (1 - way)
        default: low + (t / (beat * window) % 2 == 0 ? 0 : span)
        }
      phase += band / Double(window)
      return level * Wave.sine(phase) + noise * chance.bell()
    }
  }
}
