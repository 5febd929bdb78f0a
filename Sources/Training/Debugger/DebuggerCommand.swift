/// A command of the debugger, read but not yet carried out. The words are gdb's where gdb has one.
package enum DebuggerCommand: Hashable, Sendable {
  /// Forwards if positive: `step 3 layer`, `back`.
  case move(Int, MoveUnit)
  case goTo(Destination)
  case example(Int)
  /// One example through all layers: of the unseen ones, or where none is held back of the training
  /// examples, unless one says which.
  case forward(Int, ForwardWalk.Rows?)
  /// To the next breakpoint, or to the last before; else to the end of the run, or to its start.
  case run(forwards: Bool)
  case print(RunExpression)
  case display(RunExpression)
  case undisplay(Int)
  case list
  case info(Info)
  /// Of a place, or of the instruction just done.
  case explain(Place?)
  case check(Place?)
  case why(WhyQuestion)
  /// The instruction that wrote a number, and of what.
  case origin(Place)
  /// The first NaN or ∞.
  case originUnsound
  case setLearningRate(Double)
  case setWeight(Place, Double)
  /// An example of the batch, which then counts for nothing.
  case drop(Int)
  /// The update of the step at hand.
  case skipUpdate
  /// What was set, dropped, skipped, added or loaded last, taken back; and that done again.
  case undo, redo
  case branches
  case switchTo(Int)
  case compare(Int, Int)
  /// What difference a setting makes, over so many seeds; nil: no longer asked.
  case ask(SettingPatch?, seeds: Int)
  /// So many times over a fold: forwards to where it is done, backwards to where it begins.
  case moveOver(FoldAddress, Int)
  /// Forwards to where a fold begins.
  case until(FoldAddress)
  /// To where a fold is done, in the step at hand.
  case goToFold(FoldAddress)
  /// To the end, or back to the beginning, of a fold: the innermost one when none is named.
  case finish(FoldAddress?, forwards: Bool)
  /// Into a fold: the one that comes next when none is named.
  case into(FoldAddress?)
  case fold(FoldAddress)
  case unfold(FoldAddress)
  case printFold(FoldAddress)
  case listFold(FoldAddress)
  case breakpoint(BreakpointCommand)
  /// Makes the run another one: `set epochs = 20`, `add Dense(8)`, `restart`.
  case change(RunCommand)
  /// Plants a fault: the one of a number from 1, or one that chance chooses.
  case sabotage(Int?)
  case verdict(FaultVerdict)
  case reveal
  /// The moment as one line.
  case share
  /// Where one is, and why it stopped there.
  case location
  case help
  /// The names that expressions know.
  case helpExpressions
  /// How a line may go on.
  case complete(String)
  /// The commands so far, as a script.
  case log

  package enum Destination: Hashable, Sendable {
    case step(Int)
    /// Of the step at hand.
    case pass(Int)
    case epoch(Int)
    case instruction(Int)
    case start, end
    /// Where all of it is done, with what it made.
    case endOfStep(Int)
    case endOfPass(Int)
  }

  package enum Info: String, CaseIterable, Hashable, Sendable {
    case program, layers, parameters, run, digest, values, folds, breakpoints, data, judging
  }

  /// A value and one of its numbers: `dense/kernel[2,1]`.
  package struct Place: Hashable, Sendable {
    package let name: String
    package let index: [Int]

    package init(name: String, index: [Int]) {
      self.name = name
      self.index = index
    }
  }

  /// What 'why' is asked of.
  package enum WhyQuestion: Hashable, Sendable {
    /// What the last answer was made of most.
    case next
    case place(Place)
    /// One part of the last answer to why a weight changed: of an example, or of the memory.
    case example(Int), memory
    /// What the network says of an example of the batch: the one looked at where none is named.
    case prediction(Int?)
  }

  /// Why a command is none.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package let problem: String
    package let remedy: String

    package init(_ problem: String, remedy: String) {
      self.problem = problem
      self.remedy = remedy
    }

    package var description: String { "\(problem); right would be \(remedy)" }
  }

  /// Each command with its form and what it does: what `help` and the palette show.
  package static let guide: [(form: String, does: String)] =
    [
      ("step [N] [UNIT]", "forwards by line, instruction, layer, phase, pass, step or epoch"),
      ("back [N] [UNIT]", "backwards by line, layer, phase, step …; every number is as it was"),
      ("si, bi", "one instruction forwards, back"),
      ("step FOLD, back FOLD", "over a fold as lstm/t=5, or backwards to where it begins"),
      ("into [FOLD]", "into a fold: its lines are steps of their own"),
      ("until FOLD", "forwards to where a fold begins"),
      ("finish, reverse-finish", "to the end of the fold one is in, or to where it begins"),
      ("fold FOLD, unfold FOLD", "one line for all of it, or a line for each of its parts"),
      ("goto step N", "any moment: also pass N, epoch N, instruction N, a fold, start, end"),
      ("goto step N end", "where the step is done, with all that it made"),
      ("where", "where one is, why it stopped there, and the number that names"),
      ("continue", "to the next breakpoint, or the end; reverse-continue back, or to the start"),
      ("example N", "look at one example of the batch"),
      (
        "forward N [of training]",
        "an unseen example layer by layer, and what speaks for the class that is said"
      ),
      ("print EXPR", "a value: loss, dense/kernel, dense/kernel.grad[2,1], norm(…); or a fold"),
      ("display EXPR", "show a value after every move; undisplay N"),
      ("explain [PLACE]", "how a number, or what a fold gives, came about, with the numbers in it"),
      ("why", "goes on with the last answer: one link upstream"),
      ("why WEIGHT[I,J]", "why it changed: by example, penalty, memory"),
      ("why example N, why memory", "the same along one part of the answer"),
      ("why prediction [N]", "what the inputs contributed, layer by layer; or why of any number"),
      (
        "origin PLACE",
        "the instruction that wrote a number, and of what; origin nan finds the first"
      ),
      ("gradcheck [PLACE]", "a gradient beside its numeric estimate, in Float64; also check"),
      ("list [FOLD]", "the plan around here, or the lines of a fold"),
      (
        "info TOPIC",
        "program, layers, parameters, run, data, judging, values, folds, digest, breakpoints"
      ),
      ("help expressions", "every name and function that print and break if know"),
      ("complete TEXT", "how a command may go on"),
      ("log", "the commands so far: a script that debug -x carries out again"),
      ("share", "this moment as one line: backstep at … opens it on any machine"),
      ("set learning_rate = X", "what if: from the next step on"),
      ("set WEIGHT[I,J] = X", "what if: one number of a weight, from the next step on"),
      ("set input[N,I] = X", "what if: an input of an example of the batch; set target[N] = X"),
      ("drop N", "what if: an example of the batch counts for nothing"),
      ("skip update", "what if: the update of this step has no effect"),
      ("undo, redo", "takes back what was set, added, dropped or loaded last; does it again"),
      ("branches", "the ways the run went: each set, drop or skip began one"),
      ("switch N", "takes up another branch, at the same moment"),
      ("compare N M", "two branches beside each other"),
      (
        "ask SETTING over N seeds",
        "trains with dropout = 0.2 and without; the difference, and ± how much"
      ),
      ("sabotage [N]", "plants a fault to be found: the N-th, one by its id, or one by chance"),
      ("verdict PLACE", "says where it is: " + FaultVerdict.forms.joined(separator: ", ")),
      ("reveal", "gives up and tells what was planted"),
    ] + RunCommand.guide + BreakpointCommand.guide
}
