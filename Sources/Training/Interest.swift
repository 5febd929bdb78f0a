import Autodiff
import Tensors

/// What the screen wants to see; a snapshot holds no more than that.
package struct Interest: Hashable, Sendable {
  /// Pictures of layers on the probe set, decision boundary, confusion, examples.
  package var pictures: Bool
  /// Which of them.
  package var parts = PictureParts.all
  package var quantity: LayerPicture.Quantity
  /// Which example of each class the layers are shown on, from 0.
  package var probe: Int
  package var step: StepInterest?
  /// A hash of every number of the moment, while the run rests.
  package var digest = false
  /// Expressions whose values a lesson needs.
  package var expressions: Set<String> = []
  /// An example of one's own to be put to the network.
  package var question: Question?
  /// What is looked at closely.
  package var closeUp: CloseUpInterest?
  /// Whether to count the dead units of all branches.
  package var countsDead = false
  /// The branch that the one at hand is compared with.
  package var comparedBranch: Int?

  package init(
    pictures: Bool = false, parts: PictureParts = .all,
    quantity: LayerPicture.Quantity = .activation, probe: Int = 0, step: StepInterest? = nil
  ) {
    self.pictures = pictures
    self.parts = parts
    self.quantity = quantity
    self.probe = max(0, probe)
    self.step = step
  }
}

/// What the stepper looks at.
package struct StepInterest: Hashable, Sendable {
  /// Which result of the instruction, and which of its numbers (row-major); nil takes the number
  /// of the largest size.
  package var result: Int
  package var cell: Int?
  /// The example of the batch under the lens; nil takes the one that matters to the chosen number:
  /// the example of its row, or of the largest term of its sum.
  package var example: Int?
  /// The unit of a recurrent layer that is followed from time step to time step; nil: the first.
  package var unit: Int?
  /// Folds the student opened or closed against the standard listing.
  package var openFolds: Set<FoldPath>
  package var closedFolds: Set<FoldPath>
  /// Whether to compare the chosen gradient with a numeric one.
  package var checks: Bool
  /// Expressions that are watched.
  package var watches: [String] = []
  /// Whether to show the step's data flow for one example, and which of its numbers is open.
  package var showsGraph = false
  package var graphPlace: GraphPlace?

  package init(
    result: Int = 0, cell: Int? = nil, example: Int? = nil, openFolds: Set<FoldPath> = [],
    closedFolds: Set<FoldPath> = [], checks: Bool = true
  ) {
    self.result = result
    self.cell = cell
    self.example = example
    self.openFolds = openFolds
    self.closedFolds = closedFolds
    self.checks = checks
  }

  /// The listing of a plan of which so many instructions are done: layers are open, and the parts
  /// of layers that one is in or comes to next.
  package func listing(of plan: Plan, done: Int) -> Listing {
    let near = [done - 1, done].filter { plan.instructions.indices.contains($0) }
      .map { plan.instructions[$0] }
    return Listing(plan) { phase, path in
      let fold = FoldPath(phase: phase, scopes: path)
      let isNear = near.contains { $0.phase == phase && $0.scopes.starts(with: path) }
      return openFolds.contains(fold)
        || ((path.count == 1 || isNear) && !closedFolds.contains(fold))
    }
  }
}

/// A fold of the listing: a path of scopes within a phase.
package struct FoldPath: Hashable, Sendable {
  package let phase: Phase
  package let scopes: [String]

  package init(phase: Phase, scopes: [String]) {
    self.phase = phase
    self.scopes = scopes
  }
}
