import Foundation
import Tensors

/// scikit-learn's generated data, from its own draws: the same points for the same `random_state`.
enum PointClouds {
  static func functions() -> [NativeFunction] {
    [
      NativeFunction(
        "make_moons(n_samples=100, *, shuffle=True, noise=None, random_state=None)", moons),
      NativeFunction(
        "make_circles(n_samples=100, *, shuffle=True, noise=None, random_state=None, factor=0.8)",
        circles),
      NativeFunction(
        "make_blobs(n_samples=100, n_features=2, *, centers=None, cluster_std=1.0,"
          + "center_box=None, shuffle=True, random_state=None, return_centers=False)", blobs),
      NativeFunction(
        "make_regression(n_samples=100, n_features=100, *, n_informative=10, n_targets=1, bias=0.0,"
          + "noise=0.0, shuffle=True, coef=False, random_state=None)", regression),
      NativeFunction(
        "make_classification(n_samples=100, n_features=20, *, n_informative=2, n_redundant=2,"
          + "n_repeated=0, n_classes=2, n_clusters_per_class=2, weights=None, flip_y=0.01,"
          + "class_sep=1.0, shift=0.0, scale=1.0, shuffle=True, random_state=None)", classification),
      NativeFunction(
        "make_gaussian_quantiles(*, cov=1.0, n_samples=100, n_features=2, n_classes=3,"
          + "shuffle=True, random_state=None)", quantiles),
    ]
  }

  /// Rows of points and their classes or values, under construction.
  private struct Points {
    var rows: [[Double]]
    var targets: [Double]

    mutating func shuffle(_ state: inout NumPyRandomState) {
      var order = Array(rows.indices)
      state.shuffle(&order)
      (rows, targets) = (order.map { rows[$0] }, order.map { targets[$0] })
    }

    func values(_ call: BoundCall, _ kind: NDArray.Kind) throws -> [PythonValue] {
      let width = rows.first?.count ?? 0
      return [
        try call.evaluator.value(
          NDArray(shape: [rows.count, width], scalars: rows.flatMap { $0 })),
        try call.evaluator.value(NDArray(row: targets, kind: kind)),
      ]
    }
  }

  private static func count(_ call: BoundCall) throws -> Int {
    try call.integer("n_samples", in: 1...1_000_000)
  }

  // MARK: Curves

  /// How many points lie on the first curve and on the second.
  private static func halves(_ call: BoundCall) throws -> (Int, Int) {
    if call["n_samples"].sequence != nil {
      let pair = try call.integers("n_samples")
      guard pair.count == 2, pair.allSatisfy({ $0 >= 0 && $0 <= 1_000_000 }) else {
        throw call.unsuitable("n_samples", wanted: "a count, or a pair of counts")
      }
      return (pair[0], pair[1])
    }
    let n = try count(call)
    return (n / 2, n - n / 2)
  }

  private static func moons(_ call: BoundCall) throws -> PythonValue {
    let (first, second) = try halves(call)
    let a = NumPy.linspace(0, .pi, first).scalars
    let b = NumPy.linspace(0, .pi, second).scalars
    let rows =
      a.map { [cosine($0), sine($0)] } + b.map { [1 - cosine($0), 1 - sine($0) - 0.5] }
    return try finished(rows, first, call)
  }

  private static func circles(_ call: BoundCall) throws -> PythonValue {
    let (first, second) = try halves(call)
    let factor = try call.number("factor")
    guard factor >= 0 && factor < 1 else {
      throw call.unsuitable("factor", wanted: "a number from 0 to below 1")
    }
    let a = NumPy.linspace(0, 2 * .pi, first, includesEnd: false).scalars
    let b = NumPy.linspace(0, 2 * .pi, second, includesEnd: false).scalars
    let rows =
      a.map { [cosine($0), sine($0)] } + b.map { [cosine($0) * factor, sine($0) * factor] }
    return try finished(rows, first, call)
  }

  /// Shuffles and then adds noise, in scikit-learn's order of draws.
  private static func finished(
    _ rows: [[Double]], _ first: Int, _ call: BoundCall
  ) throws -> PythonValue {
    var state = try NumPyRandomNames.state(call, "random_state")
    var points = Points(rows: rows, targets: rows.indices.map { $0 < first ? 0 : 1 })
    if try call.boolean("shuffle") { points.shuffle(&state) }
    if !call["noise"].isNone {
      let noise = try call.number("noise")
      guard noise >= 0 else { throw call.unsuitable("noise", wanted: "a number from 0") }
      points.rows = points.rows.map { row in row.map { $0 + state.normal(0, noise) } }
    }
    return try call.evaluator.tuple(try points.values(call, .int64))
  }

  // MARK: Blobs

