import Foundation
import KerasCode
import Scripts
import Testing

@Suite("Callbacks beside Keras's")
struct CallbackTests {
  private func folder() throws -> URL {
    let place = FileManager.default.temporaryDirectory.appending(path: "callbacks-\(UUID())")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    return place
  }

  @Test("a program of callbacks prints what it prints with Keras")
  func besideKeras() throws {
    let place = try folder()
    defer { try? FileManager.default.removeItem(at: place) }
    let found = try printed(try reference("keras_callbacks.py"), folder: place)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = try reference("keras_callbacks.txt")
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (ours, theirs) in zip(found, wanted) { #expect(ours == theirs) }
    #expect(found.count == wanted.count)
    let log = try String(contentsOf: place.appending(path: "log.csv"), encoding: .utf8)
    #expect(log.hasPrefix("epoch,loss,val_loss\r\n0,0.1966"))
    #expect(log.hasSuffix(",NA\r\n"))
  }

  @Test("ModelCheckpoint keeps the best weights, in the program's folder alone")
  func checkpoint() throws {
    let place = try folder()
    defer { try? FileManager.default.removeItem(at: place) }
    let start =
      ProgramTests.start + """
        from keras.callbacks import ModelCheckpoint
        def train(file, **options):
          model.fit(X, y, epochs=2, verbose=0, callbacks=[ModelCheckpoint(file, **options)])

        """
    let said = try printed(
      start + """
        train("w-{epoch:02d}.safetensors", save_weights_only=True, monitor="loss",
              save_best_only=True, verbose=1)
        model.load_weights("w-02.safetensors")
        """, folder: place)
    #expect(said.contains("Epoch 1: loss improved from None to "))
    #expect(said.contains("saving model to w-01.safetensors"))
    #expect(throws: (any Error).self) {
      try printed(start + "train('../w.safetensors', save_weights_only=True)", folder: place)
    }
    do {
      _ = try printed(start + "train('best.keras')", folder: place)
      Issue.record("a .keras file was written")
    } catch {
      #expect("\(error)".contains("best.weights.safetensors"), "\(error)")
    }
  }
}
