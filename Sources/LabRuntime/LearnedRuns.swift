import Datasets
import RunStore
import Training
import Workbench

// Pictures of what kept runs have learned, made from their last kept states.

extension Record {
  /// Makes a picture of each run, and tells it; where the record no longer makes the run again, that
  /// there is none.
  func pictureLearned(_ numbers: [Int], _ library: DatasetLibrary) {
    for number in numbers {
      write { [self] store in
        guard let run = try store.run(number: RunNumber(number)) else { return }
        let picture = try? Self.learned(run.number, store, library)
        tell(
          .learned(number: number, revision: ListedRuns.revision(of: run), picture))
      }
    }
  }

  /// How many steps are computed again for a picture at most.
  private static let most = 256

  private static func learned(
    _ number: RunNumber, _ store: RunStore, _ library: DatasetLibrary
  ) throws -> LearnedPicture {
    let kept = try KeptRun(number, store, library, isCopied: true)
    let session = try kept.session()
    // A state near the end is nearly what the end was, and is there at once.
    let near = session.keptMoment(atOrBefore: kept.steps)
    session.goToStart(ofStep: kept.steps - near <= most ? kept.steps : near)
    return session.learnedPicture
  }
}
