import Autodiff
import NeuralNets

/// How a command that was begun may go on: what `complete` lists and what `:` offers.
///
/// It never runs anything, and knows of the run only what it is made of.
package struct DebuggerCompletion {
  private let plan: Plan
  private let layers: [String]
  private let branches: Int
  /// `dense.units`, `optimizer.momentum`.
  private let arguments: [String]

  package init(
    _ plan: Plan, layers: [String], branches: Int = 1, arguments: [String] = []
  ) {
    (self.plan, self.layers, self.branches) = (plan, layers, branches)
    self.arguments = arguments
  }

  package init(_ session: Session) {
    self.init(
      session.plan, layers: session.network.layers.map(\.name),
      branches: session.branchCount,
      arguments: NetworkNames.arguments(of: session.settings.model))
  }

  /// What may stand behind a command's word.
  private enum Kind {
    /// One of these words.
    case words([String])
    case units, folds
    /// Names within an expression, and within a condition on steps that are still to come.
    case names, conditionNames
    /// A weight or another thing that can be set.
    case settable
    case branches, layers, layerNames

    /// Whether an argument of a layer or the optimizer is meant too.
    var takesArguments: Bool {
      switch self {
      case .names, .conditionNames, .settable, .layers: true
      default: false
      }
    }
  }

  private static func kinds(_ word: String, _ rest: String) -> [Kind] {
    switch word {
    // Behind `if` stands an expression, behind a sickness what it is of.
    case "break", "tbreak":
      if rest.hasPrefix("if ") || rest.contains(" if ") { return [.conditionNames] }
      guard let sickness = rest.split(separator: " ").first, rest.contains(" "),
        Sickness.names.contains(String(sickness))
      else { return [.words(["if"] + Sickness.names), .folds] }
      return ["dead-relu", "saturation"].contains(sickness) ? [.layerNames] : []
    case "goto" where rest.hasPrefix("when "): return [.conditionNames]
    case "verdict": return [.words(FaultVerdict.words)]
    default: return Self.kinds(word)
    }
  }

  private static func kinds(_ word: String) -> [Kind] {
    switch word {
    case "step", "back", "s", "b", "n", "next", "reverse-step": [.units, .folds]
    case "goto":
      [.words(["step", "pass", "epoch", "instruction", "start", "end", "when"]), .folds]
    case "until", "finish", "reverse-finish", "into", "fold", "unfold", "list": [.folds]
    case "print", "p", "display", "watch": [.names, .folds]
    case "when": [.conditionNames, .folds]
    case "explain", "check", "gradcheck", "origin", "why": [.names, .folds]
    case "info", "i": [.words(DebuggerCommand.Info.allCases.map(\.rawValue))]
    case "set": [.settable]
    case "skip": [.words(["update"])]
    case "switch", "compare": [.branches]
    case "ask": [.words(SettingPatch.names), .layers]
    case "help": [.words(["expressions"] + DebuggerCommand.words)]
    case "sabotage": [.words(Misconception.all.map(\.id))]
    case "remove": [.layerNames]
    case "export": [.words(["keras", "pytorch"])]
    default: []
    }
  }

  /// What goes on behind a value that is whole: a comparison, or what joins one to another. Empty
  /// where a value is still to come.
  private static func operators(behind text: Substring) -> [String] {
    let words = text.split(separator: " ")
    let joints: Set<Substring> = ["if", "when", "and", "or", "not"]
    guard let word = words.last, !joints.contains(word), let end = word.last,
      end.isLetter || end.isNumber || "_])".contains(end)
    else { return [] }
    let compared = words.reversed().prefix { !joints.contains($0) }.contains { part in
      part.contains { "<>=!".contains($0) }
    }
    return compared ? ["and", "or"] : [">", "<", ">=", "<=", "==", "!="]
  }

  /// Whole lines that begin with the text, in a sensible order, at most so many.
  package func lines(for text: String, atMost limit: Int = 200) -> [String] {
    let typed = String(text.drop(while: \.isWhitespace))
    guard let space = typed.firstIndex(where: \.isWhitespace) else {
      return Array(
        DebuggerCommand.words.filter { $0.hasPrefix(typed) && $0 != typed }.prefix(limit))
    }
    let word = String(typed[..<space])
    let rest = String(typed[space...].drop(while: \.isWhitespace))
    // An expression goes on at its last name.
    let start = rest.lastIndex { " (+*,<>=!&|".contains($0) }.map { rest.index(after: $0) }
    let whole = rest[..<(start ?? rest.startIndex)]
    let last = String(rest[(start ?? rest.startIndex)...])
    var seen: Set<String> = []
    var all: [String] = []
    if word == "set", let name = rest.firstIndex(of: "=").map({ rest[..<$0] }) {
      let values = Self.values(of: name.split(whereSeparator: \.isWhitespace).joined())
      return Array(
        values.filter { $0.hasPrefix(last) && $0 != last }.map { "\(word) \(whole)\($0)" }
          .prefix(limit))
    }
    // A comparison goes on with a number, which nothing completes.
    let isCompared = last.isEmpty && whole.last { $0 != " " }.map { "<>=!".contains($0) } ?? false
    let operators = last.isEmpty ? Self.operators(behind: whole) : []
    for kind in Self.kinds(word, rest) {
      switch kind {
      case .conditionNames where !operators.isEmpty:
        all += operators.map { "\(word) \(whole)\($0)" }
      case .names where !operators.isEmpty: break
      case .folds: all += level(plan.foldAddresses, rest).map { "\(word) \($0)" }
      // A word of the command's own stands right behind it.
      case .words(let words): all += level(words, rest).map { "\(word) \($0)" }
      case .names where isCompared, .conditionNames where isCompared: break
      default:
        let own = last.contains(".") && !last.contains("/") && kind.takesArguments ? arguments : []
        all += level(candidates(kind) + own, last).map { "\(word) \(whole)\($0)" }
      }
    }
    return Array(all.filter { seen.insert($0).inserted && $0 != typed }.prefix(limit))
  }

  /// What an argument may be set to, where that has a name.
  private static func values(of name: String) -> [String] {
    let argument = name.split(separator: ".").last.map(String.init) ?? name
    for family in ComponentFamily.allCases
    where argument == family.rawValue || argument.hasSuffix("_" + family.rawValue) {
      let values = ComponentText.beginnings(family)
      return [.regularizer, .constraint].contains(family) ? values + ["None"] : values
    }
    return ["shuffle", "use_bias", "trainable"].contains(argument) ? ["True", "False"] : []
  }

  private func candidates(_ kind: Kind) -> [String] {
    switch kind {
    case .words(let words): words
    case .units: MoveUnit.allCases.map(\.rawValue)
    case .folds: plan.foldAddresses
    case .names:
      SessionScope.runNames + plan.names + ExpressionFunction.names.map { $0 + "(" }
        + layers.map { $0 + "." }
    case .conditionNames:
      RunNames.conditions + plan.names + ExpressionFunction.names.map { $0 + "(" }
        + layers.map { $0 + "." }
    case .settable:
      ["learning_rate", "input", "target"] + SettingPatch.settable + layers.map { $0 + "." }
        + plan.parameters.map { plan[$0].name }
    case .branches: (1...max(1, branches)).map(String.init)
    case .layers: layers.map { $0 + "." }
    case .layerNames: layers
    }
  }

  /// Those that begin with a text; of paths one level at a time: of `lstm/` its time steps, not all
  /// that is in them. Nothing where the text is one of them: it needs no completion.
  private func level(_ names: [String], _ text: String) -> [String] {
    guard !names.contains(text) || text.isEmpty else { return [] }
    let fitting = names.filter { $0.hasPrefix(text) }
    let depth = fitting.map { $0.split(separator: "/").count }.min() ?? 0
    return text.isEmpty ? fitting : fitting.filter { $0.split(separator: "/").count <= depth }
  }
}
