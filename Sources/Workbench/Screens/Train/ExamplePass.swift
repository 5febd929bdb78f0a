import NeuralNets
import TerminalGraphics
import Training

/// From an example that the run was judged by to its way through the network.
///
/// Step goes through the batches that the run learns from. A training example is looked at in the last
/// step that had it; of an unseen one there is no such step, and what there is instead is offered.
enum ExamplePass {
  static let inGallery = Binding(
    [KeyStroke("s")], "step through the example", hint: "step through", shortHint: "debug",
    help: "the chosen example instruction by instruction; of an unseen one what can be looked at",
    whyNot: { WorstPanel.chosen($0) == nil ? "there is no example to step through" : nil }
  ) { state in
    WorstPanel.chosen(state).map { open($0, &state) } ?? []
  }

  static func inDrawing(_ state: AppState) -> Binding {
    Binding(
      [KeyStroke("s")], "step through the example",
      hint: state.data.judged == nil ? "" : "step through", shortHint: "debug",
      help: "the run's example instruction by instruction; of an unseen one what can be looked at",
      whyNot: {
        $0.data.judged == nil
          ? "what is drawn is in no batch: Step goes through those that the run learns from" : nil
      }
    ) { state in
      guard let example = state.data.judged else { return [] }
      return state.endDrawing() + open(example, &state)
    }
  }

  private static func open(_ example: JudgedExample, _ state: inout AppState) -> [Effect] {
    guard let settings = state.lab.settings else { return [] }
    guard settings.data.validation == nil, state.lab.pass == nil else {
      return offer(example, &state)
    }
    guard let (step, place) = lastStep(with: example.row, state.lab, settings) else {
      state.say(
        "no step done so far has example \(example.row) in its batch: Space trains on", .warning)
      return []
    }
    state.step.interest.example = place
    state.say(
      "example \(example.row) was learned from in step \(NumberFormat.integer(step)),"
        + " place \(place) of its batch: . and > go through it, g shows it alone")
    return [.lab(.pause)] + state.go(to: .step)
      + StepBindings.go(1, step: step, &state)
  }

  /// The last step done whose batch has a row of the training examples, and its place there.
  private static func lastStep(
    with row: Int, _ lab: LabSnapshot, _ settings: RunSettings
  ) -> (step: Int, place: Int)? {
    let done = min(lab.position.step, lab.history.count)
    guard done > settings.origin.step else { return nil }
    let last = settings.epoch(ofStep: done - 1)
    for epoch in [last, last - 1] where epoch >= settings.origin.epoch {
      guard let place = settings.order(ofEpoch: epoch).firstIndex(of: row) else { continue }
      let start = settings.origin.step + (epoch - settings.origin.epoch) * settings.stepsPerEpoch
      let step = start + place / settings.batchSize
      if step < done { return (step, place % settings.batchSize) }
    }
    return nil
  }

  // MARK: Unseen examples

  private static func offer(_ example: JudgedExample, _ state: inout AppState) -> [Effect] {
    let views = CloseUpKeys.offers(state.lab.network)
    let inside = views.map { view in
      (
        label: view.layer.isEmpty ? "outputs beside inputs" : "inside \(view.layer)",
        detail: "its forward pass there, number by number"
      )
    }
    let items: [(label: String, detail: String)] =
      [("what the run says of it", "probabilities, and what speaks for them")] + inside
      + [("step through this moment", "the batch that the run learns from, without it")]
    state.overlay = .menu(
      Menu("Example \(example.row) is unseen: no step has it in its batch", items) {
        choice, state in
        switch choice {
        case 0: return WorstPanel.open(&state)
        case items.count - 1: return [.lab(.pause)] + state.go(to: .step)
        default: return CloseUpKeys.open(views[choice - 1], example: example.row, &state)
        }
      })
    return []
  }
}

extension AppState {
  /// `Example 94 · is 7, said 9`: the example of the run that the drawing shows as it is.
  var judgedTitle: String? {
    data.judged.map {
      "Example \($0.row) · is \(WorstPanel.name($0.isClass, self)),"
        + " said \(WorstPanel.name($0.saidClass, self))"
    }
  }
}
