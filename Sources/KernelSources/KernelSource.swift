import Foundation
import Tensors

/// The Swift source of a kernel's readable twin, as it stands in `Reference/`; nil where the
/// installed resources are incomplete.
package func source(of kernel: Kernel) -> String? {
  let file = kernel.sourceName + ".swift"
  let url = Bundle.module.bundleURL.appendingPathComponent("Reference/\(file)")
  return try? String(contentsOf: url, encoding: .utf8)
}

extension Kernel {
  /// The file of the twin, without its ending.
  fileprivate var sourceName: String {
    switch self {
    case .sgd: "SGD"
    case .lstmCell: "LSTMCell"
    case .lstmOutput: "LSTMOutput"
    case .lstmCellGradient: "LSTMCellGradient"
    default: String(describing: self).prefix(1).uppercased() + String(describing: self).dropFirst()
    }
  }
}
