import CKernels
import Tensors

/// A phase at full speed.
private final class PhaseRun {
  enum Item {
    case calls(Range<Int>)
    case pieces(PieceRunner)
  }

  let instructions: Range<Int>
  var items: [Item] = []
  /// The number of threads that the items were made for; 0 before they are made.
  var threads = 0

  init(instructions: Range<Int>) { self.instructions = instructions }
}

/// Runs a plan, forwards and backwards, on memory of its own and parameters that it shares.
///
/// Forward, loss and backward instructions write buffers of their own, so going back over them only
/// moves the position. Instructions of the update phase overwrite; while one steps they save the
/// old numbers first, at full speed they do not. Both ways run the very same kernel calls.
package final class Execution {
  package let plan: Plan
  /// Parameters and optimizer state; several executions (batch sizes) may share one.
  package let state: Arena
  private let activations: Arena
  /// The number of instructions done in this step.
  package private(set) var position = 0

  private let calls: UnsafeMutablePointer<bs_call>
  private let functions: UnsafeMutableBufferPointer<bs_kernel>
  /// Where each value of the plan begins.
  private let addresses: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  /// The learned parameters with their gradients: where they lie, how many numbers they have.
  let learned: UnsafeMutableBufferPointer<LearnedMemory>
  let learnedCount: Int
  /// The first output beside what it should be: numbers of a row each; nil where nothing is judged.
  let judged:
    (prediction: UnsafeMutablePointer<Float>, target: UnsafeMutablePointer<Float>, width: Int)?
  let outputRows: Int
  /// The calls of each instruction.
  private let ranges: [Range<Int>]
  private let environment: UnsafeMutablePointer<bs_env>
  private let programs: [Program: ProgramMemory]
  /// How each phase is run at full speed; made when that is first needed, and anew for another
  /// number of threads.
  private let phases: [PhaseRun]
  private var saved: [(instruction: Int, numbers: [[Float]])] = []
  /// Where values lie that share memory; nil where each has its own.
  private let packed: PackedMemory?

  /// - Parameters:
  ///   - state: parameters and optimizer state, when others work on them too.
  ///   - packed: where values lie that share memory. Such an execution runs whole steps only, and
  ///     knows afterwards what is asked of every step: outputs, losses, gradients of parameters.
  package init(_ plan: Plan, state: Arena? = nil, packed: PackedMemory? = nil) {
    self.plan = plan
    self.packed = packed
    let state = state ?? plan.freshState()
    precondition(state.count >= plan.arenaSizes.state, "the state of another plan")
    self.state = state
    activations = Arena(count: packed?.count ?? plan.arenaSizes.activations)
    addresses = .allocate(capacity: max(plan.values.count, 1))
    for (i, info) in plan.values.enumerated() {
      let address =
        switch info.storage {
        case .state(let offset): state.base + offset
        case .activations(let offset): activations.base + (packed?.offsets[i] ?? offset)
        }
      (addresses + i).initialize(to: address)
    }
    let pairs = plan.parameters.compactMap { weight in plan.gradients[weight].map { (weight, $0) } }
    learned = .allocate(capacity: pairs.count)
    for (i, (weight, gradient)) in pairs.enumerated() {
      learned.initializeElement(
        at: i,
        to: LearnedMemory(
          weight: addresses[weight.id], gradient: addresses[gradient.id],
          count: weight.shape.count))
    }
    learnedCount = pairs.reduce(0) { $0 + $1.0.shape.count }
    outputRows = plan.outputs.first?.shape.rows ?? 0
    judged = plan.target.map { [addresses] in
      (addresses[plan.output.id], addresses[$0.id], plan.output.shape.last)
    }
    environment = .allocate(capacity: 1)
    environment.initialize(to: bs_env(seed: 0, step: 0, learning_rate: 0))

    let all = plan.instructions.flatMap(\.calls)
    programs = Dictionary(
      Set(all.compactMap(\.program)).map { ($0, ProgramMemory($0)) },
      uniquingKeysWith: { a, _ in a })
    calls = .allocate(capacity: max(all.count, 1))
    functions = .allocate(capacity: all.count)
    _ = functions.initialize(from: all.map { $0.kernel.function })
    var end = 0
    ranges = plan.instructions.map { instruction in
      defer { end += instruction.calls.count }
      return end..<end + instruction.calls.count
    }
    phases = Phase.allCases.map { PhaseRun(instructions: plan.range(of: $0)) }
    for (i, call) in all.enumerated() { (calls + i).initialize(to: bind(call)) }
    if let packed { joinCalls(all, packed) }
    for constant in plan.constants { write(constant.numbers, to: constant.value) }
  }

  deinit {
    calls.deallocate()
    functions.deallocate()
    environment.deallocate()
    addresses.deallocate()
    learned.deallocate()
  }

  private func bind(_ call: KernelCall) -> bs_call {
    precondition(call.buffers.count <= 8 && call.sizes.count <= 20 && call.constants.count <= 6)
    var bound = bs_call()
    bound.key = call.key
    bound.env = UnsafePointer(environment)
    bound.program = call.program.flatMap { programs[$0]?.pointer }
    withUnsafeMutableBytes(of: &bound.p) { bytes in
      let pointers = bytes.bindMemory(to: UnsafeMutablePointer<Float>?.self)
      for (i, slice) in call.buffers.enumerated() {
        pointers[i] = slice.map { address(of: $0.value) + $0.offset }
      }
    }
    withUnsafeMutableBytes(of: &bound.n) { bytes in
      let sizes = bytes.bindMemory(to: Int64.self)
      for (i, size) in call.sizes.enumerated() { sizes[i] = Int64(size) }
    }
    withUnsafeMutableBytes(of: &bound.f) { bytes in
      let constants = bytes.bindMemory(to: Float.self)
      for (i, constant) in call.constants.enumerated() { constants[i] = Float(constant) }
    }
    return bound
  }

  /// Lets one call do the work of two where the numbers that go between them are written over at once:
  /// a bias and the function of the sum; the gradient of a max pooling and that of the relu below it.
  private func joinCalls(_ all: [KernelCall], _ packed: PackedMemory) {
    for i in all.indices.dropLast() {
      let (first, next) = (calls[i], calls[i + 1])
      if let both = packed.joined[i] {
        calls[i] = bind(both)
      } else if all[i].isBias(under: all[i + 1]), next.p.0 == first.p.2, next.p.1 == first.p.2 {
        calls[i].n.4 = next.n.0
      } else {
        continue
      }
      functions[i + 1] = { _ in }
    }
  }

  private func address(of value: Value) -> UnsafeMutablePointer<Float> { addresses[value.id] }

  /// The same of a value that is there when a step is over.
  private func ownAddress(of value: Value) -> UnsafeMutablePointer<Float> {
    precondition(isKept(value), "\(plan[value].name) shares its memory")
    return address(of: value)
  }

  /// Whether a value has memory of its own, so that it can be looked at.
  package func isKept(_ value: Value) -> Bool { packed?.isKept[value.id] ?? true }

  /// Whether every value has memory of its own: else only whole steps can be run.
  package var keepsAll: Bool { packed == nil }

  // MARK: Moving

  /// Begins a step: nothing of it is known yet. The batch is written by `write` or `withNumbers`.
  package func begin(seed: UInt64, step: Int, learningRate: Float) {
    position = 0
    saved.removeAll(keepingCapacity: true)
    environment.pointee = bs_env(seed: seed, step: Int64(step), learning_rate: learningRate)
  }

  package var isDone: Bool { position == plan.instructions.count }

  /// Runs the rest of the step at full speed. What is overwritten is not saved, so one cannot step
  /// back into it.
  package func run() {
    run(to: plan.instructions.count)
    saved.removeAll(keepingCapacity: true)
  }

  /// Runs to the end of a phase at full speed, for measuring how long each takes. Between phases the
  /// step counts as begun and cannot be gone back in.
  package func run(through phase: Phase) {
    run(to: max(position, plan.range(of: phase).upperBound))
    saved.removeAll(keepingCapacity: true)
  }

  /// Runs at full speed until so many instructions of the step are done; what is overwritten is not
  /// saved.
  package func run(upTo count: Int) {
    run(to: max(position, min(count, plan.instructions.count)))
    saved.removeAll(keepingCapacity: true)
  }

  /// Runs up to an instruction without saving: whole phases by the schedule, else call by call.
  private func run(to end: Int) {
    // By number: an iterator over objects takes memory where code is not optimized.
    for i in phases.indices {
      let phase = phases[i]
      let instructions = phase.instructions
      guard position < end, instructions.contains(position) else { continue }
      let next = min(end, instructions.upperBound)
      precondition(packed == nil || next == instructions.upperBound, "values are shared in a phase")
      if position == instructions.lowerBound, next == instructions.upperBound {
        run(phase)
      } else {
        run(ranges[position].lowerBound..<ranges[next - 1].upperBound)
      }
      position = next
    }
  }

  private func run(_ range: Range<Int>) {
    for i in range { functions[i](calls + i) }
  }

  private func run(_ phase: PhaseRun) {
    let threads = Int(bs_threads())
    if phase.threads != threads {
      phase.items = bound(Schedule.items(of: phase.instructions, in: plan), threads)
      phase.threads = threads
    }
    for i in phase.items.indices {
      switch phase.items[i] {
      case .calls(let range): run(range)
      case .pieces(let pieces): pieces.run()
      }
    }
  }

  /// Binds what is to be done to memory; calls that follow each other are one item.
  private func bound(_ items: [Schedule.Item], _ threads: Int) -> [PhaseRun.Item] {
    var done: [PhaseRun.Item] = []
    func add(_ index: Int) {
      if case .calls(let range)? = done.last, range.upperBound == index {
        done[done.count - 1] = .calls(range.lowerBound..<index + 1)
      } else {
        done.append(.calls(index..<index + 1))
      }
    }
    for item in items {
      switch item {
      case .whole(let index): add(index)
      case .pieces(let chain):
        if PieceRunner.pays(chain, batch: plan.batchSize, threads: threads) {
          done.append(
            .pieces(
              PieceRunner(
                chain, whole: calls, functions: functions, batch: plan.batchSize, threads: threads))
          )
        } else {
          for call in chain.calls { add(call.index) }
        }
      }
    }
    return done
  }

  /// Does the next instruction, saving what it overwrites.
  package func advance() {
    precondition(!isDone, "the step is done")
    precondition(keepsAll, "values share memory")
    let overwritten = plan.instructions[position].overwrites
    if !overwritten.isEmpty {
      saved.append((position, overwritten.map { numbers(of: $0) }))
    }
    run(to: position + 1)
  }

  /// Takes the last instruction back: every number is as it was before it.
  package func retreat() {
    precondition(position > 0, "the step has not begun")
    let instruction = plan.instructions[position - 1]
    if !instruction.overwrites.isEmpty {
      guard let last = saved.popLast(), last.instruction == position - 1 else {
        preconditionFailure("this step ran at full speed; restore a checkpoint instead")
      }
      for (value, numbers) in zip(instruction.overwrites, last.numbers) {
        write(numbers, to: value)
      }
    }
    position -= 1
  }

  /// Whether the last instruction can be taken back without a checkpoint.
  package var canRetreat: Bool {
    guard position > 0 else { return false }
    let overwrites = plan.instructions[position - 1].overwrites
    return overwrites.isEmpty || saved.last?.instruction == position - 1
  }

  /// What the instruction just done overwrote, as it was before it; empty when that was not saved.
  package func before(_ instruction: Instruction) -> [Value: [Float]] {
    guard let last = saved.last, last.instruction == position - 1, !instruction.overwrites.isEmpty
    else { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(instruction.overwrites, last.numbers))
  }

  /// A number as it was when `count` instructions of the step were done, as far as what later ones
  /// overwrote was saved.
  package func number(_ value: Value, at offset: Int, after count: Int) -> Float {
    guard case .state(let start) = plan[value].storage else { return number(value, at: offset) }
    // A matrix is often a weight in another shape: the place in memory tells.
    let place = start + offset
    for (instruction, numbers) in saved where instruction >= count {
      for (i, overwritten) in plan.instructions[instruction].overwrites.enumerated() {
        if case .state(let first) = plan[overwritten].storage, place >= first,
          place < first + numbers[i].count
        {
          return numbers[i][place - first]
        }
      }
    }
    return number(value, at: offset)
  }

  /// The numbers of a value as they were when `count` instructions of the step were done, as far as
  /// what later ones overwrote was saved.
  package func numbers(of value: Value, after count: Int) -> [Float] {
    for (instruction, numbers) in saved where instruction >= count {
      if let i = plan.instructions[instruction].overwrites.firstIndex(of: value) {
        return numbers[i]
      }
    }
    return numbers(of: value)
  }

  // MARK: Numbers

  /// The numbers of a value, known yet or not.
  package func numbers(of value: Value) -> [Float] {
    Array(UnsafeBufferPointer(start: ownAddress(of: value), count: value.shape.count))
  }

  /// The numbers of a value in its shape, known yet or not.
  package func tensor(_ value: Value) -> Tensor {
    Tensor(shape: value.shape, scalars: numbers(of: value))
  }

  /// One number by its row-major position.
  package func number(_ value: Value, at offset: Int) -> Float {
    precondition(offset >= 0 && offset < value.shape.count, "no element \(offset)")
    return ownAddress(of: value)[offset]
  }

  /// Whether a value holds this step's numbers at the position.
  package func isKnown(_ value: Value) -> Bool { plan.isKnown(value, at: position) }

  /// Fills a value: one number for each element, row-major.
  package func write(_ numbers: [Float], to value: Value) {
    precondition(numbers.count == value.shape.count, "\(numbers.count) for \(value.shape)")
    withNumbers(of: value) { _ = $0.update(fromContentsOf: numbers) }
  }

  /// Fills a value with consecutive rows of an array.
  package func write(rows: Range<Int>, of array: Tensor, to value: Value) {
    let width = rowWidth(of: array, filling: value, with: rows.count)
    precondition(rows.lowerBound >= 0 && rows.upperBound * width <= array.scalars.count)
    array.scalars.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      ownAddress(of: value).update(
        from: source + rows.lowerBound * width, count: rows.count * width)
    }
  }

  /// The same of rows in any order.
  package func write(rows: ArraySlice<Int>, of array: Tensor, to value: Value) {
    let width = rowWidth(of: array, filling: value, with: rows.count)
    array.scalars.withUnsafeBufferPointer { source in
      rows.withUnsafeBufferPointer { rows in
        guard let source = source.baseAddress, let first = rows.baseAddress else { return }
        bs_gather_rows(
          ownAddress(of: value), source, first, Int64(rows.count), Int64(width))
      }
    }
  }

  private func rowWidth(of array: Tensor, filling value: Value, with rows: Int) -> Int {
    let width = array.scalars.count / max(1, array.shape[0])
    precondition(rows * width <= value.shape.count, "\(rows) rows of \(width) for \(value.shape)")
    return width
  }

  /// Direct access to a value's memory, for filling a batch without copies.
  package func withNumbers<R>(
    of value: Value, _ body: (UnsafeMutableBufferPointer<Float>) -> R
  ) -> R {
    body(UnsafeMutableBufferPointer(start: ownAddress(of: value), count: value.shape.count))
  }

  /// What the environment says: seed, step, learning rate.
  package var stepEnvironment: StepEnvironment {
    StepEnvironment(
      seed: environment.pointee.seed, step: Int(environment.pointee.step),
      learningRate: Double(environment.pointee.learning_rate))
  }

  /// A hash of every number written in this step up to the position, and of all state.
  package func digest() -> Digest {
    precondition(keepsAll, "values share memory")
    var digest = Digest()
    digest.add(UInt64(bitPattern: environment.pointee.step))
    digest.add(UInt64(position))
    for instruction in plan.instructions[..<position] {
      for result in instruction.results {
        digest.add(address(of: result.value), count: result.value.shape.count)
      }
    }
    digest.add(state.base, count: plan.arenaSizes.state)
    return digest
  }
}
