import NeuralNets
import TerminalGraphics
import Training

extension TrainScreen {
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    switch TrainPart(rawValue: panel) {
    case .settings:
      let fields = SettingField.all(state).map { "\($0.name(state)) \($0.value(state))" }
      return Searchable(fields, chosen: state.train.setting.index) { line, state in
        state.train.setting.select(line, count: SettingField.all(state).count)
        return []
      }
    case .layers:
      let scene = LayerScene(state)
      guard !scene.layers.isEmpty else { return nil }
      return Searchable(scene.layers.map(\.name), chosen: scene.chosenLayer) { line, state in
        (state.train.layers.layer, state.train.layers.unit) = (line, 0)
        return []
      }
    default: return nil
    }
  }
}
