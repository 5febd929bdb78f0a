/// The values that some expressions had at one moment: what crosses from the thread that trains to
/// the one that draws.
package struct Readings: Hashable, Sendable {
  private var results: [String: Result<ExpressionValue, ExpressionFailure>] = [:]

  package init() {}

  /// Reads and evaluates each expression.
  package init(_ expressions: some Sequence<String>, in scope: some ExpressionScope) {
    for source in expressions where results[source] == nil {
      results[source] = Result { () throws(ExpressionFailure) in
        try RunExpression(source).value(in: scope)
      }
    }
  }

  /// Values that were read once and kept.
  package init(values: [String: ExpressionValue]) {
    results = values.mapValues { .success($0) }
  }

  /// What an expression was at that moment, nil when it was not asked for.
  package subscript(expression: String) -> Result<ExpressionValue, ExpressionFailure>? {
    results[expression]
  }
}
