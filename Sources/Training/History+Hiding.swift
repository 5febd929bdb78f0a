// A run's past without its losses: a lesson asks for one of them.

extension History {
  /// The same with no number in the place of each loss, and nothing that was concluded from them.
  package var withoutLosses: History {
    var hidden = self
    hidden.steps = Steps(steps.lazy.map(\.withoutLoss))
    hidden.forgetLosses()
    return hidden
  }
}

extension BranchSummary {
  package var withoutLosses: BranchSummary {
    var hidden = self
    hidden.history = history.withoutLosses
    return hidden
  }
}
