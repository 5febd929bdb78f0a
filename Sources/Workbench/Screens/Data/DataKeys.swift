import Datasets
import TerminalGraphics
import Training

/// What can be done on Data while one looks at data.
enum DataKeys {
  @Sendable private static func needsData(_ state: AppState) -> String? {
    state.data.preview == nil ? state.data.trouble ?? "no data set is shown" : nil
  }

  static func bindings(_ state: AppState) -> [Binding] {
    let isShaping = state.focusedPanel == DataPart.shape.rawValue
    let enter =
      isShaping
      ? Binding(
        [KeyStroke(.enter)], "type", hint: "type",
        help: "type the value of the chosen line", perform: ShapeChange.type)
      : Binding(
        [KeyStroke(.enter)], "use", hint: "use",
        help: "learn from this data set; a network that does not fit gives way to one that does",
        whyNot: needsData
      ) { $0.useShownData() }
    return [enter] + space(state) + views + making + files
  }

  /// Space where it has a meaning.
  private static func space(_ state: AppState) -> [Binding] {
    if state.focusedPanel == DataPart.shape.rawValue {
      return [
        Binding(
          [KeyStroke(" ")], "in or out", hint: "in/out",
          help: "take the chosen input in or out, or standardize or not",
          whyNot: { state in
            ShapePanel.chosen(state)?.isToggle ?? false
              ? nil : "this line is a number: ← → change it, Enter types it"
          }
        ) { state in
          ShapePanel.chosen(state).map { ShapeChange.change($0, by: 1, &state) } ?? []
        }
      ]
    }
    guard state.focusedPanel == DataPart.picture.rawValue, state.data.view == .columns else {
      return []
    }
    return [
      Binding(
        [KeyStroke(" ")], "mark", hint: "mark",
        help: "mark this input for the pairs, or no longer", whyNot: needsData,
        perform: ColumnsView.mark)
    ]
  }

  private static var views: [Binding] {
    [
      Binding(
        [KeyStroke("v")], "next view", hint: "view",
        help: "the next view: plot or pictures, columns, pairs, classes, advice",
        whyNot: needsData
      ) { show(by: 1, &$0) },
      Binding(
        [KeyStroke("V")], "view before", help: "the view before", whyNot: needsData
      ) { show(by: -1, &$0) },
      Binding(
        [KeyStroke("d")], "draw", hint: "draw",
        help: "draw an example, or points of your own; see what the run says",
        whyNot: needsData
      ) { $0.draw(from: nil) },
      Binding(
        [KeyStroke("t")], "train",
        help: "train the network at hand on the data in use, and watch",
        whyNot: { state in
          state.isShownDataInUse
            ? nil : "\(state.data.name) is not in use yet: Enter gives it to the network"
        }
      ) { $0.trainWorkpiece() },
    ]
  }

  private static func show(by places: Int, _ state: inout AppState) -> [Effect] {
    let all = DataView.allCases
    let here = all.firstIndex(of: state.data.view) ?? 0
    state.data.view = all[(here + places + all.count) % all.count]
    state.focus[.data] = DataPart.picture.rawValue
    return []
  }

  private static var making: [Binding] {
    [
      Binding(
        [KeyStroke("r")], "new seed", hint: "new seed",
        help: "make the examples again with the next seed", whyNot: ShapeChange.noSeed
      ) { ShapeChange.nextSeed(by: 1, &$0) },
      Binding(
        [KeyStroke("n")], "standardize", hint: "standardize",
        help: "bring each input to mean 0 and σ 1, fitted on what is learned from; or not",
        perform: ShapeChange.toggleStandardizing),
      Binding(
        [KeyStroke("0")], "as it came", help: "take back all that is done to this data set",
        whyNot: { state in
          state.data.specifications[state.data.name].map {
            $0.settings.isEmpty && $0.options == DataOptions()
          } ?? true ? "nothing is done to this data set" : nil
        }
      ) { state in
        state.reshapeData {
          $0.settings = [:]
          $0.options = DataOptions()
        }
      },
    ]
  }

  private static var files: [Binding] {
    [
      Binding(
        [KeyStroke("o")], "open", hint: "open CSV",
        help: "open a .csv, .npz or .npy file; options may follow: x.csv:target=price,missing=mean"
      ) { state in
        state.field = TextField("open the file", files: UserData.fileTypes.map { "." + $0 }) {
          path, _ in
          path.isEmpty ? [] : [.openData(path: path)]
        }
        return []
      },
      Binding(
        [KeyStroke("e")], "export", hint: "export",
        help: "write the examples to a .csv or .npz file", whyNot: needsData
      ) { state in
        let file = (try? DataSpecification(parsing: state.data.name))?.name ?? state.data.name
        let name =
          file.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? "data"
        state.field = TextField("export to", text: "\(name)-export.csv", files: [".csv", ".npz"]) {
          path, state in
          export(to: path, &state)
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
