import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// One line of the settings: a part of the workpiece that the run goes on under.
enum SettingField: Hashable {
  case learningRate, optimizer, batchSize, l2, l1, epochs, shuffle, noise, unseen, standardize
  case seed, pace
  /// A number of the optimizer, by its Keras name: `beta_1`, `momentum`.
  case optimizerNumber(String)
  /// The rate of the dropout layer at a place of the model.
  case dropout(Int)

  /// The fields that a workpiece has, the usual ones first.
  static func all(_ state: AppState) -> [SettingField] {
    let model = state.workpiece.model
    var fields: [SettingField] = [.learningRate, .optimizer, .batchSize]
    if !penalized(model).isEmpty { fields.append(.l2) }
    fields += model.layers.indices.filter { isDropout(model.layers[$0]) }.map { .dropout($0) }
    if noise(state) != nil { fields.append(.noise) }
    fields += [.shuffle, .epochs]
    if !penalized(model).isEmpty { fields.append(.l1) }
    fields += optimizerNumbers(model).map { .optimizerNumber($0.name) }
    return fields + [.unseen, .standardize, .seed, .pace]
  }

  private static func isDropout(_ layer: Component) -> Bool {
    LayerCatalog.kindsThatDrop.contains(layer.kind)
  }

  /// The places of layers whose kernels can be held back.
  static func penalized(_ model: ModelDescription) -> [Int] {
    model.layers.indices.filter {
      model.layers[$0].arguments[ifTaken: "kernel_regularizer"] != nil
    }
  }

  static func optimizerNumbers(_ model: ModelDescription) -> [ArgumentSpec] {
    (model.compilation?.optimizer.arguments.specs ?? []).filter {
      guard $0.isUsual, $0.name != "learning_rate", $0.name != "name" else { return false }
      if case .number = $0.kind { return true }
      return false
    }
  }

  /// The noise of data that is made by a rule.
  static func noise(_ state: AppState) -> (value: Double, range: ClosedRange<Double>)? {
    guard let asked = try? DataSpecification(parsing: state.workpiece.dataset.name),
      let generator = GeneratorCatalog.generator(named: asked.name),
      let parameter = generator.parameters.first(where: {
        $0.name == GeneratorParameter.noiseName
      })
    else { return nil }
    return (asked.settings["noise"] ?? parameter.standard, parameter.range)
  }

  func name(_ state: AppState) -> String {
    switch self {
    case .learningRate: "learning rate"
    case .optimizer: "optimizer"
    case .batchSize: "batch size"
    case .l2: "L2 penalty"
    case .l1: "L1 penalty"
    case .epochs: "epochs"
    case .shuffle: "shuffle"
    case .noise: "noise in data"
    case .unseen: "unseen part"
    case .standardize: "standardize"
    case .seed: "seed"
    case .pace: "pace"
    case .optimizerNumber(let name): name
    case .dropout(let place):
      state.workpiece.model.layerNames[safe: place] ?? "dropout"
    }
  }

  /// Whether it is chosen from a list.
  var isChoice: Bool { self == .optimizer || self == .shuffle || self == .standardize }

  /// Whether it makes another run: weights are drawn anew.
  var startsAnew: Bool { self == .seed }

  func value(_ state: AppState) -> String {
    let piece = state.workpiece
    switch self {
    case .learningRate: return NumberFormat.compact(SettingsPanel.rate(state), digits: 3)
    case .optimizer: return piece.model.compilation?.optimizer.kind ?? "none: not compiled"
    case .batchSize: return NumberFormat.integer(piece.batchSize)
    case .l2, .l1:
      let factors = Set(Self.penalized(piece.model).map { penalty(of: piece.model.layers[$0]) })
      return factors.count > 1
        ? "differs by layer" : NumberFormat.compact(factors.first ?? 0, digits: 3)
    case .epochs: return NumberFormat.integer(piece.epochs)
    case .seed: return String(piece.seed)
    case .shuffle: return piece.shuffles ? "every epoch" : "never"
    case .unseen:
      return piece.dataset.validation != nil
        ? "a part of its own"
        : NumberFormat.percent(piece.preparation.unseenShare, decimals: 0)
    case .standardize: return piece.preparation.standardizes ? "mean 0, σ 1" : "no"
    case .noise: return NumberFormat.compact(Self.noise(state)?.value ?? 0, digits: 3)
    case .pace: return state.lab.pace.words(inPasses: state.lab.pass != nil)
    case .optimizerNumber(let name):
      return Self.text(piece.model.compilation?.optimizer.arguments[name])
    case .dropout(let place):
      return Self.text(piece.model.layers[safe: place]?.arguments["rate"])
    }
  }

