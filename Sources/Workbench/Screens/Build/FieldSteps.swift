import Datasets
import NeuralNets
import Tensors

extension InspectorField {
  /// The value one step up or down, nil at the end of the range.
  func stepped(_ direction: Int, _ workpiece: Workpiece) -> ArgumentValue? {
    if let names = choices, !names.isEmpty {
      let here = names.firstIndex(of: text) ?? 0
      return value(ofChoice: names[(here + direction + names.count) % names.count])
    }
    switch (spec.kind, value) {
    case (.boolean, .boolean(let flag)): return .boolean(!flag)
    case (.integer(let range), .integer(let i)), (.single(let range), .integer(let i)):
      let next = Self.next(after: i, direction)
      return range.contains(next) ? .integer(next) : nil
    case (.number(let range), .number(let x)):
      let next = Self.next(after: x, in: range, name: spec.name, direction)
      return range.contains(next) && next != x ? .number(next) : nil
    case (.rate, .number(let x)):
      let next = Self.next(after: x, in: 0...1e6, name: spec.name, direction)
      return next != x ? .number(next) : nil
    case (.span(_, let range?), .number(let x)):
      let next = Self.next(after: x, in: range, name: spec.name, direction)
      return next != x ? .number(next) : nil
    case (.pair(let range), .integers(let both)), (.margins(let range), .integers(let both)):
      let next = both.map { $0 + direction }
      return next.allSatisfy(range.contains) ? .integers(next) : nil
    case (.single(let range), .none): return .integer(range.lowerBound)
    case (.span(_, let range?), .none): return .number(range.contains(0.2) ? 0.2 : range.lowerBound)
    case (.integer(let range), .none):
      return .integer(max(range.lowerBound, min(0, range.upperBound)))
    case (.number(let range), .none): return .number(range.contains(1) ? 1 : range.lowerBound)
    case (.axes, .integer(let axis)): return .integer(axis + direction)
    case (.pair(let range), .none): return .integers([range.lowerBound, range.lowerBound])
    case (.shape, .integers(let extents)):
      let shapes = workpiece.dataset.inputShapes
      guard let here = shapes.firstIndex(of: Shape(extents)) else {
        return shapes.first.map { .integers($0.extents) }
      }
      let next = shapes[(here + direction + shapes.count) % shapes.count]
      return .integers(next.extents)
    default: return nil
    }
  }

  /// By ones up to 16, then by steps of about a quarter that lie on round numbers.
  private static func next(after i: Int, _ direction: Int) -> Int {
    // Down from 16 the step is that of the numbers below it.
    let base = direction > 0 ? i : i - 1
    var step = 1
    while base >= 16 * step { step *= 4 }
    if direction > 0 { return (i / step + 1) * step }
    return max(0, (i - 1) / step * step)
  }