  private static func blobs(_ call: BoundCall) throws -> PythonValue {
    var state = try NumPyRandomNames.state(call, "random_state")
    let given = call["n_samples"].wholeNumber == nil ? try call.integers("n_samples") : nil
    var width = try call.integer("n_features", in: 1...10_000)
    var centers: [[Double]] = []
    if let array = call["centers"].isNone || call["centers"].wholeNumber != nil
      ? nil : try call.array("centers")
    {
      guard array.rank == 2, array.shape[0] > 0 else {
        throw call.unsuitable("centers", wanted: "a count, or a matrix of centers")
      }
      width = array.shape[1]
      centers = (0..<array.shape[0]).map { array.row($0).scalars }
    } else {
      let box = call["center_box"].isNone ? [-10, 10] : try call.array("center_box").scalars
      guard box.count == 2 else { throw call.unsuitable("center_box", wanted: "a pair") }
      let n = try given?.count ?? call.optionalInteger("centers", in: 1...100_000) ?? 3
      _ = try Shape.checked([n, width])
      centers = (0..<n).map { _ in (0..<width).map { _ in state.uniform(box[0], box[1]) } }
    }
    let k = centers.count
    let n = try given == nil ? count(call) : 0
    let counts = given ?? (0..<k).map { n / k + ($0 < n % k ? 1 : 0) }
    guard counts.count == k, counts.allSatisfy({ $0 >= 0 && $0 <= 1_000_000 }) else {
      throw call.unsuitable("n_samples", wanted: "a count for each of the \(k) centers")
    }
    _ = try Shape.checked([counts.reduce(0, +), width])
    let spread = try call.array("cluster_std").scalars
    guard spread.count == 1 || spread.count == k else {
      throw call.unsuitable("cluster_std", wanted: "a number, or one for each center")
    }
    var points = Points(rows: [], targets: [])
    for (i, center) in centers.enumerated() {
      let deviation = spread[spread.count == 1 ? 0 : i]
      for _ in 0..<counts[i] {
        points.rows.append(center.map { state.normal($0, deviation) })
        points.targets.append(Double(i))
      }
    }
    if try call.boolean("shuffle") { points.shuffle(&state) }
    var values = try points.values(call, .int64)
    if try call.boolean("return_centers") {
      values.append(
        try call.evaluator.value(
          call["centers"].isArray || call["centers"].sequence != nil
            ? try call.array("centers")
            : NDArray(shape: [k, width], scalars: centers.flatMap { $0 })))
    }
    return try call.evaluator.tuple(values)
  }

  private static func quantiles(_ call: BoundCall) throws -> PythonValue {
    var state = try NumPyRandomNames.state(call, "random_state")
    let n = try count(call)
    let width = try call.integer("n_features", in: 1...1000)
    let classes = try call.integer("n_classes", in: 1...n)
    _ = try Shape.checked([n, width])
    let deviation = try call.number("cov").squareRoot()
    let rows = (0..<n).map { _ in (0..<width).map { _ in deviation * state.standardNormal() } }
    let order = NDArray.order(rows.map { NDArray.sum($0.map { $0 * $0 }) })
    let step = n / classes
    var points = Points(
      rows: order.map { rows[$0] },
      targets: (0..<n).map { Double(min($0 / step, classes - 1)) })
    if try call.boolean("shuffle") { points.shuffle(&state) }
    return try call.evaluator.tuple(try points.values(call, .int64))
  }

  // MARK: Regression and classification

  private static func normals(
    _ rows: Int, _ columns: Int, _ state: inout NumPyRandomState
  ) throws -> [[Double]] {
    _ = try Shape.checked([rows, columns])
    return (0..<rows).map { _ in (0..<columns).map { _ in state.standardNormal() } }
  }

  private static func product(_ row: [Double], _ matrix: [[Double]]) -> [Double] {
    (0..<(matrix.first?.count ?? 0)).map { j in
      row.indices.reduce(0) { $0 + row[$1] * matrix[$1][j] }
    }
  }

  private static func regression(_ call: BoundCall) throws -> PythonValue {
    var state = try NumPyRandomNames.state(call, "random_state")
    let n = try count(call)
    let width = try call.integer("n_features", in: 1...10_000)
    let useful = min(width, try call.integer("n_informative", in: 0...10_000))
    guard try call.integer("n_targets") == 1 else {
      throw call.unsuitable("n_targets", wanted: "1")
    }
    let rows = try normals(n, width, &state)
    var slopes = (0..<width).map { $0 < useful ? 100 * state.random() : 0 }
    let bias = try call.number("bias")
    var points = Points(
      rows: rows, targets: rows.map { product($0, slopes.map { [$0] })[0] + bias })
    let noise = try call.number("noise")
    if noise > 0 { points.targets = points.targets.map { $0 + state.normal(0, noise) } }
    if try call.boolean("shuffle") {
      points.shuffle(&state)
      var order = Array(0..<width)
      state.shuffle(&order)
      points.rows = points.rows.map { row in order.map { row[$0] } }
      slopes = order.map { slopes[$0] }
    }
    var values = try points.values(call, .float64)
    if try call.boolean("coef") {
      values.append(try call.evaluator.value(NDArray(row: slopes)))
    }
    return try call.evaluator.tuple(values)
  }

