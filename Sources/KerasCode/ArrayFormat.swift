import Foundation
import Tensors

/// How NumPy prints arrays: eight digits, columns aligned, the middle of long ones left out.
enum ArrayFormat {
  private static let precision = 8
  private static let threshold = 1000
  private static let edge = 3
  private static let lineWidth = 75

  static func str(_ array: NDArray) -> String {
    guard array.rank > 0 else { return PythonFormat.scalar(array) }
    return text(array, separator: " ", indent: 1)
  }

  /// `array([1., 2.])`, `np.float64(0.5)`.
  static func repr(_ array: NDArray) -> String {
    guard array.rank > 0 else {
      return array.kind == .bool
        ? "np." + PythonFormat.scalar(array)
        : "np.\(array.kind.name)(\(PythonFormat.scalar(array)))"
    }
    let isUsual = [NDArray.Kind.float64, .int64, .bool].contains(array.kind)
    let dtype = isUsual && array.count > 0 ? "" : ", dtype=\(array.kind.name)"
    return "array(" + text(array, separator: ", ", indent: 7) + dtype + ")"
  }

  private static func text(_ array: NDArray, separator: String, indent: Int) -> String {
    guard array.count > 0 else { return "[]" }
    let isCut = array.count > threshold
    var shown: [Double] = []
    collect(array, 0, 0, isCut, &shown)
    let element = formatter(shown, array.kind)
    let style = Style(separator: separator, isCut: isCut, element: element)
    return block(array, 0, 0, indent, 0, style)
  }

  private struct Style {
    let separator: String
    let isCut: Bool
    let element: (Double) -> String
  }

  /// The indices along an axis that are shown; nil stands for the dots.
  private static func indices(_ extent: Int, _ isCut: Bool) -> [Int?] {
    guard isCut && extent > 2 * edge else { return Array(0..<extent) }
    return Array(0..<edge) + [nil] + Array(extent - edge..<extent)
  }

  private static func collect(
    _ array: NDArray, _ axis: Int, _ offset: Int, _ isCut: Bool, _ shown: inout [Double]
  ) {
    guard axis < array.rank else { return shown.append(array.scalars[offset]) }
    let stride = array.shape.strides[axis]
    for case let i? in indices(array.shape[axis], isCut) {
      collect(array, axis + 1, offset + i * stride, isCut, &shown)
    }
  }

  private static func block(
    _ array: NDArray, _ axis: Int, _ offset: Int, _ indent: Int, _ closing: Int, _ style: Style
  ) -> String {
    let stride = array.shape.strides[axis]
    let items = indices(array.shape[axis], style.isCut)
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
      if i > 0 && column + need > lineWidth {
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
  private static func formatter(_ shown: [Double], _ kind: NDArray.Kind) -> (Double) -> String {
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
    let isWide = high >= 1e8 || low > 0 && (low < 1e-4 || high / low > 1000)
    return isWide
      ? exponential(shown, finite, kind) : positional(shown, finite, kind)
  }

  private static func positional(
    _ shown: [Double], _ finite: [Double], _ kind: NDArray.Kind
  ) -> (Double) -> String {
    let halves = finite.map { fixed($0, kind) }
    let left = halves.map(\.0.count).max() ?? 0
    let right = halves.map(\.1.count).max() ?? 0
    var width = left + 1 + right
    for x in shown where !x.isFinite { width = max(width, PythonFormat.number(x).count) }
    return { x in
      guard x.isFinite else { return pad(PythonFormat.number(x), width) }
      let (whole, fraction) = fixed(x, kind)
      return pad(whole + "." + padRight(fraction, right), width)
    }
  }

  /// The digits before and after the point, at most eight after.
  private static func fixed(_ x: Double, _ kind: NDArray.Kind) -> (String, String) {
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
    _ shown: [Double], _ finite: [Double], _ kind: NDArray.Kind
  ) -> (Double) -> String {
    let digits =
      finite.map { x -> Int in
        let short = kind == .float32 ? PythonFormat.number(Float(x)) : PythonFormat.number(x)
        return min(precision, PythonFormat.parts(short).digits.count - 1)
      }.max() ?? 0
    func one(_ x: Double) -> String {
      guard x.isFinite else { return PythonFormat.number(x) }
      let text = String(format: "%.\(digits)e", x)
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
    guard let x = array.scalar else { return "[]" }
    return switch array.kind {
    case .bool: x != 0 ? "True" : "False"
    case .float32: number(Float(x))
    case .float64: number(x)
    default: ArrayFormat.whole(x)
    }
  }
}
