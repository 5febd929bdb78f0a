import Tensors

/// The methods of tables.
enum FrameMethods {
  static let names =
    [
      "abs", "apply", "astype", "copy", "corr", "count", "describe", "drop", "drop_duplicates",
      "dropna", "fillna", "groupby", "head", "info", "isna", "isnull", "iterrows", "notna",
      "notnull", "nunique", "pop",
      "rename", "replace", "reset_index", "round", "sample", "select_dtypes", "set_index",
      "sort_index",
      "sort_values", "tail", "to_dict", "to_numpy",
    ] + TableStatistic.all.map(\.name)

  static func method(_ name: String, _ frame: FrameObject) -> NativeFunction? {
    if let statistic = TableStatistic.named(name) {
      return NativeFunction("\(name)(axis=0, numeric_only=False)") { call in
        .object(try reduced(statistic, frame, call))
      }
    }
    return reading(name, frame) ?? choosing(name, frame) ?? changing(name, frame)
  }

  static func labels(_ names: [Cell]) -> Labels {
    Labels(NDArray(shape: [names.count], cells: names))
  }

  private static func reduced(
    _ statistic: TableStatistic, _ frame: FrameObject, _ call: BoundCall
  ) throws -> SeriesObject {
    if call["axis"].wholeNumber == 1 || call["axis"].string == "columns" {
      return SeriesObject(
        NDArray(
          narrowing: try (0..<frame.rowCount).map { try statistic.apply(frame.row($0).values) }),
        frame.labels)
    }
    let part =
      try call.boolean("numeric_only")
      ? frame.keeping(frame.columns.indices.filter { frame.columns[$0].kind.isNumeric }) : frame
    return SeriesObject(
      NDArray(narrowing: try part.columns.map(statistic.apply)).widened(part.columns),
      labels(part.names))
  }

  // MARK: What a table says of itself

  private static func reading(_ name: String, _ frame: FrameObject) -> NativeFunction? {
    func perColumn(_ f: @escaping (SeriesObject) -> Int) -> NativeFunction {
      NativeFunction("\(name)()") { _ in
        .object(
          SeriesObject(
            NDArray(whole: frame.names.indices.map { f(frame.column($0)) }), labels(frame.names)))
      }
    }
    switch name {
    case "count": return perColumn { $0.values.cells.count { !$0.isMissing } }
    case "nunique": return perColumn { Set($0.values.cells.filter { !$0.isMissing }).count }
    case "describe":
      return NativeFunction("describe()") { _ in
        let places = frame.columns.indices.filter {
          frame.columns[$0].kind.isNumeric && frame.columns[$0].kind != .bool
        }
        return .object(
          FrameObject(
            places.map { frame.names[$0] },
            places.map { NDArray(row: TableStatistic.described(frame.columns[$0])) },
            labels(TableStatistic.describedNames.map { .text($0) })))
      }
    case "corr":
      return NativeFunction("corr(numeric_only=False)") { call in
        let places = frame.columns.indices.filter { frame.columns[$0].kind.isNumeric }
        guard try places.count == frame.columns.count || call.boolean("numeric_only") else {
          throw Complaint("corr() of columns of texts", remedy: "give numeric_only=True")
        }
        return .object(
          FrameObject(
            places.map { frame.names[$0] },
            places.map { i in
              NDArray(
                row: places.map {
                  $0 == i ? 1 : TableStatistic.correlation(frame.columns[$0], frame.columns[i])
                })
            }, labels(places.map { frame.names[$0] })))
      }
    case "info": return NativeFunction("info()") { information(frame, $0) }
    case "to_numpy":
      return NativeFunction("to_numpy(dtype=None)") { call in
        let array = try frame.array(call.evaluator)
        return try call.evaluator.value(
          try array.checkedConversion(to: try call.kind() ?? array.kind))
      }
    case "to_dict":
      return NativeFunction("to_dict(orient='dict')") { call in
        guard try call.text("orient") == "list" else {
          throw call.unsuitable("orient", wanted: "'list'")
        }
        let table = try call.evaluator.keep(DictionaryObject())
        for (name, column) in zip(frame.names, frame.columns) {
          table.set(.text(name.str), try NumPy.nested(column, call.evaluator))
        }
        return .dictionary(table)
      }
    case "iterrows":
      return NativeFunction("iterrows()") { call in
        try call.evaluator.spend(frame.rowCount * frame.names.count)
        return try call.evaluator.list(
          try (0..<frame.rowCount).map { i in
            try call.evaluator.tuple([
              frame.labels.values.element(i), .object(frame.row(i)),
            ])
          })
      }
    case "groupby":
      return NativeFunction("groupby(by, as_index=True)") { call in
        let keys =
          call["by"].sequence?.map { Cell($0) ?? .none } ?? [Cell(call["by"]) ?? .none]
        guard keys.count == 1 else {
          throw call.unsuitable("by", wanted: "the name of one column")
        }
        return .object(GroupObject(frame, try frame.place(keys[0]), nil))
      }
    default: return nil
    }
  }

