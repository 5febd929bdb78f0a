/// A question about a run, read but not yet answered: `norm(dense/kernel.grad) > 10`.
///
/// The language of the debugger's `print`, `display`, `when` and `break if`, and of lessons:
/// numbers, texts, names of values, indices and slices, `+ - * / ^`, comparisons (which chain, as in
/// `0.4 < loss < 0.6`), `and or not`, functions.
package struct RunExpression: Hashable, Sendable {
  /// One part of it and where it begins.
  struct Node: Hashable, Sendable {
    let form: Form
    let column: Int
  }

  indirect enum Form: Hashable, Sendable {
    case number(Double)
    case name(String)
    case text(String)
    case negative(Node)
    case not(Node)
    /// `+ - * / ^ and or`
    case binary(String, Node, Node)
    /// A chain: each neighbor pair is compared.
    case comparison([Node], [String])
    case call(String, [Node])
    /// A function of a place, which is words: `visited(backward dense_1)`.
    case place(String, String)
    case index(Node, [Index])
  }

  /// One entry within brackets.
  enum Index: Hashable, Sendable {
    case at(Node)
    case range(Node?, Node?)
  }

  /// As it was written.
  package let source: String
  let root: Node

  /// Reads an expression.
  /// - Throws: `ExpressionFailure` with the column, what was found and what would be right.
  package init(_ source: String) throws(ExpressionFailure) {
    var parser = ExpressionParser(try ExpressionLexer.tokens(source))
    self.source = source
    root = try parser.whole()
  }

  /// Every name of a value in it, in order of first use.
  package var names: [String] {
    var seen: Set<String> = []
    return root.names.filter { seen.insert($0).inserted }
  }

  /// The values that it reads: of each the one number, where it is one by its index; nil for more.
  package var accesses: [(name: String, index: [Int]?)] { root.accesses }

  /// The value and the index it names, when it is one number of an array: `dense/kernel[2,1]`.
  package var number: (name: String, index: [Int])? { root.number }

  /// Whether it counts something, so that its value is written as a whole number.
  package var isCount: Bool { root.isCount }

  /// Functions of places are no functions of numbers: they ask where one has been.
  package static let placeFunctions = ["visited"]
}

extension RunExpression.Node {
  /// The value and the index it names, when it is one number of an array.
  var number: (name: String, index: [Int])? {
    switch form {
    case .name(let name): return (name, [])
    case .index(let base, let entries):
      guard case .name(let name) = base.form else { return nil }
      var index: [Int] = []
      for entry in entries {
        guard case .at(let part) = entry, case .number(let place) = part.form,
          let whole = Int(exactly: place)
        else { return nil }
        index.append(whole)
      }
      return (name, index)
    default: return nil
    }
  }

  fileprivate var isCount: Bool {
    switch form {
    case .name(let name), .call(let name, _): ExpressionNames.counts(name)
    case .index(let base, _): base.isCount
    default: false
    }
  }

  fileprivate var names: [String] {
    switch form {
    case .number, .text, .place: []
    // What was recorded is no value of the step.
    case .call("history", _): []
    case .name(let name): [name]
    case .negative(let part), .not(let part): part.names
    case .binary(_, let a, let b): a.names + b.names
    case .comparison(let parts, _), .call(_, let parts): parts.flatMap(\.names)
    case .index(let base, let entries):
      base.names
        + entries.flatMap { entry in
          switch entry {
          case .at(let part): part.names
          case .range(let from, let to): (from?.names ?? []) + (to?.names ?? [])
          }
        }
    }
  }

  fileprivate var accesses: [(name: String, index: [Int]?)] {
    switch form {
    case .number, .text, .place: return []
    case .name(let name): return [(name, nil)]
    case .negative(let part), .not(let part): return part.accesses
    case .binary(_, let a, let b): return a.accesses + b.accesses
    case .comparison(let parts, _), .call(_, let parts): return parts.flatMap(\.accesses)
    case .index(let base, let entries):
      let places = entries.map { entry -> Int? in
        guard case .at(let part) = entry, case .number(let place) = part.form else { return nil }
        return Int(exactly: place)
      }
      let within = entries.flatMap { entry -> [RunExpression.Node] in
        switch entry {
        case .at(let part): [part]
        case .range(let from, let to): [from, to].compactMap(\.self)
        }
      }
      let inner = within.flatMap(\.accesses)
      guard case .name(let name) = base.form else { return base.accesses + inner }
      let index = places.compactMap(\.self)
      return [(name, index.count == places.count ? index : nil)] + inner
    }
  }
}
