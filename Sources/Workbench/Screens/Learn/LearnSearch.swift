import TerminalGraphics

extension LearnScreen {
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    switch panel {
    case "course": return CoursePanel.searchable(state)
    case "text":
      guard let area = state.panels.first(where: { $0.id == "text" })?.area else { return nil }
      let lines = LessonTextPanel.lines(state, width: area.width - 5).map(\.plain)
      let shown = LessonTextPanel.shown(area)
      let last = max(0, lines.count - shown)
      let first = max(0, min(state.learn.scroll, last))
      return Searchable(
        lines, row: { $0 >= first && $0 < first + shown ? $0 - first + 1 : nil }
      ) { line, state in
        // A line that shows stays where it is.
        if line < first || line >= first + shown {
          state.learn.scroll = max(0, min(line - shown / 3, last))
        }
        return []
      }
    default: return nil
    }
  }
}
