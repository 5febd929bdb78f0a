import Autodiff
import Foundation
import NeuralNets
import Tensors
import Testing

@testable import Training

/// 10,000 moves of each with BACKSTEP_LONG=1.
@Suite("A run with what-ifs, travelled at random")
struct TimelineFuzzTests {
  private static let moves =
    ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 10_000 : 50
  private static let lastStep = 7

  @Test(
    "every moment of every branch has the bytes of a new run that goes straight there",
    arguments: Architecture.all)
  func straight(architecture: Architecture) throws {
    let settings = try architecture.settings()
    var walk = Walk(try Session(settings), seed: architecture.name)
    for i in 0..<Self.moves {
      let what = try walk.go()
      guard i % 10 == 9 else { continue }
      let straight = try Self.replayed(walk.session, from: settings)
      #expect(
        straight.digest == walk.session.digest,
        "move \(i) \(what) to \(walk.session.position) of branch \(walk.session.currentBranch)")
    }
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

  /// Random moves and what-ifs.
  private struct Walk {
    let session: Session
    private let random: CounterRandom
    private var drawn = 0

    init(_ session: Session, seed: String) {
      self.session = session
      random = CounterRandom(seed: 23, name: seed)
    }

    private mutating func draw(_ count: Int) -> Int {
      drawn += 1
      return Int(random.uniform(at: drawn) * Double(count))
    }

    mutating func go() throws -> String {
      defer {
        if session.position.step > lastStep { session.go(to: Position(step: draw(lastStep))) }
      }
      let isFull = session.branchSummaries.count > 30
      switch isFull ? 5 + draw(7) : draw(12) {
      case 0:
        session.setLearningRate(Float(draw(9) + 1) / 1000, isWhatIf: draw(2) == 0)
        return "learning rate"
      case 1:
        let weight = session.plan.parameters[draw(session.plan.parameters.count)]
        _ = session.setWeight(
          weight, at: draw(weight.shape.count), to: Float(draw(100)) / 100 - 0.5)
        return "weight"
      case 2:
        _ = session.skipUpdate()
        return "skip"
      case 3:
        _ = try session.edit(.drop(row: draw(session.settings.data.training.count)))
        return "drop"
      case 4:
        var settings = session.settings
        settings.batchSize = draw(3) + 2
        _ = try session.change(to: settings, words: "batch size")
        return "batch size"
      case 5:
        try session.switchBranch(to: draw(session.branchSummaries.count) + 1)
        return "switch"
      case 6:
        session.go(to: Position(step: draw(lastStep), instruction: draw(80)))
        return "goto"
      default:
        let unit = MoveUnit.allCases[draw(MoveUnit.allCases.count)]
        let count = draw(2) == 0 ? -draw(4) - 1 : draw(4) + 1
        session.move(unit == .epoch ? count.signum() : count, by: unit)
        return "\(count) \(unit)"
      }
    }
  }
}
