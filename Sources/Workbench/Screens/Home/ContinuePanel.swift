import Datasets
import Lessons
import NeuralNets
import TerminalGraphics
import Training

/// What one was at, and the key that goes on with it.
enum ContinuePanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let content = content(state, width: area.width - 6)
    let inside = grid.box(area, title: "Continue", detail: content.detail, isFocused: isFocused)
      .inset(columns: 2, rows: 0)
    var y = inside.y + (inside.height > 4 ? 1 : 0)
    for line in content.lines.prefix(max(0, inside.bottom - y)) {
      grid.write(line.truncated(to: inside.width), at: Point(inside.x, y))
      y += 1
    }
  }

  private static func content(
    _ state: AppState, width: Int
  ) -> (detail: StyledText, lines: [StyledText]) {
    if let lesson = state.home.lessonAtHand { return Self.lesson(lesson, width: width) }
    if let lesson = state.home.nextLesson { return next(lesson, state) }
    if !state.lab.history.steps.isEmpty { return atHand(state, width: width) }
    if let run = state.home.contents.runs.first { return kept(run, state) }
    return network(state)
  }

  private static func lesson(
    _ lesson: LessonSummary, width: Int
  ) -> (StyledText, [StyledText]) {
    let page = (lesson.page ?? 0) + 1
    let done =
      switch lesson.pagesDone {
      case 0: "none is done yet"
      case 1: "1 page is done"
      default: "\(lesson.pagesDone) pages are done"
      }
    let bar = ProgressBar(
      Double(lesson.pagesDone) / Double(max(lesson.pages, 1)), ink: .accent)
    let place = StyledText.text("  page \(page)") + .secondary(" of \(lesson.pages)")
    let stopped: StyledText =
      .secondary("You stopped at ") + .text(lesson.pageTitle.map { "“\($0)”" } ?? "page \(page)")
    let count = "; \(done)" + skipped(lesson)
    return (
      .secondary("lesson \(lesson.number) · \(lesson.minutes) min"),
      [
        .strong(lesson.title),
        bar.styled(width: max(6, min(36, width - place.width))) + place,
        stopped
          + .secondary(Fitting.text([count + "."], width: width - stopped.width)),
        .hint("Enter", "resume") + "    " + .hint("r", "start the lesson over"),
      ]
    )
  }

  private static func skipped(_ lesson: LessonSummary) -> String {
    lesson.skipped == 0 ? "" : ", \(Words.count(lesson.skipped, "task")) skipped"
  }

  /// The lessons so far are done.
  private static func next(
    _ lesson: LessonSummary, _ state: AppState
  ) -> (StyledText, [StyledText]) {
    let done = state.home.contents.lessons.count { $0.isDone }
    let about = state.learn.lessons.first { $0.name == lesson.id }?.summary
    return (
      .secondary("lesson \(lesson.number) · \(lesson.minutes) min"),
      [
        .secondary("Next: ") + .strong(lesson.title),
        .text(about ?? "\(lesson.pages) pages"),
        .secondary(done == 1 ? "One lesson is done." : "\(done) lessons are done."),
        .hint("Enter", "begin it"),
      ]
    )
  }

  /// The run in the lab.
  private static func atHand(
    _ state: AppState, width: Int
  ) -> (StyledText, [StyledText]) {
    let lab = state.lab
    let total = lab.settings?.totalSteps ?? 0
    let done = lab.position.step
    let name = state.home.openRun.map { "run r\($0)" } ?? "the run at hand"
    let bar = ProgressBar(Double(done) / Double(max(total, 1)), ink: .accent)
    let data = lab.settings?.data.name ?? ""
    let isNarrow = state.size.width < 116 && !state.isCompact
    let unit = lab.pass == nil ? "step" : "pass"
    let layers = lab.settings.map { Words.count($0.model.layers.count, "layer") } ?? ""
    let network = Fitting.text(
      [lab.settings?.model.summary ?? "", "a network of \(layers)"],
      width: width - data.count - 4)
    return (
      .secondary("\(name) · \(activity(lab.activity))"),
      [
        .strong(network) + .secondary(" on ") + .text(data),
        bar.styled(width: isNarrow || state.size.width < 70 ? 24 : 36)
          + .text("  \(unit) \(NumberFormat.integer(done))")
          + .secondary(StepCount.of(total, at: lab.position.step)),
        numbers(lab.history, isShort: isNarrow || state.size.width < 70, width: width),
        .hint("Enter", lab.activity == .finished ? "look at it" : "go on with it") + "    "
          + .hint("s", isNarrow ? "step through it" : "step through this moment"),
      ]
    )
  }

  private static func activity(_ activity: LabSnapshot.Activity) -> String {
    switch activity {
    case .idle: "not begun"
    case .paused: "paused"
    case .training: "training"
    case .finished: "finished"
    }
  }

  private static func numbers(_ history: History, isShort: Bool, width: Int) -> StyledText {
    guard let epoch = history.epochs.last else {
      guard let step = history.steps.last else { return StyledText() }
      return .secondary("loss of the last batch ")
        + .text(NumberFormat.compact(step.loss, digits: 3))
    }
    var parts: [StyledText] = [
      .secondary("loss ") + .text(NumberFormat.compact(epoch.loss, digits: 3))
    ]
    if let loss = epoch.validationLoss {
      parts.append(.secondary("val_loss ") + .text(NumberFormat.compact(loss, digits: 3)))
    }
    let forms = ["val accuracy ", "val acc "].map { name in
      (isShort ? StyledText() : .secondary("last epoch: "))
        + .joined(
          parts
            + (epoch.validationAccuracy.map {
              [.secondary(name) + .text(NumberFormat.share($0))]
            } ?? []))
    }
    return forms.first { $0.width <= width } ?? forms[1]
  }

  /// The newest kept run, not open yet.
  private static func kept(_ run: RunSummary, _ state: AppState) -> (StyledText, [StyledText]) {
    var progress: StyledText = "step \(NumberFormat.integer(run.steps))"
    if let total = run.totalSteps {
      progress =
        ProgressBar(Double(run.steps) / Double(max(total, 1)), ink: .accent).styled(width: 36)
        + "  " + progress + .secondary(StepCount.of(total, at: run.steps))
    }
    let passed = PassedTime.words(state.age(of: run))
    return (
      .secondary("run r\(run.number) · " + (passed == "now" ? "just now" : passed + " ago")),
      [
        .strong(run.model) + .secondary(" on ") + .text(run.data),
        progress,
        .secondary("It opens where it stopped, with the same numbers."),
        .hint("Enter", "open it"),
      ]
    )
  }

  /// Nothing trained: the network on the table.
  private static func network(_ state: AppState) -> (StyledText, [StyledText]) {
    let workpiece = state.workpiece
    guard !workpiece.model.layers.isEmpty else {
      return (
        .secondary("nothing built yet"),
        [
          .secondary("The network has no layer yet; its data is ") + .text(workpiece.dataset.name)
            + .secondary("."),
          .hint("Enter", "go on building"),
        ]
      )
    }
    return (
      .secondary("not trained yet"),
      [
        .strong(workpiece.model.summary) + .secondary(" on ") + .text(workpiece.dataset.name),
        .secondary(workpiece.fileName + (workpiece.isSaved ? "" : ", not written to a file")),
        .hint("Enter", "go on building") + "    " + .hint("t", "train it"),
      ]
    )
  }
}
