import Foundation
import Tensors

/// One of the files of `Tests/Reference/Keras`: what Keras makes of every member of a family.
/// `Tests/Reference/keras_families.py` writes them and says how they are made.
package struct KerasFamily: Sendable {
  package let content: JSON

  package enum JSON: Sendable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    package subscript(key: String) -> JSON {
      if case .object(let members) = self { members[key] ?? .null } else { .null }
    }

    package var isNull: Bool { if case .null = self { true } else { false } }
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var items: [JSON] { if case .array(let items) = self { items } else { [] } }
    package var members: [String: JSON] {
      if case .object(let members) = self { members } else { [:] }
    }

    /// A number, or the text that stands for one that is not finite.
    package var number: Double? {
      switch self {
      case .number(let x): x
      case .text(let text): Double(text)
      default: nil
      }
    }

    /// `{"shape": […], "scalars": […]}`.
    package var tensor: Tensor? {
      let numbers = self["scalars"].items.compactMap(\.number)
      let shape = Shape(self["shape"].items.compactMap(\.number).map { Int($0) })
      guard case .array = self["scalars"], numbers.count == shape.count else { return nil }
      return Tensor(shape: shape, scalars: numbers.map { Float($0) })
    }

    fileprivate init(_ value: Any) {
      switch value {
      case let members as [String: Any]: self = .object(members.mapValues { JSON($0) })
      case let items as [Any]: self = .array(items.map { JSON($0) })
      case let text as String: self = .text(text)
      case let flag as Bool where CFBooleanOrNumber.isBoolean(value): self = .truth(flag)
      case let number as NSNumber: self = .number(number.doubleValue)
      default: self = .null
      }
    }
  }

  /// - Parameter name: of the file, without its extension: `optimizers`.
  package init(_ name: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Reference/Keras/\(name).json")
    content = JSON(try JSONSerialization.jsonObject(with: Data(contentsOf: file)))
  }

  package var cases: [JSON] { content["cases"].items }
}

/// Foundation's reader gives 0 and 1 as numbers that also pass for booleans.
private enum CFBooleanOrNumber {
  static func isBoolean(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return String(cString: number.objCType) == "c"
  }
}
