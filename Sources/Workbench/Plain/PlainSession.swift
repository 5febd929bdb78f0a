import Lessons
import TerminalGraphics
import Training

/// The lab in lines: a line goes in, what changed comes out; nothing is ever drawn again. It wraps the
/// same state and the same keys as the screen.
package struct PlainSession: Sendable {
  package var state: AppState
  private var told = Told()
  private var lastReport = 0.0

  /// What has been said of how things are: only what differs is said again.
  private struct Told: Equatable {
    var screen: ScreenName?
    var panel = ""
    /// The page of a lesson that is read.
    var page: String?
    var lines: [String] = []
    var overlay: PlainReading.Section?
    var field: String?
    var status = ""
    var position = ""
    var message: Message?
    var activity = LabSnapshot.Activity.idle
  }

  /// What a line asks for.
  package struct Request: Sendable {
    package var effects: [Effect] = []
    /// What is answered at once.
    package var answer: [String] = []
    /// Whether to say what changed.
    package var says = true
    package var wait: Wait?
  }

  /// How long to wait before the next line is read.
  package enum Wait: Sendable, Equatable {
    case seconds(Double)
    /// Until nothing trains any more.
    case rest
  }

  package init(_ state: AppState) {
    self.state = state
    self.state.look.isPlain = true
    self.state.size = PlainReading.size
    self.state.ability = .spoken
    self.state.isZoomed = false
  }

  /// What is asked for: the name of a field, or the place where one is.
  package var prompt: String { (state.field?.label ?? state.screen.rawValue) + "> " }

  // MARK: What a line does

  package mutating func take(_ line: String) -> Request {
    let words = line.split(separator: " ").map(String.init)
    if state.field != nil { return fill(line, words) }
    if let effects = takeLessonLine(line) { return Request(effects: effects) }
    guard let first = words.first else { return Request(says: false) }
    let rest = words.dropFirst().joined(separator: " ")
    switch first.lowercased() {
    case "help": return Request(answer: Self.guide, says: false)
    case "keys" where words.count == 1: return Request(answer: keys, says: false)
    case "panels" where words.count == 1: return Request(answer: panels, says: false)
    case "where", "status": return Request(answer: [position, status], says: false)
    case "read": return Request(answer: read(rest.lowercased()), says: false)
    case "go" where !rest.isEmpty: return go(rest.lowercased())
    case "panel" where !rest.isEmpty: return focus(rest.lowercased())
    case "wait" where rest.isEmpty: return Request(wait: .rest)
    case "wait":
      guard let seconds = Double(rest), (0...3600).contains(seconds) else { break }
      return Request(wait: .seconds(seconds))
    case "type": return Request(effects: rest.flatMap { press(KeyStroke($0)) })
    case "press":
      guard let keys = PlainKeys.keys(Array(words.dropFirst())) else {
        return Request(
          answer: ["there is no key \(rest); names are space, enter, esc, tab, up, f1, ctrl-c …"],
          says: false)
      }
      return Request(effects: keys.flatMap { press($0) })
    default: break
    }
    if let keys = PlainKeys.keys(words), words.count == 1 || Int(words[1]) != nil {
      return Request(effects: keys.flatMap { press($0) })
    }
    return Request(effects: run(first.hasPrefix(":") ? String(line.drop { $0 == ":" }) : line))
  }

  /// A line that means something on a page of a lesson, as the key that does it would.
  private mutating func takeLessonLine(_ line: String) -> [Effect]? {
    guard PlainLesson.page(state) != nil else { return nil }
    if line == "read" || line == "page" {
      told.page = nil
      return []
    }
    return PlainLesson.take(line, &state)
  }

  /// Whether a page of a lesson is open.
  package var isOnLessonPage: Bool { PlainLesson.page(state) != nil }

  /// The next page, to be read through; nil at the last one.
  package mutating func turnPage() -> [Effect]? {
    guard let lesson = state.learn.lesson, let place = state.learn.place,
      place.page + 1 < lesson.pages.count
    else { return nil }
    return state.turn(by: 1)
  }

  private mutating func press(_ stroke: KeyStroke) -> [Effect] {
    state.handle(.key(stroke.key, stroke.modifiers))
  }

  /// A line for an open field is its text; nothing leaves it as it is.
  private mutating func fill(_ line: String, _ words: [String]) -> Request {
    if words == ["esc"] || words == ["escape"] {
      return Request(effects: press(KeyStroke(.escape)))
    }
    if !words.isEmpty, let allows = state.field?.allows {
      state.field?.text = line.filter { allows.contains($0) }
    } else if !words.isEmpty {
      state.field?.text = line
    }
    return Request(effects: press(KeyStroke(.enter)))
  }

  /// What `:` would do: a thing by its name, or a command.
  private mutating func run(_ line: String) -> [Effect] {
    let text = line.trimmingPrefix { $0 == " " }
    state.overlay = nil
    state.rememberCommand(String(text))
    if let binding = state.bindings.first(where: { $0.name == text }) { return binding.run(&state) }
    return CommandLine.run(String(text), &state)
  }

  private mutating func go(_ name: String) -> Request {
    let place = ScreenName.allCases.first {
      $0.rawValue.hasPrefix(name) || String($0.digit) == name
    }
    guard let place else {
      let names = ScreenName.allCases.map(\.rawValue).joined(separator: ", ")
      return Request(answer: ["there is no place \(name); there are \(names)"], says: false)
    }
    return Request(effects: state.go(to: place))
  }

  private var panelIDs: [String] {
    state.current.panels(state, in: state.body).map(\.id)
  }

  private func panel(named name: String) -> String? {
    panelIDs.first { $0 == name } ?? panelIDs.first { $0.hasPrefix(name) }
  }

  private mutating func focus(_ name: String) -> Request {
    guard let id = panel(named: name) else { return Request(answer: [noPanel(name)], says: false) }
    state.focus[state.screen] = id
    return Request()
  }

  private func noPanel(_ name: String) -> String {
    "there is no panel \(name) here; there are \(panelIDs.joined(separator: ", "))"
  }
}

