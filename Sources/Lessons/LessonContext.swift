import Training

/// The lab as a lesson sees it: what an expression is at this moment.
///
/// Filled with readings that came from the training thread, or with a scope where the run itself is
/// at hand.
package protocol LessonContext {
  /// - Throws: `ExpressionFailure`, of kind `notYet` when a later instruction makes the value.
  func value(_ expression: String) throws(ExpressionFailure) -> ExpressionValue
}

extension LessonContext {
  package func number(_ expression: String) throws(ExpressionFailure) -> Double {
    try value(expression).number()
  }

  package func holds(_ predicate: String) throws(ExpressionFailure) -> Bool {
    try value(predicate).holds()
  }
}

extension Readings: LessonContext {
  package func value(_ expression: String) throws(ExpressionFailure) -> ExpressionValue {
    guard let result = self[expression] else {
      throw ExpressionFailure(
        .notYet(instruction: nil), "\(expression) was not read yet", remedy: "the next moment does")
    }
    return try result.get()
  }
}

/// A context that evaluates where it is asked.
package struct ScopeContext<Scope: ExpressionScope>: LessonContext {
  private let scope: Scope

  package init(_ scope: Scope) { self.scope = scope }

  package func value(_ expression: String) throws(ExpressionFailure) -> ExpressionValue {
    try RunExpression(expression).value(in: scope)
  }
}
