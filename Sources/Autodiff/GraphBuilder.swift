import Tensors

/// Records what a network computes, op by op; the planner turns it into instructions.
package struct GraphBuilder: Sendable {
  package enum Mode: Hashable, Sendable { case training, inference }

  package private(set) var mode: Mode
  /// Whether nobody has said yet how layers are to work, so that a call within a functional model may.
  package private(set) var isModeOpen: Bool
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
  /// What layers carry from batch to batch, by name.
  package private(set) var carried: [String: CarriedState] = [:]
  /// Where new nodes belong: what the network computes, or how it is judged.
  package private(set) var phase: Phase = .forward
  private var scopes: [String] = []
  /// The scopes without those of further calls: where a layer lies in its network.
  private var path: [String] = []
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

  /// An array that a layer reads, and that is overwritten when the batch is done.
  package struct CarriedState: Sendable {
    /// What outlives the step.
    package let variable: Value
    /// What it is to become; what a further call of the layer begins with.
    package fileprivate(set) var latest: Value
    fileprivate(set) var scopes: [String] = []
  }

  package init(mode: Mode, batchSize: Int = 1, isModeOpen: Bool = false) {
    self.mode = mode
    self.isModeOpen = isModeOpen
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

  /// An array that a layer carries from batch to batch, 0 in the beginning.
  ///
  /// All plans of a network make theirs in the same order: they share the memory.
  package mutating func carriedState(_ name: String, _ symbol: String, _ shape: Shape) -> Value {
    let made = emitter.value(name, symbol, shape, role: .carried)
    carried[name] = CarriedState(variable: made, latest: made)
    return made
  }

  /// What the layer at hand carries under a name below it; nil where this plan carries nothing, or
  /// for another size of batches.
  ///
  /// A layer that is called again goes on where its call before ended; as between batches no
  /// gradient goes that way.
  package mutating func carriedState(_ name: String, rows: Int) -> Value? {
    guard let state = carried[(path + [name]).joined(separator: "/")],
      state.variable.shape.extents.first == rows
    else { return nil }
    guard state.latest != state.variable else { return state.variable }
    let begin = formula(
      "start_" + name, symbol(of: state.variable), .operand(0), [state.latest])
    fix(begin)
    return begin
  }

  /// Says what the layer at hand carries on when the batch is done.
  package mutating func carry(_ name: String, _ value: Value) {
    let name = (path + [name]).joined(separator: "/")
    carried[name]?.latest = value
    carried[name]?.scopes = scopes
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
      : emitter.value(prefix + op.outputName, symbol(ofOutputOf: op, inputs), shape)
    let further = op.furtherOutputs(inputs.map(\.shape)).map {
      emitter.value(prefix + $0.name, $0.symbol, $0.shape)
    }
    nodes.append(
      Node(
        op: op, inputs: inputs, output: output, furtherOutputs: further, scopes: scopes,
        phase: phase))
    return [output] + further
  }

  /// The symbol of what an op makes, another one than those of its inputs: as an equation, `z = z + b`
  /// would say that b is 0.
  ///
  /// Where a bias follows, a product is called by its factors, `z = xW + b`, and else what is made has
  /// a prime: `h′ = h ⊙ m`.
  private mutating func symbol(ofOutputOf op: some Op, _ inputs: [Value]) -> String {
    let taken = inputs.map { emitter.symbol(of: $0) }
    guard taken.contains(op.outputSymbol) else { return op.outputSymbol }
    if op is AddBiasOp, let product = nodes.last(where: { $0.output == inputs[0] }),
      product.inputs.count == 2
    {
      emitter.rename(
        inputs[0], emitter.name(of: inputs[0]),
        symbol: product.inputs.map { emitter.symbol(of: $0) }.joined())
      return op.outputSymbol
    }
    return op.outputSymbol + "′"
  }

  /// Lowers one layer; its output is called `name/output`.
  package mutating func layer(
    _ name: String, _ body: (inout GraphBuilder) -> Value
  ) -> Value {
    layer(name) { [body(&$0)] }[0]
  }

  /// Lowers one layer of any number of outputs, within the layer at hand if there is one; they are
  /// called `name/output`, `name/output_1` ….
  ///
  /// - Parameter isFurtherCall: whether it is a layer at work once more, under a name for that.
  package mutating func layer(
    _ name: String, isFurtherCall: Bool = false, _ body: (inout GraphBuilder) -> [Value]
  ) -> [Value] {
    scopes.append(name)
    if !isFurtherCall { self.path.append(name) }
    let path = scopes.joined(separator: "/")
    let known = emitter.values.count
    let outputs = body(&self)
    scopes.removeLast()
    if !isFurtherCall { self.path.removeLast() }
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
    let before = (mode, isModeOpen)
    if let other { (mode, isModeOpen) = (other, false) }
    defer { (mode, isModeOpen) = before }
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
