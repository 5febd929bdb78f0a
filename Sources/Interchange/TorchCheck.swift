import Autodiff
import FileFormats
import NeuralNets
import Tensors
import Training

/// A training step as a script of PyTorch: forward op by op, backward by autograd, the update by
/// torch.optim, each compared with the lab's numbers.
struct TorchCheck {
  private let step: RecordedStep
  private let lowered: Network.Lowered
  private var names = PythonNames(taken: torchNames)
  private var lines: [String] = []
  /// The lab's numbers that the script reads, under their keys.
  private var arrays: [(name: String, tensor: Tensor)] = []
  private var keys: [String: Value] = [:]
  private var skippedForward = 0
  private var skippedUpdates = 0

  init(_ step: RecordedStep) throws(ExportFailure) {
    self.step = step
    lowered = step.network.lowered(
      batchSize: step.plan.batchSize, for: .training, weighting: step.plan.weighting)
    addStart()
    lines += ["", "# Forward, and the loss."]
    for node in lowered.graph.nodes { add(node) }
    addBackward()
    addUpdates()
  }

  func script(title: String, layers: String, check: String) -> String {
    let environment = step.environment
    let skipped = [
      (skippedForward, "ops not expressed in PyTorch"),
      (skippedUpdates, "update instructions that torch.optim has no equal of"),
    ].filter { $0.0 > 0 }.map { "; skipped: \($0.0) \($0.1)" }.joined()
    return """
      \"\"\"\(PythonText.docstring(title)), computed again by PyTorch.

      Needs torch, and the .safetensors with the lab's numbers beside it. What forward makes is
      compared op by op, then autograd's gradients, then the update of torch.optim; the first number
      that differs ends the script with status 1.
      \"\"\"

      \(layers)

      \(check)

      torch.set_default_dtype(torch.float64)
      learning_rate = \(PythonText.number(environment.learningRate))
      update = \(environment.step + 1)

      \(lines.joined(separator: "\n"))

      more = f"; {skipped} gradients that nothing passes through" if skipped else ""
      print(f"all {compared} values agree\(skipped){more}")

      """
  }

  func file() throws(FileFailure) -> [UInt8] {
    try Safetensors(entries: arrays.map { .init(name: $0.name, tensor: $0.tensor) }).bytes()
  }

  // MARK: What is there before

  private mutating func key(_ key: String, _ value: Value, _ numbers: [Float]) -> String {
    // Several values may have one name.
    var unique = key
    while let known = keys[unique], known != value { unique += "'" }
    if keys.updateValue(value, forKey: unique) == nil {
      arrays.append((unique, Tensor(shape: value.shape, scalars: numbers)))
    }
    return PythonText.quoted(unique)
  }

  private mutating func name(_ value: Value) -> String {
    names.name(value.id, for: step.plan[value].name)
  }

  private mutating func addStart() {
    lines.append("# Examples and weights.")
    for (value, numbers) in step.start where step.plan[value].role != .optimizerState {
      let shape = PythonText.tuple(value.shape.extents)
      let isLearned = step.plan.gradients[value] != nil && step.plan[value].role == .parameter
      let key = key("start:" + step.plan[value].name, value, numbers)
      lines.append("\(name(value)) = \(isLearned ? "weight" : "given")(\(key), \(shape))")
    }
  }

  // MARK: Forward

  private mutating func add(_ node: Node) {
    var spelled: [Value: String] = [:]
    for value in node.inputs { spelled[value] = name(value) }
    let drawn = drawn(node)
    let emitter = TorchEmitter(
      name: { spelled[$0] ?? "" }, extent: { "\($0)" }, drawn: { _ in drawn })
    let outputs = node.outputs
    guard let text = emitter.expression(node) else {
      skippedForward += 1
      for output in outputs where step.numbers(of: output) != nil {
        lines.append("\(name(output)) = \(given(output))  # not expressed in PyTorch")
      }
      return
    }
    lines.append("\(outputs.map { name($0) }.joined(separator: ", ")) = \(text)")
    for output in outputs {
      guard let numbers = step.numbers(of: output) else { continue }
      let title = step.plan[output].name
      let key = key(title, output, numbers)
      let isFixed = lowered.graph.fixedValues.contains(output)
      lines.append(
        "\(name(output)) = agree(\(key), \(PythonText.quoted(title)), \(name(output)))"
          + (isFixed ? ".detach()" : ""))
    }
  }

  private mutating func given(_ value: Value) -> String {
    guard let numbers = step.numbers(of: value) else { return "None" }
    let key = key(step.plan[value].name, value, numbers)
    return "given(\(key), \(PythonText.tuple(value.shape.extents)))"
  }

