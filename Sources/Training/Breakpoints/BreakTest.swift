import Autodiff
import NeuralNets
import Tensors

/// One breakpoint in the steps that one plan does: at which moments it looks, and at what.
struct BreakTest {
  enum Look {
    /// It stops there each time.
    case always
    case holds((StepReading) -> Bool)
    case observe((StepReading) -> Finding?)
  }

  /// What was seen; where it matters, at how many instructions.
  struct Finding {
    let observation: Observation
    var instruction: Int?

    init(_ observation: Observation, instruction: Int? = nil) {
      self.observation = observation
      self.instruction = instruction
    }
  }

  let moment: TestMoment
  let rule: StopRule
  let look: Look
  /// Whether it needs the memory of the step; else the history knows.
  var needsMemory = true
  /// Weights whose numbers before the step it asks for.
  var updates: Set<String> = []
  /// Whether it can be asked in the middle of a step, of what is done so far.
  var isGradual = false
  /// For units of layers: by how many instructions the output of each layer is there.
  var layers: [String: Int] = [:]

  /// The moment in the step at which it stops: of units where the first layer is done that has one
  /// more of them than before.
  func instruction(seeing new: Observation?, after old: Observation?) -> Int {
    guard case .units(let now)? = new else { return moment.instruction }
    var before: [UnitPlace] = []
    if case .units(let units)? = old { before = units }
    return now.filter { !before.contains($0) }.compactMap { layers[$0.layer] }.min()
      ?? moment.instruction
  }
}

/// Makes the tests of a breakpoint for one plan.
struct BreakTestMaker {
  let session: Session
  let number: Int
  let execution: Execution

  private var plan: Plan { execution.plan }
  private var finder: MomentFinder { MomentFinder(session: session, number: number, plan: plan) }

  /// The tests of a breakpoint; none where its place is not in this plan.
  /// - Throws: `ExpressionFailure`, `DebuggerCommand.Failure`: why it cannot stop in such a step.
  func tests(_ breakpoint: Breakpoint) throws -> [BreakTest] {
    switch breakpoint.trigger {
    case .place(let place, let condition): return try tests(at: place, condition)
    case .condition(let condition):
      return [try holding(condition, at: try finder.moment(of: condition))]
    case .watch(let expression, let rule):
      return [try guarded(try watching(expression, rule), by: breakpoint.condition)]
    case .sickness(let sickness):
      let maker = SicknessTestMaker(session: session, number: number, execution: execution)
      return [try guarded(try maker.test(sickness), by: breakpoint.condition)]
    }
  }

  // MARK: Places

  /// Where folds of the place begin; a fold in several phases begins in each.
  private func tests(at place: BreakPlace, _ condition: RunExpression?) throws -> [BreakTest] {
    var tests: [BreakTest] = []
    var failure: ExpressionFailure?
    for beginning in try beginnings(of: place) {
      do throws(ExpressionFailure) {
        let moment = try finder.moment(at: beginning, of: condition)
        guard let condition else {
          tests.append(BreakTest(moment: moment, rule: .holds, look: .always, needsMemory: false))
          continue
        }
        tests.append(try holding(condition, at: moment, isAtPlace: true))
      } catch {
        if !error.isNotYet { throw error }
        failure = failure ?? error
      }
    }
    if tests.isEmpty, let failure { throw failure }
    return tests
  }

  private func beginnings(of place: BreakPlace) throws -> [Int] {
    switch place {
    case .fold(let address):
      if let network = session.networkName(ofPass: number), network == address.source { return [0] }
      return Set(try address.folds(in: plan).map(\.range.lowerBound)).sorted()
    case .instruction(let instruction):
      guard (1...plan.instructions.count).contains(instruction) else {
        throw DebuggerCommand.Failure(
          "a step has no instruction \(instruction)",
          remedy: "one from 1 to \(plan.instructions.count)")
      }
      return [instruction - 1]
    }
  }

  // MARK: Conditions

