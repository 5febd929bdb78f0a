import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The one-minute start: digits are learned, stopped in the middle of a training step, taken one
/// step forward and back, and one number is opened. Every move is a real one of the real run; the
/// tour only presses the keys and says what happened.
package struct Tour: Sendable {
  package enum Stage: Int, CaseIterable, Hashable, Sendable {
    /// The run plays.
    case learning
    /// It was told to stop; the middle of the step is looked for.
    case stopping
    /// It stands in the middle of a training step.
    case stopped
    /// One instruction further.
    case forward
    /// And back again.
    case back
    /// One number of a gradient is open.
    case number
  }

  package internal(set) var stage = Stage.learning
  /// When it goes on by itself, on the clock of `AppState.now`.
  var deadline: Double?
  /// Where it stopped.
  var place: Position?
  /// The hash of every number there: when it stopped, one instruction on, and back.
  var digests: [Stage: String] = [:]
  /// What one worked on before, given back at the end.
  let earlier: Workpiece

  static let learningSeconds = 6.0
}

// MARK: - Going on

extension AppState {
  /// When the screen changes by itself: a message goes away, the tour goes on, other
  /// labs train runs that are listed.
  package var nextDeadline: Double? {
    let look = screen == .runs ? runs.nextLook : nil
    return ([tour?.deadline, look].compactMap(\.self) + messages.times).filter { $0 > now }.min()
  }

  /// What the clock alone brings about.
  package mutating func tick() -> [Effect] {
    guard let deadline = tour?.deadline, now >= deadline else { return lookAtRuns() }
    return advanceTour()
  }

  /// Begins the tour: digits, 64-64-32-10, from its start.
  mutating func startTour() -> [Effect] {
    guard let digits = tourDigits() else {
      say("the digits are missing from this installation", .bad)
      return []
    }
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [64, 32], classes: 10)
    var tour = Tour(earlier: workpiece)
    tour.deadline = now + Tour.learningSeconds
    workpiece = Workpiece(model: model, dataset: digits, fileName: "digits.py")
    let opening = openRun()
    guard !opening.isEmpty else { return [] }
    self.tour = tour
    return opening + go(to: .train) + [.lab(.play)]
  }

  private func tourDigits() -> Dataset? {
    workpiece.dataset.name == "digits" ? workpiece.dataset : try? library.load("digits")
  }

  /// Ends the tour wherever it is: back Home, the run stays as it is.
  mutating func endTour() -> [Effect] {
    guard let tour else { return [] }
    self.tour = nil
    if tour.earlier.model != workpiece.model || tour.earlier.dataset.name != workpiece.dataset.name
    {
      workpiece = tour.earlier
    }
    return (lab.activity == .training ? [.lab(.pause())] : []) + go(to: .home)
  }

  /// The next stage, as Enter or the clock asks for it.
  mutating func advanceTour() -> [Effect] {
    guard var tour else { return [] }
    tour.deadline = nil
    defer { if self.tour != nil { self.tour = tour } }
    switch tour.stage {
    case .learning:
      tour.stage = .stopping
      self.tour = tour
      return [.lab(.pause())] + go(to: .step) + [.lab(.move(2, .phase))]
    case .stopping: return []
    case .stopped:
      tour.stage = .forward
      return [.lab(.move(1, .instruction))]
    case .forward:
      tour.stage = .back
      return [.lab(.move(-1, .instruction))]
    case .back:
      tour.stage = .number
      return [.lab(.move(1, .instruction))]
    case .number: return endTour()
    }
  }

  /// Keys while the tour plays; nil for the few that hold always.
  mutating func pressTour(_ stroke: KeyStroke) -> [Effect]? {
    guard let tour else { return nil }
    switch stroke {
    case KeyStroke(.enter): return advanceTour()
    case KeyStroke("."):
      if tour.stage == .stopped || tour.stage == .back { return advanceTour() }
    case KeyStroke(","): if tour.stage == .forward { return advanceTour() }
    case KeyStroke(.escape): return endTour()
    case KeyStroke("q"), .control("c"), .control("l"), .control("z"): return nil
    default: break
    }
    say("Enter goes on, Esc leaves the tour")
    return []
  }

  /// What the run's new state means for the tour.
  mutating func tourNews() -> [Effect] {
    guard var tour, lab.activity != .training, let moment = lab.moment else { return [] }
    defer { self.tour = tour }
    if tour.stage == .stopping { return stop(&tour, moment) }
    if let place = tour.place, lab.position.step == place.step {
      let here = lab.position.instruction - place.instruction
      if (tour.stage == .forward && here == 1) || (tour.stage == .back && here == 0) {
        tour.digests[tour.stage] = lab.digest
      }
      if tour.stage == .number && here == 1 { return openNumber(moment) }
    }
    return []
  }

  /// Goes to just before the first gradient of a weight matrix beyond the last layer's.
  private func stop(_ tour: inout Tour, _ moment: StepMoment) -> [Effect] {
    let plan = moment.plan
    if let place = tour.place {
      guard lab.position == place else { return [] }
      tour.stage = .stopped
      tour.digests[.stopped] = lab.digest
      return []
    }
    guard lab.position.instruction > 0, let kernel = plan.value(named: "dense_1/kernel"),
      let gradient = plan.gradients[kernel], let origin = plan.origin(of: gradient)
    else { return [] }
    let place = Position(step: lab.position.step, instruction: origin)
    tour.place = place
    return [.lab(.go(place))]
  }

  /// Chooses the number of the gradient that is farthest from zero.
  private mutating func openNumber(_ moment: StepMoment) -> [Effect] {
    guard let numbers = moment.results.first?.tensor.scalars,
      let largest = numbers.indices.max(by: { abs(numbers[$0]) < abs(numbers[$1]) }),
      step.interest.cell != largest || step.interest.result != 0
    else { return [] }
    step.interest.result = 0
    step.interest.cell = largest
    return [.lab(.look(interest))]
  }
}
