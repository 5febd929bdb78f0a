import TerminalGraphics

/// The line at the bottom: what can be pressed now, in words or in short words, so that as much as
/// possible fits; never wrapped, no word cut, no key without its word. `?` shows what is left out.
enum HintBar {
  /// A hint in its two lengths, the longer first.
  private struct Hint {
    let lengths: [StyledText]
    let isOpen: Bool
    /// Whether it is the way out, which is never left out.
    let isExit: Bool
    let widths: [Int]

    /// The other key of a pair, where the hint names two.
    static func other(of binding: Binding) -> KeyStroke? {
      let words = binding.hint.split(separator: " ", maxSplits: 1)
      guard words.count == 2, words[0].count == 1, let key = words[0].first else { return nil }
      return KeyStroke(key)
    }

    init(_ binding: Binding, isOpen: Bool) {
      self.isOpen = isOpen
      isExit = binding.keys.first?.key == .escape
      // A hint that begins with one character names the other key of a pair: `>` with `< phase`.
      let words = binding.hint.split(separator: " ", maxSplits: 1).map(String.init)
      let other = words.count == 2 && words[0].count == 1 ? words[0] : nil
      let meaning = other == nil ? binding.hint : words[1]
      let keys =
        other.map { StyledText.key(binding.label) + " " + .key($0) }
        ?? StyledText.key(binding.label)
      let all = [meaning, binding.shortHint ?? ShortWords.of(meaning)].map {
        keys + StyledText.secondary(" " + $0).pressing(binding.keys.first)
      }
      lengths = all.map { isOpen ? $0 : $0.inked(.faint) }
      widths = all.map(\.width)
    }
  }

  static func draw(_ state: AppState, on grid: inout CellGrid) {
    let y = state.size.height - 1
    let line = Rect(0, y, state.size.width, 1)
    grid.fill(line, background: .bar)
    if let field = state.field {
      guard field.isInPanel, state.panels.contains(where: { $0.id == state.focusedPanel }) else {
        return drawField(field, state, line, on: &grid)
      }
      grid.write(
        whole(answerHints(state), width: line.width - 2), at: Point(1, y), background: .bar)
      return
    }
    let right = rightHints(state)
    grid.writeTrailing(right, in: line.trimmed(right: 1), background: .bar)
    let room = line.trimmed(left: 1, right: right.width + 3)
    grid.write(hints(state, width: room.width), at: room.origin, background: .bar)
  }

  /// What is typed, around the cursor, and what the keys do in it.
  private static func drawField(
    _ field: TextField, _ state: AppState, _ line: Rect, on grid: inout CellGrid
  ) {
    var hints: [StyledText] = [.hint("Enter", "takes it"), .hint("Esc", "leaves it")]
    if field.endings != nil { hints.insert(.hint("Tab", "completes"), at: 0) }
    if let offer = state.fieldOffer, offer.count < state.size.width / 4 {
      hints.insert(.hint("↑", "“\(offer)”"), at: 0)
    }
    let label = StyledText.secondary(field.label + (field.label.hasSuffix("=") ? " " : ": "))
    while hints.count > 1, label.width + 20 + StyledText.joined(hints).width > line.width {
      // What takes the text stays longest.
      if hints.count > 2 { hints.removeFirst() } else { hints.removeLast() }
    }
    let right = StyledText.joined(hints)
    let shown = field.line.shown(width: max(8, line.width - right.width - label.width - 4))
    grid.write(label + .strong(shown), at: Point(1, line.y), background: .bar)
    grid.writeTrailing(right, in: line.trimmed(right: 1), background: .bar)
  }

  /// While an answer is typed into its panel.
  private static func answerHints(_ state: AppState) -> StyledText {
    .joined([
      .hint("Enter", "check"), .hint("Esc", "stop typing"), .hint("h", "hint"),
      .hint("PgDn", state.hasTextBelow ? "read on" : "next page"), .hint("Tab", "text"),
    ])
  }

  /// What stands at the right end whatever happens.
  private static func rightHints(_ state: AppState) -> StyledText {
    if case .question? = state.overlay { return StyledText() }
    if state.overlay != nil { return .hint("Esc", "close") }
    if state.tour != nil || state.isTypingElsewhere { return StyledText() }
    return state.isCompact
      ? .hint("?", "help") + " " + .hint(":", "cmd") + " " + .hint("q", "quit")
      : .hint("?", "help") + "  " + .hint(":", "commands") + "  " + .hint("q", "quit")
  }

