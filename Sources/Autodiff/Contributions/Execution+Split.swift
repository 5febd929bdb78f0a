extension Execution {
  /// A number of a result as a sum over what it was made of; `instruction` is the one that made it.
  /// What was overwritten since is read as it was before it, as far as that was saved.
  package func split(
    _ result: InstructionResult, of instruction: Int, at offset: Int
  ) -> CellSplit {
    explainer(before: instruction).split(result, at: offset)
  }

  /// Opens numbers as they were before an instruction.
  package func explainer(before instruction: Int) -> CellExplainer {
    // Only what outlives steps is ever overwritten: the rest is as it was made.
    CellExplainer(plan, environment: stepEnvironment) { value, offset in
      if case .activations = self.plan[value].storage { return self.number(value, at: offset) }
      return self.number(value, at: offset, after: instruction)
    }
  }
}
