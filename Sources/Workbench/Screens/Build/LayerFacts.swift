import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// What is true of the chosen line: its formula, its counts, how its weights start.
enum LayerFacts {
  static func lines(_ view: BuildView) -> [StyledText] {
    guard let layer = view.state.chosenLayer else {
      return view.line == 0 ? input(view) : training(view)
    }
    let component = view.blueprint.model.layers[layer]
    let formula = formula(of: component)
    guard let placed = view.blueprint.place(layer) else {
      return [.secondary(formula)]
    }
    let flow = "\(placed.inputShape.batched) → \(placed.outputShape.batched)"
    return [.secondary(formula)] + counts(placed) + starts(placed, view.state.ability)
      + (placed.weights.isEmpty ? [.secondary(flow)] : [])
  }

  private static func formula(of layer: Component) -> String {
    let f = layer.activation.map { $0 == .linear ? "" : $0.name } ?? ""
    func applied(_ inner: String) -> String { f.isEmpty ? inner : "\(f)(\(inner))" }
    let bias = layer.arguments["use_bias"] == .boolean(false) ? "" : " + b"
    if let type = LayerCatalog.kernelLayer(named: layer.kind) {
      return "y = " + applied(type.formula + bias)
    }
    switch layer.kind {
    case "Dense": return "y = " + applied("x W\(bias)")
    case "Activation": return "y = " + applied("x")
    case "Dropout":
      guard case .number(let rate) = layer.arguments["rate"], rate < 1 else { break }
      let scale = NumberFormat.compact(1 / (1 - rate))
      return "while training each number is 0 with probability \(SettingText.number(rate)), "
        + "else times \(scale) = 1/(1 − \(SettingText.number(rate)))"
    case "Flatten": return "all numbers of an example in a row"
    default: break
    }
    if case .model? = layer.body { return "a model as a layer" }
    return LayerCatalog.type(named: layer.kind)?.summary ?? layer.kind
  }

  /// `W 16 × 16, b 16: 272 numbers`.
  private static func counts(_ layer: Network.PlacedLayer) -> [StyledText] {
    guard !layer.weights.isEmpty else { return [.secondary("no weights")] }
    let parts = layer.weights.map { "\($0.symbol) \($0.shape.product.replacing(" ", with: ""))" }
    let fixed = layer.weights.filter { !$0.isTrainable }.reduce(0) { $0 + $1.shape.count }
    let total =
      StyledText.secondary(parts.joined(separator: " + ") + " = ")
      + .text(NumberFormat.integer(layer.parameterCount)) + .secondary(" parameters")
    guard fixed > 0 else { return [total] }
    return [total, .secondary("\(NumberFormat.integer(fixed)) of them are not learned")]
  }

  /// `starts within ±0.433 = √(6/32)`, by the initializer of the first weight.
  private static func starts(
    _ layer: Network.PlacedLayer, _ ability: Ability
  ) -> [StyledText] {
    guard let kernel = layer.weights.first else { return [] }
    let isKernel = kernel.path.hasSuffix("kernel")
    let (fanIn, fanOut) = kernel.initializer.fans(of: kernel.shape)
    func root(_ above: Double, _ below: Double) -> String {
      let value = NumberFormat.compact((above / below).squareRoot(), digits: 3)
      return "\(value) = √(\(Int(above))/\(Int(below)))"
    }
    let text: String =
      switch kernel.initializer.component.kind {
      case "GlorotUniform": "starts in ±" + root(6, fanIn + fanOut)
      case "HeUniform": "starts in ±" + root(6, fanIn)
      case "GlorotNormal": "starts normal, σ " + root(2, fanIn + fanOut)
      case "HeNormal": "starts normal, σ " + root(2, fanIn)
      case "LecunUniform": "starts in ±" + root(3, fanIn)
      case "LecunNormal": "starts normal, σ " + root(1, fanIn)
      case "Zeros": "starts at 0" + (isKernel ? ": all units learn the same" : "")
      case "Ones": "starts at 1" + (isKernel ? ": all units learn the same" : "")
      case "Orthogonal": "starts at right angles, length 1"
      case "RandomUniform": "starts at random, all even" + spread(kernel.initializer)
      case "RandomNormal": "starts at random, normal" + spread(kernel.initializer)
      default: "starts as \(kernel.initializer.component.kind) says"
      }
    return [.secondary(Spelling.text(text, for: ability.glyphs))]
  }

  /// How far numbers drawn at random lie, in the words of their kind.
  private static func spread(_ initializer: Initializer) -> String {
    let arguments = initializer.component.arguments
    func number(_ name: String) -> String? { arguments[name].asNumber.map(SettingText.number) }
    if let low = number("minval"), let high = number("maxval") { return ", \(low) … \(high)" }
    return number("stddev").map { ", σ \($0)" } ?? ""
  }

  private static func input(_ view: BuildView) -> [StyledText] {
    let data = view.state.workpiece.dataset
    let count = NumberFormat.integer(data.count)
    return [
      .secondary("\(data.name): \(count) examples of \(data.exampleShape.tuple)"),
      .secondary(data.task.classes.map { "\($0.count) classes" } ?? "numbers to predict"),
    ]
  }

  private static func training(_ view: BuildView) -> [StyledText] {
    let workpiece = view.state.workpiece
    let facts = view.state.dataFacts
    let steps = steps(of: facts.trainingCount, by: workpiece.batchSize)
    let all = steps.saturatingProduct(workpiece.epochs)
    let loss = workpiece.model.compilation.flatMap { LossCatalog.named($0.loss.kind) }
    let name = loss?.shortNames.first ?? ""
    return [
      name.isEmpty ? StyledText() : .secondary("the loss wants \(ChoiceNotes.note(on: name))"),
      .secondary("\(NumberFormat.integer(facts.trainingCount)) examples to learn from"),
      .secondary(
        "\(NumberFormat.integer(steps)) steps an epoch, \(NumberFormat.integer(all)) in all"),
    ]
  }

  /// How many batches hold all examples.
  static func steps(of examples: Int, by batchSize: Int) -> Int {
    max(1, Batches.count(of: examples, by: batchSize))
  }
}
