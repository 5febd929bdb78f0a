import Autodiff
import Tensors
import TerminalGraphics
import Training

/// Watching numbers: adding, going there, deleting, bringing back.
enum WatchKeys {
  static let always: [Binding] = [
    Binding(
      [KeyStroke("w")], "watch", hint: "watch",
      help: "watch the chosen number, or any expression that is typed: norm(dense/kernel.grad)"
    ) { state in
      let chosen = state.lab.moment?.explanation?.name ?? "loss"
      ask(chosen, &state)
      return []
    },
    Binding(
      [KeyStroke("W")], "watch list",
      help: "everything that is watched: go there, delete, bring back"
    ) { state in
      state.step.view = state.step.view == .watches ? .line : .watches
      state.focus[.step] = state.step.view == .watches ? "watches" : nil
      return []
    },
  ]

  /// In the list.
  static let inList: [Binding] = [
    Binding(
      [KeyStroke(.enter)], "go there", hint: "go there",
      help: "go to the instruction that made it, or the one that makes it next",
      whyNot: { state in
        guard let reading = chosen(state) else { return "nothing is watched yet: w adds" }
        return reading.madeAt ?? reading.changesAt ?? reading.firstChange == nil
          ? "no instruction makes \(reading.expression)" : nil
      }
    ) { go(&$0) },
    Binding(
      [KeyStroke("m")], "largest change", hint: "largest change", shortHint: "largest",
      help: "go to the step of its past that changed it most",
      whyNot: { state in
        guard let reading = chosen(state) else { return "nothing is watched yet: w adds" }
        return reading.largestChange == nil || reading.firstChange == nil
          ? "no change of \(reading.expression) is known: it takes two steps" : nil
      }
    ) { state in
      guard let reading = chosen(state), let most = reading.largestChange,
        let made = reading.firstChange
      else { return [] }
      state.say(
        "step \(NumberFormat.integer(most.step)) changed \(reading.expression) by "
          + "\(NumberFormat.compact(most.change)), most of the steps that are drawn")
      return go(to: made, step: most.step, reading, &state)
    },
    Binding(
      [KeyStroke("x")], "delete", hint: "delete",
      help: "watch it no more; u brings it back",
      whyNot: { chosen($0) == nil ? "nothing is watched yet: w adds" : nil }
    ) { delete(&$0) },
    Binding(
      [KeyStroke("u")], "bring back", hint: "bring back",
      help: "watch again what was deleted last",
      whyNot: { $0.step.deletedWatches.isEmpty ? "nothing was deleted" : nil }
    ) { state in
      guard let last = state.step.deletedWatches.popLast() else { return [] }
      let place = min(last.place, state.step.interest.watches.count)
      state.step.interest.watches.insert(last.text, at: place)
      state.step.watchRow = place
      return [.lab(.look(state.interest))]
    },
  ]

  private static func chosen(_ state: AppState) -> WatchReading? {
    let all = state.lab.moment?.watches ?? []
    return all.indices.contains(state.step.watchRow) ? all[state.step.watchRow] : nil
  }

  // MARK: Adding

  private static func ask(_ text: String, _ state: inout AppState) {
    state.field = TextField("watch", text: text) { text, state in add(text, &state) }
  }

  /// Watches an expression, or says what is wrong with it and lets one mend it.
  static func add(_ text: String, _ state: inout AppState) -> [Effect] {
    let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !text.isEmpty else {
      state.say("nothing was typed: an expression, as loss or dense/kernel[0,0]", .warning)
      return []
    }
    guard let moment = state.lab.moment else {
      state.say("there is no run yet: Enter on Step begins one", .warning)
      return []
    }
    if let refusal = moment.plan.refusal(of: text) {
      ask(text, &state)
      state.say(refusal.description, .warning)
      return []
    }
    if let known = state.step.interest.watches.firstIndex(of: text) {
      state.step.watchRow = known
      state.say("\(text) is watched already")
      return []
    }
    state.step.interest.watches.append(text)
    state.step.watchRow = state.step.interest.watches.count - 1
    return [.lab(.look(state.interest))]
  }

  // MARK: The list

  /// Watches no more what stands at a place of the list, counted from 1.
  static func remove(_ text: String, _ state: inout AppState) -> [Effect] {
    let count = state.step.interest.watches.count
    guard let number = Int(text), (1...max(1, count)).contains(number), count > 0 else {
      state.say(
        "'\(text)' is no place in the watch list; right would be "
          + (count == 0 ? "display EXPR first" : "a number from 1 to \(count)"), .warning)
      return []
    }
    state.step.watchRow = number - 1
    return delete(&state)
  }

  private static func delete(_ state: inout AppState) -> [Effect] {
    let row = state.step.watchRow
    guard state.step.interest.watches.indices.contains(row) else { return [] }
    let text = state.step.interest.watches.remove(at: row)
    state.step.deletedWatches.append((row, text))
    state.step.watchRow = max(0, min(row, state.step.interest.watches.count - 1))
    state.say("\(text) is watched no more; u brings it back")
    return [.lab(.look(state.interest))]
  }

  private static func go(_ state: inout AppState) -> [Effect] {
    guard let reading = chosen(state), let moment = state.lab.moment else { return [] }
    let here = reading.madeAt ?? reading.changesAt
    guard let target = here ?? reading.firstChange else { return [] }
    return go(to: target, step: moment.step + (here == nil ? 1 : 0), reading, &state)
  }

  /// Goes to where an instruction of a step, counted from 1, is done, and looks at what is watched.
  private static func go(
    to target: Int, step: Int, _ reading: WatchReading, _ state: inout AppState
  ) -> [Effect] {
    guard let moment = state.lab.moment else { return [] }
    var place: (result: Int, cell: Int)?
    do throws(ExpressionFailure) {
      if let number = try RunExpression(reading.expression).number,
        let value = moment.plan.value(named: number.name),
        let result = moment.plan.instructions[target - 1].results.firstIndex(where: {
          $0.value == value
        }), let offset = value.shape.offset(of: number.index)
      {
        place = (result, offset)
      }
    } catch { place = nil }
    state.step.view = .line
    state.focus[.step] = nil
    return StepBindings.go(target, step: step, choosing: place, &state)
  }

  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let count = state.step.interest.watches.count
    switch stroke.key {
    case .up, .character("k"): state.step.watchRow -= 1
    case .down, .character("j"): state.step.watchRow += 1
    case .home: state.step.watchRow = 0
    case .end: state.step.watchRow = count - 1
    default: return nil
    }
    state.step.watchRow = max(0, min(state.step.watchRow, count - 1))
    return []
  }
}
