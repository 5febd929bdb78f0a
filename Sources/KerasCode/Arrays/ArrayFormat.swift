import Foundation
import Tensors

/// What `np.set_printoptions` sets.
struct ArrayPrinting: Sendable {
  var precision = 8
  var threshold = 1000
  var edge = 3
  var lineWidth = 75
  var suppresses = false
}

/// How NumPy prints arrays: eight digits, columns aligned, the middle of long ones left out.
enum ArrayFormat {
  static func str(_ reference: ArrayReference) -> String {
    str(reference.array, reference.account?.printing ?? ArrayPrinting())
  }

  static func repr(_ reference: ArrayReference) -> String {
    repr(reference.array, reference.account?.printing ?? ArrayPrinting())
  }

  static func str(_ array: NDArray, _ printing: ArrayPrinting = ArrayPrinting()) -> String {
    guard array.rank > 0 else { return PythonFormat.scalar(array) }
    return text(array, separator: " ", indent: 1, printing)
  }

  /// `array([1., 2.])`, `np.float64(0.5)`.
  private static func repr(_ array: NDArray, _ printing: ArrayPrinting) -> String {
    guard array.rank > 0 else {
      return array.kind == .bool
        ? "np." + PythonFormat.scalar(array)
        : "np.\(array.kind.name)(\(PythonFormat.scalar(array)))"
    }
    let isUsual = [NDArray.Kind.float64, .int64, .bool].contains(array.kind)
    var notes: [String] = []
    if array.count > printing.threshold || array.count == 0 && array.shape.extents.dropFirst() != []
    {
      notes.append("shape=" + array.shape.tupleText)
    }
    if array.kind == .text || !isUsual || array.count == 0 {
      notes.append("dtype=" + (array.kind == .text ? "'\(array.kindName)'" : array.kind.name))
    }
    let note = notes.isEmpty ? "" : ", " + notes.joined(separator: ", ")
    let body = "array(" + text(array, separator: ", ", indent: 7, printing)
    let last = body.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
    let breaks = !note.isEmpty && last + note.count + 1 > printing.lineWidth
    return breaks ? body + ",\n      " + note.dropFirst(1) + ")" : body + note + ")"
  }

  private static func text(
    _ array: NDArray, separator: String, indent: Int, _ printing: ArrayPrinting
  ) -> String {
    guard array.count > 0 else { return "[]" }
    let isCut = array.count > printing.threshold
    var style = Style(separator: separator, isCut: isCut, printing: printing) { _ in "" }
    var shown: [Double] = []
    collect(array, 0, 0, style, &shown)
    style.element =
      array.kind.isNumeric ? formatter(shown, array.kind, printing) : labels(shown, array)
    return block(array, 0, 0, indent, 0, style)
  }

  /// Texts in quotes, mixed objects as they are.
  private static func labels(_ shown: [Double], _ array: NDArray) -> (Double) -> String {
    let words = array.labels.map(\.repr)
    return { words[Int($0)] }
  }

  private struct Style {
    let separator: String
    let isCut: Bool
    let printing: ArrayPrinting
    var element: (Double) -> String
  }

  /// The indices along an axis that are shown; nil stands for the dots.
  private static func indices(_ extent: Int, _ style: Style) -> [Int?] {
    let edge = style.printing.edge
    guard style.isCut && extent > 2 * edge else { return Array(0..<extent) }
    return Array(0..<edge) + [nil] + Array(extent - edge..<extent)
  }

  private static func collect(
    _ array: NDArray, _ axis: Int, _ offset: Int, _ style: Style, _ shown: inout [Double]
  ) {
    guard axis < array.rank else { return shown.append(array.scalars[offset]) }
    let stride = array.shape.strides[axis]
    for case let i? in indices(array.shape[axis], style) {
      collect(array, axis + 1, offset + i * stride, style, &shown)
    }
  }

  private static func block(
    _ array: NDArray, _ axis: Int, _ offset: Int, _ indent: Int, _ closing: Int, _ style: Style
  ) -> String {
    let stride = array.shape.strides[axis]
    let items = indices(array.shape[axis], style)
    if axis == array.rank - 1 {
      let words = items.map {
        $0.map { style.element(array.scalars[offset + $0 * stride]) } ?? "..."
      }
      return "[" + wrapped(words, indent, closing, style) + "]"
    }
    let breaks = String(repeating: "\n", count: array.rank - axis - 1)
    let blank = String(repeating: " ", count: indent)
    let between = style.separator.filter { $0 != " " } + breaks + blank
    let inner = items.enumerated().map { place, i in
      i.map {
        block(
          array, axis + 1, offset + $0 * stride, indent + 1,
          closing + (place == items.count - 1 ? 1 : 0), style)
      } ?? "..."
    }
    return "[" + inner.joined(separator: between) + "]"
  }

