import Foundation
import Tensors

/// The labels of rows: what pandas calls an index.
struct Labels {
  var values: NDArray
  var name: String?

  /// Rows numbered from 0.
  init(count: Int) {
    values = NDArray(whole: Array(0..<count))
    name = nil
  }

  init(_ values: NDArray, name: String? = nil) {
    self.values = values
    self.name = name
  }

  var count: Int { values.count }

  /// Whether rows are simply numbered from 0.
  var isPlain: Bool {
    values.kind == .int64 && values.scalars.enumerated().allSatisfy { $1 == Double($0) }
  }

  func taking(_ rows: [Int]) -> Labels { Labels(values.taking(rows), name: name) }

  /// The rows that carry a label.
  func rows(of label: Cell) -> [Int] {
    (0..<count).filter { i in
      let cell = values.cell(i)
      return cell == label || (cell.value != nil && cell.value == label.value)
    }
  }
}

/// How pandas writes columns of tables.
enum TableText {
  /// The numbers and texts of a column, equally precise, each after a space.
  static func words(_ values: NDArray) -> [String] {
    guard values.kind.isFloat else {
      return values.cells.map { " " + ($0 == .missing ? "NaN" : $0.str) }
    }
    let finite = values.scalars.filter { !$0.isNaN }
    var words = trimmed(values.scalars.map { fixed($0) })
    let isLong = (words.map(\.count).max() ?? 0) > 12
    let isLarge = finite.contains { abs($0) > 1e6 && $0.isFinite }
    let isSmall = finite.contains { abs($0) < 1e-6 && $0 != 0 }
    if isSmall || isLong && isLarge {
      words = trimmed(values.scalars.map { PythonFormat.scientific($0) })
    }
    return words
  }

  private static func fixed(_ x: Double) -> String {
    guard x.isFinite else { return " " + (x.isNaN ? "NaN" : PythonFormat.number(x)) }
    return (x.sign == .minus ? "" : " ") + PythonFormat.decimals(x, 6)
  }

  /// Takes the zeros that all end with off all, but for one after the point.
  private static func trimmed(_ given: [String]) -> [String] {
    var words = given
    func isNumber(_ word: String) -> Bool { word.contains(".") && !word.contains("e") }
    while words.contains(where: isNumber),
      words.allSatisfy({ !isNumber($0) || $0.hasSuffix("0") })
    {
      words = words.map { isNumber($0) ? String($0.dropLast()) : $0 }
    }
    return words.map { $0.hasSuffix(".") ? $0 + "0" : $0 }
  }

  static func kindName(_ values: NDArray) -> String {
    if values.kind != .object { return values.kind.name }
    let present = values.labels.filter { $0 != .missing }
    let isText = present.count < values.labels.count && present.allSatisfy { $0.text != nil }
    return isText && !present.isEmpty ? "str" : "object"
  }

  static func left(_ word: String, _ width: Int) -> String {
    word + String(repeating: " ", count: max(0, width - word.count))
  }

