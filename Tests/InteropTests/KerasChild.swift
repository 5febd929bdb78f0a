import Foundation

/// A Python with Keras, if there is one. `BACKSTEP_PYTHON` names the interpreter;
/// `BACKSTEP_INTEROP=required` makes its absence a failure, `BACKSTEP_INTEROP_SEED` draws other
/// networks.
enum KerasChild {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let environment = ProcessInfo.processInfo.environment
  static let interpreter = environment["BACKSTEP_PYTHON"] ?? "python3"
  static let seed = environment["BACKSTEP_INTEROP_SEED"].flatMap(UInt64.init) ?? 40
  static let isLong = environment["BACKSTEP_LONG"] == "1"
  static let isRequired = environment["BACKSTEP_INTEROP"] == "required"

  /// Whether the tests run: Keras is there, or they are to fail without it.
  static let runs: Bool = {
    if isRequired { return true }
    let found = (try? run(["-c", "import torch, keras, safetensors, sklearn, pandas"])) != nil
    if !found {
      print(
        "skipping Keras: \(interpreter) lacks what Tests/InteropTests/requirements.txt names (BACKSTEP_PYTHON)"
      )
    }
    return found
  }()

  /// Runs Python to its end and returns what it printed.
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [interpreter] + arguments
    process.environment = environment.merging(["KERAS_BACKEND": "torch"]) { $1 }
    // Complaints go to a file: a second pipe could fill while the first is read.
    let complaints = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID())")
    guard FileManager.default.createFile(atPath: complaints.path, contents: nil) else {
      throw Failure(description: "cannot write \(complaints.path)")
    }
    defer { try? FileManager.default.removeItem(at: complaints) }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = String(decoding: try Data(contentsOf: complaints).suffix(2000), as: UTF8.self)
      throw Failure(description: "\(interpreter): \(text)")
    }
    return String(decoding: printed, as: UTF8.self)
  }
}
