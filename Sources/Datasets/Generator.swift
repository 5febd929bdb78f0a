import FileFormats
import Tensors

/// A number that a generator can be told.
package struct GeneratorParameter: Hashable, Sendable {
  package let name: String
  package let range: ClosedRange<Double>
  package let standard: Double
  /// Whether only whole numbers make sense.
  package let isWhole: Bool

  package init(
    _ name: String, in range: ClosedRange<Double>, standard: Double, isWhole: Bool = false
  ) {
    self.name = name
    self.range = range
    self.standard = standard
    self.isWhole = isWhole
  }

  package static let examples = examples(standard: 400)

  static func examples(standard: Double) -> GeneratorParameter {
    GeneratorParameter("examples", in: 4...10_000, standard: standard, isWhole: true)
  }

  /// A whole number from one to another.
  static func whole(
    _ name: String, in range: ClosedRange<Double>, standard: Double
  ) -> GeneratorParameter {
    GeneratorParameter(name, in: range, standard: standard, isWhole: true)
  }

  /// The standard deviation of what is added to each input.
  static func noise(standard: Double) -> GeneratorParameter {
    GeneratorParameter(noiseName, in: 0...0.5, standard: standard)
  }

  package static let noiseName = "noise"
}

/// A family of data sets computed from a formula. To add one: a file, and a line in the catalog.
package protocol Generator: Sendable {
  static var name: String { get }
  static var title: String { get }
  static var summary: String { get }
  /// What is asked with the standard settings.
  static var task: Dataset.Task { get }
  /// The names of the inputs where an example is a row of them; empty for other shapes.
  static var features: [String] { get }
  static var parameters: [GeneratorParameter] { get }

  /// The examples; the same source gives the same ones, in no order that tells the class.
  static func points(_ source: GeneratorSource) -> [GeneratedPoint]

  /// What is asked with the settings of `source`; `task` where they do not change it.
  static func task(_ source: GeneratorSource) -> Dataset.Task

  /// The shapes of inputs and targets with the settings of `source`; a row of `features` and one
  /// target where nothing else is said.
  static func form(_ source: GeneratorSource) -> GeneratedForm
}

extension Generator {
  package static var features: [String] { [] }
  package static func task(_ source: GeneratorSource) -> Dataset.Task { task }
  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(exampleShape: [features.count])
  }

  /// The form with the standard settings.
  static var form: GeneratedForm { form(GeneratorSource(for: Self.self)) }
}

/// What the examples of a generator look like.
package struct GeneratedForm: Hashable, Sendable {
  package var exampleShape: Shape
  /// The shape of one example's target, [] for one number.
  package var targetShape = Shape([])
  /// Nil for `class` where there are classes, else `target`.
  package var targetName: String?
  /// Whether an example is a picture: [rows, columns, channels].
  package var isImage = false
  package var range: ClosedRange<Float>?
  /// What the numbers of the inputs stand for, where they are tokens.
  package var vocabulary: [String]?
  package var splitRule = Dataset.SplitRule.stratified
}

extension Dataset.Task {
  /// Classes called A, B, C, …
  static func letters(_ count: Int) -> Dataset.Task {
    .classification(
      classes: (0..<count).map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0 % 26))) })
  }
}

/// One example of a generator, both in row-major order: its inputs, and its class numbers or values.
package struct GeneratedPoint: Hashable, Sendable {
  package let inputs: [Double]
  package let targets: [Double]

  package init(_ inputs: [Double], targets: [Double]) {
    self.inputs = inputs
    self.targets = targets
  }

  package init(_ inputs: [Double], target: Double) { self.init(inputs, targets: [target]) }

  /// Tokens in, tokens or a class out.
  package init(tokens: [Int], targets: [Int]) {
    self.init(tokens.map(Double.init), targets: targets.map(Double.init))
  }
}

/// What a generator draws from: its settings, and chance by name and example.
package struct GeneratorSource: Sendable {
  private let name: String
  private let settings: [String: Double]
  let seed: UInt64

  /// - Throws: `FileFailure` for a setting that the generator does not have, or out of its range.
  init(
    for generator: any Generator.Type, settings: [String: Double], seed: UInt64
  ) throws(FileFailure) {
    self.init(for: generator, seed: seed)
    var complete = self.settings
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      try Self.check(name, value, of: generator)
      complete[name] = value
    }
    self = GeneratorSource(name: self.name, settings: complete, seed: seed)
  }

  /// With the standard settings.
  init(for generator: any Generator.Type, seed: UInt64 = DatasetLibrary.standardSeed) {
    self.init(
      name: generator.name,
      settings: Dictionary(
        generator.parameters.map { ($0.name, $0.standard) }, uniquingKeysWith: { $1 }),
      seed: seed)
  }

  private init(name: String, settings: [String: Double], seed: UInt64) {
    self.name = name
    self.settings = settings
    self.seed = seed
  }

  private static func check(
    _ name: String, _ value: Double, of generator: any Generator.Type
  ) throws(FileFailure) {
    let place = "data set '\(generator.name)'"
    guard let parameter = generator.parameters.first(where: { $0.name == name }) else {
      throw FileFailure(
        at: place, found: "the setting '\(name)'",
        right: "its settings are " + generator.parameters.map(\.name).joined(separator: ", "))
    }
    guard parameter.range.contains(value) && (!parameter.isWhole || value == value.rounded()) else {
      let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
      throw FileFailure(
        at: place, found: "\(name) = \(value)",
        right: "\(name) is a \(parameter.isWhole ? "whole " : "")number from \(low) to \(high)")
    }
  }

  package subscript(parameter: GeneratorParameter) -> Double {
    settings[parameter.name] ?? parameter.standard
  }

  /// A whole number that the generator was told.
  package func whole(_ parameter: GeneratorParameter) -> Int { Int(self[parameter]) }

  package var count: Int { whole(.examples) }

  /// The standard deviation of the noise.
  package var noise: Double { settings[GeneratorParameter.noiseName] ?? 0 }

  /// The numbers of the examples in an order by chance: what is made in turn, class after class or
  /// along an arm, is taken in this order, so that the last rows are not all of one kind.
  package var order: [Int] { random("order").permutation(count: count) }

  /// Example `i` with the noise of the settings added to its inputs.
  package func noisy(_ inputs: [Double], target: Double, at i: Int) -> GeneratedPoint {
    let (noise, random) = (noise, random("noise"))
    return GeneratedPoint(
      inputs.enumerated().map { axis, x in x + noise * random.normal(at: i * inputs.count + axis) },
      target: target)
  }

  /// A stream of chance of its own; read it at the example's number.
  package func random(_ purpose: String) -> CounterRandom {
    CounterRandom(seed: seed, name: "\(name)/\(purpose)", call: 0)
  }

  /// The chance of example `i` alone, one number after the other.
  package func chance(at i: Int) -> Chance {
    Chance(CounterRandom(seed: seed, name: "\(name)/example", call: i))
  }
}
