/// The inputs and layers of a graph in the order in which Keras lists them: by their greatest
/// distance from an output, and among those of one distance by a walk from the outputs that visits
/// what gives a tensor before what it was made of.
package struct WalkOrder: Sendable {
  package enum Entry: Hashable, Sendable {
    case input(Int)
    case layer(Int)
  }

  /// Each input and each layer once.
  package let entries: [Entry]
  /// Whether it goes straight: one input or call at each distance, none of several tensors, no layer
  /// twice.
  package let isStraight: Bool

  private enum Node: Hashable {
    case input(Int)
    case call(Int)
  }

  package init(_ wiring: Wiring) {
    func entry(_ node: Node) -> Entry {
      switch node {
      case .input(let i): .input(i)
      case .call(let i): .layer(wiring.calls[i].layer)
      }
    }
    func nodes(_ sources: [Wiring.Source]) -> [Node] {
      sources.compactMap { source in
        switch source {
        case .input(let i): .input(i)
        case .call(let i, _): .call(i)
        case .weight, .constant: nil
        }
      }
    }
    func parents(_ node: Node) -> [Node] {
      if case .call(let i) = node { return nodes(wiring.calls[i].inputs) }
      return []
    }
    var visits: [Entry: Int] = [:]
    var seen: Set<Node> = []
    var finished: [Node] = []
    var stack: [(node: Node, isLeft: Bool)] = nodes(wiring.outputs).reversed().map { ($0, false) }
    while let (node, isLeft) = stack.popLast() {
      if isLeft {
        finished.append(node)
      } else if seen.insert(node).inserted {
        visits[entry(node)] = visits[entry(node)] ?? visits.count
        stack.append((node, true))
        stack += parents(node).reversed().map { ($0, false) }
      }
    }
    var depths: [Node: Int] = [:]
    var entryDepths: [Entry: Int] = [:]
    for node in finished.reversed() {
      let depth = max(depths[node] ?? 0, entryDepths[entry(node)] ?? 0)
      entryDepths[entry(node)] = depth
      depths[node] = depth
      for parent in parents(node) { depths[parent] = max(depths[parent] ?? 0, depth + 1) }
    }
    for i in wiring.inputs.indices where entryDepths[.input(i)] == nil {
      entryDepths[.input(i)] = 0
      depths[.input(i)] = 0
      visits[.input(i)] = -1
    }
    entries = visits.keys.sorted { a, b in
      let (x, y) = (entryDepths[a] ?? 0, entryDepths[b] ?? 0)
      return x != y ? x > y : (visits[a] ?? 0) < (visits[b] ?? 0)
    }
    isStraight =
      Set(depths.values).count == depths.count && depths.count == entries.count
      && depths.keys.allSatisfy { parents($0).count < 2 }
  }
}
