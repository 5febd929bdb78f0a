import Autodiff
import Foundation
import Tensors
import Training

/// What travelling in a long run costs: single moves back, jumps to any moment, and what recording
/// takes of training.
enum TimelineMeasurement {
  static func run() {
    travel("binary", steps: 100_000, moves: 1000, jumps: 200)
    travel("mnist-cnn", steps: 1000, moves: 40, jumps: 40)
  }

  private static func travel(_ name: String, steps: Int, moves: Int, jumps: Int) {
    guard let workload = Workload.catalog.first(where: { $0.name == name }) else { return }
    do {
      showRecording(try workload.settings(), steps: steps)
      let session = try Session(try workload.settings())
      let before = residentBytes()
      let training = wallSeconds { while session.done < steps { session.trainStep() } }
      let grown = residentBytes() - before
      print(
        "\n\(workload.title): \(steps) steps in \(shown(training, 2)) s, memory grew by "
          + "\(shown(Double(grown) / 1e6, 0)) MB")
      let random = CounterRandom(seed: 7, name: "timeline")
      var draw = 0
      func uniform(_ count: Int) -> Int {
        draw += 1
        return Int(random.uniform(at: draw) * Double(count))
      }
      print("single moves back, from random moments, \(moves) of each")
      for unit in [MoveUnit.instruction, .line, .layer, .phase, .step, .epoch] {
        let times = (0..<moves).map { _ in
          session.go(
            to: Position(
              step: 1 + uniform(steps - 1),
              instruction: uniform(session.plan.instructions.count)))
          return wallSeconds { session.move(-1, by: unit) }
        }
        show(unit.rawValue, times)
      }
      let ends = (0..<moves).map { _ in
        session.go(to: Position(step: steps))
        return wallSeconds { session.move(-1, by: .instruction) }
      }
      show("instruction, at the end", ends)
      show(
        "goto anywhere",
        (0..<jumps).map { _ in
          let target = Position(step: uniform(steps))
          return wallSeconds { session.go(to: target) }
        })
    } catch { print("\(workload.title): \(error)") }
  }

  /// Training with and without kept moments, in turns.
  private static func showRecording(_ settings: RunSettings, steps: Int) {
    var seconds: [[Double]] = [[], []]
    for turn in 0..<6 {
      guard let session = try? Session(settings) else { return }
      session.keepsMoments = turn % 2 == 0
      seconds[turn % 2].append(
        processorSeconds { while session.done < steps { session.trainStep() } })
    }
    let (kept, bare) = (Figures(values: seconds[0]).median, Figures(values: seconds[1]).median)
    print(
      "\nkeeping moments takes \(shown((kept / bare - 1) * 100)) % of training time"
        + " (\(shown(kept, 3)) s beside \(shown(bare, 3)) s for \(steps) steps)")
  }

  private static func show(_ name: String, _ times: [Double]) {
    // It takes minutes: what is known is shown at once, also through a pipe.
    defer { fflush(nil) }
    let sorted = times.sorted()
    let late = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    print(
      padded("  " + name, 28) + "median \(shown(sorted[sorted.count / 2] * 1e3, 3)) ms"
        + "   99 % within \(shown(late * 1e3, 3)) ms"
        + "   worst \(shown((sorted.last ?? 0) * 1e3, 3)) ms")
  }

  /// What the process holds of the machine's memory.
  private static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }
}
