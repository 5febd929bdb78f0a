import Tensors

/// An op that computes nothing: its numbers are those of its inputs at other places.
///
/// An op of this kind says which number goes where. Forward copies; backward is the same move the
/// other way, and a number that was copied often gets the sum of its copies' gradients.
package protocol MovingOp: Op {
  /// What listings call it: `transpose`.
  var title: String { get }
  /// The number in the places of the output to which nothing moves.
  var filler: Double { get }
  /// How the numbers of each input go to the output.
  func moves(_ inputs: [Shape]) -> [StridedMove]
}

extension MovingOp {
  package var outputSymbol: String { "y" }
  package var contributions: [ContributionRule] { [.chosen] }
  package var filler: Double { 0 }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let moves = moves(inputs.map(\.shape))
    let isWhole = moves.reduce(0) { $0 + $1.count } == y.shape.count
    let copies = zip(moves, inputs).flatMap { KernelCall.copies($0, $1, y) }
    let names = inputs.map { emitter.symbol(of: $0) }.joined(separator: ", ")
    let sources = zip(inputs, moves).map { MovedSource(value: $0, move: $1) }
    emitter.emit(
      title, (isWhole ? [] : KernelCall.fill(y, filler)) + copies,
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(title)(\(names))", .moved(sources, filler: filler))
      ])
    return []
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants.contains(true) else { return node.inputs.map { _ in nil } }
    let dy = node.dy
    let moves = moves(node.inputs.map(\.shape)).map(\.reversed)
    var calls: [KernelCall] = []
    var results: [InstructionResult] = []
    let gradients = node.inputs.indices.map { i -> Value? in
      guard node.wants[i] else { return nil }
      let (x, move) = (node.inputs[i], moves[i])
      let dx = emitter.gradient(of: x)
      if move.meets || move.count < x.shape.count { calls += KernelCall.fill(dx) }
      calls +=
        move.meets ? KernelCall.additions(move, dy, dx) : KernelCall.copies(move, dy, dx)
      let formula = "\(emitter.symbol(of: dx)) = \(emitter.symbol(of: dy))"
      results.append(
        InstructionResult(
          dx, formula + (move.meets ? ", summed over the copies" : ", back in its places"),
          .moved([MovedSource(value: dy, move: move)], filler: 0)))
      return dx
    }
    emitter.emit("∂ \(title)", calls, results)
    return gradients
  }
}

/// An axis as Python counts it: −1 is the last of `rank`.
func axisIndex(_ axis: Int, rank: Int) -> Int {
  let place = axis < 0 ? axis + rank : axis
  precondition(place >= 0 && place < rank, "no axis \(axis) among \(rank)")
  return place
}
