import Autodiff
import Tensors
import Testing

/// What an op gives for given inputs, forward only.
private func apply(_ op: some Op, _ inputs: [(Shape, [Float])], step: Int = 0) -> Tensor {
  var builder = GraphBuilder(mode: .inference)
  let values = inputs.enumerated().map { builder.input("x\($0)", "x", $1.0) }
  let input = values.first ?? builder.input("none", "x", op.outputShape([]))
  let output = builder.layer("op") { $0.apply(op, to: values) }
  let execution = Execution(
    Planner.plan(builder, inputs: [input], outputs: [output], parameters: []))
  execution.begin(seed: 3, step: step, learningRate: 0)
  for (value, (_, numbers)) in zip(values, inputs) { execution.write(numbers, to: value) }
  execution.run()
  return execution.tensor(output)
}

private func count(_ shape: Shape) -> (Shape, [Float]) {
  (shape, (0..<shape.count).map(Float.init))
}

/// A whole array from a rule for each index.
private func array(_ shape: Shape, _ rule: ([Int]) -> Float) -> Tensor {
  Tensor(shape: shape, scalars: (0..<shape.count).map { rule(shape.index(ofOffset: $0)) })
}

@Suite("Ops that move numbers")
struct ShapeOpTests {
  private func isMoved(_ y: Tensor, _ x: Shape, _ place: ([Int]) -> [Int]) -> Bool {
    y == array(y.shape) { x.offset(of: place($0)).map(Float.init) ?? -1 }
  }

  @Test("axes change places")
  func transpose() {
    let y = apply(TransposeOp([2, 0, 1]), [count([2, 3, 20])])
    #expect(y.shape == [20, 2, 3])
    #expect(isMoved(y, [2, 3, 20]) { [$0[1], $0[2], $0[0]] })
  }

