#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Python's own generator: the Mersenne Twister of Matsumoto & Nishimura (1998), seeded and drawn
/// from as CPython does.
struct PythonRandom {
  private var state: [UInt32]
  private var position = 624
  private var keptNormal: Double?

  /// - Parameter seed: a whole number, by its magnitude.
  init(seed: UInt64) {
    state = [UInt32](repeating: 0, count: 624)
    state[0] = 19_650_218
    for i in 1..<624 {
      state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
    }
    let high = UInt32(truncatingIfNeeded: seed >> 32)
    let key =
      high == 0
      ? [UInt32(truncatingIfNeeded: seed)]
      : [
        UInt32(truncatingIfNeeded: seed), high,
      ]
    mix(key)
  }

  /// `init_by_array` of the reference implementation.
  private mutating func mix(_ key: [UInt32]) {
    var i = 1
    var j = 0
    func before(_ i: Int) -> UInt32 { state[i - 1] ^ (state[i - 1] >> 30) }
    for _ in 0..<624 {
      state[i] = (state[i] ^ (before(i) &* 1_664_525)) &+ key[j] &+ UInt32(j)
      i += 1
      j = (j + 1) % key.count
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    for _ in 0..<623 {
      state[i] = (state[i] ^ (before(i) &* 1_566_083_941)) &- UInt32(i)
      i += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    state[0] = 0x8000_0000
  }

  private mutating func refill() {
    for i in 0..<624 {
      let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
      state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    position = 0
  }

  private mutating func next32() -> UInt32 {
    if position == 624 { refill() }
    var y = state[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }

  /// Uniform in [0, 1) with 53 bits.
  mutating func random() -> Double {
    let high = Double(next32() >> 5)
    let low = Double(next32() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// - Parameter k: from 1 to 64.
  mutating func bits(_ k: Int) -> UInt64 {
    guard k > 32 else { return UInt64(next32() >> UInt32(32 - k)) }
    let low = UInt64(next32())
    return low | UInt64(next32() >> UInt32(64 - k)) << 32
  }

  /// A whole number from 0 to below n.
  mutating func below(_ n: Int) -> Int {
    guard n > 0 else { return 0 }
    let k = Int.bitWidth - n.leadingZeroBitCount
    var r = bits(k)
    while r >= UInt64(n) { r = bits(k) }
    return Int(r)
  }

  /// `gauss`: the method of Box & Muller (1958), two at a time.
  mutating func gauss(_ mean: Double, _ deviation: Double) -> Double {
    if let kept = keptNormal {
      keptNormal = nil
      return mean + kept * deviation
    }
    let angle = random() * (2 * Double.pi)
    let radius = (-2 * log(1 - random())).squareRoot()
    keptNormal = sin(angle) * radius
    return mean + cos(angle) * radius * deviation
  }

  /// `normalvariate`: the ratio method of Kinderman & Monahan (1977).
  mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    let scale = 4 * exp(-0.5) / 2.0.squareRoot()
    while true {
      let u = random()
      let v = 1 - random()
      let z = scale * (u - 0.5) / v
      if z * z / 4 <= -log(v) { return mean + z * deviation }
    }
  }
}

/// `import random`.
enum RandomNames {
  static func module() -> Namespace {
    let module = Namespace("random")
    module.add(
      NativeFunction("seed(a=None)") { call in
        guard !call["a"].isNone else {
          call.evaluator.pythonRandom = PythonRandom(seed: call.evaluator.seeds.nextSeed())
          return .none
        }
        call.evaluator.pythonRandom = PythonRandom(
          seed: UInt64(try call.integer("a").magnitude))
        return .none
      })
    numbers(module)
    choices(module)
    return module
  }

  private static func numbers(_ module: Namespace) {
    module.add(NativeFunction("random()") { .number($0.evaluator.pythonRandom.random()) })
    module.add(
      NativeFunction("uniform(a, b)") { call in
        let (a, b) = (try call.number("a"), try call.number("b"))
        return .number(a + (b - a) * call.evaluator.pythonRandom.random())
      })
    for name in ["gauss", "normalvariate"] {
      module.add(
        NativeFunction("\(name)(mu=0.0, sigma=1.0)") { call in
          let (mean, deviation) = (try call.number("mu"), try call.number("sigma"))
          return .number(
            name == "gauss"
              ? call.evaluator.pythonRandom.gauss(mean, deviation)
              : call.evaluator.pythonRandom.normal(mean, deviation))
        })
    }
    module.add(
      NativeFunction("expovariate(lambd=1.0)") { call in
        let rate = try call.number("lambd")
        guard rate != 0 else { throw call.unsuitable("lambd", wanted: "a number other than 0") }
        return .number(-log(1 - call.evaluator.pythonRandom.random()) / rate)
      })
    module.add(
      NativeFunction("randint(a, b)") { call in
        let (a, b) = (try call.integer("a"), try call.integer("b"))
        return .integer(a + (try below(b, from: a, extra: 1, call)))
      })
    module.add(
      NativeFunction("randrange(start, stop=None, step=1)") { call in
        let first = try call.integer("start")
        let step = try call.integer("step", in: 1...Int.max)
        guard let end = try call.optionalInteger("stop") else {
          return .integer(try below(first, from: 0, extra: 0, call))
        }
        let count = IntervalObject(start: first, end: end, step: step).count
        return .integer(first + step * (try below(count, from: 0, extra: 0, call)))
      })
    module.add(
      NativeFunction("getrandbits(k)") { call in
        .integer(
          Int(
            truncatingIfNeeded: call.evaluator.pythonRandom.bits(
              try call.integer("k", in: 1...62))))
      })
  }

  private static func below(
    _ end: Int, from start: Int, extra: Int, _ call: BoundCall
  ) throws -> Int {
    let (width, overflow) = end.subtractingReportingOverflow(start)
    let (count, over) = width.addingReportingOverflow(extra)
    guard !overflow, !over, count > 0 else {
      throw Complaint(
        "\(call.function)() from an empty range", remedy: "the end must lie above the start",
        as: .raised("ValueError", "empty range for \(call.function)()"))
    }
    return call.evaluator.pythonRandom.below(count)
  }

  private static func choices(_ module: Namespace) {
    module.add(
      NativeFunction("choice(seq)") { call in
        let items = try sequence("seq", call)
        return items[call.evaluator.pythonRandom.below(items.count)]
      })
    module.add(
      NativeFunction("shuffle(x)") { call in
        guard case .list(let list) = call["x"] else { throw call.unsuitable("x", wanted: "a list") }
        try call.evaluator.spend(list.items.count / 4)
        for i in stride(from: list.items.count - 1, to: 0, by: -1) {
          list.items.swapAt(i, call.evaluator.pythonRandom.below(i + 1))
        }
        return .none
      })
    module.add(
      NativeFunction("sample(population, k)") { call in
        let items = try sequence("population", call)
        let k = try call.integer("k", in: 0...items.count)
        return try call.evaluator.list(sample(items, k, &call.evaluator.pythonRandom))
      })
    module.add(NativeFunction("choices(population, weights=None, *, k=1)", weighted))
  }

  private static func sequence(_ name: String, _ call: BoundCall) throws -> [PythonValue] {
    let items: [PythonValue]
    if let text = call[name].string {
      items = text.unicodeScalars.map { .text(String($0)) }
    } else {
      items = try Builtins.items(call, name)
    }
    guard !items.isEmpty else {
      throw Complaint(
        "\(call.function)() from nothing", at: call.anchor(name),
        as: .raised("IndexError", "Cannot choose from an empty sequence"))
    }
    return items
  }

  /// CPython keeps a pool of what is left where that takes less than a set of what was taken.
  private static func sample(
    _ items: [PythonValue], _ k: Int, _ random: inout PythonRandom
  ) -> [PythonValue] {
    var setSize = 21.0
    if k > 5 { setSize += pow(4, (log(Double(k * 3)) / log(4)).rounded(.up)) }
    var result: [PythonValue] = []
    if Double(items.count) <= setSize {
      var pool = items
      for i in 0..<k {
        let j = random.below(items.count - i)
        result.append(pool[j])
        pool[j] = pool[items.count - i - 1]
      }
      return result
    }
    var taken = Set<Int>()
    for _ in 0..<k {
      var j = random.below(items.count)
      while !taken.insert(j).inserted { j = random.below(items.count) }
      result.append(items[j])
    }
    return result
  }

  private static func weighted(_ call: BoundCall) throws -> PythonValue {
    let items = try sequence("population", call)
    let k = try call.integer("k", in: 0...1_000_000)
    guard !call["weights"].isNone else {
      return try call.evaluator.list(
        (0..<k).map { _ in
          items[Int(call.evaluator.pythonRandom.random() * Double(items.count))]
        })
    }
    var sums: [Double] = []
    for weight in try Builtins.items(call, "weights") {
      guard let w = weight.anyNumber, w >= 0 else {
        throw call.unsuitable("weights", wanted: "numbers from 0")
      }
      sums.append((sums.last ?? 0) + w)
    }
    guard sums.count == items.count, let total = sums.last, total > 0, total.isFinite else {
      throw call.unsuitable("weights", wanted: "a weight for each, not all 0")
    }
    return try call.evaluator.list(
      (0..<k).map { _ in
        let x = call.evaluator.pythonRandom.random() * total
        return items[min(items.count - 1, sums.firstIndex { x < $0 } ?? items.count - 1)]
      })
  }
}
