import Tensors

// Edits of single layers: adding, taking away, doubling, moving.

extension GraphEdits {
  /// A new layer right after a source: all that took the source takes the layer's numbers.
  package func adding(
    _ layer: Component, after source: Wiring.Source
  ) throws(Refusal) -> Outcome {
    try check(source)
    try checkSingle(layer)
    var edit = self
    let new = edit.call(layer, on: [source])
    edit.reroute(source, to: new)
    return edit.finished(new, before: self)
  }

  /// A new layer on the way from one of a call's inputs: only that call takes its numbers.
  package func adding(
    _ layer: Component, before call: Int, input: Int = 0
  ) throws(Refusal) -> Outcome {
    try check(call)
    try checkSingle(layer)
    var inputs = wiring.calls[call].inputs
    guard inputs.indices.contains(input) else {
      throw Refusal("\(name(call)) takes \(inputs.count) arrays")
    }
    var edit = self
    let new = edit.call(layer, on: [inputs[input]])
    inputs[input] = .call(new)
    edit.give(inputs, to: call)
    return edit.finished(new, before: self)
  }

  /// A layer that is there already once more, with the same weights, right after a source.
  package func sharing(_ call: Int, after source: Wiring.Source) throws(Refusal) -> Outcome {
    try check(call)
    try check(source)
    guard wiring.calls[call].inputs.count == 1 else {
      throw Refusal("\(name(call)) takes several arrays: m merges others")
    }
    var edit = self
    let new = edit.call(wiring.calls[call].layer, on: [source])
    edit.reroute(source, to: new)
    return edit.finished(new, before: self)
  }

  /// Without a call; what took its numbers takes what it took, a merge's first array.
  package func removing(_ call: Int) throws(Refusal) -> Outcome {
    try check(call)
    var edit = self
    let taken = edit.wiring.calls[call].inputs.first { source in
      switch source {
      case .input, .call: true
      case .weight, .constant: false
      }
    }
    guard let taken else {
      throw Refusal("\(name(call)) takes no array: nothing could stand in its place")
    }
    edit.replace(call, by: taken)
    return edit.finished(nil, before: self)
  }

  /// The same layer once more, with weights of its own, right after it.
  package func duplicating(_ call: Int) throws(Refusal) -> Outcome {
    try check(call)
    guard wiring.calls[call].inputs.count == 1 else {
      throw Refusal("\(name(call)) takes several arrays: m merges others")
    }
    let copy = layers[wiring.calls[call].layer].renamed(besides: model.layerNames)
    return try adding(copy, after: .call(call))
  }

  /// A layer and the one after it change places.
  package func movingDown(_ call: Int) throws(Refusal) -> Outcome {
    try check(call)
    let takers = takers(of: .call(call))
    guard let next = takers.first else { throw Refusal("\(name(call)) is the last layer") }
    guard takers.count == 1, !ends.contains(where: { $0.source == .call(call) }) else {
      throw Refusal("what \(name(call)) gives goes several ways: r says who takes what")
    }
    return try swapping(call, next, choosing: call)
  }

  /// A layer and the one before it change places.
  package func movingUp(_ call: Int) throws(Refusal) -> Outcome {
    try check(call)
    guard case .call(let before, _)? = wiring.calls[call].inputs.first else {
      throw Refusal("\(name(call)) is the first layer")
    }
    guard takers(of: .call(before)).count == 1,
      !ends.contains(where: { $0.source == .call(before) })
    else {
      throw Refusal("what \(name(before)) gives goes several ways: r says who takes what")
    }
    return try swapping(before, call, choosing: call)
  }

  private func swapping(
    _ first: Int, _ second: Int, choosing chosen: Int
  ) throws(Refusal) -> Outcome {
    for call in [first, second] where wiring.calls[call].inputs.count != 1 {
      throw Refusal("\(name(call)) takes several arrays: no layer can change places with it")
    }
    var edit = self
    edit.give(wiring.calls[first].inputs, to: second)
    edit.reroute(.call(second), to: first)
    edit.give([.call(second)], to: first)
    return edit.finished(chosen, before: self)
  }

  func checkSingle(_ layer: Component) throws(Refusal) {
    if layer.isMerging {
      throw Refusal("\(layer.kind) takes several arrays: m merges what is chosen with others")
    }
  }

  /// What took a call's numbers takes a source; a merge that is left with one array is gone too.
  private mutating func replace(_ call: Int, by source: Wiring.Source) {
    for i in ends.indices {
      if case .call(call, _) = ends[i].source { ends[i].source = source }
    }
    var lone: [Int] = []
    for taker in wiring.calls.indices where taker != call {
      let before = wiring.calls[taker].inputs
      let after = before.map { old in
        if case .call(call, _) = old { source } else { old }
      }
      guard after != before else { continue }
      var seen: Set<Wiring.Source> = []
      let distinct = after.filter { seen.insert($0).inserted }
      if merges(taker), distinct.count < after.count {
        give(distinct, to: taker)
        if distinct.count == 1 { lone.append(taker) }
      } else {
        give(after, to: taker)
      }
    }
    for taker in lone { replace(taker, by: source) }
  }
}

extension Component {
  /// The same under a name that no other layer has.
  func renamed(besides names: [String]) -> Component {
    var copy = self
    copy.countedName = nil
    guard let own = givenName else { return copy }
    guard case .model(var inner) = body else {
      try? copy.arguments.set("name", .none)
      return copy
    }
    // A nested model has a name always.
    let free = (1...).lazy.map { "\(own)_\($0)" }.first { !names.contains($0) } ?? own
    try? copy.arguments.set("name", .text(free))
    // Its layers keep their names, which counting would give to others.
    let inside = inner.layerNames
    for i in inner.layers.indices where inner.layers[i].givenName == nil {
      try? inner.layers[i].arguments.set("name", .text(inside[i]))
      inner.layers[i].countedName = nil
    }
    inner.name = free
    copy.body = .model(inner)
    return copy
  }
}
