// Generators: functions that pause at `yield`, and generator expressions.

/// A paused function. Its blocks lie on a stack of its own, so that it can stop inside loops; a
/// `yield` may stand as a statement or as all of the right side of an assignment.
package final class GeneratorObject: ProgramIterator, Knot {
  private enum Level {
    case block([Statement], next: Int)
    case forLoop(target: Expression, any ProgramIterator, body: [Statement], otherwise: [Statement])
    case whileLoop(Expression, body: [Statement], otherwise: [Statement])
    case delegate(any ProgramIterator)
  }

  private let name: String
  private var levels: [Level]
  private var frame: Evaluator.Frame?
  private var isRunning = false
  /// Where what `send` gives goes.
  private var targets: [Expression] = []

  init(_ name: String, _ body: [Statement], _ frame: Evaluator.Frame) {
    self.name = name
    self.frame = frame
    levels = [.block(body, next: 0)]
  }

  /// A generator expression: its loops, around a `yield` of its element.
  convenience init(
    _ comprehension: Comprehension, over first: any ProgramIterator, _ frame: Evaluator.Frame
  ) {
    self.init("<genexpr>", [], frame)
    guard let clause = comprehension.clauses.first else { return }
    let body = Self.loops(comprehension, from: 1)
    levels = [
      .forLoop(
        target: clause.target, first, body: Self.filtered(body, clause.conditions), otherwise: [])
    ]
  }

  private static func loops(_ comprehension: Comprehension, from i: Int) -> [Statement] {
    let element = comprehension.element
    guard i < comprehension.clauses.count else {
      let value = Expression(
        kind: .yield(element), range: element.range, depth: element.depth)
      return [Statement(kind: .expression(value), range: element.range, yields: true)]
    }
    let clause = comprehension.clauses[i]
    let body = filtered(loops(comprehension, from: i + 1), clause.conditions)
    return [
      Statement(
        kind: .forLoop(target: clause.target, clause.iterable, body: body, otherwise: []),
        range: clause.iterable.range, yields: true)
    ]
  }

  private static func filtered(
    _ body: [Statement], _ conditions: [Expression]
  ) -> [Statement] {
    conditions.reversed().reduce(body) { inner, test in
      [
        Statement(
          kind: .conditional([(test: test, body: inner)], otherwise: []), range: test.range,
          yields: true)
      ]
    }
  }

  package var typeName: String { "generator" }
  package var shown: String { "<generator object \(name)>" }
  package var attributeNames: [String] { ["close", "send"] }

  package func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "__next__":
      return .object(NativeFunction("__next__()") { try Builtins.next(self, nil, $0.evaluator) })
    case "send":
      return .object(
        NativeFunction("send(value)") { call in
          try self.give(call["value"], call.evaluator)
          return try Builtins.next(self, nil, call.evaluator)
        })
    case "close":
      return .object(
        NativeFunction("close()") { _ in
          self.end()
          return .none
        })
    default: return nil
    }
  }

  private func end() {
    levels = []
    frame = nil
    targets = []
  }

  package func untie() { end() }

  /// Gives the paused assignment its value.
  private func give(_ value: PythonValue, _ evaluator: Evaluator) throws {
    guard let frame, !targets.isEmpty else { return }
    let waiting = targets
    targets = []
    try evaluator.inside(frame) {
      for target in waiting { try evaluator.assign(value, to: target) }
    }
  }

  package func next(_ evaluator: Evaluator) throws -> PythonValue? {
    guard !isRunning else {
      throw Complaint(
        "a generator that asks itself for its next value",
        as: .raised("ValueError", "generator already executing"))
    }
    guard let frame else { return nil }
    isRunning = true
    defer { isRunning = false }
    do {
      try give(.none, evaluator)
      if let value = try evaluator.inside(frame, { try advance(evaluator) }) { return value }
    } catch {
      end()
      throw error
    }
    end()
    return nil
  }

  /// Runs to the next `yield`; nil at the end.
  private func advance(_ evaluator: Evaluator) throws -> PythonValue? {
    while let level = levels.last {
      try evaluator.spend(1)
      switch level {
      case .block(let statements, let next):
        guard next < statements.count else {
          levels.removeLast()
          continue
        }
        levels[levels.count - 1] = .block(statements, next: next + 1)
        if let value = try run(statements[next], evaluator) { return value }
      case .forLoop(let target, let iterator, let body, let otherwise):
        if let item = try iterator.next(evaluator) {
          try evaluator.assign(item, to: target)
          levels.append(.block(body, next: 0))
        } else {
          replaceTop(otherwise)
        }
      case .whileLoop(let test, let body, let otherwise):
        if try evaluator.truth(test) {
          levels.append(.block(body, next: 0))
        } else {
          replaceTop(otherwise)
        }
      case .delegate(let iterator):
        if let value = try iterator.next(evaluator) { return value }
        levels.removeLast()
      }
    }
    return nil
  }

  private func replaceTop(_ statements: [Statement]) {
    levels[levels.count - 1] = .block(statements, next: 0)
  }

  /// Runs one statement; a value when it yields.
  private func run(_ statement: Statement, _ evaluator: Evaluator) throws -> PythonValue? {
    guard statement.yields else {
      leave(by: try evaluator.execute(statement))
      return nil
    }
    switch statement.kind {
    case .expression(let expression): return try yielded(expression, evaluator)
    case .assign(let targets, let expression):
      let value = try yielded(expression, evaluator)
      self.targets = targets
      return value
    case .conditional(let branches, let otherwise):
      for branch in branches where try evaluator.truth(branch.test) {
        levels.append(.block(branch.body, next: 0))
        return nil
      }
      levels.append(.block(otherwise, next: 0))
    case .forLoop(let target, let iterable, let body, let otherwise):
      let source = try evaluator.evaluate(iterable)
      let iterator = try evaluator.iterator(over: source, at: iterable.range)
      levels.append(.forLoop(target: target, iterator, body: body, otherwise: otherwise))
    case .whileLoop(let test, let body, let otherwise):
      levels.append(.whileLoop(test, body: body, otherwise: otherwise))
    default:
      throw evaluator.fault(
        "\"yield\" inside this statement is not understood",
        remedy: "put it on a line of its own, outside try and with", at: statement.range)
    }
    return nil
  }

  private func yielded(_ expression: Expression, _ evaluator: Evaluator) throws -> PythonValue? {
    switch expression.kind {
    case .yield(let value): return try value.map(evaluator.evaluate) ?? .some(.none)
    case .yieldFrom(let source):
      let value = try evaluator.evaluate(source)
      levels.append(.delegate(try evaluator.iterator(over: value, at: source.range)))
      return nil
    default:
      throw evaluator.fault(
        "\"yield\" inside an expression is not understood",
        remedy: "put it on a line of its own: value = yield …", at: expression.range)
    }
  }

  /// `break`, `continue` and `return` unwind to their loop, or everything.
  private func leave(by flow: Evaluator.Flow) {
    switch flow {
    case .next: return
    case .give: levels = []
    case .leave, .skip:
      while let level = levels.last {
        switch level {
        case .forLoop, .whileLoop:
          if case .leave = flow { levels.removeLast() }
          return
        default: levels.removeLast()
        }
      }
    }
  }
}
