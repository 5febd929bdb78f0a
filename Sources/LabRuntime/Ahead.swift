import Foundation
import Synchronization

/// A value that is made on another thread while this one does something else.
package final class Ahead<Value: Sendable>: Sendable {
  private let made = Mutex<Result<Value, any Error>?>(nil)
  private let isMade = DispatchSemaphore(value: 0)

  package init(_ make: @escaping @Sendable () throws -> Value) {
    Thread { [self] in
      let result = Result(catching: make)
      made.withLock { $0 = result }
      isMade.signal()
    }.start()
  }

  /// Waits until it is made; to be asked for once.
  package func value() throws -> Value {
    isMade.wait()
    guard let result = made.withLock({ $0 }) else { preconditionFailure("signaled before made") }
    return try result.get()
  }
}
