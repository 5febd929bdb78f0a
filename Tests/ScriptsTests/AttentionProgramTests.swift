import Foundation
import Testing

@Suite("Programs around attention, beside real Keras")
struct AttentionProgramTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Programs")

  /// Whether two lines are the same words, and the same numbers to 2e-5 or a unit of the last digit.
  private func agree(_ ours: Substring, _ theirs: Substring) -> Bool {
    let number = /-?\d+\.\d+(?:e[-+]\d+)?/
    guard ours.replacing(number, with: "#") == theirs.replacing(number, with: "#") else {
      return false
    }
    return zip(ours.matches(of: number), theirs.matches(of: number)).allSatisfy { a, b in
      guard let x = Double(a.output), let y = Double(b.output) else { return false }
      let digits = b.output.split(separator: ".").last?.count ?? 0
      return abs(x - y) <= max(2e-5 * max(1, abs(y)), 1.1 * pow(10, -Double(digits)))
    }
  }

  @Test(
    "a program follows real Keras line by line",
    arguments: ["61-small-gpt", "62-transformer-of-layers", "63-variational-autoencoder"])
  func program(name: String) throws {
    let place = Self.folder.appending(path: name)
    func text(_ file: String) throws -> String {
      try String(contentsOf: place.appending(path: file), encoding: .utf8)
    }
    let ours = try printed(try text("program.py"), folder: place).split(separator: "\n")
    let theirs = try text("expected.txt").split(separator: "\n")
    #expect(theirs.count > 10)
    #expect(ours.count == theirs.count)
    for (mine, expected) in zip(ours, theirs) { #expect(agree(mine, expected)) }
  }
}