extension PlainSession {
  /// What lines may say.
  private static let guide = [
    "Words and numbers in lines. Type one line at a time:",
    "go train: another place; home, learn, build, train, step and data are the places.",
    "read: this panel; read all: every panel; read NAME: another panel of this place.",
    "panels: their names; next panel, panel NAME: go to another one.",
    "keys: what can be done here. A key by its name presses it: space, enter, down 3, ctrl-z, f1.",
    "In a lesson: an empty line or next turns the page; a number answers; hint, skip, back, read.",
    "print loss, goto step 10, explain loss: a command, as after the colon on the screen.",
    "wait: until the training rests; wait 5: five seconds; where: how far it is.",
    "screen: back to the screen; quit: leave, everything is kept.",
  ]

  /// What can be done here: `space: play and pause`.
  private var keys: [String] {
    state.bindings.map { binding in
      let keys = binding.keys.map(PlainKeys.name(of:)).joined(separator: " or ")
      let line = (keys.isEmpty ? binding.name : keys) + ": " + binding.help
      return line + (binding.whyNot(state).map { "; not now: \($0)" } ?? "")
    }
  }

  private var panels: [String] {
    panelIDs.map { $0 + ($0 == state.focusedPanel ? ", here" : "") }
  }

  private func read(_ name: String) -> [String] {
    if name.isEmpty {
      return (PlainReading.overlay(state) ?? PlainReading.panel(state.focusedPanel, state)).all
    }
    if name == "all" || name == "screen" { return PlainReading.screen(state).flatMap(\.all) }
    guard let id = panel(named: name) else { return [noPanel(name)] }
    return PlainReading.panel(id, state).all
  }

  private var status: String {
    let text = state.current.status(state, isCompact: false).plain
    return state.screen.title + ": " + PlainSession.spoken(text)
  }

