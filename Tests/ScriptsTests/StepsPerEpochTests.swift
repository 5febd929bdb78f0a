import Datasets
import KerasCode
import Scripts
import Testing
import Training

@Suite("Epochs of some batches")
struct StepsPerEpochTests {
  private func settings(_ fit: String, batchSize: Int? = nil) throws -> RunSettings {
    let file = try ModelFile.read(
      """
      import numpy as np
      import keras
      x = np.arange(40.0).reshape(10, 4)
      model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
      model.compile("sgd", "mse")
      model.fit(x, np.ones((10, 1)), batch_size=4, \(fit))
      """, file: "program.py")
    var overrides = RunOverrides()
    overrides.batchSize = batchSize
    return try ModelLoader(library: DatasetLibrary()).settings(file, overrides)
  }

  @Test("a run to go through refuses epochs that end before the batches do, and takes others")
  func refused() throws {
    let failure = #expect(throws: RunFailure.self) { try settings("steps_per_epoch=2") }
    #expect(failure?.problem.contains("steps_per_epoch=2") == true)
    #expect(failure?.problem.contains("3 batches") == true)
    #expect(try settings("steps_per_epoch=3").stepsPerEpoch == 3)
    #expect(try settings("steps_per_epoch=2", batchSize: 5).stepsPerEpoch == 2)
  }

  @Test("validation_steps keeps as many of the examples held back as those batches have")
  func held() throws {
    let half = try settings("validation_split=0.5, validation_steps=1")
    #expect(half.data.validation?.count == 4)
    let small = try settings("validation_split=0.5, validation_steps=1, validation_batch_size=2")
    #expect(small.data.validation?.count == 2)
    #expect(try settings("validation_split=0.5, validation_steps=9").data.validation?.count == 5)
  }
}
