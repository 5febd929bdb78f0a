import Foundation
import NeuralNets
import Tensors

/// Functions of `keras.utils` on data, `keras.datasets` and `keras.random`.
enum KerasUtilities {
  /// Adds to the modules of Keras what works on arrays.
  static func extend(_ keras: Namespace) {
    keras.add("ops", .object(KerasOperations.module()))
    if case .object(let utilities as Namespace)? = keras.members["utils"] {
      for function in functions { utilities.add(function) }
    }
    keras.add("random", .object(random()))
    keras.add("datasets", .object(datasets()))
    let preprocessing = Namespace("keras.preprocessing")
    let sequence = Namespace("keras.preprocessing.sequence")
    sequence.add(padding)
    preprocessing.add("sequence", .object(sequence))
    keras.add("preprocessing", .object(preprocessing))
  }

  private static var functions: [NativeFunction] {
    [
      NativeFunction("normalize(x, axis=-1, order=2)") { call in
        let x = try call.array("x")
        guard x.rank > 0 else { throw call.unsuitable("x", wanted: "an array") }
        return try call.evaluator.value(
          try normalized(
            x.converted(to: x.kind.isFloat ? x.kind : .float64), axis: try call.axis(of: x),
            order: try call.number("order"), least: nil))
      },
      padding,
      NativeFunction("image_dataset_from_directory(*arguments)") { _ in
        throw Complaint(
          "image_dataset_from_directory() is not supported: the lab reads no folders of pictures here",
          remedy: "use load_digits() of sklearn.datasets, or np.load of an .npz file")
      },
      NativeFunction("get_file(*arguments)") { _ in throw network("get_file()") },
    ]
  }

  private static func network(_ what: String) -> Complaint {
    Complaint(
      "\(what) would load from the network, which programs do not reach",
      remedy: "use load_digits() of sklearn.datasets, or fetch the file yourself:"
        + " backstep data import FILE, or np.load(\"FILE.npz\")")
  }

  /// x / ‖x‖ along an axis; zeros stay.
  static func normalized(
    _ x: NDArray, axis: Int, order: Double, least: Double?
  ) throws(Complaint) -> NDArray {
    let norms = try x.map { order == 2 ? $0 * $0 : pow(abs($0), order) }
      .sums(along: [axis], keepAxes: true, kind: x.kind)
      .map { sum in
        let norm = order == 2 ? sum.squareRoot() : pow(sum, 1 / order)
        return least.map { max(norm, $0) } ?? (norm == 0 ? 1 : norm)
      }
    return try NDArray.combined(x, norms, kind: x.kind, /)
  }

  /// Sequences of one length, filled up or cut at the front or the end.
  private static var padding: NativeFunction {
    NativeFunction(
      "pad_sequences(sequences, maxlen=None, dtype='int32', padding='pre', truncating='pre', value=0)"
    ) { call in
      guard let items = call["sequences"].sequence else {
        throw call.unsuitable("sequences", wanted: "a list of sequences")
      }
      let rows = try items.map { try call.evaluator.array(from: $0) }
      let longest =
        try call.optionalInteger("maxlen", in: 0...1_000_000) ?? rows.map(\.count).max() ?? 0
      let kind = try call.kind() ?? .int32
      let (padding, truncating) = (try call.text("padding"), try call.text("truncating"))
      for (name, side) in [("padding", padding), ("truncating", truncating)]
      where side != "pre" && side != "post" {
        throw call.unsuitable(name, wanted: "'pre' or 'post'")
      }
      let value = try call.number("value")
      let shape = try Shape.checked([rows.count, longest])
      let scalars = rows.flatMap { row -> [Double] in
        let cut = Array(
          truncating == "pre" ? row.scalars.suffix(longest) : row.scalars.prefix(longest))
        let fill = [Double](repeating: value, count: longest - cut.count)
        return padding == "pre" ? fill + cut : cut + fill
      }
      return try call.evaluator.value(
        NDArray(shape: shape, scalars: scalars.map(kind.rounded), kind: kind))
    }
  }

