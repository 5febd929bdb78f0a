import NeuralNets
import Tensors

extension ModelDescription {
  /// The network in a few characters: `64-64-32-10 relu`, `8×8×1 Conv2D 8 → Flatten → Dense 10`.
  package var summary: String {
    let input = inputShape.map { $0.extents.map(String.init).joined(separator: "×") }
    guard layers.allSatisfy({ $0.kind == "Dense" }), !layers.isEmpty else {
      return ([input].compactMap(\.self) + layers.map(Self.short)).joined(separator: " → ")
    }
    let sizes = [input].compactMap(\.self) + layers.map { "\($0.arguments.integer("units"))" }
    let hidden = layers.dropLast().compactMap { layer -> String? in
      guard case .text(let name) = layer.arguments["activation"] else { return nil }
      return name
    }
    let activation = Set(hidden).count == 1 ? hidden[0] : hidden.isEmpty ? "" : "mixed"
    return sizes.joined(separator: "-") + (activation.isEmpty ? "" : " " + activation)
  }

  private static func short(_ layer: Component) -> String {
    for name in ["units", "filters", "rate"] {
      switch layer.arguments[name] {
      case .integer(let count): return "\(layer.kind) \(count)"
      case .number(let number): return "\(layer.kind) \(number)"
      default: continue
      }
    }
    return layer.kind
  }
}
