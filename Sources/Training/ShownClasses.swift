import NeuralNets
import Tensors

extension TrainingData {
  /// The names of the classes where the data have them, else those that the loss and the targets speak
  /// of: "0", "1", …; empty where numbers are to be met.
  ///
  /// Arrays of a program have no names for classes, whether some of them are held back or not.
  package func classes(for model: ModelDescription) -> [String] {
    guard classes.isEmpty else { return classes }
    guard training.allTargets.count == 1, training.count > 0,
      let loss = model.compilation?.loss.kind
    else { return [] }
    let targets = training.targets
    let width = targets.count / training.count
    switch loss {
    case "SparseCategoricalCrossentropy", "BinaryCrossentropy":
      // Of a sequence each place may have a class.
      guard loss.hasPrefix("Sparse") || width == 1, let most = targets.scalars.max(),
        targets.scalars.allSatisfy({ $0 >= 0 && $0 < 1000 && $0 == $0.rounded() })
      else { return [] }
      return (0...max(1, Int(most))).map(String.init)
    default:
      guard width > 1, loss == "CategoricalCrossentropy" || model.endsWithSoftmax,
        targets.isOneHot(width: width)
      else { return [] }
      return (0..<width).map(String.init)
    }
  }
}

extension ModelDescription {
  fileprivate var endsWithSoftmax: Bool {
    guard isChain, let last = layers.last else { return false }
    return last.kind == "Softmax" || last.arguments[ifTaken: "activation"] == .text("softmax")
  }
}

extension Tensor {
  /// Whether each row has one 1 and else 0.
  fileprivate func isOneHot(width: Int) -> Bool {
    stride(from: 0, to: count, by: width).allSatisfy { first in
      let row = scalars[first..<first + width]
      return row.allSatisfy { $0 == 0 || $0 == 1 } && row.reduce(0, +) == 1
    }
  }
}

extension Session {
  /// What a picture of the run calls its classes; empty where numbers are to be met.
  package var shownClasses: [String] { part.shownClasses }
}
