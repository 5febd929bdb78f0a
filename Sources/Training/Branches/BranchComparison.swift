/// Two branches of a run beside each other.
package struct BranchComparison: Hashable, Sendable {
  package let a: BranchSummary
  package let b: BranchSummary
  /// The first step that may differ.
  package let parting: Int
  /// The first step whose loss differs; nil where all steps that both have agree.
  package let firstDifference: Int?

  /// - Throws: `RunFailure` when there is no such branch.
  package init(_ one: Int, _ other: Int, of session: Session) throws(RunFailure) {
    let all = session.branchSummaries
    guard all.indices.contains(one - 1), all.indices.contains(other - 1), one != other else {
      throw RunFailure(
        "branches \(one) and \(other) of \(all.count)",
        remedy: all.count > 1
          ? "two different ones from 1 to \(all.count)" : "set … first: a branch grows there")
    }
    (a, b) = (all[one - 1], all[other - 1])
    parting = session.parting(of: one, and: other)
    let (c, d) = (a.history.steps, b.history.steps)
    let common = min(c.count, d.count)
    firstDifference = (min(parting, common)..<common).first { c[$0].loss != d[$0].loss }
  }

  /// How many steps both have.
  package var common: Int { min(a.history.count, b.history.count) }

  /// What is said of them: name, what it is in the one, what in the other.
  package var rows: [(name: String, a: String, b: String)] {
    func pair(_ name: String, _ text: (BranchSummary) -> String) -> (String, String, String) {
      (name, text(a), text(b))
    }
    var rows = [
      pair("set") { $0.words.isEmpty ? "–" : $0.words },
      pair("steps recorded") { "\($0.history.count)" },
    ]
    if common > parting {
      rows.append(
        pair("loss at step \(common - 1)") {
          $0.history.step(common - 1).map { ValueText.number($0.loss) } ?? "–"
        })
    }
    rows.append(pair("last loss") { $0.history.latest.map { ValueText.number($0.loss) } ?? "–" })
    if a.history.latest?.accuracy != nil || b.history.latest?.accuracy != nil {
      rows.append(
        pair("last epoch's accuracy") {
          ($0.history.epochs.last?.accuracy).map(ValueText.number) ?? "–"
        })
    }
    if a.history.epochs.last?.validationLoss != nil || b.history.epochs.last?.validationLoss != nil
    {
      rows.append(
        pair("lowest val_loss") {
          $0.history.epochs.compactMap(\.validationLoss).min().map(ValueText.number) ?? "–"
        })
    }
    return rows
  }
}
