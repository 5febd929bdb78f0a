import Autodiff
import NeuralNets
import Tensors

/// What a student says is wrong with a run, by a place where it shows.
package enum FaultVerdict: Hashable, Sendable {
  /// An instruction does not compute what it says; counted from 1, as listings do.
  case instruction(Int)
  /// One of the instructions of a layer does not.
  case layer(String)
  /// A weight, its gradient, or one number of them is not what it should be.
  case weight(DebuggerCommand.Place)
  /// A layer gives nothing but 0.
  case dead(String)
  /// Rows of the training examples have wrong answers, or should not be among them.
  case rows([Int])
  /// A column of the inputs, counted from 0, has another scale.
  case column(Int)
  case setting(Setting)

  package enum Setting: String, CaseIterable, Hashable, Sendable {
    case learningRate = "learning_rate"
    case loss, dropout
  }

  /// What the evidence says to it.
  package struct Ruling: Hashable, Sendable, Codable {
    package let isRight: Bool
    /// Why, with the numbers.
    package let words: String
  }

  /// The forms in which a verdict is typed.
  package static let forms = [
    "instruction N", "layer NAME", "weight NAME[I,J]", "dead LAYER", "rows N M …", "column N",
    "setting " + Setting.allCases.map(\.rawValue).joined(separator: "|"),
  ]

  /// Reads `instruction 14`, `rows 3 8 20`, `setting loss`.
  /// - Throws: `DebuggerCommand.Failure`.
  package init(_ words: [String]) throws(DebuggerCommand.Failure) {
    let rest = Array(words.dropFirst())
    let numbers = rest.map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }.compactMap { Int($0) }
    switch (words.first, rest.count) {
    case ("instruction", 1) where numbers.count == 1 && numbers[0] > 0:
      self = .instruction(numbers[0])
    case ("layer", 1): self = .layer(rest[0])
    case ("weight", 1...):
      do { self = .weight(try DebuggerCommand.place(rest.joined())) } catch let failure
        as DebuggerCommand.Failure
      { throw failure } catch {
        throw DebuggerCommand.Failure(
          "'\(rest.joined())' as a weight", remedy: "as dense/kernel[2,1]")
      }
    case ("dead", 1): self = .dead(rest[0])
    case ("rows", 1...) where numbers.count == rest.count && numbers.allSatisfy({ $0 >= 0 }):
      self = .rows(numbers)
    case ("column", 1) where numbers.count == 1 && numbers[0] >= 0: self = .column(numbers[0])
    case ("setting", 1):
      guard let setting = Setting(rawValue: rest[0]) else {
        throw DebuggerCommand.Failure(
          "setting '\(rest[0])'",
          remedy: "one of " + Setting.allCases.map(\.rawValue).joined(separator: ", "))
      }
      self = .setting(setting)
    default:
      throw DebuggerCommand.Failure(
        "'\(words.joined(separator: " "))' as a verdict",
        remedy: "one of " + Self.forms.map { "verdict " + $0 }.joined(separator: ", "))
    }
  }
}

extension Session {
  /// What the numbers of the run say to a verdict: never what was planted.
  /// - Throws: `DebuggerCommand.Failure` for a place that is not there.
  package func rule(
    on verdict: FaultVerdict
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    switch verdict {
    case .instruction(let number): return try rule(onInstruction: number - 1)
    case .layer(let name): return try rule(onLayer: name)
    case .weight(let place): return try rule(onWeight: place)
    case .dead(let name): return try rule(onDeadLayer: name)
    case .rows(let rows): return try rule(onRows: rows)
    case .column(let column): return try rule(onColumn: column)
    case .setting(let setting): return rule(on: setting)
    }
  }

  // MARK: Formulas

  private func rule(
    onInstruction index: Int
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    guard plan.instructions.indices.contains(index) else {
      throw DebuggerCommand.Failure(
        "instruction \(index + 1)", remedy: "one from 1 to \(plan.instructions.count)")
    }
    guard let found = contradiction(at: index) else {
      if let words = secondSoftmax(at: index) {
        return FaultVerdict.Ruling(isRight: true, words: "instruction \(index + 1) " + words)
      }
      return FaultVerdict.Ruling(
        isRight: false,
        words: "instruction \(index + 1) computes what it says: every number agrees with its "
          + "formula in Float64")
    }
    return FaultVerdict.Ruling(isRight: true, words: "instruction \(index + 1): " + found.words)
  }

