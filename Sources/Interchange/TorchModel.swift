import Autodiff
import NeuralNets
import Tensors

/// A network as a module of PyTorch, whose weights lie beside it.
struct TorchModel {
  private let network: Network
  private let lowered: Network.Lowered
  private var names = PythonNames(taken: torchNames)
  private var lines: [String] = []
  /// An extent that no array has but for the batch: each of its multiples is one of batches.
  private let batch: Int

  /// - Throws: `ExportFailure` that names the layer which PyTorch has no expression for.
  init(_ network: Network) throws(ExportFailure) {
    self.network = network
    batch = Self.unusedExtent(network)
    lowered = network.lowered(batchSize: batch, for: .prediction)
    for node in lowered.graph.nodes { try add(node) }
  }

  /// A prime that divides no extent of the network's own.
  private static func unusedExtent(_ network: Network) -> Int {
    let known = Set(
      network.lowered(batchSize: 1, for: .prediction).graph.emitter.values
        .flatMap(\.shape.extents))
    let primes = [1009, 2003, 3001, 4001, 5003, 6007, 7001, 8009, 9001, 10_007]
    return primes.first { prime in !known.contains { $0 > 0 && $0 % prime == 0 } } ?? 10_007
  }

  private func extent(_ extent: Int) -> String {
    guard extent > 0, extent % batch == 0 else { return "\(extent)" }
    return extent == batch ? "batch" : "batch * \(extent / batch)"
  }

  private mutating func name(_ value: Value) -> String {
    names.name(value.id, for: lowered.graph.name(of: value))
  }

  private mutating func add(_ node: Node) throws(ExportFailure) {
    var spelled: [Value: String] = [:]
    for value in node.inputs { spelled[value] = expression(value) }
    let emitter = TorchEmitter(
      name: { spelled[$0] ?? "" }, extent: extent, drawn: { _ in nil })
    guard let text = emitter.expression(node) else {
      throw ExportFailure(
        "PyTorch has no expression for what \(node.scopes.joined(separator: "/")) computes",
        remedy: "--to keras-code, or a network without that layer")
    }
    let outputs = node.outputs.map { name($0) }
    lines.append("\(outputs.joined(separator: ", ")) = \(text)")
  }

  private mutating func expression(_ value: Value) -> String {
    let isWeight = lowered.parameters.contains(value)
    let isConstant = lowered.graph.emitter.constants.contains { $0.value == value }
    return (isWeight || isConstant ? "self." : "") + name(value)
  }

  /// The program.
  mutating func program(title: String, prelude: String) -> String {
    let inputs = lowered.inputs.map { name($0) }
    let outputs = lowered.outputs.map { name($0) }
    let head = """
      \"\"\"\(PythonText.docstring(title)) as a module of PyTorch.

      Needs torch, and the .safetensors with the weights beside it. Inputs and outputs have the
      shapes they have in the lab: the batch first, the channels last.

          net = load()
          y = net(x)
      \"\"\"

      \(prelude)

      class Net(torch.nn.Module):
          def __init__(self):
              super().__init__()

      """
    let shapes = zip(network.inputShapes, inputs).map { shape, name in
      "        \(name): (batch" + shape.extents.map { ", \($0)" }.joined() + ")"
    }
    let forward =
      ["    def forward(self, \(inputs.joined(separator: ", "))):", "        \"\"\"Shapes:"]
      + shapes
      + ["        \"\"\""]
      + inputs.map { "        \($0) = torch.as_tensor(\($0), dtype=torch.float32)" }
      + ["        batch = \(inputs[0]).shape[0]"] + lines.map { "        " + $0 }
      + ["        return \(outputs.joined(separator: ", "))"]
    return head + members.map { "        \($0)\n" }.joined() + "\n"
      + forward.joined(separator: "\n") + "\n\n\n" + loading
  }

  /// The statements that make weights and constants.
  private var members: [String] {
    mutating get {
      let weights = zip(lowered.parameters, network.weights).map { value, weight in
        let zeros = "torch.zeros(\(PythonText.tuple(weight.spec.shape.extents)))"
        let name = name(value)
        return weight.spec.isTrainable
          ? "self.\(name) = torch.nn.Parameter(\(zeros))"
          : "self.register_buffer(\"\(name)\", \(zeros))"
      }
      let constants = lowered.graph.emitter.constants.map { value, _ in
        "self.register_buffer(\"\(name(value))\", "
          + "torch.zeros(\(PythonText.tuple(value.shape.extents.map(extent)))))"
      }
      return weights + constants + (weights.isEmpty && constants.isEmpty ? ["pass"] : [])
    }
  }

  /// What the weights are called in the file, by their names in the module.
  private var loading: String {
    mutating get {
      let pairs = zip(lowered.parameters, network.weights).map { value, weight in
        "    \(PythonText.quoted(weight.name)): \(PythonText.quoted(name(value))),"
      }
      let constants = lowered.graph.emitter.constants.map { value, _ in
        let text = name(value)
        return "    \(PythonText.quoted(text)): \(PythonText.quoted(text)),"
      }
      return """
        # The names in the file of weights, which are Keras's, and those here.
        NAMES = {
        \((pairs + constants).joined(separator: "\n"))
        }


        def load(path=BESIDE):
            \"\"\"The net with its weights, ready to predict.\"\"\"
            net = Net()
            weights = {NAMES[name]: tensor for name, tensor in read_tensors(path).items()}
            net.load_state_dict(weights)
            return net.eval()


        if __name__ == "__main__":
            net = load()
            print(net, sum(p.numel() for p in net.parameters()), "weights")

        """
    }
  }

  /// The weights, and the numbers that stand in the network.
  mutating func tensors(
    _ weights: [(name: String, tensor: Tensor)]
  ) -> [(name: String, tensor: Tensor)] {
    weights
      + lowered.graph.emitter.constants.map { value, numbers in
        (name(value), Tensor(shape: value.shape, scalars: numbers))
      }
  }
}

/// The names that the functions of the program have.
let torchNames = [
  "json", "os", "struct", "F", "tensors", "of_number", "exp", "expm1", "log", "log1p", "sqrt",
  "rsqrt", "reciprocal", "square", "absolute", "sign", "tanh", "sigmoid", "relu", "erf", "sin",
  "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "arsinh", "arcosh", "artanh",
  "floor", "ceil", "round_to_even", "linear", "where", "minimum", "maximum", "power", "less",
  "less_or_equal", "equal", "floor_divide", "modulo", "product_of", "take", "take_along",
  "one_hot", "as_image", "from_image", "convolution", "transposed_convolution", "max_pool",
  "average_pool", "attention_weights", "lstm_step", "gru_step", "gru_step_resets_before",
  "simple_step", "gates", "recurrent", "loss_of", "read_tensors", "BESIDE", "batch", "lab",
  "compared", "skipped", "size_of", "compare", "agree", "given", "weight", "shapes", "gradients",
  "agree_gradient", "agree_update", "largest_gradient", "learning_rate", "update", "Net", "load",
  "NAMES", "step",
]
