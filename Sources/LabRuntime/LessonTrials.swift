import Autodiff
import Datasets
import Lessons
import NeuralNets
import Tensors
import Training

/// Commands as a student types them who has not read the task: an exercise that they fulfill checks
/// nothing.
///
/// What the exercise's own solutions do is left out: whoever trains where training is asked for has
/// done what was asked, with or without a plan.
package struct LessonTrials {
  private let exercise: Exercise
  private let random: CounterRandom
  private let families: [TrialFamily]
  private var draws = 0

  /// Sequences of commands that are tried on an exercise.
  package static let sequences = 200
  private static let longest = 8

  package init(of exercise: Exercise, in lesson: Lesson) {
    self.exercise = exercise
    random = CounterRandom(seed: 7, name: "\(lesson.name)/\(exercise.id)")
    let own = Set(lesson.solutions(of: exercise).joined().map(TrialFamily.init(of:)))
    families = TrialFamily.allCases.filter { !own.contains($0) && $0 != .other }
  }

  /// A sequence after which the exercise counts as done, nil where none of them does it.
  ///
  /// - Parameters:
  ///   - begun: the lab as the page sets it up.
  ///   - holds: whether the exercise is done in it.
  mutating func slip(
    count: Int, begun: () -> Lab?, holds: (Lab) -> Bool
  ) -> [String]? {
    guard !families.isEmpty else { return nil }
    for _ in 0..<count {
      guard let lab = begun() else { return nil }
      var commands: [String] = []
      for _ in 0...draw(below: Self.longest) {
        let command = families[draw(below: families.count)].command(lab) { draw(below: $0) }
        guard let command else { continue }
        commands.append(command)
        _ = lab.ask(command)
      }
      if holds(lab) { return commands }
    }
    return nil
  }

  private mutating func draw(below count: Int) -> Int {
    draws += 1
    return Int(random.bits(at: draws) % UInt64(max(count, 1)))
  }
}

/// A kind of thing that is done in the lab.
enum TrialFamily: CaseIterable, Hashable {
  case forwards, backwards, looking, questions, weights, rate, examples, settings, network
  case breakpoints, verdicts
  /// What no trial does by chance: it takes long, or writes.
  case other

  /// The family of a command, by its first words.
  init(of command: String) {
    let words = command.split(whereSeparator: \.isWhitespace).map(String.init)
    switch words.first ?? "" {
    case "step", "s", "next", "n", "si", "stepi", "continue", "c", "until", "into", "finish":
      self = .forwards
    case "goto": self = words.dropFirst().first == "start" ? .backwards : .forwards
    case "back", "b", "bi", "reverse-step", "rs", "reverse-stepi", "reverse-continue", "rc",
      "reverse-finish", "restart":
      self = .backwards
    case "print", "p", "list", "l", "info", "i", "display", "example": self = .looking
    case "explain", "why", "origin", "check", "gradcheck", "when": self = .questions
    case "drop", "skip": self = .examples
    case "break", "tbreak", "watch": self = .breakpoints
    case "verdict", "sabotage", "reveal": self = .verdicts
    case "add", "remove", "load": self = .network
    case "set": self = Self.setting(words.dropFirst().first ?? "")
    default: self = .other
    }
  }

  private static func setting(_ name: String) -> TrialFamily {
    if name.hasPrefix("learning_rate") { return .rate }
    if name.hasPrefix("input") || name.hasPrefix("target") { return .examples }
    return name.contains("/") || name.contains("[") ? .weights : .settings
  }

  /// A command of this family for the run at hand, nil where it has none.
  ///
  /// - Parameter draw: a number below another, by chance.
  func command(_ lab: Lab, _ draw: (Int) -> Int) -> String? {
    func one(of choices: [String]) -> String? {
      choices.isEmpty ? nil : choices[draw(choices.count)]
    }
    guard let session = lab.session else { return nil }
    switch self {
    case .forwards: return one(of: ["si", "step", "step phase", "step layer", "step 3 step"])
    case .backwards: return one(of: ["bi", "back", "back phase", "back step", "goto start"])
    case .looking: return one(of: ["print loss", "list", "info run", "info layers", "example 0"])
    case .questions: return one(of: ["explain", "check", "why", "when loss < 0", "origin loss"])
    case .examples: return one(of: ["drop 0", "skip update", "set input[0,0] = 3"])
    case .weights:
      guard let weight = one(of: session.weightPlaces(draw)) else { return nil }
      // From -3 to 3 in tenths: what one types who tries weights.
      return "set \(weight) = \(Double(draw(61) - 30) / 10)"
    case .rate: return one(of: ["0.5", "0.001", "3"]).map { "set learning_rate = \($0)" }
    case .settings: return one(of: ["batch_size = 3", "epochs = 4"]).map { "set \($0)" }
    case .network: return one(of: session.settings.model.layerNames).map { "remove \($0)" }
    case .breakpoints: return one(of: ["break backward", "break if loss < 0.01", "watch loss"])
    case .verdicts:
      return one(of: [
        "verdict instruction \(1 + draw(max(1, session.plan.instructions.count)))",
        "verdict setting learning_rate", "verdict rows 0 1 2", "verdict column 0",
      ])
    case .other: return nil
    }
  }
}

extension Session {
  /// A place in each weight array, as a command names it: `dense/kernel[1,0]`.
  fileprivate func weightPlaces(_ draw: (Int) -> Int) -> [String] {
    plan.parameters.map { weight in
      let index = weight.shape.extents.map { "\(draw($0))" }.joined(separator: ",")
      return "\(plan[weight].name)[\(index)]"
    }
  }
}
