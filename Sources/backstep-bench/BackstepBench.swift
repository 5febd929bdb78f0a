import ArgumentParser
import Tensors

/// The measurements: medians, ratios to peers in the same run, shares of the processor's peak.
/// Prints; asserts nothing.
@main
struct BackstepBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backstep-bench",
    abstract: "Measure the engine beside PyTorch and jax.",
    discussion: "Example: backstep-bench step. Peers run in the Python of BACKSTEP_PYTHON.")

  @Argument(
    help:
      "What to measure: \(Measurement.allCases.map(\.rawValue).joined(separator: ", ")); all by default."
  )
  var names: [Measurement] = []

  @Option(help: "Threads the kernels may use.") var threads = 1

  @Flag(help: "Leave the peers out.") var alone = false

  @Option(help: "How many labs `labs` opens.") var count = 30

  func run() throws {
    flushDenormals()
    setKernelThreads(threads)
    print("kernels \(kernelTierInWords()), \(threads) thread\(threads == 1 ? "" : "s")")
    let peak = Peak.measure()
    print(String(peak))
    for name in names.isEmpty ? Measurement.allCases.filter({ $0 != .labs }) : names {
      switch name {
      case .step: StepMeasurement.run(peak: peak, withPeers: !alone)
      case .products: ProductMeasurement.run(peak: peak)
      case .lab: LabMeasurement.run()
      case .labs: ManyLabsMeasurement.run(count: max(1, count))
      }
    }
  }
}

/// What can be measured.
enum Measurement: String, CaseIterable, ExpressibleByArgument {
  /// One training step of 20-64-64-1, batch 32, Adam.
  case step
  /// Matrix products of the sizes networks have.
  case products
  /// The lab in a terminal; build the product `backstep` first, beside this one.
  case lab
  /// Many labs that train at once on this machine.
  case labs
}

extension String {
  fileprivate init(_ peak: Peak) {
    self = "peak of one core \(Int((peak.flopsPerSecond / 1e9).rounded())) GFLOP/s"
  }
}
