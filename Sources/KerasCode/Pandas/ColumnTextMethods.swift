/// `series.str`: what texts can do.
final class ColumnTextMethods: ProgramObject {
  private let series: SeriesObject

  init(_ series: SeriesObject) { self.series = series }

  var typeName: String { "StringMethods" }
  var attributeNames: [String] { ["contains", "len", "lower", "replace", "strip", "upper"] }

  private func mapped(_ f: (String) -> Cell) -> PythonValue {
    .object(
      series.with(NDArray(narrowing: series.values.cells.map { $0.text.map(f) ?? .missing })))
  }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "lower":
      return .object(NativeFunction("lower()") { _ in self.mapped { .text($0.lowercased()) } })
    case "upper":
      return .object(NativeFunction("upper()") { _ in self.mapped { .text($0.uppercased()) } })
    case "len":
      return .object(
        NativeFunction("len()") { _ in self.mapped { .integer($0.unicodeScalars.count) } })
    case "strip":
      return .object(
        NativeFunction("strip()") { _ in
          self.mapped { text in
            .text(
              String(
                text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace)
                  .reversed()))
          }
        })
    case "contains":
      return .object(
        NativeFunction("contains(pat)") { call in
          let part = try call.text("pat")
          return self.mapped { .boolean(part.isEmpty || $0.contains(part)) }
        })
    case "replace":
      return .object(
        NativeFunction("replace(pat, repl, regex=False)") { call in
          let (from, to) = (try call.text("pat"), try call.text("repl"))
          return self.mapped { .text(from.isEmpty ? $0 : $0.replacing(from, with: to)) }
        })
    default: return nil
    }
  }
}
