import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

extension Misconception: CustomTestStringConvertible {
  package var testDescription: String { id }
}

/// Runs in which each misconception means something.
private enum Sabotaged {
  /// Two inputs, three classes that lie apart, some of them held back.
  static func settings(optimizer: String = "Adam", dropout: Bool = true) -> RunSettings {
    let draws = CounterRandom(seed: 5, name: "sabotage tests")
    func examples(_ range: Range<Int>) -> Examples {
      let rows = range.map { row -> (Float, Float, Float) in
        let center = [(-2.0, 0.0), (2.0, -1.0), (0.0, 3.0)][row % 3]
        return (
          Float(center.0 + 0.4 * draws.normal(at: 2 * row)),
          Float(center.1 + 0.4 * draws.normal(at: 2 * row + 1)), Float(row % 3)
        )
      }
      return Examples(
        inputs: Tensor(shape: [rows.count, 2], scalars: rows.flatMap { [$0.0, $0.1] }),
        targets: Tensor(shape: [rows.count], scalars: rows.map(\.2)))
    }
    let layers: [(String, [String: any Sendable])] =
      [("Dense", ["units": 8, "activation": "relu"])]
      + (dropout ? [("Dropout", ["rate": 0.3])] : [])
      + [
        ("Dense", ["units": 6, "activation": "tanh"]),
        ("Dense", ["units": 3, "activation": "softmax"]),
      ]
    let rate: [String: any Sendable] = ["learning_rate": 0.02]
    let model = ModelDescription(
      inputShape: [2],
      layers: layers.map { component($0, LayerCatalog.type(named: $0)?.arguments ?? [], $1) },
      compilation: Compilation(
        optimizer: component(
          optimizer, OptimizerCatalog.named(optimizer)?.arguments ?? [], rate),
        loss: LossCatalog.named("SparseCategoricalCrossentropy")?.standard
          ?? .known("MeanSquaredError"),
        metrics: ["accuracy"]))
    return RunSettings(
      model: model,
      data: TrainingData(
        name: "three classes", training: examples(0..<60), validation: examples(60..<84)),
      batchSize: 12, epochs: 40, seed: 3)
  }

  static func debugger(_ misconception: Misconception) throws -> Debugger {
    // The update is judged at a step whose state is not the first.
    var debugger = Debugger(try Session(settings()))
    _ = try debugger.run("goto step 2")
    let number = (Misconception.all.firstIndex { $0.id == misconception.id } ?? 0) + 1
    _ = try debugger.run("sabotage \(number)")
    return debugger
  }
}

extension DebuggerReply {
  fileprivate func truth(_ name: String) -> Bool? {
    guard case .truth(let holds) = fields.first(where: { $0.name == name })?.value else {
      return nil
    }
    return holds
  }

  fileprivate func numbers(_ name: String) -> [Double] {
    switch fields.first(where: { $0.name == name })?.value {
    case .numbers(let all): all.map(Double.init)
    case .integers(let all): all.map(Double.init)
    case .double(let one): [one]
    case .number(let one): [Double(one)]
    case .integer(let one): [Double(one)]
    default: []
    }
  }

  fileprivate var isProved: Bool { truth("proved") == true }
}

@Suite("Sabotage")
struct SabotageTests {
  private static let formulas = Misconception.all.filter {
    if case .formula = $0.fault { true } else { false }
  }

