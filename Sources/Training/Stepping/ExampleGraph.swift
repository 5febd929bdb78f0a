import Autodiff
import Tensors

/// Which number of the graph is looked at.
package struct GraphPlace: Hashable, Sendable {
  /// The node, by the number of its value in the plan.
  package var value: Int
  package var isGradient: Bool
  /// The place among the numbers of the example.
  package var unit: Int

  package init(value: Int, isGradient: Bool = false, unit: Int = 0) {
    self.value = value
    self.isGradient = isGradient
    self.unit = unit
  }
}

/// The data flow of the step for one example: every array of it, from the input to the loss, with
/// the numbers of this example, and how the loss changes with each.
package struct ExampleGraph: Hashable, Sendable {
  /// One array.
  package struct Node: Hashable, Sendable {
    package let value: Value
    package let name: String
    package let symbol: String
    /// How it is made from others: `z = x W`; empty for what comes from the data.
    package let formula: String
    /// The instruction that makes it, nil for what comes from the data.
    package let instruction: Int?
    /// The example's numbers, nil where they are not known yet.
    package let numbers: [Float]?
    /// The instruction that makes ∂L/∂ of it, nil where the step makes none.
    package let gradientInstruction: Int?
    package let gradients: [Float]?
    /// The nodes it is made from, by their place in `nodes`.
    package let inputs: [Int]
    /// The extents of what belongs to one example.
    package let shape: Shape
  }

  /// A number that goes into another: where it stands, and the term that it is in.
  package struct Edge: Hashable, Sendable {
    package let place: GraphPlace
    package let term: SumTerm
  }

  /// One number opened: what it is made from.
  package struct Focus: Hashable, Sendable {
    package let place: GraphPlace
    package let explanation: CellExplanation
    /// What comes from other nodes, the largest contribution first.
    package let edges: [Edge]
  }

  package let example: Int
  package let nodes: [Node]
  /// The instruction just done.
  package let here: Int?
  package let focus: Focus?

  package func node(of value: Int) -> Int? { nodes.firstIndex { $0.value.id == value } }

  /// The array and the row-major place in it of a number of the graph.
  package func cell(of place: GraphPlace, in plan: Plan) -> (value: Value, offset: Int)? {
    guard let index = node(of: place.value) else { return nil }
    let own = nodes[index].value
    guard let value = place.isGradient ? plan.gradientShown(of: own) : own else { return nil }
    let offsets = ExampleRows(batch: plan.batchSize, example: example).offsets(in: value, plan)
    return offsets.indices.contains(place.unit) ? (value, offsets[place.unit]) : nil
  }
}

extension ExampleGraph {
  init(of session: Session, example: Int, looking: GraphPlace?) {
    let execution = session.execution
    let plan = session.plan
    let rows = ExampleRows(batch: plan.batchSize, example: example)
    var nodes: [Node] = []
    var places: [Int: Int] = [:]
    func add(_ value: Value, _ formula: String, _ instruction: Int?, _ operands: [Value]) {
      guard places[value.id] == nil, rows.holds(value, plan) else { return }
      let gradient = plan.gradientShown(of: value)
      func numbers(_ value: Value) -> [Float]? {
        guard execution.isKnown(value) else { return nil }
        return rows.offsets(in: value, plan).map { execution.number(value, at: $0) }
      }
      places[value.id] = nodes.count
      nodes.append(
        Node(
          value: value, name: plan[value].name, symbol: plan[value].symbol, formula: formula,
          instruction: instruction, numbers: numbers(value),
          gradientInstruction: gradient.flatMap { plan.origin(of: $0) },
          gradients: gradient.flatMap { numbers($0) },
          inputs: operands.compactMap { places[$0.id] }, shape: rows.shape(of: value, plan)))
    }
    for value in plan.inputs { add(value, "", nil, []) }
    for (index, instruction) in plan.instructions.enumerated()
    where instruction.phase == .forward || instruction.phase == .loss {
      // A target stands before what is first made with it.
      for operand in instruction.operands where plan.targets.contains(operand) {
        add(operand, "", nil, [])
      }
      for result in Self.ordered(instruction.results)
      where plan.origin(of: result.value) == index {
        add(result.value, result.formula, index, result.rule.operands)
      }
    }
    self.example = example
    self.nodes = nodes
    here = execution.position > 0 ? execution.position - 1 : nil
    focus = looking.flatMap { Self.focus($0, session, nodes, rows) }
  }

  /// What an instruction makes, such that nothing comes before what it is made from.
  private static func ordered(_ results: [InstructionResult]) -> [InstructionResult] {
    var left = results
    var ordered: [InstructionResult] = []
    while !left.isEmpty {
      let values = left.map(\.value)
      let next =
        left.firstIndex { result in
          !result.rule.operands.contains { $0 != result.value && values.contains($0) }
        } ?? 0
      ordered.append(left.remove(at: next))
    }
    return ordered
  }

