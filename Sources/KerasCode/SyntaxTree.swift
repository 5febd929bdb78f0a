// What the parser makes of a program: statements and expressions with the ranges of their source.

/// An expression and where it stands.
struct Expression: Sendable {
  indirect enum Kind: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case ellipsis
    case format([FormatPart])
    case name(String)
    case list([Expression])
    case tuple([Expression])
    case set([Expression])
    case dictionary([(key: Expression, value: Expression)])
    case attribute(Expression, String, nameRange: Range<Int>)
    case subscripted(Expression, Expression)
    case slice(lower: Expression?, upper: Expression?, step: Expression?)
    case call(Expression, [Argument])
    case unary(String, Expression)
    case binary(Expression, String, Expression)
    /// `a < b <= c`: each comparison with the operand at its right.
    case comparison(Expression, [(mark: String, right: Expression)])
    case both(Expression, Expression)
    case either(Expression, Expression)
    case conditional(test: Expression, yes: Expression, no: Expression)
    case lambda(Parameters, Expression)
    case comprehension(Comprehension)
    case starred(Expression)
  }

  let kind: Kind
  let range: Range<Int>
  /// The number of expressions inside one another, bounded by the parser.
  let depth: Int
}

/// One argument of a call.
struct Argument: Sendable {
  enum Sort: Sendable {
    case positional
    case keyword(String)
    /// `*values`
    case spread
    /// `**values`
    case spreadKeywords
  }

  let sort: Sort
  let value: Expression
  let range: Range<Int>
}

/// A piece of an f-string, parsed.
indirect enum FormatPart: Sendable {
  case literal(String)
  case field(Expression, showsSource: String?, conversion: Character?, spec: [FormatPart])
}

/// What a function takes.
struct Parameters: Sendable {
  struct Parameter: Sendable {
    let name: String
    let standard: Expression?
    let isKeywordOnly: Bool
  }

  var all: [Parameter] = []
  /// The name after `*`.
  var rest: String?
}

/// `[element for target in iterable if condition]` and its relatives.
struct Comprehension: Sendable {
  enum Result: Sendable {
    case list, set, generator
    case dictionary(value: Expression)
  }

  struct Clause: Sendable {
    let target: Expression
    let iterable: Expression
    let conditions: [Expression]
  }

  let result: Result
  let element: Expression
  let clauses: [Clause]
}

/// A statement and where it stands, from its first word to its last.
struct Statement: Sendable {
  indirect enum Kind: Sendable {
    case importModules([(path: [String], alias: String?, range: Range<Int>)])
    case importNames(path: [String], [(name: String, alias: String?, range: Range<Int>)])
    case assign([Expression], Expression)
    case augmented(Expression, String, Expression)
    case expression(Expression)
    case conditional([(test: Expression, body: [Statement])], otherwise: [Statement])
    case forLoop(target: Expression, Expression, body: [Statement], otherwise: [Statement])
    case whileLoop(Expression, body: [Statement], otherwise: [Statement])
    case function(String, Parameters, [Statement])
    case give(Expression?)
    case global([String])
    case check(Expression, Expression?)
    case delete([Expression])
    case nothing
    case leave
    case skip
    /// Parsed and refused when it runs: a class, `with`, `try`.
    case unsupported(String)
  }

  let kind: Kind
  let range: Range<Int>
}

extension Expression {
  /// The names that an assignment to this binds.
  var boundNames: [String] {
    switch kind {
    case .name(let name): [name]
    case .tuple(let all), .list(let all): all.flatMap(\.boundNames)
    case .starred(let inner): inner.boundNames
    default: []
    }
  }
}
