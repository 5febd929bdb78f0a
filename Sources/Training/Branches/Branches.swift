/// The ways that a run went, each grown from another when something was set by hand: `what if`.
///
/// The one at hand lies in the session itself; the others are put aside here, whole.
struct Branches {
  /// Where a branch begins and why.
  struct Origin {
    let number: Int
    /// The branch it grew from, nil for the first, and the first step that is its own.
    let parent: Int?
    let step: Int
    /// What was set there.
    let words: String
  }

  /// What of a session belongs to one branch.
  struct Way {
    let parts: [RunPart]
    let setRates: [(step: Int, rate: Float)]
    let changes: [Session.SettingChange]
    let history: History
    let archive: StateArchive?
    /// Of a run of passes.
    var passes: PassTrack.Way?
  }

  /// All that ever grew, in the order of their numbers, which count from 1.
  private(set) var origins = [Origin(number: 1, parent: nil, step: 0, words: "")]
  private(set) var current = 1
  private var aside: [Int: Way] = [:]
  /// What a branch was before something was set in it that let no other one grow, the latest last.
  private var earlier: [Int: [Version]] = [:]
  /// What was taken back, the next to be done again at the end.
  private var undone: [Undone] = []

  /// A branch as it was, under the words that it had.
  struct Version {
    let way: Way
    let words: String
  }

  private enum Undone {
    case version(Version, ofBranch: Int)
    /// Another branch was taken up in the place of this one.
    case branch(Int)
  }

  func way(_ number: Int) -> Way? { aside[number] }
  func origin(_ number: Int) -> Origin { origins[number - 1] }

  /// Puts the branch at hand aside; a new one takes its place.
  mutating func grow(from step: Int, words: String, leaving way: Way) {
    aside[current] = way
    origins.append(
      Origin(number: origins.count + 1, parent: current, step: step, words: words))
    current = origins.count
    undone = []
  }

  /// Puts the branch at hand aside as it was before something is set in it.
  mutating func revise(leaving way: Way) {
    earlier[current, default: []].append(Version(way: way, words: origin(current).words))
    undone = []
  }

  /// The branch at hand as it was before the last thing that was set in it; where that let it grow,
  /// the branch that it grew from. Nil where nothing was set.
  mutating func takeBack(leaving way: Way) -> Way? {
    if let version = earlier[current]?.popLast() {
      undone.append(.version(Version(way: way, words: origin(current).words), ofBranch: current))
      rename(version.words)
      return version.way
    }
    guard let parent = origin(current).parent else { return nil }
    undone.append(.branch(current))
    return take(parent, leaving: way)
  }

  /// How many things can be taken back, one after the other.
  var takeBacks: Int {
    var (count, branch) = (0, current)
    while true {
      count += earlier[branch]?.count ?? 0
      guard let parent = origin(branch).parent else { return count }
      (count, branch) = (count + 1, parent)
    }
  }

  /// What was taken back last, again.
  mutating func doAgain(leaving way: Way) -> Way? {
    switch undone.last {
    case .version(let version, let branch) where branch == current:
      undone.removeLast()
      earlier[current, default: []].append(Version(way: way, words: origin(current).words))
      rename(version.words)
      return version.way
    case .branch(let branch):
      undone.removeLast()
      return take(branch, leaving: way)
    default: return nil
    }
  }

  /// What was set until now stays set: a page of a lesson begins with it.
  mutating func forgetVersions() { (earlier, undone) = ([:], []) }

  /// Puts the branch at hand aside and takes another up.
  mutating func take(_ number: Int, leaving way: Way) -> Way? {
    guard let next = aside.removeValue(forKey: number) else { return nil }
    aside[current] = way
    current = number
    return next
  }

  /// The names of several changes made at the place where the branch at hand begins.
  mutating func rename(_ words: String) {
    let old = origin(current)
    origins[current - 1] = Origin(
      number: old.number, parent: old.parent, step: old.step, words: words)
  }

  /// The last step that two branches have in common: from it on they go different ways.
  func parting(of a: Int, and b: Int) -> Int {
    /// For each branch on the way to the first how far it is followed.
    func path(_ number: Int) -> [Int: Int] {
      var reach: [Int: Int] = [number: .max]
      var place = origin(number)
      var least = Int.max
      while let parent = place.parent {
        least = min(least, place.step)
        reach[parent] = least
        place = origin(parent)
      }
      return reach
    }
    let (one, other) = (path(a), path(b))
    return one.compactMap { number, reach in other[number].map { min(reach, $0) } }.max() ?? 0
  }
}

/// A branch of a run as one reads it.
package struct BranchSummary: Hashable, Sendable {
  /// From 1; the first one is the run as it began.
  package let number: Int
  package let parent: Int?
  /// The first step that is its own.
  package let step: Int
  /// What was set where it began: `learning_rate = 0.5`; empty for the first.
  package let words: String
  package let isCurrent: Bool
  /// What was measured of it.
  package internal(set) var history: History
  /// How many units are dead at its end; nil where none can be, or nobody has counted.
  package internal(set) var dead: Int? = nil
}

extension Session.SettingChange {
  /// `learning_rate = 0.01 from step 40 on`, or its own words.
  package var inWords: String {
    if !words.isEmpty { return words }
    if name == Session.skippedName { return "no update in step \(step)" }
    return "\(name) = \(value)"
  }
}
