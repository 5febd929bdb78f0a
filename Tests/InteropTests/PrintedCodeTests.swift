import KerasCode
import NeuralNets
import Scripts
import TestSupport
import Testing

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
          name: net.name, code: Printer.program(description), weights: net.weights("initial"),
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