  /// Rates of forgetting go towards 1, shares by twentieths, everything else by 1, 2, 5, 10.
  private static func next(
    after x: Double, in range: ClosedRange<Double>, name: String, _ direction: Int
  ) -> Double {
    if name.hasPrefix("beta") {
      let ladder = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999]
      return next(after: x, on: ladder, direction)
    }
    if range.upperBound <= 1, name != "epsilon" {
      let twentieths = (x * 20).rounded(direction > 0 ? .down : .up)
      return min(max((twentieths + Double(direction)) / 20, range.lowerBound), range.upperBound)
    }
    let ladder = (-9...6).flatMap { power in
      ["1", "2", "5"].compactMap { Double("\($0)e\(power)") }
    }
    return next(after: x, on: [0] + ladder, direction)
  }

  private static func next(after x: Double, on ladder: [Double], _ direction: Int) -> Double {
    direction > 0
      ? ladder.first { $0 > x * (1 + 1e-9) } ?? x : ladder.last { $0 < x * (1 - 1e-9) } ?? x
  }

  /// What a typed text stands for; nil when it is no value at all.
  func parsed(_ typed: String) -> ArgumentValue? {
    let text = typed.trimmed
    let numbers = text.split { !$0.isNumber && $0 != "-" }.map { Int($0) }
    switch spec.kind {
    case .integer, .single:
      return text == "None" ? ArgumentValue.none : Int(text).map { .integer($0) }
    case .margins:
      let all = numbers.compactMap(\.self)
      guard all.count == numbers.count else { return nil }
      switch all.count {
      case 1: return .integer(all[0])
      case 2: return .integers(all)
      case 4: return .list([.integers(Array(all[..<2])), .integers(Array(all[2...]))])
      default: return nil
      }
    case .span where text == "None": return ArgumentValue.none
    case .span:
      let parts = text.split { ", ()[]".contains($0) }
      let all = parts.compactMap { Double($0) }.filter(\.isFinite)
      guard !all.isEmpty, all.count == parts.count else { return nil }
      return all.count == 1 ? .number(all[0]) : .list(all.map { .number($0) })
    case .number where text == "None": return ArgumentValue.none
    case .number: return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .text: return text.isEmpty ? ArgumentValue.none : .text(text)
    case .pair where text == "None": return ArgumentValue.none
    case .shape, .pair:
      let all = numbers.compactMap(\.self)
      guard !all.isEmpty, all.count == numbers.count, all.allSatisfy({ $0 > 0 }) else { return nil }
      if case .pair = spec.kind { return all.count == 1 ? .integer(all[0]) : .integers(all) }
      // What no machine holds would overflow the sums of the screen.
      let count = all.reduce(1) { $0.saturatingProduct($1) }
      return count <= 1 << 24 && all.count <= 5 ? .integers(all) : nil
    case .numbers: return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .rate: return Double(text).flatMap { $0.isFinite && $0 >= 0 ? .number($0) : nil }
    case .axes, .integers, .openShape, .wholeNumbers:
      if text == "None" { return ArgumentValue.none }
      let all = numbers.compactMap(\.self)
      guard !all.isEmpty, all.count == numbers.count else { return nil }
      if case .integers = spec.kind { return .integers(all) }
      return all.count == 1 ? .integer(all[0]) : .integers(all)
    case .layer:
      if text == "None" { return ArgumentValue.none }
      return (try? KerasSource.layer(text)).map { .component($0) }
    case .boolean, .choice, .component, .fixed: return nil
    }
  }

  /// What would be right, in words.
  var expectation: String {
    place == .inputShape
      ? "up to five whole numbers, such as 8, 8, 1" : spec.expectation
  }

  /// The characters that may be typed.
  var allowedCharacters: String? {
    switch spec.kind {
    case .integer where spec.allowsNone: "-0123456789None"
    case .single: spec.allowsNone ? "0123456789None" : "0123456789"
    case .margins: "0123456789,() ×x"
    case .span: TextField.digits + ",() " + (spec.allowsNone ? "None" : "")
    case .integer(let range): range.lowerBound < 0 ? "-0123456789" : "0123456789"
    case .number where spec.allowsNone: TextField.digits + "None"
    case .number, .numbers, .rate: TextField.digits
    case .shape, .pair: spec.allowsNone ? "0123456789,() ×xNone" : "0123456789,() ×x"
    case .axes, .integers, .openShape, .wholeNumbers: "0123456789,()- None"
    case .text, .boolean, .choice, .component, .layer, .fixed: nil
    }
  }
}

extension Dataset {
  /// The shapes that its examples can be given in: in a row, as a picture, as they come.
  var inputShapes: [Shape] {
    var shapes = [exampleShape]
    for shape in [Shape([exampleShape.count]), imageShape].compactMap(\.self)
    where !shapes.contains(shape) && shape.count == exampleShape.count {
      shapes.append(shape)
    }
    return shapes
  }
}

extension String {
  var trimmed: String {
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...last].drop { $0.isWhitespace })
  }
}
