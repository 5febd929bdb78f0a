/// The names and functions of the language with what they mean, once for all: what `help expressions`
/// lists, what `print` completes, what a mistyped name is compared with.
package struct ExpressionNames: Sendable {
  package enum Group: String, CaseIterable, Hashable, Sendable {
    case values, run, network, history, doings, functions

    package var title: String {
      switch self {
      case .values: "numbers of the step at hand"
      case .run: "the run"
      case .network: "the network and its data"
      case .history: "what was recorded"
      case .doings: "what you did since the page was set up"
      case .functions: "functions"
      }
    }
  }

  package struct Entry: Hashable, Sendable {
    /// As one types it: `history(NAME)`.
    package let form: String
    package let meaning: String
    package let group: Group

    /// The name alone; nil for a form with a part of its own, as `LAYER.ARGUMENT`.
    package var name: String? {
      let word = form.prefix { $0 != "(" }
      return word.contains { $0.isUppercase } ? nil : String(word)
    }

    package var isFunction: Bool { form.contains("(") }
  }

  package static let all: [Entry] =
    values + run + network + history + doings + functions

  /// The names that stand alone, of some groups.
  package static func names(in groups: Set<Group>) -> [String] {
    all.filter { groups.contains($0.group) && !$0.isFunction }.compactMap(\.name)
  }

  /// A page of help: each group with its names.
  package static var help: [String] {
    Group.allCases.flatMap { group -> [String] in
      let own = all.filter { $0.group == group }
      let width = own.map(\.form.count).max() ?? 0
      return [group.title + ":"]
        + own.map {
          "  " + $0.form + String(repeating: " ", count: width + 2 - $0.form.count) + $0.meaning
        }
    } + [
      "operators: + - * / ** and or not, comparisons (0.4 < loss < 0.6), [index], [from:to];",
      "texts stand in quotes: optimizer == \"Adam\"",
      "a number in figures beside one of the run is compared as the Float32 nearest to it:",
      "accuracy >= 0.9 holds where accuracy is shown as 0.9",
    ]
  }

  private static func entries(_ group: Group, _ all: [(String, String)]) -> [Entry] {
    all.map { Entry(form: $0.0, meaning: $0.1, group: group) }
  }

  /// Names and functions that count something: their values are whole.
  private static let counts: Set = [
    "step", "instruction", "pass", "epoch", "steps", "epochs", "batch_size", "seed", "parameters",
    "layers", "examples", "held_back", "steps_per_epoch", "moved_back", "stepped_back", "sets",
    "branches", "branch", "breakpoints", "stops", "stop_step", "checks", "asked", "shape", "len",
    "count", "argmax", "argmin",
  ]

  /// Whether a name or a function counts something.
  static func counts(_ name: String) -> Bool { counts.contains(name) }

  // MARK: The names

  private static let values = entries(
    .values,
    [
      ("LAYER/kernel", "a weight, all of it; dense/kernel[0,1] one number"),
      ("LAYER/kernel.grad", "its gradient"), ("LAYER/output", "what a layer gives"),
      ("input", "the batch's inputs; target: what is wanted"),
      ("loss", "the batch's loss, before its update"),
      ("accuracy", "the share of the batch that is right"),
      ("gradient_norm", "the length of all gradients together"),
      ("update_ratio", "how far the update moved the weights, as a part of their length"),
    ])

  private static let run = entries(
    .run,
    [
      ("step", "training steps before the moment at hand"),
      ("instruction", "instructions of the step that are done"),
      ("pass", "passes of the step that are done"), ("epoch", "the epoch, from 0"),
      ("steps", "training steps recorded"), ("epochs", "how often all examples are seen"),
      ("batch_size", "examples in a step"), ("seed", "where chance begins"),
      ("learning_rate", "as it is now"), ("finished", "whether the run is at its end"),
      ("begun", "whether a training step was done"),
      ("parameters", "learned numbers; parameters(\"dense\") of one layer"),
      ("train_loss", "of the weights now, on all training examples"),
      ("train_accuracy", "of the weights now, on all training examples"),
      ("val_loss", "on the examples held back, when the last epoch ended"),
      ("val_accuracy", "on the examples held back, when the last epoch ended"),
    ])

  private static let network = entries(
    .network,
    [
      ("LAYER.ARGUMENT", "what the layer was given, by Keras's names: dense.units"),
      ("layers", "how many, without the input; layers(\"Dense\") of a kind"),
      ("optimizer", "its name; optimizer.momentum an argument of it"),
      ("loss_function", "its name: \"mean_squared_error\""),
      ("data", "the name of the data set"), ("examples", "examples to learn from"),
      ("held_back", "examples held back"), ("steps_per_epoch", "steps in an epoch"),
      ("shuffle", "whether each epoch has an order of its own"),
      ("scaled", "whether the inputs have mean 0 and deviation 1"),
    ])

  private static let history = entries(
    .history,
    [
      (
        "history(NAME)",
        "all that was recorded: loss, accuracy, gradient_norm, learning_rate, update_ratio a step"
      ),
      (
        "history(val_loss)",
        "one number an epoch; also val_accuracy, train_loss, train_accuracy"
      ),
    ])

  private static let doings = entries(
    .doings,
    [
      ("visited(backward dense)", "whether you were in a phase, a layer, or both"),
      ("paused", "whether the run stands still, so that you see what it has"),
      ("moved_back", "moves that went backwards; also stepped_back"),
      ("stepped_back", "moves that went backwards"),
      ("sets", "values and settings you set by hand"),
      ("branches", "ways the run went"), ("branch", "the one at hand"),
      ("breakpoints", "those set now"), ("stops", "times a breakpoint stopped the run"),
      ("stop_step", "the step whose numbers the last stop showed"),
      ("stopped(\"loss-up\")", "whether the last stop was of this sickness or condition"),
      ("explained(\"dense/kernel.grad\")", "whether you asked how this number came about"),
      ("checks", "gradients you compared with a numeric estimate"),
      ("worst_check", "the largest relative difference among them"),
      ("sabotaged", "whether a fault is planted"), ("proved", "whether a verdict was proved"),
      ("asked", "questions over many seeds that were answered"),
      ("exported(\"pytorch\")", "whether the network was exported so"),
    ])

  private static let functions = entries(
    .functions,
    [
      ("abs(x)", "also exp log (or ln) sqrt sigmoid tanh relu sign round, number by number"),
      ("sum(x)", "also mean min max norm std count, of all numbers"),
      ("argmax(x)", "where the largest is; argmin the smallest"),
      ("first(x)", "the first number; last the last"), ("len(x)", "how many there are"),
      ("shape(x)", "the extents of its axes"),
      ("all(x)", "whether all hold; any whether some do"),
      ("nan(x)", "whether a number is none; finite whether all are finite"),
      ("update_ratio(WEIGHT)", "how far the last update moved one weight"),
      ("before(x)", "in a prediction: the value before its commands"),
    ])
}