  /// `step 120, loss 0.412, training`.
  private var position: String {
    let lab = state.lab
    guard lab.settings != nil else { return "no run yet" }
    var words = ["step " + NumberFormat.integer(lab.position.step)]
    if let step = lab.history.step(lab.position.step - 1) {
      words.append("loss " + NumberFormat.compact(step.loss, digits: 3))
      if let accuracy = step.accuracy {
        words.append("accuracy " + NumberFormat.share(accuracy))
      }
    }
    switch lab.activity {
    case .training: words.append("training")
    case .finished: words.append("finished")
    case .paused: words.append("paused")
    case .idle: break
    }
    return words.joined(separator: ", ")
  }

  /// Without the signs that only draw.
  private static func spoken(_ text: String) -> String {
    text.filter { !"●○■□◆▶◀▲▼━─".contains($0) }.split(separator: " ").joined(separator: " ")
      .replacing(" · ", with: ", ")
  }
}

extension PlainSession {
  /// How things are now.
  private var now: Told {
    Told(
      screen: state.screen, panel: state.focusedPanel, page: PlainLesson.page(state),
      lines: PlainLesson.page(state) != nil
        ? PlainLesson.lines(state)
        : PlainReading.panel(state.focusedPanel, state, isFull: false).all,
      overlay: PlainReading.overlay(state), field: state.field?.label, status: status,
      position: position, message: state.message, activity: state.lab.activity)
  }

  /// What is said first.
  package mutating func greeting() -> [String] {
    ["Backstep in plain words. Type help for what to type."] + changes()
  }

  /// What has changed since it was said last; never empty, so that every line has an answer.
  package mutating func changes() -> [String] {
    let replies = takeReader()
    let new = now
    defer {
      told = new
      lastReport = state.now
    }
    var lines = replies
    if let message = new.message, message != told.message { lines.append(message.toast.text) }
    lines += movement(to: new)
    if let field = state.field, new.field != told.field {
      lines.append("\(field.label), now \(field.text.isEmpty ? "empty" : field.text): type it")
    }
    if new.screen == told.screen, new.status != told.status { lines.append(new.status) }
    if new.position != told.position { lines.append(new.position) }
    return lines.isEmpty ? ["nothing changed"] : lines
  }

  private func movement(to new: Told) -> [String] {
    if let overlay = new.overlay {
      guard let before = told.overlay, before.title == overlay.title else { return overlay.all }
      return added(overlay.lines, to: before.lines)
    }
    if let page = new.page {
      guard page == told.page else { return new.lines }
      let known = Set(told.lines)
      return (told.overlay == nil ? [] : ["closed"]) + new.lines.filter { !known.contains($0) }
    }
    if new.screen != told.screen {
      let names = "panels: " + panelIDs.joined(separator: ", ")
      return [new.status, names + "; here is \(new.panel)"] + shortened(new.lines)
    }
    if new.panel != told.panel { return shortened(new.lines) }
    return (told.overlay == nil ? [] : ["closed"]) + added(new.lines, to: told.lines)
  }

  private func added(_ lines: [String], to before: [String]) -> [String] {
    let known = Set(before)
    return shortened(lines.filter { !known.contains($0) })
  }

  /// So many lines are said unasked.
  private func shortened(_ lines: [String]) -> [String] {
    let limit = 10
    guard lines.count > limit else { return lines }
    return lines.prefix(limit) + ["… \(lines.count - limit) more lines: read"]
  }

  /// A text to read is said whole, and is done with.
  private mutating func takeReader() -> [String] {
    guard case .reader(let reader)? = state.overlay else { return [] }
    state.overlay = nil
    return reader.text
  }

  /// What is to be said without being asked: messages, that it rests, and every five seconds how far
  /// it is.
  package mutating func report() -> [String] {
    var lines = takeReader()
    if let message = state.message, message != told.message {
      lines.append(message.toast.text)
      told.message = message
    }
    let isRest = state.lab.activity != told.activity && state.lab.activity != .training
    let isDue = state.lab.activity == .training && state.now - lastReport >= 5
    if isRest || isDue, position != told.position {
      lines.append(position)
      told.position = position
      lastReport = state.now
    }
    told.activity = state.lab.activity
    return lines
  }
}