  /// Opens a number that an instruction has made.
  private static func focus(
    _ place: GraphPlace, _ session: Session, _ nodes: [Node], _ rows: ExampleRows
  ) -> Focus? {
    let plan = session.plan
    guard let node = nodes.first(where: { $0.value.id == place.value }),
      let value = place.isGradient ? plan.gradientShown(of: node.value) : node.value,
      let maker = place.isGradient ? node.gradientInstruction : node.instruction,
      maker < session.execution.position,
      let result = plan.instructions[maker].results.first(where: { $0.value == value })
    else { return nil }
    let offsets = rows.offsets(in: value, plan)
    guard offsets.indices.contains(place.unit) else { return nil }
    let explanation = session.explain(result, at: offsets[place.unit])
    return Focus(
      place: place, explanation: explanation,
      edges: edges(into: explanation, result.rule, plan, nodes, rows))
  }

  /// The terms of a number whose first known factor stands in a node of the same example.
  private static func edges(
    into explanation: CellExplanation, _ rule: CellRule, _ plan: Plan, _ nodes: [Node],
    _ rows: ExampleRows
  ) -> [Edge] {
    let terms: [SumTerm] =
      switch explanation.body {
      case .sum(let terms): terms
      case .formula(_, let operands): operands.map { SumTerm([$0]) }
      }
    var sources: [(prefix: String, place: GraphPlace, offsets: [Int: Int], shape: Shape)] = []
    for operand in rule.operands {
      for node in nodes {
        let isGradient = plan.gradientShown(of: node.value) == operand
        guard isGradient || node.value == operand else { continue }
        let offsets = rows.offsets(in: operand, plan).enumerated().map { ($1, $0) }
        sources.append(
          (
            plan[operand].symbol, GraphPlace(value: node.value.id, isGradient: isGradient),
            Dictionary(uniqueKeysWithValues: offsets), operand.shape
          ))
      }
    }
    func place(_ operand: Operand) -> GraphPlace? {
      for source in sources where operand.name.hasPrefix(source.prefix) {
        let rest = operand.name.dropFirst(source.prefix.count)
        guard rest.isEmpty || rest.hasPrefix("[") && rest.hasSuffix("]") else { continue }
        let index = rest.dropFirst().dropLast().split(separator: ",").compactMap { Int($0) }
        guard let offset = source.shape.offset(of: index), let unit = source.offsets[offset] else {
          continue
        }
        var place = source.place
        place.unit = unit
        return place
      }
      return nil
    }
    return terms.sorted { abs($0.product) > abs($1.product) }.compactMap { term in
      term.factors.lazy.compactMap { place($0) }.first.map { Edge(place: $0, term: term) }
    }
  }
}

extension Plan {
  /// The gradient of a value, also of one within a layer that keeps it by name alone.
  func gradientShown(of value: Value) -> Value? {
    if let gradient = gradients[value] { return gradient }
    let info = self[value]
    guard info.role == .activation, let named = self.value(named: info.name + ".grad"),
      named.shape == value.shape
    else { return nil }
    return named
  }
}

/// Where the numbers of one example stand in the arrays of a batch.
struct ExampleRows {
  let batch: Int
  let example: Int

  private func isTimeMajor(_ value: Value, _ plan: Plan) -> Bool {
    plan[value].isTimeMajor && value.shape.rank > 1 && value.shape[1] == batch
  }

  /// Whether an array belongs to examples, or is one number for all of them.
  func holds(_ value: Value, _ plan: Plan) -> Bool {
    let role = plan[value].role
    guard [.input, .target, .activation, .loss, .carried].contains(role) else { return false }
    if value.shape.count == 1 { return true }
    return isTimeMajor(value, plan)
      || value.shape.rank > 0 && batch > 0 && value.shape[0] % batch == 0
  }

  func shape(of value: Value, _ plan: Plan) -> Shape {
    let extents = value.shape.extents
    if value.shape.count == 1 && batch > 1 || extents.isEmpty { return [] }
    if isTimeMajor(value, plan) { return Shape([extents[0]] + extents.dropFirst(2)) }
    return extents[0] == batch
      ? Shape(Array(extents.dropFirst())) : Shape([extents[0] / batch] + extents.dropFirst())
  }

  /// The row-major places of the example's numbers.
  func offsets(in value: Value, _ plan: Plan) -> [Int] {
    let count = value.shape.count
    if count == 1 || value.shape.rank == 0 { return [0] }
    if isTimeMajor(value, plan) {
      let width = count / (value.shape[0] * batch)
      return (0..<value.shape[0]).flatMap { time in
        (0..<width).map { (time * batch + example) * width + $0 }
      }
    }
    guard batch > 0, value.shape[0] % batch == 0 else { return [] }
    let width = count / batch
    return Array(example * width..<(example + 1) * width)
  }
}
