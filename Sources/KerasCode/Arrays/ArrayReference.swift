import Tensors

/// An array that several names of a program may share, or a view of another: what is written to
/// one is seen through the other, as in NumPy.
package final class ArrayReference {
  private var kept: NDArray
  /// The array whose numbers this one shows, and which of them.
  private let base: (reference: ArrayReference, positions: () -> [Int])?
  /// How often the numbers of an array that is no view were written.
  private var version = 0
  private var seen = 0
  let account: MemoryAccount?

  init(_ array: NDArray, _ account: MemoryAccount? = nil) {
    kept = array
    self.account = account
    base = nil
    account?.take(array.count)
  }

  /// A view: elements of another array at positions, which are worked out when something is written.
  init(_ array: NDArray, viewing other: ArrayReference, at positions: @escaping () -> [Int]) {
    kept = array
    account = other.account
    base = (other, positions)
    seen = other.root.version
    account?.take(array.count)
  }

  deinit { account?.giveBack(kept.count) }

  private var root: ArrayReference {
    var current = self
    while let next = current.base?.reference { current = next }
    return current
  }

  package var array: NDArray {
    get {
      if let base, seen != root.version {
        let source = base.reference.array
        kept = source.with(
          shape: kept.shape, scalars: base.positions().map { source.scalars[$0] })
        seen = root.version
      }
      return kept
    }
    set {
      if base != nil, newValue.shape == kept.shape {
        write(newValue, at: Array(0..<newValue.count))
      } else {
        account?.giveBack(kept.count)
        account?.take(newValue.count)
        kept = newValue
        version += 1
      }
    }
  }

  /// Writes elements at positions; a single one goes to all.
  func write(_ values: NDArray, at positions: [Int]) {
    if let base {
      let places = base.positions()
      base.reference.write(values, at: positions.map { places[$0] })
      return
    }
    if kept.kind.isNumeric {
      kept.write(values.scalars, at: positions)
    } else {
      let fitting = kept.kind == .text ? values.converted(to: .text) : values
      let both = NDArray.unified([kept, fitting])
      kept = NDArray(
        shape: kept.shape, codes: both[0].scalars, labels: both[0].labels, kind: kept.kind)
      kept.write(both[1].scalars, at: positions)
    }
    version += 1
  }
}

// MARK: - Items

extension Evaluator {
  /// What `x[…]` gives: a view where NumPy gives one.
  func item(of reference: ArrayReference, _ indices: [ArrayIndex]) throws -> PythonValue {
    let array = reference.array
    let selection = try array.selection(indices)
    let taken = array[selection]
    if selection.shape.extents.isEmpty { return try value(taken) }
    guard selection.isView else { return try value(taken) }
    return .array(
      try view(taken, of: reference) {
        (try? reference.array.selection(indices))?.positions ?? []
      })
  }

  /// An array that shows elements of another.
  func view(
    _ array: NDArray, of reference: ArrayReference, at positions: @escaping () -> [Int]
  ) throws -> ArrayReference {
    try requireRoom(array.count)
    return ArrayReference(array, viewing: reference, at: positions)
  }

  /// `x[…] = value`.
  func store(
    _ given: PythonValue, in reference: ArrayReference, _ indices: [ArrayIndex]
  ) throws {
    let selection = try reference.array.selection(indices)
    let values = try array(from: given)
    var own = values.shape.extents
    while own.count > selection.shape.rank && own.first == 1 { own.removeFirst() }
    let fitting = values.reshaped(to: Shape(own))
    let shape = try NDArray.broadcast(fitting.shape, selection.shape)
    guard shape == selection.shape else {
      throw Complaint(
        "an array of shape \(values.shape.tupleText) does not fit into"
          + " \(selection.shape.tupleText)")
    }
    let kind = reference.array.kind
    let right = kind.isNumeric ? try fitting.checkedConversion(to: kind) : fitting
    reference.write(
      right.count == 1 ? right : right.with(shape: shape, scalars: right.stretched(to: shape)),
      at: selection.positions)
  }

  /// `x += value`, in place.
  func augment(_ reference: ArrayReference, _ mark: String, _ right: PythonValue) throws {
    let array = reference.array
    let result = try NDArray.operation(mark, array, try self.array(from: right, like: array))
    guard result.shape == array.shape else {
      throw Complaint("\"\(mark)=\" would change the array's shape")
    }
    guard result.kind.canBeKept(in: array.kind) else {
      throw Complaint(
        "\"\(mark)=\" would turn \(array.kind.name) into \(result.kind.name) in place",
        remedy: "write x = x \(mark) …")
    }
    reference.array = result.converted(to: array.kind)
  }
}
