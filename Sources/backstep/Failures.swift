import ArgumentParser
import FileFormats
import Foundation
import KerasCode
import Training

/// Runs a command and turns what it throws into a message on standard error and the documented exit
/// status.
func reportingFailures(_ body: () throws -> Void) throws {
  do { try body() } catch let error as ExitCode {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    FileHandle.standardError.write(Data("backstep: \(error)\n".utf8))
    throw ExitCode(ExitStatus.of(error))
  }
}

/// Exit statuses, as the manual lists them.
enum ExitStatus {
  static let badInput: Int32 = 65
  static let noSuchFile: Int32 = 66
  static let cannotWrite: Int32 = 74

  static func of(_ error: any Error) -> Int32 {
    if let failure = error as? FileFailure {
      switch failure.kind {
      case .badContent: return badInput
      case .missing: return noSuchFile
      case .unwritable: return cannotWrite
      }
    }
    if let failure = error as? CocoaError {
      switch failure.code {
      case .fileNoSuchFile, .fileReadNoSuchFile: return noSuchFile
      case .fileWriteNoPermission, .fileWriteOutOfSpace, .fileWriteUnknown: return cannotWrite
      default: return badInput
      }
    }
    return badInput
  }
}
