import KerasCode
import NeuralNets
import Scripts
import Tensors
import TestSupport
import Testing
import Training

@Suite("Printed code in Keras", .enabled(if: KerasChild.runs, "no Python with Keras"))
struct PrintedCodeTests {
  @Test("Keras builds what is printed: as many parameters, and from equal weights equal outputs")
  func printed() throws {
    var fresh = FreshNets(seed: KerasChild.seed)
    var nets: [PrintedNet] = []
    var networks: [String: Network] = [:]
    for number in 0..<30 {
      let net = try fresh.net(number)
      let description = try net.model()
      networks[net.name] = try Network(description)
      nets.append(
        PrintedNet(
          name: net.name, code: try Printer.program(description), weights: net.weights("initial"),
          inputs: [try #require(net.tensors["inputs"])]))
    }
    let built = try PrintedNet.build(nets)
    for net in nets {
      let keras = try #require(built[net.name]).get()
      let network = try #require(networks[net.name])
      let output = try Inference(network, weights: net.weights).predict(net.inputs)[0]
      #expect(keras.parameterCount == network.parameterCount, "\(net.code)")
      #expect(keras.outputs.count == 1)
      #expect(try output.deviation(from: #require(keras.outputs.first)) <= 2e-5, "\(net.code)")
    }
  }

  /// How many random models are tried: all of them where it matters.
  private static let count = KerasChild.isRequired || KerasChild.isLong ? 200 : 40

  @Test("Keras builds random models of every layer, and they answer alike from equal weights")
  func random() throws {
    var models = RandomModels(seed: KerasChild.seed)
    var nets: [PrintedNet] = []
    var networks: [String: (network: Network, outputs: [Tensor])] = [:]
    while nets.count < Self.count {
      let model = models.next()
      let network = try Network(model)
      let name = "random\(nets.count)"
      let weights = Self.weights(of: network, name)
      let inputs = network.inputShapes.enumerated().map { i, shape in
        let draw = CounterRandom(seed: UInt64(i), name: name)
        let batch = Shape([5] + shape.extents)
        return Tensor(shape: batch, scalars: (0..<batch.count).map { Float(draw.normal(at: $0)) })
      }
      let outputs = try Inference(network, weights: weights).predict(inputs)
      // Numbers that overflow say nothing.
      guard outputs.allSatisfy({ $0.scalars.allSatisfy { $0.isFinite && abs($0) < 1e6 } }) else {
        continue
      }
      networks[name] = (network, outputs)
      nets.append(
        PrintedNet(
          name: name, code: try Printer.program(model), weights: weights, inputs: inputs))
    }
    let built = try PrintedNet.build(nets)
    for net in nets {
      guard case .success(let keras)? = built[net.name], let (network, outputs) = networks[net.name]
      else {
        Issue.record("\(String(describing: built[net.name]))\n\(net.code)")
        continue
      }
      #expect(keras.parameterCount == network.parameterCount, "\(net.code)")
      #expect(keras.trainableCount == ModelSummary(network).trainableParameters, "\(net.code)")
      #expect(keras.layers == network.layers.map(\.name), "\(net.code)")
      #expect(keras.outputs.count == outputs.count, "\(net.code)")
      for (own, its) in zip(outputs, keras.outputs) {
        // Means of what was normalized are rounding alone: what comes in is of size 1. What is
        // normalized again has its rounding magnified by up to 1/√ε, 30 times.
        let normalizations = network.layers.count { $0.kind.hasSuffix("Normalization") }
        let most: Float = normalizations > 1 ? 5e-5 : 2e-5
        #expect(own.deviation(from: its, least: 1) <= most, "\(net.name)\n\(net.code)")
      }
    }
  }

  /// As the network begins, a little moved, so that no bias is 0 and no factor 1.
  private static func weights(of network: Network, _ name: String) -> [String: Tensor] {
    let random = CounterRandom(seed: 3, name: name)
    var drawn = 0
    return network.initialWeights(seed: 5).mapValues { tensor in
      Tensor(
        shape: tensor.shape,
        scalars: tensor.scalars.map {
          drawn += 1
          return $0 + Float(random.uniform(at: drawn)) / 5
        })
    }
  }

  @Test("What Keras refuses to build comes back with its reason")
  func refused() throws {
    let net = PrintedNet(
      name: "wrong", code: "import keras\nmodel = keras.layers.Desne(3)\n", weights: [:],
      inputs: [])
    let built = try #require(try PrintedNet.build([net])["wrong"])
    let failure = #expect(throws: PrintedNet.Failure.self) { try built.get() }
    #expect(failure?.description.contains("line 2: AttributeError") == true)
  }
}
