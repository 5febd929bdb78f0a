import Tensors

// Arrays of texts and of mixed objects.

/// An element that is no plain number: a text, or one of mixed objects.
enum Cell: Hashable, Comparable, Sendable {
  /// A number that is missing, which NumPy and pandas write as `nan`.
  case missing
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)

  static func < (a: Cell, b: Cell) -> Bool {
    if let x = a.value, let y = b.value, x != y { return x < y }
    if case .text(let x) = a, case .text(let y) = b { return x < y }
    return a.rank < b.rank
  }

  private var rank: Int {
    switch self {
    case .none: 0
    case .boolean: 1
    case .integer: 2
    case .number: 3
    case .text: 4
    case .missing: 5
    }
  }

  /// The number that this is.
  var value: Double? {
    switch self {
    case .boolean(let flag): flag ? 1 : 0
    case .integer(let i): Double(i)
    case .number(let x): x
    default: nil
    }
  }

  var isMissing: Bool { self == .missing || self == .none }

  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// As `print` writes it.
  var str: String {
    switch self {
    case .missing: "nan"
    case .none: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .integer(let i): "\(i)"
    case .number(let x): PythonFormat.number(x)
    case .text(let text): text
    }
  }

  var repr: String { if case .text(let text) = self { PythonFormat.quoted(text) } else { str } }

  var python: PythonValue {
    switch self {
    case .missing: .number(.nan)
    case .none: .none
    case .boolean(let flag): .boolean(flag)
    case .integer(let i): .integer(i)
    case .number(let x): .number(x)
    case .text(let text): .text(text)
    }
  }

  /// The cell of a number of an array.
  init(_ x: Double, _ kind: NDArray.Kind) {
    if kind == .bool {
      self = .boolean(x != 0)
    } else if kind.isWhole, let i = Int(exactly: x) {
      self = .integer(i)
    } else {
      self = x.isNaN ? .missing : .number(x)
    }
  }

  /// The cell of a value, or nil when it is something larger.
  init?(_ value: PythonValue) {
    switch value {
    case .none: self = .none
    case .boolean(let flag): self = .boolean(flag)
    case .integer(let i): self = .integer(i)
    case .number(let x): self = x.isNaN ? .missing : .number(x)
    case .text(let text): self = .text(text)
    case .array(let r) where r.array.rank == 0: self = r.array.cell(0)
    default: return nil
    }
  }
}

extension NDArray {
  /// An array of texts, or of mixed objects.
  init(shape: Shape, cells: [Cell], kind: Kind? = nil) {
    let labels = Array(Set(cells)).sorted()
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Double($0)) })
    let isText = labels.allSatisfy { $0.text != nil }
    self.init(
      shape: shape, codes: cells.map { places[$0] ?? 0 }, labels: labels,
      kind: kind ?? (isText ? .text : .object))
  }

  /// Cells as the narrowest array that holds them: numbers where all are numbers.
  init(narrowing cells: [Cell]) {
    let present = cells.filter { !$0.isMissing }
    let isWhole = present.allSatisfy { if case .integer = $0 { true } else { false } }
    let isBoolean = present.allSatisfy { if case .boolean = $0 { true } else { false } }
    if !present.isEmpty, isBoolean, present.count == cells.count {
      self.init(row: cells.map { $0.value ?? 0 }, kind: .bool)
    } else if present.isEmpty && cells.contains(.none) {
      self.init(shape: [cells.count], cells: cells, kind: .object)
    } else if present.allSatisfy({ $0.value != nil && (!isBoolean || present.isEmpty) }) {
      let whole = isWhole && present.count == cells.count && !cells.isEmpty
      self.init(row: cells.map { $0.value ?? .nan }, kind: whole ? .int64 : .float64)
    } else {
      self.init(shape: [cells.count], cells: cells)
    }
  }

  /// The element at a position in row-major order.
  func cell(_ i: Int) -> Cell {
    guard !kind.isNumeric else { return Cell(scalars[i], kind) }
    let code = Int(scalars[i])
    return labels.indices.contains(code) ? labels[code] : .missing
  }

  var cells: [Cell] { scalars.indices.map(cell) }

  /// An element as a value of the program.
  func element(_ i: Int) -> PythonValue { cell(i).python }

  /// The longest text, as NumPy counts its width.
  var textWidth: Int {
    max(1, labels.map { $0.str.unicodeScalars.count }.max() ?? 1)
  }

  /// The name of the dtype: `float32`, `<U5`, `object`.
  var kindName: String { kind == .text ? "<U\(textWidth)" : kind.name }

  /// Arrays whose elements can be compared by their codes: all numbers, or all over one table.
  static func unified(_ arrays: [NDArray]) -> [NDArray] {
    guard arrays.contains(where: { !$0.kind.isNumeric }) else { return arrays }
    let tables = arrays.map { $0.kind.isNumeric ? Array(Set($0.cells)) : $0.labels }
    let labels = Array(Set(tables.flatMap { $0 })).sorted()
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Double($0)) })
    let kind: Kind = labels.allSatisfy { $0.text != nil } ? .text : .object
    return arrays.map { array in
      if array.kind.isNumeric {
        return NDArray(
          shape: array.shape, codes: array.cells.map { places[$0] ?? 0 }, labels: labels,
          kind: kind)
      }
      let new = array.labels.map { places[$0] ?? 0 }
      return NDArray(
        shape: array.shape, codes: array.scalars.map { new[Int($0)] }, labels: labels, kind: kind)
    }
  }

  /// Texts read as numbers, numbers written as texts.
  func cellsConverted(to kind: Kind) -> NDArray {
    if kind == .object {
      return self.kind == .text
        ? NDArray(shape: shape, codes: scalars, labels: labels, kind: .object)
        : NDArray(shape: shape, cells: cells, kind: .object)
    }
    if kind == .text {
      return NDArray(shape: shape, cells: cells.map { .text($0.str) }, kind: .text)
    }
    let numbers = labels.map { label -> Double in
      if let x = label.value { return x }
      guard let text = label.text else { return .nan }
      return Double(text.filter { $0 != " " }) ?? .nan
    }
    return NDArray(
      shape: shape, scalars: scalars.map { kind.rounded(numbers[Int($0)]) }, kind: kind)
  }

  /// Converts, and complains of texts that are no numbers.
  func checkedConversion(to kind: Kind) throws(Complaint) -> NDArray {
    if kind.isNumeric && !self.kind.isNumeric {
      for code in Set(scalars) {
        guard let text = labels[Int(code)].text else {
          guard labels[Int(code)] != .none else {
            throw Complaint("None cannot become a number", remedy: "fill in what is missing first")
          }
          continue
        }
        guard Double(text.filter { $0 != " " }) != nil else {
          throw Complaint(
            "the text \(PythonFormat.quoted(text)) cannot become \(kind.name)",
            remedy: "encode texts first: LabelEncoder, or pd.get_dummies")
        }
      }
    }
    return converted(to: kind)
  }

  /// Complains when the elements are not numbers.
  func requireNumbers(_ what: String) throws(Complaint) {
    guard kind.isNumeric else {
      throw Complaint(
        "\(what) of an array of \(kind == .text ? "texts" : "mixed objects")",
        remedy: "turn it into numbers first: .astype(float)")
    }
  }
}
