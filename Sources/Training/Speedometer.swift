/// How many steps a second a run does, over about the last second.
struct Speedometer {
  private var done = 0
  private var mark: (time: Double, done: Int)?
  private var shown: Double?

  mutating func count(_ steps: Int) { done += steps }

  /// Steps a second; nil until half a second was measured, and while nothing runs.
  mutating func read(at time: Double, isRunning: Bool) -> Double? {
    guard isRunning, let mark else {
      (shown, mark) = (nil, isRunning ? (time, done) : nil)
      return nil
    }
    if time - mark.time >= 0.5 {
      shown = Double(done - mark.done) / (time - mark.time)
      self.mark = (time, done)
    }
    return shown
  }
}
