import Training

/// How many steps a second a run makes at full speed, measured from what is seen of it.
struct RateMeter: Hashable, Sendable {
  private var run = 0
  private var step = 0
  private var time: Double?
  private(set) var stepsPerSecond: Double?

  /// Takes in where a run is now.
  mutating func note(_ lab: LabSnapshot, at now: Double) {
    guard lab.activity == .training, lab.pace == .full else {
      time = nil
      if lab.runNumber != run { self = RateMeter(run: lab.runNumber) }
      return
    }
    if lab.runNumber != run { self = RateMeter(run: lab.runNumber) }
    guard let start = time else {
      (step, time) = (lab.position.step, now)
      return
    }
    // A fifth of a second is enough to even out single frames.
    guard now - start >= 0.2, lab.position.step > step else { return }
    stepsPerSecond = Double(lab.position.step - step) / (now - start)
    (step, time) = (lab.position.step, now)
  }

  init() {}
  private init(run: Int) { self.run = run }
}
