import Autodiff
import Foundation
import NeuralNets
import Tensors

/// What a model consists of and costs.
package struct ModelSummary: Sendable {
  /// One layer of it.
  package struct Layer: Hashable, Sendable {
    package let name: String
    package let kind: String
    /// Of one example.
    package let outputShape: Shape
    package let parameters: Int
    /// Of the forward pass, for one example.
    package let multiplyAdds: Int
  }

  package let name: String
  package let inputShape: Shape
  package let layers: [Layer]
  /// The numbers that the optimizer keeps, its step count and learning rate included, as in Keras.
  package let optimizerParameters: Int
  private let network: Network

  package init(_ network: Network) {
    self.network = network
    name = network.description.name
    inputShape = network.inputShape
    layers = network.layers.map { layer in
      Layer(
        name: layer.name, kind: layer.kind, outputShape: layer.outputShape,
        parameters: layer.parameterCount, multiplyAdds: Self.multiplyAdds(layer))
    }
    optimizerParameters = Self.optimizerParameters(network)
  }

  package var parameters: Int { network.parameterCount }
  package var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

  /// Bytes that a training step takes with batches of a size; those that predicting one example
  /// takes when the model is not compiled.
  package func memory(batchSize: Int) -> Int {
    let isCompiled = network.description.compilation != nil
    let plan = network.plan(
      batchSize: isCompiled ? batchSize : 1, for: isCompiled ? .training : .prediction)
    return 4 * (plan.arenaSizes.state + plan.arenaSizes.activations)
  }

  /// Every number of a kernel is used once at each place it is laid on: a row of the input, a pixel
  /// of the output, a step of time.
  private static func multiplyAdds(_ layer: Network.PlacedLayer) -> Int {
    let kernels = layer.weights.filter { $0.shape.rank > 1 && $0.path.hasSuffix("kernel") }
    let isRecurrent = kernels.contains { $0.path.hasSuffix("recurrent_kernel") }
    let count = kernels.reduce(0) { $0 + $1.shape.count }
    guard let kernel = kernels.first else { return 0 }
    if isRecurrent { return count * (layer.inputShape.extents.first ?? 1) }
    return count * (kernel.shape.rank == 2 ? layer.inputShape.rows : layer.outputShape.rows)
  }

  private static func optimizerParameters(_ network: Network) -> Int {
    guard network.description.compilation != nil else { return 0 }
    let plan = network.plan(batchSize: 1, for: .training)
    let state = plan.values.filter { $0.role == .optimizerState }
    return state.reduce(0) { $0 + $1.shape.count } + 2
  }
}

// MARK: Keras's table

extension ModelSummary {
  /// The table that `model.summary()` prints, without a line break at its end.
  ///
  /// - Parameters:
  ///   - showsInput: whether the input has a row of its own, as in functional models.
  ///   - countsOptimizer: whether the optimizer has made its state.
  package func table(showsInput: Bool = false, countsOptimizer: Bool = false) -> String {
    var rows = layers.map {
      ["\($0.name) (\($0.kind))", Self.batched($0.outputShape), Self.grouped($0.parameters)]
    }
    if showsInput {
      rows.insert(["input_layer (InputLayer)", Self.batched(inputShape), "0"], at: 0)
    }
    let extra = countsOptimizer ? optimizerParameters : 0
    let trainable = network.weights.reduce(0) {
      $0 + ($1.spec.isTrainable ? $1.spec.shape.count : 0)
    }
    var lines = ["Model: \"\(name)\""] + Self.boxed(rows)
    lines += [
      " Total params: \(Self.sized(parameters + extra))",
      " Trainable params: \(Self.sized(trainable))",
      " Non-trainable params: \(Self.sized(parameters - trainable))",
    ]
    if countsOptimizer { lines.append(" Optimizer params: \(Self.sized(extra))") }
    return lines.joined(separator: "\n")
  }

  /// The table of a model whose input is not known yet.
  static func unbuilt(_ description: ModelDescription) -> String {
    let rows = zip(description.layerNames, description.layers).map { name, layer in
      ["\(name) (\(layer.kind))", "?", "0 (unbuilt)"]
    }
    let none = sized(0)
    return
      (["Model: \"\(description.name)\""] + boxed(rows) + [
        " Total params: \(none)", " Trainable params: \(none)", " Non-trainable params: \(none)",
      ]).joined(separator: "\n")
  }

  private static let widths = [33, 24, 15]

  /// Rows of three cells in Keras's boxes; what is too long for its column goes on below.
  private static func boxed(_ rows: [[String]]) -> [String] {
    func rule(_ ends: (String, String, String), _ line: String) -> String {
      ends.0 + widths.map { String(repeating: line, count: $0) }.joined(separator: ends.1) + ends.2
    }
    let titles = row(["Layer (type)", "Output Shape", "Param #"], "┃")
    var lines = [rule(("┏", "┳", "┓"), "━"), titles, rule(("┡", "╇", "┩"), "━")]
    for (i, cells) in rows.enumerated() {
      if i > 0 { lines.append(rule(("├", "┼", "┤"), "─")) }
      let wrapped = zip(cells, widths).map { Self.wrapped($0, width: $1 - 2) }
      for part in 0..<(wrapped.map(\.count).max() ?? 0) {
        lines.append(row(wrapped.map { part < $0.count ? $0[part] : "" }, "│"))
      }
    }
    return lines + [rule(("└", "┴", "┘"), "─")]
  }

  private static func row(_ cells: [String], _ bar: String) -> String {
    let padded = zip(cells, widths).enumerated().map { column, cell in
      let blank = String(repeating: " ", count: max(0, cell.1 - 2 - cell.0.count))
      return column == 2 ? " \(blank)\(cell.0) " : " \(cell.0)\(blank) "
    }
    return bar + padded.joined(separator: bar) + bar
  }

  /// Lines of whole words; a word that is too long for one is cut.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let part = word.count > width ? word.prefix(width - 1) + "…" : word
      if let last = lines.last, last.count + 1 + part.count <= width {
        lines[lines.count - 1] = "\(last) \(part)"
      } else {
        lines.append(String(part))
      }
    }
    return lines
  }

  private static func batched(_ shape: Shape) -> String {
    "(None" + shape.extents.map { ", \($0)" }.joined() + ")"
  }

  /// `5,569 (21.75 KB)`: numbers of four bytes.
  private static func sized(_ count: Int) -> String { "\(grouped(count)) (\(bytes(4 * count)))" }

  /// `21.75 KB`, in steps of 1024.
  package static func bytes(_ count: Int) -> String {
    var size = Double(count)
    var units = ["B", "KB", "MB", "GB", "TB"][...]
    while size >= 1024, units.count > 1 {
      size /= 1024
      units = units.dropFirst()
    }
    return String(format: "%.2f ", size) + (units.first ?? "TB")
  }

  /// `5,569`
  package static func grouped(_ count: Int) -> String {
    var digits = Array(String(count.magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) {
      digits.insert(",", at: place)
    }
    return (count < 0 ? "-" : "") + String(digits)
  }
}
