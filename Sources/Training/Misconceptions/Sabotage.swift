import Autodiff
import NeuralNets
import Tensors

/// A wrong formula at one of the places of a plan where it means something.
package struct PlantedFormula: Hashable, Sendable {
  let fault: FormulaFault
  /// Which of the places, from 0.
  let place: Int

  /// The plan with it; a plan that learns nothing has no such place.
  func altered(_ plan: Plan) -> Plan {
    let places = fault.places(in: plan)
    guard places.indices.contains(place) else { return plan }
    return fault.altered(plan, at: places[place]) ?? plan
  }
}

/// A fault that was planted in a run.
package struct Sabotage: Sendable {
  /// Which; only who gives up is told.
  package let misconception: Misconception
  let formula: PlantedFormula?
  /// The settings that the run had before, one of them; none where a record brought it back.
  let sound: [RunSettings]
  /// The step that it begins with.
  let step: Int
}

/// What names a planted fault, to plant the same one again: a record keeps it.
package struct SabotageNote: Codable, Hashable, Sendable {
  private let misconception: String
  /// The wrong formula and its place among those where it means something.
  private let fault: String?
  private let place: Int?
  private let step: Int

  /// - Returns: nil for settings without one.
  package init?(_ settings: RunSettings) {
    guard let sabotage = settings.sabotage else { return nil }
    misconception = sabotage.misconception.id
    (fault, place) = (sabotage.formula?.fault.rawValue, sabotage.formula?.place)
    step = sabotage.step
  }

  /// Plants it in settings that have all else of it.
  package func plant(in settings: inout RunSettings) {
    guard let known = Misconception.named(misconception) else { return }
    let formula = fault.flatMap(FormulaFault.init(rawValue:)).map {
      PlantedFormula(fault: $0, place: place ?? 0)
    }
    settings.sabotage = Sabotage(
      misconception: known, formula: formula, sound: [], step: step)
  }
}

extension Session {
  /// What the run was like before the fault that is planted in it.
  var soundSettings: RunSettings? {
    guard let sabotage = settings.sabotage else { return nil }
    return sabotage.sound.first
      ?? parts.last { $0.firstStep < sabotage.step && $0.settings.sabotage == nil }?.settings
  }

  /// What was planted in this run last.
  package var sabotage: Sabotage? {
    parts.last { $0.settings.sabotage != nil }?.settings.sabotage
  }

  /// Whether a misconception can be planted in this run.
  package func takes(_ misconception: Misconception) -> Bool {
    guard passRun == nil, settings.sabotage == nil else { return false }
    switch misconception.fault {
    case .formula(let fault): return !fault.places(in: plan).isEmpty
    case .setUp(let fault):
      return fault.change(settings, network, sabotageDraws(misconception)) != nil
    }
  }

  /// One that can be planted, by the run's seed, where it stands and how much was changed in it so
  /// far; one that was planted in it already only when all were.
  package var drawnMisconception: Misconception? {
    let fitting = Misconception.all.filter(takes)
    let planted = Set(parts.compactMap { $0.settings.sabotage?.misconception.id })
    let fresh = fitting.filter { !planted.contains($0.id) }
    let open = fresh.isEmpty ? fitting : fresh
    guard !open.isEmpty else { return nil }
    let draws = CounterRandom(
      seed: settings.seed, name: "sabotage at \(position.step)", call: changeLog.count)
    return open[draws.place(among: open.count)]
  }

  private func sabotageDraws(_ misconception: Misconception) -> CounterRandom {
    CounterRandom(
      seed: settings.seed, name: "sabotage " + misconception.id, call: changeLog.count)
  }

  /// Plants a fault: from the next step on the run trains with it for real. What was recorded after
  /// that stays as a branch; what was before it stays as it was.
  ///
  /// - Throws: `RunFailure` where it means nothing in this run.
  package func plant(_ misconception: Misconception) throws {
    guard takes(misconception) else {
      throw RunFailure(
        settings.sabotage == nil ? "that fault means nothing in this run" : "a fault is planted",
        remedy: settings.sabotage == nil ? "sabotage alone chooses one that does" : "reveal first")
    }
    let draws = sabotageDraws(misconception)
    var change = SetUpFault.Change(settings: settings)
    var formula: PlantedFormula?
    switch misconception.fault {
    case .formula(let fault):
      let count = fault.places(in: plan).count
      formula = PlantedFormula(fault: fault, place: draws.place(among: count))
    case .setUp(let fault):
      guard let found = fault.change(settings, network, draws) else { return }
      change = found
    }
    let step = position.instruction == 0 ? position.step : position.step + 1
    change.settings.sabotage = Sabotage(
      misconception: misconception, formula: formula, sound: [settings], step: step)
    change.settings.fills = change.fills
    _ = try self.change(to: change.settings, words: "sabotage", isWhatIf: true)
  }

  /// Goes on without the fault from the next step on.
  package func mend() throws {
    guard var sound = soundSettings else { return }
    sound.fills = settings.fills.map { RunSettings.Fill(name: $0.name, number: 0) }
    _ = try change(to: sound, words: "mended")
  }

  /// Sets all numbers of a weight at the start of the step that begins.
  func fill(_ name: String, _ number: Float) {
    guard let weight = plan.value(named: name) else { return }
    let step = position.step
    part.weightChanges += (0..<weight.shape.count).map {
      WeightChange(step: step, weight: weight, offset: $0, number: number)
    }
    applyChanges(toStep: step)
  }
}

/// A number that its own formula does not give.
package struct Contradiction: Hashable, Sendable {
  /// `dense/kernel.grad[2,1]`.
  package let name: String
  package let lab: Double
  /// By the formula, in Float64.
  package let right: Double
}

extension Session {
  /// The plan of the step at hand as it should be.
  package var soundPlan: Plan {
    network.plan(
      batchSize: plan.batchSize, for: .training, weighting: plan.weighting)
  }

  /// The number of an instruction's results that is farthest from what the instruction's own formula
  /// gives; nil where all agree.
  ///
  /// The step is run again beside this one, up to the instruction; its formula then works on the
  /// same numbers in Float64.
  package func contradiction(at index: Int) -> Contradiction? {
    let sound = soundPlan
    guard plan.instructions.indices.contains(index) else { return nil }
    let copy = Session(replaying: self, from: shownStep)
    copy.replay(toStep: shownStep)
    while copy.execution.position < index { copy.execution.advance() }
    var right = ReferenceExecution<Double>(copy.execution, as: sound)
    let operands = sound.instructions[index].operands
    let size = operands.flatMap { copy.execution.numbers(of: $0) }.filter(\.isFinite)
      .reduce(0) { max($0, abs(Double($1))) }
    copy.execution.advance()
    right.run(index..<index + 1)
    var worst: (excess: Double, found: Contradiction)?
    for result in sound.instructions[index].results {
      let numbers = copy.execution.numbers(of: result.value).map(Double.init)
      let wanted = numbers.indices.map { right[result.value, $0] }
      let scale = wanted.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
      for (i, (lab, wanted)) in zip(numbers, wanted).enumerated() {
        let excess = abs(lab - wanted) - (1e-4 * scale + 1e-7 * size)
        guard excess > worst?.excess ?? 0 else { continue }
        let place = CellExplainer.subscript(result.value.shape.index(ofOffset: i))
        worst = (
          excess, Contradiction(name: sound[result.value].name + place, lab: lab, right: wanted)
        )
      }
    }
    return worst?.found
  }
}
