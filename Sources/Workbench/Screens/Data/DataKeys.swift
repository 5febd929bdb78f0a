import Datasets
import TerminalGraphics
import Training

/// What can be done on Data.
enum DataKeys {
  /// The label of the field that narrows the list while one types.
  static let findLabel = "find"

  @Sendable private static func needsData(_ state: AppState) -> String? {
    state.data.preview == nil ? state.data.trouble ?? "no data set is shown" : nil
  }

  @Sendable private static func needsGenerator(_ state: AppState) -> String? {
    let isMade = !(state.dataEntry?.parameters.isEmpty ?? true)
    return isMade ? nil : "this data was measured, not made: there is no seed to change"
  }

  static func bindings(_ state: AppState) -> [Binding] {
    let isShaping = state.focusedPanel == DataPart.shape.rawValue
    let enter =
      isShaping
      ? Binding(
        [KeyStroke(.enter)], "type", hint: "type",
        help: "type the value of the chosen line", perform: ShapePanel.type)
      : Binding(
        [KeyStroke(.enter)], "use", hint: "use",
        help: "learn from this data set; a network that does not fit gives way to one that does",
        whyNot: needsData
      ) { $0.useShownData() }
    return [enter] + making + files
  }

  private static var making: [Binding] {
    [
      Binding(
        [KeyStroke("r")], "new seed", hint: "new seed",
        help: "make the examples again with the next seed", whyNot: needsGenerator
      ) { state in
        state.data.seed &+= 1
        return ShapePanel.remake(&state)
      },
      Binding(
        [KeyStroke("n")], "standardize", hint: "standardize",
        help: "bring each input to mean 0 and σ 1, fitted on what is learned from; or not"
      ) { state in
        state.workpiece.preparation.standardizes.toggle()
        state.say(
          state.workpiece.preparation.standardizes
            ? "each input is brought to mean 0 and σ 1 for the network"
            : "inputs are used as they are")
        return []
      },
    ]
  }

  private static var files: [Binding] {
    [
      Binding(
        [KeyStroke("o")], "open", hint: "open CSV",
        help: "open a .csv, .npz or .npy file; the last column is the target"
      ) { state in
        state.field = TextField("open the file") { path, _ in
          path.isEmpty ? [] : [.openData(path: path)]
        }
        return []
      },
      Binding(
        [KeyStroke("e")], "export", hint: "export",
        help: "write the examples to a .csv or .npz file", whyNot: needsData
      ) { state in
        let stem = state.data.name.split(separator: ".").first.map(String.init) ?? "data"
        state.field = TextField("export to", text: "\(stem)-export.csv") { path, state in
          export(to: path, &state)
        }
        return []
      },
      Binding([KeyStroke("/")], "find", hint: "find", help: "narrow the list to a name") { state in
        state.focus[.data] = DataPart.list.rawValue
        state.field = TextField(findLabel, text: "") { text, state in
          state.data.filter = text
          let listed = state.listedData
          state.data.list.select(0, count: listed.count)
          if let first = listed.first {
            state.showData(named: first.name)
          } else {
            state.data.filter = ""
            state.say("no data set has \(text) in its name", .warning)
          }
          return []
        }
        return []
      },
    ]
  }

  private static func export(to path: String, _ state: inout AppState) -> [Effect] {
    guard !path.isEmpty, let dataset = state.data.preview?.dataset else { return [] }
    do {
      switch path.lowercased() {
      case let name where name.hasSuffix(".csv"):
        return [.writeBytes(path: path, bytes: dataset.csv())]
      case let name where name.hasSuffix(".npz"):
        return [.writeBytes(path: path, bytes: try dataset.npz())]
      default:
        state.say("\(path): the name says the kind; right would end in .csv or .npz", .warning)
        return []
      }
    } catch {
      state.say("\(error)", .warning)
      return []
    }
  }
}
