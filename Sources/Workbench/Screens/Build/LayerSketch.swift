import NeuralNets
import Tensors
import TerminalGraphics

/// What a layer does, as a few lines: which share is dropped, how a kernel lies over an image, what
/// a table holds, what the gates of a memory are.
enum LayerSketch {
  static func lines(_ view: BuildView, width: Int) -> [StyledText] {
    guard let layer = view.state.chosenLayer else { return [] }
    let component = view.blueprint.model.layers[layer]
    let input = view.blueprint.input(of: layer)
    let output = view.blueprint.place(layer)?.outputShape
    if case .model(let inner)? = component.body { return nested(inner) }
    switch component.kind {
    case "GaussianDropout", "GaussianNoise": return noise(component)
    case _ where LayerCatalog.kindsThatDrop.contains(component.kind):
      return dropout(component, width)
    case "BatchNormalization":
      return [
        .text("y = γ (x − μ) / √(σ² + ε) + β"),
        .secondary("training: μ, σ² of the batch"),
        .secondary("use: their moving means"),
      ]
    case "LayerNormalization":
      return [
        .text("y = γ (x − μ) / √(σ² + ε) + β"), .secondary("μ, σ² of each example by itself"),
      ]
    case _ where LayerCatalog.kernelLayer(named: component.kind) != nil:
      return window(component, "kernel_size", input, output, noun: "kernel")
    case "MaxPooling2D", "AveragePooling2D":
      return window(component, "pool_size", input, output, noun: "window")
    case "Embedding": return table(component, input, output)
    case "LSTM":
      return [
        .text("i, f, o = σ(x W + h U + b)"), .text("c ← f c + i tanh(x W + h U + b)"),
        .text("h = o tanh(c)"), .secondary("h and c go on to the next time step"),
      ]
    case "GRU":
      return [
        .text("z, r = σ(x W + h U + b)"), .text("g = tanh(x W + r (h U) + b)"),
        .text("h ← z h + (1 − z) g"), .secondary("h goes on to the next time step"),
      ]
    case "SimpleRNN":
      return [.text("h ← tanh(x W + h U + b)"), .secondary("h goes on to the next time step")]
    case "Flatten", "Reshape": return shapes(input, output, "the same numbers, in another shape")
    case "Concatenate": return merged(view, layer, "laid one after the other")
    case _ where component.isMerging: return merged(view, layer, merges[component.kind] ?? "")
    case "GlobalAveragePooling1D": return shapes(input, output, "the mean over all time steps")
    case "GlobalMaxPooling1D": return shapes(input, output, "the largest over all time steps")
    case "GlobalAveragePooling2D": return shapes(input, output, "the mean over all pixels")
    case "GlobalMaxPooling2D": return shapes(input, output, "the largest over all pixels")
    case "ZeroPadding1D", "ZeroPadding2D": return shapes(input, output, "zeros around it")
    case "Cropping1D", "Cropping2D": return shapes(input, output, "what is left inside")
    case "UpSampling1D": return shapes(input, output, "each time step repeated")
    case "UpSampling2D": return shapes(input, output, "the same picture, larger")
    default: return []
    }
  }

  private static let merges = [
    "Add": "y = a + b, number by number", "Subtract": "y = a − b, number by number",
    "Multiply": "y = a × b, number by number", "Average": "y = (a + b + …) / n",
    "Maximum": "y = the larger at each place", "Minimum": "y = the smaller at each place",
    "Dot": "y = Σ a b along an axis",
  ]

  private static func nested(_ inner: ModelDescription) -> [StyledText] {
    let names = inner.layers.prefix(6).map { layer in
      StyledText.text("  " + layer.kind) + .secondary(" " + SettingText.summary(of: layer))
    }
    let rest = inner.layers.count - names.count
    return [.secondary("a model within the model:")] + names
      + (rest > 0 ? [.secondary("  and \(rest) more")] : [])
  }

  /// A row of units, those that drop out as rings.
  private static func dropout(_ layer: Component, _ width: Int) -> [StyledText] {
    guard case .number(let rate) = layer.arguments["rate"] else { return [] }
    let count = max(5, min(20, (width - 2) / 2))
    let gone = Int((rate * Double(count)).rounded())
    // Evenly over the row, so that the share is seen.
    let row = (0..<count).map { (i: Int) -> StyledText in
      let isGone = (i + 1) * gone / count > i * gone / count
      return isGone ? .warning("○ ") : StyledText("● ", .series(0))
    }
    let kept = rate < 1 ? NumberFormat.compact(1 / (1 - rate), digits: 3) : "—"
    return [
      row.reduce(StyledText(), +),
      .warning("○") + .secondary(" \(gone) of \(count) become 0  ") + StyledText("●", .series(0))
        + .secondary(" ×\(kept)"),
    ]
  }

