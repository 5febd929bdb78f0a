import Tensors

/// Collects the values and instructions of a plan while ops are lowered.
package struct Emitter: Sendable {
  package private(set) var values: [ValueInfo] = []
  package private(set) var instructions: [Instruction] = []
  /// Numbers that never change, by the value that holds them.
  package private(set) var constants: [(value: Value, numbers: [Float])] = []
  /// The number that all of a state is before the first step, where that is not 0.
  package private(set) var beginnings: [(state: Value, number: Float)] = []
  package var phase: Phase = .forward
  package var scopes: [String] = []
  private var stateCount = 0
  private var activationCount = 0
  /// Where kernels have their room to work in, and how long it is: all the same, for one runs after
  /// the other.
  private var room: (offset: Int, count: Int)?
  /// Where gradients lie that are part of a larger one, by what they are the gradients of.
  private var gradientPlaces: [Value: Value] = [:]

  /// The floats that parameters and optimizer state, and all else, take up.
  package var arenaSizes: (state: Int, activations: Int) { (stateCount, activationCount) }

  // MARK: Values

  /// What an optimizer remembers from step to step.
  ///
  /// - Parameter number: what all of it is before the first step.
  package mutating func state(
    _ name: String, _ symbol: String, _ shape: Shape, initially number: Float = 0
  ) -> Value {
    let made = value(name, symbol, shape, role: .optimizerState)
    if number != 0 { beginnings.append((made, number)) }
    return made
  }

  /// A new array of its own.
  package mutating func value(
    _ name: String, _ symbol: String, _ shape: Shape, role: ValueInfo.Role? = nil
  ) -> Value {
    let role = role ?? (phase == .forward ? .activation : phase == .loss ? .loss : .gradient)
    let storage: ValueInfo.Storage
    // Every value starts on a cache line.
    let room = (max(shape.count, 1) + 15) / 16 * 16
    if [.parameter, .optimizerState, .carried].contains(role) {
      storage = .state(offset: stateCount)
      stateCount += room
    } else {
      storage = .activations(offset: activationCount)
      activationCount += room
    }
    return add(
      ValueInfo(name: name, symbol: symbol, shape: shape, role: role, storage: storage))
  }

  /// Numbers that stand in the code and never change.
  package mutating func constant(_ tensor: Tensor, symbol: String = "c") -> Value {
    if let known = constants.first(where: {
      $0.value.shape == tensor.shape && $0.numbers == tensor.scalars
    }) {
      return known.value
    }
    let name = constants.isEmpty ? "constant" : "constant_\(constants.count)"
    let made = value(name, symbol, tensor.shape, role: .input)
    constants.append((made, tensor.scalars))
    return made
  }

  /// An array that is part of another: the numbers of `parent` from `offset` on.
  package mutating func view(
    of parent: Value, offset: Int = 0, _ name: String, _ symbol: String, _ shape: Shape,
    role: ValueInfo.Role? = nil
  ) -> Value {
    let storage = storage(of: shape.count, inside: parent, offset: offset)
    var info = ValueInfo(
      name: name, symbol: symbol, shape: shape, role: role ?? values[parent.id].role,
      storage: storage)
    info.parent = parent.id
    return add(info)
  }

  /// Lets a value lie inside another, from an offset on: the same numbers in the same memory.
  ///
  /// What was the same memory before, as another shape of it, goes along.
  package mutating func place(_ value: Value, inside parent: Value, offset: Int) {
    let before = values[value.id].storage
    let after = storage(of: value.shape.count, inside: parent, offset: offset)
    for i in values.indices where values[i].storage == before { values[i].storage = after }
  }

  private func storage(
    of count: Int, inside parent: Value, offset: Int
  ) -> ValueInfo.Storage {
    precondition(offset >= 0 && offset + count <= parent.shape.count, "a view beyond its value")
    return switch values[parent.id].storage {
    case .state(let start): .state(offset: start + offset)
    case .activations(let start): .activations(offset: start + offset)
    }
  }

  /// Says that the first axis of a value is time and its second the batch.
  package mutating func markTimeMajor(_ value: Value) { values[value.id].isTimeMajor = true }

  /// Says where the gradient of `value` is to lie: in a part of a larger one.
  mutating func placeGradient(of value: Value, in place: Value) { gradientPlaces[value] = place }

  /// An array for the gradient of `value`, named and written after it.
  package mutating func gradient(of value: Value) -> Value {
    if let place = gradientPlaces.removeValue(forKey: value) { return place }
    return self.value(
      name(of: value) + ".grad", "∂L/∂" + symbol(of: value), value.shape, role: .gradient)
  }

  /// Room for a kernel to work in while it runs; what it leaves there means nothing, and the next
  /// kernel works in the same place.
  package mutating func scratch(count: Int) -> Value {
    let name = scopes.joined(separator: "/") + "/scratch"
    guard let room, room.count >= count else {
      let made = value(name, "", [count], role: .scratch)
      if case .activations(let offset) = values[made.id].storage { room = (offset, count) }
      return made
    }
    return add(
      ValueInfo(
        name: name, symbol: "", shape: [count], role: .scratch,
        storage: .activations(offset: room.offset)))
  }

  package func name(of value: Value) -> String { values[value.id].name }
  package func symbol(of value: Value) -> String { values[value.id].symbol }

  package mutating func rename(_ value: Value, _ name: String, symbol: String? = nil) {
    values[value.id].name = name
    if let symbol { values[value.id].symbol = symbol }
  }

  private mutating func add(_ info: ValueInfo) -> Value {
    values.append(info)
    return Value(id: values.count - 1, shape: info.shape)
  }

  // MARK: Instructions

  /// Appends an instruction to the current phase and scope.
  package mutating func emit(
    _ title: String, _ calls: [KernelCall], _ results: [InstructionResult],
    overwrites: [Value] = []
  ) {
    let index = instructions.count
    for result in results where !overwrites.contains(result.value) {
      let first = values[result.value.id].writers?.lowerBound ?? index
      values[result.value.id].writers = first...index
    }
    instructions.append(
      Instruction(
        phase: phase, scopes: scopes, title: title, calls: calls, results: results,
        overwrites: overwrites))
  }

  /// Emits `body` one scope deeper.
  package mutating func within<R>(_ scope: String, _ body: (inout Emitter) -> R) -> R {
    scopes.append(scope)
    defer { scopes.removeLast() }
    return body(&self)
  }

  /// Says that a stacked value is complete once the last of its pieces is.
  package mutating func completes(_ value: Value, pieces: [Value]) {
    let writers = pieces.compactMap { values[$0.id].writers }
    guard let first = writers.map(\.lowerBound).min(), let last = writers.map(\.upperBound).max()
    else { return }
    values[value.id].writers = first...last
  }
}
