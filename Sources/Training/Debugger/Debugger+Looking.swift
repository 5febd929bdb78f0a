import Autodiff
import NeuralNets
import Tensors

// What one sees of a run without moving in it: where it stands, values, the plan, facts.

extension Debugger {
  /// Where one is: the last instruction done.
  package func here() -> DebuggerReply {
    let position = session.position
    let count = session.plan.instructions.count
    let done = session.execution.position
    var fields: [(String, DebuggerReply.Field)] = [
      ("step", .integer(position.step)), ("instruction", .integer(position.instruction)),
      ("instructions", .integer(count)),
    ]
    if let pass = session.shownPass {
      fields += [
        ("pass", .integer(position.pass)), ("shown_pass", .integer(pass.pass)),
        ("network", .text(pass.network)),
      ]
    } else {
      fields.append(("epoch", .integer(position.step / session.stepsPerEpoch)))
    }
    fields += [
      ("done", .integer(done)),
      ("shown_step", .integer(session.shownPass?.step ?? session.shownStep)),
    ]
    guard done > 0 else { return DebuggerReply([beginning], fields) }
    let instruction = session.plan.instructions[done - 1]
    let place = (instruction.scopes + [instruction.title]).joined(separator: " › ")
    fields += [
      ("phase", .text(instruction.phase.rawValue)), ("at", .text(place)),
    ]
    var line =
      "\(shownPlace) · instruction \(done) of \(count) · \(instruction.phase.rawValue)"
      + " · \(place)"
    if done == count { line += " · " + ending }
    return DebuggerReply([line], fields)
  }

  /// `step 4 · instruction 0 of 28 · the batch of 12 is loaded, nothing is done yet`.
  private var beginning: String {
    guard session.done > 0 else { return "step 0 · the start of the run" }
    let count = session.plan.instructions.count
    return "\(shownPlace) · instruction 0 of \(count) · the batch of \(session.batchCount) is "
      + "loaded, nothing is done yet"
  }

  /// `step 4`, or `step 4 · pass 1 of 3, discriminator`.
  private var shownPlace: String {
    guard let pass = session.shownPass else { return "step \(session.shownStep)" }
    return "step \(pass.step) · pass \(pass.pass) of \(pass.of), \(pass.network)"
  }

  /// What the end of a pass is the end of.
  private var ending: String {
    let position = session.position
    guard session.passRun != nil else {
      return "the step is done: step \(position.step) begins"
    }
    if session.isFinished { return "the program's last pass is done" }
    return position.pass > 0
      ? "the pass is done: pass \(position.pass) begins"
      : "the step is done: step \(position.step) begins"
  }

  mutating func look(at place: Int) throws -> DebuggerReply {
    let count = session.plan.batchSize
    guard place < count else {
      throw DebuggerCommand.Failure(
        "example \(place) of a batch of \(count)", remedy: "one from 0 to \(count - 1)")
    }
    example = place
    return DebuggerReply(
      ["example \(place) of \(count): row \(session.batchRows[place]) of the training examples"],
      [("example", .integer(place)), ("row", .integer(session.batchRows[place]))])
  }

  func printed(_ expression: RunExpression) throws -> DebuggerReply {
    if let (name, index) = expression.number, index.isEmpty, isFold(name) {
      return try printFold(FoldAddress(name))
    }
    let value = try expression.value(in: scope)
    let isCount = isCount(expression)
    let fields: [(String, DebuggerReply.Field)]
    switch value {
    case .number(let number) where isCount && Int(exactly: number) != nil:
      fields = [("value", .integer(Int(number)))]
    case .tensor(let tensor) where isCount && tensor.scalars.allSatisfy { Int(exactly: $0) != nil }:
      fields = [
        ("shape", .integers(tensor.shape.extents)),
        ("value", .integers(tensor.scalars.map { Int($0) })),
      ]
    case .number(let number): fields = [("value", .double(number))]
    case .truth(let holds): fields = [("value", .truth(holds))]
    case .text(let text): fields = [("value", .text(text))]
    case .tensor(let tensor):
      fields = [("shape", .integers(tensor.shape.extents)), ("value", .numbers(tensor.scalars))]
    }
    return DebuggerReply(
      ["\(expression.source) = \(ValueText.text(value, isCount: isCount))"],
      [("expression", .text(expression.source))] + fields)
  }

