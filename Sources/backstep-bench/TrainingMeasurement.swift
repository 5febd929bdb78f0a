import CKernels
import Foundation
import Tensors
import Training

/// Whole training steps as a session does them (batch gathered, forward, loss, backward, update,
/// history written), beside the same network in other libraries in the same run.
///
/// On one thread every figure is by the processor time of the process, so that neighbours on the
/// machine count less; on more by the clock.
struct TrainingMeasurement {
  let threads: Int
  let peak: Peak
  let withPeers: Bool
  /// Whether the lab and its peers keep to AVX2.
  let onAVX2: Bool

  func run(_ workloads: [Workload]) {
    for workload in workloads { run(workload) }
  }

  private func run(_ workload: Workload) {
    print("\n\(workload.title); median of 7 runs")
    guard let own = ownRate(workload) else { return }
    let share = own.median * workload.flops / workload.unit.count / peak.flopsPerSecond
    print(
      padded("Backstep", 34) + padded(shown(own.median, 0), 12) + "\(workload.unit.name)/s   "
        + "\(shown(share * 100)) % of \(threads == 1 ? "the" : "one core's") peak"
        + "   \(shown(own.least, 0)) … \(shown(own.most, 0))")
    guard withPeers else { return }
    for peer in workload.peers { show(peer, of: workload, beside: own) }
  }

  private func show(_ peer: Workload.Peer, of workload: Workload, beside own: Figures) {
    let found = PeerRun(workload: workload.name, peer: peer.name, threads: threads, onAVX2: onAVX2)
      .measured()
    switch found {
    case .failure(let reason):
      print(padded(peer.name, 34) + "left out: \(reason.text)")
    case .success(let line):
      let rate = threads == 1 ? line.cpu_median : line.median
      let bar = peer.bar.map { ", wanted \(shown($0))" } ?? ""
      print(
        padded("\(peer.name) (\(line.version))", 34) + padded(shown(rate, 0), 12)
          + "\(workload.unit.name)/s   Backstep is \(shown(own.median / rate, 2)) times as fast"
          + bar)
    }
  }

  /// What the lab does in a second.
  private func ownRate(_ workload: Workload) -> Figures? {
    do {
      let session = try Session(try workload.settings())
      session.runWhole()
      let epoch = session.stepsPerEpoch
      let once = seconds { for _ in 0..<epoch { session.trainStep() } }
      let epochs = max(1, Int(0.3 / once))
      let count = Double(epochs * workload.examples) * workload.unit.count
      return Figures(
        values: (0..<7).map { _ in
          count / seconds { for _ in 0..<epochs * epoch { session.trainStep() } }
        })
    } catch {
      print("the workload does not fit: \(error)")
      return nil
    }
  }

  private func seconds(_ body: () -> Void) -> Double {
    threads == 1 ? processorSeconds(body) : wallSeconds(body)
  }
}
