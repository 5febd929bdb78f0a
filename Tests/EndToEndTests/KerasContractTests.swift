import Foundation
import TestSupport
import Testing

/// A Python with Keras, if there is one.
private enum KerasPython {
  private static let environment = ProcessInfo.processInfo.environment

  /// Keras is there, or its absence is to fail.
  static let runs =
    environment["BACKSTEP_INTEROP"] == "required"
    || (try? python(["-c", "import torch, keras, safetensors"])) != nil

  private struct Failure: Error {}

  static func python(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [environment["BACKSTEP_PYTHON"] ?? "python3"] + arguments
    process.environment = environment.merging(["KERAS_BACKEND": "torch"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure() }
    return String(decoding: printed, as: UTF8.self)
  }
}

@Suite(
  "The command line beside Keras", .waitsForPrograms,
  .enabled(if: KerasPython.runs, "no Python with Keras"))
struct KerasContractTests {
  @Test("train follows Keras step by step, and its weights have Keras's names")
  func train() throws {
    let backstep = try Backstep()
    defer { backstep.remove() }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "contract_nets.py")
    let lines = try KerasPython.python([
      script.path, Backstep.executable.path, backstep.folder.path,
    ])
    .split(separator: "\n")
    #expect(lines.count == 3)
    for line in lines {
      let off = line.split(separator: " ").dropFirst().compactMap { Double($0) }
      #expect(off.count == 2 && off[0] <= 2e-5 && off[1] <= 1e-4, "\(line)")
    }
  }
}
