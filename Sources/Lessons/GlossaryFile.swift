import Yams

/// `glossary.yaml`: what words mean, one file for all lessons of a directory.
package enum GlossaryFile {
  package static let name = "glossary.yaml"

  /// Reads `term: meaning`, one a line.
  /// - Throws: `LessonFailure` with the line of what is no term with a meaning, or a second one.
  package static func entries(
    _ text: String, file: String = GlossaryFile.name
  ) throws(LessonFailure) -> [GlossaryEntry] {
    // One key above all, so that any word may be a term.
    let indented = text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
    let fields = try Fields(
      "terms:\n" + indented.joined(separator: "\n"), known: ["terms"], what: "the glossary",
      file: file, offset: -1)
    return try fields.entries("terms").map { GlossaryEntry(term: $0.0, meaning: $0.1) }
  }
}

/// A term of a lesson's front matter that no glossary has.
package struct UnknownTerm: Hashable, Sendable {
  package let term: String
  package let line: Int
}

extension Fields {
  /// The glossary of a lesson: a mapping has the teacher's own words, a list names terms of the file
  /// for all.
  /// - Parameter known: meanings by their terms in lowercase letters.
  func glossary(
    _ known: [String: GlossaryEntry]
  ) throws(LessonFailure) -> (entries: [GlossaryEntry], unknown: [UnknownTerm]) {
    guard isList("glossary") else {
      return (try entries("glossary").map { GlossaryEntry(term: $0.0, meaning: $0.1) }, [])
    }
    var entries: [GlossaryEntry] = []
    var unknown: [UnknownTerm] = []
    for term in try texts("glossary") {
      if let entry = known[term.lowercased()] {
        entries.append(GlossaryEntry(term: term, meaning: entry.meaning))
      } else {
        unknown.append(UnknownTerm(term: term, line: line("glossary")))
      }
    }
    return (entries, unknown)
  }
}
