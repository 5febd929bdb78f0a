import Autodiff
import Tensors

/// Which folds were opened or closed by hand, against the standard listing.
package struct Folding: Hashable, Sendable {
  private var opened: Set<FoldPath> = []
  private var closed: Set<FoldPath> = []

  package init() {}

  /// Opens a fold and those around it.
  package mutating func open(_ fold: Fold) {
    for depth in fold.path.indices {
      let path = FoldPath(phase: fold.phase, scopes: Array(fold.path[...depth]))
      closed.remove(path)
      if depth > 0 { opened.insert(path) }
    }
  }

  package mutating func close(_ fold: Fold) {
    opened.remove(fold.foldPath)
    closed.insert(fold.foldPath)
  }

  /// The lines of a plan with these folds.
  package func listing(of plan: Plan) -> Listing {
    Listing(plan) { phase, path in
      let fold = FoldPath(phase: phase, scopes: path)
      return opened.contains(fold) || path.count == 1 && !closed.contains(fold)
    }
  }
}

// Folds in the debugger: moving over them, into them and to their ends; what they take and give.

extension Debugger {
  /// The scopes of the instruction just done.
  var scopes: [String] {
    let done = session.execution.position
    return done > 0 ? session.plan.instructions[done - 1].scopes : []
  }

  func folds(_ address: FoldAddress) throws(DebuggerCommand.Failure) -> [Fold] {
    try address.folds(in: session.plan, near: scopes)
  }

  /// Whether a name that is no value's is that of a fold.
  func isFold(_ name: String) -> Bool {
    guard session.plan.value(named: name) == nil else { return false }
    do { return try !folds(FoldAddress(name)).isEmpty } catch { return false }
  }

  /// The one that is looked at: around the last instruction, else done last, else next.
  func shownFold(_ address: FoldAddress) throws(DebuggerCommand.Failure) -> Fold {
    let all = try folds(address)
    let done = session.execution.position
    let fold =
      all.first { $0.range.contains(done - 1) } ?? all.last { $0.range.upperBound <= done }
      ?? all.first
    guard let fold else {
      throw DebuggerCommand.Failure("there is no fold '\(address.source)'", remedy: "info folds")
    }
    return fold
  }

  // MARK: Moving

  /// Where a move by a fold ends.
  func position(over address: FoldAddress, _ count: Int) throws -> Position {
    let all: [Fold]
    do { all = try folds(address) } catch {
      guard FoldAddress.isPlausible(address.source) else {
        throw DebuggerCommand.Failure(
          "there is no unit '\(address.source)', and no fold",
          remedy: MoveUnit.allCases.map(\.rawValue).joined(separator: ", ") + ", or " + error.remedy
        )
      }
      throw error
    }
    var here = session.position
    for _ in 0..<abs(count) {
      if count > 0 {
        let ends = all.map(\.range.upperBound).sorted()
        if let next = ends.first(where: { $0 > here.instruction }) {
          here = Position(step: here.step, instruction: next)
        } else {
          here = Position(step: here.step + 1, instruction: ends.first ?? 0)
        }
      } else {
        let beginnings = all.map(\.range.lowerBound).sorted()
        if let before = beginnings.last(where: { $0 < here.instruction }) {
          here = Position(step: here.step, instruction: before)
        } else if here.step > 0 {
          here = Position(step: here.step - 1, instruction: beginnings.last ?? 0)
        } else {
          throw DebuggerCommand.Failure(
            "there is no \(address.source) before the start of the run", remedy: "goto start")
        }
      }
      here = settled(here)
    }
    return here
  }

  /// The end of a step is the start of the next.
  private func settled(_ position: Position) -> Position {
    position.instruction == session.plan.instructions.count
      ? Position(step: position.step + 1) : position
  }

  /// Where a fold begins next.
  func beginning(of address: FoldAddress) throws(DebuggerCommand.Failure) -> Position {
    let here = session.position
    let beginnings = try folds(address).map(\.range.lowerBound).sorted()
    guard let next = beginnings.first(where: { $0 > here.instruction }) else {
      return Position(step: here.step + 1, instruction: beginnings.first ?? 0)
    }
    return Position(step: here.step, instruction: next)
  }

  /// Where a fold is done in the step at hand: in the phase that one is in, else in the first.
  func end(of address: FoldAddress) throws(DebuggerCommand.Failure) -> Position {
    let all = try folds(address)
    let done = session.execution.position
    let phase = done > 0 ? session.plan.instructions[done - 1].phase : .forward
    guard let fold = all.first(where: { $0.phase == phase }) ?? all.first else {
      throw DebuggerCommand.Failure("there is no fold '\(address.source)'", remedy: "info folds")
    }
    return Position(step: session.shownStep, instruction: fold.range.upperBound)
  }

