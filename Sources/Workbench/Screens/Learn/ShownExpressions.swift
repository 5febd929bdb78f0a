import Lessons

extension Block {
  /// The expressions whose values stand in it, those of questions and exercises left out.
  var shownExpressions: [String] {
    switch self {
    case .heading(let runs), .paragraph(let runs): runs.expressions
    case .list(_, let items): items.flatMap { $0.flatMap(\.shownExpressions) }
    case .table(let header, let rows):
      header.flatMap(\.expressions) + rows.flatMap { $0.flatMap(\.expressions) }
    case .quote(let blocks): blocks.flatMap(\.shownExpressions)
    case .sandbox(let sandbox): sandbox.ideas.flatMap(\.expressions)
    case .code, .formula, .ask, .exercise, .live: []
    }
  }
}
