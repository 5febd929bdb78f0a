import Tensors

/// Class numbers as rows of 0 and 1, as Keras's `CategoryEncoding` makes them. A number that is no
/// class gives zeros. It has no gradient.
package struct OneHotOp: Op {
  package enum Mode: String, CaseIterable, Hashable, Sendable {
    /// Each number becomes a row: [..] → [.., classes].
    case oneHot
    /// The numbers of the last axis become one row, 1 where a class is among them:
    /// [.., width] → [.., classes].
    case multiHot
    /// The same with how often each class is there.
    case count
  }

  let classes: Int
  let mode: Mode

  package init(classes: Int, mode: Mode = .oneHot) {
    self.classes = classes
    self.mode = mode
  }
  package var outputName: String { "encoded" }
  package var outputSymbol: String { "c" }
  package var contributions: [ContributionRule] { [mode == .count ? .terms : .discrete] }

  private func width(_ shape: Shape) -> Int { mode == .oneHot ? 1 : shape.last }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    Shape(inputs[0].extents.dropLast(mode == .oneHot ? 0 : 1) + [classes])
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let x = inputs[0]
    let width = width(x.shape)
    emitter.emit(
      "encode",
      [
        KernelCall(
          .oneHot, [x, y],
          sizes: [y.shape.count / max(classes, 1), width, classes, mode == .count ? 1 : 0])
      ],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = classes of \(emitter.symbol(of: x))",
          .oneHot(of: x, width: width, counts: mode == .count))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] { [nil] }
}
