import TerminalGraphics
import Training

/// A message above the hint bar that goes away by itself.
package struct Message: Hashable, Sendable {
  package let toast: Toast
  /// When it comes and when it goes, on the clock of `AppState.now`.
  package internal(set) var from: Double
  package internal(set) var until: Double
  /// The event that it answers; nil for news, which come by themselves.
  let event: Int?
  /// Seconds it shows at least when another waits.
  var least = Messages.least
  /// The moment that it tells of, when it tells where the run stands.
  var place: ToldPlace?
  /// The setting that it tells of: what is set again takes its place.
  var setting: String?

  /// Whether it shows until a key is pressed: one looks it up, as where a file was written.
  var waitsForKey = false

  /// Seconds it shows when none waits: a long one takes longer to be read.
  var full: Double {
    waitsForKey
      ? .infinity : max(Messages.standard, Double(toast.text.count) / Messages.readingPace)
  }
}

/// What was said. One message shows at a time, and the next one waits until it was seen; but what
/// answers a key is there at once and takes the place of the answer to an earlier key.
package struct Messages: Sendable {
  /// What shows and what will show, in order.
  private var waiting: [Message] = []
  /// What was said, the latest last.
  package private(set) var log: [Message] = []
  /// Which event is being taken, and whether one is.
  private var event = 0
  private var isAnswering = false

  /// Seconds a message shows, and the least when another waits.
  package static let standard = 4.0
  package static let least = 1.5
  /// Letters that are read in a second, beside looking where they stand.
  static let readingPace = 20.0
  /// How many are kept to be read again.
  package static let kept = 50

  /// The message that shows at a time.
  package func shown(at now: Double) -> Message? {
    waiting.first { $0.from <= now && now < $0.until }
  }

  /// When what shows changes.
  var times: [Double] { waiting.flatMap { [$0.from, $0.until] }.filter(\.isFinite) }

  mutating func beginAnswer() {
    event += 1
    isAnswering = true
  }

  /// A key was pressed: what waited for one goes when it has had its time.
  mutating func noteKey() {
    for i in waiting.indices where waiting[i].waitsForKey {
      waiting[i].waitsForKey = false
      waiting[i].until = min(waiting[i].until, waiting[i].from + waiting[i].full)
    }
  }

  mutating func endAnswer() { isAnswering = false }

  /// Shows none; what was said can still be read.
  mutating func hide() { waiting = [] }

  mutating func say(
    _ toast: Toast, now: Double, telling place: ToldPlace? = nil, of setting: String? = nil,
    untilKey: Bool = false
  ) {
    let message = Message(
      toast: toast, from: now, until: now, event: isAnswering ? event : nil, place: place,
      setting: setting, waitsForKey: untilKey)
    keep(message)
    var others = waiting.filter { other in
      other.until > now && other.toast != toast
        && (setting == nil || other.setting != setting)
    }
    guard isAnswering else { return schedule(others + [message], now: now) }
    others.removeAll { other in
      other.event.map { $0 != event } ?? (other.from + Self.least <= now)
    }
    let answers = others.filter { $0.event != nil }
    let news = others.filter { $0.event == nil }
    schedule(answers + [message] + news, now: now)
  }

  /// Says what a command asked for: it takes the place of what was answered before, and is read
  /// before what comes by itself.
  mutating func reply(_ toast: Toast, now: Double, telling place: ToldPlace?) {
    sayFirst(
      Message(
        toast: toast, from: now, until: now, event: event, least: Self.standard, place: place),
      now: now)
  }

  /// Says news at once: what was answered before has been read or does not matter now.
  mutating func interrupt(_ toast: Toast, now: Double, telling place: ToldPlace?) {
    sayFirst(Message(toast: toast, from: now, until: now, event: nil, place: place), now: now)
  }

  /// A message takes the place of what was answered, and is read before news.
  private mutating func sayFirst(_ message: Message, now: Double) {
    keep(message)
    let news = waiting.filter {
      $0.event == nil && $0.from + Self.least > now && $0.toast != message.toast
    }
    schedule([message] + news, now: now)
  }

  /// One message after the other; the last one has its full time.
  private mutating func schedule(_ messages: [Message], now: Double) {
    waiting = messages
    var start = now
    for i in waiting.indices {
      // What shows already goes on.
      if i > 0 || waiting[i].from > now { waiting[i].from = start }
      let isLast = i == waiting.count - 1
      waiting[i].until = max(
        now, waiting[i].from + (isLast ? waiting[i].full : waiting[i].least))
      start = waiting[i].until
    }
  }

  private mutating func keep(_ message: Message) {
    if log.last?.toast == message.toast { log.removeLast() }
    log.append(message)
    if log.count > Self.kept { log.removeFirst() }
  }

  /// The run stands at a moment: what was said of another one, or of another run, is no longer so.
  mutating func arrive(at lab: LabSnapshot) {
    for i in waiting.indices { waiting[i].place?.arrive(at: lab) }
    waiting.removeAll { $0.place?.isOver == true }
  }

  /// One turns to another page: what was said of the last one is over, but for what this key says.
  mutating func turnPage() {
    waiting.removeAll { message in message.event.map { $0 != event } ?? true }
  }

  /// One goes to another screen: why a key did nothing on the last one does not matter there.
  mutating func forgetRefusals() {
    waiting.removeAll { message in
      message.toast.kind == .warning && message.event.map { $0 != event } ?? false
    }
  }
}

extension AppState {
  /// The message that shows now.
  package var message: Message? { messages.shown(at: now) }

  /// Shows a message for some seconds, or shorter when others follow; `:messages` shows it again.
  package mutating func say(_ text: String, _ kind: Toast.Kind = .news) {
    say(text, kind, telling: nil)
  }

  /// The same, until the run is elsewhere.
  ///
  /// - Parameter setting: what was set; what is said of it takes the place of what was said before.
  mutating func say(
    _ text: String, _ kind: Toast.Kind = .news, telling place: ToldPlace?, of setting: String? = nil
  ) {
    messages.say(Toast(text, kind), now: now, telling: place, of: setting)
  }

  /// Says what one may want to look at until a key is pressed.
  mutating func sayUntilKey(_ text: String) {
    messages.say(Toast(text, .good), now: now, untilKey: true)
  }

  /// Shows no message any more.
  package mutating func hideMessages() { messages.hide() }

  /// What was said lately, the latest first, to read at leisure.
  var messageReader: Reader {
    let lines = messages.log.reversed().map { message in
      let ago = PassedTime.words(max(0, now - message.from))
      let padded = String(repeating: " ", count: max(0, 6 - ago.count)) + ago
      return "\(padded)  \(message.toast.kind.sign) \(message.toast.text)"
    }
    return Reader("Messages", lines.isEmpty ? ["nothing was said yet"] : lines)
  }
}