  private static func text(_ value: ArgumentValue?) -> String {
    switch value {
    case .number(let number): NumberFormat.compact(number, digits: 4)
    case .integer(let number): String(number)
    case nil, .none?: "none"
    default: "as in the code"
    }
  }

  /// The factor of this field's penalty on the kernel of a layer.
  private func penalty(of layer: Component) -> Double {
    guard let regularizer = layer.arguments.component("kernel_regularizer"),
      case .number(let factor) = regularizer.arguments[self == .l1 ? "l1" : "l2"]
    else { return 0 }
    return factor
  }

  // MARK: Changing

  /// The next value up or down; nil when it is said why not.
  func step(_ up: Bool, _ state: inout AppState) -> Bool {
    let next = { (value: Double) in SettingsPanel.next(value, up: up) }
    switch self {
    case .learningRate, .pace: return false
    case .optimizer: return chooseOptimizer(by: up ? 1 : -1, &state)
    case .batchSize:
      let size = state.workpiece.batchSize
      state.workpiece.batchSize = max(1, min(4096, up ? size * 2 : size / 2))
    case .epochs:
      state.workpiece.epochs = Int(max(1, min(10_000, next(Double(state.workpiece.epochs)))))
    case .seed:
      let seed = state.workpiece.seed
      state.workpiece.seed = up ? seed &+ 1 : (seed == 0 ? 0 : seed - 1)
    case .shuffle: state.workpiece.shuffles.toggle()
    case .standardize: state.workpiece.preparation.standardizes.toggle()
    case .unseen:
      let share = state.workpiece.preparation.unseenShare + (up ? 0.05 : -0.05)
      return set(max(0, min(0.9, (share * 20).rounded() / 20)), &state)
    case .l1, .l2:
      let places = Self.penalized(state.workpiece.model)
      let now = places.map { penalty(of: state.workpiece.model.layers[$0]) }.max() ?? 0
      return set(now <= 1e-5 && !up ? 0 : min(1, next(now)), &state)
    case .noise:
      let now = Self.noise(state)?.value ?? 0
      return set(max(0, ((now + (up ? 0.02 : -0.02)) * 1000).rounded() / 1000), &state)
    case .optimizerNumber(let name):
      guard case .number(let now) = state.workpiece.model.compilation?.optimizer.arguments[name]
      else { return set(0.01, &state) }
      // What is nearly 1 is stepped by what it lacks.
      let isShare = name.hasPrefix("beta") || name == "rho" || name == "momentum"
      guard isShare else { return set(next(now), &state) }
      let lack = SettingsPanel.next(max(1 - now, 1e-4), up: !up)
      return set(max(0, min(0.9999, 1 - min(1, lack))), &state)
    case .dropout:
      guard case .number(let now) = argument(state) else { return false }
      return set(max(0, min(0.95, ((now + (up ? 0.05 : -0.05)) * 20).rounded() / 20)), &state)
    }
    return true
  }

  private func argument(_ state: AppState) -> ArgumentValue {
    guard case .dropout(let place) = self,
      let value = state.workpiece.model.layers[safe: place]?.arguments["rate"]
    else { return .none }
    if case .integer(let whole) = value { return .number(Double(whole)) }
    return value
  }

  private func chooseOptimizer(by places: Int, _ state: inout AppState) -> Bool {
    let names = OptimizerCatalog.all
    guard let now = state.workpiece.model.compilation?.optimizer.kind else {
      state.say("the model is not compiled; 3 Build adds model.compile", .warning)
      return false
    }
    let here = names.firstIndex { $0.kind == now } ?? 0
    return Self.choose(names[((here + places) % names.count + names.count) % names.count], &state)
  }

