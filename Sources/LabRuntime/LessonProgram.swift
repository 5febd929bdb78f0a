import Lessons

extension Lesson {
  /// The Keras program that a page's network is from, and the name of its file.
  func program(forPage page: Int) -> (name: String, source: String) {
    switch setupWithModel(forPage: page)?.model {
    case .file(let file): (file, programs[file] ?? "")
    case .inline(let source): ("lesson \(number).py", source)
    case nil: ("lesson \(number).py", "")
    }
  }
}
