import Autodiff
import NeuralNets
import Tensors

/// Makes the test of a sickness for one plan.
struct SicknessTestMaker {
  let session: Session
  let number: Int
  let execution: Execution

  private var plan: Plan { execution.plan }
  private var part: RunPart { session.part(ofStep: number) }
  private var count: Int { plan.instructions.count }
  private var end: TestMoment { TestMoment(instruction: count, isEnd: true, cut: count) }

  private func moment(after instruction: Int) -> TestMoment {
    TestMoment(instruction: instruction + 1, isEnd: instruction + 1 == count, cut: count)
  }

  /// - Throws: `DebuggerCommand.Failure`: why there cannot be such a sickness here.
  func test(_ sickness: Sickness) throws -> BreakTest {
    switch sickness {
    case .nan: return nan
    case .deadReLU(let layer, let unit): return try deadReLU(try layers(layer, .dead), unit)
    case .saturation(let layer): return saturation(try layers(layer, .saturated))
    case .vanishing(let factor): return try vanishing(factor)
    case .exploding(let limit):
      return BreakTest(
        moment: moment(after: plan.gradientNormOrigin), rule: .setsIn,
        look: .observe { BreakTest.Finding(.truth(!($0.gradientNorm <= limit))) },
        needsMemory: false)
    case .ratio(let low, let high):
      return BreakTest(
        moment: end, rule: .setsIn,
        look: .observe { reading in
          let ratio = reading.updateRatio
          return BreakTest.Finding(.truth(ratio < low || ratio > high))
        }, needsMemory: false)
    case .lossUp(let times): return lossUp(times)
    case .plateau: return try turn(.plateau)
    case .overfit: return try turn(.overfitting)
    case .flips(let row): return try flips(row)
    }
  }

  // MARK: Numbers that are none

  private var nan: BreakTest {
    let results = plan.instructions.enumerated().flatMap { i, instruction in
      instruction.results.map { (instruction: i, value: $0.value) }
    }
    let execution = self.execution
    return BreakTest(
      moment: end, rule: .setsIn,
      look: .observe { _ in
        let first = results.first {
          $0.instruction < execution.position && execution.hasUnsound($0.value)
        }
        return BreakTest.Finding(
          .truth(first != nil), instruction: first.map { $0.instruction + 1 })
      }, isGradual: true)
  }

  // MARK: Units