  private func rule(
    onLayer name: String
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    let places = plan.instructions.indices.filter { plan.instructions[$0].layer == name }
    guard !places.isEmpty else { throw noLayer(name) }
    for index in places {
      if let found = contradiction(at: index) {
        return FaultVerdict.Ruling(isRight: true, words: "instruction \(index + 1): " + found.words)
      }
    }
    return FaultVerdict.Ruling(
      isRight: false,
      words: "all \(places.count) instructions of \(name) compute what they say")
  }

  /// A weight: no update gave it the number it began the step with, or an instruction that writes it
  /// or its gradient does not compute what it says.
  private func rule(
    onWeight place: DebuggerCommand.Place
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    guard let value = plan.value(named: place.name) else {
      let names = network.weights.map(\.name)
      let near = NameSuggestion.near(place.name, among: names)
      throw DebuggerCommand.Failure(
        "there is no '\(place.name)' in the plan",
        remedy: (near.isEmpty ? names : near).joined(separator: " or "))
    }
    let isThere = place.index.isEmpty || value.shape.offset(of: place.index) != nil
    guard isThere else {
      throw DebuggerCommand.Failure(
        "\(place.name)\(CellExplainer.subscript(place.index)) of shape \(value.shape)",
        remedy: "an index below \(value.shape)")
    }
    if let fill = settings.fills.first(where: { $0.name == place.name }) {
      return FaultVerdict.Ruling(
        isRight: true,
        words: "\(place.name) was \(fill.number) when step \(firstStep) began: no update made it so"
      )
    }
    for index in plan.instructions.indices
    where plan.instructions[index].results.contains(where: { $0.value == value }) {
      if let found = contradiction(at: index) {
        return FaultVerdict.Ruling(isRight: true, words: "instruction \(index + 1): " + found.words)
      }
    }
    return FaultVerdict.Ruling(
      isRight: false, words: "\(place.name) is what its formula gives in this step")
  }

  /// What is said of an instruction of the loss that takes the softmax of a softmax.
  private func secondSoftmax(at index: Int) -> String? {
    let instruction = plan.instructions[index]
    guard instruction.phase == .loss else { return nil }
    for result in instruction.results {
      guard let (kind, of) = result.rule.softmaxed,
        let maker = plan.instructions[..<index].reversed().lazy.flatMap(\.results).first(where: {
          $0.value == of
        }), maker.rule.softmaxed?.kind == .softmax
      else { continue }
      let name = plan[of].name
      return kind == .softmax
        ? "takes the softmax of \(name), which is a softmax already"
        : "takes \(name) for the numbers before a softmax, and it is a softmax already"
    }
    return nil
  }

  private func noLayer(_ name: String) -> DebuggerCommand.Failure {
    let names = network.layers.map(\.name)
    let near = NameSuggestion.near(name, among: names)
    return DebuggerCommand.Failure(
      "there is no layer '\(name)' in the plan",
      remedy: (near.isEmpty ? names : near).joined(separator: " or "))
  }

  private func rule(
    onDeadLayer name: String
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    guard let value = plan.value(named: name + "/output") else { throw noLayer(name) }
    let copy = Session(replaying: self, from: shownStep)
    copy.replay(toStep: shownStep)
    while !copy.plan.isKnown(value, at: copy.execution.position), !copy.execution.isDone {
      copy.execution.advance()
    }
    let numbers = copy.execution.numbers(of: value)
    let alive = numbers.count { $0 != 0 }
    return FaultVerdict.Ruling(
      isRight: alive == 0,
      words: alive == 0
        ? "all \(numbers.count) outputs of \(name) are 0 in this batch"
        : "\(alive) of \(numbers.count) outputs of \(name) are not 0")
  }

  // MARK: Data

  private func rule(
    onRows rows: [Int]
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    let training = settings.data.training
    if let row = rows.first(where: { $0 >= training.count }) {
      throw DebuggerCommand.Failure(
        "row \(row) of \(training.count) training examples",
        remedy: "one from 0 to \(training.count - 1)")
    }
    let held = Set(rowsHeldBackToo())
    let sound = soundSettings?.data.training
    for row in rows {
      let differs = sound.map { $0.targets.row(row) != training.targets.row(row) } ?? false
      guard differs || held.contains(row) else {
        return FaultVerdict.Ruling(
          isRight: false, words: "row \(row) is as it was measured, and not held back")
      }
    }
    let leaked = rows.count(where: held.contains)
    return FaultVerdict.Ruling(
      isRight: true,
      words: leaked > 0
        ? "\(leaked) of these rows are among the examples held back too"
        : "these \(rows.count) rows have answers that were not measured")
  }

