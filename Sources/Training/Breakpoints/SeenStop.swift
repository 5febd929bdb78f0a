/// Where a breakpoint stopped last.
package struct SeenStop: Hashable, Sendable, Codable {
  package let standing: Standing
  /// The step whose numbers were shown.
  package let step: Int

  init?(_ meetings: [Meeting]) {
    guard let first = meetings.first else { return nil }
    (standing, step) = (meetings.standing, first.step)
  }

  /// `step 2, instruction 5`, `the end of step 2`.
  var words: String {
    let position = standing.position
    guard position.instruction == 0 else { return "\(position)" }
    let pass = standing.isBegun && position.pass > 0 ? ", pass \(position.pass)" : ""
    return (standing.isBegun ? "the start of step " : "the end of step ") + "\(step)" + pass
  }
}
