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
    guard plan.instructions[instruction].phase == .update else {
      return CellExplainer(plan, environment: stepEnvironment) { self.number($0, at: $1) }
    }
    return CellExplainer(plan, environment: stepEnvironment) {
      self.number($0, at: $1, after: instruction)
    }
  }
}
