import Tensors

/// Three sensors of a machine over time, some with a fault planted.
///
/// Inputs [48, 3]: temperature (slow), vibration (quick), and pressure, which follows temperature. A
/// fault is in one sensor: a spike of one step, a drift that grows from some step on, or a value that
/// is stuck from there.
package enum SensorsGenerator: Generator {
  package static let name = "sensors"
  package static let title = "Sensors with faults"
  package static let summary =
    "Three sensors of a machine over time: is one of them spiking, drifting or stuck?"
  package static let task = Dataset.Task.classification(
    classes: ["normal", "spike", "drift", "stuck"])
  package static let parameters = [
    GeneratorParameter.examples(standard: 800), .noise(standard: 0.1),
  ]

  private static let (time, sensors) = (48, 3)

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(exampleShape: [time, sensors], targetName: "fault")
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    source.order.map { i in
      var chance = source.chance(at: i)
      let kind = i % 4
      var values = machine(noise: source.noise, &chance)
      let sensor = chance.whole(below: sensors)
      let start = time / 4 + chance.whole(below: time / 3)
      let sign = chance.happens(0.5) ? 1.0 : -1
      switch kind {
      case 1: values[start * sensors + sensor] += sign * chance.uniform(3, 5)
      case 2:
        let slope = sign * chance.uniform(0.08, 0.15)
        for t in start..<time { values[t * sensors + sensor] += slope * Double(t - start) }
      case 3:
        for t in start..<time { values[t * sensors + sensor] = values[start * sensors + sensor] }
      default: break
      }
      return GeneratedPoint(values, target: Double(kind))
    }
  }

  /// A machine that is well, row by row.
  private static func machine(noise: Double, _ chance: inout Chance) -> [Double] {
    let (slow, quick) = (chance.uniform(20, 40), chance.uniform(4, 7))
    let (warm, shake) = (chance.uniform(), chance.uniform())
    return (0..<time).flatMap { t in
      let temperature = Wave.sine(Double(t) / slow + warm)
      return [
        temperature, Wave.sine(Double(t) / quick + shake), 0.5 - 0.8 * temperature,
      ].map { $0 + noise * chance.bell() }
    }
  }
}
