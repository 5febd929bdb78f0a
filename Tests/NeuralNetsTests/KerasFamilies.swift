import Foundation
import NeuralNets
import Tensors
import Testing

/// What Keras makes of the members of its families: the files of Tests/Reference/Keras.
enum KerasFamilies {
  static func load<File: Decodable>(_ name: String, as type: File.Type) throws -> File {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "Reference/Keras/\(name).json")
    return try JSONDecoder().decode(type, from: try Data(contentsOf: file))
  }

  /// An argument as `signatures.json` has it.
  struct Argument: Decodable {
    let name: String
    let kind: String
    let `default`: String?
  }
}

/// A tensor of a reference file.
struct ReferenceTensor: Decodable, Sendable {
  let tensor: Tensor

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    tensor = Tensor(
      shape: Shape(try values.decode([Int].self, forKey: .shape)),
      scalars: try values.decode([Float].self, forKey: .scalars))
  }

  private enum Key: CodingKey { case shape, scalars }

  /// The largest difference, against the largest number.
  func distance(to numbers: [Float]) -> Float {
    guard numbers.count == tensor.count else { return .infinity }
    let size = tensor.scalars.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    return zip(tensor.scalars, numbers).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    } / size
  }
}

/// A call as reference files write it: `keras.losses.Huber(delta=0.3, reduction=None)`.
struct ReferenceCall {
  let name: String
  let arguments: [(name: String, value: ArgumentValue)]

  init(_ code: String) {
    let parts = code.split(separator: "(", maxSplits: 1)
    name = parts[0].split(separator: ".").last.map(String.init) ?? ""
    arguments = Self.split(String(parts[1].dropLast())).compactMap { argument in
      let sides = argument.split(separator: "=", maxSplits: 1).map(String.init)
      return sides.count == 2
        ? (sides[0].trimmingCharacters(in: .whitespaces), Self.literal(sides[1])) : nil
    }
  }

  /// At commas outside brackets.
  private static func split(_ text: String) -> [String] {
    var (parts, depth) = ([""], 0)
    for letter in text {
      depth += letter == "[" ? 1 : letter == "]" ? -1 : 0
      if letter == "," && depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(letter)
      }
    }
    return parts
  }

  /// A number, text, list, True, False or None of Python.
  static func literal(_ text: String) -> ArgumentValue {
    let text = text.trimmingCharacters(in: .whitespaces)
    switch text {
    case "None": return .none
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    default: break
    }
    if text.hasPrefix("[") { return .list(split(String(text.dropFirst().dropLast())).map(literal)) }
    if text.hasPrefix("'") { return .text(String(text.dropFirst().dropLast())) }
    if let whole = Int(text) { return .integer(whole) }
    return .number(Double(text) ?? .nan)
  }

  /// What it makes, if the family knows it.
  func component(of family: ComponentFamily) throws -> Component {
    let known = try #require(
      family.classes.first { $0.kind == name || $0.shortNames.contains(name) })
    return Component(
      kind: known.kind, arguments: try Arguments(known.arguments, keywords: arguments))
  }
}
