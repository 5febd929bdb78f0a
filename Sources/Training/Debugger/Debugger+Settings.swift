import Datasets
import NeuralNets
import Tensors

// The run made another one: settings, layers, programs.

extension Debugger {
  mutating func run(_ command: RunCommand) throws -> DebuggerReply {
    guard session.passRun == nil else { throw Self.fixed }
    switch command {
    case .set(let patch): return try set(patch)
    case .add(let layer, let place): return try add(layer, place)
    case .remove(let layer): return try remove(layer)
    case .load(let name):
      let settings = try outside().program(name, session.settings.asFirst)
      return try begin(settings, "\(name) is loaded")
    case .export(let format):
      let lines = try outside().code(format, session)
      doings.did(.exported(format))
      return DebuggerReply(lines, [("format", .text(format)), ("lines", .texts(lines))])
    case .restart: return try restart()
    }
  }

  private func outside() throws -> Workshop {
    guard let workshop else {
      throw DebuggerCommand.Failure(
        "nothing can be read from here", remedy: "a command about the run at hand")
    }
    return workshop
  }

  // MARK: Settings

  private mutating func set(_ patch: SettingPatch) throws -> DebuggerReply {
    let changed: RunSettings
    switch patch.name {
    case "data": changed = try outside().data(patch.value, session.settings.asFirst)
    case "scale":
      changed = try failing { () throws(RunFailure) in
        try session.settings.scaled(patch)
      }
    default:
      changed = try failing { () throws(RunFailure) in try patch.applied(to: session.settings) }
    }
    return try take(changed, patch.description + rateWords(patch, changed))
  }

  /// `, learning rate 0.001 → 0.01`, where another optimizer brings a rate of its own.
  private func rateWords(_ patch: SettingPatch, _ changed: RunSettings) -> String {
    guard patch.name == "optimizer",
      case .number(let own)? = changed.model.compilation?.optimizer.arguments["learning_rate"],
      Float(own) != session.learningRate
    else { return "" }
    return ", learning rate \(session.learningRate) → \(Float(own))"
  }

  /// Goes on under other settings: from the start where nothing was trained or set yet, as a program
  /// that said so from the first would; else from the step at hand, and the way without stays a branch.
  private mutating func take(_ settings: RunSettings, _ words: String) throws -> DebuggerReply {
    guard session.history.count > 0 || !session.changesInForce.isEmpty else {
      return try begin(settings, words, isSetByHand: true)
    }
    let kept: Session.Kept
    do {
      kept = try session.change(to: settings, words: words, isWhatIf: true)
    } catch { throw Self.failure(error) }
    var line = "\(words) from step \(session.position.step) on"
    if !kept.anew.isEmpty { line += "; new weights: " + kept.anew.joined(separator: ", ") }
    return grown(line, [("step", .integer(session.position.step))])
  }

  /// Another run in the place of this one, at its start; breakpoints stay.
  private mutating func begin(
    _ settings: RunSettings, _ words: String, isSetByHand: Bool = false
  ) throws -> DebuggerReply {
    let next: Session
    do { next = try Session(settings.asFirst) } catch { throw Self.failure(error) }
    replace(by: next, isSetByHand: isSetByHand)
    return DebuggerReply(
      ["\(words), at step 0"] + (isSetByHand ? [] : next.callbackNotes), [("step", .integer(0))])
  }

  /// The run from its start; what was set by hand stays set.
  private mutating func restart() throws -> DebuggerReply {
    let next: Session
    do { next = try session.begunAgain() } catch { throw Self.failure(error) }
    replace(by: next, isSetByHand: false)
    return DebuggerReply(
      ["the run begins again, at step 0: \(next.settingsInWords)"],
      [
        ("step", .integer(0)), ("learning_rate", .number(next.learningRate)),
        ("batch_size", .integer(next.settings.batchSize)),
        ("epochs", .integer(next.settings.epochs)),
        ("seed", .integer(Int(truncatingIfNeeded: next.settings.seed))),
      ])
  }

