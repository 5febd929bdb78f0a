import Synchronization

/// Who is woken when there is news: the screen, or plain words.
package final class Doorbell: Sendable {
  /// In a structure of its own: a function that lies in a mutex by itself is wrapped once more whenever
  /// it is read.
  private struct Bell {
    let ring: @Sendable () -> Void
  }

  private let target = Mutex<Bell?>(nil)

  package init() {}

  package func connect(_ ring: @escaping @Sendable () -> Void) {
    target.withLock { $0 = Bell(ring: ring) }
  }

  package func ring() { target.withLock { $0 }?.ring() }
}
