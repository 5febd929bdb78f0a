import Tensors

/// The instructions of one training step, in order, and the values they pass on.
///
/// A plan never changes after it is made and holds no numbers: executions do. It is an object so that
/// handing it on costs nothing, whatever it holds.
package final class Plan: Sendable {
  package let instructions: [Instruction]
  package let values: [ValueInfo]
  /// The floats that parameters with optimizer state, and all other values, take up.
  package let arenaSizes: (state: Int, activations: Int)
  /// The batches that come in, one for each input of the network.
  package let inputs: [Value]
  package let outputs: [Value]
  /// Every array that outlives a step but for optimizer state, learned or not.
  package let parameters: [Value]
  /// What the examples should give, one for each output that is judged; none in a plan that only
  /// predicts.
  package let targets: [Value]
  /// How much each example counts, for each of the targets that has weights.
  package let sampleWeights: [Value]
  /// Which losses of each judged output count, in the order of the targets; nil where all do.
  package let targetMasks: [Value?]
  /// The loss of each output, before they are weighted and summed.
  package let lossTerms: [Value]
  /// The loss of each example, where one loss judges one output; and what is made small.
  package let exampleLoss: Value?
  package let loss: Value?
  package let gradients: [Value: Value]
  /// Numbers that stand in the code, written once for every execution.
  package let constants: [(value: Value, numbers: [Float])]
  /// The number that all of a state is before the first step, where that is not 0.
  private let beginnings: [(state: Value, number: Float)]
  package let mode: GraphBuilder.Mode
  private let byName: [String: Value]

  package init(
    emitter: Emitter, inputs: [Value], outputs: [Value], parameters: [Value], judgment: Judgment?,
    gradients: [Value: Value], mode: GraphBuilder.Mode, aliases: [String: Value]
  ) {
    instructions = emitter.instructions
    values = emitter.values.map { Self.withWriters($0, in: emitter.values) }
    arenaSizes = emitter.arenaSizes
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    targets = judgment?.targets ?? []
    sampleWeights = judgment?.sampleWeights ?? []
    targetMasks = judgment?.masks ?? []
    lossTerms = judgment?.terms ?? []
    loss = judgment?.loss
    constants = emitter.constants
    beginnings = emitter.beginnings
    self.gradients = gradients
    self.mode = mode
    var names = aliases
    for (id, info) in emitter.values.enumerated() where info.role != .scratch {
      names[info.name] = Value(id: id, shape: info.shape)
    }
    byName = names
    exampleLoss = names["example_loss"]
  }

  /// The first input, for pictures of networks that have one.
  package var input: Value { inputs[0] }
  /// The first output.
  package var output: Value { outputs[0] }
  /// The first target, nil in a plan that only predicts.
  package var target: Value? { targets.first }

  /// A part that no instruction writes by itself is written when the whole is.
  private static func withWriters(_ info: ValueInfo, in values: [ValueInfo]) -> ValueInfo {
    var info = info
    var parent = info.parent
    while info.writers == nil, let whole = parent {
      info.writers = values[whole].writers
      parent = values[whole].parent
    }
    return info
  }

  /// Examples of a batch; 1 in a plan that nothing comes in to.
  package var batchSize: Int { inputs.first?.shape.extents.first ?? 1 }

  package subscript(value: Value) -> ValueInfo { values[value.id] }

  /// The value a debugger expression names: `dense/kernel`, `dense/output.grad`, `loss`.
  package func value(named name: String) -> Value? { byName[name] }

  /// What layers carry from batch to batch, in the order of memory.
  package var carried: [Value] {
    values.indices.filter { values[$0].role == .carried }.map {
      Value(id: $0, shape: values[$0].shape)
    }
  }

  /// Every name that can be asked for, sorted.
  package var names: [String] { byName.keys.sorted() }

  /// New memory for parameters and optimizer state as a run begins with it: parameters are 0 until
  /// they are written.
  package func freshState() -> Arena {
    let arena = Arena(count: arenaSizes.state)
    for (state, number) in beginnings {
      guard case .state(let offset) = self[state].storage else { continue }
      arena.write([Float](repeating: number, count: state.shape.count), at: offset)
    }
    return arena
  }

  /// The instructions of a phase.
  package func range(of phase: Phase) -> Range<Int> {
    let first = instructions.firstIndex { $0.phase >= phase } ?? instructions.count
    let end = instructions.firstIndex { $0.phase > phase } ?? instructions.count
    return first..<end
  }

  /// Whether a value holds this step's numbers when `position` instructions are done.
  package func isKnown(_ value: Value, at position: Int) -> Bool {
    guard let writers = values[value.id].writers else { return true }
    return writers.upperBound < position
  }

  /// The instruction that completes a value.
  package func origin(of value: Value) -> Int? { values[value.id].writers?.upperBound }
}
