import Autodiff
import Lessons
import NeuralNets
import TerminalGraphics
import Training

/// What `i` opens: the lesson about what is chosen, or what the words there mean.
enum LessonFinder {
  /// The terms of the field that the focused panel and what is chosen in it speak of, the most
  /// special first.
  static func topics(_ state: AppState) -> [String] {
    let panel = state.focusedPanel
    switch state.screen {
    case .build:
      guard let layer = chosenKind(state) else { return ["layer", "weight"] }
      // A lesson about weights says nothing of a layer of another kind.
      guard layer == "Dense" else { return [layer] }
      return [layer] + (panel == "inspector" ? ["activation"] : []) + ["layer", "weight"]
    case .train:
      if panel == TrainPart.settings.rawValue {
        let fields = SettingField.all(state)
        let place = state.train.setting.index
        return fields.indices.contains(place) ? [fields[place].name(state)] : []
      }
      return sickness(state) + [panel, PanelGuide.entry(panel, of: .train)?.title ?? panel]
    case .step:
      // Who stands where a breakpoint stopped the run wants to know of what it found.
      return stopped(state.lab.stop) ?? state.lab.moment.map { StepTopics.of($0) } ?? [
        "training step", "step",
      ]
    case .data: return [panel, "example", "input", "target"]
    case .home, .learn, .runs: return [panel]
    }
  }

  /// What the chosen unit on Train has, where it is sick; else what another one has.
  private static func sickness(_ state: AppState) -> [String] {
    let panels: [TrainPart] = [.layers, .happened]
    guard panels.contains(where: { $0.rawValue == state.focusedPanel }) else { return [] }
    let scene = LayerScene(state)
    let units = state.sickUnits
    let chosen = units.first { $0.layer == scene.layer?.name && $0.unit == scene.chosenUnit }
    return (chosen ?? units.first).map { [$0.state == .dead ? "dead unit" : "saturation"] } ?? []
  }

  /// The terms for what stopped a run; nil where none did, or a place.
  private static func stopped(_ stop: Stop?) -> [String]? {
    guard let name = stop?.sickness?.split(separator: " ").first else { return nil }
    switch name {
    case "dead-relu": return ["dead unit"]
    case "saturation": return ["saturation"]
    case "vanishing": return ["vanishing gradient"]
    case "exploding": return ["exploding gradient"]
    case "nan": return ["NaN"]
    case "ratio", "loss-up": return ["learning rate"]
    case "overfit": return ["overfitting"]
    default: return nil
    }
  }

  /// The Keras name of the layer that is chosen on Build.
  private static func chosenKind(_ state: AppState) -> String? {
    let layers = state.workpiece.model.layers
    return state.chosenLayer.flatMap { layers.indices.contains($0) ? layers[$0].kind : nil }
  }

  /// The lesson that has one of the topics in its title or among its words.
  static func lesson(about topics: [String], in lessons: [Lesson]) -> Lesson? {
    for topic in topics.map({ $0.lowercased() }) where topic.count > 2 {
      let titled = lessons.first { $0.title.lowercased().contains(topic) }
      // A lesson names the words that it is about first.
      let explained = lessons.compactMap { lesson in
        lesson.glossary.firstIndex { $0.term.lowercased() == topic }.map { (lesson, place: $0) }
      }.min { $0.place < $1.place }?.0
      if let lesson = titled ?? explained { return lesson }
    }
    return nil
  }

  /// What the panel shows, and the words of the lessons that come in that.
  static func words(_ state: AppState, _ lesson: Lesson?) -> Reader {
    let entry = PanelGuide.entry(state.focusedPanel, of: state.screen)
    let width = min(76, state.size.width - 8)
    let about = [entry?.about, state.current.about(state)].compactMap { $0 }.joined(separator: " ")
    let kind = state.screen == .build ? chosenKind(state) : nil
    var lines: [String] = []
    if let kind, let summary = LayerCatalog.type(named: kind)?.summary {
      lines += StyledText.text("\(kind): \(summary).").wrapped(to: width).map(\.plain) + [""]
    }
    lines += StyledText.text(about).wrapped(to: width).map(\.plain)
    let known = spoken(state, about)
    if !known.isEmpty { lines += ["", "Words"] }
    for entry in known {
      lines += StyledText.text("\(entry.term): \(state.meaning(of: entry))").wrapped(to: width).map(
        \.plain)
    }
    var reader = Reader(entry?.title ?? state.screen.title, lines + [""] + way(to: lesson, state))
    reader.lesson = lesson?.name
    return reader
  }

  /// The words of the lessons that come in what is said of a panel, each once.
  private static func spoken(_ state: AppState, _ about: String) -> [GlossaryEntry] {
    let text = (about + " " + topics(state).joined(separator: " ")).lowercased()
    var told: Set<String> = []
    return state.learn.lessons.flatMap(\.glossary).filter {
      text.contains($0.term.lowercased()) && told.insert($0.term).inserted
    }
  }

  /// The lesson about what one looks at: about a topic of it, else about a word that is said of it.
  static func lesson(for state: AppState) -> Lesson? {
    let about = PanelGuide.entry(state.focusedPanel, of: state.screen)?.about ?? ""
    return lesson(about: topics(state), in: state.learn.lessons)
      ?? lesson(about: spoken(state, about).map(\.term), in: state.learn.lessons)
  }

  /// How one comes to the lesson, and back to one's own run.
  private static func way(to lesson: Lesson?, _ state: AppState) -> [String] {
    guard let lesson else {
      return ["No lesson has this among its words. 2 lists the lessons, / there searches in them."]
    }
    let opens = "Enter opens lesson \(lesson.number): \(lesson.title)"
    guard state.ownsRun else { return [opens] }
    let step = NumberFormat.integer(state.lab.position.step)
    return [opens, "your run stays at step \(step); in the lesson Esc comes back to it"]
  }
}

extension AppState {
  /// Says what one looks at; from there `Enter` opens the lesson about it.
  mutating func lessonAbout() -> [Effect] {
    overlay = .reader(LessonFinder.words(self, LessonFinder.lesson(for: self)))
    return []
  }
}
