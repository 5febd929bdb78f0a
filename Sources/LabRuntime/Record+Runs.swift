import Foundation
import RunStore
import TerminalGraphics
import Workbench

// What the screen of runs asks of the record.

extension Record {
  /// Reads what the screen shows; news brings it, or says why not.
  func read(_ request: RunsRequest) {
    write { [self] store in
      do { tell(.runs(try store.overview(request))) } catch { tell(.said("\(error)", .bad)) }
    }
  }

  /// Takes a run out of the record, or brings it back.
  func remove(_ number: RunNumber, isUndone: Bool) {
    act { store in
      if isUndone { try store.restore(number) } else { try store.remove(number, at: Date()) }
    }
  }

  /// Gives a run another name, or none.
  func rename(_ number: RunNumber, to name: String?) { act { try $0.rename(number, to: name) } }

  /// Does what was asked for, says why not, and reads anew what Home lists.
  private func act(_ body: @escaping @Sendable (RunStore) throws -> Void) {
    write { [self] store in
      do { try body(store) } catch { tell(.said("\(error)", .bad)) }
    }
    refresh()
  }
}
