import Tensors

/// Slices through a head made of ellipses, in the manner of Shepp and Logan's phantom (1974), with
/// growths to be found.
///
/// Inputs [32, 32, 1] from 0 to 1: skull, brain, two dark chambers, one to three bright growths.
/// Targets [32, 32, 1]: 1 where there is a growth.
package enum PhantomScansGenerator: Generator {
  package static let name = "phantom-scans"
  package static let title = "Phantom scans with masks"
  package static let summary =
    "Scans of heads made of ellipses, with growths to be marked: a class for every pixel."
  package static let task = Dataset.Task.classification(classes: ["healthy", "growth"])
  package static let parameters = [
    GeneratorParameter.examples(standard: 400), .noise(standard: 0.06),
  ]

  private static let side = 32

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    let shape = Shape([side, side, 1])
    return GeneratedForm(
      exampleShape: shape, targetShape: shape, targetName: "growth", isImage: true, range: 0...1)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    (0..<source.count).map { i in
      var chance = source.chance(at: i)
      let (head, growths) = (head(&chance), growths(&chance))
      var (scan, mask): ([Double], [Double]) = ([], [])
      for y in 0..<side {
        for x in 0..<side {
          let place = (x: coordinate(x), y: coordinate(y))
          let tissue = head.last { $0.contains(place) }?.brightness ?? 0
          let growth = growths.last { $0.contains(place) }
          let light = (growth?.brightness ?? tissue) + source.noise * chance.bell()
          scan.append(min(max(light, 0), 1))
          mask.append(growth == nil ? 0 : 1)
        }
      }
      return GeneratedPoint(scan, targets: mask)
    }
  }

  /// The middle of a pixel, between -1 and 1.
  private static func coordinate(_ pixel: Int) -> Double {
    2 * (Double(pixel) + 0.5) / Double(side) - 1
  }

  /// What is inside hides what it lies in.
  private static func head(_ chance: inout Chance) -> [Ellipse] {
    let (width, height) = (chance.uniform(0.7, 0.85), chance.uniform(0.82, 0.95))
    let brain = chance.uniform(0.3, 0.4)
    let chamber = chance.uniform(0.1, 0.15)
    let (tilt, size) = (chance.uniform(0.02, 0.08), chance.uniform(0.25, 0.35))
    return [
      Ellipse(x: 0, y: 0, width: width, height: height, turns: 0, brightness: 0.8),
      Ellipse(
        x: 0, y: 0, width: width - 0.1, height: height - 0.1, turns: 0, brightness: brain),
      Ellipse(x: -0.2, y: -0.05, width: 0.1, height: size, turns: tilt, brightness: chamber),
      Ellipse(x: 0.2, y: -0.05, width: 0.1, height: size, turns: -tilt, brightness: chamber),
    ]
  }

  private static func growths(_ chance: inout Chance) -> [Ellipse] {
    (0...chance.whole(below: 3)).map { _ in
      Ellipse(
        x: chance.uniform(-0.4, 0.4), y: chance.uniform(-0.5, 0.5),
        width: chance.uniform(0.1, 0.2), height: chance.uniform(0.1, 0.2),
        turns: chance.uniform(), brightness: chance.uniform(0.6, 0.7))
    }
  }
}

/// An ellipse by its middle, half axes and angle.
private struct Ellipse {
  let x, y, width, height: Double
  let brightness: Double
  private let cosine, sine: Double

  init(x: Double, y: Double, width: Double, height: Double, turns: Double, brightness: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
    self.brightness = brightness
    (cosine, sine) = (Wave.cosine(turns), Wave.sine(turns))
  }

  /// (u/width)² + (v/height)² ≤ 1, u and v along the axes.
  func contains(_ place: (x: Double, y: Double)) -> Bool {
    let (dx, dy) = (place.x - x, place.y - y)
    let u = (dx * cosine + dy * sine) / width
    let v = (dy * cosine - dx * sine) / height
    return u * u + v * v <= 1
  }
}
