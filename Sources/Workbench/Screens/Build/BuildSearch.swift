import NeuralNets
import TerminalGraphics

extension BuildScreen {
  package static func searchable(_ panel: String, _ state: AppState) -> Searchable? {
    switch panel {
    case "layers":
      return Searchable(layerLines(state), chosen: state.buildLine) { line, state in
        state.choose(line: line)
        return []
      }
    case "inspector":
      let fields = state.inspectorFields.map(\.label)
      return Searchable(fields, chosen: state.build.field) { line, state in
        state.build.field = line
        return []
      }
    default: return nil
    }
  }

  /// The input, each layer with its name and its settings, and the training.
  private static func layerLines(_ state: AppState) -> [String] {
    let layers = state.workpiece.model.layers.map { layer in
      "\(layer.kind) \(layer.arguments)"
    }
    return ["Input"] + layers + ["training compile optimizer loss"]
  }
}
