import Datasets
import Tensors

/// One edit: its name, where it was made, and what was before and after it.
package struct Edit: Sendable {
  /// `units 16 → 32`
  package internal(set) var name: EditName
  /// The screen on which it was made.
  package let screen: ScreenName
  var before: Editable
  var after: Editable
  /// Whether the run itself keeps what was before it, under its own `undo`.
  var isOfRun = false
  /// When the last step of it was made, on the clock of `AppState.now`.
  var time: Double

  /// How many numbers of data and weights are kept for it alone: those that were others before it.
  var numbersOfItsOwn: Int {
    after.workpiece.tensors.numbersOfTheirOwn(beside: before.workpiece.tensors)
  }
}

/// The edits that can be undone and done again, on all screens together.
package struct EditHistory: Sendable {
  /// The last one at the end.
  package private(set) var past: [Edit] = []
  /// What was undone, the next to be done again at the end.
  package private(set) var future: [Edit] = []
  /// The name of the binding that ran last: what an edit is called that changes many things.
  var doing: String?
  /// Whether this event goes through the history, which is no edit itself.
  var isTravelling = false
  /// What the next branch that grows comes from.
  var cause = Cause.whatIf

  /// How many edits are kept, and how many numbers of data and weights for them: 64 MB.
  package static let depth = 200
  package static let room = 16 << 20
  /// Steps of one field in such a time are one edit.
  private static let pause = 1.0

  /// Adds an edit; a step of the field that the last one changed a moment ago becomes part of it.
  mutating func add(_ edit: Edit) {
    if future.isEmpty, var last = past.last, last.name.isOneField, last.screen == edit.screen,
      last.name.what == edit.name.what, last.before.page == edit.before.page,
      edit.time - last.time < Self.pause
    {
      last.after = edit.after
      last.name.to = edit.name.to
      last.time = edit.time
      past.removeLast()
      if !last.before.isSame(as: last.after) { past.append(last) }
      return
    }
    past.append(edit)
    if past.count > Self.depth { past.removeFirst() }
    future = []
    makeRoom()
  }

  /// Lets a workpiece that has come in the place of another have the data of the edits, where it is the
  /// same: a program that is opened again reads its data again.
  func share(_ workpiece: inout Workpiece, insteadOf left: Workpiece) {
    left.forgetPrepared(unlessSharedWith: workpiece)
    let (new, old) = (workpiece.dataset, left.dataset)
    guard new.tensors.numbersOfTheirOwn(beside: old.tensors) > 0 else { return }
    let known = (past.reversed() + future).lazy.flatMap { [$0.after, $0.before] }
    if let same = known.first(where: { $0.workpiece.dataset == new }) {
      workpiece.dataset = same.workpiece.dataset
    }
  }

  /// Forgets the oldest edits where data that came with edits would fill the memory; the last one can
  /// always be undone.
  private mutating func makeRoom() {
    var held = 0
    for i in past.indices.reversed() {
      held += past[i].numbersOfItsOwn
      guard held > Self.room, i < past.count - 1 else { continue }
      past.removeFirst(i + 1)
      return
    }
  }

  /// The last edit, to be changed and put back.
  mutating func takeOffLast() -> Edit? { past.popLast() }
  mutating func putBack(_ edit: Edit) { past.append(edit) }

  mutating func takeLast() -> Edit? {
    guard let edit = past.popLast() else { return nil }
    future.append(edit)
    return edit
  }

  mutating func takeNext() -> Edit? {
    guard var edit = future.popLast() else { return nil }
    // What follows is an edit of its own, however quickly.
    edit.time = -.infinity
    past.append(edit)
    return edit
  }

  /// The last edit that was made on a page of a lesson.
  func last(onPage page: String) -> Edit? { past.last { $0.before.page == page } }
  func next(onPage page: String) -> Edit? { future.last { $0.before.page == page } }

  mutating func takeLast(onPage page: String) -> Edit? {
    guard let place = past.lastIndex(where: { $0.before.page == page }) else { return nil }
    let edit = past.remove(at: place)
    future.append(edit)
    return edit
  }

  mutating func takeNext(onPage page: String) -> Edit? {
    guard let place = future.lastIndex(where: { $0.before.page == page }) else { return nil }
    let edit = future.remove(at: place)
    past.append(edit)
    return edit
  }

  /// The code was written as it is now: every other version of it is unsaved.
  mutating func save() {
    for i in past.indices { past[i].setSaved(before: false, after: i == past.count - 1) }
    for i in future.indices { future[i].setSaved(before: i == future.count - 1, after: false) }
  }
}

extension Edit {
  fileprivate mutating func setSaved(before isBefore: Bool, after isAfter: Bool) {
    before.workpiece.isSaved = isBefore
    after.workpiece.isSaved = isAfter
  }
}
