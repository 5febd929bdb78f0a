import Autodiff
import KerasCode
import NeuralNets
import Tensors

/// Parts of a model from Keras code, as the reference files name them.
enum CodedParts {
  /// The optimizer that a piece of code makes.
  static func optimizer(_ code: String) throws -> Component {
    let text = """
      import keras
      model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
      model.compile(optimizer=\(code), loss="mse")
      """
    guard let compilation = try ModelFile.read(text, file: "m.py").description.compilation else {
      preconditionFailure("a compiled model without a compilation")
    }
    return compilation.optimizer
  }

  /// The regularizer or constraint that a piece of code makes.
  static func part(_ role: String, _ code: String) throws -> Component? {
    let text = """
      import keras
      model = keras.Sequential([
        keras.Input((2,)), keras.layers.Dense(1, kernel_\(role)=\(code))])
      """
    return try ModelFile.read(text, file: "m.py").description.layers[0].arguments
      .component("kernel_" + role)
  }
}

/// The largest difference of two arrays, relative to the larger of 1 and the size of the number.
func difference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    let off = abs(pair.0 - pair.1) / max(1, abs(pair.1))
    return off.isNaN ? .infinity : max(worst, off)
  }
}
