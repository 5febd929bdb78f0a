import NeuralNets
import Tensors

/// One call of a layer on symbolic tensors.
package final class GraphNode {
  let layer: any GraphLayer
  let inputs: [NodeInput]
  /// What the call says besides.
  let options: CallOptions
  /// Of each output, the batch nil where there is one.
  let extents: [[Int?]]
  /// In the order of creation, which is one in which each comes after its inputs.
  let number: Int
  let statement: Range<Int>

  init(
    _ layer: any GraphLayer, inputs: [NodeInput], options: CallOptions = CallOptions(),
    extents: [[Int?]], number: Int, statement: Range<Int>
  ) {
    self.layer = layer
    self.inputs = inputs
    self.options = options
    self.extents = extents
    self.number = number
    self.statement = statement
  }
}

/// What a layer is called on.
package enum NodeInput {
  case tensor(SymbolicTensor)
  /// Numbers that the program has already.
  case constant(Tensor)
  /// A weight of the layer whose call is followed.
  case weight(WeightHandle)

  init(_ value: PythonValue, at anchor: Complaint.Anchor, _ evaluator: Evaluator) throws {
    if case .object(let tensor as SymbolicTensor) = value {
      self = .tensor(tensor)
      return
    }
    if case .object(let weight as WeightHandle) = value {
      self = .weight(weight)
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

  /// With the batch, nil where there is one.
  var extents: [Int?] {
    switch self {
    case .tensor(let tensor): tensor.extents
    case .constant(let tensor): tensor.shape.extents
    case .weight(let weight): weight.shape
    }
  }

  /// Of one example.
  var shape: Shape {
    let extents = extents
    return Shape(extents.dropFirst(extents.first == .some(nil) ? 1 : 0).map { $0 ?? 1 })
  }

  var tensor: SymbolicTensor? {
    if case .tensor(let tensor) = self { tensor } else { nil }
  }
}

/// What a layer gives before there are numbers: the functional form's `x`.
package final class SymbolicTensor: ProgramObject, OperatorOverloading, Subscriptable {
  /// Nil for an input.
  let node: GraphNode?
  let output: Int
  /// How many examples a batch has, where an input says so.
  let batchSize: Int?
  /// The batch is nil, in those that have one.
  let extents: [Int?]
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
    extents = node.extents[output]
    batchSize = node.inputs.lazy.compactMap { $0.tensor?.batchSize }.first
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
    extents = [nil] + shape.extents
    batchSize = input.batchSize
    self.input = input
    statement = input.statement
    length = 0
    input.store.inputTensor = self
  }

  /// Of one example.
  var shape: Shape {
    Shape(extents.dropFirst(extents.first == .some(nil) ? 1 : 0).map { $0 ?? 1 })
  }

  package var typeName: String { "KerasTensor" }
  package var shown: String { "<KerasTensor shape=\(ArrayOperation.text(knownExtents))>" }
  /// With the batch, nil only where its size is open.
  private var knownExtents: [Int?] {
    let extents = openExtents
    return extents.first == .some(nil) ? [batchSize] + extents.dropFirst() : extents
  }
  package var attributeNames: [String] { ["dtype", "name", "ndim", "shape"] }
  package var takesSlices: Bool { true }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "shape":
      return try evaluator.tuple(knownExtents.map { $0.map { .integer($0) } ?? .none })
    case "name": return .text(input?.layerName ?? node?.layer.layerName ?? "")
    case "ndim": return .integer(extents.count)
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
  private(set) var layers: [any GraphLayer]
  /// The same with the inputs, each where Keras has it.
  private(set) var listed: [any GraphLayer]

  /// - Parameter others: further tensors that are computed.
  init(
    inputs: [SymbolicTensor], outputs: [SymbolicTensor], others: [SymbolicTensor] = []
  ) throws {
    self.inputs = inputs
    self.outputs = outputs
    nodes = try Self.walk(from: outputs + others, to: inputs).sorted { $0.number < $1.number }
    var seen: Set<ObjectIdentifier> = []
    layers = nodes.map(\.layer).filter { seen.insert(ObjectIdentifier($0)).inserted }
    let known = layers
    listed = []
    let walk = WalkOrder(wiring(places: known)).entries.compactMap { entry -> (any GraphLayer)? in
      switch entry {
      case .layer(let i): known[i]
      case .input(let i): inputs[i].input
      }
    }
    // What only an added loss needs comes last.
    listed = walk + known.filter { layer in !walk.contains { $0 === layer } }
    layers = listed.filter { layer in known.contains { $0 === layer } }
  }

  /// Every node that the outputs need.
  private static func walk(
    from outputs: [SymbolicTensor], to inputs: [SymbolicTensor]
  ) throws -> [GraphNode] {
    let known = Set(inputs.map { ObjectIdentifier($0) })
    var nodes: [GraphNode] = []
    var seen: Set<ObjectIdentifier> = []
    var stack: [SymbolicTensor] = outputs
    while let tensor = stack.popLast() {
      if known.contains(ObjectIdentifier(tensor)) { continue }
      guard let node = tensor.node else {
        let name = PythonFormat.quoted(tensor.input?.layerName ?? "", "\"")
        throw Complaint(
          "the outputs need the input \(name), which is not among the inputs",
          remedy: "name every Input that they come from", at: .argument(0))
      }
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      nodes.append(node)
      stack += node.inputs.compactMap(\.tensor)
    }
    return nodes
  }

  /// How many examples a batch has, where an input says so.
  var batchSize: Int? { inputs.lazy.compactMap(\.batchSize).first }

  /// Whether each layer takes what the one before it gives, from one input to one output.
  var isChain: Bool {
    inputs.count == 1 && outputs.count == 1 && nodes.count == layers.count
      && zip(nodes, [nil] + nodes.map(Optional.some)).allSatisfy { node, before in
        guard node.options.isEmpty, node.inputs.count == 1, let tensor = node.inputs[0].tensor
        else { return false }
        return tensor.node === before && tensor.output == 0 && node.extents.count == 1
      } && outputs[0].node === nodes.last
  }

  /// How the layers hang together.
  ///
  /// - Parameter weights: those of the layer itself whose call this is.
  func wiring(
    weights: [(handle: WeightHandle, spec: WeightSpec)] = [], losses: [SymbolicTensor] = [],
    places given: [any GraphLayer]? = nil, outputKeys: [String] = []
  ) -> Wiring {
    var calls: [ObjectIdentifier: Int] = [:]
    var places: [ObjectIdentifier: Int] = [:]
    for (i, layer) in (given ?? layers).enumerated() { places[ObjectIdentifier(layer)] = i }
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
        case .weight(let weight): .weight(weights.firstIndex { $0.handle === weight } ?? 0)
        }
      }
      calls[ObjectIdentifier(node)] = all.count
      all.append(
        Wiring.Call(
          layer: places[ObjectIdentifier(node.layer)] ?? 0, inputs: sources, options: node.options))
    }
    var wiring = Wiring(
      inputs: inputs.map {
        Wiring.Input(
          name: $0.input?.layerName, shape: $0.shape, openAxes: $0.input?.openAxes ?? [])
      },
      weights: weights.map(\.spec), calls: all, outputs: outputs.map(source))
    wiring.losses = losses.map(source)
    wiring.outputKeys = outputKeys
    return wiring
  }
}
