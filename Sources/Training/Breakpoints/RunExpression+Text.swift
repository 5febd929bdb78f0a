// Parts of an expression as text, and those that are worth a number.

extension RunExpression {
  /// What is compared in it, as one would type it, without what is written out in figures.
  package var sides: [String] {
    root.compared.filter { !$0.isConstant }.map(\.text)
  }
}

extension RunExpression.Node {
  /// The sides of its comparisons, else itself.
  var compared: [RunExpression.Node] {
    switch form {
    case .comparison(let parts, _): parts
    case .binary("and", let a, let b), .binary("or", let a, let b): a.compared + b.compared
    case .not(let part): part.compared
    default: [self]
    }
  }

  /// Whether it is written out in figures.
  var isConstant: Bool {
    switch form {
    case .number, .text: true
    case .negative(let part): part.isConstant
    case .binary(_, let a, let b): a.isConstant && b.isConstant
    default: false
    }
  }

  /// As one would type it.
  var text: String {
    switch form {
    case .number(let value):
      value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    case .name(let name): name
    case .text(let text): "\"\(text)\""
    case .negative(let part): "-" + part.enclosed
    case .not(let part): "not " + part.enclosed
    case .binary(let symbol, let a, let b): "\(a.enclosed) \(symbol) \(b.enclosed)"
    case .comparison(let parts, let symbols):
      zip(parts.dropFirst(), symbols).reduce(parts.first?.enclosed ?? "") {
        "\($0) \($1.1) \($1.0.enclosed)"
      }
    case .call(let name, let arguments):
      "\(name)(\(arguments.map(\.text).joined(separator: ", ")))"
    case .place(let name, let place): "\(name)(\(place))"
    case .index(let base, let entries):
      base.enclosed + "[" + entries.map { Self.text($0) }.joined(separator: ",") + "]"
    }
  }

  private static func text(_ entry: RunExpression.Index) -> String {
    switch entry {
    case .at(let node): node.text
    case .range(let from, let to): "\(from?.text ?? ""):\(to?.text ?? "")"
    }
  }

  private var enclosed: String {
    switch form {
    case .binary, .comparison, .not: "(\(text))"
    default: text
    }
  }
}
