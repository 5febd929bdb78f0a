import Foundation
import Testing

/// The programs that the lab does not run yet as Keras does, by name, with the reason. A program
/// that comes to run has to leave.
let knownGaps: [String: String] = [:]

@Suite("Keras programs as recorded")
struct RecordedProgramTests {
  @Test("There are forty programs and more, each with what Keras printed")
  func count() throws {
    let programs = try KerasProgram.written.get()
    #expect(programs.count >= 40)
    for program in programs { #expect(throws: Never.self) { try program.recorded() } }
    #expect(knownGaps.keys.allSatisfy { name in programs.contains { $0.name == name } })
  }

  @Test(
    "A program prints what Keras prints, or is refused at its line",
    arguments: (try? KerasProgram.written.get()) ?? [])
  func program(_ program: KerasProgram) throws {
    let difference = program.difference(fromKeras: try program.recorded())
    if let reason = knownGaps[program.name] {
      #expect(difference != nil, "\(program.name) runs now: remove it from knownGaps (\(reason))")
    } else if let difference {
      Issue.record("\(program.name): \(difference)")
    }
  }
}

@Suite("Keras programs in Keras", .enabled(if: KerasChild.runs, "no Python with Keras"))
struct ProgramTests {
  @Test("Real Keras prints the same here and now, and so does the lab")
  func real() throws {
    let folder = KerasProgram.tests.appending(path: "Programs")
    let answers = try KerasAnswer.all(in: folder)
    for program in try KerasProgram.written.get() {
      guard case .output(let rule) = program.expectation else { continue }
      let answer = try #require(answers[program.name], "Keras did not run \(program.name)")
      #expect(answer.error == nil, "\(program.name), line \(answer.line ?? 0)")
      let change = Transcript(answer.stdout).difference(
        from: Transcript(try program.recorded()), rule)
      #expect(
        change == nil, "\(program.name): other than recorded (now is \"here\")\n\(change ?? "")")
      guard knownGaps[program.name] == nil else { continue }
      if let difference = program.difference(fromKeras: answer.stdout) {
        Issue.record("\(program.name): \(difference)")
      }
    }
  }
}
