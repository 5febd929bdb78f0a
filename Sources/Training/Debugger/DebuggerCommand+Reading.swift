// Reading a command as typed.

extension DebuggerCommand {
  package init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else {
      throw Failure("an empty command", remedy: "help lists them")
    }
    let rest = Array(words.dropFirst())
    let argument = rest.joined(separator: " ")
    switch first {
    case "step", "s", "next", "n": self = try Self.move(rest, forwards: true)
    case "b" where Self.isBreak(rest):
      throw Failure(
        "'b' goes back, and '\(argument)' is nothing to go back over", remedy: "break \(argument)")
    case "back", "b", "reverse-step", "rs": self = try Self.move(rest, forwards: false)
    case "si", "stepi": self = try Self.move(rest + ["instruction"], forwards: true)
    case "bi", "reverse-stepi": self = try Self.move(rest + ["instruction"], forwards: false)
    case "where", "frame", "f", "bt", "backtrace": self = .location
    case "goto" where rest.first == "when":
      self = .breakpoint(try BreakpointCommand.going(rest.dropFirst().joined(separator: " ")))
    case "goto" where rest.count == 1 && Int(rest[0]) != nil:
      throw Failure(
        "goto \(rest[0]) does not say what is counted",
        remedy: "goto step \(rest[0]), goto epoch \(rest[0]) or goto instruction \(rest[0])")
    case "goto":
      self =
        Self.isMoment(rest) ? .goTo(try Self.destination(rest)) : .goToFold(FoldAddress(argument))
    case "example": self = .example(try Self.whole(argument, "the example's place in the batch"))
    case "forward": self = try Self.forward(rest)
    case "continue", "c": self = .run(forwards: true)
    case "reverse-continue", "rc": self = .run(forwards: false)
    case "print", "p": self = try Self.printing(argument)
    case "until", "u": self = .until(try Self.fold(argument, "until lstm/t=5"))
    case "finish", "fin": self = .finish(Self.anyFold(argument), forwards: true)
    case "reverse-finish": self = .finish(Self.anyFold(argument), forwards: false)
    case "into": self = .into(Self.anyFold(argument))
    case "fold": self = .fold(try Self.fold(argument, "fold lstm/t=5"))
    case "unfold": self = .unfold(try Self.fold(argument, "unfold lstm/t=5"))
    case "display": self = .display(try RunExpression(argument))
    case "undisplay": self = .undisplay(try Self.whole(argument, "the number of a display"))
    case "list", "l": self = Self.anyFold(argument).map { .listFold($0) } ?? .list
    case "info", "i": self = .info(try Self.info(argument))
    case "explain": self = .explain(argument.isEmpty ? nil : try Self.place(argument))
    case "why": self = .why(try Self.question(argument))
    case "origin": self = try Self.origin(argument)
    case "check", "gradcheck": self = .check(argument.isEmpty ? nil : try Self.place(argument))
    case "set": self = try Self.setting(argument)
    case "drop": self = .drop(try Self.whole(argument, "the example's place in the batch"))
    case "skip":
      guard argument.isEmpty || argument == "update" else {
        throw Failure("skip '\(argument)'", remedy: "skip update")
      }
      self = .skipUpdate
    case "undo": self = .undo
    case "redo": self = .redo
    case "branches": self = .branches
    case "switch": self = .switchTo(try Self.whole(argument, "the branch"))
    case "compare": self = try Self.comparison(rest)
    case "ask": self = try Self.question(rest)
    case "sabotage": self = .sabotage(try Self.misconception(argument))
    case "verdict": self = .verdict(try FaultVerdict(rest))
    case "reveal": self = .reveal
    case "share": self = .share
    case "help", "h", "?":
      self = ["expressions", "names"].contains(argument) ? .helpExpressions : .help
    case "complete": self = .complete(argument)
    case "log": self = .log
    default:
      if let command = try BreakpointCommand(first, argument) {
        self = .breakpoint(command)
        return
      }
      if let command = try RunCommand(first, argument) {
        self = .change(command)
        return
      }
      let known = Self.words
      let near = NameSuggestion.near(first, among: known)
      throw Failure(
        "there is no command '\(first)'",
        remedy: near.isEmpty
          ? "one of " + known.joined(separator: ", ")
          : near.map { "'\($0)'" }.joined(separator: " or "))
    }
  }

  /// The full words of all commands.
  package static let words =
    [
      "step", "back", "si", "bi", "goto", "example", "forward", "continue", "reverse-continue",
      "print",
      "display", "undisplay", "list", "info", "explain", "why", "origin", "check", "gradcheck",
      "set", "where",
      "help", "until", "finish", "reverse-finish", "into", "fold", "unfold", "drop", "skip",
      "undo", "redo", "branches", "switch", "compare", "ask", "complete", "log",
      "sabotage", "verdict", "reveal", "share",
    ] + RunCommand.words + BreakpointCommand.words

  /// Whether what follows `b`, in gdb's sense of it, can only be meant for `break`.
  private static func isBreak(_ words: [String]) -> Bool {
    words.first.map { $0 == "if" || Sickness.begins(with: $0) } ?? false
  }

  private static func fold(_ text: String, _ example: String) throws -> FoldAddress {
    guard !text.isEmpty else { throw Failure("no fold is named", remedy: "as \(example)") }
    return FoldAddress(text)
  }

  private static func anyFold(_ text: String) -> FoldAddress? {
    text.isEmpty ? nil : FoldAddress(text)
  }

  /// An expression, or a fold where it can only be meant as one.
  private static func printing(_ text: String) throws -> DebuggerCommand {
    do { return .print(try RunExpression(text)) } catch {
      guard FoldAddress.isPlausible(text) else { throw error }
      return .printFold(FoldAddress(text))
    }
  }

  private static func move(_ words: [String], forwards: Bool) throws -> DebuggerCommand {
    var (count, unit) = (1, MoveUnit.line)
    var rest = words[...]
    if let number = rest.first.flatMap({ Int($0) }) {
      guard number > 0, number <= 1_000_000_000 else {
        throw Failure("\(number) moves", remedy: "a number from 1")
      }
      count = number
      rest = rest.dropFirst()
    }
    if let word = rest.first {
      guard let known = Self.unit(word) else {
        if word == "into" {
          return .into(anyFold(rest.dropFirst().joined(separator: " ")))
        }
        return .moveOver(
          FoldAddress(rest.joined(separator: " ")), forwards ? count : -count)
      }
      unit = known
      rest = rest.dropFirst()
    }
    guard rest.isEmpty else {
      throw Failure("'\(rest.joined(separator: " "))' after a move", remedy: "step [N] [UNIT]")
    }
    return .move(forwards ? count : -count, unit)
  }

  private static func unit(_ word: String) -> MoveUnit? {
    if word == "batch" || word == "batches" { return .step }
    let singles = [word, String(word.dropLast()), String(word.dropLast(2))]
    let endings = ["", "s", "es"]
    return zip(singles, endings).lazy.filter { $0 + $1 == word }
      .compactMap { MoveUnit(rawValue: $0.0) }.first
  }

  private static func destination(_ words: [String]) throws -> Destination {
    switch (words.first, words.count) {
    case ("start", 1): return .start
    case ("end", 1): return .end
    case ("step", 2), ("batch", 2): return .step(try whole(words[1], "the step"))
    case ("pass", 2): return .pass(try whole(words[1], "the pass"))
    case ("step", 3) where words[2] == "end": return .endOfStep(try whole(words[1], "the step"))
    case ("batch", 3) where words[2] == "end": return .endOfStep(try whole(words[1], "the step"))
    case ("pass", 3) where words[2] == "end": return .endOfPass(try whole(words[1], "the pass"))
    case ("epoch", 2): return .epoch(try whole(words[1], "the epoch"))
    case ("instruction", 2): return .instruction(try whole(words[1], "the instruction"))
    default:
      throw Failure(
        "goto '\(words.joined(separator: " "))'",
        remedy: "goto step N, goto pass N, goto epoch N, goto instruction N, goto start or goto end"
      )
    }
  }

  /// Whether the words of a `goto` name a moment by a number, or an end of the run.
  private static func isMoment(_ words: [String]) -> Bool {
    guard let first = words.first else { return true }
    return ["step", "batch", "pass", "epoch", "instruction", "start", "end"].contains(first)
  }

  static func whole(_ text: String, _ what: String) throws -> Int {
    guard let number = Int(text), (0...1_000_000_000).contains(number) else {
      throw Failure("'\(text)' for \(what)", remedy: "a whole number from 0")
    }
    return number
  }

  private static func question(_ text: String) throws -> WhyQuestion {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let first = words.first else { return .next }
    if first == "memory", words.count == 1 { return .memory }
    if first == "example", words.count > 1 {
      return .example(
        try whole(words.dropFirst().joined(separator: " "), "the example's place in the batch"))
    }
    guard first == "prediction" else { return .place(try place(text)) }
    guard words.count > 1 else { return .prediction(nil) }
    return .prediction(
      try whole(words.dropFirst().joined(separator: " "), "the example's place in the batch"))
  }

  private static func origin(_ text: String) throws -> DebuggerCommand {
    guard !text.isEmpty else {
      throw Failure("origin of nothing", remedy: "origin dense/output[3,1], or origin nan")
    }
    return ["nan", "NaN", "inf", "infinity", "∞"].contains(text)
      ? .originUnsound : .origin(try place(text))
  }

  private static func info(_ topic: String) throws -> Info {
    if ["b", "break", "breakpoint", "watchpoints"].contains(topic) { return .breakpoints }
    guard let info = Info(rawValue: topic) else {
      throw Failure(
        "info '\(topic)'", remedy: "info " + Info.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return info
  }

  private static func comparison(_ words: [String]) throws -> DebuggerCommand {
    guard words.count == 2 else {
      throw Failure("compare '\(words.joined(separator: " "))'", remedy: "compare 1 2")
    }
    return .compare(try whole(words[0], "the branch"), try whole(words[1], "the branch"))
  }

  /// `ask dropout = 0.2 over 100 seeds`, `ask stop`.
  private static func question(_ words: [String]) throws -> DebuggerCommand {
    if words == ["stop"] { return .ask(nil, seeds: 0) }
    var (setting, seeds) = (words, 10)
    if let over = words.lastIndex(of: "over") {
      let count = words[(over + 1)...].filter { !["seeds", "seed"].contains($0) }
      guard count.count == 1 else {
        throw Failure("'\(words[over...].joined(separator: " "))'", remedy: "over 20 seeds")
      }
      seeds = try whole(count[0], "how many seeds")
      setting = Array(words[..<over])
    }
    do throws(RunFailure) {
      let patch = try SettingPatch(setting.joined(separator: " "))
      guard !SettingPatch.unasked.contains(patch.name) else {
        throw RunFailure(
          "\(patch.name) makes runs that cannot be compared", remedy: "as dropout = 0.2")
      }
      return .ask(patch, seeds: seeds)
    } catch { throw Failure("ask: " + error.problem, remedy: error.remedy) }
  }

  private static func setting(_ text: String) throws -> DebuggerCommand {
    let sides = text.split(separator: "=", maxSplits: 1).map {
      $0.trimmingPrefix(while: \.isWhitespace)
    }
    let name = sides.first.map { String($0).split(whereSeparator: \.isWhitespace).joined() } ?? ""
    if sides.count == 2, let remedy = regularizer(name, String(sides[1])) {
      throw Failure("set '\(text)' names no layer", remedy: remedy)
    }
    if sides.count == 2, let remedy = promptName(name, String(sides[1])) {
      throw Failure("set '\(text)'", remedy: remedy)
    }
    if let patch = try settingPatch(name, text) { return .change(.set(patch)) }
    guard sides.count == 2, !name.isEmpty,
      let number = Double(String(sides[1])),
      number.isFinite
    else {
      throw Failure(
        "set '\(text)'", remedy: "set learning_rate = 0.01, or set dense/kernel[2,1] = 0.5")
    }
    if name == Session.skippedName, number == 0 { return .skipUpdate }
    guard name == "learning_rate" || name == "lr" else {
      return .setWeight(try place(name), number)
    }
    guard number >= 0 else {
      throw Failure("a learning rate of \(number)", remedy: "a number from 0")
    }
    return .setLearningRate(number)
  }

  /// What is typed for a setting that stands on the screen under another name.
  private static func promptName(_ name: String, _ value: String) -> String? {
    switch name.lowercased() {
    case "standardize", "standardized":
      let isOff = ["no", "none", "off", "false", "0"].contains(value.lowercased())
      return "set scale = \(isOff ? "none" : "standard")"
    case "batchsize": return "set batch_size = \(value)"
    case "learningrate", "rate": return "set learning_rate = \(value)"
    default: return nil
    }
  }

  /// A penalty is of a layer: what to say where none is named.
  private static func regularizer(_ name: String, _ value: String) -> String? {
    let kinds = [
      "l1": "L1", "l2": "L2", "l1penalty": "L1", "l2penalty": "L2", "regularizer": "L2",
    ]
    guard let kind = kinds[name.lowercased().replacing("kernel_", with: "")] else { return nil }
    let penalty = Double(value).map { "\(kind)(\($0))" } ?? value
    return "set LAYER.kernel_regularizer = \(penalty) for each layer that is to have it, as "
      + "set dense.kernel_regularizer = \(penalty)"
  }

  /// What `set` changes that is no number of the run: nil for a weight, an example or the rate.
  private static func settingPatch(_ name: String, _ text: String) throws -> SettingPatch? {
    let isPlace = name.contains("/") || name.contains("[") || !name.contains(".")
    guard SettingPatch.settable.contains(name) || !isPlace else { return nil }
    do throws(RunFailure) { return try SettingPatch(text) } catch {
      throw Failure("set: " + error.problem, remedy: error.remedy)
    }
  }

  /// A misconception by its number or its id; nil for one by chance.
  private static func misconception(_ text: String) throws -> Int? {
    guard !text.isEmpty else { return nil }
    let ids = Misconception.all.map(\.id)
    if let place = ids.firstIndex(of: text) { return place + 1 }
    guard Int(text) == nil else { return try whole(text, "the number of a misconception") }
    let near = NameSuggestion.near(text, among: ids)
    throw Failure(
      "sabotage '\(text)'",
      remedy: near.isEmpty
        ? "a number from 1 to \(ids.count), or an id as \(ids[0])"
        : near.joined(separator: " or "))
  }

  /// `dense/kernel[2,1]`; without an index its first number.
  static func place(_ text: String) throws -> Place {
    guard let open = text.firstIndex(of: "[") else { return Place(name: text, index: []) }
    let inner = text[text.index(after: open)...]
    guard inner.last == "]" else {
      throw Failure("'\(text)' has no closing bracket", remedy: "as dense/kernel[2,1]")
    }
    let index = inner.dropLast().split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.split(whereSeparator: \.isWhitespace).joined())
    }
    guard !index.contains(nil) else {
      throw Failure("'\(inner.dropLast())' as an index", remedy: "whole numbers, as [2,1]")
    }
    return Place(name: String(text[..<open]), index: index.compactMap { $0 })
  }
}
