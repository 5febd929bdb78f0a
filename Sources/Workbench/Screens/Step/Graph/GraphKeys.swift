import Autodiff
import Tensors
import TerminalGraphics
import Training

/// Moving along the edges of the graph of one example.
enum GraphKeys {
  static let toggle = Binding(
    [KeyStroke("g")], "graph of the example", hint: "graph",
    help: "how the example under the lens goes through the step: every array from input to loss",
    whyNot: { $0.lab.moment?.plan.target == nil ? "this plan judges no example" : nil }
  ) { state in
    state.step.view == .graph ? close(&state) : open(&state)
  }

  static let inGraph: [Binding] = [
    Binding(
      [KeyStroke(.enter)], "go there", hint: "go there",
      help: "go to the instruction that makes the chosen number",
      whyNot: { state in
        target(state) == nil ? "this comes with the batch: no instruction makes it" : nil
      }
    ) { go(&$0) }
  ]

  private static func open(_ state: inout AppState) -> [Effect] {
    state.step.view = .graph
    state.focus[.step] = "graph"
    state.step.interest.showsGraph = true
    state.step.interest.graphPlace = start(state)
    // One follows one example through the step, whatever number is the largest of a line.
    if state.step.interest.example == nil {
      state.step.interest.example = state.lab.moment?.lens?.place
      state.step.holdsExample = true
    }
    return [.lab(.look(state.interest))]
  }

  static func close(_ state: inout AppState) -> [Effect] {
    state.step.view = .line
    state.focus[.step] = nil
    state.step.interest.showsGraph = false
    if state.step.holdsExample { state.step.interest.example = nil }
    state.step.holdsExample = false
    return [.lab(.look(state.interest))]
  }

  /// The number that one looks at, when it is one of the example's; else the first of what the
  /// instruction makes.
  private static func start(_ state: AppState) -> GraphPlace? {
    guard let moment = state.lab.moment else { return nil }
    let sources = Dictionary(
      moment.plan.gradients.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for result in moment.results {
      let value = sources[result.value] ?? result.value
      guard [.activation, .loss].contains(moment.plan[value].role) else { continue }
      let width = max(1, value.shape.count / max(1, moment.plan.batchSize))
      let isChosen = result.value == moment.results[moment.result].value
      let unit =
        value.shape.count == 1
        ? 0
        : isChosen ? moment.cell % width : strongest(result.tensor, width, moment.lens?.place ?? 0)
      return GraphPlace(
        value: value.id, isGradient: sources[result.value] != nil, unit: unit)
    }
    return nil
  }

  /// The number of the largest size in an example's row.
  private static func strongest(_ tensor: Tensor, _ width: Int, _ example: Int) -> Int {
    let start = example * width
    guard tensor.count >= start + width else { return 0 }
    return (0..<width).max {
      abs(tensor.scalars[start + $0]) < abs(tensor.scalars[start + $1])
    } ?? 0
  }

  /// Where one is in the graph: what was chosen, else its first array.
  static func place(_ graph: ExampleGraph, _ state: AppState) -> GraphPlace {
    if let place = state.step.interest.graphPlace, let index = graph.node(of: place.value),
      place.unit < graph.nodes[index].shape.count
    {
      return place
    }
    guard let first = graph.nodes.first else { return GraphPlace(value: 0) }
    return GraphPlace(value: first.value.id, unit: GraphColumns.strongest(first))
  }

  private static func target(_ state: AppState) -> (result: Int, cell: Int, done: Int)? {
    guard let moment = state.lab.moment, let graph = moment.graph else { return nil }
    let place = place(graph, state)
    guard let index = graph.node(of: place.value),
      let maker = place.isGradient
        ? graph.nodes[index].gradientInstruction : graph.nodes[index].instruction,
      let cell = graph.cell(of: place, in: moment.plan),
      let result = moment.plan.instructions[maker].results.firstIndex(where: {
        $0.value == cell.value
      })
    else { return nil }
    return (result, cell.offset, maker + 1)
  }

  private static func go(_ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment, let target = target(state) else { return [] }
    state.step.interest.example = moment.graph?.example
    return StepBindings.go(
      target.done, step: moment.step, choosing: (target.result, target.cell), &state)
  }

  // MARK: Arrows

  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    guard let graph = state.lab.moment?.graph, !graph.nodes.isEmpty,
      let area = state.panels.first(where: { $0.id == "graph" })?.area
    else { return nil }
    var place = place(graph, state)
    let here = graph.node(of: place.value) ?? 0
    switch stroke.key {
    case .left: place = place.isGradient ? back(from: place, graph) : source(of: place, graph)
    case .right: place = place.isGradient ? source(of: place, graph) : use(of: place, graph)
    case .up, .character("k"): place = next(place, by: -1, graph, area)
    case .down, .character("j"): place = next(place, by: 1, graph, area)
    case .pageUp: place = column(here - 1, place, graph)
    case .pageDown: place = column(here + 1, place, graph)
    case .home: place = column(0, place, graph)
    case .end: place = column(graph.nodes.count - 1, place, graph)
    default: return nil
    }
    state.step.interest.graphPlace = place
    return [.lab(.look(state.interest))]
  }

