import NeuralNets
import Tensors

/// One call of a layer on symbolic tensors.
package final class GraphNode {
  let layer: any GraphLayer
  let inputs: [NodeInput]
  /// Of one example.
  let shapes: [Shape]
  /// In the order of creation, which is one in which each comes after its inputs.
  let number: Int
  let statement: Range<Int>

  init(
    _ layer: any GraphLayer, inputs: [NodeInput], shapes: [Shape], number: Int,
    statement: Range<Int>
  ) {
    self.layer = layer
    self.inputs = inputs
    self.shapes = shapes
    self.number = number
    self.statement = statement
  }
}

/// What a layer is called on.
enum NodeInput {
  case tensor(SymbolicTensor)
  /// Numbers that the program has already.
  case constant(Tensor)

  init(_ value: PythonValue, at anchor: Complaint.Anchor, _ evaluator: Evaluator) throws {
    if case .object(let tensor as SymbolicTensor) = value {
      self = .tensor(tensor)
      return
    }
    do { self = .constant(try evaluator.array(from: value).tensor) } catch let complaint
      as Complaint
    {
      throw Complaint(
        "\(value.described) beside tensors: " + complaint.message,
        remedy: "give what another layer or Input(…) gives", at: anchor)
    }
  }

  var shape: Shape {
    switch self {
    case .tensor(let tensor): tensor.shape
    case .constant(let tensor): tensor.shape
    }
  }

  var tensor: SymbolicTensor? {
    if case .tensor(let tensor) = self { tensor } else { nil }
  }
}

/// What a layer gives before there are numbers: the functional form's `x`.
package final class SymbolicTensor: ProgramObject {
  /// Nil for an input.
  let node: GraphNode?
  let output: Int
  /// Of one example.
  let shape: Shape
  /// The layer of an input.
  let input: LayerObject?
  let statement: Range<Int>
  /// How many layers lie before it on the longest way.
  let length: Int

  private static let longest = 2000

  /// What a call gives.
  init(_ node: GraphNode, output: Int) throws(Complaint) {
    self.node = node
    self.output = output
    shape = node.shapes[output]
    input = nil
    statement = node.statement
    length = 1 + (node.inputs.compactMap { $0.tensor?.length }.max() ?? 0)
    guard length <= Self.longest else {
      throw Complaint("a model of more than \(Self.longest) layers")
    }
  }

  /// What comes in.
  init(input: LayerObject, shape: Shape) {
    node = nil
    output = 0
    self.shape = shape
    self.input = input
    statement = input.statement
    length = 0
  }

  package var typeName: String { "KerasTensor" }
  package var shown: String {
    "<KerasTensor shape=(None" + shape.extents.map { ", \($0)" }.joined() + ")>"
  }
  package var attributeNames: [String] { ["name", "shape"] }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "shape": return try evaluator.tuple([.none] + shape.extents.map { .integer($0) })
    case "name": return .text(input?.layerName ?? node?.layer.layerName ?? "")
    case "ndim": return .integer(shape.rank + 1)
    case "dtype": return .text("float32")
    default: return nil
    }
  }
}

/// The graph between inputs and outputs, as a model description has it.
struct FunctionalGraph {
  let inputs: [SymbolicTensor]
  let outputs: [SymbolicTensor]
  /// In the order of creation.
  let nodes: [GraphNode]
  /// Each layer once, in Keras's order: by their greatest distance from an output, and among those
  /// of one distance by a walk from the outputs that visits a layer before its inputs.
  let layers: [any GraphLayer]

  init(inputs: [SymbolicTensor], outputs: [SymbolicTensor]) throws {
    self.inputs = inputs
    self.outputs = outputs
    let found = try Self.walk(from: outputs, to: inputs)
    nodes = found.nodes.sorted { $0.number < $1.number }
    layers = Self.ordered(nodes, outputs, visits: found.visits)
  }

