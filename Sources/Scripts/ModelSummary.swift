import Autodiff
import Foundation
import KerasCode
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
    /// The layers and inputs that it takes from, call by call.
    package let inputs: [String]
  }

  package let name: String
  package let inputShape: Shape
  package let layers: [Layer]
  /// The numbers that the optimizer keeps, its step count and learning rate included, as in Keras.
  package let optimizerParameters: Int
  let network: Network

  package init(_ network: Network) {
    self.network = network
    name = network.description.name
    inputShape = network.inputShape
    let names = GraphNames(network.graph, inputs: network.description.wiring?.inputs)
    layers = network.layers.enumerated().map { i, layer in
      Layer(
        name: layer.name, kind: layer.kind, outputShape: layer.outputShape,
        parameters: layer.parameterCount, multiplyAdds: Self.multiplyAdds(layer),
        inputs: names.sources(of: i))
    }
    optimizerParameters = Self.optimizerParameters(network)
  }

  package var parameters: Int { network.parameterCount }
  package var trainableParameters: Int {
    network.weights.reduce(0) { $0 + ($1.spec.isTrainable ? $1.spec.shape.count : 0) }
  }
  package var inputShapes: [Shape] { network.inputShapes }
  package var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

  /// Bytes that a training step takes with batches of a size, run whole and stepped through; those
  /// that predicting one example takes when the model is not compiled.
  package func memory(batchSize: Int) -> (whole: Int, stepping: Int) {
    let isCompiled = network.description.compilation != nil
    let plan = network.plan(
      batchSize: isCompiled ? batchSize : 1, for: isCompiled ? .training : .prediction)
    let packed = isCompiled ? PackedMemory(worthwhileFor: plan)?.count : nil
    let (state, values) = plan.arenaSizes
    return (4 * (state + (packed ?? values)), 4 * (state + values))
  }

  /// Every number of a kernel is used once at each place it is laid on: a row of the input, a pixel
  /// of the output, a step of time; and once more each time the layer is called.
  private static func multiplyAdds(_ layer: Network.PlacedLayer) -> Int {
    if let inner = layer.inner {
      return layer.callCount * inner.layers.reduce(0) { $0 + multiplyAdds($1) }
    }
    let kernels = layer.weights.filter { $0.shape.rank > 1 && $0.path.hasSuffix("kernel") }
    let isRecurrent = kernels.contains { $0.path.hasSuffix("recurrent_kernel") }
    let count = layer.callCount * kernels.reduce(0) { $0 + $1.shape.count }
    guard let kernel = kernels.first else { return 0 }
    if let type = LayerCatalog.kernelLayer(named: layer.kind) {
      return count * type.places(from: layer.inputShape, to: layer.outputShape)
    }
    if isRecurrent { return count * (layer.inputShape.extents.first ?? 1) }
    return count * (kernel.shape.rank == 2 ? layer.inputShape.rows : layer.outputShape.rows)
  }

  /// Its state, its count of steps, and its learning rate unless a schedule gives that.
  private static func optimizerParameters(_ network: Network) -> Int {
    guard let compilation = network.description.compilation else { return 0 }
    let plan = network.plan(batchSize: 1, for: .training)
    let state = plan.values.filter { $0.role == .optimizerState }
    var own = 2
    if case .component = compilation.optimizer.arguments["learning_rate"] { own = 1 }
    return state.reduce(0) { $0 + $1.shape.count } + own
  }
}

// MARK: Texts

extension ModelSummary {
  /// The table that `model.summary()` prints, without a line break at its end.
  ///
  /// - Parameters:
  ///   - showsInput: whether the inputs have rows of their own, as in functional models; by default
  ///     where the model is a graph.
  ///   - inputNames: what the inputs are called, where the network does not say it.
  ///   - kinds: the classes of layers that are shown by another name than the lab's.
  ///   - countsOptimizer: whether the optimizer has made its state.
  ///   - other: the same graph for sequences of another length, where that is open.
  package func table(
    _ options: SummaryOptions = SummaryOptions(), showsInput: Bool? = nil,
    inputNames: [String] = [], kinds: [String?] = [], countsOptimizer: Bool = false,
    beside other: PlacedGraph? = nil
  ) -> String {
    SummaryTable.text(
      self, options, showsInput: showsInput ?? (network.description.wiring != nil),
      inputNames: inputNames, kinds: kinds, countsOptimizer: countsOptimizer, beside: other)
  }

  /// `(None, 5, 3)`
  ///
  /// - Parameter other: the shape for sequences of another length; where it differs stands None.
  static func batched(_ shape: Shape, _ batch: Int? = nil, beside other: Shape? = nil) -> String {
    let extents = shape.extents.enumerated().map { i, extent in
      other.map { $0.extents[i] == extent } == false ? "None" : "\(extent)"
    }
    return "(" + ([batch.map { "\($0)" } ?? "None"] + extents).joined(separator: ", ") + ")"
  }

  /// `5,569 (21.75 KB)`: numbers of four bytes.
  static func sized(_ count: Int) -> String { "\(grouped(count)) (\(bytes(4 * count)))" }

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
