import TerminalGraphics
import Training

extension AppState {
  /// Says once that a breakpoint stopped the run, when the news of it comes.
  mutating func noteStop(before: Stop?) {
    guard let stop = lab.stop, stop != before, let words = stop.told.first else { return }
    let isShown = screen == .step && step.view == .branches
    // There it stands in a panel of its own.
    guard !isShown else { return }
    let way = step.view == .branches ? "5" : screen == .step ? "=" : "5, then ="
    // What one set a moment ago does not make this wait: it is why one looks.
    messages.interrupt(
      Toast("\(words); \(way) shows more", stop.isArrival ? .good : .news), now: now,
      telling: ToldPlace(stop.position, of: lab))
  }

  /// Where the run has moved, the listing follows it, and what was said of another moment goes.
  mutating func noteArrival(_ snapshot: LabSnapshot) {
    messages.arrive(at: snapshot)
    guard let moment = snapshot.moment else { return }
    let isElsewhere = lab.moment?.done != moment.done || lab.moment?.step != moment.step
    if isElsewhere { step.planRow = nil }
  }

  /// The cursor goes to the number that a stop names, and the listing to the line that made it.
  mutating func lookAtStop(before: Stop?) -> [Effect] {
    guard let stop = lab.stop, stop != before, let moment = lab.moment else { return [] }
    (step.interest.result, step.interest.cell, step.planRow) = (0, nil, nil)
    if let place = stop.place {
      step.interest.example = place.example
      if place.instruction == moment.instruction {
        (step.interest.result, step.interest.cell) = (place.result, place.offset)
      } else if let instruction = place.instruction {
        let area = panels.first { $0.id == "plan" }?.area ?? Rect(0, 0, 0, 0)
        let rows = PlanPanel(scene: StepScene(self, moment, area)).rows
        step.planRow = rows.lastIndex { $0.range.contains(instruction) }
      }
    }
    return [.lab(.look(interest))]
  }

  /// Notes when a run ended, and says where one ended that one let go on from Step.
  mutating func noteEnd() {
    if lab.activity == .finished { train.endedAt = now }
    guard screen == .step, lab.activity == .finished, lab.stop == nil, tour == nil else { return }
    let isArmed = lab.breakpoints.contains(where: \.isEnabled)
    say(isArmed ? "no breakpoint, the end of the run" : "the end of the run")
  }

  /// What is said where a search ended: the news of a stop say it themselves.
  mutating func sayStop(_ lines: [String]) -> Bool {
    if let first = lines.first, !first.hasPrefix("breakpoint ") { say(first) }
    return true
  }
}
