import Tensors

/// Records what a network computes, op by op; the planner turns it into instructions.
package struct GraphBuilder: Sendable {
  package enum Mode: Hashable, Sendable { case training, inference }

  package private(set) var mode: Mode
  /// How many examples come at a time.
  package private(set) var batchSize: Int
  package private(set) var nodes: [Node] = []
  package private(set) var emitter = Emitter()
  /// Further names under which the debugger finds a value: a layer that changes nothing has the
  /// output of the layer before it.
  package private(set) var aliases: [String: Value] = [:]
  /// Values that stand for themselves: no gradient is taken through them.
  package private(set) var fixedValues: Set<Value> = []
  /// What is added to the loss besides the judgment of the predictions, by what it comes from.
  package private(set) var penalties: [Penalty] = []
  /// What the update phase does besides the optimizer, in order.
  package private(set) var stateUpdates: [StateUpdate] = []
  /// Where new nodes belong: what the network computes, or how it is judged.
  package private(set) var phase: Phase = .forward
  private var scopes: [String] = []
  private var deferred: [(name: String, value: @Sendable (inout GraphBuilder) -> Value)] = []

  /// A single number that is added to the loss.
  package struct Penalty: Sendable {
    package let name: String
    package let value: Value
  }

  /// A change of state that no gradient drives, as the running mean of a normalization.
  package struct StateUpdate: Sendable {
    let scopes: [String]
    let emit: @Sendable (inout Emitter) -> Void
  }

  package init(mode: Mode, batchSize: Int = 1) {
    self.mode = mode
    self.batchSize = batchSize
  }

  /// A batch that comes in.
  package mutating func input(_ name: String, _ symbol: String, _ shape: Shape) -> Value {
    emitter.value(name, symbol, shape, role: .input)
  }

  /// What the examples of a batch should give, or how much each counts.
  package mutating func target(_ name: String, _ symbol: String, _ shape: Shape) -> Value {
    emitter.value(name, symbol, shape, role: .target)
  }

  package func name(of value: Value) -> String { emitter.name(of: value) }
  package func symbol(of value: Value) -> String { emitter.symbol(of: value) }

  package mutating func rename(_ value: Value, _ name: String, symbol: String? = nil) {
    emitter.rename(value, name, symbol: symbol)
  }

  /// Lets no gradient go through a value, as through a mask: it says which numbers count, not how
  /// much.
  package mutating func fix(_ value: Value) { fixedValues.insert(value) }

  /// Begins the part of the graph that judges what the network computed.
  package mutating func beginLoss() {
    phase = .loss
    emitter.phase = .loss
  }

  /// Numbers that stand in the code and never change.
  ///
  /// - Parameter symbol: what formulas call them.
  package mutating func constant(_ tensor: Tensor, symbol: String = "c") -> Value {
    emitter.constant(tensor, symbol: symbol)
  }

  /// Computes what was put off until the judging begins.
  package mutating func computePenalties() {
    precondition(phase == .loss, "penalties are part of the loss")
    for deferred in deferred { addPenalty(deferred.name, deferred.value(&self)) }
    deferred = []
  }

  /// Adds a single number to the loss that is computed when the judging begins.
  package mutating func deferPenalty(
    _ name: String, _ value: @escaping @Sendable (inout GraphBuilder) -> Value
  ) {
    deferred.append((name, value))
  }

  /// Adds a single number to the loss.
  package mutating func addPenalty(_ name: String, _ value: Value) {
    precondition(value.shape.count == 1, "a penalty is one number")
    penalties.append(Penalty(name: name, value: value))
  }

  /// Lets the update phase change state by what `emit` says, in training only.
  package mutating func update(_ emit: @escaping @Sendable (inout Emitter) -> Void) {
    guard mode == .training else { return }
    stateUpdates.append(StateUpdate(scopes: scopes, emit: emit))
  }

  /// An array that is learned.
  package mutating func parameter(_ name: String, _ symbol: String, _ shape: Shape) -> Value {
    emitter.value(name, symbol, shape, role: .parameter)
  }

  /// Applies an op of one output within the current layer.
  package mutating func apply(_ op: some Op, to inputs: [Value]) -> Value {
    applyGivingAll(op, to: inputs)[0]
  }

  /// Applies an op of any number of outputs within the current layer.
  package mutating func applyGivingAll(_ op: some Op, to inputs: [Value]) -> [Value] {
    let prefix = scopes.isEmpty ? "" : scopes.joined(separator: "/") + "/"
    let shape = op.outputShape(inputs.map(\.shape))
    let output =
      op.sharesInput
      ? emitter.view(of: inputs[0], prefix + op.outputName, emitter.symbol(of: inputs[0]), shape)
      : emitter.value(prefix + op.outputName, op.outputSymbol, shape)
    let further = op.furtherOutputs(inputs.map(\.shape)).map {
      emitter.value(prefix + $0.name, $0.symbol, $0.shape)
    }
    nodes.append(
      Node(
        op: op, inputs: inputs, output: output, furtherOutputs: further, scopes: scopes,
        phase: phase))
    return [output] + further
  }

  /// Lowers one layer; its output is called `name/output`.
  package mutating func layer(
    _ name: String, _ body: (inout GraphBuilder) -> Value
  ) -> Value {
    layer(name) { [body(&$0)] }[0]
  }

  /// Lowers one layer of any number of outputs, within the layer at hand if there is one; they are
  /// called `name/output`, `name/output_1` ….
  package mutating func layer(
    _ name: String, _ body: (inout GraphBuilder) -> [Value]
  ) -> [Value] {
    scopes.append(name)
    let path = scopes.joined(separator: "/")
    let known = emitter.values.count
    let outputs = body(&self)
    scopes.removeLast()
    for (i, output) in outputs.enumerated() {
      let name = path + (i == 0 ? "/output" : "/output_\(i)")
      if output.id >= known && !emitter.name(of: output).hasSuffix("/output") {
        emitter.rename(output, name)
      } else {
        aliases[name] = output
      }
    }
    return outputs
  }

  /// Lowers a part as in another mode, as `layer(x, training=False)` asks; as in this one when nil.
  package mutating func working<R>(
    in other: Mode?, _ body: (inout GraphBuilder) -> R
  ) -> R {
    let before = mode
    mode = other ?? before
    defer { mode = before }
    return body(&self)
  }

  /// Lowers what works on other batches than the network's, as on every time step of each example.
  package mutating func batches<R>(of size: Int, _ body: (inout GraphBuilder) -> R) -> R {
    let outside = batchSize
    batchSize = size
    defer { batchSize = outside }
    return body(&self)
  }

  /// The layer being lowered, for random numbers keyed by its name.
  package var layerName: String { scopes.joined(separator: "/") }
}
