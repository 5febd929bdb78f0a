import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Opening a view, moving in it, and going from one to the next.
enum CloseUpKeys {
  /// Every view that a network has, layer by layer.
  static func offers(_ network: Network?) -> [CloseUpInterest] {
    guard let network else { return [] }
    let layers = network.layers.compactMap { layer in
      CloseUp.ofLayer(kind: layer.kind).map { kind in
        var interest = CloseUpInterest(kind, layer: layer.name)
        interest.seeksLargest = kind == .kernel
        return interest
      }
    }
    return layers + (CloseUp.whyNoOutputs(network) == nil ? [CloseUpInterest(.outputs)] : [])
      + [CloseUpInterest(.walk)]
  }

  /// Those that the screen at hand has: an example goes forward alone on Train, on Step with its batch.
  private static func offers(_ state: AppState) -> [CloseUpInterest] {
    offers(state.lab.network).filter { state.screen == .train || $0.kind != .walk }
  }

  // MARK: Opening

  /// The layer under the cursor: the chosen one of Train, on Step that of the line just done.
  private static func layer(_ state: AppState) -> (name: String, kind: String)? {
    let name: String?
    if state.screen == .step {
      let moment = state.lab.moment
      name = moment?.instruction.flatMap { moment?.plan.instructions[$0].layer }
    } else {
      name = LayerScene(state).layer?.name
    }
    return state.lab.network?.layers.first { $0.name == name }.map { ($0.name, $0.kind) }
  }

  @Sendable static func whyNotInside(_ state: AppState) -> String? {
    guard let network = state.lab.network else { return state.whyNoRun }
    guard let layer = layer(state) else {
      return state.screen == .step
        ? "this line belongs to no layer" : "there is no picture to choose a layer of"
    }
    guard nearest(to: layer.name, in: network) == nil else { return nil }
    let kinds = ViewCatalog.all.filter { $0.kind.isOfLayer }.map { $0.fits }
      .joined(separator: ", ")
    return "\(layer.name), a \(layer.kind), has no view: there are some for \(kinds)"
  }

  /// The view of a layer, else of the next one that has any, else of the last before it.
  private static func nearest(to name: String, in network: Network) -> CloseUpInterest? {
    let views = offers(network).filter { !$0.layer.isEmpty }
    let order = network.layers.map(\.name)
    guard let place = order.firstIndex(of: name) else { return views.first }
    return views.first { (order.firstIndex(of: $0.layer) ?? 0) >= place } ?? views.last
  }

  @Sendable static func whyNoOutputs(_ state: AppState) -> String? {
    guard let network = state.lab.network else { return state.whyNoRun }
    return CloseUp.whyNoOutputs(network)
  }

  /// The keys that open a view, on Train and on Step.
  static func opening(_ state: AppState, hint: Bool) -> [Binding] {
    let inside = Binding(
      [KeyStroke("I")], "look inside", hint: hint ? "inside" : "",
      help: "the chosen layer closely: its kernel sliding, who looks where, gates over time, words",
      whyNot: whyNotInside
    ) { state in
      guard let layer = layer(state), let network = state.lab.network,
        let view = nearest(to: layer.name, in: network)
      else { return [] }
      if view.layer != layer.name {
        state.say("\(layer.name), a \(layer.kind), has no view of its own: this is \(view.layer)")
      }
      return open(view, &state)
    }
    guard state.screen == .train else { return [inside] }
    return [
      inside, walk,
      Binding(
        [KeyStroke("O")], "outputs beside inputs",
        help: "what comes out beside what went in: reconstructions, masks, sequences",
        whyNot: whyNoOutputs
      ) { open(CloseUpInterest(.outputs), &$0) },
    ]
  }

  /// One example through all layers: the chosen one of the gallery.
  private static let walk = Binding(
    [KeyStroke("W")], "layer by layer, worst example",
    help: "the worst, or the one chosen in the gallery, layer by layer: where does it go wrong?",
    whyNot: { $0.lab.network == nil ? $0.whyNoRun : nil }
  ) { open(CloseUpInterest(.walk), &$0) }

