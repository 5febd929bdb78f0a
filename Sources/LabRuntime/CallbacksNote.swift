import KerasCode
import NeuralNets
import Training

/// The callbacks of a run as text: what must be known to end it where they did.
struct CallbacksNote: Codable, Sendable {
  private struct Callback: Codable {
    let kind: String
    let arguments: [String: Value]
  }

  /// A number, a text, a truth, or nothing for None.
  private enum Value: Codable {
    case number(Double)
    case whole(Int)
    case text(String)
    case truth(Bool)
    case none

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .none
      } else if let truth = try? container.decode(Bool.self) {
        self = .truth(truth)
      } else if let whole = try? container.decode(Int.self) {
        self = .whole(whole)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .whole(let whole): try container.encode(whole)
      case .text(let text): try container.encode(text)
      case .truth(let truth): try container.encode(truth)
      case .none: try container.encodeNil()
      }
    }

    init?(_ value: ArgumentValue) {
      switch value {
      case .number(let number): self = .number(number)
      case .integer(let whole): self = .whole(whole)
      case .text(let text): self = .text(text)
      case .boolean(let truth): self = .truth(truth)
      case .none: self = .none
      default: return nil
      }
    }

    var value: ArgumentValue {
      switch self {
      case .number(let number): .number(number)
      case .whole(let whole): .integer(whole)
      case .text(let text): .text(text)
      case .truth(let truth): .boolean(truth)
      case .none: .none
      }
    }
  }

  private let callbacks: [Callback]
  private let rates: [Float]?

  /// Nil where there are none.
  init?(_ callbacks: RunCallbacks) {
    guard !callbacks.components.isEmpty || !callbacks.rates.isEmpty else { return nil }
    self.callbacks = callbacks.components.map { component in
      let spoken = component.arguments.spoken.compactMap { name, value in
        Value(value).map { (name, $0) }
      }
      return Callback(
        kind: component.kind, arguments: Dictionary(spoken) { first, _ in first })
    }
    rates = callbacks.rates.isEmpty ? nil : callbacks.rates
  }

  var restored: RunCallbacks {
    var restored = RunCallbacks()
    restored.components = callbacks.compactMap { callback in
      KeptCallback.component(callback.kind, callback.arguments.mapValues(\.value))
    }
    restored.rates = rates ?? []
    return restored
  }
}
