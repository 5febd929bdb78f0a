import NeuralNets
import TerminalGraphics
import Training

/// From an example that the run was judged by to its way through the network.
///
/// Step goes through the batches that the run learns from. A training example is looked at in the last
/// step that had it; of an unseen one there is no such step: it goes forward alone, layer by layer.
enum ExamplePass {
  static func inGallery(_ state: AppState) -> Binding {
    let isLearned = isLearned(state)
    return Binding(
      [KeyStroke("s")], "step through the example",
      hint: isLearned ? "step through" : "layer by layer",
      shortHint: isLearned ? "debug" : "layers",
      help: "the chosen example instruction by instruction; an unseen one layer by layer",
      whyNot: { WorstPanel.chosen($0) == nil ? "there is no example to step through" : nil }
    ) { state in
      WorstPanel.chosen(state).map { open($0, &state) } ?? []
    }
  }

  static func inDrawing(_ state: AppState) -> Binding {
    Binding(
      [KeyStroke("s")], "step through the example",
      hint: state.data.judged == nil ? "" : "step through", shortHint: "debug",
      help: "the run's example instruction by instruction; an unseen one layer by layer",
      whyNot: {
        $0.data.judged == nil
          ? "what is drawn is in no batch: Step goes through those that the run learns from" : nil
      }
    ) { state in
      guard let example = state.data.judged else { return [] }
      return state.endDrawing() + open(example, &state)
    }
  }

  /// Whether the run is judged by examples that it learns from.
  private static func isLearned(_ state: AppState) -> Bool {
    state.lab.settings?.data.validation == nil && state.lab.pass == nil
  }

  private static func open(_ example: JudgedExample, _ state: inout AppState) -> [Effect] {
    guard let settings = state.lab.settings else { return [] }
    guard isLearned(state) else {
      return CloseUpKeys.open(CloseUpInterest(.walk), example: example.row, &state)
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
    return [.lab(.pause())] + state.go(to: .step)
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
