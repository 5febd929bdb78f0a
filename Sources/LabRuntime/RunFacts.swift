import KerasCode
import NeuralNets
import RunStore
import TerminalGraphics
import Training
import Workbench

/// The settings of a kept run in words, to be held against those of another.
struct RunFacts {
  let settings: [RunSetting]

  init(_ run: Run, _ store: RunStore) throws {
    let record = run.record
    let note = try store.setting(Record.noteKey(run.number)).flatMap(DataNote.init(json:))
    let changes = try store.changes(of: run.number)
    let model = try? ModelFile.read(record.modelCode, file: "\(run.number).py").description
    var settings = [RunSetting("data", record.dataName)]
    settings += model.map(Self.network) ?? [RunSetting("network", record.modelSummary)]
    settings += Self.training(record, model?.compilation)
    settings += Self.data(note, seed: record.seed)
    settings += [
      RunSetting(
        "parameters", NumberFormat.integer(record.parameterCount), short: "param."),
      RunSetting("seed", "\(record.seed)"),
    ]
    self.settings = settings + Self.byHand(changes)
  }

  // MARK: The network

  private static func network(_ model: ModelDescription) -> [RunSetting] {
    guard model.isChain, !model.layers.isEmpty, model.layers.allSatisfy({ $0.kind == "Dense" })
    else {
      return [RunSetting("network", model.summary)] + arguments(of: model, besides: [])
    }
    let hidden = model.layers.dropLast()
    let units = hidden.map { "\($0.arguments.integer("units"))" }.joined(separator: ", ")
    var names: [String] = []
    for layer in hidden {
      let name = text(layer.arguments["activation"])
      if !names.contains(name) { names.append(name) }
    }
    return [
      RunSetting("hidden", units.isEmpty ? "none" : units),
      RunSetting(
        "activation", names.isEmpty ? "—" : names.joined(separator: ", "), short: "activ."),
      RunSetting("output", model.layers.last.map { text($0.arguments["activation"]) } ?? "—"),
    ] + arguments(of: model, besides: ["units", "activation"])
  }

  /// What is not as by default, layer by layer.
  private static func arguments(
    of model: ModelDescription, besides known: Set<String>
  ) -> [RunSetting] {
    model.named.flatMap { named in
      named.layer.arguments.specs.compactMap { spec -> RunSetting? in
        guard spec.name != "name", !known.contains(spec.name) else { return nil }
        let value = named.layer.arguments[spec.name]
        guard value != spec.defaultValue else { return nil }
        return RunSetting("\(named.name) \(spec.name)", text(value))
      }
    }
  }

  // MARK: How it was trained

  private static func training(
    _ record: RunRecord, _ compilation: Compilation?
  ) -> [RunSetting] {
    var settings: [RunSetting] = []
    for (place, output) in (compilation?.outputs ?? []).enumerated() {
      let name = place == 0 ? "loss function" : "loss function \(place + 1)"
      settings.append(
        RunSetting(name, output.loss.map { $0.kind.inWords } ?? "none", short: "loss fn"))
    }
    settings += [
      RunSetting("optimizer", record.optimizer, short: "optim."),
      RunSetting(
        "learning rate",
        record.learningRate.isFinite ? Axis.label(record.learningRate) : "NaN", short: "rate"),
    ]
    if let optimizer = compilation?.optimizer {
      for spec in optimizer.arguments.specs where !["name", "learning_rate"].contains(spec.name) {
        let value = optimizer.arguments[spec.name]
        guard value != spec.defaultValue else { continue }
        settings.append(RunSetting(spec.name, text(value)))
      }
      if case .component(let schedule) = optimizer.arguments["learning_rate"] {
        settings.append(RunSetting("schedule", schedule.kind))
      }
    }
    return settings + [
      RunSetting("batch size", NumberFormat.integer(record.batchSize), short: "batch"),
      RunSetting("epochs", NumberFormat.integer(record.epochs)),
    ]
  }

  private static func data(_ note: DataNote?, seed: UInt64) -> [RunSetting] {
    guard let note else { return [] }
    return [
      note.unseenShare.map {
        RunSetting("unseen part", NumberFormat.percent($0, decimals: 0), short: "unseen")
      },
      note.standardizes.map {
        RunSetting("standardized", $0 ? "yes" : "no", short: "standard.")
      },
      // Mostly the seed of the run is that of the split too.
      note.splitSeed.flatMap {
        $0 == seed ? nil : RunSetting("split seed", "\($0)", short: "split")
      },
      RunSetting("shuffled", note.shuffles ? "every epoch" : "never"),
    ].compactMap(\.self)
  }

  // MARK: What was changed in the middle of it

  /// The learning rates that were set while it ran, and what else was.
  private static func byHand(_ changes: [LiveChange]) -> [RunSetting] {
    let rates = changes.filter { $0.name == "learning_rate" }
    let others = changes.filter { $0.name != "learning_rate" }
    var settings: [RunSetting] = []
    if let last = rates.last {
      let value = Double(last.value).map(Axis.label) ?? last.value
      settings.append(
        RunSetting(
          "rate set by hand",
          "\(value) at \(NumberFormat.integer(last.step))"
            + (rates.count > 1 ? ", the last of \(rates.count)" : ""), short: "rate set"))
    }
    if !others.isEmpty {
      settings.append(RunSetting("set by hand", words(others), short: "by hand"))
    }
    return settings
  }

  /// `batch_size at 120`, `3 changes`.
  private static func words(_ changes: [LiveChange]) -> String {
    guard changes.count == 1, let only = changes.first else { return "\(changes.count) changes" }
    return "\(only.name) at \(NumberFormat.integer(only.step))"
  }

  /// A value as Keras code writes it, without the quotes of names.
  private static func text(_ value: ArgumentValue) -> String {
    switch value {
    case .text(let name): name
    case .number(let number): Axis.label(number)
    // An initializer or a penalty by its own name: in which module it is stands in the code.
    case .component: Printer.code(value).replacing("layers.", with: "")
    default: Printer.code(value)
    }
  }
}

extension String {
  /// `sparse categorical crossentropy` from `SparseCategoricalCrossentropy`.
  fileprivate var inWords: String {
    reduce(into: "") { words, character in
      if character.isUppercase, !words.isEmpty { words += " " }
      words += character.lowercased()
    }
  }
}
