import Synchronization

/// The files that a program reads, so that it can be run again where they are not; or files that it is
/// to find in memory.
package final class ProgramFiles: Sendable {
  private struct Known {
    var read: [String: [UInt8]] = [:]
    var written: Set<String> = []
  }

  private let known: Mutex<Known>
  /// Whether all that a program finds is in memory.
  private let isHolding: Bool

  /// Notes what is read from a folder.
  init() {
    known = Mutex(Known())
    isHolding = false
  }

  /// Has these files, and what is written.
  init(_ files: [String: [UInt8]]) {
    known = Mutex(Known(read: files))
    isHolding = true
  }

  /// What was there before the program wrote it.
  var read: [String: [UInt8]] { known.withLock { $0.read } }

  func held(_ name: String) -> [UInt8]? { isHolding ? known.withLock { $0.read[name] } : nil }

  func noteReading(_ name: String, _ bytes: [UInt8]) {
    known.withLock { known in
      if !known.written.contains(name), known.read[name] == nil { known.read[name] = bytes }
    }
  }

  /// - Returns: whether it is written in memory alone.
  func noteWriting(_ name: String, _ bytes: [UInt8]) -> Bool {
    known.withLock { known in
      known.written.insert(name)
      if isHolding { known.read[name] = bytes }
    }
    return isHolding
  }
}
