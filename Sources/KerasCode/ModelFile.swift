import NeuralNets
import Tensors

/// What a model file says, read without training: the model, how it is trained, and on what.
package struct ModelFile {
  package let source: SourceText
  package let description: ModelDescription
  /// The name that the model has in the program.
  package let variable: String
  /// What `fit` was told, when the file fits the model.
  package let fit: (data: BatchData, options: FitOptions)?
  /// What was accepted and ignored.
  package let notes: [Diagnostic]
  /// For each layer, where it was made.
  package let layerPlaces: [Range<Int>]
  /// What `set_random_seed` was told.
  package let seed: Int?
  /// The weights that the program gives to the model before it trains, under Keras's names; nil when
  /// it leaves all to the initializers.
  package let initialWeights: [String: Tensor]?
  /// What a `LearningRateScheduler` gives for each epoch; empty without one.
  package let scheduledRates: [Float]
  /// Whether the program made the model of tensors.
  package let isFunctional: Bool
  let makers: [Range<Int>]
  let compileStatement: Range<Int>?
  /// Statements that did more than make the model: they trained, printed or read.
  let busyStatements: [Range<Int>]
  let statements: [Statement]
  /// The names by which the program reaches modules and classes of Keras.
  let imported: [String: String]

  /// Reads a file. The model is the variable `model`, else the only model there is.
  ///
  /// - Parameters:
  ///   - keepsMisfits: whether a Sequential whose layer does not fit is read too, so that it can
  ///     be mended; else it is refused as in Keras.
  ///   - readFile: the bytes of a file in the program's own folder.
  ///   - readWeights: the weights of a file in that folder; nil where they are not wanted.
  /// - Throws: a `Diagnostic`, or what `readFile` throws.
  package static func read(
    _ text: String, file: String, budget: Evaluator.Budget = Evaluator.Budget(), seed: UInt64 = 0,
    keepsMisfits: Bool = false,
    readFile: @escaping (String) throws -> [UInt8] = { name in
      throw Complaint("the file \"\(name)\" cannot be read here")
    },
    readWeights: ((String) throws -> [String: Tensor])? = nil
  ) throws -> ModelFile {
    let source = SourceText(name: file, text: text)
    let program = try Parser.program(source)
    let host = RecordingHost(readFile)
    host.readWeights = readWeights
    let evaluator = Evaluator(source, host: host, budget: budget, seed: seed)
    host.evaluator = evaluator
    evaluator.keepsMisfits = keepsMisfits
    defer { evaluator.untie() }
    do { try evaluator.run(program) } catch is RecordingHost.Enough {}
    let (variable, model) = try found(in: evaluator, host)
    let fit = host.fits.first { $0.model === model }
    let rate = model.compiledOptimizer.map { LearningRate($0).rate(at: 0) } ?? 0
    return ModelFile(
      source: source,
      description: try evaluator.placing(at: 0..<0) { try model.description().withoutCountedNames },
      variable: variable,
      fit: fit.map { ($0.data, $0.options) }, notes: host.notes, layerPlaces: model.layerPlaces,
      seed: evaluator.seeds.programSeed,
      initialWeights: try host.givenWeights(of: model),
      scheduledRates: fit?.options.scheduledRates(from: Double(rate)) ?? [],
      isFunctional: model.isFunctional,
      makers: allMakers(of: model),
      compileStatement: model.compileStatement, busyStatements: host.busy, statements: program,
      imported: importedNames(evaluator))
  }

  /// Whether what a program trains first is a batch, by a loop of its own: such a program is known by
  /// running it alone. One that cannot be read is not of that kind.
  package static func trainsByBatch(
    _ text: String, file: String, seed: UInt64 = 0,
    readFile: @escaping (String) throws -> [UInt8] = { name in
      throw Complaint("the file \"\(name)\" cannot be read here")
    }
  ) -> Bool {
    let source = SourceText(name: file, text: text)
    let host = RecordingHost(readFile)
    let evaluator = Evaluator(source, host: host, budget: Evaluator.Budget(), seed: seed)
    host.evaluator = evaluator
    defer { evaluator.untie() }
    host.looksForTraining = true
    do { try evaluator.run(try Parser.program(source)) } catch { return host.trainsByBatch }
    return host.trainsByBatch
  }

  private static func found(
    in evaluator: Evaluator, _ host: RecordingHost
  ) throws
    -> (String, ModelHandle)
  {
    if case .object(let model as ModelHandle)? = evaluator.globals["model"] {
      return ("model", model)
    }
    var models: [(name: String, model: ModelHandle)] = []
    for (name, value) in evaluator.globals.sorted(by: { $0.key < $1.key }) {
      guard case .object(let model as ModelHandle) = value,
        !models.contains(where: { $0.model === model })
      else { continue }
      models.append((name, model))
    }
    guard let only = models.first else {
      throw evaluator.fault(
        "the file makes no model", remedy: "as model = keras.Sequential([…])", at: 0..<0)
    }
    guard models.count == 1 else {
      let names = models.map(\.name).joined(separator: ", ")
      throw evaluator.fault(
        "the file makes several models: \(names)", remedy: "name the one that is meant \"model\"",
        at: 0..<0)
    }
    return only
  }

  /// The statements that made a model and those within it.
  private static func allMakers(of model: ModelHandle) -> [Range<Int>] {
    var all = model.makers
    for case let inner as ModelHandle in model.innerLayers {
      all += allMakers(of: inner).filter { !all.contains($0) }
    }
    return all
  }

  /// What each global name of a module or class of Keras stands for: `keras.layers`,
  /// `keras.layers.Dense`.
  private static func importedNames(_ evaluator: Evaluator) -> [String: String] {
    var names: [String: String] = [:]
    for (name, value) in evaluator.globals {
      switch value {
      case .object(let module as Namespace): names[name] = module.name
      case .object(let type as KerasClass): names[name] = type.path
      case .object(let function as NativeFunction): names[name] = function.name
      default: continue
      }
    }
    return names
  }
}

