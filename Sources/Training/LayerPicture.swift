import Autodiff
import NeuralNets
import Tensors

/// What a layer does with the probe set, or over the plane, or what it has learned: a picture of
/// numbers.
package struct LayerPicture: Hashable, Sendable {
  /// What pictures of layers can show.
  package enum Quantity: String, CaseIterable, Hashable, Sendable {
    /// What its units give.
    case activation
    /// Its kernel.
    case weights
    /// The gradient of the loss at its kernel, of the step that was done last.
    case gradient
    /// The first and the second array that the optimizer remembers of the kernel: m and √v of Adam.
    case state, secondState = "second state"
    /// What the last step added to the kernel.
    case update

    /// Whether the picture has the shape of a kernel.
    package var isOfKernel: Bool { self != .activation }
  }

  package let name: String
  package let kind: String
  package let quantity: Quantity
  /// Activations: [probes, …output shape], over the plane [units, height, width]; else the kernel's
  /// shape.
  package let tensor: Tensor
  /// What all of its numbers are like.
  package let facts: NumberFacts
  /// What formulas call the numbers: `W`, `∂L/∂W`, `m`, `√v`.
  package internal(set) var symbol = ""
  /// Whether numbers of this kind can lie below 0; nil where that shows only by what they are. It keeps
  /// the colors of a picture of one kind while its numbers change.
  package internal(set) var canBeNegative: Bool?
  /// The length of the gradient of its kernel in the last step, nil before it.
  package internal(set) var gradientNorm: Float?

  init(name: String, kind: String, quantity: Quantity, tensor: Tensor) {
    (self.name, self.kind, self.quantity) = (name, kind, quantity)
    self.tensor = tensor
    // Here, once: frames that show the same picture come much oftener than pictures.
    facts = NumberFacts(tensor.scalars)
    canBeNegative = [.weights, .gradient, .update].contains(quantity) ? true : nil
  }
}

extension Network.PlacedLayer {
  /// The activation that it ends with, by its short name; of a layer that is one its own; nil of one
  /// that has none.
  var activationName: String? {
    switch component.arguments[ifTaken: "activation"] {
    case .text(let name): return ComponentFamily.activation.named(name)?.shortName ?? name
    case .component(let component):
      return ComponentFamily.activation.named(component.kind)?.shortName ?? component.kind
    case .some: return "linear"
    case nil: return ComponentFamily.activation.named(kind.lowercased())?.shortName
    }
  }

  /// Whether what it gives can lie below 0; nil where that follows from what it takes.
  var canGiveNegatives: Bool? {
    switch component.arguments[ifTaken: "negative_slope"] {
    case nil, .integer(0), .number(0): break
    default: return true
    }
    if let activationName { return !Self.activationsAboveZero.contains(activationName) }
    return weights.isEmpty ? nil : true
  }

  private static let activationsAboveZero: Set<String> = [
    "exponential", "hard_sigmoid", "relu", "relu6", "sigmoid", "softmax", "softplus",
  ]
}

/// What the numbers of a picture are like, taken together; what is not finite is left out.
package struct NumberFacts: Hashable, Sendable {
  package let count: Int
  package let mean: Float
  /// The standard deviation, √(Σ (x - mean)² / n).
  package let deviation: Float
  package let least: Float
  package let most: Float
  /// The share of numbers that are exactly 0.
  package let zeroShare: Float
  /// How many are not finite.
  package let sickCount: Int

  package init(_ numbers: [Float]) {
    var (count, zeros, sick) = (0, 0, 0)
    var (sum, squares) = (0.0, 0.0)
    var (least, most) = (Float.infinity, -Float.infinity)
    for number in numbers {
      guard number.isFinite else {
        sick += 1
        continue
      }
      count += 1
      if number == 0 { zeros += 1 }
      sum += Double(number)
      squares += Double(number) * Double(number)
      least = min(least, number)
      most = max(most, number)
    }
    let n = Double(max(count, 1))
    let mean = sum / n
    self.count = count
    self.mean = Float(mean)
    deviation = Float(max(0, squares / n - mean * mean).squareRoot())
    self.least = count > 0 ? least : 0
    self.most = count > 0 ? most : 0
    zeroShare = Float(Double(zeros) / n)
    sickCount = sick
  }
}

