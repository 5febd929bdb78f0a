import Tensors

/// The methods of columns.
enum SeriesMethods {
  static let names =
    [
      "abs", "any", "all", "apply", "astype", "between", "clip", "copy", "corr", "count", "cumsum",
      "describe", "diff", "drop", "dropna", "fillna", "head", "idxmax", "idxmin", "isin", "isna",
      "isnull", "items", "map", "mode", "notna", "notnull", "nunique", "quantile", "replace",
      "reset_index", "round", "sample", "shift", "sort_index", "sort_values", "tail", "to_list",
      "to_numpy",
      "tolist", "to_frame", "unique", "value_counts",
    ] + TableStatistic.all.map(\.name)

  static func method(_ name: String, _ series: SeriesObject) -> NativeFunction? {
    if let statistic = TableStatistic.named(name) {
      return NativeFunction("\(name)(axis=0)") {
        try $0.evaluator.value(
          NDArray(shape: [], cells: [try statistic.apply(series.values)]).plain)
      }
    }
    return reading(name, series) ?? choosing(name, series) ?? changing(name, series)
  }

  // MARK: What a column says of itself

  private static func reading(_ name: String, _ series: SeriesObject) -> NativeFunction? {
    let values = series.values
    let present = values.scalars.indices.filter { !values.cell($0).isMissing }
    switch name {
    case "count": return NativeFunction("count()") { _ in .integer(present.count) }
    case "any":
      return NativeFunction("any()") { _ in .boolean(values.scalars.contains { $0 != 0 }) }
    case "all":
      return NativeFunction("all()") { _ in .boolean(values.scalars.allSatisfy { $0 != 0 }) }
    case "nunique":
      return NativeFunction("nunique()") { _ in .integer(Set(present.map(values.cell)).count) }
    case "unique":
      return NativeFunction("unique()") { call in
        try call.evaluator.value(values.taking(firsts(values)))
      }
    case "value_counts":
      return NativeFunction("value_counts(normalize=False, sort=True, ascending=False)") {
        try counted(series, $0)
      }
    case "mode":
      return NativeFunction("mode()") { _ in
        let cells = present.map(values.cell)
        let counts = Dictionary(cells.map { ($0, 1) }, uniquingKeysWith: +)
        let most = counts.values.max() ?? 0
        return .object(
          SeriesObject(
            NDArray(narrowing: counts.keys.filter { counts[$0] == most }.sorted()),
            name: series.name))
      }
    case "tolist", "to_list":
      return NativeFunction("\(name)()") { try NumPy.nested(values, $0.evaluator) }
    case "to_numpy":
      return NativeFunction("to_numpy(dtype=None)") { call in
        try call.evaluator.value(
          try values.checkedConversion(to: try call.kind() ?? values.kind))
      }
    case "idxmax", "idxmin":
      return NativeFunction("\(name)()") { call in
        guard values.count > 0 else { throw Complaint("\(name)() of nothing") }
        let x = values.scalars.map { $0.isNaN ? (name == "idxmax" ? -.infinity : .infinity) : $0 }
        let i = name == "idxmax" ? NDArray.indexOfLargest(x) : NDArray.indexOfSmallest(x)
        return series.labels.values.element(Int(i))
      }
    case "quantile":
      return NativeFunction("quantile(q=0.5)") { call in
        let x = values.scalars.filter { !$0.isNaN }
        guard let q = call["q"].anyNumber else {
          let parts = try call.array("q")
          return .object(
            SeriesObject(
              parts.map(kind: .float64) { NDArray.quantile(x, $0) }, Labels(parts),
              name: series.name))
        }
        return try call.evaluator.value(NDArray(NDArray.quantile(x, q)))
      }
    case "describe":
      return NativeFunction("describe()") { _ in
        let names = TableStatistic.describedNames.map { Cell.text($0) }
        return .object(
          SeriesObject(
            NDArray(row: TableStatistic.described(values)),
            Labels(NDArray(shape: [names.count], cells: names)), name: series.name))
      }
    case "corr":
      return NativeFunction("corr(other)") { call in
        try call.evaluator.value(
          NDArray(TableStatistic.correlation(values, try call.array("other"))))
      }
    case "items":
      return NativeFunction("items()") { call in
        try call.evaluator.list(
          try values.scalars.indices.map { i in
            try call.evaluator.tuple([series.labels.values.element(i), values.element(i)])
          })
      }
    default: return nil
    }
  }

  /// The rows where a value stands first.
  static func firsts(_ values: NDArray) -> [Int] {
    var seen = Set<Cell>()
    return values.scalars.indices.filter { seen.insert(values.cell($0)).inserted }
  }