  /// The layers that a sickness of units can have.
  private func layers(_ name: String?, _ state: UnitHealth.State) throws -> [SickLayer] {
    let all = part.network.layers.compactMap { layer in
      SickLayer(layer, state, part.network, plan)
    }
    let kind = state == .dead ? "relu" : "tanh or sigmoid"
    guard let name else {
      if all.isEmpty {
        throw DebuggerCommand.Failure(
          "no hidden layer ends with \(kind)", remedy: "one with activation=\"\(kind)\"")
      }
      return all
    }
    guard let layer = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name)
      let near = NameSuggestion.near(name, among: names)
      let isLayer = part.network.layers.contains { $0.name == name }
      throw DebuggerCommand.Failure(
        isLayer ? "\(name) is no hidden layer with \(kind)" : "there is no layer '\(name)'",
        remedy: names.isEmpty
          ? "no hidden layer of this network has one"
          : (near.isEmpty ? names : near).joined(separator: " or "))
    }
    return [layer]
  }

  /// - Parameter only: the unit that is looked at; nil: every one.
  private func deadReLU(_ layers: [SickLayer], _ only: Int?) throws -> BreakTest {
    let (session, execution) = (session, execution)
    if let only, let layer = layers.first, only >= layer.output.shape.last {
      throw DebuggerCommand.Failure(
        "\(layer.name) has no unit \(only)", remedy: "one from 0 to \(layer.output.shape.last - 1)")
    }
    // Seen where the layer has spoken with the weights that a unit died by: before they change.
    let last = layers.compactMap { plan.origin(of: $0.output) }.max() ?? count - 1
    let changed = plan.parameters.compactMap { plan.nextOverwriting(of: $0, from: 0) }.min()
    return BreakTest(
      moment: TestMoment(
        instruction: last + 1, isEnd: last + 1 == count, cut: max(last + 1, changed ?? count)),
      rule: .unitsAdded,
      look: .observe { _ in
        // A unit that is on for one example of the batch is not dead.
        let silent = layers.filter { execution.isKnown($0.output) }.flatMap {
          $0.silent(in: execution)
        }.filter { only == nil || $0.unit == only }
        return BreakTest.Finding(.units(silent.isEmpty ? [] : session.dead(among: silent)))
      }, isGradual: true, layers: places(of: layers))
  }

  private func saturation(_ layers: [SickLayer]) -> BreakTest {
    let execution = execution
    let last = layers.compactMap { plan.origin(of: $0.output) }.max() ?? count - 1
    return BreakTest(
      moment: moment(after: last), rule: .unitsAdded,
      look: .observe { _ in
        let known = layers.filter { execution.isKnown($0.output) }
        return BreakTest.Finding(.units(known.flatMap { $0.saturated(in: execution) }))
      }, isGradual: true, layers: places(of: layers))
  }

  /// By how many instructions the output of each layer is there.
  private func places(of layers: [SickLayer]) -> [String: Int] {
    Dictionary(
      layers.compactMap { layer in plan.origin(of: layer.output).map { (layer.name, $0 + 1) } }
    ) { first, _ in first }
  }

  // MARK: Gradients

  private func vanishing(_ factor: Double) throws -> BreakTest {
    let kernels = plan.parameters.filter { $0.shape.rank > 1 }
    let gradients = kernels.compactMap { plan.gradients[$0] }
    guard gradients.count > 1 else {
      throw DebuggerCommand.Failure(
        "the network has one layer with weights, nothing can vanish on the way",
        remedy: "a network with a hidden layer")
    }
    let execution = execution
    return BreakTest(
      moment: moment(after: plan.gradientNormOrigin), rule: .setsIn,
      look: .observe { _ in
        let (least, most) = execution.extremes(ofGradients: gradients)
        return BreakTest.Finding(.truth(most == 0 || least < factor * most))
      })
  }

  // MARK: The history

  private func lossUp(_ times: Int) -> BreakTest {
    let session = session
    // A loss that rises on is told again after as many steps more.
    return BreakTest(
      moment: moment(after: plan.loss.flatMap { plan.origin(of: $0) } ?? count - 1), rule: .holds,
      look: .holds {
        let rises = session.losses(risingTo: $0.number)
        return rises > 0 && rises.isMultiple(of: times)
      }, needsMemory: false)
  }

  private func turn(_ kind: History.Turns.Kind) throws -> BreakTest {
    guard session.passRun == nil else {
      throw DebuggerCommand.Failure(
        "a run that the program's own loop made has no epochs", remedy: "break if loss > 1")
    }
    guard kind == .plateau || part.validation != nil else {
      throw DebuggerCommand.Failure(
        "no examples are held back, so that nobody can see it",
        remedy: "a run with --validation-split 0.2")
    }
    let session = session
    return BreakTest(
      moment: end, rule: .holds,
      look: .holds { session.hasTurn(kind, endingWith: $0.number + 1) }, needsMemory: false)
  }

  // MARK: A prediction

  private func flips(_ row: Int) throws -> BreakTest {
    guard session.passRun == nil, !part.settings.data.classes.isEmpty else {
      throw DebuggerCommand.Failure(
        "this run tells no classes apart", remedy: "watch of an output, as watch \(outputName)[0,0]"
      )
    }
    guard row < part.training.count else {
      throw DebuggerCommand.Failure(
        "there is no training example \(row)", remedy: "one from 0 to \(part.training.count - 1)")
    }
    let (part, examples) = (part, part.training.rows([row]))
    return BreakTest(
      moment: end, rule: .watch(.changes),
      look: .observe { _ in
        let output = part.executions.predict(examples.allInputs, batchSize: 1)[0].scalars
        return BreakTest.Finding(.number(Double(PredictedClass.of(output))))
      })
  }

  private var outputName: String { plan[plan.output].name }
}

/// What a network says with the numbers of one row.
enum PredictedClass {
  /// The place of the largest; of a single number 1 when it is above 0.5, else 0.
  static func of(_ output: [Float]) -> Int {
    guard output.count > 1 else { return (output.first ?? 0) > 0.5 ? 1 : 0 }
    return output.indices.max {
      output[$0] < output[$1] || (output[$0] == output[$1] && $0 > $1)
    } ?? 0
  }
}