  /// To the end of a fold that one is in, or back to where it begins.
  func finish(_ address: FoldAddress?, forwards: Bool) throws -> Position {
    let here = session.position
    let length = session.plan.instructions.count
    if !forwards, here == Position(step: 0) {
      throw DebuggerCommand.Failure("this is the start of the run", remedy: "step")
    }
    // Between two steps the last one is behind, the next one ahead.
    let isBetween = here.instruction == 0
    let step = forwards || !isBetween ? here.step : here.step - 1
    let place = forwards ? here.instruction : (isBetween ? length : here.instruction) - 1
    let fold: Fold
    if let address {
      guard let own = try folds(address).first(where: { $0.range.contains(place) }) else {
        throw DebuggerCommand.Failure(
          "one is not in \(address.source)",
          remedy: forwards ? "step \(address.source)" : "back \(address.source)")
      }
      fold = own
    } else {
      guard let own = session.plan.innermostFold(around: place) else {
        throw DebuggerCommand.Failure("one is in no fold", remedy: "step")
      }
      fold = own
    }
    return settled(
      Position(
        step: step, instruction: forwards ? fold.range.upperBound : fold.range.lowerBound))
  }

  /// The first line of the next fold, or of a fold that is named; it is opened.
  mutating func enter(_ address: FoldAddress?) throws -> Position {
    let fold: Fold
    var step = session.position.step
    if let address {
      let start = try beginning(of: address)
      guard let own = try folds(address).first(where: { $0.range.lowerBound == start.instruction })
      else { throw DebuggerCommand.Failure("no fold '\(address.source)'", remedy: "info folds") }
      (fold, step) = (own, start.step)
    } else {
      let next = session.position.instruction
      guard let line = listing.lines.first(where: { $0.range.lowerBound == next }),
        let scopes = line.fold
      else {
        throw DebuggerCommand.Failure("the next line is no fold", remedy: "step, or into FOLD")
      }
      fold = Fold(
        phase: session.plan.instructions[next].phase, path: scopes, range: line.range,
        isInstruction: false)
    }
    if !fold.isInstruction { folding.open(fold) }
    let end =
      listing.lines.first { $0.range.contains(fold.range.lowerBound) }?.range.upperBound
      ?? fold.range.lowerBound + 1
    return settled(Position(step: step, instruction: end))
  }

  /// Opens or closes folds: in every phase, unless one is named.
  mutating func setFolds(_ address: FoldAddress, isOpen: Bool) throws -> DebuggerReply {
    let all = try folds(address).filter { !$0.isInstruction && !$0.path.isEmpty }
    guard let first = all.first else {
      throw DebuggerCommand.Failure(
        "'\(address.source)' is one line as it is", remedy: "a layer, a time step or a head")
    }
    for fold in all { if isOpen { folding.open(fold) } else { folding.close(fold) } }
    return DebuggerReply(
      ["\(first.name): \(isOpen ? "a line for each of its parts" : "one line")"],
      [("fold", .text(first.address)), ("open", .truth(isOpen))])
  }

  // MARK: Looking

  /// Every fold once, with its instructions.
  func foldInfo() -> DebuggerReply {
    let all = session.plan.folds.filter { !$0.isInstruction && !$0.path.isEmpty }
    return DebuggerReply(
      all.map { "\($0.phase.rawValue)  \($0.address)  \(numbers($0))" },
      [("names", .texts(session.plan.foldAddresses))])
  }

  private func numbers(_ fold: Fold) -> String {
    fold.range.count == 1
      ? "instruction \(fold.range.upperBound)"
      : "instructions \(fold.range.lowerBound + 1)–\(fold.range.upperBound)"
  }

  private func title(_ fold: Fold) -> String {
    "\(fold.name) · \(fold.phase.rawValue) · \(numbers(fold))"
  }

  /// The lines of a fold, those within it too.
  func list(_ address: FoldAddress) throws -> DebuggerReply {
    let fold = try shownFold(address)
    let done = session.execution.position
    var lines: [String] = [title(fold)]
    var open = fold.path
    for i in fold.range {
      let instruction = session.plan.instructions[i]
      if instruction.scopes != open, instruction.scopes.count > fold.path.count {
        lines.append("  " + instruction.scopes.dropFirst(fold.path.count).joined(separator: " › "))
      }
      open = instruction.scopes
      let mark = i == done - 1 ? "▶" : i < done ? "●" : "○"
      let shapes = instruction.results.map { $0.value.shape.description }.joined(separator: " ")
      let formula = instruction.results.first?.formula ?? ""
      lines.append("\(mark) \(i + 1) \(instruction.title)  \(shapes)  \(formula)")
    }
    return DebuggerReply(lines)
  }

