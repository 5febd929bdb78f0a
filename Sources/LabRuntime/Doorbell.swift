import Synchronization

/// Who is woken when there is news: the screen, or plain words.
package final class Doorbell: Sendable {
  private let target = Mutex<(@Sendable () -> Void)?>(nil)

  package init() {}

  package func connect(_ ring: @escaping @Sendable () -> Void) { target.withLock { $0 = ring } }

  package func ring() { target.withLock { $0 }?() }
}
