import Autodiff
import NeuralNets
import Tensors
import TestSupport
import Testing

@testable import Training

/// 10,000 moves of each with BACKSTEP_LONG=1.
@Suite("A run with what-ifs, travelled at random")
struct TimelineFuzzTests {
  private static let lastStep = 7

  @Test(
    "every moment of every branch has the bytes of a new run that goes straight there",
    arguments: Architecture.all)
  func straight(architecture: Architecture) throws {
    let settings = try architecture.settings()
    var walk = RandomWalk(try Session(settings), seed: 23, name: architecture.name)
    let found = try walk.differences(moves: RandomWalk.moves(usually: 50), go: Self.go) {
      try Self.replayed($0, from: settings)
    }
    #expect(found == [])
  }

  /// A new run with the same settings, in which the same is set by hand at the same steps.
  private static func replayed(_ session: Session, from settings: RunSettings) throws -> Session {
    let fresh = try Session(settings)
    for change in session.changesInForce {
      fresh.go(to: Position(step: change.step))
      switch change.name {
      case "learning_rate": fresh.setLearningRate(change.value)
      case Session.skippedName: _ = fresh.skipUpdate()
      case "settings":
        _ = try fresh.change(to: session.settingsLog[Int(change.value)])
      default:
        let name = String(change.name.prefix { $0 != "[" })
        let index = change.name.dropFirst(name.count + 1).dropLast().split(separator: ",")
        let weight = try #require(fresh.plan.value(named: name))
        let offset = try #require(weight.shape.offset(of: index.compactMap { Int($0) }))
        _ = fresh.setWeight(weight, at: offset, to: change.value)
      }
    }
    fresh.go(to: session.position)
    return fresh
  }

  private static func go(_ walk: inout RandomWalk) throws -> String {
    let session = walk.session
    defer {
      if session.position.step > lastStep {
        session.go(to: Position(step: walk.draw(lastStep)))
      }
    }
    let isFull = session.branchSummaries.count > 30
    switch isFull ? 5 + walk.draw(7) : walk.draw(12) {
    case 0:
      session.setLearningRate(Float(walk.draw(9) + 1) / 1000, isWhatIf: walk.draw(2) == 0)
      return "learning rate"
    case 1:
      let weight = session.plan.parameters[walk.draw(session.plan.parameters.count)]
      _ = session.setWeight(
        weight, at: walk.draw(weight.shape.count), to: Float(walk.draw(100)) / 100 - 0.5)
      return "weight"
    case 2:
      _ = session.skipUpdate()
      return "skip"
    case 3:
      _ = try session.edit(.drop(row: walk.draw(session.settings.data.training.count)))
      return "drop"
    case 4:
      var settings = session.settings
      settings.batchSize = walk.draw(3) + 2
      _ = try session.change(to: settings, words: "batch size")
      return "batch size"
    case 5:
      try session.switchBranch(to: walk.draw(session.branchSummaries.count) + 1)
      return "switch"
    case 6:
      session.go(to: Position(step: walk.draw(lastStep), instruction: walk.draw(80)))
      return "goto"
    default: return walk.move(by: MoveUnit.allCases)
    }
  }
}
