import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("Fresh networks in Keras", .enabled(if: KerasChild.runs, "no Python with Keras"))
struct KerasInteropTests {
  @Test("forty networks learn in Keras what they learn here")
  func forty() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "keras-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var fresh = FreshNets(seed: KerasChild.seed)
    let nets = try (0..<40).map { try fresh.net($0) }
    for net in nets { try net.write(to: folder.appending(path: net.name + ".in.safetensors")) }

    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "train_keras_nets.py")
    try KerasChild.run([script.path, folder.path])

    var worst = (loss: ("", 0.0), weight: ("", 0.0))
    for net in nets {
      let data = try Data(contentsOf: folder.appending(path: net.name + ".out.safetensors"))
      let file = try Safetensors(parsing: [UInt8](data))
      let json = try #require(file.metadata["losses"])
      let losses = try JSONDecoder().decode([Double].self, from: Data(json.utf8))
      let weights = file.entries.map { (String($0.name.dropFirst("final/".count)), $0.tensor) }
      let off = try net.deviation(
        losses: losses, weights: Dictionary(uniqueKeysWithValues: weights))
      #expect(off.loss <= 2e-5, "\(net.name): \(net.description)")
      #expect(off.weight <= 1e-4, "\(net.name): \(net.description)")
      if off.loss > worst.loss.1 { worst.loss = (net.name, off.loss) }
      if off.weight > worst.weight.1 { worst.weight = (net.name, off.weight) }
    }
    print("largest relative deviations from Keras: loss \(worst.loss), weight \(worst.weight)")
  }
}
