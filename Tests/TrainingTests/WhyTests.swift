import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

/// Runs of every family, and a few with what an optimizer or a loss may have besides.
private enum Runs {
  static let all: [SampleRun] =
    SampleRun.all + [
      SampleRun(
        "gated", input: [4, 3],
        layers: [("GRU", ["units": 3]), ("Dense", ["units": 1])], loss: "MeanSquaredError",
        optimizer: "RMSprop"),
      SampleRun(
        "normalized", input: [5],
        layers: [
          ("Dense", ["units": 6]), ("BatchNormalization", [:]),
          ("Activation", ["activation": "tanh"]), ("LayerNormalization", [:]),
          ("Dense", ["units": 3, "activation": "softmax"]),
        ], loss: "SparseCategoricalCrossentropy", optimizer: "AdamW",
        optimizerArguments: ["weight_decay": 0.1, "clipnorm": 0.5], classes: 3),
      SampleRun(
        "penalized", input: [4],
        layers: [
          ("Dense", ["units": 8, "activation": "tanh", "kernel_regularizer": "l2"]),
          ("Dense", ["units": 1, "kernel_regularizer": "l1"]),
        ], loss: "MeanSquaredError", optimizer: "SGD", optimizerArguments: ["momentum": 0.5]),
      SampleRun(
        "averaged", input: [4],
        layers: [("Dense", ["units": 5, "activation": "gelu"]), ("Dense", ["units": 1])],
        loss: "MeanSquaredError", optimizer: "Lion",
        optimizerArguments: ["use_ema": true, "ema_overwrite_frequency": 2, "weight_decay": 0.01]),
      SampleRun(
        "accumulated", input: [4],
        layers: [("Dense", ["units": 5, "activation": "silu"]), ("Dense", ["units": 1])],
        loss: "MeanSquaredError", optimizer: "Adam",
        optimizerArguments: ["gradient_accumulation_steps": 2, "global_clipnorm": 0.3]),
    ]

  /// At the end of a step, or of its forward phase.
  static func session(_ run: SampleRun, steps: Int = 2) throws -> Session {
    let session = try Session(run.settings)
    session.go(to: Position(step: steps))
    return session
  }

  /// Some numbers of an array.
  static func cells(_ value: Value, _ most: Int = 5) -> [Int] {
    guard value.shape.count > 0 else { return [] }
    return Array(stride(from: 0, to: value.shape.count, by: max(1, value.shape.count / most)))
  }
}

@Suite("Why")
struct WhyTests {
  @Test("of a 0 that a relu gave, the number below 0 that it was given is named")
  func closedUnit() throws {
    var debugger = Debugger(
      try Session(
        SampleRun(
          "closed", input: [4],
          layers: [
            ("Dense", ["units": 6, "activation": "relu"]),
            ("Dense", ["units": 3, "activation": "softmax"]),
          ], loss: "SparseCategoricalCrossentropy", optimizer: "SGD",
          optimizerArguments: ["learning_rate": 0.1], classes: 3, rows: 24
        ).settings))
    _ = try debugger.run("set dense/bias[2] = -1000")
    _ = try debugger.run("step phase")
    let lines = try debugger.run("why dense/output[0,2]").lines
    #expect(!lines.contains { $0.contains("sum of 0") })
    let told = try #require(lines.first { $0.contains("relu gives 0 of") })
    #expect(told.contains("[0,2] = -"), "\(told)")
  }