  private static func column(
    _ index: Int, _ place: GraphPlace, _ graph: ExampleGraph
  ) -> GraphPlace {
    let index = max(0, min(index, graph.nodes.count - 1))
    let node = graph.nodes[index]
    return GraphPlace(
      value: node.value.id, isGradient: place.isGradient && node.gradientInstruction != nil,
      unit: GraphColumns.strongest(node))
  }

  /// Where the largest part of a number comes from.
  private static func source(of place: GraphPlace, _ graph: ExampleGraph) -> GraphPlace {
    guard let index = graph.node(of: place.value) else { return place }
    if let focus = graph.focus, focus.place == place,
      let edge = focus.edges.first(where: {
        $0.place.isGradient == place.isGradient && $0.place.value != place.value
      })
    {
      return edge.place
    }
    let next =
      place.isGradient
      ? graph.nodes.firstIndex { $0.inputs.contains(index) } : graph.nodes[index].inputs.first
    return next.map { sameUnit($0, place, graph) } ?? place
  }

  /// Where a number goes on to.
  private static func use(of place: GraphPlace, _ graph: ExampleGraph) -> GraphPlace {
    guard let index = graph.node(of: place.value),
      let next = graph.nodes.firstIndex(where: { $0.inputs.contains(index) })
    else { return place }
    return sameUnit(next, place, graph)
  }

  /// Where a gradient is passed on to.
  private static func back(from place: GraphPlace, _ graph: ExampleGraph) -> GraphPlace {
    guard let index = graph.node(of: place.value),
      let next = graph.nodes[index].inputs.first(where: {
        graph.nodes[$0].gradientInstruction != nil
      })
    else { return place }
    return sameUnit(next, place, graph)
  }

  /// The same unit of an array of as many, else its strongest.
  private static func sameUnit(
    _ index: Int, _ place: GraphPlace, _ graph: ExampleGraph
  ) -> GraphPlace {
    let node = graph.nodes[index]
    let from = graph.node(of: place.value).map { graph.nodes[$0].shape.count }
    return GraphPlace(
      value: node.value.id, isGradient: place.isGradient && node.gradientInstruction != nil,
      unit: from == node.shape.count ? place.unit : GraphColumns.strongest(node))
  }

  /// The next unit down or up; below the last stands the first gradient.
  private static func next(
    _ place: GraphPlace, by step: Int, _ graph: ExampleGraph, _ area: Rect
  ) -> GraphPlace {
    guard let index = graph.node(of: place.value) else { return place }
    let columns = GraphColumns(graph, place, in: GraphPanel.numbers(area))
    let units = columns.units(of: index)
    guard let row = units.firstIndex(of: place.unit) else { return place }
    var place = place
    let next = row + step
    if units.indices.contains(next) {
      place.unit = units[next]
    } else if step > 0, !place.isGradient, graph.nodes[index].gradientInstruction != nil {
      place.isGradient = true
      place.unit = units.first ?? 0
    } else if step < 0, place.isGradient {
      place.isGradient = false
      place.unit = units.last ?? 0
    }
    return place
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment, let graph = moment.graph,
      let place = GraphPanel(state, moment, graph, area).place(at: point)
    else { return [] }
    state.step.interest.graphPlace = place
    return [.lab(.look(state.interest))]
  }
}
