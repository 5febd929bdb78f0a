import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Workbench

@Suite("Build with a model that is no chain")
struct GraphBuildTests {
  /// Two ways from the input that meet again.
  private static func model(units: Int = 32) -> ModelDescription {
    func dense(_ units: Int, _ activation: String) -> Component {
      .known("Dense", [("units", .integer(units)), ("activation", .text(activation))])
    }
    var model = ModelDescription(
      name: "functional", inputShape: [64],
      layers: [
        dense(32, "relu"), dense(units, "tanh"), .known("Add"), dense(10, "softmax"),
      ],
      wiring: Wiring(
        inputs: [Wiring.Input(shape: [64])],
        calls: [
          Wiring.Call(layer: 0, inputs: [.input(0)]), Wiring.Call(layer: 1, inputs: [.input(0)]),
          Wiring.Call(layer: 2, inputs: [.call(0), .call(1)]),
          Wiring.Call(layer: 3, inputs: [.call(2)]),
        ], outputs: [.call(3)]))
    model.compilation = Compilation(
      optimizer: .known("Adam"), loss: .known("SparseCategoricalCrossentropy"))
    return model
  }

  @Test(
    "it says what each layer takes and shows its code", arguments: [(120, 36), (80, 24), (60, 20)])
  func shown(_ width: Int, _ height: Int) throws {
    let state = try BuildScreenTests.state(model: Self.model(), size: Size(width, height))
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("← "))
    if width == 120 {
      #expect(text.contains("add     ← dense, dense_1"))
      #expect(text.contains("x = layers.Add()([dense, x])"))
      #expect(text.contains("a graph of 4 layers"))
    }
    #expect(state.build.code(state).contains("model = keras.Model(inputs, outputs)\n"))
  }

  @Test("settings change; adding, moving and deleting are refused with a reason")
  func edited() throws {
    var state = try BuildScreenTests.state(model: Self.model())
    for key in ["a", "A", "x", "d", "J", "K"] {
      _ = BuildScreenTests.type(key, &state)
      #expect(state.overlay == nil)
      #expect(state.frame().text.joined().contains("the layers make a graph"), "\(key)")
    }
    #expect(state.workpiece.model == Self.model())
    _ = BuildScreenTests.type("\n16\n", &state)
    #expect(state.workpiece.model.layers[0].arguments["units"] == .integer(16))
    let text = state.frame().text.joined(separator: "\n")
    #expect(text.contains("(16,), (32,)") || text.contains("does not fit") || text.contains("×"))
  }

  @Test("every line and key of a graph that does not fit draws")
  func unfit() throws {
    for size in [Size(120, 36), Size(80, 24)] {
      var state = try BuildScreenTests.state(model: Self.model(units: 31), size: size)
      for key in "jjjjjjkkkkkk" {
        _ = BuildScreenTests.type(String(key), &state)
        #expect(!state.frame().text.isEmpty)
      }
      _ = BuildScreenTests.press([.tab, .enter, .escape, .tab, .enter, .escape], &state)
      #expect(!state.frame().text.isEmpty)
    }
  }
}
