import Foundation

/// A file that is fetched by `curl`.
///
/// A program of the system has the keys of the web and the settings of a proxy, and a lab that hardly
/// ever reaches a network loads no library for it.
final class Download {
  private let process = Process()
  private let errors = Pipe()
  private let headers: URL
  private let part: URL

  /// - Parameter part: where the bytes go; a file beside it has the headers while it runs.
  init(_ url: String, to part: URL) {
    self.part = part
    headers = part.appendingPathExtension("headers")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "curl", "--fail", "--location", "--silent", "--show-error", "--globoff", "--max-redirs", "10",
      "--proto", "=http,https", "--proto-redir", "=http,https", "--connect-timeout", "20",
      "--speed-limit", "1", "--speed-time", "60", "--max-filesize", "8589934592",
      "--dump-header", headers.path, "--output", part.path, "--", url,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
  }

  /// Fetches the file.
  /// - Parameters:
  ///   - progress: told the bytes that have come, and how many there are where that is known.
  ///   - isStopped: asked ten times a second.
  /// - Throws: `CommandFailure` saying what the server or `curl` says.
  func run(progress: (Int, Int?) throws -> Void, isStopped: () -> Bool) throws {
    do { try process.run() } catch {
      throw CommandFailure("curl cannot be started; install it", code: .unavailable)
    }
    defer { try? FileManager.default.removeItem(at: headers) }
    while process.isRunning {
      if isStopped() {
        // A child of a program that ignores ^C ignores it too.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw CommandFailure(nil, code: .interrupted)
      }
      try progress(Self.size(of: part), expectedSize)
      Thread.sleep(forTimeInterval: 0.1)
    }
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return }
    let said = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    throw Self.failure(process.terminationStatus, said)
  }

  static func size(of file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// What the last answer says of its length; those before it sent the client elsewhere.
  private var expectedSize: Int? {
    guard let text = try? String(contentsOf: headers, encoding: .isoLatin1) else { return nil }
    let lengths = text.split(whereSeparator: \.isNewline).filter {
      $0.lowercased().hasPrefix("content-length:")
    }
    return lengths.last.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
  }

  /// By `curl`'s exit codes, which its manual lists.
  private static func failure(_ status: Int32, _ said: String) -> CommandFailure {
    let line = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    let words = line.isEmpty ? "curl ended with \(status)" : line
    let isGone = [" 404", " 410"].contains(where: words.hasSuffix)
    switch status {
    case 1, 3: return CommandFailure("\(words); an address begins with https://", code: .usage)
    case 22 where isGone: return CommandFailure("\(words); check the address", code: .noSuchFile)
    case 23: return CommandFailure("\(words); is there room?", code: .cannotWrite)
    case 63: return CommandFailure("\(words); files go up to 8 GiB", code: .badInput)
    case 127: return CommandFailure("curl is not installed", code: .unavailable)
    default: return CommandFailure("\(words); try again later", code: .unavailable)
    }
  }
}
