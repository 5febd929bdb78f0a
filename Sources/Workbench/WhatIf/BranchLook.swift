import TerminalGraphics
import Training

// How the branches of a run are told apart, and where they part.

extension BranchSummary {
  /// Its color wherever it is drawn.
  var ink: Ink { .series((number - 1) % Ink.seriesCount) }

  /// What its curve is drawn with where there are no colors: the last digit of its number.
  var mark: Unicode.Scalar {
    isCurrent ? "*" : Unicode.Scalar(UInt8(48 + number % 10))
  }

  /// What was set where it began, in few words: `lr 0.3`.
  var shortWords: String {
    guard parent != nil else { return "as it began" }
    guard !words.isEmpty else { return "went on" }
    return words.replacing("learning_rate = ", with: "lr ")
  }
}

extension [BranchSummary] {
  var current: BranchSummary? { first(where: \.isCurrent) }

  func numbered(_ number: Int) -> BranchSummary? { first { $0.number == number } }

  /// The first step that two branches do not have in common.
  func parting(of a: Int, and b: Int) -> Int {
    let (one, other) = (reaches(of: a), reaches(of: b))
    return one.compactMap { number, reach in
      other[number].map { Swift.min(reach, $0) }
    }.max() ?? 0
  }

  /// The branches on the way to one, each with the step up to which it is followed.
  private func reaches(of number: Int) -> [Int: Int] {
    var reach = [number: Int.max]
    var (place, least) = (numbered(number), Int.max)
    while let here = place, let parent = here.parent, reach[parent] == nil {
      least = Swift.min(least, here.step)
      reach[parent] = least
      place = numbered(parent)
    }
    return reach
  }

  /// The steps at which branches grew from others, each with the numbers of those on the other way
  /// than the one at hand: `24 ┬ 2, 3`.
  var places: [(step: Int, numbers: [Int])] {
    guard let here = current?.number else { return [] }
    var found: [Int: [Int]] = [:]
    for branch in self where branch.number != here {
      found[parting(of: here, and: branch.number), default: []].append(branch.number)
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension StepState {
  /// The branch that is compared with the one at hand.
  func comparedBranch(in lab: LabSnapshot) -> Int? {
    guard view == .branches, comparesBranches else { return nil }
    return otherBranch(in: lab)
  }

  /// The chosen branch; where that is the one at hand, the one it grew from, or else the latest.
  func otherBranch(in lab: LabSnapshot) -> Int? {
    guard let here = lab.branches.current else { return nil }
    let chosen = branch ?? here.number
    guard chosen == here.number || lab.branches.numbered(chosen) == nil else { return chosen }
    return here.parent ?? lab.branches.last { !$0.isCurrent }?.number
  }
}

extension LabSnapshot {
  /// `branch 2 of 3`; nil where there is but one way.
  var branchWords: String? {
    guard branches.count > 1, let here = branches.current else { return nil }
    return "branch \(here.number) of \(branches.count)"
  }
}
