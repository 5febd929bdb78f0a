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
    if values.kind.isNumeric { return values.kind.name }
    let isText = values.labels.allSatisfy { $0.text != nil || $0 == .missing }
    return isText && values.labels.contains { $0.text != nil } ? "str" : "object"
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
      let before = (width - dots.count) / 2
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
    var columns = zip(frame.names, frame.columns).map { name, values in
      column(name.str, values.taking(rows), isCut, headRows: head.count)
    }
    let isNarrowed = columns.count > 20
    if isNarrowed {
      let dots = index.indices.map { $0 == 1 && head.count == 2 ? "   " : "..." }
      columns = Array(columns.prefix(10)) + [dots.map { " " + $0 }] + Array(columns.suffix(10))
    }
    let text = joined(index, columns)
    return isCut || isNarrowed
      ? text + "\n\n[\(n) rows x \(frame.names.count) columns]" : text
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

  /// Columns side by side, in blocks of lines of 80 columns.
  private static func joined(_ index: [String], _ columns: [[String]]) -> String {
    let widths = columns.map { $0[0].count + 1 }
    let room = 80 - (index[0].count + 1)
    var ends: [Int] = []
    var used = 0
    for (i, width) in widths.enumerated() {
      used += width
      if i > 0 && used + (i == widths.count - 1 ? 1 : 2) > room {
        ends.append(i)
        used = width
      }
    }
    ends.append(columns.count)
    var blocks: [String] = []
    var start = 0
    for (k, end) in ends.enumerated() {
      let lines = index.indices.map { row -> String in
        var line = index[row] + " " + columns[start..<end].map { $0[row] }.joined(separator: " ")
        if ends.count > 1 {
          line += k < ends.count - 1 ? (row == 0 ? "  \\" : "   ") : "  "
        }
        return line
      }
      blocks.append(lines.joined(separator: "\n"))
      start = end
    }
    return blocks.joined(separator: "\n\n")
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
