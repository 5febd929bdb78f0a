import ArgumentParser
import CKernels
import Tensors

/// The measurements: medians, ratios to peers in the same run, shares of the processor's peak.
/// Prints; asserts nothing.
@main
struct BackstepBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backstep-bench",
    abstract: "Measure the engine beside PyTorch, jax and Keras.",
    discussion: """
      Example: backstep-bench training --only binary,lstm. Peers run in the Python of \
      BACKSTEP_PYTHON; PLAYGROUND_DRIVER names a node script for the engine of TensorFlow \
      Playground.
      """)

  @Argument(
    help:
      "What to measure: \(Measurement.allCases.map(\.rawValue).joined(separator: ", ")); all by default."
  )
  var names: [Measurement] = []

  @Option(help: "Threads the kernels may use.") var threads = 1

  @Option(
    help: "Networks that `training` trains, with commas between: \(Self.networks); all by default.")
  var only = ""

  @Flag(help: "Keep to AVX2, and the peers too.") var avx2 = false

  @Flag(help: "Leave the peers out.") var alone = false

  @Option(help: "How many labs `labs` opens.") var count = 30

  func run() throws {
    flushDenormals()
    setKernelThreads(threads)
    if avx2, bs_force_tier("avx2") == 0 { throw ValidationError("this processor has no AVX2") }
    print("kernels \(kernelTierInWords()), \(threads) thread\(threads == 1 ? "" : "s")")
    let peak = Peak.measure()
    print(String(peak))
    for name in names.isEmpty ? Measurement.allCases.filter({ $0 != .labs }) : names {
      switch name {
      case .training:
        TrainingMeasurement(threads: threads, peak: peak, withPeers: !alone, onAVX2: avx2)
          .run(try workloads())
      case .products: ProductMeasurement.run(peak: peak)
      case .convolutions: ConvolutionMeasurement.run(peak: peak)
      case .timeline: TimelineMeasurement.run()
      case .lab: LabMeasurement.run()
      case .breakpoints: BreakpointMeasurement.run()
      case .labs: ManyLabsMeasurement.run(count: max(1, count))
      }
    }
  }
}

extension BackstepBench {
  private static let networks = Workload.catalog.map(\.name).joined(separator: ", ")

  /// Those that were asked for.
  private func workloads() throws -> [Workload] {
    let names = only.split(separator: ",").map(String.init)
    let unknown = names.filter { name in !Workload.catalog.contains { $0.name == name } }
    if let unknown = unknown.first {
      throw ValidationError("no network is called \(unknown); there are \(Self.networks)")
    }
    return Workload.catalog.filter { names.isEmpty || names.contains($0.name) }
  }
}

/// What can be measured.
enum Measurement: String, CaseIterable, ExpressibleByArgument {
  /// Training of the networks of the catalog, beside their peers.
  case training
  /// Matrix products of the sizes networks have.
  case products
  /// Convolutions and their gradients.
  case convolutions
  /// Moves in a long run, back and anywhere.
  case timeline
  /// The lab in a terminal; build the product `backstep` first, beside this one.
  case lab
  /// What breakpoints cost while a run trains, and how soon one is found backwards.
  case breakpoints
  /// Many labs that train at once on this machine.
  case labs
}

extension String {
  fileprivate init(_ peak: Peak) {
    self = "peak of one core \(Int((peak.flopsPerSecond / 1e9).rounded())) GFLOP/s"
  }
}
