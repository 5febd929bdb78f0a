import FileFormats
import Foundation
import KerasCode
import Scripts
import Tensors
import Training

/// What makes the passes of a program's loop again: the program itself with the files it read, its
/// seed, and which of the passes one stands in.
struct SharedLoop: Codable, Sendable {
  let file: String
  let text: String
  let seed: UInt64
  /// How many passes are done before the moment, and whether the next is begun.
  let done: Int
  let isBegun: Bool
  private var files: [String: Data]
  /// The fingerprints of files that are too large for a line: who opens it has them beside them.
  private var absent: [String: String] = [:]

  /// - Throws: `RunFailure` where the program is not known.
  init(_ session: Session) throws(RunFailure) {
    guard let run = session.passRun, let source = run.source else {
      throw RunFailure(
        "the program that made this run is not known",
        remedy: "the program, and `backstep debug FILE -e \"goto …\"`")
    }
    (file, text, seed) = (run.name, source.text, source.seed)
    (done, isBegun) = (session.done, session.standing.isBegun)
    files = source.files.mapValues { Data($0) }
  }

  /// The same with the fingerprints of its files in their place.
  var withoutFiles: SharedLoop {
    var shorter = self
    for (name, bytes) in files { shorter.absent[name] = Self.fingerprint([UInt8](bytes)) }
    shorter.files = [:]
    return shorter
  }

  private static func fingerprint(_ bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.add(UInt64(bytes.count))
    for byte in bytes { digest.add(UInt64(byte)) }
    return digest.description
  }

  /// Runs the program again, in silence; it writes nothing.
  /// - Parameter place: the folder in which large files are looked for.
  /// - Throws: `RunFailure` where a file is missing or another one, `Diagnostic`.
  func recorded(in place: URL = URL(fileURLWithPath: ".")) throws -> PassRun {
    var all = files.mapValues { [UInt8]($0) }
    for (name, wanted) in absent.sorted(by: { $0.key < $1.key }) {
      guard let bytes = try? ProgramFolder(place).read(name) else {
        throw RunFailure(
          "\(file) reads \(name), which is too large for the line and not in this folder",
          remedy: "the folder that has it")
      }
      guard Self.fingerprint(bytes) == wanted else {
        throw RunFailure(
          "the \(name) in this folder is another than that of the run", remedy: "the same file")
      }
      all[name] = bytes
    }
    return try ScriptHost.recordPasses(
      text, file: file, folder: ProgramFolder(holding: all), seed: seed,
      ScriptConsole(now: { ProcessInfo.processInfo.systemUptime }, write: { _ in }))
  }

  /// Goes to the moment in a run of the passes, in which the same is set by hand.
  func go(_ session: Session, _ changes: [KeptMoment.Change], instruction: Int) throws {
    for change in changes {
      session.go(to: Position(step: 0, pass: change.step))
      try session.repeatChange(change.name, Float(change.value) ?? .nan)
    }
    session.go(
      to: Standing(
        session.position(ofPass: done, instruction: instruction), isBegun: isBegun))
  }
}
