import Autodiff
import Tensors

/// Where in the step at hand a number was first NaN or infinite: which instruction wrote it, from
/// what.
struct UnsoundOrigin {
  let sentences: [String]

  /// nil where every number of the step is finite so far.
  init?(_ session: Session) {
    let (plan, execution) = (session.plan, session.execution)
    for (i, instruction) in plan.instructions.prefix(execution.position).enumerated() {
      for result in instruction.results where execution.hasUnsound(result.value) {
        let numbers = execution.numbers(of: result.value)
        guard let offset = numbers.firstIndex(where: { !$0.isFinite }) else { continue }
        let count = numbers.count { !$0.isFinite }
        let name = Self.name(of: result.value, at: offset, plan)
        let place = (instruction.scopes + [instruction.title]).joined(separator: " › ")
        sentences =
          [
            "\(name) = \(Self.text(numbers[offset])) is the first number that is not finite",
            "instruction \(i + 1), \(instruction.phase.rawValue) \(place), wrote it: "
              + "\(result.formula); \(count) of its \(numbers.count) numbers are not finite",
          ] + instruction.operands.map { Self.sentence($0, execution) }
        return
      }
    }
    return nil
  }

  private static func name(of value: Value, at offset: Int, _ plan: Plan) -> String {
    plan[value].name + CellExplainer.subscript(value.shape.index(ofOffset: offset))
  }

  private static func text(_ number: Float) -> String {
    number.isNaN ? "NaN" : number > 0 ? "∞" : "-∞"
  }

  /// What went in: whether it was sound, and how large it was.
  private static func sentence(_ value: Value, _ execution: Execution) -> String {
    let numbers = execution.numbers(of: value)
    if let offset = numbers.firstIndex(where: { !$0.isFinite }) {
      let name = name(of: value, at: offset, execution.plan)
      return "from \(name) = \(text(numbers[offset])), which it was before"
    }
    let places = numbers.indices
    guard let least = places.min(by: { numbers[$0] < numbers[$1] }),
      let most = places.max(by: { numbers[$0] < numbers[$1] })
    else { return "from \(execution.plan[value].name), which is empty" }
    return "from \(execution.plan[value].name), finite, "
      + "\(ValueText.number(numbers[least])) to \(ValueText.number(numbers[most]))"
  }
}
