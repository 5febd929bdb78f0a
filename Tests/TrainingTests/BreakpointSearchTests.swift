import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

/// Runs that are searched: some of them with settings that change on the way.
enum SearchedRun: String, CaseIterable, CustomTestStringConvertible {
  case dense, convolution, lstm, normalized
  /// The learning rate set, and then the dropout rate and the batch size changed.
  case changed

  var testDescription: String { rawValue }

  private var settings: RunSettings {
    switch self {
    case .dense, .changed: SampleRun.named("dense, dropout, Adam").settings
    case .convolution: SampleRun.named("convolution, pooling, dropout").settings
    case .lstm: SampleRun.named("LSTM").settings
    case .normalized: SampleRun.normalized.settings
    }
  }

  func trained() throws -> Session {
    let session = try Session(settings)
    if self == .changed {
      for _ in 0..<2 { session.trainStep() }
      session.setLearningRate(0.02)
      for _ in 0..<3 { session.trainStep() }
      var other = settings
      other.batchSize = 5
      _ = try session.change(to: other)
    }
    while !session.isFinished { session.trainStep() }
    return session
  }
}

@Suite("Searches for a stop")
struct BreakpointSearchTests {
  /// A breakpoint as typed, and where it stops.
  private struct Case {
    let command: String
    let stops: [Position]
  }

  /// Draws from a list, and counts.
  private struct Dice {
    let random: CounterRandom
    var thrown = 0

    mutating func pick<T>(_ all: [T]) -> T {
      thrown += 1
      return all[Int(random.uniform(at: thrown) * Double(all.count))]
    }
  }

  /// Values of a run's plan as expressions of one number.
  private static func expressions(_ session: Session, _ dice: inout Dice) -> [String] {
    let plan = session.plan
    // What the last instruction overwrites is known only when another part may have begun.
    let last = plan.instructions.last?.overwrites ?? []
    let names = plan.names.filter { name in
      guard let value = plan.value(named: name), value.shape.count > 0, value.shape.rank > 0 else {
        return false
      }
      return !last.contains(value) && plan[value].role != .target
        && RunExpressionNames.canBeTyped(name)
    }
    var all = ["loss", "gradient_norm", "learning_rate", "epoch"]
    if session.accuracy != nil { all.append("accuracy") }
    for _ in 0..<14 {
      let name = dice.pick(names)
      let shape = plan.value(named: name)?.shape ?? []
      if dice.pick([true, false]) {
        all.append("\(dice.pick(["norm", "mean", "max", "min", "std", "sum"]))(\(name))")
      } else {
        let index = shape.extents.map { "\(dice.pick(Array(0..<$0)))" }
        all.append("\(name)[\(index.joined(separator: ","))]")
      }
    }
    return all
  }

  private func cases(_ session: Session, _ dice: inout Dice) throws -> [Case] {
    let values = Self.expressions(session, &dice)
    let first = try LinearSearch(session, values, places: [])
    func limit(_ value: String, _ dice: inout Dice) -> Double {
      let seen = first.numbers(of: value)
      return seen.isEmpty ? 0 : dice.pick(seen)
    }
    var conditions: [String] = []
    for _ in 0..<24 {
      let (a, b) = (dice.pick(values), dice.pick(values))
      let one = "\(a) \(dice.pick(["<", ">", "<=", ">=", "=="])) \(limit(a, &dice))"
      let two = "\(b) \(dice.pick(["<", ">"])) \(limit(b, &dice))"
      conditions.append(dice.pick([one, one, "\(one) and \(two)", "\(one) or not \(two)"]))
    }
    let layers = session.network.layers.map(\.name)
    let folds = Set(session.plan.foldAddresses)
    var places = ["backward", "update", "forward", "loss"]
    for layer in layers where folds.contains(layer) { places += [layer, "backward \(layer)"] }
    places = places.filter { (try? FoldAddress($0).folds(in: session.plan)) != nil }
    let linear = try LinearSearch(session, values + conditions, places: places)
    var cases = conditions.map {
      Case(command: "break if \($0)", stops: linear.stops(holding: $0))
    }
    cases += places.map { Case(command: "break \($0)", stops: linear.stops(at: $0, if: nil)) }
    for _ in 0..<12 {
      let (place, condition) = (dice.pick(places), dice.pick(conditions))
      cases.append(
        Case(
          command: "break \(place) if \(condition)",
          stops: linear.stops(at: place, if: condition)))
    }
    for value in values {
      let border = limit(value, &dice)
      cases += [
        Case(command: "watch \(value)", stops: linear.stops(watching: value) { $0 != $1 }),
        Case(
          command: "watch \(value) crosses \(border)",
          stops: linear.stops(watching: value) {
            (Self.number($0) < border) != (Self.number($1) < border)
          }),
        Case(
          command: "watch \(value) grows",
          stops: linear.stops(watching: value) { Self.number($1) > Self.number($0) }),
      ]
    }
    return cases
  }

