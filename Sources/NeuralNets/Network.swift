import Autodiff
import Tensors

/// A model whose every shape is resolved: it exists only when all layers fit.
package struct Network: Sendable {
  package typealias PlacedLayer = PlacedGraph.PlacedLayer

  /// Why a description does not make a network.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The layer's place, nil when the model as a whole is at fault.
    package let layer: Int?
    package let name: String
    package let problem: String
    package let remedy: String

    package init(layer: Int?, name: String, problem: String, remedy: String) {
      self.layer = layer
      self.name = name
      self.problem = problem
      self.remedy = remedy
    }

    init(_ model: ModelDescription, _ problem: String, _ remedy: String) {
      self.init(layer: nil, name: model.name, problem: problem, remedy: remedy)
    }

    package var description: String { "\(name) \(problem); right would be \(remedy)" }
  }

  package let description: ModelDescription
  package let graph: PlacedGraph
  /// Every weight under Keras's name, in order: `dense/kernel`, `lstm/lstm_cell/bias`.
  package let weights: [(name: String, spec: WeightSpec)]

  /// The most numbers that one example may have, before or after a layer: they lie in memory for
  /// every example of a batch, and once more for gradients.
  package static let largestExample = 1 << 24

  /// The most numbers that one weight may have: 1 GiB.
  package static let largestWeight = 1 << 28

  /// - Parameter inputShape: the shape of one example, when the description leaves it to the data.
  package init(_ description: ModelDescription, inputShape: Shape? = nil) throws(Failure) {
    guard !description.layers.isEmpty else {
      throw Failure(description, "has no layer", "at least one, as Dense(1)")
    }
    let isOpen =
      description.wiring.map { $0.inputs.count == 1 && !$0.inputs[0].openAxes.isEmpty }
      ?? (description.inputShape == nil)
    graph = try PlacedGraph(description, inputShapes: isOpen ? inputShape.map { [$0] } : nil)
    self.description = description
    weights = graph.weights.map { ($0.path, $0) }
    try checkCarried()
    try checkPenalties()
    try checkCompilation()
  }

  private func checkCompilation() throws(Failure) {
    guard let compilation = description.compilation else { return }
    guard compilation.outputs.count == graph.outputShapes.count else {
      throw Failure(
        description,
        "has \(graph.outputShapes.count) outputs and is compiled for \(compilation.outputs.count)",
        "one loss for each output")
    }
    guard compilation.outputs.contains(where: { $0.loss != nil }) else {
      throw Failure(description, "is compiled without a loss", "loss=\"mse\", or another")
    }
    try checkOptimizer(compilation.optimizer)
    if case .component(let schedule) = compilation.optimizer.arguments["learning_rate"],
      let (problem, remedy) = ScheduleCatalog.problem(schedule)
    {
      throw Failure(description, "learns at a \(schedule.kind) that \(problem)", remedy)
    }
    let masks = try graph.masks(of: inputShapes.map { _ in nil })
    for (i, (judging, shape)) in zip(compilation.outputs, graph.outputShapes).enumerated() {
      guard let loss = judging.loss else { continue }
      do {
        try LossCatalog.check(loss, output: shape)
        try shape.checkLosses(LossCatalog.loss(loss), mask: masks[i])
      } catch {
        throw Failure(description, error.problem, error.remedy)
      }
    }
  }

  package var layers: [PlacedLayer] { graph.layers }
  package var inputShapes: [Shape] { graph.inputShapes }
  package var outputShapes: [Shape] { graph.outputShapes }

  /// The shape of an example of the first input.
  package var inputShape: Shape { inputShapes[0] }

  /// The shape of the first output for one example.
  package var outputShape: Shape { outputShapes[0] }

  package var parameterCount: Int { weights.reduce(0) { $0 + $1.spec.shape.count } }

  /// The weights a run with this seed begins with.
  package func initialWeights(seed: UInt64) -> [String: Tensor] {
    var all: [String: Tensor] = [:]
    for (name, spec) in weights {
      all[name] = Tensor(
        shape: spec.shape,
        scalars: spec.initialNumbers(seed: seed, name: name))
    }
    return all
  }

  // MARK: Plans

  /// What a plan is for.
  package enum Purpose: Hashable, Sendable {
    /// All four phases.
    case training
    /// Forward and loss on examples that nothing is learned from.
    case evaluation
    /// Forward alone.
    case prediction
    /// Forward alone, where the calls within a functional model say themselves how they work.
    case call
    /// Forward alone, as while training: numbers are dropped, batches normalized by themselves.
    case rehearsal

    /// Whether a program calls the model itself: moving averages move then where a layer works as
    /// while training, as in Keras.
    package var isCalled: Bool { self == .call || self == .rehearsal }
  }

  /// The plan for batches of one size. Parameters lie at the same place in every plan of a network.
  ///
  /// What layers carry lies there too; for batches of another size than theirs, they begin anew.
  ///
  /// - Parameters:
  ///   - weighting: how finely examples come with how much they count.
  ///   - carries: whether the next batch goes on from this one; where it does not, what layers carry
  ///     is read alone. Training always does.
  /// - Precondition: training and evaluation need a compilation.
  package func plan(
    batchSize: Int, for purpose: Purpose, weighting: Weighting = .none, carries: Bool = false
  ) -> Plan {
    let carries = carries || purpose == .training
    let lowered = lowered(batchSize: batchSize, for: purpose, weighting: weighting)
    guard let judgment = lowered.judgment, let compilation = description.compilation else {
      return Planner.plan(
        lowered.graph, inputs: lowered.inputs, outputs: lowered.outputs,
        parameters: lowered.parameters, carries: carries, averages: purpose.isCalled)
    }
    let learned = zip(lowered.parameters, weights).compactMap { $1.spec.isTrainable ? $0 : nil }
    return Planner.plan(
      lowered.graph, inputs: lowered.inputs, outputs: lowered.outputs,
      parameters: lowered.parameters, learned: learned, judgment: judgment,
      optimizer: purpose == .training
        ? OptimizerCatalog.rule(
          compilation.optimizer, for: zip(lowered.parameters, weights).map { ($0, $1.spec) })
        : nil, carries: carries)
  }

  /// The network as a graph of ops, before it is planned.
  package struct Lowered: Sendable {
    package let graph: GraphBuilder
    package let inputs: [Value]
    package let outputs: [Value]
    /// In the order of the network's weights.
    package let parameters: [Value]
    package let judgment: Judgment?
  }

  /// The graph that `plan` plans: its values are those of the plan.
  ///
  /// - Precondition: training and evaluation need a compilation.
  package func lowered(
    batchSize: Int, for purpose: Purpose, weighting: Weighting = .none
  ) -> Lowered {
    var builder = GraphBuilder(
      mode: purpose == .training || purpose == .rehearsal ? .training : .inference,
      batchSize: batchSize, isModeOpen: purpose == .call)
    let parameters = weights.map { name, spec in
      builder.parameter(name, spec.symbol, spec.shape)
    }
    if let rows = description.batchSize {
      for state in graph.carried {
        _ = builder.carriedState(
          state.path, state.symbol, Shape([rows] + state.shape.extents))
      }
    }
    let inputs = inputShapes.enumerated().map { i, shape in
      builder.input(
        inputValueName(i), i == 0 ? "x" : "x" + "₀₁₂₃₄₅₆₇₈₉".digit(i),
        Shape([batchSize] + shape.extents))
    }
    let masked = graph.lower(
      masked: inputs.map { MaskedValue($0) }, weights: parameters, into: &builder)
    let outputs = masked.map(\.value)
    let isJudged = purpose == .training || purpose == .evaluation
    guard isJudged, let compilation = description.compilation else {
      precondition(!isJudged, "the model is not compiled")
      return Lowered(
        graph: builder, inputs: inputs, outputs: outputs, parameters: parameters, judgment: nil)
    }
    let judgment = Judging(self, compilation).judgment(
      of: masked, weights: zip(parameters, weights).map { ($0, $1.spec) },
      weighting: weighting, in: &builder)
    return Lowered(
      graph: builder, inputs: inputs, outputs: outputs, parameters: parameters,
      judgment: judgment)
  }

  /// What a plan calls an input: by its own name where there are several, unless that means something
  /// else already.
  private func inputValueName(_ i: Int) -> String {
    let plain = i == 0 ? "input" : "input_\(i)"
    let inputs = graph.wiring.inputs
    guard inputs.count > 1, let own = inputs[i].name,
      !own.hasPrefix("target"), !own.hasPrefix("sample"), !own.hasSuffix("loss"),
      inputs.count(where: { $0.name == own }) == 1, !layers.contains(where: { $0.name == own })
    else { return plain }
    return own
  }

  /// Whether an output is a softmax, whose rows sum to 1 already.
  package func endsInSoftmax(output: Int = 0) -> Bool {
    guard case .call(let call, _) = graph.wiring.outputs[output] else { return false }
    let layer = layers[graph.wiring.calls[call].layer]
    if layer.kind == "Softmax" {
      return !layer.component.arguments.spoken.contains { $0.name == "axis" }
    }
    guard layer.component.arguments[ifTaken: "activation"] != nil else { return false }
    return layer.component.arguments.activation() == .softmax
  }
}

extension String {
  /// The letter for a digit, or for 9 where there is none.
  fileprivate func digit(_ i: Int) -> String {
    String(self[index(startIndex, offsetBy: Swift.min(i, 9))])
  }
}