  private func holding(
    _ condition: RunExpression, at moment: TestMoment, isAtPlace: Bool = false
  ) throws(ExpressionFailure) -> BreakTest {
    var compiler = ExpressionCompiler(session, number: number, execution, at: moment)
    let compiled = try compiler.compile(condition)
    guard case .truth(let holds) = compiled.body else {
      _ = try ExpressionValue.number(0).holds()
      throw ExpressionFailure(.meaning, "no condition", remedy: "a comparison")
    }
    if compiled.certainty == false {
      throw Self.neverHolds(condition, compiler.impossible)
    }
    if compiled.certainty == true, !isAtPlace {
      throw ExpressionFailure(
        .meaning, "‘\(condition.source)’ holds at every step",
        remedy: "one that may not hold, or 'step 1 step'")
    }
    return BreakTest(
      moment: moment, rule: .holds, look: .holds(holds), needsMemory: compiler.needsMemory,
      updates: compiler.updates)
  }

  /// What cannot hold, with the ends that it would have to pass.
  private static func neverHolds(
    _ condition: RunExpression, _ impossible: (what: String, bounds: ClosedRange<Double>)?
  ) -> ExpressionFailure {
    let problem = "‘\(condition.source)’ can never hold"
    guard let (what, bounds) = impossible else {
      return ExpressionFailure(.meaning, problem, remedy: "a condition that may hold, as loss > 1")
    }
    let least = ValueText.number(bounds.lowerBound)
    let lies =
      bounds.upperBound.isFinite
      ? "lies between \(least) and \(ValueText.number(bounds.upperBound))"
      : "is never below \(least)"
    return ExpressionFailure(
      .meaning, "\(problem): \(what) \(lies)", remedy: "a limit that \(what) may pass")
  }

  private func watching(
    _ expression: RunExpression, _ rule: Breakpoint.WatchRule
  ) throws -> BreakTest {
    let moment = try finder.moment(of: expression)
    var compiler = ExpressionCompiler(session, number: number, execution, at: moment)
    let compiled = try compiler.compile(expression)
    if compiled.isConstant {
      throw ExpressionFailure(
        .meaning, "‘\(expression.source)’ never changes", remedy: "a value of the run, as loss")
    }
    let look: (StepReading) -> BreakTest.Finding?
    switch compiled.body {
    case .number(let read): look = { BreakTest.Finding(.number(read($0))) }
    case .truth(let holds): look = { BreakTest.Finding(.truth(holds($0))) }
    case .value(let value):
      let numbers = execution.withNumbers(of: value) { UnsafeBufferPointer($0) }
      look = { _ in BreakTest.Finding(Self.seen(numbers, value.shape)) }
    case .tensor(let read):
      look = { reading in
        read(reading).map { tensor in
          BreakTest.Finding(tensor.scalars.withUnsafeBufferPointer { Self.seen($0, tensor.shape) })
        }
      }
    }
    switch compiled.body {
    case .number: break
    case .truth, .value, .tensor:
      guard rule == .changes else {
        throw ExpressionFailure(
          .meaning, "‘\(expression.source)’ is no single number, it cannot cross or grow",
          remedy: "a number, as norm(\(expression.names.first ?? "dense/kernel"))")
      }
    }
    return BreakTest(
      moment: moment, rule: .watch(rule), look: .observe(look), needsMemory: compiler.needsMemory,
      updates: compiler.updates)
  }

  private static func seen(
    _ numbers: UnsafeBufferPointer<Float>, _ shape: Shape
  ) -> Observation {
    var digest = Digest()
    if let base = numbers.baseAddress { digest.add(base, count: numbers.count) }
    return .array(digest, shape: shape, norm: ArrayReduction.norm.of(numbers))
  }

  // MARK: A condition beside it

  /// A watch or a sickness that is seen only in steps in which a condition holds.
  private func guarded(
    _ test: BreakTest, by condition: RunExpression?
  ) throws(ExpressionFailure) -> BreakTest {
    guard let condition else { return test }
    let end = TestMoment(
      instruction: plan.instructions.count, isEnd: true, cut: plan.instructions.count)
    let other = try holding(condition, at: end)
    guard case .holds(let holds) = other.look else { return test }
    let look: BreakTest.Look =
      switch test.look {
      case .always: .holds(holds)
      case .holds(let first): .holds { first($0) && holds($0) }
      case .observe(let look): .observe { reading in holds(reading) ? look(reading) : nil }
      }
    return BreakTest(
      moment: test.moment, rule: test.rule, look: look,
      needsMemory: test.needsMemory || other.needsMemory,
      updates: test.updates.union(other.updates),
      isGradual: test.isGradual && !other.needsMemory, layers: test.layers)
  }
}
