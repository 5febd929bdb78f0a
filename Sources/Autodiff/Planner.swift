import Tensors

/// How an optimizer changes parameters: emits the update instructions and names its state.
package protocol UpdateRule: Sendable {
  /// Emits the instructions that overwrite the parameters, making the state they need.
  func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter)
}

/// A parameter and the gradient of the loss by it.
package struct LearnedParameter: Sendable {
  package let parameter: Value
  package let gradient: Value

  package init(parameter: Value, gradient: Value) {
    self.parameter = parameter
    self.gradient = gradient
  }
}

extension Emitter {
  /// Emits `body` in the scopes of the layer that a parameter belongs to.
  package mutating func atParameter<R>(_ parameter: Value, _ body: (inout Emitter) -> R) -> R {
    let outside = scopes
    defer { scopes = outside }
    scopes = name(of: parameter).split(separator: "/").dropLast().prefix(1).map(String.init)
    return body(&self)
  }
}

/// What a plan computes besides the network itself: how its outputs are judged.
package struct Judgment: Sendable {
  /// What the examples should give, one for each output that is judged.
  package var targets: [Value] = []
  /// How much each example counts, one for each of the targets that has weights.
  package var sampleWeights: [Value] = []
  /// Which numbers of each judged output count, in the order of the targets; nil where all do.
  package var masks: [Value?] = []
  /// The loss of each output, unweighted, in the order of the targets.
  package var terms: [Value] = []
  /// The number that is made small.
  package var loss: Value

  package init(loss: Value) { self.loss = loss }
}

/// Turns a graph into a plan: forward in order, loss, backward in reverse, update.
package struct Planner: Sendable {
  private var emitter: Emitter
  private var nodes: [Node]
  private let graph: GraphBuilder
  private var gradients: [Value: Value] = [:]

  /// Plans a graph that computes `outputs` from `inputs`; without a judgment it only predicts.
  ///
  /// What layers carry is overwritten last: no gradient needs it then.
  ///
  /// - Parameters:
  ///   - parameters: every array that outlives a step, learned or not.
  ///   - learned: those that the optimizer changes; all when nil.
  ///   - carries: whether what layers carry is overwritten, so that the next batch goes on from it.
  ///   - averages: whether layers that work as while training keep their moving averages although
  ///     nothing is learned.
  package static func plan(
    _ graph: GraphBuilder, inputs: [Value], outputs: [Value], parameters: [Value],
    learned: [Value]? = nil, judgment: Judgment? = nil, optimizer: (any UpdateRule)? = nil,
    carries: Bool = true, averages: Bool = false
  ) -> Plan {
    var planner = Planner(graph)
    planner.emitForward()
    if let judgment, let optimizer {
      let learned = learned ?? parameters
      planner.emitBackward(judgment.loss, learned)
      planner.emitUpdate(optimizer, learned)
      planner.emitStateUpdates()
    } else if averages {
      planner.emitStateUpdates()
    }
    if carries { planner.emitCarrying() }
    return Plan(
      emitter: planner.emitter, inputs: inputs, outputs: outputs, parameters: parameters,
      judgment: judgment, gradients: planner.gradients, mode: graph.mode, aliases: graph.aliases)
  }

  private init(_ graph: GraphBuilder) {
    self.graph = graph
    emitter = graph.emitter
    nodes = graph.nodes
  }

  private mutating func emitForward() {
    for i in nodes.indices {
      emitter.phase = nodes[i].phase
      emitter.scopes = nodes[i].scopes
      nodes[i].kept = nodes[i].op.forward(
        nodes[i].inputs, outputs: nodes[i].outputs, &emitter)
    }
    emitter.scopes = []
  }

  /// Walks the graph in reverse; where a value was used twice its gradients meet in an addition.
  private mutating func emitBackward(_ loss: Value, _ learnedValues: [Value]) {
    emitter.phase = .backward
    let learned = valuesThatDependOn(learnedValues)
    let judge = nodes.last { $0.output == loss }
    guard learned.contains(loss), let judge else { return }
    if !judge.op.beginsBackward { gradients[loss] = emitOne(for: loss) }
    for i in nodes.indices.reversed() where learned.contains(nodes[i].output) {
      let isLoss = nodes[i].output == loss
      guard isLoss || nodes[i].outputs.contains(where: { gradients[$0] != nil }) else { continue }
      nodes[i].outputGradient = gradients[nodes[i].output]
      nodes[i].furtherGradients = nodes[i].furtherOutputs.map { gradients[$0] }
      nodes[i].wants = nodes[i].inputs.map(learned.contains)
      emitter.scopes = nodes[i].scopes
      let found = nodes[i].op.backward(nodes[i], &emitter)
      for (input, gradient) in zip(nodes[i].inputs, found) {
        if let gradient { contribute(gradient, to: input) }
      }
    }
    emitter.scopes = []
  }

  /// `∂L/∂L = 1`, where backward begins.
  private mutating func emitOne(for loss: Value) -> Value {
    let one = emitter.value("loss.grad", "∂L/∂L", loss.shape, role: .gradient)
    emitter.emitFormulas(
      "∂L/∂L", [(one, .constant(1), "∂L/∂L = 1")], operands: [],
      layout: OperandLayout(rows: 1, columns: 1, modes: []))
    return one
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
      learned.formUnion(node.outputs.filter { !graph.fixedValues.contains($0) })
    }
    return learned
  }

  private mutating func emitUpdate(_ optimizer: any UpdateRule, _ parameters: [Value]) {
    emitter.phase = .update
    optimizer.update(
      parameters.compactMap { parameter in
        gradients[parameter].map { LearnedParameter(parameter: parameter, gradient: $0) }
      }, &emitter)
  }

  private mutating func emitStateUpdates() {
    emitter.phase = .update
    for update in graph.stateUpdates {
      emitter.scopes = update.scopes
      update.emit(&emitter)
    }
    emitter.scopes = []
  }

  /// `h ← h[T − 1]`: the next batch begins where this one ended.
  private mutating func emitCarrying() {
    emitter.phase = .update
    for (_, state) in graph.carried.sorted(by: { $0.value.variable.id < $1.value.variable.id })
    where state.latest != state.variable {
      emitter.scopes = state.scopes
      emitter.emitUpdate(
        [(state.variable, .operand(0))], operands: [state.latest],
        names: [emitter.symbol(of: state.latest)])
    }
    emitter.scopes = []
  }
}
