import Dispatch
import Foundation
import Synchronization

/// ^C and a plain `kill` while something long goes on: noted, so that work ends at a whole step.
struct Interrupt {
  private final class Caught: Sendable {
    let number = Atomic<Int32>(0)
  }

  private let caught = Caught()
  private let sources: [any DispatchSourceSignal]

  /// - Parameter signals: from now on they no longer end the process.
  init(_ signals: [Int32] = [SIGINT, SIGTERM]) {
    let queue = DispatchQueue(label: "signals")
    let caught = caught
    sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { caught.number.store(number, ordering: .relaxed) }
      source.resume()
      return source
    }
  }

  /// The signal that came, 0 for none.
  var number: Int32 { caught.number.load(ordering: .relaxed) }
}
