import Tensors

/// The instructions of one training step, in order, and the values they pass on.
///
/// A plan never changes after it is made and holds no numbers: executions do.
package struct Plan: Sendable {
  package let instructions: [Instruction]
  package let values: [ValueInfo]
  /// The floats that parameters with optimizer state, and all other values, take up.
  package let arenaSizes: (state: Int, activations: Int)
  package let input: Value
  package let output: Value
  package let parameters: [Value]
  /// What the examples should give; nil in a plan that only predicts.
  package let target: Value?
  /// The loss of each example, and their mean.
  package let exampleLoss: Value?
  package let loss: Value?
  package let gradients: [Value: Value]
  package let mode: GraphBuilder.Mode
  private let byName: [String: Value]

  package init(
    emitter: Emitter, input: Value, output: Value, parameters: [Value], target: Value?,
    exampleLoss: Value?, loss: Value?, gradients: [Value: Value], mode: GraphBuilder.Mode,
    aliases: [String: Value]
  ) {
    instructions = emitter.instructions
    values = emitter.values.map { Self.withWriters($0, in: emitter.values) }
    arenaSizes = emitter.arenaSizes
    self.input = input
    self.output = output
    self.parameters = parameters
    self.target = target
    self.exampleLoss = exampleLoss
    self.loss = loss
    self.gradients = gradients
    self.mode = mode
    var names = aliases
    for (id, info) in emitter.values.enumerated() where info.role != .scratch {
      names[info.name] = Value(id: id, shape: info.shape)
    }
    byName = names
  }

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

  package var batchSize: Int { input.shape[0] }

  package subscript(value: Value) -> ValueInfo { values[value.id] }

  /// The value a debugger expression names: `dense/kernel`, `dense/output.grad`, `loss`.
  package func value(named name: String) -> Value? { byName[name] }

  /// Every name that can be asked for, sorted.
  package var names: [String] { byName.keys.sorted() }

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