  @Test("more than six axes are no obstacle")
  func manyAxes() {
    let shape: Shape = [2, 3, 2, 2, 3, 2, 2, 2]
    let order = [7, 5, 3, 1, 6, 4, 2, 0]
    let y = apply(TransposeOp(order), [count(shape)])
    #expect(
      isMoved(y, shape) { index in
        var source = [Int](repeating: 0, count: 8)
        for (i, axis) in order.enumerated() { source[axis] = index[i] }
        return source
      })
  }

  @Test("missing axes and those of one place repeat")
  func broadcast() {
    let y = apply(BroadcastOp(to: [4, 3, 18]), [count([3, 1])])
    #expect(isMoved(y, [3, 1]) { [$0[1], 0] })
  }

  @Test(
    "slices are Python's",
    arguments: [
      (AxisSlice.range(start: 1, stop: 6), [1, 2, 3, 4, 5]),
      (.range(step: -1), [6, 5, 4, 3, 2, 1, 0]),
      (.range(start: -3), [4, 5, 6]), (.range(start: 5, stop: 1, step: -2), [5, 3]),
      (.range(start: 2, stop: 100, step: 3), [2, 5]), (.range(start: 4, stop: 2), []),
      (.range(start: -100, stop: 2), [0, 1]), (.range(start: 100, step: -3), [6, 3, 0]),
      (.index(-1), [6]), (.all, [0, 1, 2, 3, 4, 5, 6]),
    ] as [(AxisSlice, [Float])])
  func slice(part: AxisSlice, expected: [Float]) {
    #expect(apply(SliceOp([part]), [count([7])]).scalars == expected)
    let rows = apply(SliceOp([.all, part]), [count([2, 7])])
    #expect(rows.scalars == expected + expected.map { $0 + 7 })
  }

  @Test("arrays are joined and stacked")
  func joined() {
    let (a, b) = (count([2, 2]), count([2, 1]))
    #expect(apply(ConcatenateOp(), [a, b]).scalars == [0, 1, 0, 2, 3, 1])
    #expect(apply(ConcatenateOp(axis: 0), [a, a]).scalars == [0, 1, 2, 3, 0, 1, 2, 3])
    let stacked = apply(StackOp(axis: -1), [a, a])
    #expect(stacked.shape == [2, 2, 2])
    #expect(stacked.scalars == [0, 0, 1, 1, 2, 2, 3, 3])
  }

  @Test("repeating, tiling, flipping and padding are NumPy's")
  func repeats() {
    let x = count([2, 2])
    #expect(apply(RepeatOp(2, axis: 1), [x]).scalars == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(apply(RepeatOp(2, axis: 0), [x]).scalars == [0, 1, 0, 1, 2, 3, 2, 3])
    #expect(apply(TileOp([2]), [x]).scalars == [0, 1, 0, 1, 2, 3, 2, 3])
    #expect(apply(TileOp([2, 1]), [x]).scalars == [0, 1, 2, 3, 0, 1, 2, 3])
    #expect(apply(FlipOp(axes: [0]), [x]).scalars == [2, 3, 0, 1])
    #expect(apply(FlipOp(axes: [0, 1]), [x]).scalars == [3, 2, 1, 0])
    let padded = apply(PadOp([(1, 0), (0, 1)], constant: 9), [x])
    #expect(padded.scalars == [9, 9, 9, 0, 1, 9, 2, 3, 9])
  }

  @Test("a place of the target knows its sources", arguments: OpCatalog.all)
  func sources(example: OpExample) throws {
    guard let op = example.op as? any MovingOp else { return }
    for move in op.moves(example.inputs.map(\.shape)).flatMap({ [$0, $0.reversed] }) {
      var pairs = [(move.sourceOffset, move.targetOffset)]
      for axis in move.axes {
        pairs = pairs.flatMap { pair in
          (0..<axis.extent).map { (pair.0 + $0 * axis.source, pair.1 + $0 * axis.target) }
        }
      }
      let last = try #require(pairs.map(\.1).max())
      for place in 0...last + 1 {
        #expect(move.sources(of: place) == pairs.filter { $0.1 == place }.map(\.0))
      }
    }
  }

  @Test("matrices are multiplied one by one")
  func products() {
    let (a, b): (Shape, Shape) = ([2, 1, 3, 4], [5, 4, 2])
    let y = apply(BatchedMatMulOp(), [count(a), count(b)])
    #expect(y.shape == [2, 5, 3, 2])
    #expect(
      y
        == array(y.shape) { i in
          (0..<4).reduce(Float(0)) { sum, k in
            sum + Float(a.offset(of: [i[0], 0, i[2], k]) ?? 0)
              * Float(b.offset(of: [i[1], k, i[3]]) ?? 0)
          }
        })
  }

  @Test("a number that names no row gives no number")
  func gather() {
    let table = count([3, 2])
    let y = apply(GatherOp(), [table, ([5], [2, -1, 3, 0.9, .nan])])
    #expect(Array(y.scalars[..<2]) == [4, 5])
    #expect(y.scalars[2..<6].allSatisfy { $0.isNaN })
    #expect(Array(y.scalars[6..<8]) == [0, 1])
    #expect(y.scalars[8...].allSatisfy { $0.isNaN })
    let wrapped = apply(GatherOp(axis: 1, wrapsNegative: true), [table, ([2], [-1, -2])])
    #expect(wrapped.scalars == [1, 0, 3, 2, 5, 4])
  }

  @Test("classes become rows of 0 and 1; no class becomes zeros")
  func oneHot() {
    let x: (Shape, [Float]) = ([2, 2], [1, 1, 0, 7])
    #expect(
      apply(OneHotOp(classes: 2), [x]).scalars == [0, 1, 0, 1, 1, 0, 0, 0])
    #expect(apply(OneHotOp(classes: 2, mode: .multiHot), [x]).scalars == [0, 1, 1, 0])
    #expect(apply(OneHotOp(classes: 2, mode: .count), [x]).scalars == [0, 2, 1, 0])
  }

  @Test("the first largest wins, and what is no number wins over all")
  func places() {
    let x: (Shape, [Float]) = ([2, 3], [1, 5, 5, .nan, 7, 0])
    #expect(apply(ArgMaxOp(), [x]).scalars == [1, 0])
    #expect(apply(ArgMinOp(), [x]).scalars == [0, 0])
    #expect(apply(ArgMaxOp(axis: 0), [x]).scalars == [1, 1, 0])
    #expect(apply(ArgMinOp(axis: 0, keepsAxis: true), [x]).shape == [1, 3])
  }

  @Test("places in order sort an array along any axis")
  func sorted() {
    let x: (Shape, [Float]) = ([1, 7], [3, .nan, 1, 3, -2, .infinity, 1])
    #expect(apply(ArgSortOp(), [x]).scalars == [4, 2, 6, 0, 3, 5, 1])
    #expect(apply(ArgSortOp(isDescending: true), [x]).scalars == [5, 0, 3, 2, 6, 4, 1])
    let shape: Shape = [3, 50, 4]
    let draws = apply(
      RandomOp(.normal(mean: 0, deviation: 1), shape: shape, layer: "s"), []
    ).scalars
    let order = apply(ArgSortOp(axis: 1), [(shape, draws)])
    let sorted = apply(TakeAlongAxisOp(axis: 1), [(shape, draws), (shape, order.scalars)])
    for (o, i) in (0..<3).flatMap({ o in (0..<4).map { (o, $0) } }) {
      let line = (0..<50).map { (o * 50 + $0) * 4 + i }
      #expect(line.map { sorted.scalars[$0] } == line.map { draws[$0] }.sorted())
    }
  }

  @Test("large numbers do not overflow under exp")
  func stable() {
    let x: (Shape, [Float]) = ([1, 3], [1000, 999, -1000])
    let y = apply(LogSoftmaxOp(), [x]).scalars
    #expect(abs(y[0] + 0.313_261_7) < 1e-5 && abs(y[1] + 1.313_261_7) < 1e-5 && y[2] < -1900)
    let sum = apply(LogSumExpOp(), [x]).scalars[0]
    #expect(abs(sum - 1000.313_26) < 1e-3)
    let none: (Shape, [Float]) = ([1, 2], [-.infinity, -.infinity])
    #expect(apply(LogSumExpOp(), [none]).scalars == [-.infinity])
  }

  @Test("draws have their moments, and a step done again draws the same")
  func draws() {
    func moments(_ op: RandomOp) -> (mean: Double, deviation: Double) {
      let x = apply(op, []).scalars.map(Double.init)
      let mean = x.reduce(0, +) / Double(x.count)
      let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
      return (mean, square.squareRoot())
    }
    let shape: Shape = [100, 200]
    let normal = RandomOp(.normal(mean: 3, deviation: 2), shape: shape, layer: "a")
    #expect(abs(moments(normal).mean - 3) < 0.05 && abs(moments(normal).deviation - 2) < 0.04)
    let uniform = RandomOp(.uniform(low: -1, high: 3), shape: shape, layer: "a")
    #expect(
      abs(moments(uniform).mean - 1) < 0.03 && abs(moments(uniform).deviation - 1.1547) < 0.02)
    #expect(apply(uniform, []).scalars.allSatisfy { $0 >= -1 && $0 < 3 })
    let mask = RandomOp(.bernoulli(probability: 0.7), shape: shape, layer: "a")
    #expect(abs(moments(mask).mean - 0.7) < 0.02)
    #expect(Set(apply(mask, []).scalars) == [0, 1])
    #expect(apply(normal, []) == apply(normal, []))
    #expect(apply(normal, []) != apply(normal, [], step: 1))
    #expect(
      apply(normal, [])
        != apply(RandomOp(.normal(mean: 3, deviation: 2), shape: shape, layer: "b"), []))
  }
}
