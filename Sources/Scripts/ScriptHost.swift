import Datasets
import FileFormats
import Interchange
import KerasCode
import NeuralNets
import Tensors
import Training

/// Carries out what a Keras program asks: trains, judges, prints, and reads in its own folder.
///
/// Not thread-safe.
package final class ScriptHost: ProgramHost {
  let console: ScriptConsole
  let folder: ProgramFolder
  let seed: UInt64
  private var modelCount = 0
  /// Writes down what is trained, when someone wants to go through it again.
  var recorder: PassRecorder?
  /// The models that are fitted now: the program's callbacks may ask for their weights.
  private var fitting: [ModelHandle] = []
  /// The models of which was said that they learn nothing.
  private var warned: Set<ObjectIdentifier> = []

  /// - Parameter seed: of weights and the order of examples, where the program gives none.
  package init(_ console: ScriptConsole, folder: ProgramFolder, seed: UInt64) {
    self.console = console
    self.folder = folder
    self.seed = seed
  }

  /// Runs a program from top to bottom.
  /// - Throws: a `Diagnostic` that says where and what is wrong.
  package static func run(
    _ text: String, file: String, folder: ProgramFolder, seed: UInt64, _ console: ScriptConsole
  ) throws {
    let host = ScriptHost(console, folder: folder, seed: seed)
    try Evaluator.run(text, file: file, host: host, seed: seed)
  }

  package func write(_ text: String) { console.write(text) }

  package func seconds() -> Double { console.now() }

  package func note(_ message: Diagnostic) { console.note(message.description) }

  /// What is kept with a model. A program's models draw different weights, in the order of use.
  func trained(_ model: ModelHandle) -> TrainedModel {
    if let known = model.payload as? TrainedModel { return known }
    let own = model.programSeed.map { UInt64($0) } ?? seed
    let made = TrainedModel(seed: own &+ UInt64(modelCount))
    modelCount += 1
    model.payload = made
    return made
  }

  /// A failure of a run as something that the evaluator gives a place in the program.
  static func complaining<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let failure as RunFailure {
      throw Complaint(failure.problem, remedy: "right would be " + failure.remedy)
    } catch let failure as Network.Failure {
      throw Complaint(
        "\(failure.name) \(failure.problem)", remedy: "right would be " + failure.remedy)
    } catch let failure as FileFailure {
      throw Complaint("\(failure.place): \(failure.found)", remedy: failure.right)
    }
  }

  // MARK: Learning

  package func fit(
    _ model: ModelHandle, _ data: BatchData, _ options: FitOptions
  ) throws -> FitHistory {
    try Self.complaining {
      let network = try TrainedModel.network(of: model)
      try Self.checkRows(network, data.inputs)
      let settings = RunSettings(
        model: network.description, data: try TrainingData(data, options, name: "x"),
        batchSize: options.batchSize, epochs: max(0, options.epochs - options.initialEpoch),
        shuffles: options.shuffle)
      let trained = trained(model)
      let session = try trained.session(for: model, settings)
      let fit = try Fit(
        session, watchers: options.watchers, options.caller, files(options.caller),
        firstEpoch: options.initialEpoch)
      trained.running = fit
      fitting.append(model)
      defer {
        trained.running = nil
        fitting.removeLast()
      }
      try run(fit, of: model, options)
      trained.running = nil
      trained.set(fit.weights, of: model, network)
      trained.setCarried(session.carried, of: model, network)
      return Self.history(fit.history)
    }
  }

  private func run(_ fit: Fit, of model: ModelHandle, _ options: FitOptions) throws {
    let batches = fit.session.stepsPerEpoch
    let steps = options.stepsPerEpoch ?? batches
    if steps > batches { noteOfSteps(steps, batches) }
    // Of one time through all the batches, which may take several epochs.
    var left = batches
    options.caller?.stopsTraining = false
    for case .program(let callback) in options.watchers {
      try options.caller?.begin(
        callback, epochs: options.epochs, steps: steps, verbose: options.verbose)
    }
    say(try fit.meet(.trainBegin))
    for epoch in options.initialEpoch..<max(options.epochs, options.initialEpoch) {
      say(try fit.meet(.epochBegin(epoch)))
      if options.verbose > 0, options.epochs > 1 {
        console.write("Epoch \(epoch + 1)/\(options.epochs)\n")
      }
      var progress = KerasProgress(console, total: steps, verbose: options.verbose)
      var done = 0
      while done < steps && left > 0 && !fit.stops {
        say(try fit.meet(.batchBegin(done)))
        try recorder?.begin(model, fit.session)
        try fit.step()
        try recorder?.end(fit.session)
        say(try fit.meet(.batchEnd(done)))
        done += 1
        left -= 1
        progress.update(done) { fit.soFar }
      }
      if left == 0 { left = batches }
      let report = try fit.finishEpoch(validatingEvery: options.validationFrequency)
      say(report.lines)
      progress.finish(report.numbers)
      if report.stops { break }
    }
    fit.finish()
    say(try fit.meet(.trainEnd))
    say(fit.lastLines)
  }

  private func noteOfSteps(_ steps: Int, _ batches: Int) {
    console.note(
      "fit() with steps_per_epoch=\(steps): there are \(batches) batches, and an epoch ends with"
        + " them; right would be at most \(batches)")
  }

  private func say(_ lines: [String]) { for line in lines { console.write(line + "\n") } }

  /// What callbacks may write, in the program's folder.
  private func files(_ caller: CallbackCaller?) -> FitFiles {
    FitFiles(
      writeWeights: { [folder] weights, file in
        try folder.write(try WeightFile.bytes(weights, file: file), to: file)
      },
      writeText: { [folder] text, file in try folder.write(Array(text.utf8), to: file) },
      readText: { [folder] file in
        (try? folder.read(file)).map { String(decoding: $0, as: UTF8.self) }
      },
      name: { template, epoch, numbers in
        try caller?.fileName(template, epoch: epoch, numbers.map { ($0.name, $0.value) })
          ?? template
      })
  }

  private static func history(_ epochs: [[NamedNumber]]) -> FitHistory {
    var names: [String] = []
    // Not every epoch validates.
    for number in epochs.joined() where !names.contains(number.name) { names.append(number.name) }
    return FitHistory(
      series: names.map { name in
        FitHistory.Series(
          name: name,
          values: epochs.compactMap { $0.first { $0.name == name }?.result })
      })
  }

  package func trainOnBatch(
    _ model: ModelHandle, _ data: BatchData
  ) throws -> [(name: String, value: MetricResult)] {
    try Self.complaining {
      let network = try TrainedModel.network(of: model)
      try Self.checkRows(network, data.inputs)
      let examples = data.examples
      let settings = RunSettings(
        model: network.description, data: TrainingData(name: "x", training: examples),
        batchSize: max(1, examples.count), epochs: 1, shuffles: false)
      let trained = trained(model)
      let fit = try Fit(try trained.session(for: model, settings))
      try recorder?.begin(model, fit.session)
      try fit.step()
      try recorder?.end(fit.session)
      warnOfFrozen(model, network)
      trained.set(fit.session.weightsByName, of: model, network)
      trained.setCarried(fit.session.carried, of: model, network)
      return try Self.inOrder(fit.inOrder, model, network)
    }
  }

  /// Keras reads `trainable` when it trains, not when it compiles: a model that was frozen for another
  /// one stays as it is, which the programs of old did not mean.
  private func warnOfFrozen(_ model: ModelHandle, _ network: Network) {
    guard !network.weights.isEmpty, !network.weights.contains(where: \.spec.isTrainable),
      warned.insert(ObjectIdentifier(model)).inserted
    else { return }
    console.note(
      "\(model.layerName) learns nothing: trainable is False, and Keras 3 reads it when it trains;"
        + " right would be \(model.layerName).trainable = True before its train_on_batch")
  }

  package func learningRate(_ model: ModelHandle) throws -> Double {
    Double(trained(model).learningRate(model) ?? .nan)
  }

  package func setLearningRate(_ model: ModelHandle, _ rate: Double) throws {
    trained(model).setLearningRate(Float(rate))
  }

  // MARK: Judging

  package func evaluate(
    _ model: ModelHandle, _ data: BatchData, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: MetricResult)] {
    try Self.complaining {
      let judge = try inference(model)
      try Self.checkRows(judge.network, data.inputs)
      let size = batchSize ?? 32
      var progress = KerasProgress(
        console, total: Self.batches(data.inputs[0], size), verbose: verbose)
      let numbers = try judge.evaluate(
        data.examples, batchSize: size
      ) { done, numbers in progress.update(done) { Fit.listed(numbers) } }
      keepCarried(judge, model)
      progress.finish(Fit.listed(numbers))
      return try Self.inOrder(numbers, model, judge.network)
    }
  }

  package func predict(
    _ model: ModelHandle, _ inputs: [NDArray], batchSize: Int?, verbose: Int, isTraining: Bool?
  ) throws -> [NDArray] {
    try Self.complaining {
      let size = batchSize ?? 32
      var progress = KerasProgress(
        console, total: Self.batches(inputs[0], size), verbose: verbose)
      let judge = try inference(model)
      try Self.checkRows(judge.network, inputs)
      let outputs = try judge.predict(
        inputs.map(\.tensor), batchSize: size,
        isTraining: isTraining
      ) { done in
        progress.update(done) { [] }
      }
      keepCarried(judge, model)
      keepAverages(judge, model)
      progress.finish([])
      return outputs.map { NDArray($0) }
    }
  }

  /// Throws where an embedding has no row for a number that comes in.
  private static func checkRows(_ network: Network, _ inputs: [NDArray]) throws {
    guard let odd = network.numberWithoutRow(in: inputs.map(\.tensor)) else { return }
    let number =
      Int(exactly: odd.number).map(String.init) ?? PythonFormat.number(Double(odd.number))
    throw Complaint(
      "\(odd.layer) gets \(number), which it has no row for",
      remedy: "whole numbers from 0 to \(odd.rows - 1), or a larger input_dim", at: .argument(0))
  }

  func inference(_ model: ModelHandle) throws -> Inference {
    // Another model that has the same layers may learn just now.
    for other in fitting {
      _ = trained(other).weights(of: other, try TrainedModel.network(of: other))
    }
    let network = try TrainedModel.network(of: model)
    let trained = trained(model)
    return try Inference(
      network, weights: trained.weights(of: model, network),
      carried: trained.carried(of: model, network))
  }

  /// Predicting and judging, too, let stateful layers go on.
  private func keepCarried(_ judge: Inference, _ model: ModelHandle) {
    guard judge.network.fixedBatchSize != nil else { return }
    let trained = trained(model)
    trained.setCarried(judge.carried, of: model, judge.network)
    trained.running?.session.overwriteCarried(judge.carried)
  }

  /// A call as while training moves moving averages.
  private func keepAverages(_ judge: Inference, _ model: ModelHandle) {
    guard !judge.averages.isEmpty else { return }
    trained(model).set(judge.averages, of: model, judge.network)
    for other in fitting { handOver(to: other) }
  }

  private static func batches(_ x: NDArray, _ size: Int) -> Int {
    Batches.count(of: x.shape.extents.first ?? 0, by: size)
  }

  /// In the order of Keras's lists: the loss, the metrics that are known by their own names, the
  /// losses of single outputs, and what is left by name. Two metrics of one name both stand for the
  /// first of them, and the second comes once more with the rest, as in Keras.
  private static func inOrder(
    _ numbers: [NamedNumber], _ model: ModelHandle, _ network: Network
  ) throws -> [(name: String, value: MetricResult)] {
    let own = (try? CompiledMetrics(network).ownNames) ?? []
    let first = ["loss"] + own + model.lossesInOrder
    let rest = numbers.map(\.name).filter { !first.contains($0) }.sorted()
    return (first + rest).compactMap { name in
      numbers.first { $0.name == name }.map { (name, $0.result.single) }
    }
  }
}
