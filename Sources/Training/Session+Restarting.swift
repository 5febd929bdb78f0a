import NeuralNets

extension Session {
  /// The learning rate that was set by hand last, where it holds: not under a schedule or an optimizer
  /// that was taken up since.
  package var rateByHand: Float? {
    guard passes == nil,
      let last = changesInForce.last(where: { $0.name == "learning_rate" }),
      last.step >= part.rateOrigin,
      setRates.contains(where: { $0.step == last.step && $0.rate == last.value })
    else { return nil }
    return last.value
  }

  /// Another run from the start under the settings at hand, those that were set by hand included.
  /// - Throws: why there can be no such run.
  package func begunAgain(seed: UInt64? = nil) throws -> Session {
    var settings = settings.asFirst
    if let seed { settings.seed = seed }
    let next = try Session(settings)
    if let rateByHand { next.setLearningRate(rateByHand) }
    return next
  }

  /// Under what it trains, in a line.
  package var settingsInWords: String {
    let rate = "learning rate \(learningRate)" + (rateByHand == nil ? "" : " as set by hand")
    let optimizer = settings.model.compilation.map { "\($0.optimizer.kind), " } ?? ""
    return "\(optimizer)\(rate), batch size \(settings.batchSize), \(settings.epochs) epochs, "
      + "seed \(settings.seed)"
  }
}
