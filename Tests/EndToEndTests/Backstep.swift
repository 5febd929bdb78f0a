import Foundation
import PseudoTerminal
import Testing

/// The program as it was built, run as a user runs it.
struct Backstep {
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Each line of the output as a JSON object.
    func objects() throws -> [[String: Any]] {
      try output.split(separator: "\n").map { line in
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try #require(value as? [String: Any], "\(line)")
      }
    }
  }

  /// Where it runs: a folder of its own, which also holds its record.
  let folder: URL

  init(files: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// The executable beside the bundle of the tests.
  static var executable: URL {
    get throws {
      let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0) }
      let bundles = [Bundle.main.bundleURL] + Bundle.allBundles.map(\.bundleURL) + arguments
      let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let folders =
        bundles.flatMap { [$0, $0.deletingLastPathComponent()] }
        + [sources.appending(path: ".build/debug")]
      let places = folders.map { $0.appending(path: "backstep") }
      return try #require(
        places.first { place in
          var isFolder: ObjCBool = false
          return FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder)
            && !isFolder.boolValue
        }, "the program is not built")
    }
  }

  private func process(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = try Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    var environment = ProcessInfo.processInfo.environment
    for name in ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
      environment[name] = folder.appending(path: "home").path
    }
    environment["BACKSTEP_THREADS"] = "1"
    process.environment = environment
    return process
  }

  /// Runs beside others, in a thread of its own; what it prints goes to files of that name.
  func runBeside(_ arguments: [String], named name: String) async throws -> Result {
    let process = try process(arguments)
    let (out, err) = (folder.appending(path: name + ".out"), folder.appending(path: name + ".err"))
    for file in [out, err] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Swift.Result {
            try process.run()
            process.waitUntilExit()
            return Result(
              status: process.terminationStatus,
              output: try String(contentsOf: out, encoding: .utf8),
              errors: try String(contentsOf: err, encoding: .utf8))
          })
      }
    }
  }

  /// - Parameter isTrainingFirst: whether seconds count from the first that it says of its training:
  ///   how long a start takes is the machine's affair.
  func run(
    _ arguments: [String], interruptAfter: Double? = nil, killAfter: Double? = nil,
    isTrainingFirst: Bool = false
  ) throws -> Result {
    let process = try process(arguments)
    // Files, not pipes: nothing has to be read while it runs.
    let (out, err) = (folder.appending(path: ".out"), folder.appending(path: ".err"))
    for file in [out, err] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    let end = ContinuousClock.now + .seconds(PseudoTerminal.patience)
    while isTrainingFirst, try Data(contentsOf: out).isEmpty, process.isRunning,
      ContinuousClock.now < end
    {
      Thread.sleep(forTimeInterval: 0.02)
    }
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      process.interrupt()
    }
    if let killAfter {
      Thread.sleep(forTimeInterval: killAfter)
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    let status =
      process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
    return Result(
      status: status, output: try String(contentsOf: out, encoding: .utf8),
      errors: try String(contentsOf: err, encoding: .utf8))
  }
}
