import Tensors

// Edits of branches: starting, merging, skipping, rewiring; further inputs and outputs.

extension GraphEdits {
  /// A branch of one new layer that leaves at a source and joins what another source gives.
  ///
  /// - Parameters:
  ///   - target: where it joins; nil makes its end an output of the model.
  ///   - merge: a merging layer, as Add or Concatenate.
  package func branching(
    _ layer: Component, from source: Wiring.Source, joining target: Wiring.Source?,
    by merge: Component
  ) throws(Refusal) -> Outcome {
    try check(source)
    try checkSingle(layer)
    var edit = self
    let branch = edit.call(layer, on: [source])
    guard let target else {
      edit.ends.append((.call(branch), nil))
      return edit.finished(branch, before: self)
    }
    try check(target)
    let meeting = edit.call(merge, on: [target, .call(branch)])
    guard edit.reroute(target, to: meeting) else {
      throw Refusal("a branch cannot join before it begins: choose a later layer")
    }
    return edit.finished(branch, before: self)
  }

  /// What several sources give, merged: the one furthest from the inputs leads on through the merge.
  ///
  /// A source further up makes a skip connection. An output that is merged is none any more.
  /// - Parameter through: a layer for the other sources on their way, as a Dense that brings them to
  ///   the same shape.
  package func merging(
    _ sources: [Wiring.Source], by merge: Component, through: Component? = nil
  ) throws(Refusal) -> Outcome {
    for source in sources { try check(source) }
    guard merge.isMerging else { throw Refusal("\(merge.kind) does not merge arrays") }
    guard Set(sources).count == sources.count, sources.count >= 2 else {
      throw Refusal("a merge takes at least two different arrays")
    }
    let target = furthest(of: sources)
    var edit = self
    var taken: [Wiring.Source] = [target]
    for other in sources where other != target {
      guard let through else {
        taken.append(other)
        continue
      }
      let way = edit.call(through.renamed(besides: model.layerNames), on: [other])
      taken.append(.call(way))
    }
    let meeting = edit.call(merge, on: taken)
    guard edit.reroute(target, to: meeting) else {
      throw Refusal("nothing would take what is merged")
    }
    let above = edit.ancestors(of: [target].compactMap(\.call))
    edit.ends.removeAll { end in
      guard sources.contains(end.source), let call = end.source.call else { return false }
      return !above.contains(call)
    }
    return edit.finished(meeting, before: self)
  }

  /// The source that no other one needs; the first of several.
  private func furthest(of sources: [Wiring.Source]) -> Wiring.Source {
    sources.first { source in
      guard let call = source.call else { return false }
      return !sources.contains { other in
        guard let later = other.call, later != call else { return false }
        return depends(later, on: call)
      }
    } ?? sources[0]
  }

  /// One of a call's inputs comes from elsewhere.
  package func rewiring(
    _ call: Int, input: Int, to source: Wiring.Source
  ) throws(Refusal) -> Outcome {
    try check(call)
    try check(source)
    var inputs = wiring.calls[call].inputs
    guard inputs.indices.contains(input) else {
      throw Refusal("\(name(call)) takes \(inputs.count) arrays")
    }
    if let other = source.call, depends(other, on: call) {
      throw Refusal("it comes after \(name(call)): numbers would run in a circle")
    }
    guard inputs[input] != source else { throw Refusal("that is what \(name(call)) takes now") }
    if merges(call), inputs.contains(source) {
      throw Refusal("\(name(call)) takes that array already")
    }
    inputs[input] = source
    var edit = self
    edit.give(inputs, to: call)
    return edit.finished(call, before: self)
  }

  /// A further input of the model that joins what a source gives.
  package func addingInput(
    _ shape: Shape, joining target: Wiring.Source, by merge: Component
  ) throws(Refusal) -> Outcome {
    try check(target)
    var edit = self
    edit.wiring.inputs.append(Wiring.Input(shape: shape))
    let meeting = edit.call(merge, on: [target, .input(edit.wiring.inputs.count - 1)])
    guard edit.reroute(target, to: meeting) else {
      throw Refusal("nothing would take what is merged")
    }
    return edit.finished(meeting, before: self)
  }

  /// What a call gives becomes an output of the model too.
  package func addingOutput(_ call: Int) throws(Refusal) -> Outcome {
    try check(call)
    let layer = wiring.calls[call].layer
    let isOutput = ends.contains { end in
      end.source.call.map { wiring.calls[$0].layer == layer } ?? false
    }
    guard !isOutput else { throw Refusal("\(name(call)) gives an output already") }
    var edit = self
    edit.ends.append((.call(call), nil))
    return edit.finished(call, before: self)
  }

  /// What a call gives is no output of the model any more.
  package func removingOutput(_ call: Int) throws(Refusal) -> Outcome {
    try check(call)
    guard let place = ends.firstIndex(where: { $0.source.call == call }) else {
      throw Refusal("\(name(call)) gives no output")
    }
    guard ends.count > 1 else { throw Refusal("a model has at least one output") }
    var edit = self
    edit.ends.remove(at: place)
    return edit.finished(call, before: self)
  }
}

extension Wiring.Source {
  /// The call that it comes from, if it is one.
  package var call: Int? {
    if case .call(let call, _) = self { call } else { nil }
  }
}
