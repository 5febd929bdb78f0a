import Foundation
import Tensors

/// What programs use of NumPy, but for its random numbers.
enum NumPy {
  /// Every function over arrays, for NumPy, `keras.ops` and methods alike.
  static let functions: [ArrayFunction] =
    ElementwiseFunctions.all + PairFunctions.all + ReductionFunctions.all + MakingFunctions.all
    + ShapeFunctions.all + SearchFunctions.all + LinearFunctions.all + KerasOperations.all

  /// The functions that arrays have as methods, by name.
  static let methods: [String: ArrayFunction] = {
    var table: [String: ArrayFunction] = [:]
    for function in functions where function.homes.contains(.method) {
      table[function.name] = function
    }
    return table
  }()

  static func module() -> Namespace {
    let numpy = Namespace("numpy")
    add(functions, in: .numpy, .numpy, to: numpy)
    let linalg = Namespace("numpy.linalg")
    add(LinearFunctions.linalg, in: .numpy, .numpy, to: linalg)
    numpy.add("linalg", .object(linalg))
    for kind in NDArray.Kind.allCases {
      numpy.add(kind.name, .object(DType(kind, label: "<class 'numpy.\(kind.name)'>")))
    }
    numpy.add("str_", .object(DType(.text)))
    numpy.add("bool_", .object(DType(.bool, label: "<class 'numpy.bool'>")))
    for (name, kind) in [("dtype", NDArray.Kind.float64)] {
      numpy.add(
        NativeFunction("\(name)(dtype)") { .object(DType(try $0.kind() ?? kind)) })
    }
    for (name, value) in [
      ("pi", Double.pi), ("e", M_E), ("inf", .infinity), ("nan", .nan),
      ("euler_gamma", 0.5772156649015329),
    ] { numpy.add(name, .number(value)) }
    numpy.add("newaxis", .none)
    numpy.add("r_", .object(JoiningObject("r_", axis: 0)))
    numpy.add("c_", .object(JoiningObject("c_", axis: 1)))
    numpy.add("ndarray", .object(NamedType("ndarray")))
    numpy.add("__version__", .text("2.4.6"))
    for function in NumPyFiles.functions + [printOptions, vectorized, errorState, finfo, applied] {
      numpy.add(function)
    }
    return numpy
  }

  static func add(
    _ functions: [ArrayFunction], in home: ArrayFunction.Homes, _ flavor: ArrayFlavor,
    to module: Namespace
  ) {
    for function in functions where function.homes.contains(home) {
      for name in [function.name] + function.aliases {
        module.add(function.native(flavor, named: name))
      }
    }
  }

  /// Evenly spaced numbers, computed as NumPy does: i · step + start, the end exact.
  static func linspace(
    _ start: Double, _ stop: Double, _ n: Int, includesEnd: Bool = true
  ) -> NDArray {
    let parts = Double(includesEnd ? n - 1 : n)
    let step = parts > 0 ? (stop - start) / parts : .nan
    var scalars = (0..<n).map { parts > 0 ? Double($0) * step + start : start }
    if includesEnd && n > 1 { scalars[n - 1] = stop }
    return NDArray(row: scalars)
  }

  static func extents(_ value: PythonValue) throws -> [Int] {
    if let i = value.wholeNumber { return [i] }
    let items: [PythonValue]
    if case .array(let r) = value, r.array.rank == 1 {
      items = (0..<r.array.count).map { r.array.element($0) }
    } else if let sequence = value.sequence {
      items = sequence
    } else {
      throw Complaint("\(value.described) as a shape", remedy: "use whole numbers")
    }
    return try items.map { item in
      guard let i = item.wholeNumber else {
        throw Complaint("\(item.described) in a shape", remedy: "use whole numbers")
      }
      return i
    }
  }

  /// A number of an array as a number of Python.
  static func plain(_ x: Double, _ kind: NDArray.Kind) -> PythonValue {
    if kind == .bool { return .boolean(x != 0) }
    if kind.isWhole, let i = Int(exactly: x) { return .integer(i) }
    return .number(x)
  }

  /// An array as lists in lists.
  static func nested(_ array: NDArray, _ evaluator: Evaluator) throws -> PythonValue {
    guard array.rank > 0 else { return array.element(0) }
    try evaluator.spend(array.count)
    if array.rank == 1 { return try evaluator.list((0..<array.count).map(array.element)) }
    return try evaluator.list(try (0..<array.shape[0]).map { try nested(array.row($0), evaluator) })
  }

  private static var printOptions: NativeFunction {
    NativeFunction(
      "set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None,"
        + "suppress=None)"
    ) { call in
      let account = call.evaluator.account
      if let n = try call.optionalInteger("precision", in: 0...17) {
        account.printing.precision = n
      }
      if case .object = call["threshold"] {
      } else if !call["threshold"].isNone {
        let x = try call.number("threshold")
        account.printing.threshold = x < 1e9 ? max(0, Int(x)) : Int.max
      }
      if let n = try call.optionalInteger("edgeitems", in: 1...1000) {
        account.printing.edge = n
      }
      if let n = try call.optionalInteger("linewidth", in: 10...100_000) {
        account.printing.lineWidth = n
      }
      if !call["suppress"].isNone { account.printing.suppresses = try call.boolean("suppress") }
      return .none
    }
  }

