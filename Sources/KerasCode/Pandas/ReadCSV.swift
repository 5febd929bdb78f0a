import Foundation
import Tensors

extension PandasNames {
  static var readCSV: NativeFunction {
    NativeFunction(
      "read_csv(filepath_or_buffer, sep=None, delimiter=None, header='infer', names=None,"
        + "index_col=None, usecols=None, dtype=None, na_values=None, skiprows=None, nrows=None,"
        + "comment=None, skipinitialspace=False, encoding=None, delim_whitespace=False)"
    ) { call in
      let file = try call.text("filepath_or_buffer")
      guard !file.contains("://") else {
        throw Complaint(
          "read_csv() of an address: programs reach no network",
          remedy: "fetch the file yourself and put it beside the program", at: .argument(0))
      }
      let text = String(decoding: try call.evaluator.host.read(file: file), as: UTF8.self)
      let given = call["delimiter"].isNone ? "sep" : "delimiter"
      let separator = call[given].isNone ? "," : try call.text(given)
      let isWhitespace =
        try separator == "\\s+" || separator == " +" || call.boolean("delim_whitespace")
      guard isWhitespace || separator.count == 1 else {
        throw call.unsuitable("sep", wanted: "one character, or '\\s+'")
      }
      var rows = CSVText.rows(
        text, isWhitespace ? nil : separator.first, trims: try call.boolean("skipinitialspace"))
      if let comment = call["comment"].string {
        rows = rows.filter { !($0.first?.text.hasPrefix(comment) ?? false) }
      }
      if let skipped = call["skiprows"].wholeNumber {
        rows = Array(rows.dropFirst(max(0, skipped)))
      } else if !call["skiprows"].isNone {
        let gone = Set(try call.integers("skiprows"))
        rows = rows.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
      }
      return .object(try table(rows, file, call))
    }
  }

  private static func table(
    _ given: [[CSVText.Field]], _ file: String, _ call: BoundCall
  ) throws -> FrameObject {
    var rows = given
    guard !rows.isEmpty else { throw Complaint("\(file): the file is empty", at: .argument(0)) }
    var names: [Cell]?
    let given = call["names"].isNone ? nil : try call.operand("names").cells
    if let header = call["header"].wholeNumber {
      rows = Array(rows.dropFirst(max(0, header)))
    }
    let hasHeader =
      call["header"].string == "infer" ? given == nil : !call["header"].isNone
    if hasHeader, !rows.isEmpty { names = unique(rows.removeFirst().map(\.text)) }
    if let n = try call.optionalInteger("nrows", in: 0...Int.max) { rows = Array(rows.prefix(n)) }
    let width = rows.map(\.count).max() ?? names?.count ?? 0
    let all = given ?? names ?? (0..<width).map { .integer($0) }
    if let i = rows.firstIndex(where: { $0.count > all.count }) {
      throw Complaint(
        "\(file), row \(i + 1): \(rows[i].count) fields where \(all.count) are named",
        remedy: "check the separator: sep=';' or sep='\\t'", at: .argument(0))
    }
    let missing = Set(
      try CSVText.missing
        + (call["na_values"].isNone ? [] : call.operand("na_values").cells.map(\.str)))
    var columns = all.indices.map { i in
      CSVText.column(
        rows.map { i < $0.count ? $0[i] : CSVText.Field(text: "", isQuoted: false) }, missing)
    }
    if let kind = try? call.kind(), kind.isNumeric {
      columns = try columns.map { try $0.checkedConversion(to: kind) }
    }
    return try arranged(FrameObject(all, columns, Labels(count: rows.count)), call)
  }

  /// The chosen columns, one of them as the labels of the rows if the call says so.
  private static func arranged(_ given: FrameObject, _ call: BoundCall) throws -> FrameObject {
    var frame = given
    func place(_ cell: Cell) throws -> Int {
      if case .integer(let i) = cell, frame.names.indices.contains(i), !frame.names.contains(cell) {
        return i
      }
      return try frame.place(cell)
    }
    if !call["usecols"].isNone {
      frame = frame.keeping(try call.operand("usecols").cells.map(place).sorted())
    }
    guard !call["index_col"].isNone, case .integer? = Cell(call["index_col"]) else {
      guard let name = call["index_col"].string else { return frame }
      return indexed(frame, try frame.place(.text(name)))
    }
    return indexed(frame, try place(Cell(call["index_col"]) ?? .none))
  }