  /// - Parameter example: its row among the unseen (else the training) examples; nil: the one chosen in
  ///   the gallery where that was looked at, else a probe.
  static func open(
    _ interest: CloseUpInterest, example: Int? = nil, _ state: inout AppState
  ) -> [Effect] {
    var interest = interest
    let isFromGallery =
      state.screen == .train && state.openCloseUp == nil
      && state.focusedPanel == TrainPart.worst.rawValue
    if let example {
      interest.example = example
    } else if let old = state.openCloseUp?.interest {
      interest.example = old.example
    } else if state.screen == .train {
      // Of a walk one asks where it goes wrong.
      let chosen = isFromGallery || interest.kind == .walk ? WorstPanel.chosen(state)?.row : nil
      interest.example = chosen ?? state.lab.pictures?.probeRows.first ?? 0
    }
    interest.isOfStep = state.screen == .step
    let old = state.openCloseUp
    var open = CloseUpState(screen: state.screen, interest: interest)
    open.origin = isFromGallery ? TrainPart.worst.rawValue : old?.origin
    // The walk itself is no place within the walk.
    open.back = interest.kind == .walk ? nil : old?.back
    let isOfGallery = isFromGallery || example != nil || interest.kind == .walk
    open.gallery = old?.gallery ?? (isOfGallery ? gallery(holding: interest.example, state) : nil)
    state.closeUp = open
    state.lab.closeUp = nil
    // What was said of another view would lie over this one; what this key says is of this one.
    state.messages.turnPage()
    state.focus[state.screen] = CloseUpPanel.id
    return [.lab(.look(state.interest))]
  }

  /// The gallery's examples in its order, where the chosen one is looked at.
  private static func gallery(holding row: Int, _ state: AppState) -> CloseUpState.Gallery? {
    guard state.screen == .train, WorstPanel.chosen(state)?.row == row else { return nil }
    return CloseUpState.Gallery(
      rows: WorstPanel.examples(state).map(\.row), order: state.train.gallery.order.words)
  }

  @Sendable static func close(_ state: inout AppState) -> [Effect] {
    if let open = state.openCloseUp, var back = open.back {
      back.example = open.interest.example
      return self.open(back, &state)
    }
    let origin = state.openCloseUp?.origin ?? TrainPart.layers.rawValue
    state.closeUp = nil
    state.focus[state.screen] = state.screen == .train ? origin : nil
    return [.lab(.look(state.interest))]
  }

  /// Keeps the place that was sought: the picture does not jump while the run goes on.
  static func settle(_ state: inout AppState) -> [Effect] {
    guard case .kernel(let kernel)? = state.lab.closeUp, var open = state.openCloseUp,
      open.interest.seeksLargest, open.interest.layer == kernel.layer
    else { return [] }
    (open.interest.row, open.interest.column) = (kernel.row, kernel.column)
    open.interest.seeksLargest = false
    state.closeUp = open
    return [.lab(.look(state.interest))]
  }

  /// Closes the view of a layer that another run has not.
  static func closeLost(_ state: inout AppState) -> [Effect] {
    guard let open = state.closeUp, let network = state.lab.network,
      !offers(network).contains(where: {
        $0.kind == open.interest.kind && $0.layer == open.interest.layer
      })
    else { return [] }
    state.closeUp = nil
    return [.lab(.look(state.interest))]
  }

  // MARK: While one is open

  static func whileOpen(_ state: AppState) -> [Binding] {
    guard let open = state.openCloseUp else { return [] }
    let kind = ViewCatalog.view(open.interest.kind)
    let extent = state.lab.closeUp.flatMap { kind.extent($0) } ?? CloseUpExtent()
    var all = (open.interest.kind == .walk ? stages : []) + examples(state, open)
    if extent.parts > 1, !kind.part.isEmpty {
      all += pair(
        (KeyStroke(.pageDown), KeyStroke(.pageUp)), kind.part, hint: kind.part
      ) { places, interest in
        interest.part = max(0, min(interest.part + places, extent.parts - 1))
      }
    }
    if extent.channels > 1, !kind.channel.isEmpty {
      all += pair(
        (KeyStroke("}"), KeyStroke("{")), kind.channel, hint: "{ " + kind.channel
      ) { places, interest in
        interest.channel = max(0, min(interest.channel + places, extent.channels - 1))
      }
    }
    if open.interest.kind == .walk { all.append(insideStage) }
    let letter =
      switch open.interest.kind {
      case .outputs: "O"
      case .walk: "W"
      default: "I"
      }
    return all + others(state) + [
      Binding(
        [KeyStroke(.escape), KeyStroke(Character(letter))],
        "close the view", hint: open.back == nil ? "close" : "layers",
        help: open.back == nil ? "back to all panels" : "back to the example, layer by layer",
        perform: close)
    ]
  }

