import Autodiff
import Tensors

/// A way upstream from a number, one link at a time along its largest part: from a weight through the
/// gradients to the loss, from a prediction through the activations to an input.
package struct UpstreamChain: Hashable, Sendable {
  /// Why a chain goes no further.
  package enum End: Hashable, Sendable {
    /// The gradient begins here: at the loss of an example, or of the batch.
    case loss(ExampleLabel?)
    /// The number came with the data.
    case input(String)
    /// The number is a weight, as the step before left it.
    case weight(String)
    /// Nothing came this way: all parts are 0.
    case nothing(String)
    /// No number was the cause: it was drawn, counted or given.
    case given(String)
    /// The optimizer's memory was empty: the run begins here.
    case start(String)

    /// In one word, for programs.
    package var kind: String {
      switch self {
      case .loss: "loss"
      case .input: "input"
      case .weight: "weight"
      case .nothing: "nothing"
      case .given: "given"
      case .start: "start"
      }
    }
  }

  /// What is opened next, in the numbers of which step.
  package enum Next: Hashable, Sendable {
    /// Made by one of the first `before` instructions, where later ones have it under other names.
    case number(CellPlace, before: Int?)
    /// What the optimizer remembered, as the step before made it: opened by name, for that step may
    /// have another plan.
    case memory(name: String, offset: Int, before: Int)
    case end(End)
  }

  package private(set) var next: Next
  /// The step whose numbers it is in; nil for the one at hand.
  private(set) var step: Int?

  init(_ next: Next, step: Int? = nil) { (self.next, self.step) = (next, step) }

  /// From where a weight's change has its largest part.
  init(_ answer: WeightAnswer, in session: Session) {
    self.init(
      answer, along: answer.parts.first { $0.cause != .rounding && $0.amount != 0 }, in: session)
  }

  /// From one of the parts of a weight's change.
  init(_ answer: WeightAnswer, along first: WeightAnswer.Part?, in session: Session) {
    step = answer.step
    switch first?.cause {
    case .memory(let name):
      next = .memory(
        name: name, offset: first?.upstream?.offset ?? 0, before: answer.step)
    case .example, .penalty:
      next = first?.upstream.map { .number($0, before: nil) } ?? .end(.weight(answer.name))
    case .decay, .constraint, .average, .own: next = .end(.weight(answer.name))
    case .constant(let name): next = .end(.given(name))
    case .rounding, .set, .skipped, nil: next = .end(.nothing(answer.name))
    }
  }
  /// Opens the next number and moves on along its largest part.
  /// - Returns: nil where the chain has come to its end, or the step at hand is not that of the link.
  mutating func open(in session: Session) -> OpenedNumber? {
    step = step ?? session.shownStep
    if case .memory(let name, let offset, let before) = next {
      return openMemory(name, offset, before: before, session)
    }
    guard case .number(let place, let before) = next else { return nil }
    let opener = NumberOpener(session)
    guard let opened = opener.open(place, before: before) else {
      next = .end(Self.end(at: place, opener))
      return nil
    }
    next = Self.next(after: opened, opener)
    return opened
  }

  /// Opens what the optimizer remembered, in the step that made it.
  private mutating func openMemory(
    _ name: String, _ offset: Int, before: Int, _ session: Session
  ) -> OpenedNumber? {
    let made = (max(0, before - 64)..<max(0, before)).reversed().first { earlier in
      session.atEnd(ofStep: earlier) { session.plan.value(named: name) != nil }
    }
    guard let made else {
      next = .end(.start(name))
      return nil
    }
    step = made
    return session.atEnd(ofStep: made) {
      guard let value = session.plan.value(named: name), offset < value.shape.count else {
        next = .end(.start(name))
        return nil
      }
      next = .number(CellPlace(value, offset), before: nil)
      return open(in: session)
    }
  }

  /// Where a number leads that no instruction of the step made.
  private static func end(at place: CellPlace, _ opener: NumberOpener) -> End {
    let name = opener.makers.name(of: place)
    return switch opener.plan[place.value].role {
    case .input, .target: .input(name)
    case .parameter, .optimizerState, .carried: .weight(name)
    case .activation, .gradient, .loss, .scratch: .given(name)
    }
  }

  private static func next(after opened: OpenedNumber, _ opener: NumberOpener) -> Next {
    let session = opener.session
    let label = opened.example.map { ExampleLabel($0, in: session) }
    let numbers = opened.parts.filter { $0.place != nil }
    let isGradient = opener.plan[opened.place.value].role == .gradient
    if isGradient, opened.phase != .update {
      // A gradient that is made of no other is where the loss was derived.
      let carriers = numbers.filter { part in
        part.place.map { opener.plan[$0.value].role == .gradient } ?? false
      }
      if carriers.isEmpty { return .end(.loss(label)) }
    }
    guard let largest = opened.largest, let place = largest.place else {
      return .end(numbers.isEmpty ? .given(opened.name) : .nothing(opened.name))
    }
    if opener.plan[place.value].role == .optimizerState,
      opener.makers.maker(of: place, before: opened.instruction) == nil
    {
      return .memory(
        name: opener.plan[place.value].name, offset: place.offset, before: session.shownStep)
    }
    guard let reader = reader(opened, opener),
      let maker = opener.makers.maker(of: place, for: reader)
    else { return .end(end(at: place, opener)) }
    return .number(maker.place, before: maker.instruction + 1)
  }

  private static func reader(
    _ opened: OpenedNumber, _ opener: NumberOpener
  ) -> CellMakers.Maker? {
    opener.plan.instructions[opened.instruction].results
      .first { $0.value == opened.place.value }
      .map {
        CellMakers.Maker(
          instruction: opened.instruction, result: $0, offset: opened.place.offset)
      }
  }
}