  private static func wrapped(
    _ words: [String], _ indent: Int, _ closing: Int, _ style: Style
  ) -> String {
    var text = ""
    var column = indent
    for (i, word) in words.enumerated() {
      let isLast = i == words.count - 1
      let need = word.count + (isLast ? closing + 1 : style.separator.filter { $0 != " " }.count)
      if i > 0 && column + need > style.printing.lineWidth {
        while text.last == " " { text.removeLast() }
        text += "\n" + String(repeating: " ", count: indent)
        column = indent
      }
      text += word + (isLast ? "" : style.separator)
      column += word.count + (isLast ? 0 : style.separator.count)
    }
    return text
  }

  // MARK: Elements

  /// Writes each number so that all are equally wide.
  private static func formatter(
    _ shown: [Double], _ kind: NDArray.Kind, _ printing: ArrayPrinting
  ) -> (Double) -> String {
    if kind == .bool {
      return { pad($0 != 0 ? "True" : "False", 5) }
    }
    if kind.isWhole {
      let width = shown.map { whole($0).count }.max() ?? 0
      return { pad(whole($0), width) }
    }
    let finite = shown.filter(\.isFinite)
    let sizes = finite.map(abs).filter { $0 != 0 }
    let high = sizes.max() ?? 0
    let low = sizes.min() ?? 0
    let isWide =
      !printing.suppresses && (high >= 1e8 || low > 0 && (low < 1e-4 || high / low > 1000))
    return isWide
      ? exponential(shown, finite, kind, printing.precision)
      : positional(shown, finite, kind, printing.precision)
  }

  private static func positional(
    _ shown: [Double], _ finite: [Double], _ kind: NDArray.Kind, _ precision: Int
  ) -> (Double) -> String {
    let halves = finite.map { fixed($0, kind, precision) }
    let left = halves.map(\.0.count).max() ?? 0
    let right = halves.map(\.1.count).max() ?? 0
    var width = left + 1 + right
    for x in shown where !x.isFinite { width = max(width, PythonFormat.number(x).count) }
    return { x in
      guard x.isFinite else { return pad(PythonFormat.number(x), width) }
      let (whole, fraction) = fixed(x, kind, precision)
      return pad(whole + "." + padRight(fraction, right), width)
    }
  }

  /// The digits before and after the point, at most eight after.
  private static func fixed(
    _ x: Double, _ kind: NDArray.Kind, _ precision: Int
  ) -> (String, String) {
    let short = kind == .float32 ? PythonFormat.number(Float(x)) : PythonFormat.number(x)
    var text = short
    let fraction = short.split(separator: ".").last.map(\.count) ?? 0
    if short.contains("e") || fraction > precision {
      text = String(format: "%.\(precision)f", x)
    }
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    var digits = halves.count > 1 ? String(halves[1]) : ""
    while digits.hasSuffix("0") { digits.removeLast() }
    return (String(halves[0]), digits)
  }

  private static func exponential(
    _ shown: [Double], _ finite: [Double], _ kind: NDArray.Kind, _ precision: Int
  ) -> (Double) -> String {
    let digits =
      finite.map { x -> Int in
        let short = kind == .float32 ? PythonFormat.number(Float(x)) : PythonFormat.number(x)
        let digits = PythonFormat.parts(short).digits.count - 1
        guard digits > precision else { return digits }
        let cut = String(format: "%.\(precision)e", x)
        return PythonFormat.parts(cut).digits.count - 1
      }.max() ?? 0
    let isFar = finite.contains { $0 != 0 && (abs($0) >= 1e100 || abs($0) < 1e-99) }
    func one(_ x: Double) -> String {
      guard x.isFinite else { return PythonFormat.number(x) }
      var text = String(format: "%.\(digits)e", x)
      if isFar, let e = text.lastIndex(of: "e"), text.distance(from: e, to: text.endIndex) == 4 {
        text.insert("0", at: text.index(e, offsetBy: 2))
      }
      return digits == 0 ? text.replacing("e", with: ".e") : text
    }
    let width = shown.map { one($0).count }.max() ?? 0
    return { pad(one($0), width) }
  }

  static func whole(_ x: Double) -> String { Int(exactly: x).map { "\($0)" } ?? "\(x)" }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func padRight(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension PythonFormat {
  /// An array of one number as its number.
  static func scalar(_ array: NDArray) -> String {
    guard let x = array.scalar else { return array.count == 1 ? array.cell(0).str : "[]" }
    return switch array.kind {
    case .bool: x != 0 ? "True" : "False"
    case .float32: number(Float(x))
    case .float64: number(x)
    default: ArrayFormat.whole(x)
    }
  }
}
