import Foundation
import Workbench

/// Tells the screen how a program with a loop of its own goes on: ten times a second, so that the
/// telling costs nothing beside the training.
final class LoopWatch {
  private let lab: LabThread
  private var lines: [String] = []
  private var unfinished = ""
  private var toldAt = 0.0

  init(_ lab: LabThread) { self.lab = lab }

  static var now: Double { ProcessInfo.processInfo.systemUptime }

  /// Takes what the program prints, and keeps its last lines.
  func note(_ text: String) {
    var parts = (unfinished + text).split(separator: "\n", omittingEmptySubsequences: false)
    unfinished = String(parts.removeLast())
    lines = (lines + parts.map(String.init)).suffix(RunningLoop.mostLines)
  }

  /// Says how many passes there are.
  func tell(_ passes: Int) {
    let now = Self.now
    guard now > toldAt + 0.1 else { return }
    toldAt = now
    lab.tell([.loopGoesOn(passes: passes, said: lines)])
  }
}