extension Session {
  /// What each layer gives on these inputs, or its kernel.
  func layerPictures(on inputs: Tensor, _ quantity: LayerPicture.Quantity) -> [LayerPicture] {
    if quantity.isOfKernel { return kernelPictures(quantity) }
    let count = inputs.shape.extents.first ?? 0
    guard count > 0, network.inputShapes.count == 1 else { return [] }
    return activationPictures(runInference(on: inputs, count: count)) { $0 }
  }

  /// The forward pass on a batch of its own; the execution then holds every layer's output.
  func runInference(on inputs: Tensor, count: Int) -> Execution {
    let run = part.execution(batchSize: count, purpose: .prediction)
    run.begin(seed: settings.seed, step: 0, learningRate: 0)
    run.write(inputs.scalars, to: run.plan.input)
    run.run()
    return run
  }

  /// The outputs of the layers that change numbers.
  func activationPictures(
    _ run: Execution, _ shaped: (Tensor) -> Tensor?
  ) -> [LayerPicture] {
    network.layers.compactMap { layer in
      guard !LayerCatalog.kindsThatKeepNumbers.contains(layer.kind),
        let output = run.plan.value(named: layer.name + "/output"),
        let tensor = shaped(run.tensor(output))
      else { return nil }
      var picture = LayerPicture(
        name: layer.name, kind: layer.kind, quantity: .activation, tensor: tensor)
      picture.symbol = "y"
      picture.canBeNegative = layer.canGiveNegatives
      picture.gradientNorm = kernel(of: layer).flatMap { gradientNorm($0) }
      return picture
    }
  }

  /// The kernel of a layer, its first weight, in the plan at hand.
  func kernel(of layer: Network.PlacedLayer) -> Value? {
    layer.weights.first.flatMap { plan.value(named: "\(layer.name)/\($0.path)") }
  }

  private func gradientNorm(_ kernel: Value) -> Float? {
    guard let gradient = plan.gradients[kernel], execution.isKnown(gradient) else { return nil }
    return execution.sumOfSquares(of: gradient).squareRoot()
  }

  private func kernelPictures(_ quantity: LayerPicture.Quantity) -> [LayerPicture] {
    network.layers.compactMap { layer in
      guard let kernel = kernel(of: layer), let (symbol, tensor) = picture(quantity, of: kernel)
      else { return nil }
      let shown = LayerCatalog.kernelLayer(named: layer.kind)?.maps(ofKernel: tensor) ?? tensor
      var picture = LayerPicture(
        name: layer.name, kind: layer.kind, quantity: quantity, tensor: shown)
      picture.symbol = symbol
      picture.gradientNorm = gradientNorm(kernel)
      return picture
    }
  }

  /// The numbers of a quantity for a kernel, and what they are called; nil where there are none.
  private func picture(
    _ quantity: LayerPicture.Quantity, of kernel: Value
  ) -> (String, Tensor)? {
    switch quantity {
    case .activation: return nil
    case .weights: return ("W", execution.tensor(kernel))
    case .gradient:
      guard let gradient = plan.gradients[kernel], execution.isKnown(gradient) else { return nil }
      return ("∂L/∂W", execution.tensor(gradient))
    case .state, .secondState:
      let states = optimizerStates(of: kernel)
      let place = quantity == .state ? 0 : 1
      guard states.indices.contains(place) else { return nil }
      let state = states[place]
      let tensor = execution.tensor(state)
      // The running mean of squares is seen as a size: its root.
      let isOfSquares = plan[state].name.hasSuffix(".v")
      guard isOfSquares else { return (plan[state].symbol, tensor) }
      return (
        "√" + plan[state].symbol,
        Tensor(shape: tensor.shape, scalars: tensor.scalars.map { max(0, $0).squareRoot() })
      )
    case .update:
      return lastUpdate(of: kernel).map { ("ΔW", $0) }
    }
  }

  /// What the optimizer remembers of a weight, in its shape.
  private func optimizerStates(of weight: Value) -> [Value] {
    let prefix = plan[weight].name + "."
    return plan.values.indices.compactMap { id in
      let info = plan.values[id]
      guard info.role == .optimizerState, info.shape == weight.shape,
        info.name.hasPrefix(prefix), !info.name.hasSuffix(".average")
      else { return nil }
      return plan.value(named: info.name)
    }
  }
}