  @Test("a weight's change is the sum of its parts", arguments: Runs.all)
  func weights(run: SampleRun) throws {
    let session = try Runs.session(run)
    for name in session.network.weights.map(\.name) {
      let value = try #require(session.plan.value(named: name))
      for cell in Runs.cells(value) where session.plan.gradients[value] != nil {
        let answer = try #require(session.whyChanged(name, at: cell))
        #expect(answer.step == 1)
        #expect(abs(answer.rounding) <= 1e-6 * answer.size, "\(answer)")
        #expect(answer.after == session.execution.number(value, at: cell))
        let sum = answer.parts.reduce(0) { $0 + $1.amount }
        #expect(abs(sum - answer.change) <= 1e-12)
        #expect(
          answer.parts.map { abs($0.amount) } == answer.parts.map { abs($0.amount) }.sorted(by: >))
      }
    }
  }

  /// The gradient of one number of a weight from the losses of some examples alone, in Float64.
  private func gradient(
    of name: String, at offset: Int, countingOnly example: Int?, in session: Session
  ) throws -> Double {
    let plan = session.network.plan(
      batchSize: session.plan.batchSize, for: .training,
      weighting: .byExample(losses: session.plan.targets.count))
    let run = Execution(plan)
    let environment = session.execution.stepEnvironment
    run.begin(
      seed: environment.seed, step: environment.step,
      learningRate: Float(environment.learningRate))
    func copy(_ from: Value, _ to: Value, after count: Int? = nil) {
      run.write(
        (0..<from.shape.count).map { session.execution.number(from, at: $0, after: count ?? 0) },
        to: to)
    }
    for (from, to) in zip(session.plan.parameters, plan.parameters) { copy(from, to) }
    for (from, to) in zip(session.plan.inputs, plan.inputs) { copy(from, to) }
    for (from, to) in zip(session.plan.targets, plan.targets) { copy(from, to) }
    for weights in plan.sampleWeights {
      run.write((0..<weights.shape.count).map { $0 == example ? 1 : 0 }, to: weights)
    }
    var reference = ReferenceExecution<Double>(run)
    reference.run(0..<plan.range(of: .update).lowerBound)
    let weight = try #require(plan.value(named: name))
    return reference[try #require(plan.gradients[weight]), offset]
  }

  @Test(
    "an example's part is what its loss alone gives",
    arguments: Runs.all.filter {
      ["normalized", "accumulated", "averaged"].contains($0.name) == false
    })
  func examples(run: SampleRun) throws {
    let session = try Runs.session(run, steps: 1)
    session.rearm()
    for name in session.network.weights.map(\.name) {
      let value = try #require(session.plan.value(named: name))
      guard session.plan.gradients[value] != nil, let cell = Runs.cells(value).last else {
        continue
      }
      let answer = try #require(session.whyChanged(name, at: cell))
      let penalty = try gradient(of: name, at: cell, countingOnly: nil, in: session)
      let all = try (0..<session.plan.batchSize).map {
        try gradient(of: name, at: cell, countingOnly: $0, in: session) - penalty
      }
      let sum = all.reduce(penalty, +)
      guard abs(sum) > 1e-9 else { continue }
      // One scale for all, as the optimizer has it.
      let scale = answer.newGradient / sum
      let size = all.reduce(abs(penalty)) { $0 + abs($1) }
      for part in answer.parts {
        switch part.cause {
        case .example(let label):
          #expect(
            abs(part.amount - scale * all[label.place]) <= 2e-5 * abs(scale) * size, "\(name)")
        case .penalty:
          #expect(abs(part.amount - scale * penalty) <= 2e-5 * abs(scale) * size, "\(name)")
        default: break
        }
      }
    }
  }

  @Test("penalties, decay, memory and averages have parts of their own")
  func causes() throws {
    func kinds(_ name: String, _ weight: String, steps: Int = 2) throws -> Set<String> {
      let session = try Runs.session(
        try #require(Runs.all.first { $0.name == name }), steps: steps)
      return Set(try #require(session.whyChanged(weight, at: 1)).parts.map(\.cause.kind))
    }
    #expect(
      try kinds("penalized", "dense/kernel").isSuperset(of: ["example", "penalty", "memory"]))
    #expect(try !kinds("penalized", "dense/bias").contains("penalty"))
    #expect(try kinds("normalized", "dense/kernel").isSuperset(of: ["example", "decay", "memory"]))
    #expect(try kinds("averaged", "dense/kernel").isSuperset(of: ["example", "average", "decay"]))
    #expect(try kinds("dense, SGD", "dense/kernel", steps: 1).isDisjoint(with: ["memory"]))
    let session = try Runs.session(try #require(Runs.all.first { $0.name == "penalized" }))
    let answer = try #require(session.whyChanged("dense/kernel", at: 1))
    #expect(answer.parts.contains { $0.cause == .penalty("dense/kernel/penalty") }, "\(answer)")
  }

  @Test("every number of a step is the sum of its parts", arguments: Runs.all)
  func sums(run: SampleRun) throws {
    let session = try Runs.session(run)
    session.rearm()
    let execution = session.execution
    for (i, instruction) in execution.plan.instructions.enumerated() {
      for result in instruction.results {
        for cell in Runs.cells(result.value, 7) {
          let number = execution.number(result.value, at: cell, after: i + 1)
          let split = execution.split(result, of: i, at: cell)
          #expect(
            split.agrees(with: Double(number)),
            "\(execution.plan[result.value].name): \(split.total), not \(number)")
        }
      }
    }
  }

  @Test("what inputs and weights contribute is the number, at every layer", arguments: Runs.all)
  func predictions(run: SampleRun) throws {
    let session = try Runs.session(run)
    let plan = session.plan
    for instruction in plan.instructions where instruction.phase == .forward {
      for result in instruction.results.prefix(1) {
        let name = plan[result.value].name
        for cell in Runs.cells(result.value, 2) where plan.value(named: name) == result.value {
          let answer = try #require(try session.whyNumber(name, at: cell))
          let bound = 1e-6 * max(answer.size, 1e-30)
          #expect(abs(answer.total - Double(answer.value)) <= bound, "\(name): \(answer.total)")
          for stage in answer.stages {
            #expect(abs(stage.total - answer.total) <= bound, "\(name) before \(stage.layer)")
          }
        }
      }
    }
  }

  @Test("a chain ends at the loss, at an input or at a weight", arguments: Runs.all)
  func chains(run: SampleRun) throws {
    var debugger = Debugger(try Runs.session(run))
    let session = debugger.session
    var places = session.network.weights.map(\.name).filter {
      session.plan.value(named: $0).flatMap { session.plan.gradients[$0] } != nil
    }
    places += ["prediction 0", "prediction 3", "loss"]
    for place in places {
      let here = session.position
      _ = try debugger.run("why \(place)")
      var end: String?
      for _ in 0..<500 where end == nil {
        let reply = try debugger.run("why")
        for field in reply.fields where field.name == "end" {
          if case .text(let text) = field.value { end = text }
        }
      }
      let found = try #require(end, "\(place)")
      #expect(["loss", "input", "weight", "nothing", "given", "start"].contains(found))
      #expect(session.position == here)
    }
  }

  @Test("the chain of a gradient ends at the loss of the example that it began with")
  func lossChain() throws {
    var debugger = Debugger(try Runs.session(SampleRun.all[1], steps: 1))
    let first = try debugger.run("why dense/kernel[2,1]")
    var last = first
    for _ in 0..<20 { last = try debugger.run("why") }
    #expect(last.lines.first?.hasPrefix("Here is the loss of example") == true, "\(last.lines)")
  }

  @Test("a part of the answer is gone on from by name")
  func chosen() throws {
    var debugger = Debugger(try Runs.session(SampleRun.all[1]))
    #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("why example 1") }
    _ = try debugger.run("why dense/kernel[2,1]")
    let link = try debugger.run("why example 1")
    #expect(link.fields.contains { $0.name == "example" && $0.value == .integer(1) })
    let memory = try debugger.run("why memory")
    #expect(memory.lines[0].hasPrefix("dense/kernel.velocity[2,1]"), "\(memory.lines)")
    #expect(memory.fields.contains { $0.name == "step" && $0.value == .integer(0) })
    #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("why example 99") }
  }

  @Test("in the midst of a step a weight is explained by its last update")
  func explained() throws {
    var debugger = Debugger(try Runs.session(SampleRun.all[0]))
    let between = try debugger.run("explain dense/kernel[2,1]")
    #expect(between.fields.contains { $0.name == "terms" })
    _ = try debugger.run("step 2 instruction")
    let here = debugger.session.position
    #expect(try debugger.run("explain dense/kernel[2,1]").lines == between.lines)
    #expect(debugger.session.position == here)
  }

  @Test("after a change of settings the run's new part is asked about, and the old one too")
  func parts() throws {
    var debugger = Debugger(try Runs.session(SampleRun.all[1]))
    let session = debugger.session
    var settings = session.settings
    settings.batchSize = 4
    _ = try session.change(to: settings)
    _ = try debugger.run("why dense/kernel[2,1]")
    _ = try debugger.run("step 2 step")
    let answer = try #require(session.whyChanged("dense/kernel", at: 3))
    #expect(answer.step == 3)
    #expect(abs(answer.rounding) <= 1e-6 * answer.size)
    let places = answer.parts.compactMap {
      if case .example(let label) = $0.cause { label.place } else { nil }
    }
    #expect(Set(places) == [0, 1, 2, 3])
    _ = try debugger.run("goto step 1")
    #expect(try #require(session.whyChanged("dense/kernel", at: 3)).step == 0)
    for _ in 0..<12 { _ = try debugger.run("why") }
  }

  @Test("of several losses each has its share of the change")
  func losses() throws {
    let dense = LayerCatalog.type(named: "Dense")?.arguments ?? []
    let model = ModelDescription(
      layers: [
        component("Dense", dense, ["units": 4, "activation": "tanh"]),
        component("Dense", dense, ["units": 1, "name": "a"]),
        component("Dense", dense, ["units": 1, "name": "b"]),
      ],
      wiring: Wiring(
        inputs: [Wiring.Input(shape: [3])],
        calls: [
          Wiring.Call(layer: 0, inputs: [.input(0)]), Wiring.Call(layer: 1, inputs: [.call(0)]),
          Wiring.Call(layer: 2, inputs: [.call(0)]),
        ], outputs: [.call(1), .call(2)]),
      compilation: Compilation(
        optimizer: try #require(OptimizerCatalog.named("SGD")).standard,
        outputs: ["MeanSquaredError", "MeanAbsoluteError"].map {
          Compilation.Judging(loss: LossCatalog.named($0)?.standard)
        }))
    func numbers(_ width: Int, _ name: String) -> Tensor {
      let random = CounterRandom(seed: 3, name: name)
      return Tensor(
        shape: [8, width], scalars: (0..<8 * width).map { Float(random.normal(at: $0)) })
    }
    let data = Examples(inputs: [numbers(3, "x")], targets: [numbers(1, "a"), numbers(1, "b")])
    var debugger = Debugger(
      try Session(
        RunSettings(
          model: model, data: TrainingData(name: "two", training: data), batchSize: 8, epochs: 1)))
    _ = try debugger.run("step 1 step")
    let reply = try debugger.run("why dense/kernel[2,1]")
    let fields = Dictionary(reply.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    guard case .texts(let names)? = fields["losses"],
      case .numbers(let terms)? = fields["loss_terms"],
      case .double(let whole)? = fields["new_gradient"]
    else {
      Issue.record("\(reply.lines)")
      return
    }
    #expect(Set(names) == ["a_loss", "b_loss"])
    #expect(abs(Double(terms.reduce(0, +)) - whole) < 1e-6 * abs(whole) + 1e-9)
  }

  @Test("asking changes nothing")
  func still() throws {
    for run in Runs.all {
      var debugger = Debugger(try Runs.session(run))
      let digest = debugger.session.digest
      for command in ["why prediction", "why", "why", "origin loss"] + [
        "why \(debugger.session.network.weights[0].name)", "why", "why",
      ] {
        _ = try debugger.run(command)
        #expect(debugger.session.digest == digest, "\(run.name): \(command)")
      }
    }
  }

  @Test("between steps and in the midst of one, the last update is asked about")
  func moments() throws {
    var debugger = Debugger(try Runs.session(SampleRun.all[0]))
    let done = try debugger.run("why dense/kernel[2,1]")
    _ = try debugger.run("step 3 instruction")
    #expect(try debugger.run("why dense/kernel[2,1]").lines == done.lines)
    _ = try debugger.run("goto start")
    #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("why dense/kernel[2,1]") }
    _ = try debugger.run("step 2 instruction")
    #expect(throws: DebuggerCommand.Failure.self) { try debugger.run("why prediction") }
  }

  @Test(
    "a senseless question is answered by what would be right",
    arguments: [
      "why", "why nothing", "why dense/kernl", "why dense/kernel[99,0]", "why dense/kernel[1]",
      "why prediction 99", "why prediction x", "why prediction 1 2", "why input", "why target",
      "why dense/kernel[", "origin", "origin nothing", "origin dense/kernel[9,9]", "origin nan",
    ])
  func senseless(command: String) throws {
    var debugger = Debugger(try Runs.session(SampleRun.all[0]))
    let before = debugger.session.position
    #expect(throws: DebuggerCommand.Failure.self) { try debugger.run(command) }
    #expect(debugger.session.position == before)
  }
}

@Suite("Origins")
struct OriginTests {
  private func fields(_ reply: DebuggerReply) -> [String: DebuggerReply.Field] {
    Dictionary(reply.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  @Test(
    "a number names the instruction that wrote it, and its largest operand", arguments: Runs.all)
  func made(run: SampleRun) throws {
    let session = try Runs.session(run)
    let debugger = Debugger(session)
    let plan = session.plan
    for name in plan.names {
      guard let value = plan.value(named: name), value.shape.count > 0 else { continue }
      var one = debugger
      let index = CellExplainer.subscript(value.shape.extents.map { _ in 0 })
      let reply = try one.run("origin \(name)\(index)")
      #expect(reply.lines.count > 1, "\(name)")
      guard case .integer(let instruction)? = fields(reply)["instruction"] else { continue }
      let writers = plan.instructions[instruction - 1]
      #expect(!writers.results.isEmpty)
    }
  }

  @Test("a weight before any update is as the run began, or as it was set")
  func beginning() throws {
    var debugger = Debugger(try Session(SampleRun.all[1].settings))
    #expect(
      try debugger.run("origin dense/kernel[0,0]").lines[1]
        == "No update has written it yet: it is as the run began.")
    _ = try debugger.run("goto step 2")
    _ = try debugger.run("set dense/kernel[0,0] = 0.5")
    #expect(
      try debugger.run("origin dense/kernel[0,0]").lines[1] == "It was set by hand for step 2.")
    let answer = try #require(debugger.session.whyChanged("dense/kernel", at: 0))
    #expect(answer.after == 0.5 && answer.parts.contains { $0.cause == .set })
    #expect(
      try debugger.run("origin dense/bias[0]").lines[1].hasPrefix(
        "written in step 1 by instruction"))
  }

  @Test("the first number that is none is found, with what it was made of")
  func unsound() throws {
    var settings = SampleRun.all[1].settings
    let given = settings.data.training
    var numbers = given.inputs.scalars
    numbers[5] = .nan
    settings.data = TrainingData(
      name: "unsound",
      training: Examples(
        inputs: Tensor(shape: given.inputs.shape, scalars: numbers), targets: given.targets))
    settings.shuffles = false
    var debugger = Debugger(try Session(settings))
    _ = try debugger.run("goto step 1")
    let reply = try debugger.run("origin nan")
    #expect(fields(reply)["name"] == .text("input[1,1]"), "\(reply.lines)")
    #expect(fields(reply)["example"] == .integer(1))
  }

  @Test("a run that diverged is traced to the instruction whose numbers became too large")
  func diverged() throws {
    var debugger = Debugger(try Session(SampleRun.all[1].settings))
    _ = try debugger.run("set learning_rate = 1e18")
    _ = try debugger.run("goto step 8")
    let reply = try debugger.run("origin nan")
    guard case .integer(let step)? = fields(reply)["step"] else {
      Issue.record("\(reply.lines)")
      return
    }
    #expect((0..<8).contains(step))
    #expect(fields(reply)["instruction"] != nil, "\(reply.lines)")
  }

  @Test("a part of a formula that has no number is named")
  func formulas() throws {
    let formula = Formula.log(.operand(0) - .operand(1)) / .operand(0)
    #expect(formula.culprit(StepEnvironment()) { _ in 1 } == "log(0.0)")
    let quotient = Formula.operand(0) / .operand(1)
    #expect(quotient.culprit(StepEnvironment()) { _ in 0 } == "0.0 / 0.0")
    #expect(quotient.culprit(StepEnvironment()) { _ in 2 } == nil)
  }
}