  private static func classification(_ call: BoundCall) throws -> PythonValue {
    var state = try NumPyRandomNames.state(call, "random_state")
    let n = try count(call)
    let width = try call.integer("n_features", in: 1...10_000)
    let useful = try call.integer("n_informative", in: 1...30)
    let redundant = try call.integer("n_redundant", in: 0...width)
    let repeated = try call.integer("n_repeated", in: 0...width)
    let classes = try call.integer("n_classes", in: 1...1000)
    let perClass = try call.integer("n_clusters_per_class", in: 1...1000)
    let clusters = classes * perClass
    guard useful + redundant + repeated <= width else {
      throw call.unsuitable("n_features", wanted: "at least \(useful + redundant + repeated)")
    }
    guard clusters <= 1 << useful else {
      throw call.unsuitable("n_informative", wanted: "enough for \(clusters) clusters: 2ⁿ of them")
    }
    _ = try Shape.checked([n, width])
    let shares = try weights(classes, call)
    var counts = (0..<clusters).map { Int(Double(n) * shares[$0 % classes] / Double(perClass)) }
    for i in 0..<max(0, n - counts.reduce(0, +)) { counts[i % clusters] += 1 }
    let separation = try call.number("class_sep")
    let corners = hypercube(clusters, useful, &state)
      .map { $0.map { $0 * (2 * separation) - separation } }
    var rows = try normals(n, useful, &state)
    var targets = [Double](repeating: 0, count: n)
    var start = 0
    for (k, corner) in corners.enumerated() {
      let matrix = (0..<useful).map { _ in (0..<useful).map { _ in 2 * state.random() - 1 } }
      for i in start..<min(n, start + counts[k]) {
        rows[i] = zip(product(rows[i], matrix), corner).map { $0 + $1 }
        targets[i] = Double(k % classes)
      }
      start += counts[k]
    }
    if redundant > 0 {
      let matrix = (0..<useful).map { _ in (0..<redundant).map { _ in 2 * state.random() - 1 } }
      rows = rows.map { $0 + product($0, matrix) }
    }
    if repeated > 0 {
      let last = Double(useful + redundant - 1)
      let copied = (0..<repeated).map { _ in Int(last * state.random() + 0.5) }
      rows = rows.map { row in row + copied.map { row[$0] } }
    }
    let rest = width - useful - redundant - repeated
    if rest > 0 { rows = zip(rows, try normals(n, rest, &state)).map { $0 + $1 } }
    let flipped = try call.number("flip_y")
    if flipped >= 0 {
      let mask = (0..<n).map { _ in state.random() < flipped }
      for i in 0..<n where mask[i] { targets[i] = Double(state.randint(0, classes)) }
    }
    let (shift, scale) = (try call.number("shift"), try call.number("scale"))
    var points = Points(rows: rows.map { $0.map { ($0 + shift) * scale } }, targets: targets)
    if try call.boolean("shuffle") {
      points.shuffle(&state)
      var order = Array(0..<width)
      state.shuffle(&order)
      points.rows = points.rows.map { row in order.map { row[$0] } }
    }
    return try call.evaluator.tuple(try points.values(call, .int64))
  }

  private static func weights(_ classes: Int, _ call: BoundCall) throws -> [Double] {
    guard !call["weights"].isNone else {
      return [Double](repeating: 1 / Double(classes), count: classes)
    }
    var shares = try call.array("weights").scalars
    if shares.count == classes - 1 { shares.append(1 - shares.reduce(0, +)) }
    guard shares.count == classes, shares.allSatisfy({ $0 >= 0 && $0 <= 1 }),
      shares.reduce(0, +) <= 1.0001
    else { throw call.unsuitable("weights", wanted: "a part for each of the \(classes) classes") }
    return shares
  }

  /// Different corners of a cube, as rows of 0 and 1.
  private static func hypercube(
    _ count: Int, _ dimensions: Int, _ state: inout NumPyRandomState
  ) -> [[Double]] {
    let all = 1 << dimensions
    let ratio = Double(count) / Double(all)
    var chosen: [Int] = []
    if ratio > 0.01 && ratio < 0.99 {
      chosen = Array(state.permutation(all).prefix(count))
    } else if ratio < 0.2 {
      var known = Set<Int>()
      while chosen.count < count {
        let i = state.randint(0, all)
        if known.insert(i).inserted { chosen.append(i) }
      }
    } else {
      chosen = Array(0..<count)
    }
    return chosen.map { i in
      (0..<dimensions).map { Double(i >> (dimensions - 1 - $0) & 1) }
    }
  }
}
