import Autodiff
import NeuralNets
import Tensors

// Where a run is, in steps and passes; and what a record of passes is made of.

/// Which pass of a step the numbers at hand are of.
package struct ShownPass: Hashable, Sendable {
  package let step: Int
  /// Its place in the step, from 0, and how many the step has.
  package let pass: Int
  package let of: Int
  /// The network that learns in it.
  package let network: String
}

extension Session {
  /// How many passes are done, counted over all steps: of a run of one network the steps.
  package var done: Int { execution.isDone ? shownStep + 1 : shownStep }

  /// The moment at which so many passes are done, and so many instructions of the next.
  func moment(_ number: Int, _ instruction: Int = 0) -> Position {
    guard let passes else { return Position(step: number, instruction: instruction) }
    let place = passes.run.place(of: number)
    return Position(step: place.step, pass: place.pass, instruction: instruction)
  }

  /// How many passes are done at a moment.
  func number(of position: Position) -> Int {
    passes?.run.number(step: position.step, pass: position.pass) ?? position.step
  }

  /// The moment at which it is finished.
  package var end: Position {
    Position(step: passes?.run.stepBegins.count ?? settings.totalSteps)
  }

  /// The learning rate that the next update takes.
  package var learningRate: Float { learningRate(at: done) }

  /// What a program's loop trained, when this is a run of it.
  package var passRun: PassRun? { passes?.run }

  /// The pass whose numbers are shown: its step, its place there among how many, and its network.
  package var shownPass: ShownPass? {
    guard let run = passes?.run else { return nil }
    let place = run.place(of: shownStep)
    return ShownPass(
      step: place.step, pass: place.pass, of: run.passCount(ofStep: place.step),
      network: run.networks[run.passes[shownStep].network].name)
  }

  /// Why nothing is set by hand in a run of passes.
  package static var isFixed: RunFailure {
    RunFailure(
      "this run is what the program's own loop trained, and nothing is set in it by hand",
      remedy: "the change in the program")
  }

  // MARK: What a recorder takes

  /// The examples of the batch at hand, as the network takes them.
  package var batch: Examples { part.training.rows(batchRows) }

  /// How often the optimizer had updated before the step at hand.
  package var updatesBefore: Int { part.stepsBefore + shownStep }
}