  private static func counted(_ series: SeriesObject, _ call: BoundCall) throws -> PythonValue {
    let values = series.values
    let order = firsts(values).filter { !values.cell($0).isMissing }
    let counts = Dictionary(values.cells.map { ($0, 1) }, uniquingKeysWith: +)
    func count(_ i: Int) -> Int { counts[values.cell(i)] ?? 0 }
    let rises = try call.boolean("ascending")
    let sorted =
      try call.boolean("sort")
      ? order.sorted { a, b in
        count(a) == count(b) ? a < b : rises ? count(a) < count(b) : count(a) > count(b)
      } : order
    let total = Double(sorted.map(count).reduce(0, +))
    let isShare = try call.boolean("normalize")
    return .object(
      SeriesObject(
        isShare
          ? NDArray(row: sorted.map { Double(count($0)) / total })
          : NDArray(whole: sorted.map(count)),
        Labels(values.taking(sorted), name: series.name?.str),
        name: .text(isShare ? "proportion" : "count")))
  }

  // MARK: Rows of a column

  private static func choosing(_ name: String, _ series: SeriesObject) -> NativeFunction? {
    let values = series.values
    let n = values.count
    switch name {
    case "head":
      return NativeFunction("head(n=5)") { .object(series.taking(try TableRows.head($0, n))) }
    case "tail":
      return NativeFunction("tail(n=5)") { .object(series.taking(try TableRows.tail($0, n))) }
    case "dropna":
      return NativeFunction("dropna()") { _ in
        .object(series.taking((0..<n).filter { !values.cell($0).isMissing }))
      }
    case "drop":
      return NativeFunction("drop(labels=None, index=None)") { call in
        let given = try call.operand(call["index"].isNone ? "labels" : "index")
        let gone = Set(given.cells.flatMap { series.labels.rows(of: $0) })
        return .object(series.taking((0..<n).filter { !gone.contains($0) }))
      }
    case "sample":
      return NativeFunction("sample(n=None, frac=None, random_state=None)") {
        .object(series.taking(try TableRows.sample($0, n)))
      }
    case "sort_values":
      return NativeFunction("sort_values(ascending=True)") { call in
        .object(series.taking(TableRows.sorted([values], [try call.boolean("ascending")])))
      }
    case "sort_index":
      return NativeFunction("sort_index(ascending=True)") { call in
        .object(
          series.taking(TableRows.sorted([series.labels.values], [try call.boolean("ascending")])))
      }
    case "reset_index":
      return NativeFunction("reset_index(drop=False)") { call in
        if try call.boolean("drop") { return .object(SeriesObject(values, name: series.name)) }
        return .object(
          FrameObject(
            [.text(series.labels.name ?? "index"), series.name ?? .integer(0)],
            [series.labels.values, values]))
      }
    case "copy": return NativeFunction("copy()") { _ in .object(series.with(values)) }
    case "to_frame":
      return NativeFunction("to_frame()") { _ in
        .object(FrameObject([series.name ?? .integer(0)], [values], series.labels))
      }
    default: return nil
    }
  }

  // MARK: Other values

