import Datasets
import Lessons
import NeuralNets
import TerminalGraphics
import Training

extension Binding {
  /// Undo and redo of edits, on every screen; they never move the position in a run.
  static let undoing: [Binding] = [
    Binding(
      [KeyStroke("u")], "undo", hint: "undo",
      help: "take the last edit back, on whatever screen it was made",
      whyNot: { $0.whyNoUndo }
    ) { $0.undo() },
    Binding(
      [KeyStroke("U")], "redo", help: "do again what was undone",
      whyNot: { $0.whyNoRedo }
    ) { $0.redo() },
  ]
}

extension AppState {
  /// The page of a lesson on which undo and redo stay; nil where they go through all edits.
  private var editedPage: String? { screen == .learn ? learn.pageName : nil }

  fileprivate var whyNoUndo: String? {
    if let page = editedPage {
      return edits.last(onPage: page) == nil
        ? "no answer was given on this page, and nothing was set: there is nothing to undo" : nil
    }
    return edits.past.isEmpty
      ? "nothing was edited since the lab was started: there is nothing to undo" : nil
  }

  fileprivate var whyNoRedo: String? {
    if let page = editedPage {
      return edits.next(onPage: page) == nil
        ? "nothing of this page was undone: there is nothing to do again" : nil
    }
    return edits.future.isEmpty ? "nothing was undone: there is nothing to do again" : nil
  }

  /// Looks whether an event changed what can be edited, and keeps it as one edit if so.
  ///
  /// - name: what it is called; nil finds a name from what differs.
  mutating func noteEdit(since before: Editable, named name: String? = nil) {
    guard !edits.isTravelling else {
      edits.isTravelling = false
      return
    }
    edits.share(&workpiece, insteadOf: before.workpiece)
    let after = Editable(self)
    // The tour works on a network of its own and gives the student's back.
    guard !before.isOnTour, !after.isOnTour else { return }
    // Who comes to Data finds it adapted to what other screens did: that is no edit.
    guard before.isOfLesson == after.isOfLesson else { return }
    if before.screen != after.screen, before.workpiece.isSame(as: after.workpiece) { return }
    guard !before.isSame(as: after) else { return }
    edits.add(
      Edit(
        name: name.map { EditName($0) } ?? EditName(from: before, to: after, doing: edits.doing),
        screen: before.screen, before: before, after: after, time: now))
  }

  /// Takes the last edit back.
  mutating func undo() -> [Effect] {
    let taken = editedPage.map { edits.takeLast(onPage: $0) } ?? edits.takeLast()
    guard let edit = taken else { return [] }
    if edit.isOfRun { return askRun("undo", "undone: \(edit.name.undone)" + Self.redoing) }
    return travel(edit, to: edit.before, insteadOf: edit.after, "undone: \(edit.name.undone)")
  }

  /// Does again what was undone last.
  mutating func redo() -> [Effect] {
    let taken = editedPage.map { edits.takeNext(onPage: $0) } ?? edits.takeNext()
    guard let edit = taken else { return [] }
    if edit.isOfRun { return askRun("redo", "done again: \(edit.name.text)") }
    return travel(edit, to: edit.after, insteadOf: edit.before, "done again: \(edit.name.text)")
  }

  /// The way back from an undo.
  private static let redoing = " · U does it again"

  /// The run keeps what was before.
  private mutating func askRun(_ command: String, _ words: String) -> [Effect] {
    edits.isTravelling = true
    say(words, .good)
    return [.ask(command), .lab(.look(interest))]
  }

