import Foundation
import KerasCode
import Scripts

/// A program's output, with its host in a folder of its own.
func printed(
  _ text: String, seed: UInt64 = 1, folder: URL = FileManager.default.temporaryDirectory,
  columns: Int = 80
) throws -> String {
  var output = ""
  var seconds = 0.0
  var console = ScriptConsole(
    now: {
      seconds += 0.001
      return seconds
    }, write: { output += $0 })
  console.columns = columns
  try ScriptHost.run(
    text, file: "program.py", folder: ProgramFolder(folder), seed: seed, console)
  return output
}

/// A file of `Tests/Reference`.
func reference(_ name: String) throws -> String {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
  return try String(
    contentsOf: tests.appending(path: "Reference").appending(path: name), encoding: .utf8)
}
