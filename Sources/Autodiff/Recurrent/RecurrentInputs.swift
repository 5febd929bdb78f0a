import Tensors

/// What a recurrent op is given, by its meaning.
struct RecurrentInputs {
  let x, w, u: Value
  let bias: Value?
  /// What is carried into the first time step, zeros when empty.
  let initial: [Value]
  /// [batch, time], 1 where a step counts.
  let mask: Value?
  /// What h' is multiplied with, one [batch, units] for each gate.
  let recurrentMask: Value?
  /// The place of each among the inputs.
  let biasPlace, initialPlace: Int

  init(_ inputs: [Value], _ form: RecurrentOp.Form, carried: Int) {
    (x, w, u) = (inputs[0], inputs[1], inputs[2])
    biasPlace = 3
    var rest = inputs.dropFirst(3)
    bias = form.hasBias ? rest.removeFirst() : nil
    initialPlace = rest.startIndex
    initial = form.hasInitialState ? Array(rest.prefix(carried)) : []
    rest = rest.dropFirst(initial.count)
    mask = form.hasMask ? rest.removeFirst() : nil
    recurrentMask = form.dropsRecurrent ? rest.removeFirst() : nil
  }

  var batch: Int { x.shape[0] }
  var time: Int { x.shape[1] }
  var units: Int { u.shape[0] }
  /// The columns of W, U and b.
  var columns: Int { u.shape[1] }
  var features: Int { w.shape[0] }
  /// Whether each gate has an input of its own, side by side in x.
  var hasInputPerGate: Bool { x.shape[2] != features }

  /// The first column of x that a block reads.
  func firstFeature(of block: Int) -> Int { hasInputPerGate ? block * features : 0 }
}

extension KernelCall {
  /// `c = a · b`, or `c + a · b`, of some columns of each.
  ///
  /// - Parameter block: where a and b begin; c begins at a column of its own.
  static func blockProduct(
    _ a: Value, _ b: Value, _ c: Value, from column: Int = 0, _ block: ProductBlock,
    accumulates: Bool = false
  ) -> KernelCall {
    var flags: MatMulFlags = accumulates ? .accumulate : []
    if block.form == .aTransposed { flags.insert(.transposeA) }
    if block.form == .bTransposed { flags.insert(.transposeB) }
    let rows = block.form == .aTransposed ? block.count : a.shape.rows
    let inner = block.form == .aTransposed ? a.shape.rows : block.count
    return KernelCall(
      .matMul,
      [Slice(a, from: block.aFrom), Slice(b, from: block.bFrom), Slice(c, from: column)],
      sizes: [
        rows, block.width, inner, flags.rawValue, a.shape.last, b.shape.last, c.shape.last,
      ])
  }

  /// `y = x + b` for the numbers of b from one on.
  static func sum(_ x: Value, bias b: Value, from first: Int, _ y: Value) -> KernelCall {
    let width = y.shape.last
    return KernelCall(
      .addBias, [Slice(x), Slice(b, from: first), Slice(y)],
      sizes: [y.shape.rows, width, width, width, ScalarFunction.linear.rawValue])
  }

  static func add(_ a: Value, _ b: Value, _ y: Value) -> KernelCall {
    KernelCall(.add, [a, b, y], sizes: [y.shape.count])
  }

  static func multiply(_ a: Value, _ b: Value, _ y: Value) -> KernelCall {
    KernelCall(.multiply, [a, b, y], sizes: [y.shape.count])
  }
}
