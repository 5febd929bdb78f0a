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
  private let console: ScriptConsole
  let folder: ProgramFolder
  private let seed: UInt64
  private var modelCount = 0

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
    _ model: ModelHandle, x: NDArray, y: NDArray, options: FitOptions
  ) throws -> FitHistory {
    try Self.complaining {
      let data = try Self.data(x: x, y: y, options)
      let settings = RunSettings(
        model: model.description, data: data, batchSize: options.batchSize,
        epochs: max(0, options.epochs - options.initialEpoch), shuffles: options.shuffle)
      let trained = trained(model)
      let session = try trained.session(for: model, settings)
      let fit = try Fit(
        session, watchers: options.watchers, options.caller, files(options.caller),
        firstEpoch: options.initialEpoch)
      trained.running = fit
      defer { trained.running = nil }
      try run(fit, options)
      trained.running = nil
      trained.set(fit.weights)
      return Self.history(fit.history)
    }
  }

  private static func data(
    x: NDArray, y: NDArray, _ options: FitOptions
  ) throws -> TrainingData {
    let all = Examples(inputs: x.tensor, targets: y.tensor)
    if let validation = options.validationData {
      return TrainingData(
        name: "x", training: all,
        validation: Examples(inputs: validation.x.tensor, targets: validation.y.tensor))
    }
    guard options.validationSplit > 0 else { return TrainingData(name: "x", training: all) }
    return try TrainingData(lastRowsOf: all, fraction: options.validationSplit, name: "x")
  }

  private func run(_ fit: Fit, _ options: FitOptions) throws {
    let steps = fit.session.stepsPerEpoch
    options.caller?.stopsTraining = false
    for case .program(let callback) in options.watchers {
      try options.caller?.begin(
        callback, epochs: options.epochs, steps: steps, verbose: options.verbose)
    }
    say(try fit.meet(.trainBegin))
    for epoch in options.initialEpoch..<max(options.epochs, options.initialEpoch) {
      say(try fit.meet(.epochBegin(epoch)))
      if options.verbose > 0 { console.write("Epoch \(epoch + 1)/\(options.epochs)\n") }
      var progress = KerasProgress(console, total: steps, verbose: options.verbose)
      var done = 0
      while done < steps && !fit.stops {
        say(try fit.meet(.batchBegin(done)))
        fit.step()
        say(try fit.meet(.batchEnd(done)))
        done += 1
        progress.update(done) { fit.soFar }
      }
      let report = try fit.finishEpoch(isCut: done < steps)
      say(report.lines)
      progress.finish(report.numbers)
      if report.stops { break }
    }
    say(try fit.meet(.trainEnd))
    say(fit.lastLines)
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

  package func learningRate(_ model: ModelHandle) throws -> Double {
    if let session = trained(model).latest(model) {
      return Double(session.learningRate(at: session.position.step))
    }
    guard
      case .number(let rate)? = model.description.compilation?.optimizer
        .arguments["learning_rate"]
    else { throw Complaint("the model has no optimizer", remedy: "call model.compile(…) first") }
    return Double(Float(rate))
  }

  package func setLearningRate(_ model: ModelHandle, _ rate: Double) throws {
    if let session = trained(model).latest(model) {
      session.setLearningRate(Float(rate))
      return
    }
    try model.setLearningRate(rate)
  }

  private static func history(_ epochs: [[NamedNumber]]) -> FitHistory {
    let names = epochs.first?.map(\.name) ?? []
    return FitHistory(
      series: names.enumerated().map { i, name in
        FitHistory.Series(name: name, values: epochs.map { $0[i].value })
      })
  }

  package func trainOnBatch(
    _ model: ModelHandle, x: NDArray, y: NDArray
  ) throws -> [(name: String, value: Double)] {
    try Self.complaining {
      let data = TrainingData(name: "x", training: Examples(inputs: x.tensor, targets: y.tensor))
      let settings = RunSettings(
        model: model.description, data: data, batchSize: max(1, data.training.count), epochs: 1,
        shuffles: false)
      let trained = trained(model)
      let fit = try Fit(try trained.session(for: model, settings))
      let numbers = fit.step()
      trained.set(fit.session.weightsByName)
      return Self.lossFirst(numbers)
    }
  }

  // MARK: Judging

  package func evaluate(
    _ model: ModelHandle, x: NDArray, y: NDArray, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: Double)] {
    try Self.complaining {
      let judge = try inference(model)
      let size = batchSize ?? 32
      var progress = KerasProgress(console, total: Self.batches(x, size), verbose: verbose)
      let numbers = try judge.evaluate(
        Examples(inputs: x.tensor, targets: y.tensor),
        metrics: try Metric.compiled(for: judge.network), batchSize: size
      ) { done, numbers in progress.update(done) { Fit.listed(numbers) } }
      progress.finish(Fit.listed(numbers))
      return Self.lossFirst(numbers)
    }
  }

  package func predict(
    _ model: ModelHandle, x: NDArray, batchSize: Int?, verbose: Int
  ) throws -> NDArray {
    try Self.complaining {
      let size = batchSize ?? 32
      var progress = KerasProgress(console, total: Self.batches(x, size), verbose: verbose)
      let output = try inference(model).predict(x.tensor, batchSize: size) { done in
        progress.update(done) { [] }
      }
      progress.finish([])
      return NDArray(output)
    }
  }

  func inference(_ model: ModelHandle) throws -> Inference {
    let network = try TrainedModel.network(of: model)
    return try Inference(network, weights: trained(model).weights(for: network))
  }

  private static func batches(_ x: NDArray, _ size: Int) -> Int {
    Batches.count(of: x.shape.extents.first ?? 0, by: size)
  }

  private static func lossFirst(_ numbers: [NamedNumber]) -> [(name: String, value: Double)] {
    let loss = numbers.filter { $0.name == "loss" }
    return (loss + numbers.filter { $0.name != "loss" }).map { ($0.name, Double(Float($0.value))) }
  }
}
