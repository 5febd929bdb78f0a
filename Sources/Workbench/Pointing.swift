import TerminalGraphics

/// What the mouse is in the middle of.
struct Pointer: Sendable {
  /// The border that is dragged, how far from its place it was taken, and whether it moved.
  var border: Border?
  var grip = 0
  var hasMoved = false
  /// The line of sliders that is dragged.
  var slider: Int?
  /// The last click that only chose something: the next one there soon is a double click.
  var choice: (point: Point, time: Double)?
  /// The entry of a list over the screen that was clicked last.
  var entry: Int?

  /// Seconds between the clicks of a double click.
  static let pause = 0.4
}

extension AppState {
  mutating func point(_ mouse: Mouse) -> [Effect] {
    // With Shift the mouse is the terminal's own: it selects text there.
    guard !isTooSmall, !mouse.modifiers.contains(.shift) else { return [] }
    if let border = pointer.border, let effects = drag(border, mouse) { return effects }
    switch mouse.action {
    case .wheelUp, .wheelDown: return turnWheel(mouse)
    case .press where mouse.button == .left: return click(mouse)
    case .release:
      defer { pointer.slider = nil }
      return passOn(mouse) ?? []
    case .press, .drag: return passOn(mouse) ?? []
    }
  }

  private func panel(at point: Point) -> Panel? { panels.first { $0.area.contains(point) } }

  /// What a panel makes of the mouse beyond a click, such as a stroke of a drawing.
  private mutating func passOn(_ mouse: Mouse) -> [Effect]? {
    guard overlay == nil, field == nil, tour == nil, let panel = panel(at: mouse.point) else {
      return nil
    }
    return current.mouse(mouse, panel, &self)
  }

  // MARK: Clicks

  /// A click presses the key that stands there, else chooses what stands there; a second one on the
  /// same place is Enter.
  private mutating func click(_ mouse: Mouse) -> [Effect] {
    let spot = frame().spot(at: mouse.point)
    let isDouble =
      pointer.choice.map { $0.point == mouse.point && now - $0.time < Pointer.pause } ?? false
    pointer.choice = nil
    if overlay != nil { return clickOverlay(spot, mouse.point) }
    if case .key(let stroke)? = spot { return click(on: stroke, mouse.point) }
    guard field == nil else { return [] }
    if tour != nil { return TourPanel.area(self).contains(mouse.point) ? advanceTour() : [] }
    if let border = border(at: mouse.point) {
      if isDouble { return reset(border) }
      take(border, mouse.point)
    } else if isDouble {
      return press(KeyStroke(.enter))
    }
    let before = Editable(self)
    let effects = choose(mouse)
    if before.isSame(as: Editable(self)) { pointer.choice = (mouse.point, now) }
    return effects
  }

  private mutating func choose(_ mouse: Mouse) -> [Effect] {
    if let effects = passOn(mouse) { return effects }
    guard let panel = panel(at: mouse.point) else { return [] }
    focus[screen] = panel.id
    return current.click(mouse.point, panel, &self)
  }

  /// Presses a key that is shown, in the panel that shows it.
  private mutating func click(on stroke: KeyStroke, _ point: Point) -> [Effect] {
    if field != nil {
      // Other keys would be typed.
      return [.enter, .escape].contains(stroke.key) ? press(stroke) : []
    }
    if tour == nil, let panel = panel(at: point) { focus[screen] = panel.id }
    return press(stroke)
  }

  /// A click outside closes what lies over the screen; one on an entry chooses it, another does it.
  private mutating func clickOverlay(_ spot: HotSpot?, _ point: Point) -> [Effect] {
    switch spot {
    case .key(let stroke):
      guard case .character = stroke.key else { return pressOverlay(stroke) }
      // The places of the top line; elsewhere the character would be typed.
      guard point.y == 0 else { return [] }
      overlay = nil
      return press(stroke)
    case .entry(let entry):
      defer { pointer.entry = overlay == nil ? nil : entry }
      if pointer.entry == entry { return pressOverlay(KeyStroke(.enter)) }
      overlay?.select(entry)
    case .inside: break
    case nil: overlay = nil
    }
    return []
  }

  // MARK: The wheel

  /// The wheel belongs to the panel under the pointer, which need not have the focus: a plot may
  /// zoom there, everything else scrolls.
  private mutating func turnWheel(_ mouse: Mouse) -> [Effect] {
    let stroke = KeyStroke(mouse.action == .wheelUp ? .up : .down)
    guard field == nil, tour == nil else { return [] }
    if overlay != nil { return pressOverlay(stroke) }
    guard let panel = panel(at: mouse.point) else { return [] }
    if let effects = current.mouse(mouse, panel, &self) { return effects }
    let (here, focused) = (screen, focus[screen])
    focus[screen] = panel.id
    let effects = current.handle(stroke, &self) ?? []
    if screen == here { focus[screen] = focused }
    return effects
  }

  // MARK: Borders

  private mutating func take(_ border: Border, _ point: Point) {
    let along = border.axis == .upright ? point.x : point.y
    pointer.border = border
    pointer.hasMoved = false
    pointer.grip = place(of: border) - along
  }

  private mutating func drag(_ border: Border, _ mouse: Mouse) -> [Effect]? {
    switch mouse.action {
    case .drag:
      let along = border.axis == .upright ? mouse.point.x : mouse.point.y
      if move(border, to: along + pointer.grip) { pointer.hasMoved = true }
      return []
    case .release:
      pointer.border = nil
      return pointer.hasMoved ? [rememberBorders] : passOn(mouse)
    default:
      pointer.border = nil
      return nil
    }
  }
}

extension Overlay {
  /// Chooses an entry of its list.
  fileprivate mutating func select(_ entry: Int) {
    switch self {
    case .help(var help):
      help.selection.select(entry, count: entry + 1)
      self = .help(help)
    case .palette(var palette):
      palette.selection.select(entry, count: entry + 1)
      self = .palette(palette)
    case .menu(var menu):
      menu.selection.select(entry, count: entry + 1)
      self = .menu(menu)
    case .templates(var templates):
      templates.selection.select(entry, count: entry + 1)
      self = .templates(templates)
    case .reader, .question: break
    }
  }
}