  private static func information(_ frame: FrameObject, _ call: BoundCall) -> PythonValue {
    let n = frame.rowCount
    var lines = ["<class 'pandas.DataFrame'>"]
    lines.append("RangeIndex: \(n) entries, 0 to \(n - 1)")
    lines.append("Data columns (total \(frame.names.count) columns):")
    let wide = max(6, frame.names.map { $0.str.count }.max() ?? 0)
    let counts = frame.columns.map { c in "\(c.cells.count { !$0.isMissing }) non-null" }
    let across = max(14, counts.map(\.count).max() ?? 0)
    let kinds = frame.columns.map(TableText.kindName)
    let last = max(5, kinds.map(\.count).max() ?? 0)
    lines.append(
      " #   " + TableText.left("Column", wide) + "  " + TableText.left("Non-Null Count", across)
        + "  " + TableText.left("Dtype", last))
    lines.append(
      "---  " + TableText.left("------", wide) + "  " + TableText.left("--------------", across)
        + "  " + TableText.left("-----", last))
    for (i, name) in frame.names.enumerated() {
      lines.append(
        " " + TableText.left("\(i)", 4) + TableText.left(name.str, wide) + "  "
          + TableText.left(counts[i], across) + "  " + TableText.left(kinds[i], last))
    }
    let tally = Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
    lines.append("dtypes: " + tally.map { "\($0.key)(\($0.value))" }.joined(separator: ", "))
    var size = Double(132 + frame.columns.reduce(0) { $0 + n * $1.kind.byteCount })
    var units = ["bytes", "KB", "MB", "GB"]
    while size >= 1024 && units.count > 1 {
      size /= 1024
      units.removeFirst()
    }
    let more = kinds.contains("object") ? "+" : ""
    lines.append("memory usage: \(PythonFormat.decimals(size, 1))\(more) \(units[0])")
    call.evaluator.write(lines.joined(separator: "\n") + "\n")
    return .none
  }

  // MARK: Rows and columns