  /// `np.vectorize(f)`: a function of numbers over arrays.
  private static var vectorized: NativeFunction {
    NativeFunction("vectorize(pyfunc, otypes=None)") { call in
      guard case .object(let function as any Callable) = call["pyfunc"] else {
        throw call.unsuitable("pyfunc", wanted: "a function")
      }
      return .object(
        NativeFunction("vectorized(*args)") { inner in
          let all = try inner.rest.map { try inner.evaluator.operand(from: $0) }
          let shape = try all.reduce(Shape([])) { try NDArray.broadcast($0, $1.shape) }
          let columns = all.map { $0.with(shape: shape, scalars: $0.stretched(to: shape)) }
          try inner.evaluator.spend(shape.count)
          let results = try (0..<shape.count).map { i in
            try function.call(
              CallArguments(positional: columns.map { $0.element(i) }), inner.evaluator)
          }
          return try inner.evaluator.value(
            try inner.evaluator.operand(from: try inner.evaluator.list(results))
              .reshaped(to: shape))
        })
    }
  }

  /// `np.apply_along_axis(f, axis, a)`.
  private static var applied: NativeFunction {
    NativeFunction("apply_along_axis(func1d, axis, arr)") { call in
      guard case .object(let function as any Callable) = call["func1d"] else {
        throw call.unsuitable("func1d", wanted: "a function")
      }
      let a = try call.operand("arr")
      let axis = try call.axis(of: a)
      var order = Array(0..<a.rank)
      order.remove(at: axis)
      let moved = a.transposed(order + [axis])
      let rows = moved.reshaped(to: [moved.count / max(1, moved.shape.last), moved.shape.last])
      let results = try (0..<rows.shape[0]).map { i in
        try call.evaluator.operand(
          from: try function.call(
            CallArguments(positional: [try call.evaluator.value(rows.row(i))]), call.evaluator))
      }
      let stacked = NDArray.stacked(results)
      let inner = stacked.shape.extents.dropFirst()
      let shaped = stacked.reshaped(to: Shape(order.map { a.shape[$0] } + inner))
      guard inner.count == 1 else { return try call.evaluator.value(shaped) }
      var back = Array(0..<order.count)
      back.insert(order.count, at: axis)
      return try call.evaluator.value(shaped.transposed(back))
    }
  }

  private static var errorState: NativeFunction {
    NativeFunction("seterr(all=None, divide=None, over=None, under=None, invalid=None)") { _ in
      .none
    }
  }

  private static var finfo: NativeFunction {
    NativeFunction("finfo(dtype)") { call in
      let isSingle = try call.kind() == .float32
      func number(_ single: Float, _ double: Double) throws -> PythonValue {
        try call.evaluator.value(
          isSingle ? NDArray(Double(single), kind: .float32) : NDArray(double))
      }
      return .object(
        Namespace(
          "finfo", typeName: "finfo",
          [
            "eps": try number(.ulpOfOne, .ulpOfOne),
            "max": try number(.greatestFiniteMagnitude, .greatestFiniteMagnitude),
            "min": try number(-.greatestFiniteMagnitude, -.greatestFiniteMagnitude),
            "tiny": try number(.leastNormalMagnitude, .leastNormalMagnitude),
          ]))
    }
  }
}

/// A type that is only named: `np.ndarray`.
final class NamedType: ProgramObject {
  let typeName: String

  init(_ name: String) { typeName = name }
}

/// `np.r_[…]` and `np.c_[…]`.
final class JoiningObject: Subscriptable {
  let typeName: String
  let axis: Int
  var takesSlices: Bool { true }

  init(_ name: String, axis: Int) {
    typeName = name
    self.axis = axis
  }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    var parts: [PythonValue] = [index]
    if case .tuple(let tuple) = index { parts = tuple.items }
    let arrays = try parts.map { part -> NDArray in
      if case .object(let slice as SliceObject) = part {
        guard let stop = slice.upper else {
          throw Complaint("a slice without an end in \(typeName)")
        }
        let positions = Array(
          stride(from: slice.lower ?? 0, to: min(stop, 1 << 26), by: max(1, slice.step)))
        return NDArray(whole: positions)
      }
      return try evaluator.operand(from: part)
    }
    return try evaluator.value(
      try NDArray.concatenated(
        arrays.map { a in
          if axis == 0 { return a.rank == 0 ? a.reshaped(to: [1]) : a }
          return a.rank < 2 ? a.reshaped(to: Shape([a.count, 1])) : a
        }, axis: axis == 0 ? 0 : -1))
  }
}
