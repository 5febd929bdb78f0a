import Datasets
import TerminalGraphics

/// A line of text being typed: Enter takes it, Esc leaves it.
package struct TextField: Sendable {
  /// What is asked for: `learning rate`.
  package var label: String
  package var line: LineEditor
  /// Characters that may be typed; nil for any.
  package var allows: String?
  /// The endings of the files that are asked for, none for any file; nil where no file is.
  package var endings: [String]?
  /// Whether a panel of the screen shows what is typed; else the line at the bottom does.
  package var isInPanel = false
  /// What the text means; throws nothing: a text that does not fit is refused with `say`.
  package var commit: @Sendable (String, inout AppState) -> [Effect]

  /// Whether what is typed takes the place of what it began with; an arrow or Backspace edits that.
  var isReplaced = false

  /// What it began with.
  let start: String
  /// Which earlier text shows, 0 the latest; nil while one types.
  var past: Int?
  /// The files whose names begin as the text does, once they are known.
  var files = FileChoice()

  package init(
    _ label: String, text: String = "", allows: String? = nil, files endings: [String]? = nil,
    commit: @escaping @Sendable (String, inout AppState) -> [Effect]
  ) {
    self.label = label
    line = LineEditor(text)
    start = text
    self.allows = allows
    self.endings = endings
    self.commit = commit
  }

  package var text: String {
    get { line.text }
    set { line = LineEditor(newValue) }
  }

  /// The text with a stroke where the cursor stands.
  package var shown: String { line.shown }

  /// A field for a number.
  package static let digits = "0123456789.eE-+"

  /// Takes away what is to be replaced when the first character of another text comes.
  mutating func beginTyping(_ stroke: KeyStroke) {
    defer { isReplaced = false }
    guard isReplaced, case .character(let typed) = stroke.key,
      stroke.modifiers.subtracting(.shift).isEmpty, allows?.contains(typed) ?? true
    else { return }
    text = ""
  }

  /// Why a character is not taken, with what is; nil for one that is, and for other keys.
  func refusal(of stroke: KeyStroke) -> String? {
    guard let allows, case .character(let typed) = stroke.key,
      stroke.modifiers.subtracting(.shift).isEmpty, !allows.contains(typed)
    else { return nil }
    let right = allows == Self.digits ? "a number, as 0.01 or 1e-3" : "one of \(allows)"
    return "\(label): “\(typed)” is not taken; right would be \(right)"
  }
}

/// The files that a path being typed may mean.
struct FileChoice: Hashable, Sendable {
  /// The text that was last asked about.
  var asked: String?
  /// As they would be typed; folders end in a stroke.
  var paths: [String] = []
  /// The one chosen with the arrows.
  var chosen: Int?

  /// What all of them begin with.
  var common: String? {
    guard let first = paths.first else { return nil }
    return paths.dropFirst().reduce(first) { start, path in
      String(zip(start, path).prefix { $0 == $1 }.map(\.0))
    }
  }
}

// MARK: - Keys

extension AppState {
  /// Takes a key while a field is open.
  mutating func type(_ stroke: KeyStroke) -> [Effect] {
    guard var open = field else { return [] }
    switch stroke.key {
    case .escape: leaveField(open)
    case .character("c") where stroke.modifiers.contains(.control): leaveField(open)
    case .enter: return enterField(open)
    case .tab where open.endings != nil: completePath(&open)
    case .tab:
      leaveField(open)
      return moveFocus(by: stroke.modifiers.contains(.shift) ? -1 : 1)
    case .down where open.past == nil && open.endings != nil: choosePath(by: 1, &open)
    case .up where open.files.chosen != nil: choosePath(by: -1, &open)
    case .up: recall(1, &open)
    case .down: recall(-1, &open)
    default:
      if let refusal = open.refusal(of: stroke) { say(refusal, .warning) }
      open.beginTyping(stroke)
      if open.line.press(stroke, allows: open.allows) {
        open.past = nil
        open.files.chosen = nil
      }
      field = open
    }
    return []
  }

  /// Keeps what was typed and not taken, so that the same field offers it again.
  private mutating func leaveField(_ open: TextField) {
    field = nil
    if open.text != open.start { rememberField(open.label, open.text) }
  }

  private mutating func enterField(_ open: TextField) -> [Effect] {
    if let chosen = open.files.chosen, open.files.paths.indices.contains(chosen) {
      let path = open.files.paths[chosen]
      var taken = open
      taken.text = path
      taken.files.chosen = nil
      field = taken
      // A folder is gone into; a file is what was asked for.
      if path.hasSuffix("/") { return [] }
      return enterField(taken)
    }
    field = nil
    rememberField(open.label, open.text)
    return open.commit(open.text, &self)
  }