  /// From layer to layer, by arrows or as one steps: no step is trained while one is on the way
  /// through the network.
  private static let stages: [Binding] = {
    func binding(
      _ key: KeyStroke, _ name: String, hint: String = "", help: String, _ arrow: Key
    ) -> Binding {
      Binding([key], name, hint: hint, help: help) { press(arrow, &$0) ?? [] }
    }
    return [
      binding(
        KeyStroke(.up), "layer before", help: "the layer before, or what goes in",
        .up),
      binding(KeyStroke(.down), "next layer", help: "the next layer, or what comes out", .down),
      binding(
        KeyStroke("."), "step to the next layer", hint: ", layer",
        help: "the next layer; no step is trained: Space trains, and Esc leads back", .down),
      binding(KeyStroke(","), "step back a layer", help: "the layer before", .up),
    ]
  }()

  /// From a layer that an example is at to the close look at that layer.
  private static var insideStage: Binding {
    @Sendable func view(_ state: AppState) -> CloseUpInterest? {
      guard case .walk(let walk, let place)? = state.lab.closeUp, place < walk.stages.count,
        let open = state.openCloseUp,
        var view = offers(state.lab.network).first(where: { $0.layer == walk.stages[place].name })
      else { return nil }
      // The chosen channel, at the place where it is strongest.
      let stage = walk.stages[place]
      let units = stage.strongest
      if view.kind == .kernel, !units.isEmpty {
        let unit = units[max(0, min(open.interest.column, units.count - 1))]
        view.part = unit.number
        view.seeksLargest = false
        view.row = unit.place.count == 2 ? unit.place[0] : 0
        view.column = unit.place.last ?? 0
      }
      return view
    }
    return Binding(
      [KeyStroke("I")], "look inside", hint: "inside",
      help: "the chosen layer closely, for the same example",
      whyNot: { view($0) == nil ? "this layer has no view of its own" : nil }
    ) { state in
      guard let view = view(state), let walk = state.openCloseUp?.interest else { return [] }
      let effects = open(view, &state)
      state.closeUp?.back = walk
      return effects
    }
  }

  private static func pair(
    _ keys: (KeyStroke, KeyStroke), _ name: String, hint: String,
    whyNot: @escaping @Sendable (AppState) -> String? = { _ in nil },
    _ change: @escaping @Sendable (Int, inout CloseUpInterest) -> Void
  ) -> [Binding] {
    [
      Binding([keys.0], "next \(name)", hint: hint, help: "the next \(name)", whyNot: whyNot) {
        alter(&$0) { change(1, &$0) }
      },
      Binding([keys.1], "\(name) before", help: "the \(name) before", whyNot: whyNot) {
        alter(&$0) { change(-1, &$0) }
      },
    ]
  }

  /// Another example; on Step the screen's own keys turn the lens.
  private static func examples(_ state: AppState, _ open: CloseUpState) -> [Binding] {
    guard !open.interest.isOfStep, open.interest.kind != .embedding,
      let data = state.lab.settings?.data
    else { return [] }
    if let gallery = open.gallery { return examples(of: gallery) }
    let count = (data.validation ?? data.training).count
    return pair(
      (KeyStroke("]"), KeyStroke("[")), "example", hint: "[ example",
      whyNot: { _ in count > 1 ? nil : "there is one example" }
    ) { places, interest in
      interest.example = ((interest.example + places) % count + count) % count
    }
  }

