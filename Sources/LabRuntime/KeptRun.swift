import Autodiff
import Datasets
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Tensors
import Training
import Workbench

/// A kept run, made ready to be opened where it stopped.
package struct KeptRun: Sendable {
  package let number: RunNumber
  let workpiece: Workpiece
  /// The same as the run began, before anything was changed by hand.
  let beginning: Workpiece
  package let settings: RunSettings
  /// What was set by hand, in order.
  let changes: [LiveChange]
  /// The same, ready to be made again.
  let replayed: [Replay.Change]
  /// Steps that were recorded.
  package let steps: Int
  /// The program it came from; nil where its model says it all.
  private let program: KeptProgram?
  private let library: DatasetLibrary
  let past: KeptPast
  /// What computed it; nil where that is not known.
  private let machinery: String?

  /// - Throws: why it cannot be opened as it was: `FileFailure`, `Diagnostic`, `RunFailure`.
  ///
  /// - Parameters:
  ///   - own: the workpiece it was made of, when that is at hand: it has what no name finds.
  ///   - epochs: to how many it is to go on; those of its record by default.
  ///   - isCopied: whether another run is made of it: then it may be open elsewhere.
  package init(
    _ number: RunNumber, _ store: RunStore, _ library: DatasetLibrary, own: Workpiece? = nil,
    epochs: Int? = nil, isCopied: Bool = false
  ) throws {
    guard let run = try store.run(number: number) else {
      throw RunFailure("there is no run \(number)", remedy: "one of those that 7 lists")
    }
    if !isCopied, let writer = run.writer {
      throw RunFailure(
        "\(number) is open in another lab (process \(writer.process) on \(writer.host))",
        remedy: "close it there first")
    }
    let record = run.record
    let replay = try store.needs(of: number).flatMap(ReplayNote.init(json:))
    // Where an older version kept it.
    let older = try store.setting(Record.noteKey(number)).flatMap(DataNote.init(json:))
    let model = try Self.model(of: record, number, own) {
      try replay?.program?.read(as: "\(number).py", library).description
    }
    let finder = KeptData(store, library, own: own?.dataset)
    let wanted = KeptData.Wanted(
      run: "\(number)", name: record.dataName, fingerprint: record.dataFingerprint,
      note: replay?.data ?? older ?? DataNote(shuffles: true), examples: replay?.examples,
      path: replay?.dataPath)
    let found = try finder.find(wanted, for: model)
    var workpiece = Workpiece(
      model: model, dataset: found.dataset, epochs: epochs ?? record.epochs,
      batchSize: record.batchSize, seed: record.seed, fileName: "\(number).py")
    workpiece.preparation = found.preparation
    workpiece.shuffles = wanted.note.shuffles
    workpiece.isSaved = false
    workpiece.callbacks = replay?.callbacks?.restored ?? RunCallbacks()
    var settings = RunSettings(
      model: model, data: found.data, batchSize: record.batchSize,
      epochs: epochs ?? record.epochs, seed: record.seed, shuffles: wanted.note.shuffles)
    if replay?.beginsWithGivenWeights == true {
      settings.initialWeights = try Self.firstWeights(of: number, store)
    }
    settings.callbacks = workpiece.callbacks
    workpiece.initialWeights = settings.initialWeights
    self.number = number
    beginning = workpiece
    self.settings = settings
    changes = try store.changes(of: number)
    replayed = try changes.map { try Replay.Change($0, of: number, finder, path: wanted.path) }
    self.workpiece = replayed.last { $0.workpiece != nil }?.workpiece ?? workpiece
    past = try KeptPast(number, store)
    steps = past.steps > 0 ? past.steps : run.outcome.steps
    program = replay?.program
    self.library = library
    machinery = replay?.machinery
  }

  /// Trains to where it stopped, or goes back to the last checkpoint before it: the same settings
  /// give the same bytes.
  package func open(in lab: Lab) {
    lab.handle(.open(settings))
    var replay = Replay(lab, self, place: nil)
    while !replay.advance(lab) {}
  }

  /// A session that knows all of the run and stands where the last change was made, else at its
  /// beginning; any step of it is near a checkpoint.
  package func session() throws -> Session {
    let session = try Session(settings)
    for change in replayed {
      past.adopt(into: session, upTo: change.live.step)
      session.go(to: Position(step: change.live.step))
      try change.make(in: session)
    }
    past.adopt(into: session, upTo: steps)
    return session
  }

  /// Whether going through the run again gives the numbers that were recorded: some of its last steps
  /// are computed anew, one where the same machinery computed it. The session stands after them then.
  /// - Returns: what differs and what still holds; nil when nothing does.
  package func difference(in session: Session) -> String? {
    guard past.steps > 0 else { return nil }
    let isSame = machinery == ReplayNote.ownMachinery
    let last = past.steps - (isSame ? 1 : min(64, past.steps))
    let first = session.keptMoment(atOrBefore: last)
    let start = ContinuousClock.now
    session.goToStart(ofStep: first)
    for step in first..<past.steps where step < first + (isSame ? 1 : 512) {
      session.trainStep()
      guard let known = past.measured(step), let loss = session.plan.loss else { return nil }
      let found = session.execution.number(loss, at: 0)
      if found.bitPattern != known.loss.bitPattern, !(found.isNaN && known.loss.isNaN) {
        return words(step: step, found: found, known: known.loss)
      }
      if start.duration(to: .now) > .seconds(1) { break }
    }
    return nil
  }

  private func words(step: Int, found: Float, known: Float) -> String {
    "\(number) computed again gives other numbers than were recorded: the loss of step \(step) is "
      + "\(found), not \(known) (then \(machinery ?? "unknown kernels"), here "
      + "\(ReplayNote.ownMachinery)). The recorded curves and the states at its checkpoints are as "
      + "they were; what lies between is computed here"
  }

  /// How many changes by hand are recorded.
  package var changeCount: Int { changes.count }

  /// The callbacks of the program that it came from.
  /// - Throws: why that cannot be read again.
  package func callbacks() throws -> [Component] {
    try program?.read(as: "\(number).py", library).fit?.options.callbacks ?? []
  }

  /// The same where a lab is to open it: what another machine computed is looked at in a session of
  /// its own.
  func difference() -> String? {
    guard machinery != ReplayNote.ownMachinery, let session = try? session() else { return nil }
    return difference(in: session)
  }

  private static func firstWeights(
    of number: RunNumber, _ store: RunStore
  ) throws -> [String: Tensor] {
    guard let first = try store.checkpoints(of: number).first, first.step == 0 else {
      throw RunFailure(
        "the weights that \(number) began with are not kept any more", remedy: "their file")
    }
    let state = try store.loadCheckpoint(first, of: number)
    return Dictionary(state.entries.map { ($0.name, state[$0]) }) { first, _ in first }
  }

  private static func model(
    of record: RunRecord, _ number: RunNumber, _ own: Workpiece?,
    program: () throws -> ModelDescription?
  ) throws -> ModelDescription {
    do { return try ModelFile.read(record.modelCode, file: "\(number).py").description } catch {
      // What only a program's own code makes is kept as that program.
      if let own, own.model.summary == record.modelSummary { return own.model }
      guard let model = try program(), model.summary == record.modelSummary else { throw error }
      return model
    }
  }
}
