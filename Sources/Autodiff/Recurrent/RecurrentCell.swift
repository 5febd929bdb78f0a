import Tensors

/// The arithmetic of a recurrent layer in one time step. `RecurrentOp` does what all of them share:
/// time, masks, states, dropped inputs, and the gradients of the weights.
///
/// The columns of W, U and b are blocks, one for each gate, in Keras's order. To add a cell, write
/// `Recurrent/XCell.swift` and name its forms in `OpCatalog`.
protocol RecurrentCell: Sendable {
  /// The name of each block of columns.
  var gates: [String] { get }
  /// What goes from step to step: the output `h` first.
  var carried: [String] { get }
  /// The sums that gates are functions of, each over some of the blocks.
  var sums: [RecurrentSum] { get }
  /// The rows of b: two where the recurrent product has a bias of its own.
  var biasRows: Int { get }
  /// What a step computes besides, [batch, units] each.
  var parts: [(name: String, symbol: String)] { get }
  /// The gradients that a step computes besides those of `h` and of the sums.
  var gradients: [(name: String, symbol: String)] { get }

  /// Emits one time step: from `h'` … and `x W` to what is carried on.
  func emitStep(_ step: RecurrentStep, _ emitter: inout Emitter)

  /// Emits the gradients of one time step: from `∂L/∂h` to those of the sums, and to what the step
  /// before gets.
  func emitBack(
    _ step: RecurrentStep, _ way: RecurrentGradients, _ arriving: RecurrentArrival,
    _ emitter: inout Emitter
  ) -> RecurrentCarry
}

extension RecurrentCell {
  var biasRows: Int { 1 }
  var parts: [(name: String, symbol: String)] { [] }
  var gradients: [(name: String, symbol: String)] { [] }

  /// The columns of a sum, of so many units each.
  func width(of sum: RecurrentSum, _ units: Int) -> Int { sum.blocks.count * units }
}

/// A sum `x W + h' U + b` over some blocks of columns.
struct RecurrentSum: Sendable {
  /// What listings and formulas call it.
  let name: String
  let blocks: Range<Int>
  /// What U's blocks are multiplied with, where that is not `h'`.
  var left: String?
  /// The gradient of what U's blocks give, where that is not the sum's own.
  var recurrentGradient: String?
  /// Whether `h' U` and its bias are added by the cell itself.
  var addsRecurrentLater = false

  /// The name of the gradient that U gets.
  var gradientOfProduct: String { recurrentGradient ?? name + ".grad" }
}

/// What comes to a step from the loss and from the step after it.
struct RecurrentArrival {
  /// `∂L/∂h` of what the step itself computed.
  let dh: Value
  /// What comes to its memory, where it has one.
  let dc: Value?
  /// Whether anything before the step wants a gradient.
  let wantsBefore: Bool
}

/// What a step hands to the one before it.
struct RecurrentCarry {
  /// Gradients to be added up, by what they are of.
  var toAdd: [String: [Value]] = [:]
  /// Gradients of the left operands of U's blocks, beside those that follow from the sums.
  var lefts: [Int: Value] = [:]
  /// Gradients still to be multiplied by blocks of U.
  var products: [(gradient: Value, firstBlock: Int)] = []
}