  private static func number(_ value: ExpressionValue) -> Double { (try? value.number()) ?? .nan }

  @Test(
    "continue and reverse-continue stop where a search instruction by instruction does",
    arguments: SearchedRun.allCases)
  func likeLinear(run: SearchedRun) throws {
    var dice = Dice(random: CounterRandom(seed: 7, name: run.rawValue))
    let session = try run.trained()
    let cases = try cases(session, &dice)
    let moments = try LinearSearch(session, [], places: []).moments
    var tried = 0
    for _ in 0..<300 where tried < 100 {
      var debugger = Debugger(session)
      var stops: Set<Position> = []
      for _ in 0..<dice.pick([1, 1, 2, 3]) {
        let one = dice.pick(cases)
        // What can never hold is refused, and what always does.
        do { _ = try debugger.run(one.command) } catch {
          let always = "\(error)".contains("holds at every step")
          #expect(always || one.stops.isEmpty, "\(one.command): \(error)")
          continue
        }
        stops.formUnion(one.stops)
      }
      guard debugger.breakpoints.isArmed else { continue }
      tried += 1
      let here = dice.pick(moments)
      let words = debugger.breakpoints.rows.map(\.what).joined(separator: "; ")
      session.go(to: here)
      _ = try debugger.run("reverse-continue")
      let before = stops.filter { $0 < here }.max() ?? Position(step: 0)
      #expect(session.position == before, "back from \(here): \(words)")
      session.go(to: here)
      _ = try debugger.run("continue")
      let after = stops.filter { $0 > here }.min() ?? session.end
      #expect(session.position == after, "on from \(here): \(words)")
    }
    #expect(tried == 100)
  }

  @Test(
    "when finds the first and the last moment, and moves nothing", arguments: SearchedRun.allCases)
  func when(run: SearchedRun) throws {
    var dice = Dice(random: CounterRandom(seed: 8, name: run.rawValue))
    let session = try run.trained()
    let values = Self.expressions(session, &dice)
    let first = try LinearSearch(session, values, places: [])
    let conditions = values.map { "\($0) < \(first.numbers(of: $0).randomElement() ?? 1)" }
    let linear = try LinearSearch(session, conditions, places: [])
    session.go(to: Position(step: 2, instruction: 3))
    var debugger = Debugger(session)
    let digest = session.digest
    for condition in conditions {
      // A rate or an epoch is there at the start of the run already.
      guard !["learning_rate", "epoch"].contains(where: condition.hasPrefix) else { continue }
      let stops = linear.stops(holding: condition)
      for (words, wanted) in [("when", stops.first), ("when last", stops.last)] {
        guard let reply = try? debugger.run("\(words) \(condition)") else {
          #expect(stops.isEmpty, "\(condition)")
          continue
        }
        let found = reply.fields.first { $0.name == "found" }?.value
        #expect(found == .truth(wanted != nil), "\(words) \(condition)")
        if let wanted {
          #expect(reply.lines[0].contains("held at \(wanted):"), "\(words) \(condition)")
        }
      }
      #expect(session.position == Position(step: 2, instruction: 3))
    }
    #expect(session.digest == digest)
  }
}

/// Names of values that an expression can hold: others are folds' alone.
enum RunExpressionNames {
  static func canBeTyped(_ name: String) -> Bool {
    (try? RunExpression(name))?.number?.name == name
  }
}
