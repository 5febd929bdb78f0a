import KerasCode
import NeuralNets
import Tensors
import Testing

@Suite("What Keras does not have")
struct OwnNamesTests {
  private static let perceptron = ModelDescription(
    inputShape: [2], layers: [.known("Dense", [("units", .integer(1))])],
    compilation: Compilation(
      optimizer: .known("Perceptron", [("learning_rate", .number(0.5))]),
      loss: .known("MeanSquaredError")))

  @Test("the lab's own optimizer is printed and read as its own, with a note")
  func perceptron() throws {
    let code = try Printer.program(Self.perceptron)
    #expect(code.hasPrefix("import keras\nfrom keras import layers\nimport backstep\n"))
    #expect(code.contains("optimizer=backstep.Perceptron(learning_rate=0.5)"))
    let file = try ModelFile.read(code, file: "m.py")
    #expect(file.description == Self.perceptron)
    #expect(file.notes.map(\.message).contains { $0.hasPrefix("not in Keras: Perceptron") })
  }

  @Test("a file that gets it is given its import")
  func rewritten() throws {
    var model = Self.perceptron
    model.compilation?.optimizer = .known("SGD")
    let file = try ModelFile.read(Printer.program(model), file: "m.py")
    let code = try file.rewritten(with: Self.perceptron)
    #expect(code.contains("\nimport backstep\n"))
    #expect(try ModelFile.read(code, file: "m.py").description == Self.perceptron)
  }

  @Test(
    "Keras's modules and names do not know it",
    arguments: ["keras.optimizers.Perceptron()", "\"perceptron\"", "\"Perceptron\"", "\"lamb\""])
  func refused(optimizer: String) {
    let code = """
      import keras
      model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
      model.compile(optimizer=\(optimizer), loss="mse")
      """
    #expect(throws: Diagnostic.self) { try ModelFile.read(code, file: "m.py") }
  }
}