  private static func noise(_ layer: Component) -> [StyledText] {
    let isDropout = layer.kind == "GaussianDropout"
    let name = isDropout ? "rate" : "stddev"
    guard let value = layer.arguments[name].asNumber else { return [] }
    return isDropout
      ? [
        .text("y = x n,  n normal around 1"),
        .secondary(
          "σ = √(p/(1−p)) = "
            + NumberFormat.compact((value / max(1e-9, 1 - value)).squareRoot(), digits: 3)),
      ] : [.text("y = x + n,  n normal, σ = \(SettingText.number(value))")]
  }

  /// A window over an image, with the sizes of both.
  private static func window(
    _ layer: Component, _ name: String, _ input: Shape?, _ output: Shape?, noun: String
  ) -> [StyledText] {
    guard case .integers(let size) = layer.arguments[name], size.count == 2, let input,
      input.rank == 3
    else { return [] }
    let side = min(3, size[0])
    let across = min(4, size[1])
    let images = (0..<4).map { row -> StyledText in
      (0..<6).reduce(StyledText("  ", .text)) { text, column in
        text
          + (row < side && column < across
            ? StyledText("█", .accent) : StyledText("░", .secondary))
      }
    }
    let words: [StyledText] = [
      StyledText("█", .accent) + .secondary(" \(noun) \(size[0]) × \(size[1])"),
      .secondary("over \(input[0]) × \(input[1]) × \(input[2])"),
      .secondary("gives ") + .text(output.map { $0.product } ?? "nothing"),
    ]
    return zip(images, words + [StyledText()]).map { $0 + "  " + $1 }
      + [sizeFormula(layer, size[0], input[0], output, noun)].compactMap(\.self)
  }

  /// `(8 − 3) / 1 + 1 = 6 rows`, or what padding makes of it.
  private static func sizeFormula(
    _ layer: Component, _ size: Int, _ input: Int, _ output: Shape?, _ noun: String
  ) -> StyledText? {
    guard let output, LayerCatalog.kernelLayer(named: layer.kind)?.isTransposed != true else {
      return nil
    }
    var (size, stride) = (size, noun == "window" ? size : 1)
    if case .integers(let given) = layer.arguments["strides"], let first = given.first {
      stride = first
    }
    if case .integers(let apart) = layer.arguments["dilation_rate"], let first = apart.first {
      size = (size - 1) * first + 1
    }
    return layer.arguments["padding"] == .text("same")
      ? .secondary("rows: \(input) / \(stride), rounded up = \(output[0])")
      : .secondary(
        "rows: (\(input) − \(size)) / \(stride) + 1 = \(output[0])"
          + ((input - size) % max(1, stride) == 0 ? "" : " whole"))
  }

  private static func table(
    _ layer: Component, _ input: Shape?, _ output: Shape?
  ) -> [StyledText] {
    guard case .integer(let rows) = layer.arguments["input_dim"],
      case .integer(let width) = layer.arguments["output_dim"]
    else { return [] }
    let shown = min(6, width)
    func row(_ label: String) -> StyledText {
      .secondary(label.padding(to: 8))
        + StyledText(String(repeating: "■", count: shown), .series(0))
        + .secondary(width > shown ? " … \(width)" : "")
    }
    return [
      row("0"), row("1"), .secondary("…"), row("\(rows - 1)"),
      .secondary("each input picks its row"),
    ]
  }

  private static func shapes(_ input: Shape?, _ output: Shape?, _ words: String) -> [StyledText] {
    guard let input, let output else { return [] }
    return [.text("\(input.product) → \(output.product)"), .secondary(words)]
  }

  private static func merged(_ view: BuildView, _ layer: Int, _ words: String) -> [StyledText] {
    guard let call = view.blueprint.wiring.calls.first(where: { $0.layer == layer }) else {
      return []
    }
    return [.text(words)]
      + call.inputs.enumerated().map { i, source in
        .secondary("\(String(UnicodeScalar(UInt8(97 + i % 26)))) = ")
          + .text(view.blueprint.name(of: source))
          + .secondary(" \(view.blueprint.shape(of: source)?.tuple ?? "")")
      }
  }
}
