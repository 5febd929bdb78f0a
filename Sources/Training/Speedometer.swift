/// How many steps a second a run does, over about the last second.
struct Speedometer {
  private var done = 0
  private var mark: (time: Double, done: Int)?
  private var shown: Double?

  mutating func count(_ steps: Int) { done += steps }

  /// Steps a second; nil until half a second was measured. What rests keeps what was measured last.
  mutating func read(at time: Double, isRunning: Bool) -> Double? {
    guard isRunning, let mark else {
      mark = isRunning ? (time, done) : nil
      return shown
    }
    if time - mark.time >= 0.5 {
      shown = Double(done - mark.done) / (time - mark.time)
      self.mark = (time, done)
    }
    return shown
  }
}
