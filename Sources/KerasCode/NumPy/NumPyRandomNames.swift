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
    RandomFunction.all.filter { isModern ? $0.isModern : $0.isLegacy }.map(\.name)
  }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    RandomFunction.all.first { $0.name == name && (isModern ? $0.isModern : $0.isLegacy) }
      .map { .object($0.native { _ in self }) }
  }

  func random() -> Double { draw({ $0.random() }, { $0.random() }) }
  func normal() -> Double { draw({ $0.standardNormal() }, { $0.standardNormal() }) }

  /// Whether this is NumPy's present generator.
  var isModern: Bool { if case .modern = source { true } else { false } }

  func bytes(upTo largest: UInt8, count: Int) -> [UInt8] {
    draw({ $0.bytes(upTo: largest, count: count) }, { $0.bytes(upTo: largest, count: count) })
  }

  /// Positions without putting back.
  func choice(_ population: Int, size: Int) -> [Int] {
    draw(
      { $0.choice(population, size: size, replacing: false) },
      { $0.choice(population, size: size) })
  }

  /// A number of a distribution that both generators draw alike.
  func drawn(_ body: (inout any NumPyDraws) -> Double) -> Double {
    switch source {
    case .legacy(let state):
      var draws: any NumPyDraws = state
      defer { if let state = draws as? NumPyRandomState { source = .legacy(state) } }
      return body(&draws)
    case .modern(let state):
      var draws: any NumPyDraws = state
      defer { if let state = draws as? NumPyGenerator { source = .modern(state) } }
      return body(&draws)
    }
  }

  /// A number of a distribution that only the legacy generator draws here.
  func legacy(_ body: (inout NumPyRandomState) -> Double) -> Double {
    guard case .legacy(var state) = source else { return .nan }
    defer { source = .legacy(state) }
    return body(&state)
  }

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
        if case .object(let generator as RandomObject) = call["seed"] { return .object(generator) }
        let seed = try call.optionalInteger("seed", in: 0...Int.max).map { UInt64($0) }
        return .object(
          RandomObject(.modern(NumPyGenerator(seed: seed ?? call.evaluator.seeds.nextSeed()))))
      })
    module.add(
      NativeFunction("RandomState(seed=None)") { call in
        .object(RandomObject(.legacy(try state(call, "seed"))))
      })
    module.add("Generator", .object(NamedType("Generator")))
    for function in RandomFunction.all where function.isLegacy {
      module.add(
        function.native(
          { RandomObject(.legacy($0.evaluator.seeds.legacy)) },
          after: { object, evaluator in
            if case .legacy(let state) = object.source { evaluator.seeds.legacy = state }
          }))
    }
    return module
  }

  /// A legacy generator from a seed argument, or one of its own.
  static func state(_ call: BoundCall, _ name: String) throws -> NumPyRandomState {
    if case .object(let object as RandomObject) = call[name], case .legacy(let s) = object.source {
      return s
    }
    if let seed = try call.optionalInteger(name, in: 0...Int(UInt32.max)) {
      return NumPyRandomState(seed: UInt32(seed))
    }
    return NumPyRandomState(
      seed: UInt32(
        truncatingIfNeeded: call.evaluator.seeds.legacy.permutation(1 << 8).reduce(7) {
          ($0 &* 31 &+ $1) & 0xFFFF_FFFF
        }))
  }
}
