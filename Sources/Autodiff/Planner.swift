import Tensors

/// How an optimizer changes one parameter: emits the update instruction and names its state.
package protocol UpdateRule: Sendable {
  /// Its Keras class name, for the listing.
  var name: String { get }
  /// Emits the instruction that overwrites `parameter`, making the state it needs.
  func update(_ parameter: Value, gradient: Value, _ emitter: inout Emitter)
}

/// How predictions are judged: emits the loss of each example, their mean, and the gradient.
package protocol LossRule: Sendable {
  /// The shape of a batch of targets for a batch of predictions.
  func targetShape(for prediction: Shape) -> Shape
  func forward(
    prediction: Value, target: Value, _ emitter: inout Emitter
  ) -> (each: Value, mean: Value)
  /// The gradient of the mean loss by the prediction.
  func backward(prediction: Value, target: Value, _ emitter: inout Emitter) -> Value
}

/// Turns a graph into a plan: forward in order, loss, backward in reverse, update.
package struct Planner: Sendable {
  private var emitter: Emitter
  private var nodes: [Node]
  private let graph: GraphBuilder
  private var gradients: [Value: Value] = [:]

  /// Plans a graph that computes `output` from `input`; without a loss it only predicts.
  package static func plan(
    _ graph: GraphBuilder, input: Value, output: Value, parameters: [Value],
    loss: (any LossRule)? = nil, optimizer: (any UpdateRule)? = nil
  ) -> Plan {
    var planner = Planner(graph)
    planner.emitForward()
    guard let loss else {
      return planner.finish(input: input, output: output, parameters: parameters)
    }
    let target = planner.emitter.value(
      "target", "t", loss.targetShape(for: output.shape), role: .target)
    planner.emitter.phase = .loss
    let (each, mean) = loss.forward(prediction: output, target: target, &planner.emitter)
    if let optimizer {
      planner.emitBackward(loss, output, target: target, parameters: parameters)
      planner.emitUpdate(optimizer, parameters)
    }
    return planner.finish(
      input: input, output: output, parameters: parameters, target: target, each: each, mean: mean)
  }

  private init(_ graph: GraphBuilder) {
    self.graph = graph
    emitter = graph.emitter
    nodes = graph.nodes
  }

  private mutating func emitForward() {
    emitter.phase = .forward
    for i in nodes.indices {
      emitter.scopes = nodes[i].scopes
      nodes[i].kept = nodes[i].op.forward(nodes[i].inputs, nodes[i].output, &emitter)
    }
    emitter.scopes = []
  }

  /// Walks the graph in reverse; where a value was used twice its gradients meet in an addition.
  private mutating func emitBackward(
    _ loss: any LossRule, _ output: Value, target: Value, parameters: [Value]
  ) {
    emitter.phase = .backward
    let learned = valuesThatDependOn(parameters)
    gradients[output] = loss.backward(prediction: output, target: target, &emitter)
    for i in nodes.indices.reversed() where learned.contains(nodes[i].output) {
      guard let dy = gradients[nodes[i].output] else { continue }
      nodes[i].outputGradient = dy
      nodes[i].wants = nodes[i].inputs.map(learned.contains)
      emitter.scopes = nodes[i].scopes
      let found = nodes[i].op.backward(nodes[i], &emitter)
      for (input, gradient) in zip(nodes[i].inputs, found) {
        if let gradient { contribute(gradient, to: input) }
      }
    }
    emitter.scopes = []
  }

  private mutating func contribute(_ gradient: Value, to value: Value) {
    guard let other = gradients[value] else {
      gradients[value] = gradient
      return
    }
    let sum = emitter.gradient(of: value)
    emitter.emit(
      "∂ +", [KernelCall(.add, [other, gradient, sum], sizes: [sum.shape.count])],
      [
        InstructionResult(
          sum, "\(emitter.symbol(of: sum)) = sum over its uses",
          .sum([.elements([other]), .elements([gradient])]))
      ])
    gradients[value] = sum
  }

  /// The values through which the loss can change a parameter; no gradient is taken of others.
  private func valuesThatDependOn(_ parameters: [Value]) -> Set<Value> {
    var learned = Set(parameters)
    for node in nodes where node.inputs.contains(where: learned.contains) {
      learned.insert(node.output)
    }
    return learned
  }

  private mutating func emitUpdate(_ optimizer: any UpdateRule, _ parameters: [Value]) {
    emitter.phase = .update
    for parameter in parameters {
      guard let gradient = gradients[parameter] else { continue }
      let layer = emitter.name(of: parameter).split(separator: "/").first.map(String.init)
      emitter.scopes = layer.map { [$0] } ?? []
      optimizer.update(parameter, gradient: gradient, &emitter)
    }
    emitter.scopes = []
  }

  private func finish(
    input: Value, output: Value, parameters: [Value], target: Value? = nil, each: Value? = nil,
    mean: Value? = nil
  ) -> Plan {
    Plan(
      emitter: emitter, input: input, output: output, parameters: parameters, target: target,
      exampleLoss: each, loss: mean, gradients: gradients, mode: graph.mode,
      aliases: graph.aliases)
  }
}
