import NeuralNets
import TerminalGraphics
import Training

extension TrainScreen {
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    switch TrainPart(rawValue: panel) {
    case .settings:
      let fields = SettingsPanel.Field.allCases.map { "\($0.name) \($0.value(state))" }
      return Searchable(fields, chosen: state.train.setting.index) { line, state in
        state.train.setting.select(line, count: SettingsPanel.Field.allCases.count)
        return []
      }
    case .layers:
      guard let layers = state.lab.network?.layers, !layers.isEmpty else { return nil }
      return Searchable(layers.map(\.name), chosen: state.train.firstLayer) { line, state in
        state.train.firstLayer = line
        return []
      }
    default: return nil
    }
  }
}
