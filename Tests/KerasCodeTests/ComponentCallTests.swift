import Foundation
import KerasCode
import NeuralNets
import Testing

@Suite("Losses, metrics and the rest, called by a program")
struct ComponentCallTests {
  /// Arguments of classes that have no defaults for all of them.
  private static let needed = [
    "MeanIoU": "num_classes=2",
    "OneHotMeanIoU": "num_classes=2",
    "IoU": "num_classes=2, target_class_ids=[0]",
    "OneHotIoU": "num_classes=2, target_class_ids=[0]",
    "BinaryIoU": "target_class_ids=[0, 1]", "PrecisionAtRecall": "0.5",
    "RecallAtPrecision": "0.5", "SensitivityAtSpecificity": "0.5",
    "SpecificityAtSensitivity": "0.5", "TopKCategoricalAccuracy": "k=1",
    "SparseTopKCategoricalAccuracy": "k=1", "Constant": "3.0", "ExponentialDecay": "0.1, 10, 0.5",
    "CosineDecay": "0.1, 10", "CosineDecayRestarts": "0.1, 10", "InverseTimeDecay": "0.1, 10, 0.5",
    "PiecewiseConstantDecay": "[1, 2], [0.1, 0.2, 0.3]", "PolynomialDecay": "0.1, 10",
  ]
  private static let classNumbers: Set<String> = [
    "SparseCategoricalCrossentropy", "SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy",
    "CategoricalGeneralizedCrossEntropy", "Circle",
  ]

  /// A line for each class of a family that calls what the class makes, to one number.
  private static func lines(_ family: ComponentFamily) -> [String] {
    family.classes.filter { $0.module == nil }.map { known in
      let made = "keras.\(family.module).\(known.kind)(\(needed[known.kind] ?? ""))"
      let truth = classNumbers.contains(known.kind) ? "[1, 0]" : "[[0., 1.], [1., 0.]]"
      let rows = "np.array(\(truth)), np.array([[0.3, 0.7], [0.8, 0.2]])"
      let call =
        switch family {
        case .loss: "(\(rows))"
        case .metric where ["Mean", "Sum"].contains(known.kind): "([0.5, 1.5])"
        case .metric where ["IoU", "MeanIoU"].contains(known.kind): "([0, 1], [1, 1])"
        case .metric: "(\(rows))"
        case .initializer: "(shape=(2, 2))"
        case .schedule: "(3)"
        default: "(np.array([[0.5, -2.0], [1.0, 3.0]]))"
        }
      return "print(np.isfinite(np.sum(np.array(\(made)\(call)))))"
    }
  }

  @Test(
    "Every class makes something that gives numbers",
    arguments: [
      ComponentFamily.loss, .metric, .regularizer, .constraint, .initializer, .schedule,
    ].flatMap(lines))
  func called(line: String) {
    #expect(outcome("import keras\nimport numpy as np\n" + line) == "True\n")
  }

  @Test("A function gives a number for each example")
  func functions() {
    let program = """
      import keras
      import numpy as np
      print(np.array(keras.losses.mean_squared_error([[1., 2.], [0., 0.]], [[0., 0.], [1., 0.]])))
      print(np.array(keras.metrics.binary_accuracy([[0.], [1.]], [[0.3], [0.6]], threshold=0.7)))
      print(float(keras.losses.get("mae")([1., 2.], [2., 4.])))
      """
    #expect(outcome(program) == "[2.5 0.5]\n[1. 0.]\n1.5\n")
  }

  @Test("A metric gathers until it is reset")
  func gathering() {
    let program = """
      import keras
      m = keras.metrics.Mean(name="m")
      m.update_state([1., 3.])
      print(m.name, float(m(5.)))
      m.reset_state()
      print(float(m.result()), keras.metrics.AUC().name, keras.metrics.AUC().name)
      """
    #expect(outcome(program) == "m 3.0\n0.0 auc auc_1\n")
  }

  @Test(
    "What does not fit is said",
    arguments: [
      (
        "keras.losses.MeanSquaredError()([1., 2.], [[1., 2., 3.]])", "compares predictions of shape"
      ),
      ("keras.losses.SparseCategoricalCrossentropy()([3], [[0.1, 0.9]])", "meets the class 3.0"),
      ("keras.constraints.MaxNorm(axis=3)([[1.]])", "axis"),
      ("keras.optimizers.SGD().apply([])", "gradients are the lab's own"),
    ])
  func refused(line: String, message: String) {
    let found = outcome("import keras\n" + line)
    #expect(found.contains(message), "\(found)")
  }

  // MARK: Beside Keras

  private struct Numbers: Decodable {
    let scalars: [Double]
  }

  private struct Reference: Decodable {
    struct Case: Decodable {
      let code: String
      let weights: String
      let value: Numbers?
      let projected: Numbers?
    }
    struct Array: Decodable {
      let shape: [Int]
      let scalars: [Double]
    }
    let weights: [String: Array]
    let cases: [Case]
  }

  @Test("Penalties and held weights are Keras's", arguments: ["regularizers", "constraints"])
  func reference(name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Reference/Keras/\(name).json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    #expect(reference.cases.count > 5)
    for one in reference.cases {
      let weights = try #require(reference.weights[one.weights])
      let expected = try #require(one.value ?? one.projected)
      let found = outcome(
        """
        import keras
        import numpy as np
        w = np.array(\(weights.scalars)).reshape(\(weights.shape))
        print(np.abs(np.array(\(one.code)(w)).ravel() - np.array(\(expected.scalars))).max() < 1e-5)
        """)
      #expect(found == "True\n", "\(one.code)")
    }
  }
}
