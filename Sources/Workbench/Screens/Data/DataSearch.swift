import Datasets
import TerminalGraphics

extension DataScreen {
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    switch DataPart(rawValue: panel) {
    case .list:
      let all = state.allData
      let here = all.firstIndex { $0.name == state.data.name }
      return Searchable(
        state.searchedWords(of: all), isNarrowing: true, chosen: here
      ) { line, state in
        guard all.indices.contains(line) else { return [] }
        let listed = state.listedData
        state.data.list.select(
          listed.firstIndex { $0.name == all[line].name } ?? 0, count: listed.count)
        state.showData(named: all[line].name)
        return []
      }
    case .picture where state.data.view == .columns:
      guard let preview = state.data.preview else { return nil }
      return Searchable(preview.summaries.map(\.name), chosen: state.data.column) { line, state in
        state.data.column = line
        return []
      }
    default: return nil
    }
  }
}

extension AppState {
  /// What a search finds each data set by: its name, or all that is said of it where no name has
  /// what is looked for.
  func searchedWords(of listings: [DataListing]) -> [String] {
    let wanted = narrowing(.data, DataPart.list.rawValue).lowercased()
    let names = listings.map(\.name)
    guard !names.contains(where: { $0.lowercased().contains(wanted) }) else { return names }
    return listings.map { "\($0.name) \($0.target) \($0.summary)" }
  }
}
