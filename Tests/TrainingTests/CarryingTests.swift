import NeuralNets
import Tensors
import Testing
import Training

@Suite("What stateful layers carry")
struct CarryingTests {
  private static let run = SampleRun.all.last { $0.name.hasPrefix("stateful") }

  private func settings() throws -> RunSettings { try #require(Self.run).settings }

  @Test("every batch goes on, examples held back too, and a look changes nothing")
  func advance() throws {
    let session = try Session(try settings())
    #expect(session.carried.keys.sorted() == ["gru/state_h", "lstm/state_c", "lstm/state_h"])
    #expect(session.carried.values.allSatisfy { $0.scalars.allSatisfy { $0 == 0 } })
    session.trainStep()
    let first = session.carried
    session.trainStep()
    #expect(first != session.carried)
    let (before, digest) = (session.carried, session.digest)
    _ = session.judgeValidation()
    _ = session.predict(session.settings.data.training.inputs)
    #expect(session.carried == before && session.digest == digest)

    // Without examples held back the epoch ends with other states.
    var alone = try settings()
    alone.data = TrainingData(name: "alone", training: alone.data.training)
    let other = try Session(alone)
    for _ in 0..<2 { other.trainStep() }
    #expect(other.carried == before)
    session.trainStep()
    other.trainStep()
    #expect(session.carried != other.carried)
  }

  @Test("what a program resets between two steps is met again")
  func resets() throws {
    let session = try Session(try settings())
    for _ in 0..<4 { session.trainStep() }
    session.overwriteCarried(session.carried.mapValues { Tensor(shape: $0.shape, repeating: 0) })
    let digest = session.digest
    for _ in 0..<3 { session.trainStep() }
    let end = session.digest
    session.go(to: Position(step: 1))
    session.go(to: Position(step: 4))
    #expect(session.digest == digest)
    session.move(5, by: .instruction)
    session.go(to: Position(step: 7))
    #expect(session.digest == end)
  }

  @Test("batches of another size are refused with what would be right")
  func sizes() throws {
    func failure(_ change: (inout RunSettings) -> Void) throws -> RunFailure? {
      var settings = try settings()
      change(&settings)
      do { _ = try Session(settings) } catch let failure as RunFailure { return failure }
      return nil
    }
    let large = try failure { $0.batchSize = 6 }
    #expect(
      large?.problem
        == "fit gives a batch of 6 to lstm, which is stateful and carries on 4 sequences")
    #expect(large?.remedy == "batch_size=4, and examples in whole batches")
    let short = try failure {
      $0.data = TrainingData(name: "short", training: $0.data.training.rows(Array(0..<11)))
    }
    #expect(short?.remedy == "a number of examples that 4 divides, as 8")
    let heldBack = try failure {
      $0.data = TrainingData(
        name: "short", training: $0.data.training,
        validation: $0.data.training.rows([0, 1, 2]))
    }
    #expect(heldBack?.problem.hasPrefix("validation gives a batch of 3") == true)
    #expect(try failure { _ in } == nil)
  }

  @Test("a model that leaves the size of its batches open is refused at its layer")
  func open() throws {
    var model = try settings().model
    model.batchSize = nil
    do {
      _ = try Network(model)
      Issue.record("a stateful layer in open batches")
    } catch {
      #expect(error.layer == 0 && error.problem.hasPrefix("has stateful=True"))
      #expect(error.remedy.contains("batch_shape="))
    }
  }
}
