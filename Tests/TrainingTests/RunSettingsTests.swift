import NeuralNets
import Tensors
import Testing
import Training

@Suite("Settings of a run")
struct RunSettingsTests {
  private static func settings(
    seed: UInt64 = 5, shuffles: Bool = true, batchSize: Int = 8
  ) throws -> RunSettings {
    let known = try #require(SampleRun.all.first).settings
    return RunSettings(
      model: known.model, data: known.data, batchSize: batchSize, epochs: 2, seed: seed,
      shuffles: shuffles)
  }

  @Test("each epoch takes every row once, in an order that seed and epoch alone decide")
  func order() throws {
    let settings = try Self.settings()
    let rows = Array(0..<settings.data.training.count)
    for epoch in 0..<10 {
      let order = settings.order(ofEpoch: epoch)
      #expect(order.sorted() == rows)
      #expect(order == settings.order(ofEpoch: epoch))
    }
    #expect(settings.order(ofEpoch: 0) != settings.order(ofEpoch: 1))
    #expect(settings.order(ofEpoch: 0) != (try Self.settings(seed: 6)).order(ofEpoch: 0))
    #expect(try Self.settings(shuffles: false).order(ofEpoch: 3) == rows)
  }

  @Test("a batch larger than the data is all of it", arguments: [22, 23, Int.max])
  func largeBatch(size: Int) throws {
    let settings = try Self.settings(batchSize: size)
    #expect(settings.stepsPerEpoch == 1 && settings.totalSteps == 2)
    let session = try Session(settings)
    session.trainStep()
    #expect(session.batchRows.count == settings.data.training.count)
    #expect(session.history.epochs.count == 1)
  }
}