  /// Why no run can go on, as a failure of the command.
  private static func failure(_ error: any Error) -> any Error {
    guard let failure = error as? RunFailure else { return error }
    return DebuggerCommand.Failure(failure.problem, remedy: failure.remedy)
  }

  // MARK: Layers

  private mutating func add(
    _ text: String, _ place: RunCommand.LayerPlace
  ) throws -> DebuggerReply {
    let layer = try outside().layer(text)
    let edits = try edits()
    let source: Wiring.Source
    switch place {
    case .first: source = .input(0)
    case .last:
      let calls = edits.calls.count
      source =
        session.settings.model.wiring?.outputs.first ?? (calls == 0 ? .input(0) : .call(calls - 1))
    case .after(let name): source = .call(try call(of: name, edits))
    }
    do {
      let outcome = try edits.adding(layer, after: source)
      return try take(outcome.model, "add \(text)")
    } catch let refusal as GraphEdits.Refusal {
      throw DebuggerCommand.Failure("add \(text): \(refusal)", remedy: "another place or layer")
    }
  }

  private mutating func remove(_ name: String) throws -> DebuggerReply {
    let edits = try edits()
    do {
      let outcome = try edits.removing(try call(of: name, edits))
      return try take(outcome.model, "remove \(name)")
    } catch let refusal as GraphEdits.Refusal {
      throw DebuggerCommand.Failure("remove \(name): \(refusal)", remedy: "another layer")
    }
  }

  private mutating func take(_ model: ModelDescription, _ words: String) throws -> DebuggerReply {
    var settings = session.settings.asFirst
    settings.model = model.withoutCountedNames
    return try take(settings.withFittingWeights, words)
  }

  private func edits() throws -> GraphEdits {
    let data = Shape(Array(session.settings.data.training.inputs.shape.extents.dropFirst()))
    do throws(GraphEdits.Refusal) {
      return try GraphEdits(session.settings.model, dataShape: data)
    } catch {
      throw DebuggerCommand.Failure("\(error)", remedy: "a change of the program's own code")
    }
  }

  /// The last call of the layer of a name.
  private func call(of name: String, _ edits: GraphEdits) throws(DebuggerCommand.Failure) -> Int {
    let names = session.settings.model.layerNames
    if let layer = names.firstIndex(of: name),
      let call = edits.calls.lastIndex(where: { $0.layer == layer })
    {
      return call
    }
    let near = NameSuggestion.near(name, among: names)
    throw DebuggerCommand.Failure(
      "there is no layer '\(name)'",
      remedy: (near.isEmpty ? names : near).joined(separator: ", "))
  }
}

extension RunSettings {
  /// With inputs of mean 0 and deviation 1 over the training examples, or as they were measured.
  fileprivate func scaled(_ patch: SettingPatch) throws(RunFailure) -> RunSettings {
    let isWanted: Bool
    switch patch.value {
    case "standard", "True", "true": isWanted = true
    case "none", "None", "False", "false": isWanted = false
    default: throw RunFailure("\(patch)", remedy: "scale = standard, or scale = none")
    }
    guard isWanted != (data.scaler != nil) else {
      throw RunFailure("\(patch) is how it is", remedy: "another value")
    }
    guard data.training.allInputs.count == 1 else {
      throw RunFailure(
        "\(data.name) has \(data.training.allInputs.count) inputs, which are not standardized here",
        remedy: "inputs that are prepared already")
    }
    let scaler = data.scaler ?? Standardizer(fitting: data.training.inputs)
    func scaled(_ examples: Examples) -> Examples {
      Examples(
        inputs: [
          isWanted ? scaler.apply(to: examples.inputs) : scaler.inverse(of: examples.inputs)
        ], targets: examples.allTargets, weights: examples.weights)
    }
    var preparation = data.preparation
    preparation?.standardizes = isWanted
    var changed = asFirst
    changed.data = TrainingData(
      name: data.name, training: scaled(data.training), validation: data.validation.map(scaled),
      classes: data.classes, preparation: preparation, scaler: isWanted ? scaler : nil)
    return changed
  }
}