  @Test("drawn by chance, no fault comes again before all that mean something were planted")
  func drawsAnew() throws {
    var debugger = Debugger(try Session(Sabotaged.settings()))
    var planted: [String] = []
    for step in 1...4 {
      _ = try debugger.run("goto step \(step)")
      _ = try debugger.run("sabotage")
      planted.append(try #require(debugger.session.sabotage).misconception.id)
      _ = try debugger.run("reveal")
    }
    #expect(Set(planted).count == planted.count)
    let firsts = try (0..<8).map { step in
      var debugger = Debugger(try Session(Sabotaged.settings()))
      _ = try debugger.run("goto step \(step)")
      _ = try debugger.run("sabotage")
      return try #require(debugger.session.sabotage).misconception.id
    }
    #expect(Set(firsts).count > 2)
  }

  @Test("Every misconception has words of its own and an id of its own")
  func catalog() {
    let all = Misconception.all
    #expect(all.count == 14)
    for words in [all.map(\.id), all.map(\.title), all.map(\.belief), all.map(\.correction)] {
      #expect(Set(words).count == all.count && words.allSatisfy { !$0.isEmpty })
    }
    #expect(Misconception.named("sign")?.title == all[0].title)
  }

  @Test(
    "A wrong formula is found by a gradient check or an explanation, and proved by its instruction",
    arguments: formulas)
  func findsFormulas(_ misconception: Misconception) throws {
    var debugger = try Sabotaged.debugger(misconception)
    _ = try debugger.run("goto step 4")
    let count = debugger.session.plan.instructions.count
    // An instruction whose explanation contradicts its number is looked for, one after the other.
    var found: [Int] = []
    for instruction in 1...count {
      _ = try debugger.run("goto instruction \(instruction)")
      if try debugger.run("explain").lines.contains(where: { $0.hasPrefix("✗") }) {
        found.append(instruction)
      }
    }
    let place = try #require(found.first)
    #expect(found.count == 1)
    #expect(try debugger.run("verdict instruction \(place)").isProved)
    let wrong = place == 1 ? 2 : 1
    #expect(try !debugger.run("verdict instruction \(wrong)").isProved)
    #expect(try !debugger.run("verdict setting learning_rate").isProved)
    #expect(try !debugger.run("verdict rows 0").isProved)
    let instruction = debugger.session.plan.instructions[place - 1]
    if let layer = instruction.layer {
      #expect(try debugger.run("verdict layer \(layer)").isProved)
    }
    let error = try debugger.run("check").numbers("worst_relative_error")[0]
    #expect((error > 1e-3) == (instruction.phase == .backward))
    #expect(try debugger.run("reveal").lines.contains { $0.contains("instruction \(place) ") })
  }

  @Test(
    "What was planted is trained with, and every moment of it is gone back to bit for bit",
    arguments: Misconception.all)
  func travels(_ misconception: Misconception) throws {
    var debugger = try Sabotaged.debugger(misconception)
    let session = debugger.session
    let sound = try Session(Sabotaged.settings())
    var digests: [String] = []
    for step in 0...12 {
      session.go(to: Position(step: step))
      digests.append(session.digest.description)
    }
    for step in (0...12).reversed() {
      session.go(to: Position(step: step, instruction: 5))
      session.go(to: Position(step: step))
      #expect(session.digest.description == digests[step], "step \(step)")
    }
    sound.go(to: Position(step: 1))
    #expect(sound.digest.description == digests[1])
    _ = try debugger.run("goto step 12")
    _ = try debugger.run("back 3 instruction")
    _ = try debugger.run("step 3 instruction")
    #expect(session.digest.description == digests[12])
  }

  @Test("A dead layer is seen by its zeros")
  func deadLayer() throws {
    var debugger = try Sabotaged.debugger(try #require(Misconception.named("deadLayer")))
    _ = try debugger.run("goto step 3")
    _ = try debugger.run("goto instruction 3")
    #expect(try debugger.run("print max(abs(dense/output))").numbers("value") == [0])
    #expect(try debugger.run("verdict dead dense").isProved)
    #expect(try !debugger.run("verdict dead dense_1").isProved)
    #expect(try debugger.run("verdict weight dense/bias[0]").isProved)
    #expect(try !debugger.run("verdict weight dense_1/bias").isProved)
    _ = try debugger.run("reveal")
    _ = try debugger.run("step 1 step")
    _ = try debugger.run("goto instruction 3")
    #expect(try debugger.run("print max(abs(dense/output))").numbers("value")[0] > 0)
  }

  @Test("Rows with a wrong answer have a large loss after some epochs")
  func mislabelledRows() throws {
    var debugger = try Sabotaged.debugger(try #require(Misconception.named("mislabelledRows")))
    var losses: [Int: Double] = [:]
    for step in 150..<155 {
      _ = try debugger.run("goto step \(step)")
      _ = try debugger.run("step 3 phase")
      let all = try debugger.run("print example_loss").numbers("value")
      for (place, loss) in all.enumerated() {
        let row = try #require(debugger.run("example \(place)").numbers("row").first)
        losses[Int(row)] = loss
      }
    }
    let ranked = losses.sorted { $0.value > $1.value }.map(\.key)
    try #require(ranked.count >= 30)
    #expect(try debugger.run("verdict rows \(ranked[0]) \(ranked[1])").isProved)
    #expect(try !debugger.run("verdict rows \(ranked[0]) \(ranked[29])").isProved)
    #expect(try !debugger.run("verdict column 0").isProved)
  }

  @Test("Examples in both parts, and a column of another scale, are seen in the data")
  func data() throws {
    var leak = try Sabotaged.debugger(try #require(Misconception.named("testInTraining")))
    let rows = try leak.run("info data").numbers("rows_in_both").map { Int($0) }
    #expect(rows.count >= 6)
    #expect(try leak.run("verdict rows \(rows[0]), \(rows[1])").isProved)
    let other = try #require((0..<60).first { !rows.contains($0) })
    #expect(try !leak.run("verdict rows \(other)").isProved)

    var scale = try Sabotaged.debugger(try #require(Misconception.named("unscaledColumn")))
    let spreads = try scale.run("info data").numbers("spreads")
    let column = spreads[0] > spreads[1] ? 0 : 1
    #expect(try scale.run("verdict column \(column)").isProved)
    #expect(try !scale.run("verdict column \(1 - column)").isProved)
  }

  @Test("Settings are seen in the judging, the plan and the rate")
  func settings() throws {
    var dropout = try Sabotaged.debugger(try #require(Misconception.named("dropoutLeftOn")))
    let judged = try dropout.run("info judging").numbers("losses")
    #expect(judged[0] != judged[1])
    #expect(try dropout.run("verdict setting dropout").isProved)
    #expect(try !dropout.run("verdict setting loss").isProved)

    var twice = try Sabotaged.debugger(try #require(Misconception.named("softmaxTwice")))
    #expect(try twice.run("verdict setting loss").isProved)
    #expect(try !twice.run("verdict setting dropout").isProved)
    #expect(try twice.run("info judging").numbers("losses").count == 2)
    // The instruction of the loss that takes the output for logits proves it too, and no other does.
    _ = try twice.run("goto step 4")
    let count = twice.session.plan.instructions.count
    let proved = try (1...count).filter { try twice.run("verdict instruction \($0)").isProved }
    #expect(proved.count == 1)
    let titles = proved.map { twice.session.plan.instructions[$0 - 1].title }
    #expect(titles == ["log sum exp"])

    var rate = try Sabotaged.debugger(try #require(Misconception.named("learningRateTooHigh")))
    #expect(abs(try rate.run("print learning_rate").numbers("value")[0] - 2) < 1e-6)
    #expect(try rate.run("verdict setting learning_rate").isProved)
    #expect(try !rate.run("verdict dead dense").isProved)
  }

  @Test("What was found is kept, what is missing is said, and nothing is told before it is proved")
  func evidence() throws {
    var debugger = try Sabotaged.debugger(try #require(Misconception.named("learningRateTooHigh")))
    #expect(debugger.openCase?.findings.isEmpty == true && debugger.openCase?.told.isEmpty == true)
    for verdict in FaultVerdict.Setting.allCases.dropFirst() {
      let reply = try debugger.run("verdict setting \(verdict.rawValue)")
      #expect(reply.lines.last?.hasPrefix("missing: ") == true)
    }
    _ = try debugger.run("verdict setting loss")
    #expect(debugger.openCase?.findings.map(\.verdict) == ["setting dropout", "setting loss"])
    #expect(debugger.openCase?.outcome == .open)
    _ = try debugger.run("verdict setting learning_rate")
    #expect(debugger.openCase?.outcome == .proved)
    #expect(debugger.openCase?.told.first == "the learning rate is too high")
    _ = try debugger.run("reveal")
    #expect(debugger.openCase?.outcome == .proved && debugger.openCase?.isPresent == false)
  }

  @Test("Chance plants one that means something, and tells nothing of it")
  func chance() throws {
    for seed in 1...6 {
      var settings = Sabotaged.settings(dropout: seed % 2 == 0)
      settings.seed = UInt64(seed)
      var debugger = Debugger(try Session(settings))
      let said = try debugger.run("sabotage").lines.joined()
      let told = try debugger.run("reveal").lines[0]
      #expect(Misconception.all.contains { $0.title == told })
      #expect(!said.contains(told))
    }
  }

  @Test("Senseless words are refused, and nothing else happens")
  func refusals() throws {
    var debugger = Debugger(try Session(Sabotaged.settings(optimizer: "SGD")))
    let before = debugger.session.digest
    for text in [
      "sabotage 0", "sabotage 15", "sabotage x", "verdict instruction 3", "reveal", "sabotage 6",
      "verdict", "verdict nonsense", "verdict setting color", "verdict rows", "verdict rows a",
    ] {
      #expect(throws: DebuggerCommand.Failure.self, "\(text)") { try debugger.run(text) }
    }
    #expect(debugger.session.digest == before && debugger.session.changeLog.isEmpty)
    _ = try debugger.run("sabotage 1")
    for text in [
      "sabotage 2", "verdict instruction 999", "verdict layer nowhere", "verdict rows 999",
      "verdict column 9", "verdict dead nowhere", "verdict weight dense/kernal[0,0]",
      "verdict weight dense/kernel[99,0]", "verdict weight dense/kernel[x]",
    ] {
      #expect(throws: DebuggerCommand.Failure.self, "\(text)") { try debugger.run(text) }
    }
  }
}

@Suite("Mutations of our own ops")
struct MutationTests {
  private static let cases = FormulaFault.allCases

  @Test(
    "Each wrong formula, planted anywhere in a run, contradicts the readable twin", arguments: cases
  )
  func twins(_ fault: FormulaFault) throws {
    var planted = 0
    for moment in try Self.moments() {
      let places = fault.places(in: moment.plan)
      for i in stride(from: 0, to: places.count, by: max(1, places.count / 3)) {
        planted += 1
        #expect(
          try moment.isCaught(fault, at: places[i]),
          "\(moment.name): instruction \(places[i] + 1)")
      }
    }
    #expect(planted > 0)
  }

  @Test(
    "A wrong formula of the way back fails the gradient check",
    arguments: [FormulaFault.sign, .missingMean, .transposedIndex, .beforeActivation])
  func gradients(_ fault: FormulaFault) throws {
    var failures = 0
    for moment in try Self.moments().prefix(2) {
      let sound = GradientCheck(moment.execution(of: moment.plan))
      #expect(try #require(sound.worst(stride: 3, of: moment.plan.parameters)).1 < 1e-6)
      for place in fault.places(in: moment.plan).prefix(4) {
        let altered = try #require(fault.altered(moment.plan, at: place))
        let check = GradientCheck(moment.execution(of: altered))
        let worst = try #require(check.worst(stride: 3, of: altered.parameters))
        #expect(worst.1 > 1e-4, "\(moment.name): instruction \(place + 1)")
        failures += 1
      }
    }
    #expect(failures > 0)
  }

  /// The start of a later step of small runs: dense ones, a convolution, an LSTM.
  private static func moments() throws -> [Moment] {
    try [0, 1, 3, 7].map { i in
      let session = try Session(SampleRun.all[i].settings)
      session.go(to: Position(step: 1, instruction: 1))
      return Moment(
        name: SampleRun.all[i].name, plan: session.plan,
        start: session.plan.givenValues.map { ($0, session.execution.numbers(of: $0)) })
    }
  }

  private struct Moment {
    let name: String
    let plan: Plan
    let start: [(value: Value, numbers: [Float])]

    /// An execution of a like plan at this moment.
    func execution(of plan: Plan) -> Execution {
      let execution = Execution(plan)
      execution.begin(seed: 1, step: 1, learningRate: 0.01)
      for (value, numbers) in start { execution.write(numbers, to: value) }
      return execution
    }

    func isCaught(_ fault: FormulaFault, at index: Int) throws -> Bool {
      let execution = execution(of: try #require(fault.altered(plan, at: index)))
      while execution.position < index { execution.advance() }
      var right = ReferenceExecution<Double>(execution, as: plan)
      execution.advance()
      right.run(index..<index + 1)
      return plan.instructions[index].results.contains { result in
        let numbers = execution.numbers(of: result.value)
        let wanted = numbers.indices.map { right[result.value, $0] }
        let scale = wanted.reduce(1e-30) { max($0, abs($1)) }
        return zip(numbers, wanted).contains { abs(Double($0) - $1) > 1e-4 * scale }
      }
    }
  }
}

@Suite("What a wrong number tells")
struct DiagnosisTests {
  private func said(
    _ place: String, _ cell: Int = 0, after instruction: Int, in session: Session,
    _ answer: (Double) -> Double
  ) throws -> String? {
    session.go(to: Position(step: 1, instruction: instruction))
    let value = try #require(session.plan.value(named: place))
    let result = try #require(
      session.plan.instructions[..<instruction].reversed().lazy.flatMap(\.results)
        .first { $0.value == value })
    let truth = Double(session.execution.number(value, at: cell))
    return session.diagnose(answer(truth), for: result, at: cell, tolerance: 1e-6)?.words
  }

  @Test("A usual mistake is named; a right number and a strange one are not")
  func names() throws {
    let session = try Session(Sabotaged.settings(optimizer: "SGD", dropout: false))
    let end = session.plan.instructions.count
    let (gradient, weight) = ("dense_2/kernel.grad", "dense_2/kernel")
    #expect(try said(gradient, after: end - 1, in: session) { -$0 } == "you turned the sign around")
    #expect(
      try said(gradient, after: end - 1, in: session) { $0 * 12 }
        == "you forgot to divide by the batch")
    #expect(try said(gradient, after: end - 1, in: session) { $0 } == nil)
    #expect(try said(gradient, after: end - 1, in: session) { $0 * 1.7 + 3 } == nil)
    session.go(to: Position(step: 1, instruction: 6))
    let sum = Double(
      session.execution.number(try #require(session.plan.value(named: "dense_1/sum")), at: 3))
    #expect(
      try said("dense_1/output", 3, after: 6, in: session) { _ in sum }
        == "that is the sum before tanh")
    let update = try #require(
      session.plan.instructions.firstIndex {
        $0.overwrites.contains { session.plan[$0].name == weight }
      })
    session.go(to: Position(step: 1, instruction: update))
    let before = Double(
      session.execution.number(try #require(session.plan.value(named: weight)), at: 0))
    #expect(
      try said(weight, after: update + 1, in: session) { 2 * before - $0 }
        == "you went uphill: the update is subtracted")
  }

  @Test("An update by the gradient of the step before is named", arguments: ["SGD", "Adam"])
  func stale(optimizer: String) throws {
    let sound = try Session(Sabotaged.settings(optimizer: optimizer, dropout: false))
    let weight = "dense_1/kernel"
    func update(_ session: Session) throws -> Int {
      try #require(
        session.plan.instructions.firstIndex {
          $0.overwrites.contains { session.plan[$0].name == weight }
        })
    }
    let fault = try #require(Misconception.named("staleGradient"))
    var found: String?
    sound.go(to: Position(step: 1, instruction: try update(sound) + 1))
    let value = try #require(sound.plan.value(named: weight))
    let result = try #require(
      sound.plan.instructions[try update(sound)].results.first { $0.value == value })
    // Between two steps the numbers of the one before are there.
    let earlier = try Session(Sabotaged.settings(optimizer: optimizer, dropout: false))
    earlier.go(to: Position(step: 1))
    let gradient = try #require(earlier.plan.value(named: weight + ".grad"))
    let before = earlier.execution.number(value, at: 2)
    let slope = Double(earlier.execution.number(gradient, at: 2))
    if optimizer == "SGD" {
      let answer = Double(before) - Double(sound.learningRate) * slope
      found = sound.diagnose(answer, for: result, at: 2, tolerance: 1e-6)?.misconception
    } else {
      // m and v of a gradient that stays the same, corrected, are the gradient and its square.
      let answer = Double(before) - Double(sound.learningRate) * slope / (abs(slope) + 1e-7)
      found = sound.diagnose(answer, for: result, at: 2, tolerance: 1e-5)?.misconception
    }
    #expect(found == fault.id)
  }

  @Test("An operand read at another place is named")
  func operands() throws {
    let session = try Session(Sabotaged.settings(optimizer: "SGD", dropout: false))
    session.go(to: Position(step: 1, instruction: 1))
    let (x, w) = (
      try #require(session.plan.value(named: "input")),
      try #require(session.plan.value(named: "dense/kernel"))
    )
    func number(_ value: Value, _ at: Int) -> Double {
      Double(session.execution.number(value, at: at))
    }
    // x[0,1] in the place of x[0,0]: both terms take input 1.
    let wrong = number(x, 1) * number(w, 0) + number(x, 1) * number(w, 8)
    #expect(
      try said("dense/product", after: 1, in: session) { _ in wrong }
        == "you used x[0,1] in place of x[0,0]")
    let row = number(x, 2) * number(w, 0) + number(x, 3) * number(w, 8)
    #expect(
      try said("dense/product", after: 1, in: session) { _ in row } == "you used example 1")
  }
}
