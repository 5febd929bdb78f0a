import NeuralNets
import TerminalGraphics
import Training

// A what-if is an edit: `u` takes up the branch before it, `U` the one that it made.

extension Effect {
  /// Whether it sets something of the run by hand, so that a branch may grow.
  fileprivate var setsSomething: Bool {
    switch self {
    case .lab(.learningRate), .lab(.change), .lab(.setWeight): true
    case .ask(let command): !["undo", "redo"].contains(command)
    default: false
    }
  }
}

extension EditHistory {
  /// What the next branch that grows comes from.
  enum Cause: Sendable {
    /// The last edit: its undo takes up the branch before.
    case edit
    /// Undo or redo, which is no edit.
    case travel
    /// Anything else that was set by hand.
    case whatIf
  }

  /// The last edit made a branch grow.
  mutating func attach(branch: Int, grownFrom parent: Int) {
    guard var last = takeOffLast() else { return }
    // Several steps of one field are one edit, whose first one made the branch.
    if last.before.branch == last.after.branch { last.before.branch = parent }
    last.after.branch = branch
    putBack(last)
  }
}

extension AppState {
  static func isWhatIf(_ command: String) -> Bool {
    let words = command.split(separator: " ")
    return ["set", "drop", "skip"].contains(words.first)
  }

  /// Remembers what may let a branch grow, for when the news of it comes.
  mutating func noteCause(of effects: [Effect], isTravel: Bool, isEdit: Bool) {
    guard effects.contains(where: \.setsSomething) else { return }
    edits.cause = isTravel ? .travel : isEdit ? .edit : .whatIf
  }

  /// Says which branch has grown or was taken up, and keeps a what-if as an edit.
  mutating func noteBranches(since before: AppState) {
    let known = before.lab.branches
    guard !known.isEmpty, let here = lab.branches.current,
      let last = known.current
    else { return }
    guard here.number != last.number else {
      // Set once more before it acted: what was said of it holds no longer.
      if here.words != last.words, message?.setting == Self.setting(in: here.words) {
        sayGrown(here)
      }
      return
    }
    if before.runIsCurrent, !runIsCurrent { followRun() }
    guard lab.branches.count > known.count else {
      step.branch = nil
      return say("branch \(here.number): \(here.shortWords)", .good)
    }
    let cause = edits.cause
    edits.cause = .whatIf
    if cause == .travel || tour != nil { return }
    let words = sayGrown(here)
    if cause == .edit { return edits.attach(branch: here.number, grownFrom: last.number) }
    edits.add(
      Edit(
        name: EditName("what if \(words)"), screen: screen, before: Editable(before),
        after: Editable(self), time: now))
  }

  /// Says which branch has grown, and of what.
  /// - Returns: what was set.
  @discardableResult
  private mutating func sayGrown(_ here: BranchSummary) -> String {
    let words = here.words.isEmpty ? "it goes another way" : here.words
    let kept = keptWords.map { $0 + "; " } ?? ""
    say(
      kept + "branch \(here.number) from step \(NumberFormat.integer(here.step)): \(words);"
        + " , goes back before it, u takes it back" + settingCaution(), .good,
      telling: ToldPlace(of: lab), of: Self.setting(in: words))
    return words
  }

  /// What is to be known of a setting that acts on nothing that is trained next; empty else.
  ///
  /// - Parameter command: what set it, where the run as it is then has not come yet.
  func settingCaution(of command: String = "") -> String {
    guard let settings = lab.settings else { return "" }
    guard runIsCurrent else {
      let rate = workpiece.model.compilation?.optimizer.arguments["learning_rate"]
      var next = "is made of what 3 Build has"
      if case .number(let number)? = rate { next += ", learning rate \(Float(number))" }
      return "; this is of the run at hand, the next one \(next)"
    }
    let isLonger = command.hasPrefix("set epochs") || command.hasPrefix("set batch_size")
    return lab.position.step >= settings.totalSteps && !isLonger
      ? "; the run is over: ) on Train trains on under it" : ""
  }

  /// `learning_rate` of `learning_rate = 0.02`, `batch size` of `batch size 64`.
  private static func setting(in words: String) -> String {
    if let sign = words.firstRange(of: " = ") { return String(words[..<sign.lowerBound]) }
    let parts = words.split(separator: " ")
    let name = parts.prefix { !($0.first?.isNumber ?? false) }
    return (name.count < parts.count ? name : parts.dropLast()).joined(separator: " ")
  }

  /// Keeps as an edit what was set in the run and let no branch grow.
  mutating func noteRevision(since before: AppState) {
    guard lab.revised.number != before.lab.revised.number, tour == nil else { return }
    edits.add(
      Edit(
        name: EditName(lab.revised.words), screen: screen, before: Editable(before),
        after: Editable(self), isOfRun: true, time: now))
  }

  /// Takes up the branch that an edit made, or the one before it.
  mutating func travelBranch(to wanted: Editable, insteadOf left: Editable) -> [Effect] {
    if !wanted.workpiece.isSame(as: left.workpiece) {
      workpiece.take(wanted.workpiece, insteadOf: left.workpiece)
      train.opened = workpiece
    }
    // The plan of the other branch may have lost the instruction that one stood at.
    let isThere = lab.position == left.position && left.position.step == wanted.position.step
    let back: [Effect] = isThere ? [.lab(.go(wanted.position))] : []
    return [.ask("switch \(wanted.branch)")] + back + [.lab(.look(interest))]
  }
}
