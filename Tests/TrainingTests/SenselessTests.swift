import Foundation
import Tensors
import Testing
import Training

/// Lines that mean nothing, by the hundred: each is answered by what would be right, and nothing
/// happens.
@Suite("Senseless lines")
struct SenselessTests {
  /// Draws from lists, and counts.
  private struct Dice {
    let random: CounterRandom
    var thrown = 0

    mutating func pick<T>(_ all: [T]) -> T {
      thrown += 1
      return all[min(all.count - 1, Int(random.uniform(at: thrown) * Double(all.count)))]
    }
  }

  // What is not there, or cannot be.
  private static let names = [
    "los", "acuracy", "dense/kernal", "dense9/kernel", "epochz",
    "gradient norm", "dense_1/bias.gard", "conv/kernel", "x[", "weights", "self", "None",
  ]
  private static let places = [
    "dense/kernel[99,0]", "dense/kernel[0,0,0]",
    "dense/kernel[a,b]", "dense/kernel[1.5,0]", "dense/kernel[", "dense/bias[9999]",
    "input[99,0]", "target[99]",
  ]
  private static let broken = [
    "loss >", "> 1", "loss > > 1", "(loss > 1", "loss > 1)", "loss = = 1", "loss and", "not",
    "loss + > 1", "1 1", "loss 1", "norm()", "norm(loss", "nrm(loss)", "max(dense/kernel,)", "§",
    "loss ** ** 2", "loss > 1 andd epoch > 1", "\u{1F600}", "[1,2]", "loss >= ", "==", "dense..",
  ]
  private static let never = [
    "loss > 1 and 1 > 2", "accuracy > 1", "accuracy < 0", "step < 0", "step > 100000",
    "norm(dense/kernel) < 0", "epoch < 0", "gradient_norm < 0",
    "std(dense/kernel) < 0", "batch_size == 3", "1 > 2", "not (1 < 2)",
  ]
  private static let words = [
    "stpe", "bak", "conitnue", "prnt", "brake", "wach", "explian", "gotto", "verdickt", "sett",
    "infoo", "whyy", "42", "-", "print(loss)", "loss", "exit()", "goto",
  ]

  private static func line(_ dice: inout Dice) -> String {
    let expression = dice.pick(names + broken)
    switch dice.pick(Array(0..<14)) {
    case 0: return dice.pick(words) + " " + dice.pick(names)
    case 1: return "print " + dice.pick(names + places + broken)
    case 2: return "break if " + dice.pick(never)
    case 3: return "break if " + dice.pick(broken)
    case 4:
      let name = dice.pick(names)
      return "break if \(name) > " + dice.pick(["1", "0.5", "dense/kernel"])
    case 5: return "break " + dice.pick(["backward ", "", "update "]) + dice.pick(names)
    case 6: return "watch " + dice.pick(names + places + broken)
    case 7: return "when " + dice.pick(never + broken)
    case 8: return "set \(dice.pick(names + places)) = " + dice.pick(["1", "0", "-2.5"])
    case 9:
      return "set dense/kernel[0,0] " + dice.pick(["= x", "=", "1", "= nan", "= 1 2", "== 1"])
    case 10:
      return dice.pick(["goto step", "goto epoch", "goto instruction", "example", "switch"]) + " "
        + dice.pick(["-1", "x", "1.5", "99999999999999999999", "", "step", "9 9"])
    case 11:
      return dice.pick(["explain", "why", "origin", "check"]) + " " + dice.pick(names + places)
    case 12:
      return dice.pick(["step", "back"]) + " " + dice.pick(["0", "-1", "x", "1 1", "3 hops"])
    default:
      return dice.pick(["display", "until", "into", "ask", "drop", "compare", "undisplay", "info"])
        + " " + expression
    }
  }

  @Test("500 of them: a message with what would be right, and the run is as it was")
  func refused() throws {
    let session = try Session(SampleRun.named("dense, dropout, Adam").settings)
    for _ in 0..<5 { session.trainStep() }
    session.go(to: Position(step: 3, instruction: 7))
    var debugger = Debugger(session)
    _ = try debugger.run("break if loss > 99")
    var before = State(debugger)
    var dice = Dice(random: CounterRandom(seed: 31, name: "senseless"))
    var seen: Set<String> = []
    while seen.count < 500 {
      let line = Self.line(&dice)
      guard seen.insert(line).inserted else { continue }
      do {
        let reply = try debugger.run(line)
        Issue.record("'\(line)' was taken: \(reply.lines.prefix(2))")
      } catch let failure as DebuggerCommand.Failure {
        #expect(!failure.problem.isEmpty && !failure.remedy.isEmpty, "'\(line)'")
      } catch let failure as ExpressionFailure {
        #expect(!failure.problem.isEmpty && !failure.remedy.isEmpty, "'\(line)'")
      } catch { Issue.record("'\(line)': \(type(of: error)) \(error)") }
      let after = State(debugger)
      #expect(after == before, "'\(line)' changed something")
      before = after
    }
  }

  private struct State: Equatable {
    let digest: String
    let position: Position
    let branches: Int
    let recorded: Int
    let changes: Int
    let breakpoints: [String]
    let log: [String]

    init(_ debugger: Debugger) {
      let session = debugger.session
      digest = session.digest.description
      position = session.position
      (branches, recorded) = (session.branchCount, session.history.count)
      changes = session.changeLog.count
      breakpoints = debugger.breakpoints.rows.map(\.what)
      log = debugger.log
    }
  }
}