  private static func choosing(_ name: String, _ frame: FrameObject) -> NativeFunction? {
    let n = frame.rowCount
    switch name {
    case "head":
      return NativeFunction("head(n=5)") { .object(frame.taking(try TableRows.head($0, n))) }
    case "tail":
      return NativeFunction("tail(n=5)") { .object(frame.taking(try TableRows.tail($0, n))) }
    case "copy":
      return NativeFunction("copy(deep=True)") { _ in .object(frame.with(frame.columns)) }
    case "sample":
      return NativeFunction("sample(n=None, frac=None, random_state=None)") {
        .object(frame.taking(try TableRows.sample($0, n)))
      }
    case "drop":
      return NativeFunction("drop(labels=None, axis=0, index=None, columns=None, inplace=False)") {
        try finished(frame, try dropped(frame, $0), $0)
      }
    case "dropna":
      return NativeFunction("dropna(axis=0, subset=None, inplace=False)") { call in
        let places =
          call["subset"].isNone
          ? Array(frame.names.indices) : try call.operand("subset").cells.map(frame.place)
        if call["axis"].wholeNumber == 1 {
          return try finished(
            frame,
            frame.keeping(
              frame.columns.indices.filter { i in
                !frame.columns[i].cells.contains(where: \.isMissing)
              }),
            call)
        }
        let rows = (0..<n).filter { i in places.allSatisfy { !frame.columns[$0].cell(i).isMissing }
        }
        return try finished(frame, frame.taking(rows), call)
      }
    case "drop_duplicates":
      return NativeFunction("drop_duplicates(inplace=False)") { call in
        var seen = Set<[Cell]>()
        let rows = (0..<n).filter { i in
          seen.insert(frame.columns.map { $0.cell(i) }).inserted
        }
        return try finished(frame, frame.taking(rows), call)
      }
    case "sort_values":
      return NativeFunction("sort_values(by, ascending=True, inplace=False, ignore_index=False)") {
        call in
        let keys = try call.operand("by").cells.map(frame.place)
        let given = call["ascending"].sequence?.map { $0.wholeNumber != 0 }
        let rises = try given ?? keys.map { _ in try call.boolean("ascending") }
        guard rises.count == keys.count else {
          throw call.unsuitable("ascending", wanted: "one for each column")
        }
        let rows = TableRows.sorted(keys.map { frame.columns[$0] }, rises)
        let sorted = frame.taking(rows)
        return try finished(
          frame,
          try call.boolean("ignore_index") ? FrameObject(sorted.names, sorted.columns) : sorted,
          call)
      }
    case "sort_index":
      return NativeFunction("sort_index(ascending=True)") { call in
        .object(
          frame.taking(TableRows.sorted([frame.labels.values], [try call.boolean("ascending")])))
      }
    case "reset_index":
      return NativeFunction("reset_index(drop=False, inplace=False)") { call in
        let isDropped = try call.boolean("drop")
        let made =
          isDropped
          ? FrameObject(frame.names, frame.columns)
          : FrameObject(
            [.text(frame.labels.name ?? "index")] + frame.names,
            [frame.labels.values] + frame.columns)
        return try finished(frame, made, call)
      }
    case "set_index":
      return NativeFunction("set_index(keys, inplace=False)") { call in
        guard let cell = Cell(call["keys"]) else { throw call.unsuitable("keys", wanted: "a name") }
        let i = try frame.place(cell)
        let rest = frame.keeping(frame.names.indices.filter { $0 != i })
        return try finished(
          frame,
          FrameObject(rest.names, rest.columns, Labels(frame.columns[i], name: cell.str)), call)
      }
    case "select_dtypes":
      return NativeFunction("select_dtypes(include=None, exclude=None)") { call in
        func fits(_ column: NDArray, _ value: PythonValue) -> Bool {
          let names = value.sequence ?? [value]
          return names.contains { given in
            given.string == "number"
              ? column.kind.isNumeric && column.kind != .bool
              : DType.kind(of: given).map {
                $0 == column.kind || !$0.isNumeric && !column.kind.isNumeric
              } ?? false
          }
        }
        return .object(
          frame.keeping(
            frame.columns.indices.filter { i in
              (call["include"].isNone || fits(frame.columns[i], call["include"]))
                && (call["exclude"].isNone || !fits(frame.columns[i], call["exclude"]))
            }))
      }
    case "pop":
      return NativeFunction("pop(item)") { call in
        guard let cell = Cell(call["item"]) else { throw call.unsuitable("item", wanted: "a name") }
        let i = try frame.place(cell)
        let column = frame.column(i)
        frame.become(frame.keeping(frame.names.indices.filter { $0 != i }))
        return .object(column)
      }
    default: return nil
    }
  }

  /// A new table, or this one changed when the call says `inplace=True`.
  private static func finished(
    _ frame: FrameObject, _ made: FrameObject, _ call: BoundCall
  ) throws -> PythonValue {
    guard try call.boolean("inplace") else { return .object(made) }
    frame.become(made)
    return .none
  }

  private static func dropped(_ frame: FrameObject, _ call: BoundCall) throws -> FrameObject {
    let byColumn =
      !call["columns"].isNone || call["axis"].wholeNumber == 1 || call["axis"].string == "columns"
    let name = !call["columns"].isNone ? "columns" : !call["index"].isNone ? "index" : "labels"
    let given = try call.operand(name).cells
    if byColumn {
      let gone = Set(try given.map(frame.place))
      return frame.keeping(frame.names.indices.filter { !gone.contains($0) })
    }
    let gone = Set(
      try given.flatMap { cell -> [Int] in
        let rows = frame.labels.rows(of: cell)
        guard !rows.isEmpty else {
          throw Complaint(
            "there is no row \(cell.repr)",
            remedy: frame.names.contains(cell) ? "to drop a column, give axis=1" : nil,
            at: call.anchor(name))
        }
        return rows
      })
    return frame.taking((0..<frame.rowCount).filter { !gone.contains($0) })
  }

  // MARK: Other values

