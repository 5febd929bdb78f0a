import Datasets
import RunStore
import Synchronization
import TerminalGraphics
import Training
import Workbench

/// A moment that the lab is to open.
package enum WantedMoment: Sendable {
  case recorded(RecordedMoment)
  /// With data at hand, where the moment's is not found.
  case shared(SharedMoment, Dataset?)
}

extension EffectRunner {
  /// Opens a moment: on the lab's thread, which goes there.
  package func open(_ moment: WantedMoment) {
    switch moment {
    case .recorded(let recorded): openRun(recorded.run, at: recorded.position)
    case .shared(let shared, let dataset): open(shared, dataset)
    }
  }

  private func open(_ shared: SharedMoment, _ dataset: Dataset?) {
    let library = library
    if let loop = shared.loop { return open(shared, loop) }
    lab.post { [self] lab in
      do {
        let opened = try shared.open(library, own: dataset)
        lab.handle(.open(opened.settings))
        let replay = Replay(
          lab, changes: opened.changes, steps: shared.position.step,
          place: Standing(shared.position))
        go(on: replay) { lab in
          guard let session = lab.session, session.position == shared.position else { return [] }
          return [
            shared.difference(session).map { .said($0, .warning) }
              ?? .said("this is \(shared.position), with the same numbers", .good)
          ]
        }
        return [.workpiece(opened.workpiece), .opened]
      } catch { return [.said("the moment cannot be opened: \(error)", .bad)] }
    }
  }

  /// A moment of a program's loop: the program runs again first, where the lab trains.
  private func open(_ shared: SharedMoment, _ loop: SharedLoop) {
    lab.post { [recorder] lab in
      do {
        let run = try shared.openLoop(in: lab, loop)
        recorder.leaveOut(lab)
        let difference = lab.session.flatMap { shared.difference($0) }
        return [
          .loop(run),
          difference.map { .said($0, .warning) }
            ?? .said("this is \(shared.position), with the same numbers", .good),
        ]
      } catch { return [.said("the moment cannot be opened: \(error)", .bad)] }
    }
  }
}

extension EffectRunner {
  /// Remembers where the run at hand stands; the record has all of it by then.
  func leaveRun(isOfWorkpiece: Bool) {
    lab.post { [self] lab in
      recorder.prepare(for: lab)
      record.flush()
      let moment = KeptMoment(
        lab.snapshot(), recorder, lesson: nil, isOfWorkpiece: isOfWorkpiece)
      left.withLock { $0 = moment }
      return []
    }
  }

  /// Where the run stood that was left for a lesson; nil where none was.
  var waitingRun: KeptMoment? { left.withLock { $0 } }

  /// Takes up the run that was left, at the moment it was left.
  func takeRunBack(_ workpiece: Workpiece) {
    lab.post { [self] _ in
      guard let moment = waitingRun else { return [] }
      resume(moment, workpiece, lessons: [])
      return [.said("your run is back, at step \(moment.step)", .good)]
    }
  }
}