  private static func changing(_ name: String, _ series: SeriesObject) -> NativeFunction? {
    let values = series.values
    func mapped(_ f: (Cell) throws -> Cell) rethrows -> PythonValue {
      .object(series.with(NDArray(narrowing: try values.cells.map(f))))
    }
    switch name {
    case "isnull", "isna", "notnull", "notna":
      return NativeFunction("\(name)()") { _ in
        let wanted = name.hasPrefix("is")
        return .object(
          series.with(
            NDArray(
              row: values.cells.map { $0.isMissing == wanted ? 1 : 0 }, kind: .bool)))
      }
    case "fillna":
      return NativeFunction("fillna(value)") { call in
        guard let cell = Cell(call["value"]) else {
          throw call.unsuitable("value", wanted: "a number or a text")
        }
        return mapped { $0.isMissing ? cell : $0 }.keepingFloat(values)
      }
    case "astype":
      return NativeFunction("astype(dtype)") { call in
        if call["dtype"].string == "category" { return .object(series) }
        return .object(series.with(try values.checkedConversion(to: try call.kind() ?? .float64)))
      }
    case "isin":
      return NativeFunction("isin(values)") { call in
        let wanted = Set(try call.operand("values").cells)
        return .object(
          series.with(NDArray(row: values.cells.map { wanted.contains($0) ? 1 : 0 }, kind: .bool)))
      }
    case "between":
      return NativeFunction("between(left, right)") { call in
        let (low, high) = (try call.number("left"), try call.number("right"))
        return .object(series.with(values.map(kind: .bool) { $0 >= low && $0 <= high ? 1 : 0 }))
      }
    case "map", "apply":
      return NativeFunction("\(name)(arg)") { try applied(series, $0) }
    case "replace":
      return NativeFunction("replace(to_replace, value=None)") { call in
        let table = try replacements(call)
        return mapped { table[$0] ?? $0 }.keepingFloat(values)
      }
    case "round":
      return NativeFunction("round(decimals=0)") { call in
        let digits = try call.integer("decimals", in: 0...20)
        return .object(series.with(NDArray.rounded(values, digits)))
      }
    case "abs": return NativeFunction("abs()") { _ in .object(series.with(values.map { abs($0) })) }
    case "clip":
      return NativeFunction("clip(lower=None, upper=None)") { call in
        let low = call["lower"].isNone ? -Double.infinity : try call.number("lower")
        let high = call["upper"].isNone ? Double.infinity : try call.number("upper")
        return .object(series.with(values.map { $0.isNaN ? $0 : min(max($0, low), high) }))
      }
    case "cumsum":
      return NativeFunction("cumsum()") { _ in
        .object(series.with(try values.running(along: [0], kind: values.kind, +)))
      }
    case "diff", "shift":
      return NativeFunction("\(name)(periods=1)") { call in
        let by = try call.integer("periods", in: -1_000_000...1_000_000)
        let x = values.scalars
        let moved = x.indices.map { x.indices.contains($0 - by) ? x[$0 - by] : .nan }
        return .object(
          series.with(NDArray(row: name == "shift" ? moved : zip(x, moved).map { $0 - $1 })))
      }
    default: return nil
    }
  }

  /// What each value becomes, from a dict or a pair of arguments.
  static func replacements(_ call: BoundCall) throws -> [Cell: Cell] {
    var table: [Cell: Cell] = [:]
    if case .dictionary(let dictionary) = call["to_replace"] {
      for (key, value) in dictionary.pairs {
        if let from = Cell(key.value), let to = Cell(value) { table[from] = to }
      }
      return table
    }
    let from = call["to_replace"].sequence ?? [call["to_replace"]]
    let to = call["value"].sequence ?? from.map { _ in call["value"] }
    guard from.count == to.count else {
      throw call.unsuitable("value", wanted: "as many values as \"to_replace\"")
    }
    for (a, b) in zip(from, to) { if let x = Cell(a), let y = Cell(b) { table[x] = y } }
    return table
  }

  /// A function or a dict over each value.
  private static func applied(_ series: SeriesObject, _ call: BoundCall) throws -> PythonValue {
    let values = series.values
    switch call["arg"] {
    case .dictionary(let dictionary):
      var table: [Cell: Cell] = [:]
      for (key, value) in dictionary.pairs {
        if let from = Cell(key.value), let to = Cell(value) { table[from] = to }
      }
      return .object(
        series.with(
          NDArray(
            narrowing: values.cells.map { cell in
              table[cell] ?? table[
                cell.value.flatMap { Int(exactly: $0) }.map { .integer($0) } ?? cell]
                ?? .missing
            })))
    case .object(let function as any Callable):
      try call.evaluator.spend(values.count)
      let results = try values.scalars.indices.map { i -> Cell in
        let result = try function.call(
          CallArguments(positional: [values.element(i)]), call.evaluator)
        guard let cell = Cell(result) else {
          throw Complaint("the function gave \(result.described), not a number or a text")
        }
        return cell
      }
      return .object(series.with(NDArray(narrowing: results)))
    default: throw call.unsuitable("arg", wanted: "a function or a dict")
    }
  }
}

extension PythonValue {
  /// A column of floats stays one when its values happen to be whole.
  fileprivate func keepingFloat(_ before: NDArray) -> PythonValue {
    guard let series, before.kind.isFloat, series.values.kind.isWhole else { return self }
    return .object(series.with(series.values.converted(to: before.kind)))
  }
}

extension NDArray {
  /// An array of one cell as a number when it is one.
  var plain: NDArray {
    guard !kind.isNumeric, count == 1 else { return self }
    switch cell(0) {
    case .boolean(let flag): return NDArray(flag ? 1 : 0, kind: .bool)
    case .integer(let i): return NDArray(Double(i), kind: .int64)
    case .number(let x): return NDArray(x)
    case .missing: return NDArray(.nan)
    default: return self
    }
  }

  static func rounded(_ a: NDArray, _ digits: Int) -> NDArray {
    guard a.kind.isFloat else { return a }
    let factor = (0..<digits).reduce(1.0) { x, _ in x * 10 }
    return a.map { ($0 * factor).rounded(.toNearestOrEven) / factor }
  }
}
