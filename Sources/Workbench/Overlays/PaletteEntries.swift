import TerminalGraphics
import Training

/// Something that `:` knows by name.
enum PaletteEntry {
  case binding(Binding)
  /// A word that takes arguments: how it is written, what it does.
  case command(form: String, does: String)

  var name: String {
    switch self {
    case .binding(let binding): binding.name
    case .command(let form, _): form
    }
  }

  var help: String {
    switch self {
    case .binding(let binding): binding.help
    case .command(_, let does): does
    }
  }

  /// The words a command is called by, without its arguments.
  var words: [String] {
    guard case .command(let form, _) = self else { return [] }
    let plain = form.split(separator: " ").prefix { word in
      word.allSatisfy { $0.isLowercase || $0 == "," || "_-!".contains($0) }
    }
    return form.contains(",")
      ? plain.map { $0.filter { $0 != "," } } : plain.first.map { [String($0)] } ?? []
  }

  /// Whether it can be done as it stands, with nothing typed behind its name.
  var needsArgument: Bool {
    guard case .command(let form, _) = self else { return false }
    return form.split(separator: " ").dropFirst().contains { word in
      word.first?.isUppercase ?? false
    }
  }
}

extension PaletteEntry {
  private static let files: [(form: String, does: String)] = [
    ("open FILE", "a .py model, or .csv, .npz data"),
    ("save FILE", "the network as Keras code (.py), or the weights (.safetensors)"),
  ]

  /// Everything there is here: what can be done, then commands.
  static func all(_ state: AppState) -> [PaletteEntry] {
    state.bindings.map { .binding($0) }
      + (DebuggerCommand.guide + files + LookCommands.guide + PictureCommands.guide).map {
        .command(form: $0.form, does: $0.does)
      }
  }

  /// What fits a text, the best first; everything for an empty one.
  static func found(_ text: String, _ state: AppState) -> [PaletteEntry] {
    let words = text.lowercased().trimmingSpaces
    guard !words.isEmpty else { return all(state) }
    return all(state).enumerated().compactMap { place, entry in
      entry.distance(from: words).map { (distance: $0, place: place, entry: entry) }
    }.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }.map(\.entry)
  }

  /// How far a typed text is from the entry, nil when it does not fit.
  private func distance(from text: String) -> Int? {
    let first = text.split(separator: " ").first.map(String.init) ?? text
    if words.contains(first) { return 0 }
    let name = self.name.lowercased()
    if name == text { return 1 }
    if name.hasPrefix(text) { return 2 }
    if name.split(separator: " ").contains(where: { $0.hasPrefix(text) }) { return 3 }
    if name.contains(text) { return 4 }
    if help.lowercased().contains(text) { return 5 }
    return name.holds(inOrder: text) ? 6 : nil
  }
}

extension String {
  /// Whether all characters of `other` come in it, in that order.
  fileprivate func holds(inOrder other: String) -> Bool {
    var rest = other[...]
    for character in self where character == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }

  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
