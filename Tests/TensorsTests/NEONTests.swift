import CKernels
import Foundation
import Tensors
import Testing

/// What another processor computes: the kernels compiled for 64-bit ARM and run by qemu, where both
/// are installed (Debian: clang, lld, libc6-dev-arm64-cross, libgcc-12-dev-arm64-cross, qemu-user).
@Suite("NEON")
struct NEONTests {
  @Test(
    "gives the same bytes as this processor, for all kernels",
    .enabled(if: CrossTools.areRequired || CrossTools.found != nil, "\(CrossTools.missing)"))
  func sameBytes() throws {
    let tools = try #require(CrossTools.found, "\(CrossTools.missing)")
    // Without fused multiply-add this processor has its own last digits.
    if String(cString: bs_tier()) == "base" { #expect(bs_force_tier("emulated") != 0) }
    var record = KernelRecord()
    for test in Kernel.allCases.flatMap({ kernelCases($0) }) + threadCases() {
      let isIntact = record.add(test)
      #expect(isIntact, "\(test) wrote beyond a buffer")
    }
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "backstep-neon-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "calls")
    try record.bytes.write(to: file)
    let program = try tools.build(in: folder)
    for threads in [1, 3] {
      let said = try output(of: tools.emulator, [program.path, file.path, "\(threads)"])
      #expect(
        said.text.hasSuffix("\(record.count) calls on neon, 0 differ\n"),
        "\(said.text.suffix(3000))")
    }
  }
}

/// A compiler and an emulator for 64-bit ARM.
private struct CrossTools {
  let compiler, emulator: String

  static let areRequired = ProcessInfo.processInfo.environment["BACKSTEP_NEON"] == "required"
  static let missing =
    "needs clang, /usr/aarch64-linux-gnu (libc6-dev-arm64-cross, libgcc-12-dev-arm64-cross) and "
    + "qemu-aarch64 (qemu-user)"

  static let found: CrossTools? = {
    guard let compiler = program("clang"), let emulator = program("qemu-aarch64"),
      FileManager.default.fileExists(atPath: libraries + "/crt1.o"), compilerFolder != nil
    else { return nil }
    return CrossTools(compiler: compiler, emulator: emulator)
  }()

  private static let libraries = "/usr/aarch64-linux-gnu/lib"

  /// Where GCC's start files and helpers for ARM lie.
  private static let compilerFolder: String? = {
    let all = "/usr/lib/gcc-cross/aarch64-linux-gnu"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? []
    return versions.sorted().last.map { all + "/" + $0 }
  }()

  private static func program(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  func build(in folder: URL) throws -> URL {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let kernels = tests.appending(path: "../../Sources/CKernels").standardized
    let program = folder.appending(path: "replay")
    let sources = ["ckernels.c", "tier_neon.c", "pool.c", "peak.c"]
      .map { kernels.appending(path: $0).path }
    let said = try output(
      of: compiler,
      [
        "--target=aarch64-linux-gnu", "-O3", "-fno-math-errno", "-static", "-fuse-ld=lld",
        "-isystem", "/usr/aarch64-linux-gnu/include", "-I", kernels.appending(path: "include").path,
        "-B", Self.libraries, "-L", Self.libraries,
        "--gcc-install-dir=\(Self.compilerFolder ?? "")",
      ] + sources + [
        tests.appending(path: "replay.c").path, "-lm", "-lpthread", "-o", program.path,
      ]
    )
    try #require(said.status == 0, "\(said.text.suffix(3000))")
    return program
  }
}

private func output(
  of program: String, _ arguments: [String]
) throws -> (text: String, status: Int32) {
  let process = Process()
  process.executableURL = URL(filePath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
}
