import Foundation
import Tensors

/// A function of NumPy's generators, one line each.
struct RandomFunction {
  typealias Body = (RandomObject, BoundCall) throws -> PythonValue

  let name: String
  let parameters: String
  var isLegacy = true
  var isModern = true
  let body: Body

  /// The function as a program calls it: of the generator that `source` gives.
  func native(
    _ source: @escaping (BoundCall) -> RandomObject,
    after: ((RandomObject, Evaluator) -> Void)? = nil
  ) -> NativeFunction {
    NativeFunction("\(name)(\(parameters))") { call in
      let object = source(call)
      defer { after?(object, call.evaluator) }
      return try body(object, call)
    }
  }

  /// Numbers of a distribution whose parameters may be arrays.
  private static func numbers(
    _ name: String, _ parameters: String, legacy: Bool = true, modern: Bool = true,
    kind: NDArray.Kind = .float64, check: @escaping ([Double]) -> String? = { _ in nil },
    _ draw: @escaping (RandomObject, [Double]) -> Double
  ) -> RandomFunction {
    let names = parameters.split(separator: ",").map {
      String($0.split(separator: "=")[0].filter { $0 != " " })
    }
    let all = parameters.isEmpty ? "size=None" : parameters + ", size=None"
    return RandomFunction(name: name, parameters: all, isLegacy: legacy, isModern: modern) {
      object, call in
      let given = try names.map { try call.array($0) }
      let own = try given.reduce(Shape([])) { try NDArray.broadcast($0, $1.shape) }
      let shape = call["size"].isNone ? own : try Shape.checked(try call.shape("size"))
      guard try NDArray.broadcast(own, shape) == shape else {
        throw call.unsuitable("size", wanted: "a shape that the parameters fit")
      }
      for (i, a) in given.enumerated() {
        for x in a.scalars {
          var probe = given.map { $0.scalars.first ?? 0 }
          probe[i] = x
          if let wrong = check(probe) { throw Complaint("\(name)() \(wrong)") }
        }
      }
      try call.evaluator.spend(shape.count / 16)
      let columns = given.map { $0.count == 1 ? $0.scalars : $0.stretched(to: shape) }
      var values: [Double] = []
      values.reserveCapacity(shape.count)
      for i in 0..<shape.count {
        values.append(draw(object, columns.map { $0.count == 1 ? $0[0] : $0[i] }))
      }
      if call["size"].isNone && own.rank == 0 {
        return kind == .int64 ? .integer(Int(values[0])) : .number(values[0])
      }
      return try call.evaluator.value(NDArray(shape: shape, scalars: values, kind: kind))
    }
  }

  private static func shaped(
    _ name: String, _ draw: @escaping (RandomObject) -> Double
  ) -> RandomFunction {
    RandomFunction(name: name, parameters: "*shape", isModern: false) { object, call in
      if call.rest.isEmpty { return .number(draw(object)) }
      let shape = try Shape.checked(try call.rest.flatMap(NumPy.extents))
      try call.evaluator.spend(shape.count / 16)
      return try call.evaluator.value(
        NDArray(shape: shape, scalars: (0..<shape.count).map { _ in draw(object) }))
    }
  }

  /// "negative" when a number that must not be is.
  private static func scale(_ i: Int) -> ([Double]) -> String? {
    { $0[i] >= 0 ? nil : "got a negative scale: \(PythonFormat.number($0[i]))" }
  }

