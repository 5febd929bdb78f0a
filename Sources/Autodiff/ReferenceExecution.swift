import Tensors

/// Runs a plan on the plain-Swift twins of the kernels, in the precision one asks for.
///
/// It starts from the numbers an execution has now: same parameters, same batch, same masks.
package struct ReferenceExecution<Scalar: ReferenceScalar> {
  package let plan: Plan
  private let environment: StepEnvironment
  private var state: [Scalar]
  private var activations: [Scalar]

  /// - Precondition: `execution` stands before its update phase, else the parameters are new ones.
  package init(_ execution: Execution) {
    plan = execution.plan
    environment = execution.stepEnvironment
    state = [Scalar](repeating: 0, count: plan.arenaSizes.state)
    activations = [Scalar](repeating: 0, count: plan.arenaSizes.activations)
    let given: Set<ValueInfo.Role> = [
      .input, .target, .parameter, .optimizerState, .carried,
    ]
    for (id, info) in plan.values.enumerated() where given.contains(info.role) {
      let value = Value(id: id, shape: info.shape)
      for (i, number) in execution.numbers(of: value).enumerated() {
        self[value, i] = Scalar(number)
      }
    }
  }

  /// Begins with every number that an execution of a like plan holds now, made by the step or not:
  /// what one instruction makes of them can then be seen by itself.
  package init(_ execution: Execution, as plan: Plan) {
    self.plan = plan
    environment = execution.stepEnvironment
    state = [Scalar](repeating: 0, count: plan.arenaSizes.state)
    activations = [Scalar](repeating: 0, count: plan.arenaSizes.activations)
    for (id, info) in plan.values.enumerated() {
      let value = Value(id: id, shape: info.shape)
      for (i, number) in execution.numbers(of: value).enumerated() {
        self[value, i] = Scalar(number)
      }
    }
  }

  package subscript(value: Value, offset: Int) -> Scalar {
    get {
      switch plan[value].storage {
      case .state(let start): state[start + offset]
      case .activations(let start): activations[start + offset]
      }
    }
    set {
      switch plan[value].storage {
      case .state(let start): state[start + offset] = newValue
      case .activations(let start): activations[start + offset] = newValue
      }
    }
  }

  /// Runs instructions of the plan.
  package mutating func run(_ range: Range<Int>) {
    state.withUnsafeMutableBufferPointer { state in
      activations.withUnsafeMutableBufferPointer { activations in
        for instruction in plan.instructions[range] {
          for call in instruction.calls {
            let buffers = call.buffers.map { slice in
              slice.flatMap { slice -> UnsafeMutablePointer<Scalar>? in
                switch plan[slice.value].storage {
                case .state(let start): state.baseAddress.map { $0 + start + slice.offset }
                case .activations(let start):
                  activations.baseAddress.map { $0 + start + slice.offset }
                }
              }
            }
            Scalar.run(
              call.kernel,
              ReferenceCall(
                buffers: buffers, sizes: call.sizes, constants: call.constants, key: call.key,
                environment: environment, program: call.program))
          }
        }
      }
    }
  }
}
