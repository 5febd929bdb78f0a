import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What the pictures of layers show.
package enum LayersLook: CaseIterable, Hashable, Sendable {
  case activation, weights, gradient, state, secondState, update, network

  /// As the panel and the menu name it.
  var words: String {
    switch self {
    case .activation: "activation"
    case .weights: "weights"
    case .gradient: "gradient"
    case .state: "optimizer state 1"
    case .secondState: "optimizer state 2"
    case .update: "update"
    case .network: "network"
    }
  }

  /// A line that says what it is.
  var help: String {
    switch self {
    case .activation: "what each unit gives, on probe examples or over the plane"
    case .weights: "the kernel of each layer"
    case .gradient: "∂L/∂W of each kernel, in the last step"
    case .state: "the first thing the optimizer remembers of each weight: m of Adam"
    case .secondState: "the second: √v of Adam"
    case .update: "what the last step added to each weight"
    case .network: "units as small maps, weights as lines; z makes it large"
    }
  }

  package var quantity: LayerPicture.Quantity {
    switch self {
    case .activation: .activation
    case .weights, .network: .weights
    case .gradient: .gradient
    case .state: .state
    case .secondState: .secondState
    case .update: .update
    }
  }
}

/// Which layers and which unit are looked at, and how.
package struct LayersView: Hashable, Sendable {
  package var look = LayersLook.activation
  /// The chosen layer among those with pictures, nil before one is chosen; and its chosen unit: the
  /// last axis of its kernel.
  package var layer: Int?
  package var unit = 0
  /// The chosen number of the unit, where it is shown large.
  var number = 0
  /// Whether the chosen unit is shown large, with numbers.
  var isOpen = false
  var asHistogram = false

  mutating func startAgain() { (layer, unit, number, isOpen) = (nil, 0, 0, false) }
}

/// The pictures of layers that a panel shows, and what is chosen of them.
struct LayerScene {
  let state: AppState
  let layers: [LayerPicture]
  /// Whether units lie over the plane: [units, height, width].
  let isPlane: Bool

  init(_ state: AppState) {
    self.state = state
    let pictures = state.lab.pictures
    isPlane =
      [.activation, .network].contains(state.train.layers.look) && pictures?.plane != nil
    layers = (isPlane ? pictures?.plane?.units : pictures?.layers) ?? []
  }

  /// What is shown: of a network that was looked at whole its weights, where the data has no plane to
  /// show its units over.
  var look: LayersLook {
    let chosen = state.train.layers.look
    let look = chosen == .network && !isPlane ? .weights : chosen
    // What was chosen comes with the next news: until then it is called what is there.
    guard !isPlane, let shown = layers.first?.quantity, shown != look.quantity else { return look }
    return LayersLook.allCases.first { $0.quantity == shown } ?? look
  }

  /// The place of the chosen layer; before one is chosen the first that learns, as scaled inputs are
  /// what the data shows anyway.
  var chosenLayer: Int { max(0, min(state.train.layers.layer ?? firstLearning, layers.count - 1)) }

  private var firstLearning: Int {
    guard let network = state.lab.network else { return 0 }
    return layers.firstIndex { picture in
      network.layers.contains { layer in
        layer.name == picture.name && layer.weights.contains { $0.isTrainable }
      }
    } ?? 0
  }

  var layer: LayerPicture? {
    layers.indices.contains(chosenLayer) ? layers[chosenLayer] : nil
  }

  /// The chosen unit of the chosen layer.
  var chosenUnit: Int {
    layer.map { max(0, min(state.train.layers.unit, unitCount($0) - 1)) } ?? 0
  }

  func unitCount(_ layer: LayerPicture) -> Int {
    let shape = layer.tensor.shape
    return isPlane && layer.quantity == .activation ? shape[0] : max(1, shape.last)
  }

  /// The numbers of a unit: over the plane, or at its place of the last axis.
  func numbers(_ layer: LayerPicture, unit: Int) -> [Float] {
    let count = unitCount(layer)
    let numbers = layer.tensor.scalars
    if isPlane && layer.quantity == .activation {
      let size = numbers.count / max(count, 1)
      return Array(numbers[unit * size..<(unit + 1) * size])
    }
    return stride(from: unit, to: numbers.count, by: count).map { numbers[$0] }
  }

  func health(_ layer: LayerPicture) -> UnitHealth? {
    state.lab.pictures?.health.first { $0.name == layer.name }
  }

  /// Whether a unit is dead or saturated.
  func sickness(_ layer: LayerPicture, unit: Int) -> UnitHealth.State? {
    healthOfColumns(layer)?.state(of: unit)
  }

  /// The health of the units that a picture has a column for each; a kernel with other columns than
  /// units says nothing.
  private func healthOfColumns(_ layer: LayerPicture) -> UnitHealth? {
    health(layer).flatMap { $0.unitCount == unitCount(layer) ? $0 : nil }
  }

  /// All units of a layer that are dead or saturated.
  func sickUnits(_ layer: LayerPicture) -> [Int: UnitHealth.State] {
    guard let health = healthOfColumns(layer) else { return [:] }
    return Dictionary(
      health.dead.map { ($0, .dead) } + health.saturated.map { ($0, .saturated) }
    ) { first, _ in first }
  }

  /// What the last axis of a picture counts: units, maps, filters, or the gates of a recurrent layer.
  func gate(_ layer: LayerPicture, column: Int) -> String? {
    let gates = LayerCatalog.gates(of: layer.kind)
    guard layer.quantity.isOfKernel, !gates.isEmpty else { return nil }
    let units = layer.tensor.shape.last / gates.count
    guard units > 0 else { return nil }
    return gates[min(gates.count - 1, column / units)]
  }

  /// `unit 3`, `map 2`, `gate f, unit 1`.
  func name(ofUnit unit: Int, _ layer: LayerPicture) -> String {
    if let gate = gate(layer, column: unit) {
      return "gate \(gate), unit "
        + "\(unit % max(1, layer.tensor.shape.last / LayerCatalog.gates(of: layer.kind).count))"
    }
    return layer.tensor.shape.rank == 4 ? "map \(unit)" : "unit \(unit)"
  }

  /// The sign of a unit's sickness, drawn on its picture.
  static func sign(_ sickness: UnitHealth.State) -> (scalar: Unicode.Scalar, ink: Ink) {
    sickness == .dead ? ("x", .bad) : ("s", .warning)
  }

  /// The activation of a layer, where it has one that is not linear.
  func activation(_ layer: LayerPicture) -> String {
    guard layer.quantity == .activation else { return "" }
    return LayersPanel.activation(layer, state)
  }
}

extension AppState {
  /// All dead and saturated units of the run: their layer and their number.
  var sickUnits: [(layer: String, unit: Int, state: UnitHealth.State)] {
    (lab.pictures?.health ?? []).flatMap { health in
      (health.dead.map { (health.name, $0, UnitHealth.State.dead) }
        + health.saturated.map { (health.name, $0, UnitHealth.State.saturated) })
        .sorted { $0.1 < $1.1 }
    }
  }
}