  static var all: [RandomFunction] {
    [
      shaped("rand") { $0.random() }, shaped("randn") { $0.normal() },
      numbers("random_sample", "", modern: false) { o, _ in o.random() },
      numbers("sample", "", modern: false) { o, _ in o.random() },
      numbers("standard_normal", "") { o, _ in o.normal() },
      numbers("uniform", "low=0.0, high=1.0") { o, p in p[0] + (p[1] - p[0]) * o.random() },
      numbers("normal", "loc=0.0, scale=1.0", check: scale(1)) { o, p in p[0] + p[1] * o.normal() },
      numbers("lognormal", "mean=0.0, sigma=1.0", check: scale(1)) { o, p in
        exp(p[0] + p[1] * o.normal())
      },
      numbers("laplace", "loc=0.0, scale=1.0", check: scale(1)) { o, p in
        o.drawn { $0.laplace(p[0], p[1]) }
      },
      numbers(
        "poisson", "lam=1.0", kind: .int64,
        check: { $0[0] >= 0 && $0[0] < 1e9 ? nil : "takes \"lam\" from 0" }
      ) { o, p in o.drawn { $0.poisson(p[0]) } },
      numbers("binomial", "n, p", kind: .int64, check: binomial) { o, p in
        o.drawn { $0.binomial(Int(p[0]), p[1]) }
      },
      numbers("exponential", "scale=1.0", modern: false, check: scale(0)) { o, p in
        p[0] * o.legacy { $0.exponential() }
      },
      numbers("gamma", "shape, scale=1.0", modern: false, check: scale(0)) { o, p in
        p[1] * o.legacy { $0.gamma(p[0]) }
      },
      numbers("chisquare", "df", modern: false, check: scale(0)) { o, p in
        2 * o.legacy { $0.gamma(p[0] / 2) }
      },
      numbers(
        "beta", "a, b", modern: false,
        check: { $0[0] > 0 && $0[1] > 0 ? nil : "takes numbers above 0" }
      ) { o, p in o.legacy { $0.beta(p[0], p[1]) } },
      RandomFunction(
        name: "dirichlet", parameters: "alpha, size=None", isModern: false, body: shares),
      RandomFunction(
        name: "multivariate_normal", parameters: "mean, cov, size=None", isModern: false,
        body: correlated),
      RandomFunction(name: "random", parameters: "size=None, dtype=None", body: random),
      RandomFunction(
        name: "randint", parameters: "low, high=None, size=None, dtype=None", isModern: false,
        body: integers),
      RandomFunction(
        name: "integers", parameters: "low, high=None, size=None, dtype=None, endpoint=False",
        isLegacy: false, body: integers),
      RandomFunction(name: "permutation", parameters: "x", body: permuted),
      RandomFunction(name: "shuffle", parameters: "x", body: shuffled),
      RandomFunction(
        name: "choice", parameters: "a, size=None, replace=True, p=None", body: chosen),
    ]
  }

  private static func binomial(_ p: [Double]) -> String? {
    guard p[0] >= 0, p[0] < 1e9, p[0] == p[0].rounded(), p[1] >= 0, p[1] <= 1 else {
      return "takes a count and a probability from 0 to 1"
    }
    return p[0] * min(p[1], 1 - p[1]) <= 30
      ? nil : "is supported for n · min(p, 1 - p) up to 30"
  }

  /// Normal vectors of a diagonal covariance: NumPy decomposes it, the largest variance first.
  private static func correlated(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    let (mean, cov) = (try call.array("mean").scalars, try call.array("cov"))
    let n = mean.count
    guard cov.shape == Shape([n, n]), n > 0 else {
      throw call.unsuitable("cov", wanted: "a matrix of \(n) rows and columns")
    }
    let variances = (0..<n).map { cov.scalars[$0 * (n + 1)] }
    guard cov.scalars.indices.allSatisfy({ $0 / n == $0 % n || cov.scalars[$0] == 0 }),
      variances.allSatisfy({ $0 >= 0 })
    else {
      throw Complaint(
        "multivariate_normal() of numbers that depend on each other is not supported",
        remedy: "draw independent ones: np.random.randn(n, d) @ A", at: call.anchor("cov"))
    }
    let order = (0..<n).sorted {
      variances[$0] == variances[$1] ? $0 < $1 : variances[$0] > variances[$1]
    }
    let size = call["size"].isNone ? [] : try call.shape("size")
    let shape = try Shape.checked(size + [n])
    var result = [Double](repeating: 0, count: shape.count)
    for row in 0..<shape.count / n {
      for place in order {
        result[row * n + place] = mean[place] + variances[place].squareRoot() * object.normal()
      }
    }
    return try call.evaluator.value(NDArray(shape: shape, scalars: result))
  }