  static func right(_ word: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - word.count)) + word
  }

  // MARK: Series

  static func series(_ series: SeriesObject) -> String {
    let n = series.values.count
    guard n > 0 else { return "Series([], dtype: \(kindName(series.values)))" }
    let isCut = n > 60
    let rows = isCut ? Array(0..<5) + Array(n - 5..<n) : Array(0..<n)
    var words = Self.words(series.values.taking(rows))
    var labels = indexWords(series.labels.values.taking(rows))
    let width = words.map(\.count).max() ?? 0
    words = words.map { right($0, width) }
    if isCut {
      let dots = width > 3 ? "..." : ".."
      // As Python centers: the odd blank goes to the left of an odd width.
      let missing = width - dots.count
      let before = missing / 2 + (missing & width & 1)
      words.insert(left(String(repeating: " ", count: before) + dots, width), at: 5)
      labels.insert("", at: 5)
    }
    let wide = labels.map(\.count).max() ?? 0
    var lines = zip(labels, words).map { left($0, wide) + "   " + $1 }
    if let name = series.labels.name { lines.insert(name, at: 0) }
    var footer: [String] = []
    if let name = series.name { footer.append("Name: \(name.str)") }
    if isCut { footer.append("Length: \(n)") }
    footer.append("dtype: \(kindName(series.values))")
    return (lines + [footer.joined(separator: ", ")]).joined(separator: "\n")
  }

  private static func indexWords(_ values: NDArray) -> [String] {
    words(values).map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }
  }

  // MARK: Frames

  static func frame(_ frame: FrameObject) -> String {
    let n = frame.rowCount
    guard n > 0, !frame.names.isEmpty else {
      let names = frame.names.map(\.str).joined(separator: ", ")
      return "Empty DataFrame\nColumns: [\(names)]\nIndex: []"
    }
    let isCut = n > 60
    let rows = isCut ? Array(0..<5) + Array(n - 5..<n) : Array(0..<n)
    var labels = indexWords(frame.labels.values.taking(rows))
    let wide = max(labels.map(\.count).max() ?? 0, frame.labels.name?.count ?? 0)
    if isCut { labels.insert(wide > 3 ? "..." : "..", at: 5) }
    var head = [""]
    if let name = frame.labels.name { head.append(name) }
    let index = (head + labels).map { left($0, wide) }
    let longest = frame.names.map { $0.str.count }.max() ?? 0
    let areNumbered = frame.names.allSatisfy { $0.value != nil }
    var columns = zip(frame.names, frame.columns).map { name, values in
      column(
        areNumbered ? left(name.str, longest) : name.str, values.taking(rows), isCut,
        headRows: head.count)
    }
    let fitting = fittingCount(index, columns)
    let isNarrowed = fitting < columns.count
    if isNarrowed {
      let dots = index.map { _ in " ..." }
      columns = Array(columns.prefix(fitting / 2)) + [dots] + Array(columns.suffix(fitting / 2))
    }
    let lines = index.indices.map { row in
      ([index[row]] + columns.map { $0[row] }).joined(separator: " ")
    }
    let text = lines.joined(separator: "\n")
    return isCut || isNarrowed
      ? text + "\n\n[\(n) rows x \(frame.names.count) columns]" : text
  }

  /// How many columns fit into 80 characters, when those in the middle are left out.
  private static func fittingCount(_ index: [String], _ columns: [[String]]) -> Int {
    var widths = [index[0].count] + columns.map { $0[0].count }
    var excess = widths.reduce(-1) { $0 + $1 + 1 } - 80
    guard excess > 0 else { return columns.count }
    excess += 1
    while excess > 0 && widths.count > 1 {
      let middle = Int((Double(widths.count) / 2).rounded(.toNearestOrEven))
      excess -= widths.remove(at: min(middle, widths.count - 1)) + 1
    }
    return max(widths.count - 1, 2)
  }

  private static func column(
    _ name: String, _ values: NDArray, _ isCut: Bool, headRows: Int
  ) -> [String] {
    var words = Self.words(values)
    let width = max(
      words.map(\.count).max() ?? 0, name.count + (values.kind.isNumeric ? 1 : 0))
    if isCut { words.insert(width > 3 ? "..." : "..", at: 5) }
    let head = [name] + [String](repeating: "", count: headRows - 1)
    return (head + words).map { right($0, width) }
  }
}

extension PythonFormat {
  /// `%.nf`.
  static func decimals(_ x: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", x) }

  /// As pandas writes numbers that are too small or large: `1.000000e-07`.
  static func scientific(_ x: Double) -> String {
    guard x.isFinite else { return " " + (x.isNaN ? "NaN" : number(x)) }
    return (x.sign == .minus ? "" : " ") + String(format: "%.6e", x)
  }
}
