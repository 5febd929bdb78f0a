import Tensors

/// Rows that conditions choose, and values written into them.
enum TableRows {
  /// The rows where a condition holds, or nil when the value is no condition.
  static func mask(_ value: PythonValue, _ count: Int, _ evaluator: Evaluator) throws -> [Int]? {
    let isSequence = value.isArray || value.sequence?.isEmpty == false
    guard isSequence, let array = try? evaluator.operand(from: value), array.kind == .bool,
      array.rank == 1
    else { return nil }
    guard array.count == count else {
      throw Complaint("a condition of \(array.count) rows for \(count)")
    }
    return array.scalars.indices.filter { array.scalars[$0] != 0 }
  }

  /// A column with values in some rows; the column takes a wider kind when it must.
  static func written(_ column: NDArray, _ rows: [Int], _ given: NDArray) -> NDArray {
    var cells = column.cells
    for (k, row) in rows.enumerated() {
      cells[row] = given.cell(given.count == 1 ? 0 : min(k, given.count - 1))
    }
    let made = NDArray(narrowing: cells)
    return made.kind.isNumeric && column.kind.isNumeric && made.kind.canBeKept(in: column.kind)
      ? made.converted(to: column.kind) : made
  }
}

extension TableRows {
  static func head(_ call: BoundCall, _ n: Int) throws -> [Int] {
    let k = try call.integer("n", in: -1 << 40...1 << 40)
    return Array(0..<(k >= 0 ? min(k, n) : max(0, n + k)))
  }

  static func tail(_ call: BoundCall, _ n: Int) throws -> [Int] {
    let k = try call.integer("n", in: -1 << 40...1 << 40)
    return Array((k >= 0 ? max(0, n - k) : min(n, -k))..<n)
  }

  /// Rows by chance, without putting back, as pandas draws them.
  static func sample(_ call: BoundCall, _ n: Int) throws -> [Int] {
    var size = try call.optionalInteger("n", in: 0...max(0, n)) ?? 1
    if !call["frac"].isNone {
      let part = try call.number("frac")
      guard part >= 0 && part <= 1 else { throw call.unsuitable("frac", wanted: "a part up to 1") }
      size = Int((part * Double(n)).rounded(.toNearestOrEven))
    }
    if call["random_state"].isNone {
      return call.evaluator.seeds.legacy.choice(n, size: size, replacing: false)
    }
    var state = try NumPyRandomNames.state(call, "random_state")
    return state.choice(n, size: size, replacing: false)
  }

  /// Rows in the order of columns; what is missing comes last.
  static func sorted(_ keys: [NDArray], _ rises: [Bool]) -> [Int] {
    let missing = keys.map { key in key.scalars.indices.map { key.cell($0).isMissing } }
    return Array(0..<(keys.first?.count ?? 0)).sorted { a, b in
      for (k, key) in keys.enumerated() {
        if missing[k][a] != missing[k][b] { return missing[k][b] }
        let (x, y) = (key.scalars[a], key.scalars[b])
        if x != y, !missing[k][a] { return rises[k] ? x < y : x > y }
      }
      return a < b
    }
  }
}
