import Training

/// Reads the YAML within directives.
struct DirectiveReader {
  let file: String

  func ask(_ yaml: String, line: Int) throws(LessonFailure) -> Ask {
    let fields = try Fields(
      yaml,
      known: [
        "id", "question", "answer", "choices", "before", "hints", "digits", "tolerance", "wrong",
        "after", "place",
      ], what: "{ask}", file: file, offset: line)
    let hidesTheRest = try hidesTheRest(fields)
    let question = try fields.text("question")
    var diagnoses: [Ask.Diagnosis] = []
    for (wrong, words) in try fields.pairs("wrong", "when", "say") {
      diagnoses.append(
        Ask.Diagnosis(wrongValue: wrong, words: try runs(words, fields.line("wrong"))))
    }
    return Ask(
      id: try id(fields), question: try runs(question, fields.line("question")),
      answer: try answer(fields, line), hidesTheRest: hidesTheRest,
      hints: try hints(fields), digits: try fields.integerIfAny("digits", in: 0...6) ?? 2,
      givenTolerance: try fields.numberIfAny("tolerance"), diagnoses: diagnoses,
      after: try fields.texts("after"), givenPlace: try place(fields), line: line)
  }

  /// Whether what follows on the page comes only after this.
  private func hidesTheRest(_ fields: Fields) throws(LessonFailure) -> Bool {
    guard let before = try fields.textIfAny("before") else { return false }
    guard before == "reveal" else {
      throw fields.failure("before", "before: \(before)", right: "before: reveal")
    }
    return true
  }

  /// One number of a value: `dense/kernel.grad[1,0]`.
  private func place(_ fields: Fields) throws(LessonFailure) -> String? {
    guard let text = try fields.textIfAny("place") else { return nil }
    guard (try? RunExpression(text).number) != nil else {
      throw fields.failure(
        "place", "the place ‘\(text)’", right: "one number, as dense/kernel.grad[1,0]")
    }
    return text
  }

  private func answer(_ fields: Fields, _ line: Int) throws(LessonFailure) -> Ask.Answer {
    guard fields.has("answer") != fields.has("choices") else {
      throw LessonFailure(
        file, line, fields.has("answer") ? "{ask} with answer and choices" : "{ask} without answer",
        right: "answer: an expression over the lab, as dense/output[0,0], or a list of choices")
    }
    guard fields.has("choices") else {
      let expression = try fields.text("answer")
      guard Double(expression) == nil else {
        throw fields.failure(
          "answer", "the answer \(expression) typed in",
          right: "an expression from which the lab computes it, as dense/output[0,0]")
      }
      return .number(expression)
    }
    var choices: [Ask.Choice] = []
    for row in try fields.rows("choices", ["text", "right"], optional: ["wrong"]) {
      let line = fields.line("choices")
      choices.append(
        Ask.Choice(
          text: try runs(row["text"] ?? "", line), isRight: row["right"] ?? "",
          wrongWords: try runs(row["wrong"] ?? "", line)))
    }
    guard choices.count >= 2 else {
      throw fields.failure("choices", "fewer than two choices", right: "two or more")
    }
    return .choice(choices)
  }

  func exercise(_ yaml: String, line: Int) throws(LessonFailure) -> Exercise {
    let fields = try Fields(
      yaml,
      known: ["id", "task", "wait", "captions", "before", "hints", "solution", "success", "wrong"],
      what: "{exercise}", file: file, offset: line)
    var wrongWays: [Exercise.WrongWay] = []
    for (when, words) in try fields.pairs("wrong", "when", "say") {
      wrongWays.append(
        Exercise.WrongWay(holds: when, words: try runs(words, fields.line("wrong"))))
    }
    let task = try fields.text("task")
    let success = try fields.text("success")
    return Exercise(
      id: try id(fields), task: try runs(task, fields.line("task")),
      isDone: try fields.text("wait"), hidesTheRest: try hidesTheRest(fields),
      hints: try hints(fields),
      solution: try fields.texts("solution"),
      success: try runs(success, fields.line("success")), wrongWays: wrongWays,
      captions: try captions(fields), line: line)
  }

