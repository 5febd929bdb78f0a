import NeuralNets
import Tensors
import Testing

@Suite("Metrics, schedules and initializers against Keras")
struct FamilyReferenceTests {
  struct Metrics: Decodable {
    struct Batch: Decodable {
      let yTrue, yPred: KerasReference.Array
    }

    struct Case: Decodable, CustomTestStringConvertible {
      let name, code, data: String
      let weighted: Bool
      let results: [KerasReference.Array]

      var testDescription: String { "\(code) \(data)\(weighted ? " weighted" : "")" }
    }

    struct Resolution: Decodable {
      let yTrue, yPred: [Int]
      let accuracy, crossentropy: String
    }

    let data: [String: [Batch]]
    let sampleWeights: [KerasReference.Array]
    let resolutions: [Resolution]
    let cases: [Case]
  }

  @Test("every metric gives Keras's numbers after each of three batches")
  func metrics() throws {
    let file = try KerasReference.read("metrics", as: Metrics.self)
    for example in file.cases {
      let component = try KerasCall(example.code).component(.metric)
      var metric = try MetricCatalog.metric(component)
      let batches = try #require(file.data[example.data])
      for (i, batch) in batches.enumerated() {
        try metric.update(
          MetricBatch(
            predictions: batch.yPred.tensor, targets: batch.yTrue.tensor,
            weights: example.weighted ? file.sampleWeights[i].tensor : nil))
        let wanted = example.results[i].tensor.scalars.map(Double.init)
        let found = metric.result.numbers
        #expect(
          found.count == wanted.count && zip(found, wanted).allSatisfy { agree($0, $1) },
          "\(example.testDescription) after \(i + 1): \(found), Keras \(wanted)")
      }
      metric.reset()
      try metric.update(
        MetricBatch(
          predictions: batches[0].yPred.tensor, targets: batches[0].yTrue.tensor,
          weights: example.weighted ? file.sampleWeights[0].tensor : nil))
      let first = example.results[0].tensor.scalars.map(Double.init)
      #expect(
        zip(metric.result.numbers, first).allSatisfy { agree($0, $1) },
        "\(example.testDescription) after a reset")
    }
    #expect(Set(file.cases.map(\.name)) == Set(MetricCatalog.all.map(\.kind)))
  }

  @Test("\"accuracy\" and \"crossentropy\" mean what Keras takes them for")
  func resolutions() throws {
    for row in try KerasReference.read("metrics", as: Metrics.self).resolutions {
      let kind = OutputKind(prediction: Shape(row.yPred), target: Shape(row.yTrue))
      #expect(kind.crossentropy.snakeCased == row.crossentropy, "\(row)")
      let expected = [
        "BinaryAccuracy": "BinaryCrossentropy", "CategoricalAccuracy": "CategoricalCrossentropy",
        "SparseCategoricalAccuracy": "SparseCategoricalCrossentropy",
      ]
      #expect(kind.crossentropy == expected[row.accuracy], "\(row)")
    }
  }

  struct Schedules: Decodable {
    struct Case: Decodable {
      let name, code: String
      let rates: KerasReference.Array
    }

    let steps: [Int]
    let cases: [Case]
  }

  @Test("every schedule gives Keras's rates")
  func schedules() throws {
    let file = try KerasReference.read("schedules", as: Schedules.self)
    for example in file.cases {
      let component = try KerasCall(example.code).component(.schedule)
      let schedule = try #require(ScheduleCatalog.schedule(component))
      for (step, rate) in zip(file.steps, example.rates.tensor.scalars) {
        // Two waves of 6 and 9 steps are over: whether the third begins is a matter of the last bit
        // of a logarithm.
        if example.code.contains("t_mul=1.5"), step == 15 { continue }
        let found = schedule.rate(at: step)
        #expect(
          abs(found - rate) <= 1e-6 * abs(rate) + 1e-9,
          "\(example.code) at \(step): \(found), \(rate)")
      }
    }
    #expect(Set(file.cases.map(\.name)) == Set(ComponentFamily.schedule.classes.map(\.kind)))
  }

  struct Initializers: Decodable {
    struct Case: Decodable {
      let code, distribution: String
      let shape: [Int]
      let mean, low, high, deviation, gain: Double?
      let values: KerasReference.Array?
    }

    let cases: [Case]
  }

  @Test("every initializer draws from Keras's distribution, or gives its numbers")
  func initializers() throws {
    for example in try KerasReference.read("initializers", as: Initializers.self).cases {
      let initializer = Initializer(try KerasCall(example.code).component(.initializer))
      let shape = Shape(example.shape)
      try initializer.check(shape)
      let numbers = initializer.numbers(shape: shape, seed: 3, name: "w")
      #expect(numbers.count == shape.count)
      if let values = example.values { #expect(numbers == values.tensor.scalars, "\(example)") }
      guard let deviation = example.deviation, let mean = example.mean else { continue }
      let bounds = (example.low ?? -.infinity, example.high ?? .infinity)
      #expect(
        numbers.allSatisfy {
          Double($0) >= bounds.0 - 1e-6 * deviation && Double($0) <= bounds.1 + 1e-6 * deviation
        }, "\(example)")
      // Moments of many more numbers than the shape has: one seed after the other.
      let draws = (0..<max(1, 4000 / shape.count)).flatMap {
        initializer.numbers(shape: shape, seed: UInt64($0), name: "w").map(Double.init)
      }
      let n = Double(draws.count)
      let average = draws.reduce(0, +) / n
      let spread = (draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / n).squareRoot()
      #expect(abs(average - mean) < 4.5 * deviation / n.squareRoot(), "\(example): \(average)")
      #expect(abs(spread / deviation - 1) < 4.5 / n.squareRoot(), "\(example): \(spread)")
    }
  }

  @Test(
    "classes take Keras's arguments: names, order and defaults",
    arguments: [ComponentFamily.initializer, .metric, .schedule])
  func signatures(family: ComponentFamily) throws {
    let all = try KerasReference.read("signatures", as: [String: [KerasReference.Parameter]].self)
    for known in family.classes {
      let theirs = try #require(all["keras.\(family.module).\(known.kind)"], "\(known.kind)")
      // Classes without a constructor of their own take nothing.
      let names = theirs.map(\.name).filter { $0 != "args" && $0 != "kwargs" }
      #expect(known.arguments.map(\.name) == names, "\(known.kind)")
      for (ours, parameter) in zip(known.arguments, theirs) {
        var reader = LiteralReader(text: Substring(parameter.default ?? ""))
        let value = try parameter.default.map { _ in try reader.value() }
        #expect(
          ours.defaultValue == value.flatMap(ours.normalized),
          "\(known.kind).\(ours.name): \(String(describing: value))")
      }
    }
  }

  @Test(
    "names as strings are those that Keras accepts",
    arguments: [ComponentFamily.initializer, .metric])
  func strings(family: ComponentFamily) throws {
    let aliases = try KerasReference.read("aliases", as: [String: [String: String?]].self)
    let names = try #require(aliases["\(family.module)/strings"])
    // Base classes, and windows for sound.
    let outside: Set = ["Metric", "Initializer", "STFT"]
    for (name, kind) in names {
      if let kind, outside.contains(kind) { continue }
      // Keras trips over "Constant" as a string, which it takes for a value without a number.
      if name == "Constant" { continue }
      let known = family.named(name)
      #expect((known?.hasDefaults == true ? known?.kind : nil) == kind, "\(name)")
    }
  }

  @Test("metrics without a name are called as in Keras")
  func defaultNames() throws {
    let aliases = try KerasReference.read("aliases", as: [String: [String: String?]].self)
    let names = try #require(aliases["metrics/defaultNames"])
    for kind in MetricCatalog.kinds {
      #expect(names[kind.entry.kind] == kind.defaultName ?? kind.entry.shortName)
    }
  }
}
