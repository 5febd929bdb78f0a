import FileFormats
import Foundation
import NeuralNets
import Tensors
import Training

/// A small network with weights, examples and what Keras made of it: one safetensors file, its
/// metadata the description as JSON. `Tests/Reference/keras_net.py` is the Python side.
package struct KerasNet: Sendable {
  package struct Part: Codable, Sendable {
    package let kind: String
    package let arguments: [String: JSONArgument]

    package init(_ kind: String, _ arguments: [String: JSONArgument] = [:]) {
      self.kind = kind
      self.arguments = arguments
    }
  }

  package struct Description: Codable, Sendable {
    package let input: [Int]
    package let layers: [Part]
    package let loss: String
    package let optimizer: Part
    package let batch_size: Int
    package let steps: Int
    package var losses: [Double]?

    package init(input: [Int], layers: [Part], loss: String, optimizer: Part) {
      self.input = input
      self.layers = layers
      self.loss = loss
      self.optimizer = optimizer
      batch_size = 8
      steps = 20
    }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package let name: String
  package let description: Description
  package var tensors: [String: Tensor]

  package init(_ name: String, _ description: Description, tensors: [String: Tensor] = [:]) {
    self.name = name
    self.description = description
    self.tensors = tensors
  }

  // MARK: Files

  package init(reading url: URL) throws {
    let file = try Safetensors(parsing: [UInt8](Data(contentsOf: url)))
    guard let json = file.metadata["run"] else {
      throw Failure(description: "\(url.path) does not describe a run")
    }
    name = url.deletingPathExtension().lastPathComponent
    description = try JSONDecoder().decode(Description.self, from: Data(json.utf8))
    tensors = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.tensor) })
  }

  package func write(to url: URL) throws {
    let json = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
    let entries = tensors.sorted { $0.key < $1.key }.map {
      Safetensors.Entry(name: $0.key, tensor: $0.value)
    }
    let bytes = try Safetensors(entries: entries, metadata: ["run": json]).bytes()
    try Data(bytes).write(to: url)
  }

  /// The tensors under a heading: `initial`, `final`.
  package func weights(_ heading: String) -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix(heading + "/") }
        .map { (String($0.key.dropFirst(heading.count + 1)), $0.value) })
  }

  // MARK: Here

  package func model() throws -> ModelDescription {
    let layers = try description.layers.map { part in
      guard let type = LayerCatalog.type(named: part.kind) else {
        throw Failure(description: "no layer \(part.kind)")
      }
      return try Self.component(part, type.arguments)
    }
    guard let optimizer = OptimizerCatalog.named(description.optimizer.kind),
      let loss = LossCatalog.named(description.loss)
    else { throw Failure(description: "no such optimizer or loss in \(name)") }
    return ModelDescription(
      inputShape: Shape(description.input), layers: layers,
      compilation: Compilation(
        optimizer: try Self.component(description.optimizer, optimizer.arguments),
        loss: loss.standard))
  }

  private static func component(_ part: Part, _ specs: [ArgumentSpec]) throws -> Component {
    let keywords = part.arguments.map { (name: $0.key, value: $0.value.value) }
    return Component(kind: part.kind, arguments: try Arguments(specs, keywords: keywords))
  }

  /// Trains as Keras did, from the same weights on the same batches.
  package func train() throws -> (losses: [Double], weights: [String: Tensor]) {
    guard let inputs = tensors["inputs"], let targets = tensors["targets"] else {
      throw Failure(description: "\(name) has no examples")
    }
    let session = try Session(
      RunSettings(
        model: try model(),
        data: TrainingData(name: name, training: Examples(inputs: inputs, targets: targets)),
        batchSize: description.batch_size, epochs: description.steps, shuffles: false,
        initialWeights: weights("initial")))
    for _ in 0..<description.steps { session.trainStep() }
    let weights = session.weights.map { ($0.name, $0.tensor) }
    return (
      session.history.steps.map { Double($0.loss) }, Dictionary(uniqueKeysWithValues: weights)
    )
  }

  /// How far a run here is from one of Keras: the largest relative difference of a loss, and of a
  /// weight against the largest of its tensor.
  package func deviation(
    losses: [Double], weights: [String: Tensor]
  ) throws -> (loss: Double, weight: Double) {
    let own = try train()
    guard own.losses.count == losses.count, own.weights.keys == weights.keys else {
      throw Failure(description: "\(name): other losses or weights than Keras")
    }
    let loss = zip(own.losses, losses).map { abs($0 - $1) / max(abs($1), 1e-6) }.max() ?? 0
    var worst = 0.0
    for (name, theirs) in weights {
      guard let ours = own.weights[name], ours.shape == theirs.shape else {
        throw Failure(description: "\(self.name): \(name) has another shape in Keras")
      }
      let size = theirs.scalars.reduce(Float(1e-3)) { max($0, abs($1)) }
      let off = zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? 0
      worst = max(worst, Double(off / size))
    }
    return (loss, worst)
  }
}

/// The value of a layer's argument, as JSON has it.
package enum JSONArgument: Codable, Sendable, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral
{
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case integers([Int])

  package init(stringLiteral text: String) { self = .text(text) }
  package init(integerLiteral integer: Int) { self = .integer(integer) }
  package init(floatLiteral number: Double) { self = .number(number) }
  package init(booleanLiteral flag: Bool) { self = .boolean(flag) }
  package init(arrayLiteral integers: Int...) { self = .integers(integers) }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .boolean(flag)
    } else if let integer = try? container.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let integers = try? container.decode([Int].self) {
      self = .integers(integers)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .boolean(let flag): try container.encode(flag)
    case .integer(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .integers(let integers): try container.encode(integers)
    }
  }

  package var value: ArgumentValue {
    switch self {
    case .boolean(let flag): .boolean(flag)
    case .integer(let integer): .integer(integer)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .integers(let integers): .integers(integers)
    }
  }
}
