import Autodiff
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The number of the run that a question asks for.
struct AskedPlace: Hashable {
  /// `dense/kernel.grad`
  let name: String
  let index: [Int]

  init?(_ ask: Ask) {
    guard case .number(let answer) = ask.answer else { return nil }
    guard let number = try? RunExpression(ask.place ?? answer).number, number.name.contains("/")
    else { return nil }
    (name, index) = (number.name, number.index)
  }

  /// As one would type it: `dense/kernel.grad[1,0]`.
  var text: String {
    index.isEmpty ? name : name + "[" + index.map(String.init).joined(separator: ",") + "]"
  }

  /// The weight whose gradient is asked for: the same place in it is pointed at.
  var weight: String? { name.hasSuffix(".grad") ? String(name.dropLast(5)) : nil }

  /// Its place row by row in an array of this shape; nil outside of it.
  func offset(in shape: Shape) -> Int? {
    guard index.count == shape.rank else { return index.isEmpty && shape.count == 1 ? 0 : nil }
    var offset = 0
    for axis in 0..<shape.rank {
      guard (0..<shape[axis]).contains(index[axis]) else { return nil }
      offset = offset * shape[axis] + index[axis]
    }
    return offset
  }
}

extension AppState {
  /// The number that the question at hand asks for.
  var askedPlace: AskedPlace? {
    guard case .ask(let ask)? = learn.task else { return nil }
    return AskedPlace(ask)
  }

  /// What the open page keeps back: what it asks for, until that is answered.
  package var hiddenNumbers: HiddenNumbers {
    guard let page = learn.page, let place = learn.place, !learn.isFree, !isRunForeign else {
      return HiddenNumbers()
    }
    let open = page.asks.filter { !place.done.contains($0.id) }
    guard !open.isEmpty else { return HiddenNumbers() }
    var hidden = HiddenNumbers(values: Set(learn.setup?.hidden ?? []))
    for ask in open {
      guard let asked = AskedPlace(ask) else { continue }
      // Where no step is shown, nobody knows its places: all of the value is kept back.
      if lab.moment == nil, lab.network?.weights.contains(where: { $0.name == asked.name }) == false
      {
        hidden.values.insert(asked.name)
      }
      guard let plan = lab.moment?.plan, let value = plan.value(named: asked.name),
        plan[value].role != .parameter, let offset = asked.offset(in: value.shape)
      else { continue }
      hidden.cells[asked.name, default: []].insert(offset)
      hidden.indices[asked.name, default: []].insert(value.shape.index(ofOffset: offset))
    }
    return hidden
  }

  /// Why the number asked for cannot be opened in the debugger yet; nil when it can.
  var whyNotOpenAsked: String? {
    guard let asked = askedPlace, let plan = lab.moment?.plan,
      let value = plan.value(named: asked.name), plan.origin(of: value) != nil
    else { return "this question is about no single number of the step" }
    return nil
  }

  /// Whether the task at hand was answered wrong so often that the debugger is offered.
  var offersDebugger: Bool {
    guard let task = learn.task, let place = learn.place, learn.isTaskOpen else { return false }
    return place.misses[task.id] ?? 0 >= 2 && whyNotOpenAsked == nil
  }

  /// Opens the number that is asked for in the debugger, at the instruction that makes it.
  mutating func openAsked() -> [Effect] {
    guard let asked = askedPlace, let moment = lab.moment,
      let value = moment.plan.value(named: asked.name),
      let origin = moment.plan.origin(of: value), let offset = asked.offset(in: value.shape)
    else { return go(to: .step) }
    let results = moment.plan.instructions[origin].results
    let result = results.firstIndex { $0.value == value } ?? 0
    let target = Position(step: moment.step, instruction: origin + 1)
    learn.departure = (lab.position, target)
    let going = go(to: .step)
    step.view = .line
    focus[.step] = "result"
    say("this is \(asked.text), which is asked for; 2 goes back to the page")
    return going
      + StepBindings.go(origin + 1, step: moment.step, choosing: (result, offset), &self)
  }
}
