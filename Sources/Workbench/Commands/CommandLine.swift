import Datasets
import TerminalGraphics
import Training

/// What is typed at `:` and is not the name of a binding.
enum CommandLine {
  /// Runs a typed command; what it cannot understand goes to the debugger, which says why not.
  static func run(_ text: String, _ state: inout AppState) -> [Effect] {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first else { return [] }
    if let effects = LookCommands.run(words, &state) ?? PictureCommands.run(words, &state) {
      return effects
    }
    if let why = state.whyHidden(text) {
      state.say(why, .warning)
      return []
    }
    let rest = words.dropFirst().joined(separator: " ")
    switch first {
    case "open" where !rest.isEmpty:
      return UserData.fileTypes.contains { rest.hasSuffix("." + $0) }
        ? [.openData(path: rest)] : [.openModel(path: rest)]
    case "save" where !rest.isEmpty, "save!" where !rest.isEmpty:
      let replaces = first == "save!"
      return rest.hasSuffix(".safetensors")
        ? [.saveWeights(path: rest, replaces: replaces)] : state.save(as: rest, replaces: replaces)
    case "pace": return PaceCommand.run(Array(words.dropFirst()), &state)
    case "ask" where !rest.isEmpty: return SeedPanel.ask(text, &state)
    case "verdict" where rest.isEmpty && state.lab.fault != nil: return FaultKeys.suspect(&state)
    case "display" where !rest.isEmpty: return WatchKeys.add(rest, &state)
    case "undisplay" where !rest.isEmpty: return WatchKeys.remove(rest, &state)
    case "fold", "unfold", "into": return FoldCommands.run(first, rest, &state) ?? [.ask(text)]
    case "step" where words.dropFirst().first == "into":
      let place = words.dropFirst(2).joined(separator: " ")
      return FoldCommands.run("into", place, &state) ?? [.ask(text)]
    case _ where isCode(text, state): return BuildScreen.typed(text, &state)
    default: return [.ask(text)]
    }
  }

  /// Whether a line is Keras code that changes the network: on Build, where the network is.
  static func isCode(_ text: String, _ state: AppState) -> Bool {
    state.screen == .build
      && (text.contains("(") && text.contains(")") || text.hasPrefix("model."))
  }
}
