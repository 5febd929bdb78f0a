import Testing
import Training

@Suite("What a predicate waits for")
struct AwaitedPartTests {
  @Test("each comparison that is joined by and, with its value and what is wanted")
  func parts() throws {
    let parts = try RunExpression("train_accuracy >= 1 and 0.5 > loss and visited(backward dense)")
      .awaited
    #expect(parts.map(\.value) == ["train_accuracy", "loss", nil])
    #expect(parts.map(\.relation) == [">=", "<", ""])
    #expect(parts.map(\.wanted) == ["1", "0.5", ""])
    #expect(parts.last?.source == "visited(backward dense)")
  }

  @Test(
    "what is no single comparison has no value of its own",
    arguments: ["loss < 1 or step > 3", "0.4 < loss < 0.6", "not finished"])
  func others(source: String) throws {
    let parts = try RunExpression(source).awaited
    #expect(parts.count == 1)
    #expect(parts.first?.value == nil)
  }
}
