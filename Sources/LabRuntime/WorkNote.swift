import Datasets
import Foundation
import Training

/// What a student did on a page of a lesson, as text: what does it again.
package struct WorkNote: Codable, Sendable {
  /// One thing that was done.
  enum Line: Codable, Sendable {
    case command(text: String)
    case rate(value: Float)
    case weight(name: String, offset: Int, number: Float)
    case settings(SettingsNote)
    case opened(SettingsNote)
    case restart(seed: UInt64?)
    case did(Deed)
  }

  let lines: [Line]
  /// Whether nothing had to be left out.
  let isWhole: Bool

  package init(_ journal: Journal) {
    isWhole = journal.isWhole
    lines = journal.lines.map { line in
      switch line {
      case .command(let text): .command(text: text)
      case .rate(let rate): .rate(value: rate)
      case .weight(let name, let offset, let number):
        .weight(name: name, offset: offset, number: number)
      case .settings(let settings, let words): .settings(SettingsNote(settings, words: words))
      case .opened(let settings): .opened(SettingsNote(settings, words: "opened"))
      case .restart(let seed): .restart(seed: seed)
      case .did(let deed): .did(deed)
      }
    }
  }

  /// - Returns: nil when the text is none.
  package init?(json: String) {
    guard let note = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
    self = note
  }

  package var json: String? {
    (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Each thing in words, as a teacher reads it.
  package var words: [String] {
    lines.map { line in
      switch line {
      case .command(let text): text
      case .rate(let value): "set learning_rate = \(value)"
      case .weight(let name, let offset, let number): "set \(name), number \(offset) = \(number)"
      case .settings(let note), .opened(let note): note.words
      case .restart(let seed): seed.map { "restart with seed \($0)" } ?? "restart"
      case .did(let deed):
        switch deed {
        case .exported(let format): "export to \(format)"
        case .explained(let place): "open \(place)"
        }
      }
    }
  }

  /// Does it all again in a lab.
  ///
  /// - Parameter reached: asked after each line; once it holds, the rest is left.
  /// - Throws: what cannot be done here: data that is not there.
  package func replay(
    in lab: Lab, _ library: DatasetLibrary, until reached: (Lab) -> Bool
  ) throws {
    for line in lines {
      switch line {
      case .command(let text): _ = lab.ask(text)
      case .rate(let rate): lab.handle(.learningRate(rate))
      case .weight(let name, let offset, let number):
        lab.handle(.setWeight(name, at: offset, to: number))
      case .settings(let note):
        let settings = try note.settings(over: lab.session?.settings, library)
        lab.handle(.change(settings, words: note.words))
      case .opened(let note):
        lab.handle(.open(try note.settings(over: lab.session?.settings, library)))
      case .restart(let seed): lab.handle(.restart(seed: seed))
      case .did(let deed): lab.handle(.did(deed))
      }
      if reached(lab) { return }
    }
  }
}