  /// The rows of the training examples that are among those held back, number for number.
  package func rowsHeldBackToo() -> [Int] {
    guard let validation = settings.data.validation else { return [] }
    let (mine, others) = (settings.data.training.inputs, validation.inputs)
    let held = Set((0..<validation.count).map { Array(others.row($0)) })
    let sound = soundSettings?.data.training.inputs
    return (0..<settings.data.training.count).filter { row in
      // Measured twice is not learned from twice.
      held.contains(Array(mine.row(row))) && sound.map { $0.row(row) != mine.row(row) } ?? true
    }
  }

  private func rule(
    onColumn column: Int
  ) throws(DebuggerCommand.Failure) -> FaultVerdict.Ruling {
    let inputs = settings.data.training.inputs
    guard inputs.shape.rank == 2, column < inputs.shape[1] else {
      throw DebuggerCommand.Failure(
        "column \(column) of inputs \(inputs.shape)",
        remedy: inputs.shape.rank == 2 ? "one from 0 to \(inputs.shape[1] - 1)" : "a table")
    }
    let spread = inputs.spread(ofColumn: column)
    let others = (0..<inputs.shape[1]).filter { $0 != column }
      .map { inputs.spread(ofColumn: $0) }.sorted()
    let usual = others.isEmpty ? spread : others[others.count / 2]
    // Also data that were measured have columns of several scales.
    let before = soundSettings?.data.training.inputs.spread(ofColumn: column)
    let isRight = spread > 30 * (before ?? usual)
    return FaultVerdict.Ruling(
      isRight: isRight,
      words: "column \(column) has a standard deviation of \(Float(spread)), the others one of "
        + "\(Float(usual)) in the middle")
  }

  // MARK: Settings

  private func rule(on setting: FaultVerdict.Setting) -> FaultVerdict.Ruling {
    let sound = soundSettings
    let (now, before) = (settings.model, sound?.model ?? settings.model)
    switch setting {
    case .learningRate:
      let (rate, usual) = (
        Double(learningRate), before.compilation.flatMap { $0.optimizer.fixedRate }
      )
      let isRight = usual.map { rate >= 10 * $0 } ?? false
      return FaultVerdict.Ruling(
        isRight: isRight,
        words: isRight
          ? "the rate is \(Float(rate)), \(Float(rate / (usual ?? 1))) times what the program says"
          : usual.map { Float($0) == Float(rate) } ?? true
            ? "the rate of \(Float(rate)) is the program's"
            : "the rate was set to \(Float(rate)), and the program says \(Float(usual ?? rate)): "
              + "not ten times as much")
    case .loss:
      let isRight = now.compilation?.outputs.map(\.loss) != before.compilation?.outputs.map(\.loss)
      return FaultVerdict.Ruling(
        isRight: isRight,
        words: isRight
          ? "the loss takes the output for logits, and it is a softmax already"
          : "the loss is the program's, and fits the output")
    case .dropout:
      let isRight = now.callsTraining != before.callsTraining
      return FaultVerdict.Ruling(
        isRight: isRight,
        words: isRight
          ? "dropout works where the network is judged too"
          : "dropout rests where the network is judged")
    }
  }
}

extension CellRule {
  /// What it takes the softmax of, or the logarithm of one.
  fileprivate var softmaxed: (kind: AxisFunction, of: Value)? {
    switch self {
    case .softmax(let x): (.softmax, x)
    case .alongAxis(let function, let x, _)
    where [.softmax, .logSoftmax, .logSumExp].contains(function):
      (function, x)
    default: nil
    }
  }
}

extension Contradiction {
  var words: String { "\(name) is \(lab), its formula gives \(right)" }
}

extension Component {
  /// The learning rate that an optimizer was given as a number.
  package var fixedRate: Double? {
    switch arguments["learning_rate"] {
    case .number(let rate): rate
    case .integer(let rate): Double(rate)
    default: nil
    }
  }
}

extension ModelDescription {
  /// How many calls of layers are told to work as while training.
  fileprivate var callsTraining: Int {
    wiring?.calls.count { $0.options.isTraining == true } ?? 0
  }
}
