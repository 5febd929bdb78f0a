/// What was chosen on Runs, as it is kept for the next start: the runs themselves are in the record.
struct RunsChoice: Hashable, Sendable, Codable {
  private var order: String
  private var isReversed: Bool
  private var chosen: Int?
  private var marks: [RunMark]
  private var baseline: Int?
  private var isLogarithmic: Bool

  init(of state: RunsState) {
    order = state.order.rawValue
    isReversed = state.isReversed
    chosen = state.chosen
    marks = state.marks
    baseline = state.baseline
    isLogarithmic = state.isLogarithmic
  }

  /// Runs that are no longer kept lose their marks when the list comes.
  func restore(in state: inout RunsState) {
    state.order = RunOrder(rawValue: order) ?? state.order
    state.isReversed = isReversed
    state.chosen = chosen
    state.isLogarithmic = isLogarithmic
    var slots: Set<Int> = []
    state.marks = marks.prefix(RunsState.mostMarks).filter { slots.insert($0.slot).inserted }
    state.baseline = state.marks.contains { $0.number == baseline } ? baseline : nil
  }
}
