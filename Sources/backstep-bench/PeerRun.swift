import Foundation

/// One workload in one other library: a process of the Python at hand.
struct PeerRun {
  let workload: String
  let peer: String
  let threads: Int
  /// Whether the library keeps to AVX2, as far as it can be told.
  let onAVX2: Bool

  /// What the script prints.
  struct Line: Decodable {
    let version: String
    /// Units in a second by the clock, and by the processor time of the process.
    let median: Double
    let cpu_median: Double
  }

  struct Reason: Error {
    let text: String
  }

  func measured() -> Result<Line, Reason> {
    guard let script = Bundle.module.url(forResource: "Peers/peers", withExtension: "py") else {
      return .failure(Reason(text: "its script is not beside this program"))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let python = ProcessInfo.processInfo.environment["BACKSTEP_PYTHON"] ?? "python3"
    process.arguments = [python, script.path, workload, peer, "--threads", "\(threads)"]
    if onAVX2 { process.environment = avx2Environment }
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    guard (try? process.run()) != nil else { return .failure(Reason(text: "no Python found")) }
    // The messages are read after the result: they are few.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let messages = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if let line = try? JSONDecoder().decode(Line.self, from: text) { return .success(line) }
    let last = String(decoding: messages, as: UTF8.self).split(separator: "\n").last
    return .failure(Reason(text: last.map(String.init) ?? "it printed no figures"))
  }

  private var avx2Environment: [String: String] {
    ProcessInfo.processInfo.environment.merging([
      "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2",
      "DNNL_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2",
      "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    ]) { $1 }
  }
}