  /// Every node that the outputs need, and in which order their layers were met.
  private static func walk(
    from outputs: [SymbolicTensor], to inputs: [SymbolicTensor]
  ) throws -> (nodes: [GraphNode], visits: [ObjectIdentifier: Int]) {
    let known = Set(inputs.map { ObjectIdentifier($0) })
    var (nodes, visits) = ([GraphNode](), [ObjectIdentifier: Int]())
    var seen: Set<ObjectIdentifier> = []
    var stack: [SymbolicTensor] = outputs.reversed()
    while let tensor = stack.popLast() {
      if known.contains(ObjectIdentifier(tensor)) { continue }
      guard let node = tensor.node else {
        throw Complaint(
          "the outputs need the input \(PythonFormat.quoted(tensor.input?.layerName ?? "", "\"")), which is not among the inputs",
          remedy: "name every Input that they come from", at: .argument(0))
      }
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      nodes.append(node)
      let layer = ObjectIdentifier(node.layer)
      if visits[layer] == nil { visits[layer] = visits.count }
      stack += node.inputs.compactMap(\.tensor).reversed()
    }
    return (nodes, visits)
  }

  private static func ordered(
    _ nodes: [GraphNode], _ outputs: [SymbolicTensor], visits: [ObjectIdentifier: Int]
  ) -> [any GraphLayer] {
    var depths: [ObjectIdentifier: Int] = [:]
    var layerDepths: [ObjectIdentifier: Int] = [:]
    var layers: [any GraphLayer] = []
    for node in nodes.reversed() {
      let layer = ObjectIdentifier(node.layer)
      let depth = max(depths[ObjectIdentifier(node)] ?? 0, layerDepths[layer] ?? 0)
      if layerDepths[layer] == nil { layers.append(node.layer) }
      layerDepths[layer] = depth
      for input in node.inputs {
        guard let before = input.tensor?.node else { continue }
        let id = ObjectIdentifier(before)
        depths[id] = max(depths[id] ?? 0, depth + 1)
      }
    }
    return layers.sorted { a, b in
      let (x, y) = (ObjectIdentifier(a), ObjectIdentifier(b))
      let (dx, dy) = (layerDepths[x] ?? 0, layerDepths[y] ?? 0)
      return dx != dy ? dx > dy : (visits[x] ?? 0) < (visits[y] ?? 0)
    }
  }

  /// Whether each layer takes what the one before it gives, from one input to one output.
  var isChain: Bool {
    inputs.count == 1 && outputs.count == 1 && nodes.count == layers.count
      && zip(nodes, [nil] + nodes.map(Optional.some)).allSatisfy { node, before in
        guard node.inputs.count == 1, let tensor = node.inputs[0].tensor else { return false }
        return tensor.node === before && tensor.output == 0 && node.shapes.count == 1
      } && outputs[0].node === nodes.last
  }

  /// How the layers hang together.
  func wiring() -> Wiring {
    var calls: [ObjectIdentifier: Int] = [:]
    var places: [ObjectIdentifier: Int] = [:]
    for (i, layer) in layers.enumerated() { places[ObjectIdentifier(layer)] = i }
    func source(_ tensor: SymbolicTensor) -> Wiring.Source {
      if let i = inputs.firstIndex(where: { $0 === tensor }) { return .input(i) }
      guard let node = tensor.node, let call = calls[ObjectIdentifier(node)] else {
        preconditionFailure("a tensor from outside the graph")
      }
      return .call(call, output: tensor.output)
    }
    var all: [Wiring.Call] = []
    for node in nodes {
      let sources = node.inputs.map { input -> Wiring.Source in
        switch input {
        case .tensor(let tensor): source(tensor)
        case .constant(let numbers): .constant(numbers)
        }
      }
      calls[ObjectIdentifier(node)] = all.count
      all.append(Wiring.Call(layer: places[ObjectIdentifier(node.layer)] ?? 0, inputs: sources))
    }
    return Wiring(
      inputs: inputs.map { Wiring.Input(name: $0.input?.layerName, shape: $0.shape) }, calls: all,
      outputs: outputs.map(source))
  }
}
