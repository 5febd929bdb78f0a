import Tensors

/// The random numbers of a program: NumPy's, from the seeds it gives.
struct ProgramRandomness {
  var legacy: NumPyRandomState
  /// What `set_random_seed` was told.
  var programSeed: Int?
  private let fallback: UInt64
  private var drawn: UInt64 = 0

  init(seed: UInt64) {
    legacy = NumPyRandomState(seed: UInt32(truncatingIfNeeded: seed))
    fallback = seed
  }

  mutating func reseed(_ seed: UInt32) { legacy = NumPyRandomState(seed: seed) }

  /// A seed for a generator that the program did not seed.
  mutating func nextSeed() -> UInt64 {
    drawn += 1
    return fallback &+ drawn &* 0x9E37_79B9
  }
}

/// One of NumPy's two generators.
final class RandomObject: ProgramObject {
  enum Source {
    case legacy(NumPyRandomState)
    case modern(NumPyGenerator)
  }

  var source: Source

  init(_ source: Source) { self.source = source }

  var typeName: String { if case .modern = source { "Generator" } else { "RandomState" } }

  var attributeNames: [String] {
    if case .modern = source { return NumPyRandomNames.modern }
    return NumPyRandomNames.legacy
  }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    attributeNames.contains(name) ? .object(NumPyRandomNames.function(name, self)) : nil
  }

  func random() -> Double { draw({ $0.random() }, { $0.random() }) }
  func normal() -> Double { draw({ $0.standardNormal() }, { $0.standardNormal() }) }

  func integer(_ low: Int, _ high: Int) -> Int {
    draw({ $0.randint(low, high) }, { $0.integers(low, high) })
  }

  func permutation(_ count: Int) -> [Int] {
    draw({ $0.permutation(count) }, { $0.permutation(count) })
  }

  func shuffle<Element>(_ items: inout [Element]) {
    switch source {
    case .legacy(var state):
      state.shuffle(&items)
      source = .legacy(state)
    case .modern(var state):
      state.shuffle(&items)
      source = .modern(state)
    }
  }

  private func draw<Result>(
    _ legacy: (inout NumPyRandomState) -> Result, _ modern: (inout NumPyGenerator) -> Result
  ) -> Result {
    switch source {
    case .legacy(var state):
      defer { source = .legacy(state) }
      return legacy(&state)
    case .modern(var state):
      defer { source = .modern(state) }
      return modern(&state)
    }
  }
}

/// The names of `np.random`.
enum NumPyRandomNames {
  static let legacy = [
    "choice", "normal", "permutation", "rand", "randint", "randn", "random", "random_sample",
    "shuffle", "standard_normal", "uniform",
  ]
  static let modern = [
    "choice", "integers", "normal", "permutation", "random", "shuffle", "standard_normal",
    "uniform",
  ]

  static func module() -> Namespace {
    let module = Namespace("numpy.random")
    module.add(
      NativeFunction("seed(seed=None)") { call in
        let seed = try call.optionalInteger("seed", in: 0...Int(UInt32.max))
        call.evaluator.seeds.reseed(UInt32(seed ?? 0))
        return .none
      })
    module.add(
      NativeFunction("default_rng(seed=None)") { call in
        let seed = try call.optionalInteger("seed", in: 0...Int.max).map { UInt64($0) }
        return .object(
          RandomObject(.modern(NumPyGenerator(seed: seed ?? call.evaluator.seeds.nextSeed()))))
      })
    module.add(
      NativeFunction("RandomState(seed=None)") { call in
        .object(RandomObject(.legacy(try state(call, "seed"))))
      })
    for name in legacy { module.add(global(name)) }
    return module
  }

  /// Python's own `random`, of which only the seed is accepted.
  static func python() -> Namespace {
    let module = Namespace("random")
    module.add(NativeFunction("seed(a=None)") { _ in .none })
    return module
  }

  /// A legacy generator from a seed argument, or one of its own.
  static func state(_ call: BoundCall, _ name: String) throws -> NumPyRandomState {
    if let seed = try call.optionalInteger(name, in: 0...Int(UInt32.max)) {
      return NumPyRandomState(seed: UInt32(seed))
    }
    return NumPyRandomState(
      seed: UInt32(
        truncatingIfNeeded: call.evaluator.seeds.legacy.permutation(1 << 8).reduce(7) {
          ($0 &* 31 &+ $1) & 0xFFFF_FFFF
        }))
  }

  /// A function of the generator that `np.random.seed` seeds.
  private static func global(_ name: String) -> NativeFunction {
    let signature = signatures[name] ?? "*shape"
    return NativeFunction("\(name)(\(signature))") { call in
      let object = RandomObject(.legacy(call.evaluator.seeds.legacy))
      defer {
        if case .legacy(let state) = object.source { call.evaluator.seeds.legacy = state }
      }
      return try draw(name, object, call)
    }
  }

  private static let signatures = [
    "rand": "*shape", "randn": "*shape", "random": "size=None", "random_sample": "size=None",
    "standard_normal": "size=None", "randint": "low,high=None,size=None,dtype=None",
    "integers": "low,high=None,size=None,dtype=None", "uniform": "low=0.0,high=1.0,size=None",
    "normal": "loc=0.0,scale=1.0,size=None", "permutation": "x", "shuffle": "x",
    "choice": "a,size=None,replace=True",
  ]

