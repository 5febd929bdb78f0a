import FileFormats
import Foundation
import Tensors

/// An input computed from others, as TensorFlow Playground offers them: x₁², x₁x₂, sin x₁.
package enum DerivedFeature: Hashable, Sendable, CustomStringConvertible {
  /// Positions count inputs from 0.
  case square(Int)
  case product(Int, Int)
  /// sin(factor · x)
  case sine(Int, factor: Double = 1)

  /// Those that Playground has beside x₁ and x₂.
  package static let playground: [DerivedFeature] = [
    .square(0), .square(1), .product(0, 1), .sine(0), .sine(1),
  ]

  /// Reads `x1^2` (also `x₁²`), `x1x2` (`x1*x2`), `sin_x1` (`sin(x1)`, `sin(6x1)`).
  package init?(_ text: String) {
    let plain = Self.plain(text)
    let inputs = plain.split(separator: "x", omittingEmptySubsequences: false)
    func position(_ digits: Substring) -> Int? {
      Int(digits).flatMap { (1...1_000_000).contains($0) ? $0 - 1 : nil }
    }
    if plain.hasPrefix("sin"), inputs.count == 2, let place = position(inputs[1]) {
      let factor = inputs[0].dropFirst(3)
      guard let number = factor.isEmpty ? 1 : Double(factor), number.isFinite else { return nil }
      self = .sine(place, factor: number)
    } else if inputs.count == 2, inputs[0].isEmpty, plain.hasSuffix("^2"),
      let place = position(inputs[1].dropLast(2))
    {
      self = .square(place)
    } else if inputs.count == 3, inputs[0].isEmpty, let first = position(inputs[1]),
      let second = position(inputs[2])
    {
      self = first == second ? .square(first) : .product(first, second)
    } else {
      return nil
    }
  }

  /// The text in plain letters, without spaces, brackets and signs of multiplication.
  private static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.lowercased().unicodeScalars {
      switch scalar {
      case "₀"..."₉": plain += String(scalar.value - 0x2080)
      case "²": plain += "^2"
      case " ", "(", ")", "_", "·": continue
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain.replacingOccurrences(of: "**2", with: "^2")
      .replacingOccurrences(of: "*", with: "")
  }

  /// The text that reads back as this feature.
  package var description: String {
    switch self {
    case .square(let i): "x\(i + 1)^2"
    case .product(let i, let j): "x\(i + 1)x\(j + 1)"
    case .sine(let i, let factor): factor == 1 ? "sin(x\(i + 1))" : "sin(\(factor)x\(i + 1))"
    }
  }

  /// The inputs that it needs.
  package var inputs: [Int] {
    switch self {
    case .square(let i), .sine(let i, _): [i]
    case .product(let i, let j): [i, j]
    }
  }

  /// The name of its column beside columns with these names.
  package func name(among features: [String]) -> String {
    func isShort(_ name: String) -> Bool { name.count <= 2 }
    switch self {
    case .square(let i): return features[i] + "²"
    case .product(let i, let j):
      let areShort = isShort(features[i]) && isShort(features[j])
      return features[i] + (areShort ? "" : " · ") + features[j]
    case .sine(let i, let factor):
      let scale = factor == 1 ? "" : factor == factor.rounded() ? "\(Int(factor))" : "\(factor)"
      return "sin \(scale)\(features[i])"
    }
  }

  /// Its value for an example's inputs.
  package func value(_ x: (Int) -> Float) -> Float {
    switch self {
    case .square(let i): x(i) * x(i)
    case .product(let i, let j): x(i) * x(j)
    case .sine(let i, let factor): Float(sin(factor * Double(x(i))))
    }
  }
}
