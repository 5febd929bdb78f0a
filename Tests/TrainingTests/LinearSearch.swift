import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

/// What `continue` and `reverse-continue` are held to: a run gone through instruction by instruction,
/// every expression asked where it can be asked, every stop written down.
struct LinearSearch {
  /// What an expression was in each step, and where one could say so.
  typealias Readings = [(position: Position, value: ExpressionValue?)]

  let session: Session
  /// The moments of the run, from its start to its end.
  private(set) var moments: [Position] = []
  private var readings: [String: Readings] = [:]
  /// Where each fold begins that was asked for.
  private var beginnings: [String: [(position: Position, values: [String: ExpressionValue])]] = [:]

  /// - Parameters:
  ///   - expressions: asked once a step, as soon as all in them is there.
  ///   - places: folds, at whose beginnings the expressions are asked too.
  init(_ session: Session, _ expressions: [String], places: [String]) throws {
    self.session = session
    let parsed = try expressions.map { ($0, try RunExpression($0)) }
    let addresses = places.map { ($0, FoldAddress($0)) }
    session.go(to: Position(step: 0))
    moments = [session.position]
    while !session.isFinished {
      let number = session.position.step
      note(addresses, parsed)
      session.move(1, by: .instruction)
      moments.append(session.position)
      let scope = SessionScope(session)
      let done = session.execution.position
      let begins = session.position.instruction == 0 && !session.isFinished
      for (source, expression) in parsed {
        let settled = Self.settled(expression, session.plan)
        guard settled == 0 ? begins : session.shownStep == number && settled == done else {
          continue
        }
        readings[source, default: []].append((session.position, try? expression.value(in: scope)))
      }
    }
  }

  private mutating func note(
    _ places: [(String, FoldAddress)], _ expressions: [(String, RunExpression)]
  ) {
    let position = session.position
    guard position.step > 0 || position.instruction > 0 else { return }
    // Between two steps the next one has the plan of a step before it, or of another part.
    let plan = Self.plan(of: session)
    for (source, address) in places {
      guard let folds = try? address.folds(in: plan),
        folds.contains(where: { $0.range.lowerBound == position.instruction })
      else { continue }
      var values: [String: ExpressionValue] = [:]
      for (text, expression) in expressions
      where Self.isKnown(expression, plan, at: position.instruction) {
        values[text] = try? expression.value(in: SessionScope(session))
      }
      beginnings[source, default: []].append((position, values))
    }
  }

  private static func plan(of session: Session) -> Plan { session.plan }

  /// After how many instructions all that an expression names is as the step leaves it.
  private static func settled(_ expression: RunExpression, _ plan: Plan) -> Int {
    let ends = expression.names.map { name -> Int in
      guard let value = plan.value(named: name) else { return runMoment(name, plan) }
      let writer = plan.instructions.lastIndex { $0.overwrites.contains(value) }
      return (writer ?? plan.origin(of: value) ?? 0) + 1
    }
    return ends.max() ?? 1
  }

  private static func isKnown(_ expression: RunExpression, _ plan: Plan, at done: Int) -> Bool {
    expression.names.allSatisfy { name in
      guard let value = plan.value(named: name) else { return runMoment(name, plan) <= done }
      let isState = [.parameter, .optimizerState].contains(plan[value].role)
      return isState || (plan.origin(of: value) ?? 0) < done
    }
  }

  private static func runMoment(_ name: String, _ plan: Plan) -> Int {
    switch name {
    case "accuracy": (plan.origin(of: plan.output) ?? 0) + 1
    case "gradient_norm":
      (plan.parameters.compactMap { plan.gradients[$0].flatMap { plan.origin(of: $0) } }.max() ?? 0)
        + 1
    default: 0
    }
  }

  // MARK: Stops

  /// The numbers that an expression had, to take limits from.
  func numbers(of expression: String) -> [Double] {
    (readings[expression] ?? []).compactMap { try? $0.value?.number() }.filter(\.isFinite)
  }

  func stops(holding expression: String) -> [Position] {
    (readings[expression] ?? []).filter { $0.value == .truth(true) }.map(\.position)
  }

  func stops(at place: String, if condition: String?) -> [Position] {
    (beginnings[place] ?? []).filter { beginning in
      condition.map { beginning.values[$0] == .truth(true) } ?? true
    }.map(\.position)
  }

  func stops(
    watching expression: String, _ stops: (ExpressionValue, ExpressionValue) -> Bool
  ) -> [Position] {
    let all = (readings[expression] ?? []).filter { $0.value != nil }
    return zip(all, all.dropFirst()).compactMap { old, new in
      guard let a = old.value, let b = new.value else { return nil }
      return stops(a, b) ? new.position : nil
    }
  }
}

extension SampleRun {
  static let normalized = SampleRun(
    "batch normalization, dropout", input: [5],
    layers: [
      ("Dense", ["units": 6]), ("BatchNormalization", [:]), ("Activation", ["activation": "relu"]),
      ("Dropout", ["rate": 0.3]), ("Dense", ["units": 3, "activation": "softmax"]),
    ], loss: "SparseCategoricalCrossentropy", optimizer: "Adam", classes: 3)

  static func named(_ name: String) -> SampleRun {
    all.first { $0.name == name } ?? normalized
  }
}