  private static func changing(_ name: String, _ frame: FrameObject) -> NativeFunction? {
    /// Each column through the method of columns of the same name.
    func perColumn(
      _ signature: String, _ isIncluded: @escaping (NDArray) -> Bool = { _ in true }
    )
      -> NativeFunction
    {
      NativeFunction(signature) { call in
        var arguments = CallArguments()
        for (key, value) in call.values where key != "inplace" && !value.isNone {
          arguments.keywords.append((key, value))
        }
        let columns = try frame.names.indices.map { i -> NDArray in
          let column = frame.column(i)
          guard isIncluded(column.values), let method = SeriesMethods.method(name, column) else {
            return column.values
          }
          return try method.call(arguments, call.evaluator).series?.values ?? column.values
        }
        let isInPlace = call["inplace"].isNone ? false : try call.boolean("inplace")
        if isInPlace {
          frame.become(frame.with(columns))
          return .none
        }
        return .object(frame.with(columns))
      }
    }
    switch name {
    case "isnull", "isna", "notnull", "notna": return perColumn("\(name)()")
    case "round": return perColumn("round(decimals=0)") { $0.kind.isFloat }
    case "abs": return perColumn("abs()")
    case "replace": return perColumn("replace(to_replace, value=None, inplace=False)")
    case "fillna":
      return NativeFunction("fillna(value, inplace=False)") { call in
        let columns = try frame.names.indices.map { i -> NDArray in
          var value = call["value"]
          if let series = value.series {
            guard let row = series.labels.rows(of: frame.names[i]).first else {
              return frame.columns[i]
            }
            value = series.values.element(row)
          } else if case .dictionary(let table) = value {
            guard let found = table.value(.text(frame.names[i].str)) else {
              return frame.columns[i]
            }
            value = found
          }
          let column = frame.column(i)
          guard column.values.cells.contains(where: \.isMissing) else { return column.values }
          return try SeriesMethods.method("fillna", column)?.call(
            CallArguments(positional: [value]), call.evaluator
          ).series?.values ?? column.values
        }
        return try finished(frame, frame.with(columns), call)
      }
    case "astype":
      return NativeFunction("astype(dtype)") { call in
        if case .dictionary(let table) = call["dtype"] {
          return .object(
            frame.with(
              try frame.names.indices.map { i in
                guard let wanted = table.value(.text(frame.names[i].str)),
                  let kind = DType.kind(of: wanted)
                else { return frame.columns[i] }
                return try frame.columns[i].checkedConversion(to: kind)
              }))
        }
        let kind = try call.kind() ?? .float64
        return .object(frame.with(try frame.columns.map { try $0.checkedConversion(to: kind) }))
      }
    case "rename":
      return NativeFunction("rename(columns, inplace=False)") { call in
        guard case .dictionary(let table) = call["columns"] else {
          throw call.unsuitable("columns", wanted: "a dict from old to new names")
        }
        let names = frame.names.map { name in
          table.value(name.text.map { .text($0) } ?? .text(name.str)).flatMap { Cell($0) } ?? name
        }
        return try finished(frame, FrameObject(names, frame.columns, frame.labels), call)
      }
    case "apply":
      return NativeFunction("apply(func, axis=0)") { try applied(frame, $0) }
    default: return nil
    }
  }

  /// A function over each column, or over each row with `axis=1`.
  private static func applied(_ frame: FrameObject, _ call: BoundCall) throws -> PythonValue {
    guard case .object(let function as any Callable) = call["func"] else {
      throw call.unsuitable("func", wanted: "a function")
    }
    let byRow = call["axis"].wholeNumber == 1
    let count = byRow ? frame.rowCount : frame.names.count
    try call.evaluator.spend(count * 4)
    let results = try (0..<count).map { i in
      try function.call(
        CallArguments(positional: [.object(byRow ? frame.row(i) : frame.column(i))]), call.evaluator
      )
    }
    if !byRow, results.allSatisfy({ $0.series != nil }) {
      return .object(frame.with(results.compactMap { $0.series?.values }))
    }
    let cells = try results.map { result -> Cell in
      guard let cell = Cell(result) else {
        throw Complaint("the function gave \(result.described), not a number or a text")
      }
      return cell
    }
    return .object(
      SeriesObject(NDArray(narrowing: cells), byRow ? frame.labels : labels(frame.names)))
  }
}

extension NDArray {
  /// Whole results stay whole only when all columns were whole.
  fileprivate func widened(_ columns: [NDArray]) -> NDArray {
    kind == .int64 && columns.contains { $0.kind.isFloat } ? converted(to: .float64) : self
  }
}