  private static func indexed(_ frame: FrameObject, _ i: Int) -> FrameObject {
    let rest = frame.keeping(frame.names.indices.filter { $0 != i })
    let name = frame.names[i].str
    return FrameObject(
      rest.names, rest.columns,
      Labels(frame.columns[i], name: name.hasPrefix("Unnamed") ? nil : name))
  }

  /// Names without doubles: `a`, `a.1`.
  private static func unique(_ names: [String]) -> [Cell] {
    var seen: [String: Int] = [:]
    return names.enumerated().map { i, name in
      let shown = name.isEmpty ? "Unnamed: \(i)" : name
      let count = seen[shown, default: 0]
      seen[shown] = count + 1
      return .text(count == 0 ? shown : "\(shown).\(count)")
    }
  }
}

/// Lines of fields, some in quotes.
enum CSVText {
  struct Field {
    var text: String
    var isQuoted: Bool
  }

  static let missing = [
    "", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "null", "NULL", "None", "<NA>", "#N/A",
    "#NA", "#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
  ]

  /// Fields by a separator; none means blanks. Empty lines do not count.
  static func rows(_ text: String, _ separator: Character?, trims: Bool) -> [[Field]] {
    guard let separator else {
      return text.split(whereSeparator: \.isNewline).map { line in
        line.split(whereSeparator: \.isWhitespace).map { Field(text: String($0), isQuoted: false) }
      }.filter { !$0.isEmpty }
    }
    var rows: [[Field]] = []
    var row: [Field] = []
    var field = Field(text: "", isQuoted: false)
    var isInside = false
    var before: Character?
    func finish() {
      row.append(field)
      field = Field(text: "", isQuoted: false)
      if row.count > 1 || !row[0].text.isEmpty || row[0].isQuoted { rows.append(row) }
      row = []
    }
    for c in text {
      if isInside {
        if c == "\"" { isInside = false } else { field.text.append(c) }
      } else if c == "\"", before == "\"" && field.isQuoted {
        field.text.append(c)
        isInside = true
      } else if c == "\"", field.text.isEmpty {
        isInside = true
        field.isQuoted = true
      } else if c == separator {
        row.append(field)
        field = Field(text: "", isQuoted: false)
      } else if c.isNewline {
        finish()
      } else if !(trims && c == " " && field.text.isEmpty) {
        field.text.append(c)
      }
      before = c
    }
    if !field.text.isEmpty || !row.isEmpty { finish() }
    return rows
  }

  /// A column of the narrowest kind that holds all fields.
  static func column(_ fields: [Field], _ missing: Set<String>) -> NDArray {
    var numbers: [Double] = []
    var isWhole = true
    for field in fields {
      if missing.contains(field.text) {
        numbers.append(.nan)
        isWhole = false
        continue
      }
      let word = field.text.trimmingCharacters(in: .whitespaces)
      guard let x = Double(word), !word.lowercased().hasPrefix("0x") else {
        return texts(fields, missing)
      }
      isWhole = isWhole && Int(word) != nil
      numbers.append(x)
    }
    return NDArray(row: numbers, kind: isWhole && !numbers.isEmpty ? .int64 : .float64)
  }

  private static func texts(_ fields: [Field], _ missing: Set<String>) -> NDArray {
    let cells = fields.map { field -> Cell in
      if missing.contains(field.text) { return .missing }
      switch field.text {
      case "True", "TRUE", "true": return .boolean(true)
      case "False", "FALSE", "false": return .boolean(false)
      default: return .text(field.text)
      }
    }
    let isBoolean = cells.allSatisfy { if case .boolean = $0 { true } else { false } }
    if isBoolean { return NDArray(narrowing: cells) }
    return NDArray(
      shape: [cells.count],
      cells: zip(cells, fields).map { cell, field in
        if case .boolean = cell { .text(field.text) } else { cell }
      })
  }
}
