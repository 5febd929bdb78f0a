import Dispatch
import FileFormats
import Foundation
import KerasCode
import NeuralNets
import RunStore
import Synchronization
import Tensors
import Training
import Workbench

/// Keeps the lab's runs in the record: begun at the first training step, added to while it trains,
/// finished or stopped with its weights.
///
/// It looks at the run on the lab's thread and writes on a queue of its own, so that a slow disk
/// never halts training. A record that fails is said once, and the lab goes on unrecorded.
package final class RunRecorder: LabObserver {
  /// What was last written of the run at hand; the lab's thread alone changes it.
  private struct Written {
    var labRun = 0
    /// Each branch of the lab's run is a run of the record.
    var branch = 1
    /// What was last written of the other branches.
    var aside: [Int: Written] = [:]
    var isBegun = false
    /// Whether a lesson made it: the lesson's progress is kept, not the run.
    var isOfLesson = false
    var steps = 0
    var changes = 0
    /// What was set by hand so far.
    var changeLog: [LiveChange] = []
    /// What was set by hand as the session and as the record has it: a note of all settings reads
    /// all examples, and is not made anew each time one looks.
    var noted: (changes: [Session.SettingChange], notes: [LiveChange]) = ([], [])
    /// What was done on a lesson's page.
    var journal: Journal?
    /// Until so many steps are trained again, a kept run that is opened says nothing new.
    var replaysTo = 0
    var status: RunOutcome.Status?
    var time = ContinuousClock.now
    var pace = CheckpointPace()
    /// The step of the newest state that was kept.
    var keptStep = -1

    init() {}

    /// What was set by hand in a session, as the record keeps it.
    mutating func notes(of session: Session) -> [LiveChange] {
      if noted.changes != session.changesInForce {
        noted = (session.changesInForce, RunRecorder.changes(session))
      }
      return noted.notes
    }

    /// A kept run, or a branch of it, that is still to be trained up to where it stopped.
    init(replaying kept: KeptRun, of labRun: Int, branch: Int = 1) {
      (self.labRun, self.branch, isBegun) = (labRun, branch, true)
      (steps, replaysTo) = (kept.steps, kept.steps)
      (changeLog, changes) = (kept.changes, kept.changes.count)
    }

    /// What the record knows the run as.
    var key: Int { key(ofBranch: branch) }

    func key(ofBranch branch: Int) -> Int { RunRecorder.key(labRun, branch) }
  }

  private let record: Record
  private let written = Mutex(Written())

  package init(record: Record) { self.record = record }

  /// What the record knows a branch of one of the lab's runs as.
  private static func key(_ labRun: Int, _ branch: Int) -> Int {
    branch == 1 ? labRun : -(labRun << 16 + branch)
  }

  /// The kept number of a branch; nil for one that is not recorded.
  func number(ofLabRun run: Int, branch: Int = 1) -> Int? {
    record.number(Self.key(run, branch))?.value
  }

  package func prepare(for lab: Lab) { write(lab, isUrgent: true) }

  package func look(at lab: Lab) { write(lab, isUrgent: false) }

  package func end(_ lab: Lab) {
    write(lab, isUrgent: true, isEnd: true)
    record.flush()
  }

  /// Says that the lab's run is a kept one, opened again, and still to be trained up to where it
  /// stopped: on the lab's thread.
  func adopt(_ kept: KeptRun, _ lab: Lab, branches: [KeptBranch]) {
    record.adopt(kept.number, as: lab.runNumber)
    written.withLock { written in
      written = Written(replaying: kept, of: lab.runNumber)
      for branch in branches {
        let own = Written(replaying: branch.kept, of: lab.runNumber, branch: branch.number)
        record.know(branch.kept.number, as: own.key)
        written.aside[branch.number] = own
      }
    }
  }

  /// Says that a kept run is not trained again any further: on the lab's thread. Where one went
  /// another way before all that was set by hand is set again, the rest is of another future.
  func endReplay(_ lab: Lab, isWhole: Bool) {
    guard let session = lab.session else { return }
    written.withLock { written in
      guard written.labRun == lab.runNumber, written.isBegun else { return }
      // A branch that has not grown again is a run of its own.
      written.aside = written.aside.filter { $0.key <= session.branchCount }
      guard !isWhole else { return }
      let steps = session.history.steps.count
      record.truncate(written.labRun, toStep: steps)
      written.steps = steps
      written.replaysTo = 0
      written.changeLog = Self.changes(session)
      written.changes = written.changeLog.count
    }
  }

  /// Whether a lesson made one of the lab's runs, and what was set in it by hand.
  func changes(ofLabRun run: Int) -> (isOfLesson: Bool, changes: [LiveChange]) {
    written.withLock { $0.labRun == run ? ($0.isOfLesson, $0.changeLog) : (false, []) }
  }

  /// What was done on a lesson's page with one of the lab's runs.
  func journal(ofLabRun run: Int) -> Journal? {
    written.withLock { $0.labRun == run ? $0.journal : nil }
  }

  /// Says that the lab's run was made by a lesson, and is not to be kept: on the lab's thread.
  func leaveOut(_ lab: Lab) {
    written.withLock { written in
      written = Written()
      written.labRun = lab.runNumber
      written.isOfLesson = true
    }
    record.close()
  }

  private func write(_ lab: Lab, isUrgent: Bool, isEnd: Bool = false) {
    guard let session = lab.session else { return }
    written.withLock { written in
      if written.labRun != lab.runNumber {
        written = Written()
        written.labRun = lab.runNumber
        written.isOfLesson = lab.isOfLesson
        record.close()
      }
      if session.currentBranch != written.branch { change(to: session.currentBranch, &written) }
      if written.isOfLesson || !written.isBegun {
        written.changeLog = written.notes(of: session)
      }
      written.journal = written.isOfLesson ? lab.journal : nil
      guard !written.isOfLesson else { return }
      if written.replaysTo > 0 {
        let isThere =
          session.history.steps.count >= written.replaysTo
          && session.changesInForce.count >= written.changes
        // Something else set by hand is another future: it counts from there.
        let isOther = session.changesInForce.count > written.changes
        guard isThere || isOther else { return }
        written.replaysTo = 0
      }
      let run = written.key
      let count = session.history.steps.count
      guard count > 0 || written.isBegun else { return }
      // A branch in which nothing was trained is no run, but where one leaves the lab in it.
      let isEmptyBranch = session.branchOrigin.map { count <= $0.step } ?? false
      guard written.isBegun || !isEmptyBranch || isEnd else { return }
      if !written.isBegun {
        let isGiven = session.settings.initialWeights != nil
        var entry = Self.entry(of: session)
        if entry.name != nil { entry.name = name(of: session, written) }
        record.begin(
          entry, session.firstSettings,
          start: isGiven ? session.copyOfStart() : nil,
          program: Self.program(of: session.firstSettings), as: run)
        written.isBegun = true
        record.refresh()
      }
      let status = Self.status(lab, isEnd: isEnd)
      let isChanged = keepChanges(session, run, &written)
      if count < written.steps {
        record.truncate(run, toStep: count)
        written.steps = count
      }
      let isDue = isUrgent || written.time.duration(to: .now) > .seconds(1)
      let isHead =
        session.position == Position(step: count) && count != written.keptStep
      let state =
        isHead || isChanged
        ? written.pace.take(
          isUrgent: isEnd || isChanged || status == .finished && written.status != .finished
        ) { session.copyState() } : nil
      guard status != written.status || (isDue && count > written.steps) || state != nil else {
        return
      }
      record.append(
        Measurements(
          session.history, from: written.steps, stepsPerEpoch: session.stepsPerEpoch),
        session.history.outcome(status), to: run)
      // What was measured is there before the state that comes after it.
      if let state {
        record.keep(state, of: run, isPinned: isChanged, written.pace)
        written.keptStep = state.step
      }
      if status != .running, written.status != status || count > written.steps {
        keepWeights(session, run)
        record.refresh()
      }
      written.steps = count
      written.status = status
      written.time = .now
    }
  }

  /// Another branch is written on, or begun with all that it has in common with the one it grew from.
  private func change(to branch: Int, _ written: inout Written) {
    var all = written.aside
    written.aside = [:]
    all[written.branch] = written
    var next = all.removeValue(forKey: branch) ?? Written()
    next.labRun = written.labRun
    next.branch = branch
    next.isOfLesson = written.isOfLesson
    next.aside = all
    written = next
    guard !written.isOfLesson else { return }
    record.close()
    if written.isBegun, let number = record.number(written.key) {
      record.adopt(number, as: written.key)
    }
  }

  private static func status(_ lab: Lab, isEnd: Bool) -> RunOutcome.Status {
    switch lab.activity {
    case .training: isEnd ? .stopped : .running
    case .finished: .finished
    case .idle, .paused: .stopped
    }
  }

  /// What is set by hand begins another future: what was written after it goes.
  /// - Returns: whether there was something new.
  private func keepChanges(_ session: Session, _ run: Int, _ written: inout Written) -> Bool {
    let now = written.notes(of: session)
    let known = written.changeLog.prefix(written.changes)
    guard now != Array(known) else { return false }
    let common = zip(now, known).prefix { $0 == $1 }.count
    let step =
      [known.dropFirst(common).first, now.dropFirst(common).first].compactMap(\.self)
      .map(\.step).min() ?? 0
    // Of one step all changes are written again.
    let later = now.filter { $0.step >= step }
    let settings = session.changesInForce.filter { $0.step >= step }.compactMap {
      Self.settings(of: $0, in: session)
    }
    record.change(from: step, later, settings, of: run)
    written.steps = min(written.steps, step)
    (written.changeLog, written.changes) = (now, now.count)
    return true
  }

  /// What was set by hand in a session, as the record keeps it.
  package static func changes(_ session: Session) -> [LiveChange] {
    session.changesInForce.map { change($0, of: session) }
  }

  static func change(_ change: Session.SettingChange, of session: Session) -> LiveChange {
    LiveChange(step: change.step, name: change.name, value: value(of: change, in: session))
  }

  /// A number, or for other settings all that makes them again.
  private static func value(of change: Session.SettingChange, in session: Session) -> String {
    guard let settings = settings(of: change, in: session) else { return "\(change.value)" }
    return SettingsNote(settings, words: change.words).json ?? ""
  }

  /// What a run went on under after a change; nil where only a number was set.
  private static func settings(
    of change: Session.SettingChange, in session: Session
  ) -> RunSettings? {
    let place = Int(change.value)
    guard change.name == SettingsNote.name, session.settingsLog.indices.contains(place) else {
      return nil
    }
    return session.settingsLog[place]
  }

  /// Saves the weights when the run stands at the end of what it trained.
  private func keepWeights(_ session: Session, _ run: Int) {
    guard session.position == Position(step: session.history.steps.count) else { return }
    record.save(
      Safetensors(
        entries: session.weights.map { Safetensors.Entry(name: $0.name, tensor: $0.tensor) }),
      of: run)
  }

  /// The model as Keras code; where only a program's own code makes it, a comment that says so.
  private static func code(of model: ModelDescription) -> String {
    do { return try Printer.program(model) } catch { return "# \(error.description)\n" }
  }

  /// The program it came from, where only that makes its model again.
  private static func program(of settings: RunSettings) -> KeptProgram? {
    guard let program = settings.program, (try? Printer.program(settings.model)) == nil else {
      return nil
    }
    return KeptProgram(program.text, named: program.name)
  }

  /// What tells a branch from the run it grew from.
  private static func name(of session: Session) -> String? {
    guard let branch = session.branchOrigin else { return nil }
    return "branch \(branch.number) at \(branch.step): \(branch.words)"
  }

  /// The same with the run of the record that it grew from: `r4, branch 2 at 24: learning_rate = 0.3`.
  private func name(of session: Session, _ written: Written) -> String? {
    let all = session.branchSummaries(thinnedTo: 1)
    var parent = all.first(where: \.isCurrent)?.parent
    // What it grew from may be no run of the record, but grew from one.
    while let place = parent, record.number(written.key(ofBranch: place)) == nil {
      parent = all.first { $0.number == place }?.parent
    }
    let number = parent.flatMap { record.number(written.key(ofBranch: $0)) }
    return Self.name(of: session).map { name in number.map { "\($0), \(name)" } ?? name }
  }

  /// What the record keeps of a run when it begins.
  package static func entry(of session: Session) -> RunRecord {
    let settings = session.firstSettings
    return RunRecord(
      name: name(of: session), started: Date(), modelCode: code(of: settings.model),
      modelSummary: settings.model.summary, dataName: settings.data.name,
      dataFingerprint: settings.data.fingerprint, batchSize: settings.batchSize,
      epochs: settings.epochs, seed: settings.seed,
      optimizer: settings.model.compilation?.optimizer.kind ?? "",
      learningRate: Double(session.learningRates[0].rate),
      parameterCount: session.network.weights.reduce(0) { $0 + $1.spec.shape.count })
  }
}

extension TrainingData {
  /// A number for the examples, in hexadecimal: equal ones have equal fingerprints.
  var fingerprint: String {
    var digest = Digest()
    for part in [training, validation].compactMap(\.self) {
      for tensor in part.allInputs + part.allTargets + part.weights {
        for extent in tensor.shape.extents { digest.add(UInt64(extent)) }
        for scalar in tensor.scalars { digest.add(UInt64(scalar.bitPattern)) }
      }
    }
    return digest.description
  }
}