  static func choose(_ optimizer: ComponentClass, _ state: inout AppState) -> Bool {
    guard state.workpiece.model.compilation != nil else {
      state.say("the model is not compiled; 3 Build adds model.compile", .warning)
      return false
    }
    state.workpiece.model.compilation?.optimizer = optimizer.standard
    state.workpiece.isSaved = false
    return true
  }

  /// Takes a number that was typed or stepped to; false when it was said why it does not fit.
  func set(_ number: Double, _ state: inout AppState) -> Bool {
    switch self {
    case .batchSize, .epochs, .seed:
      let most = self == .seed ? 9e15 : 100_000.0
      guard number == number.rounded(), (self == .seed ? 0...most : 1...most).contains(number)
      else {
        return refuse("a whole number from \(self == .seed ? "0" : "1 to 100,000")", number, &state)
      }
      switch self {
      case .batchSize: state.workpiece.batchSize = Int(number)
      case .epochs: state.workpiece.epochs = Int(number)
      default: state.workpiece.seed = UInt64(number)
      }
    case .unseen:
      guard state.workpiece.dataset.validation == nil else {
        state.say("this data brings its own unseen part", .warning)
        return false
      }
      guard (0...0.9).contains(number) else {
        return refuse("percent, from 0 to 90", 100 * number, &state)
      }
      state.workpiece.preparation.unseenShare = number
    case .l1, .l2: return setPenalty(number, &state)
    case .noise: return setNoise(number, &state)
    case .optimizerNumber(let name):
      guard var optimizer = state.workpiece.model.compilation?.optimizer else { return false }
      do { try optimizer.arguments.set(name, .number(number)) } catch {
        let spec = optimizer.arguments.specs.first { $0.name == name }
        return refuse(spec?.expectation ?? "a number", number, &state)
      }
      state.workpiece.model.compilation?.optimizer = optimizer
      state.workpiece.isSaved = false
    case .dropout(let place):
      guard state.workpiece.model.layers.indices.contains(place), (0..<1).contains(number),
        (try? state.workpiece.model.layers[place].arguments.set("rate", .number(number))) != nil
      else { return refuse("a share from 0, below 1", number, &state) }
      state.workpiece.isSaved = false
    default: return false
    }
    return true
  }

  /// Says what would be right.
  private func refuse(_ right: String, _ number: Double, _ state: inout AppState) -> Bool {
    let shown = NumberFormat.compact(number, digits: 6)
    state.say("\(name(state)): \(shown) does not fit; right would be \(right)", .warning)
    return false
  }

  private func setPenalty(_ factor: Double, _ state: inout AppState) -> Bool {
    guard (0...1000).contains(factor) else {
      return refuse("a factor from 0, as 0.001", factor, &state)
    }
    for place in Self.penalized(state.workpiece.model) {
      let layer = state.workpiece.model.layers[place]
      let (l1, l2) = (
        self == .l1 ? factor : SettingField.l1.penalty(of: layer),
        self == .l2 ? factor : SettingField.l2.penalty(of: layer)
      )
      let kind = l1 == 0 ? "L2" : l2 == 0 ? "L1" : "L1L2"
      guard var penalty = ComponentFamily.regularizer.named(kind)?.standard else { continue }
      if l1 != 0 { try? penalty.arguments.set("l1", .number(l1)) }
      if l2 != 0 { try? penalty.arguments.set("l2", .number(l2)) }
      let value: ArgumentValue = l1 == 0 && l2 == 0 ? .none : .component(penalty)
      try? state.workpiece.model.layers[place].arguments.set("kernel_regularizer", value)
    }
    state.workpiece.isSaved = false
    return true
  }

  private func setNoise(_ noise: Double, _ state: inout AppState) -> Bool {
    guard let (_, range) = Self.noise(state),
      var asked = try? DataSpecification(parsing: state.workpiece.dataset.name)
    else { return false }
    guard range.contains(noise) else {
      return refuse("a number from \(range.lowerBound) to \(range.upperBound)", noise, &state)
    }
    asked.settings["noise"] = noise
    do {
      state.workpiece.dataset = try state.library.load(asked)
      return true
    } catch {
      state.say("\(error)", .warning)
      return false
    }
  }
}
