import AllocationCount
import Autodiff
import Foundation
import NeuralNets
import Tensors
import Testing

/// What a training step takes that is run whole: state and values of the plan, which `backstep
/// summary` prints.
///
/// A recurrent layer keeps what its gates made of every time step, for the way back: of an LSTM i, f,
/// g, o, c, tanh c and h, and the gradients of the four sums. Keras counts the output alone.
@Suite("Memory of a step", .serialized)
struct MemoryTests {
  /// 2 · Σ of the layers' outputs + 4 · parameters, in floats.
  private static func basis(_ network: Network, batchSize: Int) -> Int {
    let outputs = network.layers.reduce(network.inputShapes.reduce(0) { $0 + $1.count }) {
      $0 + $1.outputShapes.reduce(0) { $0 + $1.count } * $1.callCount
    }
    return 2 * batchSize * outputs + 4 * network.parameterCount
  }

  /// How many times the basis each family takes at most, with batches of that size.
  private static let limits: [(batchSize: Int, limit: Double)] = [
    (128, 1.5), (128, 1.5), (64, 1.5), (32, 1.5), (8, 2.7), (8, 2.1), (8, 1.5),
  ]

  @Test(
    "is so many times what a library keeps",
    arguments: Array(zip(NetworkFamily.all(scale: 64), limits)))
  func ratio(family: NetworkFamily, given: (batchSize: Int, limit: Double)) throws {
    let network = try Network(family.model)
    let plan = network.plan(batchSize: given.batchSize, for: .training)
    let taken = plan.arenaSizes.state + PackedMemory(plan).count
    #expect(Double(taken) <= given.limit * Double(Self.basis(network, batchSize: given.batchSize)))
  }

  @Test(
    "is what the process grows by",
    .enabled(if: Peak.canBeReset, "needs Linux's /proc/self/clear_refs"),
    arguments: Array(zip(NetworkFamily.all(scale: 64), limits)))
  func growth(family: NetworkFamily, given: (batchSize: Int, limit: Double)) throws {
    let network = try Network(family.model)
    let plan = network.plan(batchSize: given.batchSize, for: .training)
    let packed = PackedMemory(plan)
    let expected = 4 * (plan.arenaSizes.state + packed.count)
    // What else is tested meanwhile takes memory and gives some back: a figure that is wrong fits at
    // no time.
    var growths: [Int] = []
    for _ in 0..<12 {
      growths.append(try Self.growth(of: plan, packed))
      let slack = expected / 10 + 48 << 20
      if abs(growths[growths.count - 1] - expected) <= slack { return }
    }
    Issue.record("the process grew by \(growths), not by \(expected) bytes")
  }

  /// By how much the process grows at most while a plan runs.
  private static func growth(of plan: Plan, _ packed: PackedMemory) throws -> Int {
    // Pages that were freed and kept would be used again, and not counted.
    give_back_freed_pages()
    let before = try Peak.reset()
    let execution = Execution(plan, packed: packed)
    for number in 0..<2 {
      execution.begin(seed: 1, step: number, learningRate: 0.001)
      execution.run()
    }
    return try Peak.bytes() - before
  }
}

/// The most memory that this process ever had at once.
private enum Peak {
  static let canBeReset = FileManager.default.isWritableFile(atPath: "/proc/self/clear_refs")

  /// Begins anew with what it has now, which it returns.
  static func reset() throws -> Int {
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    return try bytes()
  }

  static func bytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return 1024 * (try #require(Int(line.split(separator: " ")[1])))
  }
}
