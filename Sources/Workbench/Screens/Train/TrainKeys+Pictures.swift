import NeuralNets
import TerminalGraphics
import Training

// What can be done with the pictures of layers and examples.

extension TrainKeys {
  static func pictures(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke("v")], "view", hint: isHere(state) ? "" : "view",
        help: "the next thing that the pictures of layers show: activation, weights, gradient …"
      ) { look(by: 1, &$0) },
      Binding(
        [KeyStroke("V")], "view before", help: "the thing before, that the pictures of layers show"
      ) { look(by: -1, &$0) },
      Binding(
        [KeyStroke("L")], "layers show", help: "choose by name what the pictures of layers show",
        perform: chooseLook),
      Binding(
        [KeyStroke("h")], "histogram",
        hint: state.focusedPanel == TrainPart.layers.rawValue ? "histogram" : "",
        help: "the numbers of each layer as a histogram, or as pictures again"
      ) { state in
        state.train.layers.asHistogram.toggle()
        state.train.layers.isOpen = false
        state.focus[.train] = TrainPart.layers.rawValue
        return []
      },
      Binding(
        [KeyStroke("x")], "find the dead unit",
        help: "go to the first dead or saturated unit, and on to the next",
        whyNot: whyNoSickUnit, perform: nextSickUnit),
      Binding(
        [KeyStroke("P")], "probe", help: "show the layers on the next example of each class"
      ) { state in
        state.train.probe += 1
        return [.lab(.look(state.interest))]
      },
    ]
  }

  private static func look(by places: Int, _ state: inout AppState) -> [Effect] {
    let looks = looks(state)
    let here = looks.firstIndex(of: state.train.layers.look) ?? 0
    let next = looks[((here + places) % looks.count + looks.count) % looks.count]
    return show(next, &state)
  }

  /// A network over the plane can be drawn whole.
  private static func looks(_ state: AppState) -> [LayersLook] {
    LayersLook.allCases.filter {
      $0 != .network || state.lab.pictures?.plane != nil || state.lab.pictures == nil
    }
  }

  static func show(_ look: LayersLook, _ state: inout AppState) -> [Effect] {
    state.train.layers.look = look
    state.train.layers.isOpen = false
    return [.lab(.look(state.interest))]
  }

  @Sendable private static func chooseLook(_ state: inout AppState) -> [Effect] {
    let looks = looks(state)
    state.overlay = .menu(
      Menu(
        "The pictures of layers show", looks.map { ($0.words, $0.help) },
        selected: looks.firstIndex(of: state.train.layers.look) ?? 0
      ) { index, state in
        state.focus[.train] = TrainPart.layers.rawValue
        return show(looks[index], &state)
      })
    return []
  }

  // MARK: Dead units

  @Sendable private static func whyNoSickUnit(_ state: AppState) -> String? {
    guard let health = state.lab.pictures?.health else {
      return state.whyNoRun
    }
    guard !health.isEmpty else { return "the network has no hidden layer with an activation" }
    let units = health.reduce(0) { $0 + $1.unitCount }
    return state.sickUnits.isEmpty
      ? "none of the \(units) hidden units is dead or saturated on "
        + "\(health[0].exampleCount) "
        + "\(state.lab.settings?.data.validation == nil ? "training" : "unseen") examples" : nil
  }

  @Sendable private static func nextSickUnit(_ state: inout AppState) -> [Effect] {
    let sick = state.sickUnits
    let scene = LayerScene(state)
    let here = sick.firstIndex {
      $0.layer == scene.layer?.name && $0.unit == scene.chosenUnit
        && state.focusedPanel == TrainPart.layers.rawValue
    }
    let next = sick[((here ?? -1) + 1) % sick.count]
    state.focus[.train] = TrainPart.layers.rawValue
    let effects = scene.look == .activation ? [] : show(.activation, &state)
    state.train.layers.asHistogram = false
    if let layer = LayerScene(state).layers.firstIndex(where: { $0.name == next.layer }) {
      state.train.layers.layer = layer
    }
    state.train.layers.unit = next.unit
    let count = state.lab.pictures?.health.first?.exampleCount ?? 0
    let isHeldBack = state.lab.settings?.data.validation != nil
    let examples = "\(NumberFormat.integer(count)) \(isHeldBack ? "unseen" : "training") examples"
    let unit = "\(next.layer), unit \(next.unit) is"
    state.say(
      next.state == .dead
        ? "\(unit) dead: 0 for all \(examples) looked at; i: what that is, and what helps"
        : "\(unit) saturated: at an end of its activation for 95 % of \(examples); i: what helps",
      .news)
    return effects
  }

  // MARK: Enter

  /// What Enter and other keys mean in the focused panel.
  static func focused(_ state: AppState) -> [Binding] {
    switch TrainPart(rawValue: state.focusedPanel) {
    case .layers: layerKeys(state)
    case .confusion: confusionKeys
    case .worst: galleryKeys
    case .loss, .accuracy, .rates: crosshair
    default: []
    }
  }

  private static func layerKeys(_ state: AppState) -> [Binding] {
    let isOpen = state.train.layers.isOpen
    let isWeight = state.train.layers.look == .weights
    let enter =
      isOpen
      ? (isWeight
        ? Binding(
          [KeyStroke(.enter)], "type a weight", hint: "type",
          help: "give the chosen weight another value, at once", perform: WeightField.open)
        : Binding(
          [KeyStroke(.enter)], "all units", hint: "all units", shortHint: "back",
          help: "back to all units"
        ) {
          $0.train.layers.isOpen = false
          return []
        })
      : Binding(
        [KeyStroke(.enter)], "this unit", hint: "this unit", shortHint: "unit",
        help: "the chosen unit large, with its numbers",
        whyNot: {
          LayerScene($0).layer == nil ? "there is no picture to choose a unit of" : nil
        }
      ) {
        $0.train.layers.isOpen = true
        $0.train.layers.number = 0
        $0.train.layers.asHistogram = false
        return []
      }
    guard isOpen else { return [enter] }
    return [
      enter,
      Binding(
        [KeyStroke(.escape)], "close the unit", hint: isWeight ? "all units" : "",
        shortHint: "back",
        help: "back to all units"
      ) {
        $0.train.layers.isOpen = false
        return []
      },
    ]
  }

  private static var confusionKeys: [Binding] {
    [
      Binding(
        [KeyStroke(.enter)], "these examples", hint: "these examples", shortHint: "show",
        help: "show the examples of the chosen cell: what they are, what was said",
        perform: ConfusionPanel.filter),
      Binding(
        [KeyStroke("%")], "percent", hint: "percent",
        help: "counts, or how many of a hundred of each class",
        perform: ConfusionPanel.togglePercent),
    ]
  }

  private static var galleryKeys: [Binding] {
    [
      Binding(
        [KeyStroke(.enter)], "this example", hint: "this example", shortHint: "open",
        help: "open the chosen example: what the run says of it, and why",
        perform: WorstPanel.open),
      Binding(
        [KeyStroke("o")], "order of examples", hint: "order",
        help: "worst first, best first, mixed, or by class", perform: WorstPanel.nextOrder),
      Binding(
        [KeyStroke(.backspace)], "all examples", help: "show all examples again",
        whyNot: { $0.train.gallery.cell == nil ? "all examples are shown" : nil }
      ) { state in
        state.train.gallery = GalleryView(order: state.train.gallery.order)
        return []
      },
    ]
  }
}
