import ArgumentParser
import FileFormats
import Foundation
import Training

/// Commands for the debugger without a screen: from files, from the command line, or from standard
/// input.
struct DebugScript: ParsableArguments {
  @Option(name: .customShort("x"), help: "A file of commands, one a line.") var files: [String] =
    []
  @Option(name: [.customShort("e"), .long], help: "A command.") var execute: [String] = []

  /// Whether commands were given; else they come from standard input.
  var isGiven: Bool { !files.isEmpty || !execute.isEmpty }

  /// Runs all commands; a mistaken one is reported and ends with status 1 after the others, as a
  /// batch of gdb goes on.
  func perform(_ debugger: inout Debugger, _ common: CommonOptions) throws {
    var commands: [String] = []
    for path in files {
      let bytes = try FileBytes.read(URL(fileURLWithPath: path))
      commands += String(decoding: bytes, as: UTF8.self)
        .split(whereSeparator: \.isNewline).map(String.init)
    }
    commands += execute
    var failed = false
    if isGiven {
      for line in commands { failed = try !perform(line, &debugger, common) || failed }
    } else {
      while let line = readLine() { failed = try !perform(line, &debugger, common) || failed }
    }
    if failed { throw CommandFailure(nil, code: .checkFailed) }
  }

  private func perform(
    _ line: String, _ debugger: inout Debugger, _ common: CommonOptions
  ) throws -> Bool {
    let command = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    guard !command.isEmpty else { return true }
    let reply: DebuggerReply
    do {
      if try DebuggerExport.run(command, debugger.session, common) { return true }
      reply = try debugger.run(command)
    } catch {
      Output.complain("backstep: \(command): \(error)")
      if common.json {
        try Output.line(
          JSONLine.object([("command", .text(command)), ("error", .text("\(error)"))]))
      }
      return false
    }
    if common.json {
      try Output.line(JSONLine.text(command: command, reply))
    } else {
      for line in reply.lines { try Output.line(line) }
    }
    return true
  }
}
