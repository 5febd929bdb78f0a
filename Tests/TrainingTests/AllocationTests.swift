import AllocationCount
import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

/// The engine alone: a session beside it writes a history that grows, takes down where it was and
/// which rows come next, and a short last batch has a plan of its own, made when it first comes.
@Suite("Allocations", .enabled(if: allocations() >= 0, "needs glibc"))
struct AllocationTests {
  @Test("are counted")
  func counted() {
    let before = allocations()
    withExtendedLifetime([Float](repeating: 1, count: 1000)) {}
    #expect(allocations() > before)
  }

  @Test(
    "a step of the engine makes none after the first", arguments: NetworkFamily.all(scale: 2))
  func engine(family: NetworkFamily) throws {
    let network = try Network(family.model)
    let execution = Execution(network.plan(batchSize: 16, for: .training))
    func step(_ number: Int) {
      execution.begin(seed: 1, step: number, learningRate: 0.001)
      execution.run()
    }
    step(0)
    // Tests beside this one may change the number of threads, for which calls are bound anew.
    let counts = (0..<8).map { round in
      let before = allocations()
      for number in 1..<5 { step(4 * round + number) }
      return allocations() - before
    }
    #expect(counts.min() == 0)
  }
}
