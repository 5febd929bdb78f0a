import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// What can be done on Build.
enum BuildBindings {
  static func all(_ state: AppState) -> [Binding] {
    if state.isEditingCode { return CodeKeys.all }
    return [enter(state)].compactMap(\.self) + editing + running + moving + templates
      + diagram(state) + branches + settings + files
  }

  private static let noLayer: @Sendable (AppState) -> String? = {
    $0.chosenLayer == nil ? "choose a layer first: ↑ ↓ in the list" : nil
  }

  /// Why an edit of the chosen layer cannot be done, nil when it can.
  private static func refusal(
    _ edit: @escaping @Sendable (GraphEdits, Int) throws -> GraphEdits.Outcome
  ) -> @Sendable (AppState) -> String? {
    { state in
      if let reason = noLayer(state) { return reason }
      guard let call = state.chosenCall else { return "this layer is called nowhere" }
      return state.refusal { try edit($0, call) }
    }
  }

  /// Why nothing can change what flows where, nil when it can.
  private static let fixed: @Sendable (AppState) -> String? = { state in
    do {
      _ = try state.graphEdits()
      return nil
    } catch { return "\(error)" }
  }

  /// A binding that edits and does nothing outside.
  private static func edit(
    _ key: Character, _ name: String, hint: String = "", help: String,
    whyNot: @escaping @Sendable (AppState) -> String? = { _ in nil },
    perform: @escaping @Sendable (inout AppState) -> Void
  ) -> Binding {
    Binding([KeyStroke(key)], name, hint: hint, help: help, whyNot: whyNot) { state in
      perform(&state)
      return []
    }
  }

  /// Enter does the marked way out where there is one, and opens a field elsewhere.
  private static func enter(_ state: AppState) -> Binding? {
    if state.offersWayOut {
      return Binding(
        [KeyStroke(.enter)], "take the way out", hint: "do it",
        help: "do the marked way out; u undoes it"
      ) { state in
        state.takeWayOut()
        return []
      }
    }
    switch state.focusedPanel {
    case "network":
      return Binding(
        [KeyStroke(.enter)], "inspect", hint: "settings",
        help: "go to the settings of the chosen layer"
      ) { state in
        state.focus[.build] = "inspector"
        return []
      }
    case "checks": return CheckKeys.enter(state)
    case "code":
      return Binding(
        [KeyStroke(.enter)], "edit code here", hint: "edit",
        help: "edit the Keras code, beginning at the chosen layer"
      ) { state in
        state.openCode()
        return []
      }
    default: break
    }
    guard ["layers", "inspector"].contains(state.focusedPanel), let field = state.chosenField else {
      return nil
    }
    return Binding(
      [KeyStroke(.enter)], "set \(field.label)", hint: "change \(field.label)",
      shortHint: field.label.count <= 8 ? "change \(field.label)" : nil,
      help: "\(field.label): \(field.spec.help); type a value or choose from a list"
    ) { state in
      state.openField()
      return []
    }
  }

  private static let editing: [Binding] = [
    edit(
      "a", "add layer below", hint: "add", help: "add a layer below this line", whyNot: fixed
    ) {
      $0.offerLayers(above: false)
    },
    edit("A", "add layer above", help: "add a layer above this line", whyNot: fixed) {
      $0.offerLayers(above: true)
    },
    edit(
      "x", "delete layer", hint: "delete", help: "delete the layer; u brings it back",
      whyNot: refusal { try $0.removing($1) }
    ) { $0.deleteLayer() },
  ]

  private static let moving: [Binding] = [
    edit(
      "d", "duplicate layer", help: "the same layer once more, below it",
      whyNot: refusal { try $0.duplicating($1) }
    ) { $0.duplicateLayer() },
    edit(
      "J", "move layer down", hint: "K move", help: "move the layer down",
      whyNot: refusal { try $0.movingDown($1) }
    ) { $0.moveLayer(by: 1) },
    edit(
      "K", "move layer up", help: "move the layer up", whyNot: refusal { try $0.movingUp($1) }
    ) { $0.moveLayer(by: -1) },
  ]

  /// In the diagram the size of a layer and the example are a key away.
  private static func diagram(_ state: AppState) -> [Binding] {
    guard ["network", "layers"].contains(state.focusedPanel) else { return [] }
    let noSize: @Sendable (AppState) -> String? = {
      noLayer($0) ?? ($0.sizeField == nil ? "this layer has no size to be set" : nil)
    }
    let noValues: @Sendable (AppState) -> String? = { state in
      state.runHasThisNetwork ? nil : "values need a run of this network: t trains it"
    }
    return [
      Binding(
        [KeyStroke("+"), KeyStroke("=")], "more units", help: "more units, filters or share",
        whyNot: noSize
      ) { state in
        if let field = state.sizeField { state.step(field, 1) }
        return []
      },
      Binding(
        [KeyStroke("-")], "fewer units", help: "fewer units, filters or share", whyNot: noSize
      ) {
        state in
        if let field = state.sizeField { state.step(field, -1) }
        return []
      },
      Binding(
        [KeyStroke("]")], "next example", help: "show the values for the next example",
        whyNot: noValues
      ) { $0.chooseExample(1) },
      Binding(
        [KeyStroke("[")], "previous example", help: "show the values for the example before",
        whyNot: noValues
      ) { $0.chooseExample(-1) },
    ]
  }

