import Autodiff
import Tensors

/// Where one stands in a run, and how: what ends a step and what begins the next is one moment, at
/// which one sees either what the step has made or what the next one is given.
package struct Standing: Hashable, Sendable, Codable {
  package let position: Position
  /// Whether the next step (pass) is begun: its batch is loaded, nothing of it is done.
  package let isBegun: Bool

  package init(_ position: Position, isBegun: Bool = false) {
    (self.position, self.isBegun) = (position, isBegun)
  }
}

extension Session {
  /// Where it stands, and how.
  package var standing: Standing { Standing(position, isBegun: execution.position == 0) }

  /// Goes back to where it stood; what is there already stays as it is.
  package func go(to standing: Standing) {
    guard standing != self.standing else { return }
    go(to: standing.position)
    if standing.isBegun { begin() }
  }

  /// Begins the step (the pass) whose beginning it stands at: its batch is loaded. After the last one
  /// there is none.
  package func begin() {
    guard execution.isDone, !isFinished else { return }
    let digest = self.digest
    beginStep(done)
    digestAtBeginning = (shownStep, digest)
  }
}
