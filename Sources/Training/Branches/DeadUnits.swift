import Autodiff
import NeuralNets
import Tensors

/// How many units of each branch are dead at the end of what was recorded of it: each is counted once,
/// when somebody looks and the run rests.
struct DeadUnits {
  private struct Key: Hashable {
    let run: Int
    let branch: Int
    let steps: Int
    let changes: Int
  }

  private var known: [Key: Int] = [:]

  private func key(_ branch: BranchSummary, _ run: Int, _ session: Session) -> Key {
    Key(
      run: run, branch: branch.number, steps: branch.history.count, changes: session.changeLog.count
    )
  }

  func count(of branch: BranchSummary, _ run: Int, _ session: Session) -> Int? {
    known[key(branch, run, session)]
  }

  /// The first of some branches that is not counted yet.
  func missing(_ branches: [BranchSummary], _ run: Int, _ session: Session) -> BranchSummary? {
    guard session.canHaveDeadUnits else { return nil }
    return branches.first { known[key($0, run, session)] == nil }
  }

  mutating func find(_ branch: BranchSummary, _ run: Int, _ session: Session) {
    if known.count > 512 { known = [:] }
    known[key(branch, run, session)] = session.deadUnits(ofBranch: branch.number)
  }
}

extension Session {
  /// Whether a hidden layer has units that can die.
  var canHaveDeadUnits: Bool { passes == nil && !reluLayers.isEmpty }

  private var reluLayers: [String] {
    network.layers.compactMap { SickLayer($0, .dead, network, plan)?.name }
  }

  /// How many units of hidden layers with relu are dead at the end of what was recorded of a branch,
  /// seen on the same examples as those that Train counts. It goes there and comes back.
  func deadUnits(ofBranch number: Int) -> Int {
    let (stood, here) = (standing, currentBranch)
    defer {
      try? switchBranch(to: here)
      go(to: stood)
    }
    guard (try? switchBranch(to: number)) != nil else { return 0 }
    go(to: Position(step: history.count))
    let names = Set(reluLayers)
    let unseen = settings.data.validation ?? part.training
    let examples = unseen.rows(Array(0..<min(UnitHealth.mostExamples, unseen.count)))
    var counter = UnitCounter(network)
    forEachBatch(of: examples) { run, range in counter.look(at: run, count: range.count) }
    return counter.health.filter { names.contains($0.name) }.reduce(0) { $0 + $1.dead.count }
  }
}
