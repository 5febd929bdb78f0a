import Foundation
import TestSupport
import Testing

@Suite("Twenty steps beside Keras")
struct KerasTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Reference/KerasNets")

  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".safetensors") }.sorted()

  @Test("the recorded networks are there")
  func recorded() { #expect(Self.names.count >= 10) }

  @Test("losses and weights are those of Keras", arguments: names)
  func same(name: String) throws {
    let net = try KerasNet(reading: Self.folder.appending(path: name))
    let losses = try #require(net.description.losses)
    #expect(losses.count == 20)
    let off = try net.deviation(losses: losses, weights: net.weights("final"))
    #expect(off.loss <= 2e-5)
    #expect(off.weight <= 1e-4)
  }
}