  private static func hints(_ state: AppState, width: Int) -> StyledText {
    if let overlay = state.overlay { return whole(overlay.hints, width: width) }
    if state.searchHere?.isTyping ?? false {
      return .joined([
        .hint("Enter", "keep it"), .hint("↑↓", "previous, next"), .hint("Esc", "end it"),
      ])
    }
    if let tour = state.tour { return TourPanel.hints(tour) }
    if state.isEditingCode { return whole(CodeKeys.hints, width: width) }
    let own = state.screenBindings
    let taken = Set(own.flatMap(\.keys))
    let gap = state.isCompact ? 1 : 2
    let all = own.filter { !$0.hint.isEmpty }.map { binding in
      // Of a pair one key that does something is enough.
      let other = Hint.other(of: binding).flatMap { key in own.first { $0.keys.contains(key) } }
      return Hint(
        binding,
        isOpen: binding.whyNot(state) == nil || other.map { $0.whyNot(state) == nil } ?? false)
    }
    let shown = fitting(all, gap: gap, width: width)
    // What holds everywhere takes what room is left.
    let more = Binding.everywhere.first {
      !$0.hint.isEmpty && taken.isDisjoint(with: $0.keys) && $0.whyNot(state) == nil
    }
    guard let next = more.map({ Hint($0, isOpen: true).lengths[0] }),
      shown.width + gap + next.width <= width
    else { return shown }
    return shown + StyledText(String(repeating: " ", count: gap)) + next
  }

  /// The hints as long as they fit: what cannot be done now gives its place to what can; then the
  /// last ones, which matter least, are shortened to short words, and only then left out.
  private static func fitting(_ hints: [Hint], gap: Int, width: Int) -> StyledText {
    var lengths: [Int?] = hints.map { _ in 0 }
    var total = hints.reduce(-gap) { $0 + gap + $1.widths[0] }
    for place in hints.indices.reversed() where total > width {
      total += hints[place].widths[1] - hints[place].widths[0]
      lengths[place] = 1
    }
    func leaveOut(where mayGo: (Hint) -> Bool) {
      for place in hints.indices.reversed() where total > width && mayGo(hints[place]) {
        guard let length = lengths[place] else { continue }
        total -= gap + hints[place].widths[length]
        lengths[place] = nil
      }
    }
    leaveOut { !$0.isOpen }
    leaveOut { !$0.isExit }
    leaveOut { _ in true }
    // What was left out may have made room for longer words.
    for place in hints.indices where lengths[place] == 1 {
      let more = hints[place].widths[0] - hints[place].widths[1]
      guard total + more <= width else { continue }
      total += more
      lengths[place] = 0
    }
    let shown = zip(hints, lengths).compactMap { hint, length in length.map { hint.lengths[$0] } }
    let between = StyledText(String(repeating: " ", count: gap))
    return shown.dropFirst().reduce(shown.first ?? StyledText()) { $0 + between + $1 }
  }

  /// The parts of a text, two blanks between them, that fit whole.
  private static func whole(_ text: StyledText, width: Int) -> StyledText {
    guard text.width > width else { return text }
    var shown = StyledText()
    var part = StyledText()
    for run in text.runs {
      if run.text == "  " {
        shown = shown + part
        part = StyledText(runs: [run])
      } else {
        part = part + StyledText(runs: [run])
      }
      guard (shown + part).width <= width else { return shown }
    }
    return shown + part
  }
}

extension AppState {
  /// Whether letters go into a search or into code, so that no key means a command.
  fileprivate var isTypingElsewhere: Bool { searchHere?.isTyping ?? false || isEditingCode }
}

/// Hints of several words in one word.
enum ShortWords {
  private static let known: [String: String] = [
    "one step": "step", "step through": "step", "next line": "line", "train on": "train",
    "open, close, go": "open", "begin a run": "begin", "first lesson": "lesson",
    "new network": "network", "see it on Train": "see", "what it means": "what",
    "next page": "page", "new seed": "seed", "open CSV": "open", "get one": "get",
    "keep, use": "keep", "new run": "new", "time step": "time", "standardize": "scale",
    "do it": "do it",
  ]

  /// Words that say nothing alone.
  static let empty: Set<String> = ["this", "these", "all", "the", "a", "an", "its", "next", "one"]

  static func of(_ words: String) -> String {
    if let short = known[words] { return short }
    let all = words.split(separator: " ").map(String.init)
    // `this unit` is a unit, not a this.
    return all.first { !empty.contains($0) } ?? words
  }
}
