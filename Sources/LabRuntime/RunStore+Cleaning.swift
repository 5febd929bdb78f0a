import Foundation
import RunStore

extension RunStore {
  /// Deletes for good what was removed a month ago, with the copies of examples that no run needs
  /// any more.
  package func clean(at time: Date) throws {
    try purge(removedBefore: time.addingTimeInterval(-30 * 86_400))
    let names = try allNeeds().compactMap { ReplayNote(json: $0)?.examples }
    ExamplesCopy(self).removeUnused(
      keeping: Set(names), olderThan: time.addingTimeInterval(-86_400))
  }
}
