import Autodiff
import Tensors

/// Puts the numbers of each example in one row.
package struct Flatten: SingleLayer {
  package static let kind = "Flatten"
  package static let summary = "puts each example in one row"
  package static let ownArguments: [ArgumentSpec] = [.dataFormat]

  package init(_ arguments: Arguments) {}

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape { [input.count] }
  package func weights(for input: Shape) -> [WeightSpec] { [] }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.apply(FlattenOp(), to: [input])
  }
}