  /// From one to the next as they stand in the gallery, which is then at the one that was looked at.
  private static func examples(of gallery: CloseUpState.Gallery) -> [Binding] {
    @Sendable func turn(_ places: Int, _ state: inout AppState) -> [Effect] {
      guard let open = state.openCloseUp,
        let here = gallery.rows.firstIndex(of: open.interest.example)
      else { return [] }
      let next = (here + places + gallery.rows.count) % gallery.rows.count
      state.train.gallery.chosen = next
      return alter(&state) { $0.example = gallery.rows[next] }
    }
    let whyNot: @Sendable (AppState) -> String? = { _ in
      gallery.rows.count > 1 ? nil : "the gallery has one example"
    }
    return [
      Binding(
        [KeyStroke("]")], "next example", hint: "[ example",
        help: "the next example of the gallery, \(gallery.order)", whyNot: whyNot
      ) { turn(1, &$0) },
      Binding(
        [KeyStroke("[")], "example before",
        help: "the example before in the gallery, \(gallery.order)", whyNot: whyNot
      ) { turn(-1, &$0) },
    ]
  }

  /// Other views of the network: the next one, the one before, by name.
  private static func others(_ state: AppState) -> [Binding] {
    let all = offers(state)
    let whyNot: @Sendable (AppState) -> String? = { _ in
      all.count > 1 ? nil : "the network has no other view"
    }
    @Sendable func turn(_ places: Int, _ state: inout AppState) -> [Effect] {
      let here = all.firstIndex {
        $0.kind == state.openCloseUp?.interest.kind
          && $0.layer == state.openCloseUp?.interest.layer
      }
      let next = ((here ?? 0) + places + all.count) % max(1, all.count)
      return all.indices.contains(next) ? open(all[next], &state) : []
    }
    return [
      Binding(
        [KeyStroke("v")], "next view", hint: "next view", shortHint: "view",
        help: "the view of the next layer that has one", whyNot: whyNot
      ) { turn(1, &$0) },
      Binding([KeyStroke("V")], "view before", help: "the view before", whyNot: whyNot) {
        turn(-1, &$0)
      },
      Binding(
        [KeyStroke("L")], "views", help: "choose a view by name; what has none says why",
        perform: choose),
    ]
  }

  /// All views in a list: those of this network, then those it has not, with the reason.
  @Sendable private static func choose(_ state: inout AppState) -> [Effect] {
    let own = offers(state)
    let missing = ViewCatalog.all.filter { kind in !own.contains { $0.kind == kind.kind } }
    let items =
      own.map { offer -> (String, String) in
        let view = ViewCatalog.view(offer.kind)
        return (offer.layer.isEmpty ? view.name : "\(offer.layer): \(view.name)", view.help)
      } + missing.map { ($0.name, "not here: it takes " + $0.fits) }
    let here = own.firstIndex {
      $0.kind == state.openCloseUp?.interest.kind && $0.layer == state.openCloseUp?.interest.layer
    }
    state.overlay = .menu(
      Menu("Views", items, selected: here ?? 0) { index, state in
        guard own.indices.contains(index) else {
          state.say(
            "this network has no \(items[index].0): it takes "
              + missing[index - own.count].fits, .warning)
          return []
        }
        return open(own[index], &state)
      })
    return []
  }

  /// Changes what is chosen and asks for its numbers.
  private static func alter(
    _ state: inout AppState, _ change: (inout CloseUpInterest) -> Void
  ) -> [Effect] {
    _ = settle(&state)
    guard var open = state.openCloseUp else { return [] }
    change(&open.interest)
    guard open != state.closeUp else { return [] }
    state.closeUp = open
    return [.lab(.look(state.interest))]
  }

  // MARK: Arrows and the mouse

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let moves: [Key] = [
      .up, .down, .left, .right, .home, .end, .character("j"), .character("k"),
    ]
    guard moves.contains(key), let picture = state.lab.closeUp, let open = state.openCloseUp
    else { return nil }
    let kind = ViewCatalog.view(open.interest.kind)
    return alter(&state) { kind.move(key, picture, &$0) }
  }
}
