import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// Something that `:` knows by name.
enum PaletteEntry {
  case binding(Binding)
  /// A word that takes arguments: how it is written, what it does.
  case command(form: String, does: String)
  /// A whole line, as it may be meant to go on.
  case line(String, does: String)

  var name: String {
    switch self {
    case .binding(let binding): binding.name
    case .command(let form, _): form
    case .line(let text, _): text
    }
  }

  var help: String {
    switch self {
    case .binding(let binding): binding.help
    case .command(_, let does), .line(_, let does): does
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

  /// The part of a command's form that is typed as it stands: `set learning_rate = `.
  var start: String {
    if case .line(let text, _) = self { return text }
    guard case .command(let form, _) = self else { return name }
    let fixed = form.prefix { !$0.isUppercase && $0 != "[" && $0 != "," }
    return fixed.contains(" ") ? String(fixed) : (words.first ?? String(fixed)) + " "
  }

  /// Whether it cannot be done as it stands, with nothing typed behind its name.
  var needsArgument: Bool {
    guard case .command(let form, _) = self else { return false }
    return form.split(separator: " ").dropFirst().contains { word in
      word.first?.isUppercase ?? false
    }
  }

  /// Why it cannot be done now.
  func whyNot(_ state: AppState) -> String? {
    guard case .binding(let binding) = self else { return nil }
    return binding.whyNot(state)
  }
}

extension PaletteEntry {
  private static let files: [(form: String, does: String)] = [
    ("open FILE", "a .py model, or .csv, .npz data"),
    ("save FILE", "the network as Keras code (.py), or the weights (.safetensors)"),
  ]

  /// What is typed on Build as in a program.
  private static let code: [(form: String, does: String)] = [
    ("model.add(Dense(UNITS))", "Keras code: adds a layer at the end"),
    ("Dropout(RATE)", "adds a layer: it drops numbers at random while training"),
    ("model.pop()", "Keras code: takes the last layer away"),
  ]

  /// Everything there is here: what can be done, then commands, then all that has a name.
  static func all(_ state: AppState) -> [PaletteEntry] {
    state.bindings.map { .binding($0) } + commands(state)
      + (drawings(state) + lessons(state) + runs(state) + dataSets(state)).map { .binding($0) }
  }

  private static func commands(_ state: AppState) -> [PaletteEntry] {
    let code = state.screen == .build ? code : []
    // Its key takes back what was set anywhere, also in the run.
    let guide = DebuggerCommand.guide.filter { $0.form != "undo, redo" }
    return (guide + files + PaceCommand.guide + LookCommands.guide + PictureCommands.guide + code)
      .map { .command(form: $0.form, does: $0.does) }
  }

  /// What can be drawn, from whatever screen.
  private static func drawings(_ state: AppState) -> [Binding] {
    [
      ("draw points", "points of your own on a plane, and what the run says there", false),
      ("draw a picture", "a picture of your own, and what the run says it is", true),
    ].map { name, help, isPicture in
      Binding([], name, help: help) { $0.draw(aPicture: isPicture) }
    }
  }

  private static func lessons(_ state: AppState) -> [Binding] {
    state.home.contents.lessons.map { lesson in
      Binding([], "lesson \(lesson.title.lowercased())", help: "open lesson \(lesson.number)") {
        $0.openLesson(lesson.id)
      }
    }
  }

  private static func runs(_ state: AppState) -> [Binding] {
    state.home.contents.runs.map { run in
      Binding(
        [], "run r\(run.number)", help: "open it where it stopped: \(run.data), \(run.model)"
      ) { $0.openKept(run.number) }
    }
  }

  private static func dataSets(_ state: AppState) -> [Binding] {
    state.library.names.map { name in
      Binding([], "data \(name)", help: "look at this data set") { state in
        let effects = state.go(to: .data)
        state.showData(named: name)
        let place = state.listedData.firstIndex { $0.name == name } ?? 0
        state.data.list.select(place, count: state.listedData.count)
        return effects
      }
    }
  }

  /// What fits a text, the best first; what can be done here and commands for an empty one.
  static func found(_ text: String, _ state: AppState) -> [PaletteEntry] {
    let completions = completions(text, state)
    if !completions.isEmpty { return completions }
    let words = text.lowercased().trimmingSpaces
    guard !words.isEmpty else { return state.bindings.map { .binding($0) } + commands(state) }
    return all(state).enumerated().compactMap { place, entry in
      entry.distance(from: words).map { (distance: $0, place: place, entry: entry) }
    }.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }.map(\.entry)
  }

  /// How a command of the debugger may go on: `print lstm/t=5`, `set dense/kernel`.
  private static func completions(_ text: String, _ state: AppState) -> [PaletteEntry] {
    let own = WhatIfLines.found(text, state)
    if !own.isEmpty { return own }
    guard let moment = state.lab.moment, let network = state.lab.network else { return [] }
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    // What is set has a number behind it, which nothing completes.
    if ["set", "ask"].contains(words.first), text.contains("=") { return [] }
    guard words.count == 2, let typed = words.last?.trimmingSpaces, !typed.isEmpty else {
      return []
    }
    let completion = DebuggerCompletion(
      moment.plan, layers: network.layers.map(\.name), branches: state.lab.branches.count,
      arguments: NetworkNames.arguments(of: network.description))
    return completion.lines(for: text).map {
      .line($0, does: does(text) + $0.dropFirst(words[0].count))
    }
  }

  /// What the form of the command says that a line follows farthest: of `break if` that with `if`.
  private static func does(_ line: String) -> String {
    let typed = line.split(separator: " ")
    func agreement(_ form: String) -> Int {
      zip(form.split(separator: " "), typed).prefix { $0 == $1 }.count
    }
    let most = DebuggerCommand.guide.max { agreement($0.form) < agreement($1.form) }
    guard let most, agreement(most.form) > 0 else { return "the fold" }
    return most.does + ":"
  }

  /// How far a typed text is from the entry, nil when it does not fit.
  private func distance(from text: String) -> Int? {
    let first = text.split(separator: " ").first.map(String.init) ?? text
    // A command's own beginning comes first; then its word with whatever is typed behind it.
    if words.contains(first) {
      // Of two that save a file the one for files of this kind is meant.
      let file = text.split(separator: " ").dropFirst().first { $0.contains(".") }
      if let ending = file?.split(separator: ".").last, (name + help).contains("." + ending) {
        return -3
      }
      return start.hasPrefix(text) || text.hasPrefix(start) ? -2 : -1
    }
    if let match = FuzzyMatch(text, in: name) { return match.distance }
    // A few letters are in many words.
    return text.count >= 4 && help.lowercased().contains(text) ? 1000 : nil
  }

  /// What one may have meant by a word that fits nothing.
  static func near(_ text: String, _ state: AppState) -> [String] {
    let words = text.split(separator: " ").map(String.init)
    let all = all(state)
    // With something behind it, the first word is the command's.
    if let first = words.first, words.count > 1 {
      let near = nearest(first, among: all.flatMap(\.words))
      if !near.isEmpty { return near }
    }
    return nearest(text, among: all.flatMap { $0.words.isEmpty ? [$0.name] : $0.words })
  }

  /// The nearest names; two letters that changed places are the most frequent slip.
  private static func nearest(_ text: String, among names: [String]) -> [String] {
    var letters = Array(text)
    for i in letters.indices.dropLast() {
      letters.swapAt(i, i + 1)
      if names.contains(String(letters)) { return [String(letters)] }
      letters.swapAt(i, i + 1)
    }
    // `set` begins many forms: it is one name.
    return NameSuggestion.near(text, among: Set(names).sorted())
  }

  /// Whether a line is a command that the debugger or the lab understands by its first word.
  static func isKnown(_ text: String, _ state: AppState) -> Bool {
    guard let first = text.split(separator: " ").first.map(String.init) else { return false }
    if all(state).contains(where: { $0.words.contains(first) }) { return true }
    if CommandLine.isCode(text, state) { return true }
    return DebuggerCommand.words.contains(first) || (try? DebuggerCommand(text)) != nil
  }
}

extension String {
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
