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
    /// Without a key: `**value`.
    case dictionary([(key: Expression?, value: Expression)])
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
    /// `name := value`
    case walrus(String, Expression)
    case yield(Expression?)
    case yieldFrom(Expression)
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
  /// The name after `**`.
  var keywordRest: String?
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
    case function(Definition)
    case classDefinition(String, [Argument], [Statement], decorators: [Expression])
    /// `name: annotation = value`
    case annotated(Expression, annotation: Expression, value: Expression?)
    case attempt(Attempt)
    case with([(context: Expression, target: Expression?)], [Statement])
    case raise(Expression?)
    case give(Expression?)
    case global([String])
    case nonlocal([String])
    case check(Expression, Expression?)
    case delete([Expression])
    case nothing
    case leave
    case skip
    /// Parsed and refused when it runs: `async`, `match`.
    case unsupported(String, remedy: String?)
  }

  let kind: Kind
  let range: Range<Int>
  /// Whether a `yield` stands in it, functions inside it left out.
  var yields = false
}

/// `def name(parameters): body`
struct Definition: Sendable {
  let name: String
  let parameters: Parameters
  let body: [Statement]
  var decorators: [Expression] = []
  let isGenerator: Bool
}

/// `try: … except …: … else: … finally: …`
struct Attempt: Sendable {
  struct Handler: Sendable {
    /// None takes everything.
    let types: Expression?
    let name: String?
    let body: [Statement]
  }

  let body: [Statement]
  let handlers: [Handler]
  let otherwise: [Statement]
  let finally: [Statement]
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
