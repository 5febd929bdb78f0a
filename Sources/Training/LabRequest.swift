/// How fast a run is shown: the engine itself is too fast to watch.
package enum Pace: Hashable, Sendable {
  /// So many training steps a second.
  case steps(Double)
  /// As fast as it goes.
  case full

  /// The pace at which a run of so many steps lasts about ten seconds.
  package static func tenSeconds(for steps: Int) -> Pace {
    .steps(max(1, (Double(steps) / 10).rounded()))
  }

  /// The paces that one key goes through: those that one can follow, then times ten, to full speed;
  /// the ten-second pace has its place among them, and none stands close beside it.
  package static func ladder(for steps: Int) -> [Pace] {
    guard case .steps(let usual) = tenSeconds(for: steps) else { return [.full] }
    let rungs = [1, 2, 5, 10, 100, 1000, 10_000].filter {
      $0 < usual * 5 && ($0 == 1 || $0 * 2 <= usual || $0 >= usual * 2) && $0 != usual
    }
    return (rungs + [usual]).sorted().map { .steps($0) } + [.full]
  }

  /// The pace of the ladder after this one, which need not be on it; nil at its end.
  package func next(isFaster: Bool, for steps: Int) -> Pace? {
    let ladder = Self.ladder(for: steps)
    return isFaster ? ladder.first { $0.rate > rate } : ladder.last { $0.rate < rate }
  }

  /// Steps a second.
  package var rate: Double {
    switch self {
    case .steps(let rate): rate
    case .full: .infinity
    }
  }
}

/// What a screen asks of the run: everything the lab thread understands.
package enum LabRequest: Sendable {
  /// Takes these settings and stands at the start of the run.
  case open(RunSettings)
  /// Takes what a program's loop trained, and stands at its start.
  case openPasses(PassRun)
  case play
  /// Where the run trained, it rests at the end of the step it did last, or after so many instructions
  /// of it.
  case pause(at: Int? = nil)
  case pace(Pace)
  /// Stops and moves; forwards beyond what was recorded it trains on.
  case move(Int, MoveUnit)
  case go(Position)
  /// The same, where what is seen there matters: what a step has made, or what the next is given.
  case stand(Standing)
  /// The same settings again, with another seed if given.
  case restart(seed: UInt64?)
  case learningRate(Float)
  /// Goes on under other settings with what fits of the weights; the words say what was changed.
  case change(RunSettings, words: String)
  /// Makes a change again that a run's record has under a name.
  case repeatChange(String, Float)
  /// Gives one number of a weight another value: its name, its position row by row.
  case setWeight(String, at: Int, to: Float)
  case look(Interest)
  /// Something was done elsewhere that lessons ask for.
  case did(Deed)
}