  func live(_ yaml: String, line: Int) throws(LessonFailure) -> LiveView {
    let fields = try Fields(
      yaml, known: ["value", "title", "digits"], what: "{live}", file: file, offset: line)
    let value = try fields.text("value")
    return LiveView(
      title: try fields.textIfAny("title") ?? value, value: value,
      digits: try fields.integerIfAny("digits", in: 0...6) ?? 2)
  }

  func setup(_ yaml: String, line: Int) throws(LessonFailure) -> Setup {
    let fields = try Fields(
      yaml,
      known: ["model", "data", "seed", "position", "pace", "show", "light", "hide", "commands"],
      what: "{setup}", file: file, offset: line)
    let goal = try goal(fields)
    let model = try fields.textIfAny("model")
    let isInline = model?.contains("\n") == true
    return Setup(
      model: model.map { isInline ? .inline($0) : .file($0) }, data: try fields.textIfAny("data"),
      seed: try fields.integerIfAny("seed", in: 0...Int.max).map { UInt64($0) },
      position: goal == nil ? try position(fields) : nil, goal: goal, pace: try pace(fields),
      screen: try fields.textIfAny("show"), light: try fields.textIfAny("light"),
      hidden: try fields.texts("hide"),
      commands: try fields.texts("commands"), line: line)
  }

  /// `epoch 3`, `end`.
  private func goal(_ fields: Fields) throws(LessonFailure) -> Setup.Goal? {
    let words = try fields.textIfAny("position")?.split(whereSeparator: \.isWhitespace)
    if words == ["end"] { return .end }
    guard let words, words.count == 2, words[0] == "epoch", let epoch = Int(words[1]),
      (0...100_000).contains(epoch)
    else { return nil }
    return .epoch(epoch)
  }

  /// `step 3`, `instruction 11`, `step 3 instruction 11`.
  private func position(_ fields: Fields) throws(LessonFailure) -> Position? {
    guard let text = try fields.textIfAny("position") else { return nil }
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    var found: [String: Int] = [:]
    for i in stride(from: 0, to: words.count - 1, by: 2) {
      if let count = Int(words[i + 1]), (0...1_000_000).contains(count) { found[words[i]] = count }
    }
    let isWhole = found.count * 2 == words.count && !words.isEmpty
    guard isWhole, Set(found.keys).isSubset(of: ["step", "instruction"]) else {
      throw fields.failure(
        "position", "the position ‘\(text)’", right: "step 3, instruction 11, both, epoch 3, or end"
      )
    }
    return Position(step: found["step"] ?? 0, instruction: found["instruction"] ?? 0)
  }

  /// `full`, or training steps a second.
  private func pace(_ fields: Fields) throws(LessonFailure) -> Pace? {
    guard let text = try fields.textIfAny("pace") else { return nil }
    if text == "full" { return .full }
    guard let speed = Double(text), speed > 0, speed.isFinite else {
      throw fields.failure("pace", "the pace ‘\(text)’", right: "full, or steps a second")
    }
    return .steps(speed)
  }

  // MARK: What directives share

  private func id(_ fields: Fields) throws(LessonFailure) -> String {
    let id = try fields.text("id")
    guard id.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
      throw fields.failure("id", "the id ‘\(id)’", right: "letters, digits and dashes")
    }
    return id
  }

  private func hints(_ fields: Fields) throws(LessonFailure) -> [[InlineRun]] {
    var hints: [[InlineRun]] = []
    for text in try fields.texts("hints") {
      hints.append(try runs(text, fields.line("hints")))
    }
    return hints
  }

  func runs(_ text: String, _ line: Int) throws(LessonFailure) -> [InlineRun] {
    try InlineReader(file: file, line: line).runs(text)
  }
}
