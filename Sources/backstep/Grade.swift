import ArgumentParser
import Foundation
import LabRuntime
import Lessons
import Tensors

/// Does a class's work again and tables it.
struct Grade: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replay what a class handed in: who did what, and where they stumbled.",
    discussion: """
      Reads every .json file of the folder, or the one file. Each student's commands are carried out again; a task \
      counts when it comes out, number by number, as it was handed in.

      Example: backstep grade handed-in/ --csv > marks.csv
      """)

  @Argument(help: "The folder with the files that backstep hand-in wrote, or one of them.")
  var folder: String
  @Flag(help: "A table for a spreadsheet: a line for each student and task.") var csv = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    // The same digits as on the lab's thread.
    flushDenormals()
    let report = ClassReport(try files(), lessons: lessonLibrary, library: dataLibrary)
    for (file, problem) in report.problems { Output.complain("backstep: \(file): \(problem)") }
    if common.json {
      try writeJSON(report)
    } else if csv {
      try writeCSV(report)
    } else {
      try writeTables(report)
    }
    if !report.problems.isEmpty { throw CommandFailure(nil, code: .badInput) }
  }

  private func files() throws -> [(name: String, data: Data)] {
    if folder.hasSuffix(".json"), let data = FileManager.default.contents(atPath: folder) {
      return [(URL(filePath: folder).lastPathComponent, data)]
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      let found =
        FileManager.default.fileExists(atPath: folder)
        ? "is no folder and no .json file" : "no such folder or file"
      throw CommandFailure(
        "\(folder): \(found); right would be the folder with what backstep hand-in wrote, or one "
          + ".json file of it", code: .noSuchFile)
    }
    let files = names.filter { $0.hasSuffix(".json") }.sorted()
    guard !files.isEmpty else {
      throw CommandFailure(
        "\(folder) has no .json file; backstep hand-in writes them", code: .noSuchFile)
    }
    return try files.map { name in
      (name, try Data(contentsOf: URL(filePath: folder).appending(path: name)))
    }
  }

  // MARK: For people

  private func writeTables(_ report: ClassReport) throws {
    let lessons = Dictionary(grouping: report.rows, by: \.lesson).sorted { $0.key < $1.key }
    for (lesson, rows) in lessons {
      let tasks = rows[0].marks.map(\.task)
      try Output.line(lesson)
      try Output.show(
        aligned(
          [["student", "right"] + tasks]
            + rows.map { row in
              [row.student, "\(row.right)/\(tasks.count)"] + row.marks.map(Self.sign)
            }))
      for row in rows {
        for mark in row.marks {
          guard let note = mark.note else { continue }
          try Output.line("\(row.student), \(mark.task): \(note)")
        }
      }
      for row in rows where !row.sameAs.isEmpty {
        try Output.line(
          "\(row.student): the same as \(row.sameAs.joined(separator: ", ")) in every task, command "
            + "by command")
      }
      try Output.line()
      try Output.line("where they stumbled, most first")
      let own = report.stumbles.filter { $0.lesson == lesson }.sorted { $0.trouble > $1.trouble }
      try Output.show(
        aligned(
          [["task", "right", "wrong answers and hints each", "most usual wrong answer"]]
            + own.map { stumble in
              let mistake = stumble.mistake.map { "\($0) (\(stumble.mistaken)×)" } ?? ""
              return [
                stumble.task, "\(stumble.right)/\(stumble.students)",
                String(format: "%.1f", stumble.trouble), mistake,
              ]
            }))
      try Output.line()
    }
    try Output.line("+ right, with wrong tries and hints; o open; ! not what its commands give")
  }

  /// `+`, `+2 h1`: right after two wrong tries and a hint.
  private static func sign(_ mark: ClassReport.Mark) -> String {
    let wrong = mark.result == .right ? max(0, mark.tries - 1) : mark.tries
    let trouble = (wrong > 0 ? "\(wrong)" : "") + (mark.hints > 0 ? " h\(mark.hints)" : "")
    switch mark.result {
    case .right: return "+" + trouble
    case .open: return "o" + trouble
    case .unproved: return "!" + trouble
    case .untouched: return ""
    }
  }

  // MARK: For programs

  private func writeCSV(_ report: ClassReport) throws {
    try Output.line("lesson,student,task,result,tries,hints,seconds,note,same_as")
    for row in report.rows {
      for mark in row.marks {
        let seconds = mark.seconds.map { String(format: "%.0f", $0) } ?? ""
        try Output.line(
          CSVLine.text([
            row.lesson, row.student, mark.task, mark.result.rawValue, "\(mark.tries)",
            "\(mark.hints)", seconds, mark.note ?? "", row.sameAs.joined(separator: "; "),
          ]))
      }
    }
  }

  private func writeJSON(_ report: ClassReport) throws {
    for row in report.rows {
      for mark in row.marks {
        try Output.line(
          JSONLine([
            ("lesson", .text(row.lesson)), ("student", .text(row.student)),
            ("file", .text(row.file)), ("task", .text(mark.task)),
            ("result", .text(mark.result.rawValue)), ("tries", .integer(mark.tries)),
            ("hints", .integer(mark.hints)), ("note", mark.note.map { .text($0) } ?? .null),
            ("same_as", .list(row.sameAs.map { .text($0) })),
          ]).text)
      }
    }
  }
}

/// A line of a table for spreadsheets (RFC 4180). What a spreadsheet would take for a formula is
/// made a text: names come from other people's files.
enum CSVLine {
  static func text(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

  private static func field(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t".contains($0) } ?? false
    let safe = isFormula && Double(text) == nil ? "'" + text : text
    return safe.contains(where: { ",\"\n\r".contains($0) })
      ? "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : safe
  }
}
