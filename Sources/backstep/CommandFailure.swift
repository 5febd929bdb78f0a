import Datasets
import FileFormats
import Foundation
import KerasCode
import Lessons
import NeuralNets
import RunStore
import Training

/// Why a command ends without its result.
struct CommandFailure: Error {
  /// The exit codes that scripts rely on (those from 64 on are of sysexits).
  enum Code: Int32 {
    case checkFailed = 1
    case noTerminal = 2
    case usage = 64
    case badInput = 65
    case noSuchFile = 66
    case unavailable = 69
    case cannotWrite = 74
    /// Ended by ^C.
    case interrupted = 130
    case terminated = 143
  }

  /// Nil when everything was said already.
  let message: String?
  let code: Code

  init(_ message: String?, code: Code) {
    self.message = message
    self.code = code
  }

  /// Any failure of the modules below, in words with an exit code; nil for what is not theirs.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let failure as FileFailure:
      switch failure.kind {
      case .badContent: self.init("\(failure)", code: .badInput)
      case .missing: self.init("\(failure)", code: .noSuchFile)
      case .unwritable: self.init("\(failure)", code: .cannotWrite)
      }
    case let failure as CocoaError:
      let isMissing = [.fileNoSuchFile, .fileReadNoSuchFile].contains(failure.code)
      let path = failure.filePath.map { "\($0): " } ?? ""
      self.init(
        path + (isMissing ? "no such file" : "a file that cannot be read"),
        code: isMissing ? .noSuchFile : .badInput)
    case let failure as Diagnostic: self.init("\(failure)", code: .badInput)
    case let failure as Complaint:
      let remedy = failure.remedy.map { "; \($0)" } ?? ""
      self.init(failure.message + remedy, code: .badInput)
    case is RunFailure, is Network.Failure, is LessonFailure, is RunStore.Failure:
      self.init("\(error)", code: .badInput)
    default: return nil
    }
  }

  /// The message with `backstep: ` before it.
  var shown: String? { message.map { "backstep: " + $0 } }
}
