import Foundation
import RunStore
import Training
import Workbench

/// Where one was in the lab and what moment of which run was at hand, for the next start.
package struct KeptLab: Hashable, Sendable, Codable {
  package let state: KeptState
  package let moment: KeptMoment?
  /// The moment of one's own run that waits behind a lesson's.
  package let left: KeptMoment?

  private static let key = "lab"

  init(_ state: KeptState, _ moment: KeptMoment?, left: KeptMoment? = nil) {
    self.state = state
    self.moment = moment
    self.left = left
  }

  package init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    state = try parts.decode(KeptState.self, forKey: .state)
    moment = try? parts.decode(KeptMoment.self, forKey: .moment)
    left = try? parts.decode(KeptMoment.self, forKey: .left)
  }

  var text: String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }

  static func keep(text: String, in store: RunStore) throws { try store.set(key, to: text) }

  /// Where one was when the lab was left, or was cut off; nil when nothing was kept.
  /// - Throws: when what is kept is damaged.
  package static func restore(from store: RunStore) throws -> KeptLab? {
    guard let text = try store.setting(key) else { return nil }
    return try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }

  /// Puts a damaged one aside, so that it is told once.
  package static func setAside(in store: RunStore) { setAside(key, in: store) }

  static func setAside(_ key: String, in store: RunStore) {
    guard let text = try? store.setting(key) else { return }
    try? store.set(key + "/damaged", to: text)
    try? store.set(key, to: nil)
  }
}

/// A moment of a run: which run it is, how far it was trained, where one stood in it.
package struct KeptMoment: Hashable, Sendable, Codable {
  /// A setting that was changed by hand, in a run that the record does not have.
  struct Change: Hashable, Sendable, Codable {
    let step: Int
    let name: String
    let value: String

    init(_ change: LiveChange) { (step, name, value) = (change.step, change.name, change.value) }
  }

  /// The kept number; nil for a run of a lesson, and one that was not begun.
  var number: Int?
  /// Whether the record has the run, so that it comes back.
  package var isRecorded: Bool { number != nil }
  /// The lesson that made it.
  var lesson: String?
  /// Steps that were trained.
  var steps: Int
  /// Where one stood.
  var step: Int
  var instruction: Int
  /// Whether that step was begun, where nothing of it was done.
  var isBegun: Bool?
  /// Steps a second; nil at full speed.
  var pace: Double?
  /// Whether the workpiece is still what the run was made of.
  package internal(set) var isOfWorkpiece: Bool
  var changes: [Change]
  /// What was done on a lesson's page, as `WorkNote` writes it.
  var work: String?
  /// The branches beside the first one, and the number of the one at hand.
  var branches: [Branch]?
  var branch: Int?
  /// Breakpoints, with what they have met.
  var breakpoints: [BreakpointRow]?
  /// Why it stood there, and what was found of a planted fault.
  var stop: Stop?
  var fault: FaultCase?

  /// - Parameter lesson: the one that is open.
  init(_ lab: LabSnapshot, _ recorder: RunRecorder, lesson: String?, isOfWorkpiece: Bool) {
    let (isOfLesson, changes) = recorder.changes(ofLabRun: lab.runNumber)
    number = isOfLesson ? nil : recorder.number(ofLabRun: lab.runNumber)
    self.lesson = isOfLesson ? lesson : nil
    steps = max(lab.history.count, lab.position.step)
    (step, instruction) = (lab.position.step, lab.position.instruction)
    isBegun = lab.isBegun
    if case .steps(let rate) = lab.pace { pace = rate }
    self.isOfWorkpiece = isOfWorkpiece
    self.changes = number == nil ? changes.map(Change.init) : []
    work =
      isOfLesson ? recorder.journal(ofLabRun: lab.runNumber).flatMap { WorkNote($0).json } : nil
    if !lab.breakpoints.isEmpty { breakpoints = lab.breakpoints }
    (stop, fault) = (lab.stop?.storable, lab.fault)
    guard number != nil, lab.branches.count > 1 else { return }
    var branches: [Branch] = []
    // What grew from a branch that is not recorded grows from where that one did; numbers close up.
    var places: [Int: (number: Int, step: Int)] = [1: (1, .max)]
    for branch in lab.branches.dropFirst() {
      guard let parent = branch.parent.flatMap({ places[$0] }) else { break }
      let step = min(branch.step, parent.step)
      guard let run = recorder.number(ofLabRun: lab.runNumber, branch: branch.number) else {
        places[branch.number] = (parent.number, step)
        continue
      }
      branches.append(Branch(run: run, parent: parent.number, step: step, words: branch.words))
      places[branch.number] = (branches.count + 1, .max)
    }
    self.branches = branches
    branch = lab.branches.first(where: \.isCurrent).flatMap { places[$0.number]?.number }
  }

  var labPace: Pace { pace.map { .steps(max(0.01, $0)) } ?? .full }

  var place: Standing {
    Standing(
      Position(step: max(0, step), instruction: max(0, instruction)), isBegun: isBegun ?? false)
  }
}
