import Datasets
import Foundation
import NeuralNets
import RunStore
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@testable import LabRuntime

@Suite("A pasted program")
struct PastedProgramTests {
  private static let program = """
    from sklearn.datasets import load_iris
    import keras
    from keras import layers
    x, y = load_iris(return_X_y=True)
    model = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(3, activation="softmax")])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    """

  /// A lab with digits at hand after a text was pasted on Build and the news of it came.
  private func state(after pasted: String) throws -> AppState {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "backstep-paste-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let library = DatasetLibrary()
    let record = Record(store: try RunStore(directory: directory))
    let recorder = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: recorder)
    defer { thread.stop() }
    let runner = EffectRunner(lab: thread, library: library, record: record, recorder: recorder)
    var state = AppState(
      size: Size(120, 36), ability: .full, library: library,
      workpiece: Workpiece(
        model: .perceptron(inputShape: [64], hidden: [8], classes: 10),
        dataset: try library.load("digits")))
    for effect in state.handle(.key(.character("3"), [])) + state.handle(.paste(pasted)) {
      runner.run(effect)
    }
    for news in runner.takeNews() { _ = state.receive(news) }
    return state
  }

  @Test("brings its network, its data and what its fit says, and one undo takes all of it back")
  func whole() throws {
    var state = try state(after: Self.program + "\nmodel.fit(x, y, epochs=50, batch_size=16)\n")
    #expect(state.workpiece.model.layers.map(\.kind) == ["Dense"])
    #expect(state.workpiece.dataset.count == 150)
    #expect(state.workpiece.epochs == 50)
    #expect(state.workpiece.batchSize == 16)
    #expect(state.workpiece.fileName == Workpiece.newFileName)
    #expect(!state.workpiece.isSaved)
    #expect(state.message?.toast.text.contains("150 examples, 50 epochs of batches of 16") == true)
    _ = state.handle(.key(.character("u"), []))
    #expect(state.workpiece.dataset.name == "digits")
    #expect(state.workpiece.model.layers.count == 2)
    #expect(state.workpiece.batchSize == 32)
  }

  @Test("brings its network alone where what it is fitted to cannot be had, and says why")
  func alone() throws {
    let state = try state(after: Self.program + "\nmodel.fit(x, y, steps_per_epoch=2)\n")
    #expect(state.workpiece.model.layers.map(\.kind) == ["Dense"])
    #expect(state.workpiece.dataset.name == "digits")
    #expect(state.message?.toast.text.hasPrefix("the network is taken, not what") == true)
  }
}
