import TerminalGraphics

/// A picture to be written: what it shows, and where it goes.
package struct PictureRequest: Sendable {
  /// The frame, or the panel alone.
  package let grid: CellGrid
  package let theme: Theme
  package let path: String
  /// The ending of the file's name: `png`, `svg` or `txt`.
  package let ending: String
  /// Whether a file of that name may be replaced.
  package let replaces: Bool
  /// What is typed to replace it: `save! loss.png loss`.
  package let replacing: String
}

/// `:save NAME.png|.svg|.txt [PANEL]`: the screen, or a panel of it, as a picture.
enum PictureCommands {
  static let guide: [(form: String, does: String)] = [
    (
      "save NAME.png PANEL",
      "a picture: .png, .svg or .txt; of the screen, of a panel by name, or of this \"panel\""
    ),
    ("save! NAME.png", "the same in the place of a file that is there"),
  ]

  private static let endings = ["png", "svg", "txt"]
  /// Endings of what else is saved.
  private static let others = ["py", "safetensors"]
  /// Endings of pictures that are not written.
  private static let strangers = ["bmp", "gif", "jpeg", "jpg", "pdf", "ps", "tif", "tiff", "webp"]

  /// Nil when the line saves no picture.
  static func run(_ words: [String], _ state: inout AppState) -> [Effect]? {
    guard words.count >= 2, words[0] == "save" || words[0] == "save!" else { return nil }
    let (path, panel) = parted(Array(words.dropFirst()))
    let last = path.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    let ending = last.lowercased()
    let isPicture = path.contains(".") && endings.contains(ending)
    guard isPicture else {
      guard strangers.contains(ending) || words[0] == "save!" && !others.contains(ending)
      else { return nil }
      state.say(
        "\(path): pictures end in .png, .svg or .txt; code in .py, weights in .safetensors",
        .warning)
      return []
    }
    guard let grid = picture(of: panel, ending == "txt" ? state.ability : .full, state) else {
      let names = state.panels.map(\.id).joined(separator: ", ")
      state.say("there is no panel \(panel ?? "") here; there are \(names)", .warning)
      return []
    }
    return [
      .picture(
        PictureRequest(
          grid: grid, theme: state.look.theme, path: path, ending: ending,
          replaces: words[0] == "save!",
          replacing: (["save!"] + words.dropFirst()).joined(separator: " ")))
    ]
  }

  /// The name, which may hold blanks, up to its ending; what follows is the panel's.
  private static func parted(_ words: [String]) -> (path: String, panel: String?) {
    let last = words.firstIndex { word in endings.contains { word.lowercased().hasSuffix("." + $0) }
    }
    guard let last else { return (words.joined(separator: " "), nil) }
    let panel = words[(last + 1)...].joined(separator: " ")
    return (words[...last].joined(separator: " "), panel.isEmpty ? nil : panel)
  }

  /// The frame without what lies over it, or a panel of it; nil when there is none of that name.
  private static func picture(
    of panel: String?, _ ability: Ability, _ state: AppState
  ) -> CellGrid? {
    var shown = state
    shown.overlay = nil
    shown.messages.hide()
    shown.field = nil
    shown.ability = ability
    guard let panel else { return shown.frame() }
    let name = panel.lowercased()
    let ids = state.current.panels(state, in: state.body).map(\.id)
    let id =
      name == "panel"
      ? state.focusedPanel
      : ids.first { $0 == name }
        ?? ids.first { $0.hasPrefix(name) }
    guard let id else { return nil }
    // A panel that gave way to another one shows when it has the focus.
    shown.focus[state.screen] = id
    guard let area = shown.panels.first(where: { $0.id == id })?.area, !area.isEmpty else {
      return nil
    }
    return shown.picture(of: Panel(id, area))
  }
}