  /// What a fold takes in and gives out, with the numbers of the example under the lens.
  func printFold(_ address: FoldAddress) throws -> DebuggerReply {
    session.rearm()
    let fold = try shownFold(address)
    let plan = session.plan
    let flow = FoldFlow(of: fold.range, in: plan)
    let lens = FoldNumbers(session: session, example: example)
    var lines = [title(fold) + " · example \(example) of \(plan.batchSize)"]
    var fields: [(String, DebuggerReply.Field)] = [
      ("fold", .text(fold.address)), ("phase", .text(fold.phase.rawValue)),
      ("first", .integer(fold.range.lowerBound + 1)), ("last", .integer(fold.range.upperBound)),
      ("example", .integer(example)),
    ]
    let groups = [
      ("takes in", "takes", flow.takes), ("gives out", "gives", flow.gives),
      ("keeps for later phases", "keeps", flow.keeps),
    ]
    for (title, field, values) in groups where !values.isEmpty || field != "keeps" {
      lines.append(title + (values.isEmpty ? " nothing" : ""))
      lines += rows(values, lens)
      fields.append((field, .texts(values.map { plan[$0].name })))
    }
    for value in Set(flow.takes + flow.gives + flow.keeps).sorted(by: { $0.id < $1.id }) {
      fields.append(("\(plan[value].name) shape", .integers(value.shape.extents)))
      if let numbers = lens.numbers(of: value) {
        fields.append((plan[value].name, .numbers(numbers)))
      }
    }
    return DebuggerReply(lines, fields)
  }

  private func rows(_ values: [Value], _ lens: FoldNumbers) -> [String] {
    let plan = session.plan
    func padded(_ texts: [String]) -> [String] {
      let width = texts.map(\.count).max() ?? 0
      return texts.map { $0 + String(repeating: " ", count: width - $0.count) }
    }
    let symbols = padded(values.map { plan[$0].symbol })
    let names = padded(values.map { plan[$0].name })
    let shapes = padded(values.map { $0.shape.description })
    return values.indices.map { i in
      let numbers = lens.numbers(of: values[i]).map(FoldNumbers.text) ?? "not yet"
      return "  \(symbols[i])  \(names[i])  \(shapes[i])  \(numbers)"
    }
  }

  /// What is said of a fold that is a single line, where it is done.
  private func lineWords(_ fold: Fold) -> [String]? {
    guard fold.range.count == 1, session.execution.position >= fold.range.upperBound,
      let result = session.plan.instructions[fold.range.lowerBound].results.first
    else { return nil }
    let numbers = FoldNumbers(session: session, example: example).offsets(in: result.value)
    let said = sentences(result, at: numbers.first ?? 0)
    return said.isEmpty ? nil : said
  }

  /// The formula of a fold, the same with numbers, and in words.
  func explainFold(_ address: FoldAddress, index: [Int] = []) throws -> DebuggerReply {
    session.rearm()
    let fold = try shownFold(address)
    let explained = FoldExplanation(of: fold, in: session, example: example, unit: index.last)
    var lines = [title(fold)] + explained.formulas
    func open(_ explanation: CellExplanation) -> [String] {
      let (names, numbers) = explanation.filled
      let name = explanation.shortName
      return [
        "  \(name) = \(names)",
        "    = \(numbers) = \(ValueText.number(explanation.result))",
      ]
    }
    if !explained.outputs.isEmpty {
      lines.append("with the numbers of example \(example)")
      lines += explained.outputs.flatMap(open)
    }
    if !explained.inner.isEmpty {
      lines.append("where")
      lines += explained.inner.flatMap(open)
    }
    if explained.hidden > 0 {
      lines.append("  and \(explained.hidden) more: list \(FoldWords.command(fold)) names them all")
    }
    let words = lineWords(fold) ?? explained.words
    lines += words
    var fields: [(String, DebuggerReply.Field)] = [
      ("fold", .text(fold.address)), ("phase", .text(fold.phase.rawValue)),
      ("formulas", .texts(explained.formulas)), ("words", .texts(words)),
    ]
    for explanation in explained.outputs {
      fields.append((explanation.name, .number(explanation.result)))
      if case .sum(let terms) = explanation.body {
        fields.append(
          ("\(explanation.name) terms", .numbers(terms.map { Float($0.product) })))
      }
    }
    return DebuggerReply(lines, fields)
  }
}
