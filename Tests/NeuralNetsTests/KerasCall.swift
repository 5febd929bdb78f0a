import Foundation
import NeuralNets
import Tensors

/// A call of Keras with literal arguments, as the reference values name their objects:
/// `keras.metrics.AUC(curve='PR', thresholds=[0.2, 0.4])`.
struct KerasCall {
  /// What stands before the bracket: `keras.metrics.AUC`.
  let path: String
  private(set) var positional: [ArgumentValue] = []
  private(set) var keywords: [(name: String, value: ArgumentValue)] = []

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(_ code: String) throws {
    var reader = LiteralReader(text: Substring(code))
    let path = reader.word()
    guard reader.pass("(") else { throw Failure(description: "no call: \(code)") }
    try self.init(path, &reader)
  }

  /// The rest of a call, from its first argument on.
  init(_ path: String, _ reader: inout LiteralReader) throws {
    self.path = path
    while !reader.pass(")") {
      let rest = reader.text
      let name = reader.word()
      if !name.isEmpty, reader.pass("=") {
        keywords.append((name, try reader.value()))
      } else {
        reader.text = rest
        positional.append(try reader.value())
      }
      _ = reader.pass(",")
    }
  }

  /// The last part of the path: `AUC`.
  var name: String { String(path.split(separator: ".").last ?? "") }

  /// The object of a family that it makes.
  func component(_ family: ComponentFamily) throws -> Component {
    if name == "get", case .text(let text)? = positional.first, let known = family.named(text) {
      return known.standard
    }
    guard let known = family.named(name) else {
      throw Failure(description: "no \(family) \(name)")
    }
    return Component(
      kind: known.kind,
      arguments: try Arguments(known.arguments, positional: positional, keywords: keywords))
  }
}

/// Reads what Python's `repr` writes.
struct LiteralReader {
  var text: Substring

  mutating func pass(_ sign: Character) -> Bool {
    text = text.drop { $0 == " " }
    guard text.first == sign else { return false }
    text.removeFirst()
    return true
  }

  mutating func word() -> String {
    text = text.drop { $0 == " " }
    let word = text.prefix { $0.isLetter || $0.isNumber || "_.+-".contains($0) }
    text.removeFirst(word.count)
    return String(word)
  }

  mutating func value() throws -> ArgumentValue {
    if pass("[") { return try list(until: "]") }
    if pass("(") { return try list(until: ")") }
    for quote in ["'", "\""] as [Character] where pass(quote) {
      let inside = text.prefix { $0 != quote }
      text.removeFirst(inside.count + 1)
      return .text(String(inside))
    }
    let word = word()
    switch word {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return ArgumentValue.none
    default:
      if let i = Int(word), !text.hasPrefix("/") { return .integer(i) }
      guard let x = Double(word) else { return try object(word) }
      return .number(pass("/") ? x / (Double(self.word()) ?? 1) : x)
    }
  }

  /// `keras.regularizers.L2(0.03)`, or a function by its path.
  private mutating func object(_ path: String) throws -> ArgumentValue {
    let parts = path.split(separator: ".").map(String.init)
    if parts.count == 3, parts[1] == "layers", let type = LayerCatalog.type(named: parts[2]),
      pass("(")
    {
      let call = try KerasCall(path, &self)
      return .component(
        Component(
          kind: type.kind,
          arguments: try Arguments(
            type.arguments, positional: call.positional, keywords: call.keywords)))
    }
    guard parts.count == 3,
      let family = ComponentFamily.allCases.first(where: { $0.module == parts[1] })
    else { throw KerasCall.Failure(description: "no literal: \(path)") }
    guard pass("(") else { return .text(parts[2]) }
    return .component(try KerasCall(path, &self).component(family))
  }

  private mutating func list(until end: Character) throws -> ArgumentValue {
    var items: [ArgumentValue] = []
    while !pass(end) {
      items.append(try value())
      _ = pass(",")
    }
    let whole = items.compactMap { item -> Int? in
      if case .integer(let i) = item { i } else { nil }
    }
    return whole.count == items.count ? .integers(whole) : .list(items)
  }
}

/// Values that Keras gave, kept in `Tests/Reference/Keras`.
enum KerasReference {
  static func read<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference/Keras/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }

  /// A tensor as the files write it.
  struct Array: Decodable {
    let shape: [Int]
    let scalars: [Scalar]

    var tensor: Tensor { Tensor(shape: Shape(shape), scalars: scalars.map(\.value)) }
  }

  struct Scalar: Decodable {
    let value: Float

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        value = Float(number)
      } else {
        switch try container.decode(String.self) {
        case "Infinity": value = .infinity
        case "-Infinity": value = -.infinity
        default: value = .nan
        }
      }
    }
  }

  /// How a parameter of a function of Keras is written.
  struct Parameter: Decodable {
    let name: String
    let `default`: String?
  }
}

/// Whether two numbers are equal to six digits, NaN equal to itself.
func agree(_ a: Double, _ b: Double, within tolerance: Double = 1e-6) -> Bool {
  a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(1, abs(b))
}
