/// `"%d of %.2f" % (1, 2.0)`.
enum PercentFormat {
  static func text(_ format: String, _ value: PythonValue) throws(Complaint) -> String {
    var values: [PythonValue]
    if case .tuple(let tuple) = value { values = tuple.items } else { values = [value] }
    var result = ""
    var rest = Substring(format)
    while let c = rest.popFirst() {
      guard c == "%" else {
        result.append(c)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        result.append("%")
        continue
      }
      let spec = rest.prefix { "+- 0123456789.#".contains($0) }
      rest = rest.dropFirst(spec.count)
      guard let type = rest.popFirst(), "diufFeEgGsrxX".contains(type) else {
        throw Complaint("the format after \"%\" cannot be read", remedy: "use %d, %s, %.2f or %%")
      }
      guard !values.isEmpty else { throw Complaint("more \"%\" than values") }
      result += try one(String(spec), type, values.removeFirst())
    }
    guard values.isEmpty else { throw Complaint("more values than \"%\"") }
    return result
  }

  private static func one(
    _ spec: String, _ type: Character, _ value: PythonValue
  ) throws(Complaint) -> String {
    let isLeft = spec.hasPrefix("-")
    let body = isLeft ? String(spec.dropFirst()) : spec
    if type == "s" || type == "r" {
      let text = type == "s" ? value.str : value.repr
      return try PythonFormat.formatted(.text(text), spec: (isLeft ? "<" : ">") + body)
    }
    let isWhole = "diu".contains(type)
    guard let x = value.anyNumber else {
      throw Complaint("\(value.described) does not fit %\(type)", remedy: "it takes a number")
    }
    let number: PythonValue =
      isWhole ? .integer(Int(exactly: x.rounded(.towardZero)) ?? 0) : value
    return try PythonFormat.formatted(
      number, spec: (isLeft ? "<" : "") + body + (isWhole ? "d" : String(type)))
  }
}
