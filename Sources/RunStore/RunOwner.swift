import Foundation
import GRDB

/// The process that writes a run: `host process start`. A process that was killed says nothing, so
/// whoever reads its run looks whether it still lives.
package struct RunOwner: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  package let process: Int32
  /// When the process started, in the system's own count: numbers of processes are used again.
  private let started: String

  /// This process.
  package static let own: RunOwner = {
    let process = ProcessInfo.processInfo.processIdentifier
    return RunOwner(
      host: ProcessInfo.processInfo.hostName.filter { !$0.isWhitespace }, process: process,
      started: startOf(process) ?? "?")
  }()

  /// Another process of this machine; nil when there is none.
  package init?(process: Int32) {
    guard let started = Self.startOf(process) else { return nil }
    self.init(host: Self.own.host, process: process, started: started)
  }

  private init(host: String, process: Int32, started: String) {
    (self.host, self.process, self.started) = (host, process, started)
  }

  /// Reads what `description` writes; nil when it is something else.
  init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3, let process = Int32(words[1]), process > 0 else { return nil }
    self.init(host: words[0], process: process, started: words[2])
  }

  package var description: String { "\(host) \(process) \(started)" }

  /// Whether it is another process that is at work. Of another machine one cannot know: there a run
  /// lives for two minutes after it was last written to.
  func isOther(silentFor seconds: Double) -> Bool {
    self != .own && isAlive(silentFor: seconds)
  }

  func isAlive(silentFor seconds: Double) -> Bool {
    if self == .own { return true }
    guard host == Self.own.host else { return seconds < 120 }
    return Self.startOf(process) == started
  }

  /// When a process started; nil when there is none, or it has ended and waits for its parent.
  private static func startOf(_ process: Int32) -> String? {
    let path = "/proc/\(process)/stat"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      // A system without that folder: the process counts, not its start.
      return FileManager.default.fileExists(atPath: "/proc/self") || kill(process, 0) != 0
        ? nil : "?"
    }
    // Its name comes in parentheses and may hold blanks and parentheses itself.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ")
    guard fields.count > 20, !["Z", "X"].contains(fields[1]) else { return nil }
    return String(fields[20])
  }
}

extension RunStore {
  /// Says that a process, else this one, writes a run from now on.
  package func own(_ number: RunNumber, by owner: RunOwner = .own) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET owner = ? WHERE number = ?", arguments: ["\(owner)", number.value])
      try checkChanged(database, number)
    }
  }

  /// Says that nobody writes a run any more, if it was this process.
  package func disown(_ number: RunNumber) throws(Failure) {
    try write { database in
      try database.execute(
        sql: "UPDATE run SET owner = NULL WHERE number = ? AND owner = ?",
        arguments: [number.value, "\(RunOwner.own)"])
    }
  }
}
