import TerminalGraphics
import Training

extension Happenings {
  /// What was set by hand, but for learning rates, which have a curve of their own.
  static func changes(_ lab: LabSnapshot) -> [Event] {
    lab.changes.compactMap { change in
      switch change.name {
      case "learning_rate": nil
      case "settings":
        Event(step: change.step, text: change.words.isEmpty ? "settings changed" : change.words)
      default:
        Event(
          step: change.step,
          text: "\(change.name) set to \(NumberFormat.compact(change.value, digits: 4))")
      }
    }
  }
}