/// A host that trains nothing and writes down what it was asked.
final class RecordingHost: ProgramHost {
  /// Nothing after this concerns the model: the results of training are not known here.
  struct Enough: Error {}

  private(set) var notes: [Diagnostic] = []
  private(set) var fits: [(model: ModelHandle, data: BatchData, options: FitOptions)] = []
  private(set) var busy: [Range<Int>] = []
  /// Whether all that counts is how the program trains: what comes before that is gone over.
  var looksForTraining = false
  private(set) var trainsByBatch = false
  weak var evaluator: Evaluator?
  private let readFile: (String) throws -> [UInt8]
  /// The weights of a file; nil where those that a program loads are not wanted.
  var readWeights: ((String) throws -> [String: Tensor])?

  init(_ readFile: @escaping (String) throws -> [UInt8]) { self.readFile = readFile }

  func mark() { if let evaluator { busy.append(evaluator.topStatement) } }

  func write(_ text: String) { mark() }

  func note(_ message: Diagnostic) { notes.append(message) }

  func fit(_ model: ModelHandle, _ data: BatchData, _ options: FitOptions) throws -> FitHistory {
    mark()
    fits.append((model, data, options))
    throw Enough()
  }

  func evaluate(
    _ model: ModelHandle, _ data: BatchData, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: MetricResult)] { throw enough() }

  func predict(
    _ model: ModelHandle, _ inputs: [NDArray], batchSize: Int?, verbose: Int, isTraining: Bool?
  ) throws -> [NDArray] {
    guard looksForTraining, let shapes = model.outputShapes, let rows = inputs.first?.shape[0]
    else {
      throw enough()
    }
    // What a loop predicts before it trains is not known here, but its shape is.
    return shapes.map { shape in
      let whole = Shape([rows] + shape.extents)
      return NDArray(shape: whole, scalars: [Double](repeating: 0, count: whole.count))
    }
  }

  func trainOnBatch(
    _ model: ModelHandle, _ data: BatchData
  ) throws -> [(name: String, value: MetricResult)] {
    trainsByBatch = true
    throw enough()
  }

  func learningRate(_ model: ModelHandle) throws -> Double { throw enough() }
  func setLearningRate(_ model: ModelHandle, _ rate: Double) throws { throw enough() }

  private func enough() -> Enough {
    mark()
    return Enough()
  }

  func summary(_ model: ModelHandle, _ options: SummaryOptions) -> String { "" }

  func carried(by layer: any GraphLayer) throws -> [LayerState] { try layer.knownStates() }
  func carry(_ states: [Tensor], by layer: any GraphLayer) { mark() }
  func save(_ model: ModelHandle, to file: String) { mark() }
  func saveWeights(_ model: ModelHandle, to file: String) { mark() }

  func loadModel(_ file: String) throws -> ModelHandle {
    throw Complaint(
      "a model file that loads another model cannot be read without running it",
      remedy: "use backstep run")
  }

  func read(file: String) throws -> [UInt8] { try readFile(file) }
  func write(_ bytes: [UInt8], to file: String) { mark() }
}
