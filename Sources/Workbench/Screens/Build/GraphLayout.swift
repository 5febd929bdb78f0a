import NeuralNets

/// Where the inputs and calls of a network stand: columns by their depth, lanes beside each other,
/// so that a way goes straight as long as it can.
struct GraphLayout: Hashable, Sendable {
  enum Node: Hashable, Sendable {
    case input(Int)
    case call(Int)

    init?(_ source: Wiring.Source) {
      switch source {
      case .input(let i): self = .input(i)
      case .call(let i, _): self = .call(i)
      case .weight, .constant: return nil
      }
    }
  }

  struct Place: Hashable, Sendable {
    let column: Int
    let lane: Int
  }

  /// One line of the picture: from a node to one that takes its numbers, with the lane in every
  /// column from the one to the other.
  struct Edge: Hashable, Sendable {
    let from: Node
    let to: Node
    fileprivate(set) var lanes: [Int]
  }

  private(set) var places: [Node: Place] = [:]
  private(set) var edges: [Edge] = []
  private(set) var columnCount = 0
  private(set) var laneCount = 0

  init(_ wiring: Wiring) {
    var depths: [Node: Int] = [:]
    for i in wiring.inputs.indices { depths[.input(i)] = 0 }
    var taken: [Node: [Node]] = [:]
    for (i, call) in wiring.calls.enumerated() {
      let sources = call.inputs.compactMap { Node($0) }
      depths[.call(i)] = 1 + (sources.compactMap { depths[$0] }.max() ?? -1)
      taken[.call(i)] = sources
    }
    columnCount = (depths.values.max() ?? 0) + 1
    for i in wiring.calls.indices {
      var seen: Set<Node> = []
      for source in taken[.call(i)] ?? [] where seen.insert(source).inserted {
        edges.append(Edge(from: source, to: .call(i), lanes: []))
      }
    }
    place(wiring, depths)
  }

  /// What stands in a column: a node, or a line that passes through.
  private struct Slot {
    let node: Node?
    let edge: Int?
    let wanted: Int
  }

  private mutating func place(_ wiring: Wiring, _ depths: [Node: Int]) {
    let all = wiring.inputs.indices.map { Node.input($0) } + wiring.calls.indices.map { .call($0) }
    for column in 0..<columnCount {
      var slots: [Slot] = []
      for node in all where depths[node] == column {
        let lanes = edges.indices.filter { edges[$0].to == node }.compactMap {
          edges[$0].lanes.last ?? places[edges[$0].from]?.lane
        }
        slots.append(Slot(node: node, edge: nil, wanted: lanes.min() ?? 0))
      }
      for i in edges.indices {
        guard let start = depths[edges[i].from], let end = depths[edges[i].to],
          start < column, column < end
        else { continue }
        let lane = edges[i].lanes.last ?? places[edges[i].from]?.lane ?? 0
        slots.append(Slot(node: nil, edge: i, wanted: lane))
      }
      assign(slots, column)
    }
    laneCount = (places.values.map(\.lane) + edges.flatMap(\.lanes)).reduce(0) { max($0, $1 + 1) }
  }

  /// Nodes get the lane they want before lines that only pass; nobody shares one.
  private mutating func assign(_ slots: [Slot], _ column: Int) {
    var next = 0
    let sorted = slots.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      if x.wanted != y.wanted { return x.wanted < y.wanted }
      if (x.node == nil) != (y.node == nil) { return x.node != nil }
      return a.offset < b.offset
    }
    for (_, slot) in sorted {
      let lane = max(slot.wanted, next)
      next = lane + 1
      if let node = slot.node { places[node] = Place(column: column, lane: lane) }
      if let edge = slot.edge { edges[edge].lanes.append(lane) }
    }
  }

  /// The nodes of a column from the top.
  func nodes(inColumn column: Int) -> [Node] {
    places.filter { $0.value.column == column }.sorted { $0.value.lane < $1.value.lane }
      .map(\.key)
  }

  /// Where an arrow leads from a node: along a line to the next column, or to the neighbor above
  /// or below.
  func neighbor(of node: Node, _ direction: (columns: Int, lanes: Int)) -> Node? {
    guard let place = places[node] else { return nil }
    if direction.columns != 0 {
      let linked =
        direction.columns > 0
        ? edges.filter { $0.from == node }.map(\.to) : edges.filter { $0.to == node }.map(\.from)
      return linked.min { a, b in
        distance(a, place) < distance(b, place)
      }
    }
    let column = nodes(inColumn: place.column)
    guard let here = column.firstIndex(of: node) else { return nil }
    let next = here + direction.lanes
    return column.indices.contains(next) ? column[next] : nil
  }

  private func distance(_ node: Node, _ from: Place) -> Int {
    guard let place = places[node] else { return .max }
    return abs(place.lane - from.lane) * 64 + abs(place.column - from.column)
  }

  /// Calls in an order in which each branch stands by itself, with how far it is indented.
  func rows(_ wiring: Wiring) -> [(call: Int, indent: Int)] {
    var rows: [(call: Int, indent: Int)] = []
    var done: Set<Int> = []
    var stack: [Int] = []
    func isReady(_ call: Int) -> Bool {
      wiring.calls[call].inputs.allSatisfy { $0.call.map(done.contains) ?? true }
    }
    func lane(_ call: Int) -> Int { places[.call(call)]?.lane ?? 0 }
    func push(_ calls: [Int]) {
      stack += calls.sorted { lane($0) > lane($1) }
    }
    push(wiring.calls.indices.filter { i in wiring.calls[i].inputs.allSatisfy { $0.call == nil } })
    while let call = stack.popLast() {
      guard !done.contains(call), isReady(call) else { continue }
      done.insert(call)
      rows.append((call, lane(call)))
      push(
        wiring.calls.indices.filter { next in
          !done.contains(next) && wiring.calls[next].inputs.contains { $0.call == call }
        })
    }
    return rows
  }
}
