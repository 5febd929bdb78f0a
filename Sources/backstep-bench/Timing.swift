import CKernels
import Foundation

/// Figures of several runs of the same thing.
struct Figures {
  let values: [Double]

  var median: Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }
  var least: Double { values.min() ?? .nan }
  var most: Double { values.max() ?? .nan }

  /// Seconds that each of `runs` runs of the body takes, after one that is not counted.
  static func seconds(runs: Int = 7, _ body: () -> Void) -> Figures {
    body()
    return Figures(
      values: (0..<runs).map { _ in
        let time = ContinuousClock().measure(body).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
      })
  }
}

/// What one core can do at best.
struct Peak {
  let flopsPerSecond: Double

  static func measure() -> Peak {
    var sink: Float = 0
    var flops = 0.0
    let seconds = (0..<8).map { _ in
      processorSeconds { flops = bs_peak_flops(4_000_000, &sink) }
    }
    return Peak(flopsPerSecond: flops / (seconds.min() ?? .infinity))
  }
}

/// Seconds of the processor that this process spends in the body, on all of its threads.
func processorSeconds(_ body: () -> Void) -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID, body) }

/// Seconds that pass during the body.
func wallSeconds(_ body: () throws -> Void) rethrows -> Double {
  try seconds(CLOCK_MONOTONIC, body)
}

private func seconds(_ clock: clockid_t, _ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}

/// A number with so many decimals.
func shown(_ value: Double, _ decimals: Int = 1) -> String {
  guard value.isFinite else { return "—" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (value * scale).rounded() / scale
  return decimals == 0 ? "\(Int(rounded))" : "\(rounded)"
}

/// Text filled with blanks on the right.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}
