import Foundation
import KerasCode
import LabRuntime
import NeuralNets
import RunStore
import Scripts
import Training

// Going on with a run that was recorded.

extension Train {
  /// Goes on with a recorded run where it stopped, to the same weights as without a break.
  ///
  /// It begins with the epoch that was broken off, from the checkpoint at or before it, so that the
  /// numbers of that epoch are whole. Callbacks remember what they saw: a run with some is
  /// trained again from its first step.
  func goOn(with word: String) throws {
    let store = try RunsCommand.store()
    let run = try RunsCommand.run(word, in: store)
    try checkEpochs(run)
    let kept = try KeptRun(run.number, store, dataLibrary, epochs: epochs)
    let callbacks = try kept.callbacks()
    let session = try callbacks.isEmpty ? kept.session() : Session(kept.settings)
    let settings = session.settings
    var begun = 0
    if callbacks.isEmpty {
      if let difference = kept.difference(in: session) {
        Output.complain("backstep: \(difference)")
      }
      begun = settings.epoch(ofStep: kept.steps)
      let first = settings.origin.step + (begun - settings.origin.epoch) * session.stepsPerEpoch
      session.goToStart(ofStep: max(first, session.firstStep))
    }
    let fit = try Fit(session, callbacks: callbacks, firstEpoch: begun)
    guard let record = TrainRecord(session, resuming: kept, name: name) else {
      throw CommandFailure(nil, code: .cannotWrite)
    }
    let report = TrainReport(
      session, common, everyStep: every == .step, model: "\(run.number)",
      data: settings.data.name, hold: { record.hold($0) })
    try train(
      TrainLoop(fit, report, record, firstEpoch: begun + 1), fit, report, record)
  }

  /// A run that has come to its end needs another one.
  private func checkEpochs(_ run: Run) throws {
    let wanted = epochs ?? run.record.epochs
    guard run.outcome.status == .finished, wanted <= run.record.epochs else { return }
    throw CommandFailure(
      "\(run.number) has done its \(run.record.epochs) epochs; "
        + "--epochs \(run.record.epochs * 2) goes on", code: .usage)
  }
}
