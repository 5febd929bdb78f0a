import TerminalGraphics
import Training

extension AppState {
  /// Takes an event and says what is to be done outside.
  package mutating func handle(_ event: Event) -> [Effect] {
    switch event {
    case .resize(let size):
      self.size = size
      return []
    case .key(let key, let modifiers): return press(KeyStroke(key, modifiers))
    case .paste(let text): return paste(text)
    case .mouse(let mouse): return point(mouse)
    case .leave: return [.quit]
    case .wake, .redraw: return []
    }
  }

  /// Takes news of the run.
  package mutating func receive(_ snapshot: LabSnapshot) {
    let isOther = snapshot.runNumber != lab.runNumber
    lab = snapshot
    if isOther { step = StepState() }
    if let failure = snapshot.failure { say(failure, .warning) }
    noteKept()
  }

  private mutating func press(_ stroke: KeyStroke) -> [Effect] {
    if isTooSmall {
      return stroke == KeyStroke("q") || stroke == .control("c") ? [.quit] : []
    }
    if field != nil { return type(stroke) }
    if overlay != nil { return pressOverlay(stroke) }
    if let effects = pressTour(stroke) { return effects }
    // An upper-case letter may come with or without shift.
    let plain = KeyStroke(stroke.key, stroke.modifiers.subtracting(.shift))
    for candidate in stroke == plain ? [stroke] : [stroke, plain] {
      if let binding = bindings.first(where: { $0.keys.contains(candidate) }) {
        return binding.run(&self)
      }
    }
    return current.handle(stroke, &self) ?? []
  }

  /// Everything that can be done now: the screen's own first, then what holds everywhere but for
  /// keys to which the screen gives a meaning of its own.
  package var bindings: [Binding] {
    let own = current.bindings(self)
    let taken = Set(own.flatMap(\.keys))
    return own + Binding.everywhere.filter { taken.isDisjoint(with: $0.keys) }
  }

  // MARK: Typing

  private mutating func type(_ stroke: KeyStroke) -> [Effect] {
    guard var open = field else { return [] }
    switch stroke.key {
    case .escape: field = nil
    case .enter:
      field = nil
      return open.commit(open.text, &self)
    case .backspace:
      if !open.text.isEmpty { open.text.removeLast() }
      field = open
    case .character("u") where stroke.modifiers.contains(.control):
      open.text = ""
      field = open
    case .character(let c) where stroke.modifiers.subtracting(.shift).isEmpty:
      if open.allows?.contains(c) ?? true { open.text.append(c) }
      field = open
    default: break
    }
    return []
  }

  private mutating func paste(_ text: String) -> [Effect] {
    if var open = field {
      let line = text.prefix { !$0.isNewline }
      open.text += line.filter { open.allows?.contains($0) ?? true }
      field = open
      return []
    }
    if case .palette(var palette) = overlay {
      palette.text += text.prefix { !$0.isNewline }
      overlay = .palette(palette)
      return []
    }
    return screen == .build ? BuildScreen.paste(text, &self) : []
  }

  // MARK: Mouse

  private mutating func point(_ mouse: Mouse) -> [Effect] {
    guard !isTooSmall else { return [] }
    switch mouse.action {
    case .wheelUp, .wheelDown:
      return press(KeyStroke(mouse.action == .wheelUp ? .up : .down))
    case .press, .drag, .release:
      if let effects = draw(mouse) { return effects }
      return mouse.action == .press && mouse.button == .left ? click(mouse.point) : []
    }
  }

  /// What a panel makes of the mouse beyond a click, such as a stroke of a drawing.
  private mutating func draw(_ mouse: Mouse) -> [Effect]? {
    guard overlay == nil, field == nil, tour == nil,
      let panel = panels.first(where: { $0.area.contains(mouse.point) })
    else { return nil }
    return current.mouse(mouse, panel, &self)
  }

  private mutating func click(_ point: Point) -> [Effect] {
    if overlay != nil || field != nil { return [] }
    if tour != nil { return TourPanel.area(self).contains(point) ? advanceTour() : [] }
    if point.y == 0 {
      guard let name = TopLine.screen(at: point.x, self) else { return [] }
      return go(to: name)
    }
    if point.y == size.height - 1 {
      guard let binding = HintBar.binding(at: point.x, self) else { return [] }
      return binding.run(&self)
    }
    guard let panel = panels.first(where: { $0.area.contains(point) }) else { return [] }
    focus[screen] = panel.id
    return current.click(point, panel, &self)
  }
}
