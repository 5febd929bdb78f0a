import ArgumentParser
import Datasets
import Foundation
import LabRuntime
import Training
import Workbench

/// Opens a moment that somebody shared.
struct At: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "at", abstract: "Open a moment of a run: the same instruction, the same numbers.",
    discussion: """
      The debugger's 'share' prints a moment as one line that holds on any machine; r12@500.3 is \
      instruction 3 of step 500 of a recorded run. On a terminal the lab opens there; with -x, -e or \
      commands on standard input it is the debugger, as with debug. Where other numbers come out it \
      says so, and ends with status 1.

      Example: backstep at r12@500.3 -e "info digest"
      """)

  @Argument(help: "What 'share' printed, or r12@STEP or r12@STEP.INSTRUCTION.") var moment: String
  @Option(help: "The file of the examples, where the line does not have them.") var data: String?
  @Option(help: "The target column of a CSV file, the last by default.") var target: String?
  @OptionGroup var script: DebugScript
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.prepareKernels()
    let opensLab = !script.isGiven && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    let dataset = try data.map { try openData($0, target: target) }
    if let recorded = RecordedMoment(moment) {
      guard !opensLab else { return try openLab(.recorded(recorded)) }
      return try perform(try session(recorded), nil)
    }
    let shared = try SharedMoment(line: moment)
    guard !opensLab else { return try openLab(.shared(shared, dataset)) }
    let session = try shared.session(dataLibrary, own: dataset)
    try perform(session, shared.difference(session))
  }

  private func session(_ recorded: RecordedMoment) throws -> Session {
    let store = try RunsCommand.store()
    _ = try RunsCommand.run("\(recorded.run)", in: store)
    let kept = try KeptRun(recorded.run, store, dataLibrary)
    let session = try kept.session()
    if let difference = kept.difference(in: session) { Output.complain("backstep: \(difference)") }
    session.go(to: recorded.position)
    return session
  }

  private func perform(_ session: Session, _ difference: String?) throws {
    if let difference { Output.complain("backstep: \(difference)") }
    var debugger = Debugger(session)
    debugger.words = { Words.sentences(of: $0) }
    debugger.share = { try SharedMoment($0).text() }
    try script.perform(&debugger, common)
    if difference != nil { throw CommandFailure(nil, code: .checkFailed) }
  }

  private func openLab(_ wanted: WantedMoment) throws {
    var open = Open()
    open.color = common.color
    open.moment = wanted
    try open.run()
  }
}