  private mutating func rememberField(_ label: String, _ text: String) {
    guard !text.isEmpty else { return }
    var texts = fieldHistory[label] ?? []
    texts.removeAll { $0 == text }
    texts.insert(text, at: 0)
    fieldHistory[label] = Array(texts.prefix(30))
  }

  /// What was typed into a field of this name before: up is earlier.
  private mutating func recall(_ places: Int, _ open: inout TextField) {
    let texts = fieldHistory[open.label] ?? []
    let place = (open.past ?? -1) + places
    if place < 0 {
      open.past = nil
      open.text = open.start
    } else if texts.indices.contains(place) {
      open.past = place
      open.text = texts[place]
    }
    field = open
  }

  /// What the arrow up would bring back in the open field.
  var fieldOffer: String? {
    guard let field, field.past == nil, field.text == field.start else { return nil }
    return fieldHistory[field.label]?.first { $0 != field.text }
  }

  // MARK: Paths

  private mutating func completePath(_ open: inout TextField) {
    if let chosen = open.files.chosen, open.files.paths.indices.contains(chosen) {
      open.text = open.files.paths[chosen]
    } else if let common = open.files.common, common.count > open.text.count {
      open.text = common
    } else if open.files.paths.isEmpty {
      say("no file here begins with “\(open.text)”", .warning)
    } else if open.files.paths.count > 1 {
      choosePath(by: 1, &open)
      return
    }
    open.files.chosen = nil
    field = open
  }

  private mutating func choosePath(by places: Int, _ open: inout TextField) {
    let place = (open.files.chosen ?? -1) + places
    open.files.chosen = place < 0 ? nil : min(place, open.files.paths.count - 1)
    if open.files.paths.isEmpty { open.files.chosen = nil }
    field = open
  }

  /// Asks which files there are when a path that is typed has changed.
  mutating func askForFiles() -> [Effect] {
    if case .palette(var palette) = overlay, let path = palette.path, palette.files.asked != path {
      palette.files.asked = path
      overlay = .palette(palette)
      return [.listFiles(path)]
    }
    guard let open = field, open.endings != nil, open.files.asked != open.text else { return [] }
    field?.files.asked = open.text
    return [.listFiles(open.text)]
  }

  /// Takes the files whose paths begin with a text.
  mutating func receive(files: [String], for text: String) {
    if case .palette(var palette) = overlay, palette.path == text {
      palette.files.paths = files.filter { path in
        path.hasSuffix("/") || path.hasSuffix(".py")
          || palette.text.hasPrefix("open ")
            && UserData.fileTypes.contains { path.hasSuffix("." + $0) }
      }
      overlay = .palette(palette)
      return
    }
    guard let open = field, let endings = open.endings, open.text == text else { return }
    field?.files.paths = files.filter { path in
      endings.isEmpty || path.hasSuffix("/") || endings.contains { path.hasSuffix($0) }
    }
    field?.files.chosen = nil
  }
}

/// The files that a path being typed may mean, above the line it is typed in.
enum FileList {
  private static let rows = 8

  /// How many files are shown.
  private static func count(_ field: TextField, _ state: AppState) -> Int {
    min(rows, max(1, field.files.paths.count), state.body.height - 4)
  }

  /// The rows at the bottom that it takes; none where no file is asked for.
  static func height(_ state: AppState) -> Int {
    guard let field = state.field, field.endings != nil else { return 0 }
    return count(field, state) + 2
  }

  static func draw(_ state: AppState, on grid: inout CellGrid) {
    guard let field = state.field, let endings = field.endings else { return }
    let paths = field.files.paths
    let shown = count(field, state)
    let kinds = endings.isEmpty ? "any file" : endings.joined(separator: ", ")
    let widest = paths.map { TextWidth.columns($0) }.max() ?? 0
    let width = min(state.size.width - 2, max(52, widest + 6))
    let area = Rect(1, state.body.bottom - shown - 2, width, shown + 2)
    grid.fill(area)
    var selection = ListSelection(index: field.files.chosen ?? 0)
    selection.reveal(shown: shown, count: paths.count)
    let inside = grid.box(
      area, title: field.label, detail: .secondary(kinds), isFocused: true,
      scroll: selection.scroll(shown: shown, count: paths.count))
    guard !paths.isEmpty else {
      let text = field.text.isEmpty ? "no such file in this folder" : "no such file yet"
      grid.write(.secondary(text), at: Point(inside.x + 1, inside.y), width: inside.width - 2)
      return
    }
    for row in 0..<shown where paths.indices.contains(selection.first + row) {
      let index = selection.first + row
      let isChosen = index == field.files.chosen
      let line = inside.row(row)
      if isChosen { grid.highlight(line) }
      grid.write(isChosen ? .accent("▶") : " ", at: line.origin)
      grid.write(
        StyledText(paths[index], paths[index].hasSuffix("/") ? .series(0) : .text),
        at: Point(line.x + 2, line.y), width: line.width - 3)
    }
  }
}
