import Scripts
import Training

/// Trains to the end, or until a signal or a callback ends it, and reports on the way.
struct TrainLoop {
  /// How it ended.
  struct End {
    /// The numbers of the last epoch, or of the steps of the one that was cut off.
    var numbers: [NamedNumber] = []
    var epoch = 0
    var seconds = 0.0
    /// Seconds of training alone, and the examples learned from in them.
    var trainingSeconds = 0.0
    var samples = 0
    /// The signal that ended it, 0 for none.
    var signal: Int32 = 0
    var isStopped = false
  }

  private let fit: Fit
  private let report: TrainReport
  private let record: TrainRecord?
  private let clock = ContinuousClock()
  /// The epoch that it begins with, counted from 1.
  private let firstEpoch: Int

  init(
    _ fit: Fit, _ report: TrainReport, _ record: TrainRecord? = nil, firstEpoch: Int = 1
  ) {
    self.fit = fit
    self.report = report
    self.record = record
    self.firstEpoch = firstEpoch
  }

  func run() throws -> End {
    let session = fit.session
    let interrupt = Interrupt()
    let start = clock.now
    var end = End()
    try report.begin()
    let last = session.settings.epochs
    for epoch in firstEpoch..<max(last + 1, firstEpoch) {
      let epochStart = clock.now
      for step in 1...session.stepsPerEpoch where interrupt.number == 0 {
        try fit.step()
        end.samples += session.batchCount
        try report.step(epoch, step, ofStep: { try fit.ofLastStep() }, soFar: { fit.soFar })
        try record?.look(at: session)
      }
      end.trainingSeconds += (clock.now - epochStart) / .seconds(1)
      end.signal = interrupt.number
      guard end.signal == 0 else {
        end.numbers = fit.soFar
        break
      }
      let epochReport = try fit.finishEpoch()
      end.numbers = epochReport.numbers
      end.epoch = epoch
      try report.epoch(epoch, epochReport)
      if epochReport.stops {
        end.isStopped = true
        break
      }
    }
    end.seconds = (clock.now - start) / .seconds(1)
    return end
  }
}
