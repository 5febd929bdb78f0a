import NeuralNets

/// The number that a callback watches, and which of two is better.
package struct Monitor: Sendable {
  /// Parts of the names of numbers of which more is better.
  private static let rising = [
    "acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou", "similarity",
  ]

  package let name: String
  let isRising: Bool
  let margin: Double

  /// - Parameter arguments: `monitor`, `mode` and `min_delta` as Keras has them.
  package init(_ arguments: Arguments) throws(RunFailure) {
    name = arguments.text("monitor")
    margin = arguments["min_delta"] == .none ? 0 : abs(arguments.number("min_delta"))
    switch arguments.text("mode") {
    case "min": isRising = false
    case "max": isRising = true
    case "auto":
      let watched = name.lowercased()
      isRising = Self.rising.contains { watched.contains($0) }
    default:
      throw RunFailure("mode \"\(arguments.text("mode"))\"", remedy: "\"auto\", \"min\" or \"max\"")
    }
  }

  package func value(in numbers: [NamedNumber]) -> Double? {
    numbers.first { $0.name == name }?.value
  }

  package func isBetter(_ value: Double, than best: Double?) -> Bool {
    guard let best else { return true }
    return isRising ? value > best + margin : value < best - margin
  }

  package func missing(_ callback: String, among names: [String]) -> String {
    "\(callback) watches \(name), which is not there; there is " + names.joined(separator: ", ")
  }
}
