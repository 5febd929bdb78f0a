import Testing

@testable import Training

@Suite("The steps of a history")
struct HistoryStepsTests {
  private func step(_ number: Int) -> History.Step {
    History.Step(
      loss: Float(number), accuracy: nil, gradientNorm: 1, learningRate: 0.1, batchSize: 32,
      updateRatio: nil)
  }

  @Test(
    "they are what was appended, whatever was taken away before",
    arguments: [(0, 0), (1, 1), (4095, 4095), (4096, 4095), (4096, 1), (4097, 1), (9000, 5000)])
  func blocks(count: Int, removed: Int) {
    var steps = History.Steps((0..<count).lazy.map(step))
    let before = steps
    steps.removeLast(removed)
    #expect(steps.map(\.loss) == (0..<count - removed).map(Float.init))
    #expect(steps == History.Steps((0..<count - removed).lazy.map(step)))
    for number in steps.count..<count { steps.append(step(number)) }
    #expect(steps == before)
    #expect(steps.hashValue == before.hashValue)
    #expect(steps.suffix(3).map(\.loss) == (max(0, count - 3)..<count).map(Float.init))
  }
}
