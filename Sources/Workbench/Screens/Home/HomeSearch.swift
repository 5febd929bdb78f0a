import TerminalGraphics

extension HomeScreen {
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    switch panel {
    case "course": CoursePanel.searchable(state)
    case "runs":
      Searchable(
        RunsPanel.lines(state), isNarrowing: true, chosen: state.home.runs.index
      ) { line, state in
        state.home.runs.select(line, count: state.home.contents.latest.count)
        return []
      }
    default: nil
    }
  }
}

extension CoursePanel {
  /// What a search finds of each lesson: its number, its title, all its text and its words.
  static func lines(_ state: AppState) -> [String] {
    state.home.contents.lessons.map {
      state.learn.index[$0.id]?.text ?? "\($0.number) \($0.title)"
    }
  }

  static func searchable(_ state: AppState) -> Searchable {
    Searchable(lines(state), isNarrowing: true, chosen: state.home.lessons.index) { line, state in
      state.home.lessons.select(line, count: state.home.contents.lessons.count)
      state.learn.overview = nil
      return []
    }
  }
}

extension RunsPanel {
  static func lines(_ state: AppState) -> [String] {
    state.home.contents.latest.map { "r\($0.number) \($0.data) \($0.name ?? "") \($0.model)" }
  }
}
