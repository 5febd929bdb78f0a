import TerminalGraphics

extension AppState {
  /// Where a message stands in a small window with a task: above it, so that its title and
  /// what is typed stay in sight; nil elsewhere.
  var roomBesideTask: Rect? {
    guard screen == .learn, isCompact, let task = panels.first(where: { $0.id == "try" })?.area,
      task.y > body.y
    else { return nil }
    return body.trimmed(bottom: body.bottom - task.y)
  }
}