  private mutating func travel(
    _ edit: Edit, to wanted: Editable, insteadOf left: Editable, _ words: String
  ) -> [Effect] {
    edits.isTravelling = true
    if wanted.isOfLesson != (learn.own != nil), !wanted.workpiece.isSame(as: left.workpiece) {
      say(
        wanted.isOfLesson
          ? "\(edit.name.text) belonged to the lesson's network"
          : "\(edit.name.text) belongs to your own network: 1 goes back to it", .warning)
      return []
    }
    let isBranch = wanted.branch != left.branch
    if wanted.rate != left.rate || isBranch,
      lab.runNumber != wanted.runNumber || lab.settings == nil
    {
      say("\(edit.name.text) belonged to another run", .warning)
      return []
    }
    let place = edit.screen == screen ? "" : " · on \(edit.screen.title)"
    let again = wanted.isSame(as: edit.before) ? Self.redoing : ""
    say(words + place + again, .good)
    if isBranch { return travelBranch(to: wanted, insteadOf: left) }
    let wasCurrent = runIsCurrent
    let effects = restore(wanted, insteadOf: left)
    // A setting that acted on the run at hand is taken back in it too.
    guard edit.screen == .train, wasCurrent, !runIsCurrent, !lab.history.steps.isEmpty,
      wanted.workpiece.seed == left.workpiece.seed
    else { return effects }
    return effects + TrainKeys.goOn(&self, words: words)
  }

  /// Brings back what `wanted` has otherwise than `left`; all else stays as it is.
  private mutating func restore(_ wanted: Editable, insteadOf left: Editable) -> [Effect] {
    workpiece.take(wanted.workpiece, insteadOf: left.workpiece)
    if wanted.workpiece.model != left.workpiece.model { choose(line: wanted.line) }
    restoreData(wanted, insteadOf: left)
    var effects = restoreAnswers(wanted, insteadOf: left)
    effects += restoreRuns(wanted, insteadOf: left)
    if wanted.rate != left.rate { effects += SettingsPanel.setRate(wanted.rate, &self) }
    if screen == .train { effects += TrainKeys.reopenIfUntouched(&self) }
    return effects + [.lab(.look(interest))]
  }

  /// Brings deleted runs back, or deletes them again.
  private mutating func restoreRuns(
    _ wanted: Editable, insteadOf left: Editable
  ) -> [Effect] {
    let back = left.removedRuns.subtracting(wanted.removedRuns).sorted()
    let gone = wanted.removedRuns.subtracting(left.removedRuns).sorted()
    guard !back.isEmpty || !gone.isEmpty else { return [] }
    runs.removed.subtract(back)
    runs.removed.formUnion(gone)
    if let first = back.first { runs.chosen = first }
    arrangeRuns()
    return back.map { .runs(.restore($0)) } + gone.map { .runs(.remove($0)) }
  }

  private mutating func restoreData(_ wanted: Editable, insteadOf left: Editable) {
    let isShaped = wanted.specifications != left.specifications
    let isOther = wanted.workpiece.dataset != left.workpiece.dataset
    if isShaped {
      let names = Set(wanted.specifications.keys).union(left.specifications.keys)
      for name in names where wanted.specifications[name] != left.specifications[name] {
        data.specifications[name] = wanted.specifications[name]
      }
    }
    // Nothing is shown before the first visit.
    guard data.preview != nil || data.trouble != nil else { return }
    if isShaped || isOther, wanted.shownData != data.name, !wanted.shownData.isEmpty {
      let drawing = data.drawing
      showData(named: wanted.shownData)
      data.drawing = drawing
      data.list.select(
        listedData.firstIndex { $0.name == data.name } ?? 0, count: listedData.count)
    } else if isShaped || isOther {
      loadData()
    } else if wanted.workpiece.preparation != left.workpiece.preparation,
      let preview = data.preview
    {
      data.preview = DataPreview(preview, workpiece.preparation)
    }
  }

  private mutating func restoreAnswers(
    _ wanted: Editable, insteadOf left: Editable
  ) -> [Effect] {
    wanted.answersChanged(since: left).merging(left.answersChanged(since: wanted)) { $0.union($1) }
      .sorted { $0.key < $1.key }
      .flatMap { name, ids -> [Effect] in
        guard let lesson = learn.lessons.first(where: { $0.name == name }),
          let place = learn.progress[name]
        else { return [] }
        for id in ids { learn.verdicts[id] = wanted.verdicts[id] }
        let taken = place.taking(ids, from: wanted.progress[name])
        return [.forgetProgress(lesson: name, tasks: ids)] + keep(taken, of: lesson)
      }
  }
}
