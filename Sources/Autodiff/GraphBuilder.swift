import Tensors

/// Records what a network computes, op by op; the planner turns it into instructions.
package struct GraphBuilder: Sendable {
  package enum Mode: Hashable, Sendable { case training, inference }

  package let mode: Mode
  package private(set) var nodes: [Node] = []
  package private(set) var emitter = Emitter()
  /// Further names under which the debugger finds a value: a layer that changes nothing has the
  /// output of the layer before it.
  package private(set) var aliases: [String: Value] = [:]
  private var scopes: [String] = []

  package init(mode: Mode) { self.mode = mode }

  /// The batch that comes in.
  package mutating func input(_ name: String, _ symbol: String, _ shape: Shape) -> Value {
    emitter.value(name, symbol, shape, role: name == "target" ? .target : .input)
  }

  /// An array that is learned.
  package mutating func parameter(_ name: String, _ symbol: String, _ shape: Shape) -> Value {
    emitter.value(name, symbol, shape, role: .parameter)
  }

  /// Applies an op within the current layer.
  package mutating func apply(_ op: some Op, to inputs: [Value]) -> Value {
    let prefix = scopes.isEmpty ? "" : scopes.joined(separator: "/") + "/"
    let shape = op.outputShape(inputs.map(\.shape))
    let output =
      op.sharesInput
      ? emitter.view(of: inputs[0], prefix + op.outputName, emitter.symbol(of: inputs[0]), shape)
      : emitter.value(prefix + op.outputName, op.outputSymbol, shape)
    nodes.append(Node(op: op, inputs: inputs, output: output, scopes: scopes))
    return output
  }

  /// Lowers one layer; its output is called `name/output`.
  package mutating func layer(
    _ name: String, _ body: (inout GraphBuilder) -> Value
  ) -> Value {
    scopes = [name]
    let known = emitter.values.count
    let output = body(&self)
    scopes = []
    if output.id >= known {
      emitter.rename(output, name + "/output")
    } else {
      aliases[name + "/output"] = output
    }
    return output
  }

  /// The layer being lowered, for random numbers keyed by its name.
  package var layerName: String { scopes.joined(separator: "/") }
}