  private static func datasets() -> Namespace {
    let datasets = Namespace("keras.datasets")
    for name in [
      "mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "boston_housing",
      "california_housing",
    ] {
      let module = Namespace("keras.datasets.\(name)")
      module.add(
        NativeFunction("load_data(*arguments)") { _ in
          throw network("keras.datasets.\(name).load_data()")
        })
      datasets.add(name, .object(module))
    }
    return datasets
  }

  /// Keras's own draws differ by backend; the lab's are reproducible by seed.
  private static func random() -> Namespace {
    let random = Namespace("keras.random")
    random.add(
      NativeFunction("SeedGenerator(seed=None, name=None)") { call in
        .object(
          SeedGeneratorObject(try call.optionalInteger("seed", in: 0...Int.max)))
      })
    func filled(
      _ signature: String, _ within: ((BoundCall, [Int?]) throws -> PythonValue)? = nil,
      _ draw: @escaping (BoundCall, inout NumPyGenerator) throws -> Double
    ) {
      random.add(
        NativeFunction(signature) { call in
          // Within a function that is followed the numbers are drawn anew in each step.
          if call.evaluator.tracing != nil, let within {
            return try within(call, try SymbolicOperations.extents("shape", of: call))
          }
          let seed = try Self.seed(call)
          var generator = NumPyGenerator(seed: seed ?? call.evaluator.seeds.nextSeed())
          let shape = try Shape.checked(try call.shape("shape"))
          let kind = try call.kind() ?? .float32
          return try call.evaluator.value(
            NDArray(
              shape: shape,
              scalars: try (0..<shape.count).map { _ in kind.rounded(try draw(call, &generator)) },
              kind: kind))
        })
    }
    filled(
      "normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None)",
      { call, extents in
        let (mean, deviation) = (try call.number("mean"), try call.number("stddev"))
        _ = try Self.seed(call)
        return try call.evaluator.operation(
          "Normal", .normal(mean: mean, deviation: deviation, extents: extents), [])
      }
    ) {
      $1.normal(try $0.number("mean"), try $0.number("stddev"))
    }
    filled(
      "uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None)",
      { call, extents in
        let (low, high) = (try call.number("minval"), try call.number("maxval"))
        _ = try Self.seed(call)
        return try call.evaluator.operation(
          "Uniform", .uniform(low: low, high: high, extents: extents), [])
      }
    ) {
      $1.uniform(try $0.number("minval"), try $0.number("maxval"))
    }
    filled("randint(shape, minval, maxval, dtype='int32', seed=None)") {
      let (low, high) = (try $0.integer("minval"), try $0.integer("maxval"))
      guard low < high else { throw $0.unsuitable("maxval", wanted: "a number above \(low)") }
      return Double($1.integers(low, high))
    }
    return random
  }

  /// What numbers are drawn from: a number, or a generator that counts on.
  private static func seed(_ call: BoundCall) throws -> UInt64? {
    if case .object(let generator as SeedGeneratorObject) = call["seed"] {
      return generator.next()
    }
    return try call.optionalInteger("seed", in: 0...Int.max).map { UInt64($0) }
  }
}

/// `keras.random.SeedGenerator(1337)`: other numbers each time it is used.
private final class SeedGeneratorObject: ProgramObject {
  let typeName = "SeedGenerator"
  private let seed: Int?
  private var uses: UInt64 = 0

  init(_ seed: Int?) { self.seed = seed }

  var attributeNames: [String] { ["seed"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    name == "seed" ? seed.map { .integer($0) } ?? PythonValue.none : nil
  }

  /// The next seed; nil where the program named none.
  func next() -> UInt64? {
    uses += 1
    return seed.map { UInt64($0) &+ uses &* 0x9E37_79B9_7F4A_7C15 }
  }
}
