import Tensors

// The ops that move numbers, look them up, or work along an axis.

extension OpCatalog {
  private static func one(_ name: String, _ op: any Op, _ shape: Shape) -> OpExample {
    OpExample(name, op, [("x", "x", shape)])
  }

  static let moves: [OpExample] = [
    one("transposed", TransposeOp([1, 0]), [3, 4]),
    one("transposed with the batch first", TransposeOp([0, 2, 3, 1]), [2, 3, 2, 4]),
    one("axes transposed in a circle", TransposeOp([2, 0, 1]), [2, 3, 4]),
    one("broadcast to more axes", BroadcastOp(to: [2, 3, 4]), [3, 4]),
    one("broadcast of axes of one place", BroadcastOp(to: [3, 2, 4]), [3, 1, 4]),
    one("broadcast of one number", BroadcastOp(to: [2, 3]), [1, 1]),
    one("broadcast along the last axis", BroadcastOp(to: [2, 3, 5]), [3, 1]),
    one("sliced", SliceOp([.all, .range(start: 1, stop: -1)]), [3, 5]),
    one(
      "sliced backwards and in steps",
      SliceOp([.range(step: 2), .range(step: -1), .range(start: 4, stop: 0, step: -2)]),
      [3, 2, 5]),
    one("sliced at one place", SliceOp([.all, .index(-2)]), [2, 3, 4]),
    OpExample(
      "joined along rows", ConcatenateOp(),
      [("a", "a", [3, 2]), ("b", "b", [3, 4]), ("c", "c", [3, 1])]),
    OpExample(
      "joined along another axis", ConcatenateOp(axis: 1),
      [("a", "a", [2, 1, 3]), ("b", "b", [2, 2, 3])]),
    OpExample("stacked", StackOp(axis: 1), [("a", "a", [3, 2]), ("b", "b", [3, 2])]),
    OpExample(
      "stacked along the last axis", StackOp(axis: -1), [("a", "a", [3]), ("b", "b", [3])]),
    one("repeated", RepeatOp(3, axis: 1), [2, 3]),
    one("repeated along a middle axis", RepeatOp(2, axis: 1), [2, 3, 4]),
    one("tiled", TileOp([1, 3]), [2, 3]),
    one("tiled along two axes", TileOp([2, 1, 3]), [2, 2, 2]),
    one("tiled to more axes", TileOp([2, 1, 2]), [3, 2]),
    one("flipped", FlipOp(axes: [1, -1]), [2, 3, 4]),
    one("padded", PadOp([(0, 0), (1, 2), (2, 0)]), [2, 2, 3]),
    one("padded with ones", PadOp([(1, 0), (0, 1)], constant: 1), [2, 3]),
    one("reshaped", ReshapeOp(to: [2, 3, 2, 2]), [2, 12]),
  ]

  private static func product(
    _ name: String, _ a: Shape, _ b: Shape, _ transposesA: Bool = false,
    _ transposesB: Bool = false
  ) -> OpExample {
    OpExample(
      name, BatchedMatMulOp(transposesA: transposesA, transposesB: transposesB),
      [("a", "a", a), ("b", "b", b)])
  }

  static let products: [OpExample] = [
    product("products", [2, 3, 4], [2, 4, 5]),
    product("products, the first transposed", [2, 4, 3], [2, 4, 5], true, false),
    product("products, the second transposed", [2, 3, 4], [2, 5, 4], false, true),
    product("products, both transposed", [2, 4, 3], [2, 5, 4], true, true),
    product("products with one matrix for all", [3, 2, 4], [4, 3]),
    product("products of one matrix with all", [2, 4], [3, 4, 2]),
    product("products with one transposed matrix for all", [3, 2, 4], [3, 4], false, true),
    product("products in a grid", [2, 1, 2, 3], [1, 3, 3, 2]),
    product("products in a grid, transposed", [2, 1, 3, 2], [3, 2, 3], true, true),
    product("products of two axes", [2, 3, 2, 4], [2, 3, 4, 1]),
  ]

  private static func lookup(
    _ name: String, _ op: any Op, _ table: Shape, _ numbers: Shape, below: Int
  ) -> OpExample {
    OpExample(
      name, op, [("E", "E", table), ("n", "n", numbers)], given: ["n": .numbers(below: below)])
  }

  static let lookups: [OpExample] =
    [
      lookup("taken from a table", GatherOp(), [5, 3], [2, 4], below: 5),
      lookup("taken along another axis", GatherOp(axis: 1), [2, 4, 3], [5], below: 4),
      lookup("taken along the last axis", GatherOp(axis: -1), [3, 4], [2, 2], below: 4),
      lookup("taken place by place", TakeAlongAxisOp(), [3, 4], [3, 5], below: 4),
      lookup(
        "taken place by place along a middle axis", TakeAlongAxisOp(axis: 1), [2, 4, 3],
        [2, 2, 3], below: 4),
    ]
    + OneHotOp.Mode.allCases.map {
      OpExample(
        "classes as \($0)", OneHotOp(classes: 4, mode: $0), [("n", "n", [3, 2])],
        given: ["n": .numbers(below: 5)])
    }

  static let lines: [OpExample] = [
    one("softmax along a middle axis", SoftmaxOp(axis: 1), [2, 3, 4]),
    one("softmax along the batch", SoftmaxOp(axis: 0), [3, 4]),
    one("log softmax", LogSoftmaxOp(), [3, 4]),
    one("log softmax along a middle axis", LogSoftmaxOp(axis: 1), [2, 3, 4]),
    one("log sum exp", LogSumExpOp(), [3, 4]),
    one("log sum exp along a middle axis", LogSumExpOp(axis: -2, keepsAxis: true), [2, 3, 4]),
    one("cumulative sum", CumulativeSumOp(), [3, 4]),
    one("cumulative sum along a middle axis", CumulativeSumOp(axis: 1), [2, 3, 4]),
    OpExample("arg max", ArgMaxOp(), [("x", "x", [3, 4])], given: ["x": .anyNumbers]),
    OpExample(
      "arg max along a middle axis", ArgMaxOp(axis: 1, keepsAxis: true), [("x", "x", [2, 3, 4])],
      given: ["x": .anyNumbers]),
    OpExample("order", ArgSortOp(), [("x", "x", [3, 4])], given: ["x": .anyNumbers]),
    OpExample(
      "order from the largest on", ArgSortOp(axis: 1, isDescending: true),
      [("x", "x", [2, 5, 3])], given: ["x": .anyNumbers]),
    OpExample("arg min", ArgMinOp(axis: 1), [("x", "x", [2, 3, 4])], given: ["x": .anyNumbers]),
  ]

  static let draws: [OpExample] = [
    OpExample(
      "normal draws", RandomOp(.normal(mean: 1, deviation: 2), shape: [3, 4], layer: "op"), []),
    OpExample(
      "uniform draws", RandomOp(.uniform(low: -1, high: 3), shape: [3, 4], layer: "op"), []),
    OpExample("a mask", RandomOp(.bernoulli(probability: 0.7), shape: [3, 4], layer: "op"), []),
  ]
}