  /// What chance gave the lab: a mask, draws.
  private mutating func drawn(_ node: Node) -> [String]? {
    switch node.op {
    case is RandomOp, is AffineTransformOp: return [given(node.output)]
    case is DropoutOp:
      guard let mask = mask(besides: node.output) else { return nil }
      return [given(mask)]
    case is AttentionOp:
      let path = node.scopes.joined(separator: "/")
      let heads = (0..<node.output.shape[0]).compactMap {
        step.plan.value(named: "\(path)/head_\($0)/mask")
      }
      guard !heads.isEmpty else { return nil }
      return ["torch.stack([\(heads.map { given($0) }.joined(separator: ", "))])"]
    default: return nil
    }
  }

  /// The mask that the instruction draws which makes a value.
  private func mask(besides value: Value) -> Value? {
    for instruction in step.plan.instructions
    where instruction.results.contains(where: { $0.value == value }) {
      for result in instruction.results {
        if case .dropoutMask = result.rule { return result.value }
      }
    }
    return nil
  }

  // MARK: Backward

  private mutating func addBackward() {
    guard let loss = step.plan.loss else { return }
    let made = Set(lowered.graph.nodes.flatMap(\.outputs) + step.plan.parameters)
    var compared: [(value: Value, gradient: Value, numbers: [Float])] = []
    for (value, gradient) in step.plan.gradients.sorted(by: { $0.key.id > $1.key.id })
    where made.contains(value) && value != loss {
      if let numbers = step.numbers(of: gradient) { compared.append((value, gradient, numbers)) }
    }
    let largest = compared.flatMap(\.numbers).filter(\.isFinite).reduce(0) {
      max($0, $1.magnitude)
    }
    lines += [
      "", "# Backward, by autograd.", "\(name(loss)).sum().backward()",
      "largest_gradient = \(PythonText.number(Double(largest)))",
    ]
    for (value, gradient, numbers) in compared {
      let title = step.plan[gradient].name
      let key = key("gradient:" + title, gradient, numbers)
      lines.append("agree_gradient(\(key), \(PythonText.quoted(title)), \(name(value)))")
    }
  }

  // MARK: Update

  private mutating func addUpdates() {
    lines += ["", "# The update, by torch.optim."]
    for (i, instruction) in step.plan.instructions.enumerated() where instruction.phase == .update {
      guard let result = instruction.results.first(where: { isUpdate($0.rule) }) else {
        if !instruction.overwrites.isEmpty { skippedUpdates += 1 }
        continue
      }
      addUpdate(result, i)
    }
  }

  private func isUpdate(_ rule: CellRule) -> Bool {
    switch rule {
    case .sgd, .adam: true
    default: false
    }
  }

  private mutating func addUpdate(_ result: InstructionResult, _ index: Int) {
    let plan = step.plan
    let weight = result.value
    guard let made = step.results[index].first(where: { $0.value == weight })?.numbers,
      let before = before(weight, index)
    else { return }
    var optimizer = "None"
    var state: [String] = []
    var gradient = weight
    switch result.rule {
    case .sgd(_, let g, let velocity, let momentum, let nesterov):
      gradient = g
      optimizer =
        "lambda p: torch.optim.SGD(p, learning_rate, momentum=\(momentum), "
        + "nesterov=\(PythonText.truth(nesterov)))"
      // PyTorch's velocity is one of gradients, Keras's of steps.
      if let velocity, let numbers = step.startNumbers(of: velocity), momentum > 0 {
        let key = key("start:" + plan[velocity].name, velocity, numbers)
        state = ["momentum_buffer=lab[\(key)] / -learning_rate"]
      }
    case .adam(_, let g, let m, let v, let beta1, let beta2, let epsilon):
      gradient = g
      optimizer =
        "lambda p: torch.optim.Adam(p, learning_rate, (\(beta1), \(beta2)), "
        // PyTorch divides √v by √(1 − β₂ᵗ) before it adds ε, Keras after.
        + "\(PythonText.number(epsilon)) / (1 - \(beta2)**update) ** 0.5)"
      state = ["step=torch.tensor(float(update - 1))"]
      for (name, value) in [("exp_avg", m), ("exp_avg_sq", v)] {
        guard let numbers = step.startNumbers(of: value) else { continue }
        state.append("\(name)=lab[\(key("start:" + plan[value].name, value, numbers))]")
      }
    default: return
    }
    guard let slope = step.numbers(of: gradient) else { return }
    let keys = [
      key("update:" + plan[weight].name, weight, made),
      key("before \(index + 1):" + plan[weight].name, weight, before),
      key("gradient:" + plan[gradient].name, gradient, slope),
    ]
    lines.append(
      "agree_update(\(PythonText.quoted(plan[weight].name)), \(optimizer), "
        + "\(PythonText.tuple(weight.shape.extents)), \(keys.joined(separator: ", ")), "
        + "dict(\(state.joined(separator: ", "))))")
  }

  /// The numbers of a weight before an instruction of the update.
  private func before(_ value: Value, _ index: Int) -> [Float]? {
    for made in step.results[..<index].reversed() {
      if let found = made.first(where: { $0.value == value }) { return found.numbers }
    }
    return step.startNumbers(of: value)
  }
}
