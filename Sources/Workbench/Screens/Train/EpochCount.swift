import TerminalGraphics
import Training

// Epochs of a run whose batch size may have changed on the way: they are not all equally long.

enum StepCount {
  /// ` of 900`; of a run that was trained on beyond its end `, 45 after the end`.
  static func of(_ total: Int, at step: Int) -> String {
    step > total
      ? ", \(NumberFormat.integer(step - total)) after the end"
      : " of \(NumberFormat.integer(total))"
  }

  /// `120 of 900 steps done`; of a run that was trained on beyond its end `945 steps done, 45 after
  /// the end`.
  static func done(_ done: Int, of total: Int, _ units: String) -> String {
    let count = NumberFormat.integer(done)
    return done > total
      ? "\(count) \(units) done\(of(total, at: done))"
      : "\(count)\(of(total, at: done)) \(units) done"
  }
}

extension LabSnapshot {
  /// The epoch, counted from 0, that a step belongs to.
  func epoch(ofStep step: Int) -> Int {
    guard let settings else { return 0 }
    return step >= settings.origin.step
      ? settings.epoch(ofStep: step)
      : history.epochsEnded(by: step, stepsPerEpoch: settings.stepsPerEpoch)
  }

  /// The number of the epoch at hand, from 1; at the end of one it is that one still.
  var epochNumber: Int {
    let begun = position.instruction > 0 ? position.step : position.step - 1
    return epoch(ofStep: max(0, begun)) + 1
  }

  /// What the last epoch ended with that had ended when so many steps were done.
  func lastEpoch(by step: Int) -> History.Epoch? { history.epoch(epochsEnded(by: step) - 1) }

  /// How many epochs had ended when so many steps were done: the number of the last of them, from 1.
  func epochsEnded(by step: Int) -> Int {
    history.epochsEnded(by: step, stepsPerEpoch: max(1, settings?.stepsPerEpoch ?? 1))
  }

  /// `, after epoch 19`, where numbers are those of the end of an epoch: the one at hand has none yet.
  /// The longest first; none before the first one has ended.
  func afterEpoch(_ ended: Int) -> [String] {
    ended > 0 ? ["after epoch", "epoch", "after ep", "ep"].map { ", \($0) \(ended)" } : []
  }

  /// The number of steps done when an epoch, counted from 0, ended.
  func end(ofEpoch number: Int) -> Int {
    history.end(ofEpoch: number, stepsPerEpoch: max(1, settings?.stepsPerEpoch ?? 1))
  }
}

extension PanelView {
  /// Whether the examples were judged where the run stands.
  var isJudgedNow: Bool { lab.pictures?.judgedAt.step == lab.position.step }

  /// `judged at step 540`, where the examples were judged before the step at hand: of a large network
  /// that is done once an epoch while it trains.
  var judgedNote: StyledText {
    guard let pictures = lab.pictures, !pictures.judged.isEmpty, !isJudgedNow else {
      return StyledText()
    }
    let width = NumberFormat.integer(lab.settings?.totalSteps ?? 0).count
    let step = NumberFormat.padded(NumberFormat.integer(pictures.judgedAt.step), to: width)
    let whole = StyledText.secondary("judged at step ") + .text(step)
    return fitting(whole).isEmpty ? .secondary("at step ") + .text(step) : whole
  }
}