  /// Whether its value is a whole number: what is counted, and what a layer was given as one.
  private func isCount(_ expression: RunExpression) -> Bool {
    if expression.isCount { return true }
    guard let (name, index) = expression.number, index.isEmpty else { return false }
    return NetworkNames(session.settings, session.network).isWhole(name)
  }

  /// What is only not known yet may be shown later; what there is not never.
  func checkMeaning(of expression: RunExpression) throws(ExpressionFailure) {
    do { _ = try expression.value(in: scope) } catch {
      if error.isNotYet { return }
      throw error
    }
  }

  func shown(_ expression: RunExpression) -> String {
    do {
      let value = try expression.value(in: scope)
      return "\(expression.source) = \(ValueText.text(value, isCount: isCount(expression)))"
    } catch { return "\(expression.source): \(error.problem)" }
  }

  func listed() -> DebuggerReply {
    let lines = listing.lines
    let done = session.execution.position
    let here = lines.firstIndex { $0.range.contains(max(done - 1, 0)) } ?? 0
    let shown = max(0, here - 6)..<min(lines.count, here + 8)
    return DebuggerReply(
      shown.map { i in
        let line = lines[i]
        let isHere = done > 0 && line.range.contains(done - 1)
        let mark = isHere ? "▶" : (line.range.upperBound <= done ? "●" : "○")
        let first = session.plan.instructions[line.range.lowerBound]
        let number = "\(line.range.lowerBound + 1)"
        let name =
          line.fold.map { "+ \($0.joined(separator: " › ")) to \(line.range.upperBound)" }
          ?? (first.scopes + [first.title]).joined(separator: " › ")
        let shapes = first.results.map { $0.value.shape.description }.joined(separator: " ")
        return "\(mark) \(String(repeating: " ", count: max(0, 4 - number.count)))\(number) "
          + "\(first.phase.rawValue)  \(name)" + (line.fold == nil ? "  \(shapes)" : "")
      })
  }

  func info(_ topic: DebuggerCommand.Info) -> DebuggerReply {
    switch topic {
    case .digest:
      let digest = session.digest.description
      return DebuggerReply(["digest \(digest)"], [("digest", .text(digest))])
    case .program: return here()
    case .folds: return foldInfo()
    case .breakpoints: return breakpointInfo()
    case .data: return dataFacts()
    case .judging: return (try? judgingFacts()) ?? DebuggerReply([])
    case .layers:
      return DebuggerReply(
        session.network.layers.map {
          "\($0.name)  \($0.kind)  \($0.inputShape.tuple) → \($0.outputShape.tuple)  "
            + "\($0.parameterCount) parameter\($0.parameterCount == 1 ? "" : "s")"
        }, [("layers", .texts(session.network.layers.map(\.name)))])
    case .parameters:
      return DebuggerReply(
        session.network.weights.map { "\($0.name)  \($0.spec.shape)" },
        [
          ("parameters", .integer(session.network.parameterCount)),
          ("names", .texts(session.network.weights.map(\.name))),
        ])
    case .values:
      return DebuggerReply(
        session.plan.names, [("names", .texts(session.plan.names))])
    case .run where session.passRun != nil: return passes()
    case .run:
      let settings = session.settings
      return DebuggerReply(
        [
          "\(settings.data.name): \(settings.data.training.count) examples to learn from, "
            + "\(settings.data.validation?.count ?? 0) unseen",
          "batch size \(settings.batchSize), \(settings.epochs) epochs of \(session.stepsPerEpoch) "
            + "steps, seed \(settings.seed), learning rate "
            + "\(session.learningRate)",
          "position \(session.position), recorded up to step \(session.history.steps.count)",
          session.callbacksInWords,
          "kernels \(kernelTierInWords())",
        ].compactMap { $0 },
        [
          ("data", .text(settings.data.name)), ("batch_size", .integer(settings.batchSize)),
          ("epochs", .integer(settings.epochs)),
          ("seed", .integer(Int(truncatingIfNeeded: settings.seed))),
          ("recorded", .integer(session.history.steps.count)),
        ])
    }
  }
}