  private static let branches: [Binding] = [
    edit(
      "b", "branch", hint: "branch",
      help: "a branch from here: its first layer, then where it joins",
      whyNot: fixed
    ) { $0.offerBranch() },
    edit(
      "S", "skip connection", help: "a short way from here past later layers, added or laid beside",
      whyNot: fixed
    ) { $0.offerSkip() },
    edit(
      "m", "merge", help: "merge this layer with another one: Add, Concatenate, Multiply, …",
      whyNot: fixed
    ) { $0.offerMerge() },
    edit(
      "r", "rewire", help: "let this layer take its numbers from another place",
      whyNot: { fixed($0) ?? noLayer($0) }
    ) { $0.offerRewiring() },
    edit(
      "g", "graph", help: "all that changes what flows where: share, further inputs and outputs",
      whyNot: fixed
    ) { $0.offerGraphEdits() },
  ]

  private static let running: [Binding] = [
    Binding(
      [KeyStroke("t")], "train", hint: "train", help: "train this network, and watch on Train",
      whyNot: BuildChecks.whyNoRun
    ) { $0.trainWorkpiece() },
    Binding(
      [KeyStroke("s")], "step", hint: "step", help: "step through this network: goes to Step",
      whyNot: BuildChecks.whyNoRun
    ) { $0.stepWorkpiece() },
  ]

  private static let templates: [Binding] = [
    edit("T", "templates", hint: "templates", help: "begin with a network made for the data") {
      $0.offerTemplates()
    }
  ]

  private static let settings: [Binding] = [
    edit(
      "c", "compile", hint: "compile", help: "how it is trained: optimizer, loss, batch, epochs"
    ) {
      $0.choose(line: $0.workpiece.model.layers.count + 1)
      $0.focus[.build] = "inspector"
    },
    Binding(
      [KeyStroke("E")], "edit code", hint: "code",
      help: "edit the Keras code in its panel; the network follows when it is applied"
    ) { state in
      state.openCode()
      return []
    },
    edit("n", "new network", help: "begin anew: how many layers at first; u brings this one back") {
      $0.offerNewNetwork()
    },
  ]

  private static let files: [Binding] = [
    edit("w", "save", hint: "save", help: "write the Keras code to a file") { state in
      state.field = TextField("save as", text: state.workpiece.fileName, files: [".py"]) {
        path, state in
        guard !path.trimmed.isEmpty else {
          state.say("a file needs a name", .warning)
          return []
        }
        return state.save(as: path.trimmed)
      }
    },
    edit("o", "open", help: "read a network from a file of Keras code") { state in
      state.field = TextField("open", files: [".py"]) { path, state in
        guard !path.trimmed.isEmpty else { return [] }
        return [.openModel(path: path.trimmed)]
      }
    },
    Binding([KeyStroke("y")], "copy", help: "copy the Keras code") { state in
      state.say("the code is copied", .good)
      return [.copy(state.build.code(state))]
    },
  ]
}

extension AppState {
  /// Whether Enter does the marked way out: in their panel, and on the line that does not fit.
  var offersWayOut: Bool {
    let focused = focusedPanel
    guard focused == "ways" || focused == "layers" else { return false }
    let blueprint = Blueprint(workpiece)
    guard let failing = blueprint.failingLine, focused == "ways" || buildLine == failing else {
      return false
    }
    return !WayOut.all(for: blueprint, workpiece.dataset).isEmpty
  }

  mutating func takeWayOut() {
    let ways = WayOut.all(for: Blueprint(workpiece), workpiece.dataset)
    guard !ways.isEmpty else { return }
    let way = ways[max(0, min(build.wayOut, ways.count - 1))]
    edit { $0.model = way.model }
    choose(line: way.line)
    focus[.build] = "layers"
  }

  /// Writes the code; a file that holds more than its network is not replaced by less.
  ///
  /// - Parameter replaces: whether another file of that name may go for it; its own always may.
  mutating func save(as path: String, replaces: Bool = false) -> [Effect] {
    do { _ = try KerasSource.rewritten(workpiece) } catch {
      guard path != workpiece.fileName else {
        say("not saved: \(error)", .warning)
        return []
      }
      workpiece.source = nil
    }
    return [
      .write(
        path: path, text: build.code(self), replaces: replaces || path == workpiece.fileName)
    ]
  }
}
