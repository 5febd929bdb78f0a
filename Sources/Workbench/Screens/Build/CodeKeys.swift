import KerasCode
import NeuralNets
import TerminalGraphics

/// What can be done while the Keras code is edited: every other key types.
enum CodeKeys {
  static let all: [Binding] = [
    Binding(
      [.control("s")], "apply code", hint: "apply", help: "make the network that the code says"
    ) {
      $0.applyCode()
    },
    Binding(
      [KeyStroke(.escape)], "leave code", hint: "leave", help: "leave the code; the text is kept"
    ) {
      state in
      state.leaveCode()
      return []
    },
    Binding([.control("k")], "delete line", hint: "cut line", help: "delete the line of the cursor")
    {
      state in
      state.build.draft?.deleteLine()
      return []
    },
    Binding(
      [.control("r")], "start over", hint: "start over",
      help: "drop what was typed: the code of the network as it is"
    ) { state in
      state.build.draft = CodeDraft(KerasSource.lines(of: state.workpiece).map(\.text))
      return []
    },
  ]

  /// In the bar at the bottom.
  static var hints: StyledText {
    .joined(all.map { .hint($0.label, $0.hint) } + [.secondary("all other keys type")])
  }
}

extension AppState {
  /// Whether keys go into the code.
  var isEditingCode: Bool {
    screen == .build && (build.draft?.isOpen ?? false) && focusedPanel == "code" && overlay == nil
  }

  /// Opens the code to be edited, where it was left or at the chosen layer.
  mutating func openCode() {
    focus[.build] = "code"
    if var draft = build.draft, draft.isChanged {
      draft.isOpen = true
      build.draft = draft
      return
    }
    let lines = KerasSource.lines(of: workpiece)
    let row = lines.firstIndex { $0.about == buildLine } ?? 0
    build.draft = CodeDraft(lines.map(\.text), row: row)
  }

  /// Keys act again; a text that differs is kept.
  mutating func leaveCode() {
    guard var draft = build.draft else { return }
    draft.isOpen = false
    build.draft = draft.isChanged ? draft : nil
    if draft.isChanged { say("the text is kept, the network as it was; E goes on") }
  }

  /// Makes the network that the code says, or marks what was not understood.
  mutating func applyCode() -> [Effect] {
    guard var draft = build.draft else { return [] }
    do {
      var model = try KerasSource.network(in: draft.text)
      if model.compilation == nil { model.compilation = workpiece.model.compilation }
      if model.inputShape == nil { model.inputShape = workpiece.model.inputShape }
      if Self.isProgram(draft.text), draft.isChanged { return [.readProgram(draft.text)] }
      let isSame = model == workpiece.model
      edit { $0.model = model }
      build.draft = nil
      choose(line: min(buildLine, model.layers.count + 1))
      say(isSame ? "the code says what the network is" : "the network follows the code", .good)
    } catch let mistake as CodeMistake {
      draft.problem = CodeDraft.Problem(mistake)
      draft.isOnButton = false
      if let line = draft.problem?.line, draft.lines.indices.contains(line) {
        draft.place(row: line, column: draft.problem?.column ?? 0)
      }
      build.draft = draft
    } catch {
      draft.problem = CodeDraft.Problem(
        line: nil, column: 0, width: 0, message: "\(error)", remedy: nil)
      build.draft = draft
    }
    return []
  }

  /// A key while the code is edited.
  mutating func typeCode(_ stroke: KeyStroke) -> [Effect] {
    let plain = KeyStroke(stroke.key, stroke.modifiers.subtracting(.shift))
    if let binding = CodeKeys.all.first(where: { $0.keys.contains(plain) }) {
      return binding.run(&self)
    }
    if stroke == .control("c") {
      leaveCode()
      return []
    }
    guard var draft = build.draft else { return [] }
    switch stroke.key {
    case .enter where draft.isOnButton: return applyCode()
    case .enter: draft.breakLine()
    case .tab: draft.insert(String(repeating: " ", count: 4 - draft.column % 4))
    case .backspace: draft.deleteBackward()
    case .delete: draft.deleteForward()
    case .character(let c) where stroke.modifiers.subtracting(.shift).isEmpty:
      draft.insert(String(c))
    default: draft.move(stroke.key, page: 8)
    }
    build.draft = draft
    return []
  }
}

extension CodeDraft.Problem {
  init(_ mistake: CodeMistake) {
    self.init(
      line: mistake.line > 0 ? mistake.line - 1 : nil, column: mistake.column - 1,
      width: mistake.width, message: mistake.message, remedy: mistake.remedy)
  }
}
