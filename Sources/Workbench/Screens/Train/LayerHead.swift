import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The line above the pictures of a layer: `dense  16 tanh  ±0.98  σ 0.45  |∂W| 0.2018`.
struct LayerHead {
  let layer: LayerPicture
  let scene: LayerScene
  let scale: ColorScale

  init(_ layer: LayerPicture, _ scene: LayerScene, _ scale: ColorScale) {
    self.layer = layer
    self.scene = scene
    self.scale = scale
  }

  /// The facts that have room, the first ones first; numbers keep their width.
  ///
  /// - Parameter isLeast: with nothing but what is wrong with its units.
  func text(width: Int, isChosen: Bool, isLeast: Bool = false) -> StyledText {
    var line = isChosen ? StyledText.accent(layer.name) : .text(layer.name)
    line += .secondary(" " + what)
    let facts = layer.facts
    var parts: [StyledText] = []
    if let sickness { parts.append(sickness) }
    if facts.sickCount > 0 { parts.append(.bad("\(facts.sickCount) no numbers")) }
    if !isLeast { parts.append(.secondary(range)) }
    if !isLeast { parts.append(.secondary("σ ") + .text(Self.number(facts.deviation, 4))) }
    if !isLeast, let norm = layer.gradientNorm {
      parts.append(.secondary("|∂W| ") + .text(Self.number(norm, 6)))
    }
    // Signs that are written out take more room.
    let glyphs = scene.state.ability.glyphs
    for part in parts.map({ $0.spelled(for: glyphs) }) where line.width + 2 + part.width <= width {
      line += "  " + part
    }
    return line
  }

  /// `1 dead 2 saturated`, nil when no unit is either.
  var sickness: StyledText? {
    guard let health = scene.health(layer) else { return nil }
    var parts: [StyledText] = []
    if !health.dead.isEmpty { parts.append(.bad("x \(health.dead.count) dead")) }
    if !health.saturated.isEmpty {
      parts.append(.warning("s \(health.saturated.count) saturated"))
    }
    return parts.isEmpty ? nil : .joined(parts, separator: " ")
  }

  /// How many units, or the shape of the kernel; the activation.
  private var what: String {
    let shape = layer.tensor.shape
    let activation = scene.activation(layer)
    let after = activation.isEmpty ? "" : " " + activation
    if layer.quantity.isOfKernel { return shape.tuple }
    if scene.isPlane { return "\(shape[0])\(after)" }
    switch shape.rank {
    case 4: return "\(Words.count(shape[3], "map")) \(shape[1])×\(shape[2])\(after)"
    case 3: return "\(Words.count(shape[2], "unit")), \(Words.count(shape[1], "step"))"
    default: return "\(shape.last)\(after)"
    }
  }

  /// `±0.98`, `0 to 5.2`.
  private var range: String {
    let number = NumberFormat.compact(scale.high, digits: 3)
    return (scale.ramp == .diverging ? "±" : "0 to ")
      + number + String(repeating: " ", count: max(0, 5 - number.count))
  }

  /// Four digits at most in a place of its own.
  static func number(_ value: Float, _ width: Int) -> String {
    let text = NumberFormat.compact(value, digits: width - 2)
    return text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// A unit in words: `unit 3 of dense: mean 0.12 σ 0.45, 62 % zeros`.
struct UnitWords {
  let scene: LayerScene
  let layer: LayerPicture
  let unit: Int

  init(_ scene: LayerScene, _ layer: LayerPicture, _ unit: Int) {
    self.scene = scene
    self.layer = layer
    self.unit = unit
  }

  func text(width: Int) -> StyledText {
    let facts = NumberFacts(scene.numbers(layer, unit: unit))
    var line =
      StyledText.accent(scene.name(ofUnit: unit, layer)) + .secondary(" of \(layer.name)")
    var parts: [StyledText] = []
    if let sickness = scene.sickness(layer, unit: unit) {
      let sign = LayerScene.sign(sickness)
      parts.append(
        StyledText(
          "\(Character(sign.scalar)) \(sickness == .dead ? "dead" : "saturated")", sign.ink))
    }
    parts.append(.secondary("mean ") + .text(LayerHead.number(facts.mean, 5)))
    parts.append(.secondary("σ ") + .text(LayerHead.number(facts.deviation, 4)))
    if facts.zeroShare > 0 {
      parts.append(
        .text(NumberFormat.percent(Double(facts.zeroShare), decimals: 0)) + .secondary(" zeros"))
    }
    parts.append(
      .text(NumberFormat.compact(facts.least, digits: 3)) + .secondary(" to ")
        + .text(NumberFormat.compact(facts.most, digits: 3)))
    let glyphs = scene.state.ability.glyphs
    for part in parts.map({ $0.spelled(for: glyphs) }) where line.width + 2 + part.width <= width {
      line += "  " + part
    }
    return line
  }
}
