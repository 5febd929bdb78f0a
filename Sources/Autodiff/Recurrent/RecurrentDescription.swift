import Tensors

/// What a recurrent op computes, for those who write it in another language.
package struct RecurrentDescription: Hashable, Sendable {
  package enum Cell: Hashable, Sendable {
    case simple, longShortTerm
    case gated(resetsAfter: Bool)
  }

  package let cell: Cell
  package let activation: ScalarFunction
  package let recurrentActivation: ScalarFunction
  package let form: RecurrentOp.Form
  /// How many arrays go from step to step.
  package let carried: Int
}

extension RecurrentOp {
  package var description: RecurrentDescription? {
    let (kind, inner, outer): (RecurrentDescription.Cell, ScalarFunction, ScalarFunction)
    switch cell {
    case let cell as LongShortTermCell:
      (kind, inner, outer) = (.longShortTerm, cell.activation, cell.recurrentActivation)
    case let cell as GatedCell:
      (kind, inner, outer) = (
        .gated(resetsAfter: cell.resetsAfter), cell.activation, cell.recurrentActivation
      )
    case let cell as SimpleCell: (kind, inner, outer) = (.simple, cell.activation, .sigmoid)
    default: return nil
    }
    return RecurrentDescription(
      cell: kind, activation: inner, recurrentActivation: outer, form: form,
      carried: cell.carried.count)
  }
}
