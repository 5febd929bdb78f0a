/// One of the things that a predicate waits for: all of them make it hold.
package struct AwaitedPart: Hashable, Sendable {
  /// A predicate of its own: `train_accuracy >= 1`.
  package let source: String
  /// What is looked at: `train_accuracy`; nil where it is no comparison of a value with a wanted one.
  package let value: String?
  /// How it has to compare: `>=`.
  package let relation: String
  /// With what: `1`.
  package let wanted: String
}

extension RunExpression {
  /// The parts that are joined by `and`, each with what it compares.
  package var awaited: [AwaitedPart] { root.conjuncts.map(\.awaited) }
}

extension RunExpression.Node {
  fileprivate var conjuncts: [RunExpression.Node] {
    guard case .binary("and", let a, let b) = form else { return [self] }
    return a.conjuncts + b.conjuncts
  }

  /// `not (a > b)` waits for `a <= b`.
  private var negated: AwaitedPart? {
    guard case .not(let inner) = form, inner.awaited.value != nil else { return nil }
    let part = inner.awaited
    let turned = ["<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="]
    return turned[part.relation].map {
      AwaitedPart(source: text, value: part.value, relation: $0, wanted: part.wanted)
    }
  }

  fileprivate var awaited: AwaitedPart {
    if let negated { return negated }
    guard case .comparison(let sides, let symbols) = form, sides.count == 2 else {
      return AwaitedPart(source: text, value: nil, relation: "", wanted: "")
    }
    let isTurned = sides[0].isConstant && !sides[1].isConstant
    let (value, wanted) = isTurned ? (sides[1], sides[0]) : (sides[0], sides[1])
    let turned = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]
    return AwaitedPart(
      source: text, value: value.text,
      relation: isTurned ? turned[symbols[0]] ?? symbols[0] : symbols[0], wanted: wanted.text)
  }
}
