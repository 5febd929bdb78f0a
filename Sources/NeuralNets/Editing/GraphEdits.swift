import Tensors

/// Edits of how the layers of a model hang together. Each is a pure function: it gives the model
/// after the edit, or says why there is none.
///
/// A result is as the reader of Keras code would describe it: calls in an order in which each comes
/// after those it needs, layers in the order of Keras, no layer that leads to no output, names
/// counted anew. So a model reads back from its printed code as the same value.
package struct GraphEdits: Sendable {
  /// Why an edit cannot be done, with what would be right.
  package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
  }

  /// What an edit came to.
  package struct Outcome: Hashable, Sendable {
    package let model: ModelDescription
    /// The call that the edit was about, nil when it is gone.
    package let call: Int?
    /// The place of that call's layer, nil when it is gone.
    package let layer: Int?
    /// Layers that led to no output any more and went with the edit.
    package let gone: [String]
    package let form: Form

    init(model: ModelDescription, call: Int?, layer: Int?, gone: [String], form: Form) {
      self.model = model
      self.call = call
      self.layer = layer
      self.gone = gone
      self.form = form
    }

    /// The same, about another call.
    package init(_ other: Outcome, choosing call: Int) {
      let layer = other.model.wiring?.calls[call].layer ?? call
      self.init(
        model: other.model, call: call, layer: layer, gone: other.gone, form: other.form)
    }

    /// Whether the model has another form than before.
    package enum Form: Hashable, Sendable {
      case asBefore, becameFunctional, becameSequential
    }
  }

  let model: ModelDescription
  var layers: [Component]
  var wiring: Wiring
  /// The outputs and how each is judged.
  var ends: [(source: Wiring.Source, judging: Compilation.Judging?)]

  /// - Parameter dataShape: of one example, where the model leaves it to the data.
  package init(_ model: ModelDescription, dataShape: Shape) throws(Refusal) {
    if let wiring = model.wiring {
      guard wiring.weights.isEmpty, wiring.training == nil, wiring.losses.isEmpty else {
        throw Refusal(
          "\(model.name) is a class of the program: its own code says what flows where")
      }
    }
    self.model = model
    layers = model.layers
    let wiring =
      model.wiring
      ?? Wiring(chainOf: model.layers.count, inputShape: model.inputShape ?? dataShape)
    self.wiring = wiring
    let judgings = model.compilation?.outputs ?? []
    ends = wiring.outputs.enumerated().map { i, source in
      (source, judgings.indices.contains(i) ? judgings[i] : nil)
    }
  }

  // MARK: What flows where

  /// Every place that numbers come from: the inputs, then what each call gives.
  package var sources: [Wiring.Source] {
    wiring.inputs.indices.map { .input($0) } + wiring.calls.indices.map { .call($0) }
  }

  /// The calls of the model as it was before the edit.
  package var calls: [Wiring.Call] { wiring.calls }

  /// The first call of a layer.
  package func firstCall(of layer: Int) -> Int? { wiring.calls.firstIndex { $0.layer == layer } }

  /// Whether a call needs, directly or not, what another one gives; a call needs itself.
  package func depends(_ call: Int, on other: Int) -> Bool {
    ancestors(of: [call]).contains(other)
  }

  /// The calls that take what a source gives.
  package func takers(of source: Wiring.Source) -> [Int] {
    wiring.calls.indices.filter { wiring.calls[$0].inputs.contains(source) }
  }

  /// Whether a layer makes one array of several.
  package func merges(_ call: Int) -> Bool { layers[wiring.calls[call].layer].isMerging }

  /// The calls and all that they need.
  func ancestors(of start: [Int]) -> Set<Int> {
    var seen = Set(start)
    var stack = start
    while let call = stack.popLast() {
      for case .call(let before, _) in wiring.calls[call].inputs where seen.insert(before).inserted
      { stack.append(before) }
    }
    return seen
  }

  func name(_ call: Int) -> String { model.layerNames[wiring.calls[call].layer] }

  func check(_ call: Int) throws(Refusal) {
    guard wiring.calls.indices.contains(call) else { throw Refusal("there is no such layer") }
  }

  func check(_ source: Wiring.Source) throws(Refusal) {
    switch source {
    case .input(let i) where wiring.inputs.indices.contains(i): return
    case .call(let i, _) where wiring.calls.indices.contains(i): return
    default: throw Refusal("there is no such place in the network")
    }
  }

  // MARK: Changing what flows where

  /// Calls a new layer, after all others for now.
  mutating func call(_ layer: Component, on inputs: [Wiring.Source]) -> Int {
    layers.append(layer)
    return call(layers.count - 1, on: inputs)
  }

  mutating func call(_ layer: Int, on inputs: [Wiring.Source]) -> Int {
    wiring.calls.append(Wiring.Call(layer: layer, inputs: inputs))
    return wiring.calls.count - 1
  }

  mutating func give(_ inputs: [Wiring.Source], to call: Int) {
    wiring.calls[call] = wiring.calls[call].with(inputs: inputs)
  }

  /// Whatever took a source takes what a call gives, but for what that call itself needs. Returns
  /// whether anything does.
  @discardableResult
  mutating func reroute(_ source: Wiring.Source, to call: Int) -> Bool {
    let needed = ancestors(of: [call])
    var found = false
    for taker in takers(of: source) where !needed.contains(taker) {
      give(wiring.calls[taker].inputs.map { $0 == source ? .call(call) : $0 }, to: taker)
      found = true
    }
    for i in ends.indices where ends[i].source == source {
      ends[i].source = .call(call)
      found = true
    }
    return found
  }
}

extension Component {
  /// Whether it makes one array of several.
  package var isMerging: Bool {
    body == nil && LayerCatalog.type(named: kind) is any MergingLayer.Type
  }

  /// What Keras counts its names by: `dense`, `conv2d`; of an operation `add`, `get_item`.
  var countedBase: String {
    if case .operation(let operation)? = body { return operation.name.snakeCased }
    return LayerCatalog.type(named: kind)?.defaultName ?? kind.snakeCased
  }
}