  /// Shares that sum to 1: gamma draws divided by their sum.
  private static func shares(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    let alpha = try call.array("alpha").scalars
    guard !alpha.isEmpty, alpha.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw call.unsuitable("alpha", wanted: "numbers above 0")
    }
    let size = call["size"].isNone ? [] : try call.shape("size")
    let shape = try Shape.checked(size + [alpha.count])
    var result: [Double] = []
    for _ in 0..<shape.count / alpha.count {
      let draws = alpha.map { a in object.legacy { $0.gamma(a) } }
      let inverse = 1 / draws.reduce(0, +)
      result += draws.map { $0 * inverse }
    }
    return try call.evaluator.value(NDArray(shape: shape, scalars: result))
  }

  private static func random(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    let isSingle = try call.kind() == .float32
    func one() -> Double {
      guard isSingle, case .modern(var state) = object.source else { return object.random() }
      defer { object.source = .modern(state) }
      return state.randomSingle()
    }
    if call["size"].isNone { return .number(one()) }
    let shape = try Shape.checked(try call.shape("size"))
    try call.evaluator.spend(shape.count / 16)
    return try call.evaluator.value(
      NDArray(
        shape: shape, scalars: (0..<shape.count).map { _ in one() },
        kind: isSingle ? .float32 : .float64))
  }

  private static func integers(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    let bounds = -(1 << 52)...(1 << 52)
    let first = try call.integer("low", in: bounds)
    let second = try call.optionalInteger("high", in: bounds)
    var (low, high) = second.map { (first, $0) } ?? (0, first)
    if !call["endpoint"].isNone, try call.boolean("endpoint") { high += 1 }
    guard low < high else {
      throw Complaint(
        "\(call.function)() between \(low) and \(high)", remedy: "low must lie below high")
    }
    let kind = try call.kind() ?? .int64
    guard [.int64, .int32, .uint8, .uint32].contains(kind) else {
      throw call.unsuitable("dtype", wanted: "one of int64, int32, uint32, uint8; or .astype()")
    }
    guard !call["size"].isNone else { return .integer(object.integer(low, high)) }
    let shape = try Shape.checked(try call.shape("size"))
    try call.evaluator.spend(shape.count / 16)
    if kind == .uint8 {
      guard low >= 0, high <= 256 else { throw call.unsuitable("low", wanted: "bounds of uint8") }
      let values = object.bytes(upTo: UInt8(high - 1 - low), count: shape.count)
      return try call.evaluator.value(
        NDArray(shape: shape, scalars: values.map { Double(Int($0) + low) }, kind: .uint8))
    }
    return try call.evaluator.value(
      NDArray(
        shape: shape, scalars: (0..<shape.count).map { _ in Double(object.integer(low, high)) },
        kind: kind))
  }

  private static func permuted(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    if let n = call["x"].wholeNumber {
      guard n >= 0 && n <= 1 << 26 else { throw call.unsuitable("x", wanted: "a count") }
      return try call.evaluator.value(NDArray(whole: object.permutation(n)))
    }
    let array = try call.operand("x")
    guard array.rank > 0 else { throw call.unsuitable("x", wanted: "a count or an array") }
    return try call.evaluator.value(array.rows(object.permutation(array.shape[0])))
  }

  private static func shuffled(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    switch call["x"] {
    case .list(let list): object.shuffle(&list.items)
    case .array(let r) where r.array.rank > 0:
      var order = Array(0..<r.array.shape[0])
      object.shuffle(&order)
      r.array = r.array.rows(order)
    default: throw call.unsuitable("x", wanted: "a list or an array")
    }
    return .none
  }

  // MARK: Choice

  private static func chosen(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    let array =
      try call["a"].wholeNumber.map {
        guard $0 > 0 && $0 <= 1 << 24 else { throw call.unsuitable("a", wanted: "a count") }
        return NDArray(whole: Array(0..<$0))
      } ?? (try call.operand("a"))
    guard array.rank >= 1, array.shape[0] > 0, array.rank == 1 || object.isModern else {
      throw call.unsuitable("a", wanted: "a count or an array of one axis")
    }
    let n = array.shape[0]
    let shape = call["size"].isNone ? Shape([]) : try Shape.checked(try call.shape("size"))
    let replacing = try call.boolean("replace")
    guard replacing || shape.count <= n else {
      throw call.unsuitable("size", wanted: "at most \(n) without replacing")
    }
    let places: [Int]
    if call["p"].isNone {
      places =
        replacing
        ? (0..<shape.count).map { _ in object.integer(0, n) } : object.choice(n, size: shape.count)
    } else {
      places = try weighted(object, n, shape.count, replacing, call)
    }
    let rows = array.rows(places)
    if call["size"].isNone { return try call.evaluator.value(rows.row(0)) }
    return try call.evaluator.value(
      rows.reshaped(to: Shape(shape.extents + array.shape.extents.dropFirst())))
  }

  private static func weighted(
    _ object: RandomObject, _ n: Int, _ size: Int, _ replacing: Bool, _ call: BoundCall
  ) throws -> [Int] {
    var p = try call.array("p").scalars
    guard p.count == n, p.allSatisfy({ $0 >= 0 }), abs(p.reduce(0, +) - 1) < 1e-6 else {
      throw call.unsuitable("p", wanted: "\(n) probabilities whose sum is 1")
    }
    guard replacing || p.count(where: { $0 > 0 }) >= size else {
      throw call.unsuitable("p", wanted: "at least \(size) probabilities above 0")
    }
    func drawn(_ count: Int) -> [Int] {
      var total = 0.0
      var sums = p.map { x -> Double in
        total += x
        return total
      }
      for i in sums.indices { sums[i] /= total }
      let numbers = (0..<count).map { _ in object.random() }
      return numbers.map { min(SearchFunctions.place($0, in: sums, isRight: true), n - 1) }
    }
    if replacing { return drawn(size) }
    var found: [Int] = []
    while found.count < size {
      let numbers = size - found.count
      for i in found { p[i] = 0 }
      var seen = Set<Int>()
      found += drawn(numbers).filter { seen.insert($0).inserted }
    }
    return found
  }
}