  static func function(_ name: String, _ object: RandomObject) -> NativeFunction {
    NativeFunction("\(name)(\(signatures[name] ?? ""))") { try draw(name, object, $0) }
  }

  private static func draw(
    _ name: String, _ object: RandomObject, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    switch name {
    case "rand", "random", "random_sample": return try filled(name, call) { object.random() }
    case "randn", "standard_normal": return try filled(name, call) { object.normal() }
    case "uniform":
      let (low, high) = (try call.number("low"), try call.number("high"))
      return try filled(name, call) { low + (high - low) * object.random() }
    case "normal":
      let (mean, deviation) = (try call.number("loc"), try call.number("scale"))
      guard deviation >= 0 else { throw call.unsuitable("scale", wanted: "a number from 0") }
      return try filled(name, call) { mean + deviation * object.normal() }
    case "randint", "integers": return try integers(name, object, call)
    case "permutation": return try permuted(object, call)
    case "shuffle": return try shuffled(object, call)
    default: return try chosen(object, call)
    }
  }

  private static func filled(
    _ name: String, _ call: BoundCall, kind: NDArray.Kind = .float64, _ draw: () -> Double
  ) throws -> PythonValue {
    let takesShape = name == "rand" || name == "randn"
    if takesShape ? call.rest.isEmpty : call["size"].isNone {
      return kind == .float64 ? .number(draw()) : .integer(Int(draw()))
    }
    let shape = try Shape.checked(
      takesShape ? try call.rest.flatMap(NumPy.extents) : try call.shape("size"))
    try call.evaluator.spend(shape.count / 16)
    return try call.evaluator.value(
      NDArray(shape: shape, scalars: (0..<shape.count).map { _ in draw() }, kind: kind))
  }

  private static func integers(
    _ name: String, _ object: RandomObject, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    let bounds = -(1 << 52)...(1 << 52)
    let first = try call.integer("low", in: bounds)
    let second = try call.optionalInteger("high", in: bounds)
    let (low, high) = second.map { (first, $0) } ?? (0, first)
    guard low < high else {
      throw Complaint("\(name)() between \(low) and \(high)", remedy: "low must lie below high")
    }
    return try filled(name, call, kind: try call.kind() ?? .int64) {
      Double(object.integer(low, high))
    }
  }

  private static func rows(_ array: NDArray, _ order: [Int]) -> NDArray {
    let width = array.count / max(1, array.shape[0])
    let scalars = order.flatMap { array.scalars[$0 * width..<($0 + 1) * width] }
    return NDArray(
      shape: Shape([order.count] + array.shape.extents.dropFirst()), scalars: scalars,
      kind: array.kind)
  }

  private static func permuted(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    if let n = call["x"].wholeNumber {
      guard n >= 0 && n <= 1 << 26 else { throw call.unsuitable("x", wanted: "a count") }
      return try call.evaluator.value(
        NDArray(shape: [n], scalars: object.permutation(n).map(Double.init), kind: .int64))
    }
    let array = try call.array("x")
    guard array.rank > 0 else { throw call.unsuitable("x", wanted: "a count or an array") }
    return try call.evaluator.value(rows(array, object.permutation(array.shape[0])))
  }

  private static func shuffled(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    switch call["x"] {
    case .list(let list): object.shuffle(&list.items)
    case .array(let r) where r.array.rank > 0:
      guard !r.isShared else {
        throw Complaint("this array shares its numbers with a slice", remedy: "x = x.copy() first")
      }
      var order = Array(0..<r.array.shape[0])
      object.shuffle(&order)
      r.array = rows(r.array, order)
    default: throw call.unsuitable("x", wanted: "a list or an array")
    }
    return .none
  }

  private static func chosen(_ object: RandomObject, _ call: BoundCall) throws -> PythonValue {
    guard case .legacy(var state) = object.source else {
      throw Complaint(
        "choice() of default_rng is not supported", remedy: "use integers() or permutation()")
    }
    let array =
      try call["a"].wholeNumber.map {
        guard $0 > 0 && $0 <= 1 << 24 else { throw call.unsuitable("a", wanted: "a count") }
        return NDArray(shape: [$0], scalars: (0..<$0).map(Double.init), kind: .int64)
      } ?? (try call.array("a"))
    guard array.rank == 1, array.count > 0 else {
      throw call.unsuitable("a", wanted: "a count or an array of one axis")
    }
    let shape = call["size"].isNone ? Shape([]) : try Shape.checked(try call.shape("size"))
    let replacing = try call.boolean("replace")
    guard replacing || shape.count <= array.count else {
      throw call.unsuitable("size", wanted: "at most \(array.count) without replacing")
    }
    let places = state.choice(array.count, size: shape.count, replacing: replacing)
    object.source = .legacy(state)
    return try call.evaluator.value(
      NDArray(shape: shape, scalars: places.map { array.scalars[$0] }, kind: array.kind))
  }
}
