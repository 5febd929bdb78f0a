import Autodiff
import NeuralNets
import Tensors

/// One example on its way through the network, layer by layer: forward alone, as one predicts, with
/// the weights as they are. Nothing is learned and nothing of the run changes.
package struct ForwardWalk: Hashable, Sendable {
  /// Which examples a row counts in.
  package enum Rows: String, Hashable, Sendable {
    case unseen, training
  }

  /// What an input brings, or what a layer makes of what it gets.
  package struct Stage: Hashable, Sendable {
    /// `dense`, in a model within the model `encoder/dense`, called again `dense/call_2`.
    package let name: String
    /// The layer's kind; empty for an input.
    package let kind: String
    /// What it does, in words.
    package let does: String
    /// The stages that it takes its numbers from.
    package let sources: [String]
    /// The shapes that it takes, an example of each.
    package let inputShapes: [Shape]
    /// What it gives for the example: [units], or [places …, channels].
    package let output: Tensor
    package let facts: NumberFacts
    /// Whether its numbers can lie below 0; nil where that shows only by what they are.
    package let canBeNegative: Bool?
  }

  /// A unit of a layer, or a channel with its numbers over all places.
  package struct Unit: Hashable, Sendable {
    package let number: Int
    package let mean: Float
    /// The number of the largest size, and its place; the place is empty where the unit has one number.
    package let strongest: Float
    package let place: [Int]
  }

  package let rows: Rows
  package let row: Int
  /// Whether the run holds examples back.
  package let hasUnseen: Bool
  package let stages: [Stage]
  /// What comes out in the end; nil where the network gives nothing that can be judged.
  package let outcome: ForwardOutcome?

  /// `unseen example 17`.
  package var words: String {
    rows == .unseen ? "unseen example \(row)" : "training example \(row)"
  }
}

extension ForwardWalk.Stage {
  package var shape: Shape { output.shape }

  /// What the numbers of the last axis are: units, or channels of several places each.
  package var unitCount: Int { shape.rank == 0 ? 1 : shape.last }

  /// The numbers of a unit, place by place.
  package func numbers(ofUnit unit: Int) -> [Float] {
    stride(from: unit, to: output.count, by: max(1, unitCount)).map { output.scalars[$0] }
  }

  package func unit(_ number: Int) -> ForwardWalk.Unit {
    let all = numbers(ofUnit: number)
    let place = all.indices.max { Double(all[$0]).rank < Double(all[$1]).rank } ?? 0
    let sum = all.reduce(0.0) { $0 + Double($1) }
    return ForwardWalk.Unit(
      number: number, mean: Float(sum / Double(max(1, all.count))),
      strongest: all.isEmpty ? 0 : all[place],
      place: shape.rank < 2 ? [] : Shape(shape.extents.dropLast()).index(ofOffset: place))
  }

  /// All units, those with the largest number in size first.
  package var strongest: [ForwardWalk.Unit] {
    (0..<unitCount).map { unit($0) }.sorted {
      let (a, b) = (Double($0.strongest).rank, Double($1.strongest).rank)
      return a == b ? $0.number < $1.number : a > b
    }
  }

  /// What one of the last axis is called.
  package var unitWord: String { shape.rank < 2 ? "unit" : "channel" }
}

extension ForwardWalk {
  /// Sends an example through the network.
  /// - Precondition: there is such a row.
  init(_ session: Session, _ rows: Rows, row: Int) {
    let data = session.settings.data
    let examples = rows == .unseen ? data.validation ?? data.training : data.training
    let run = session.runInference(on: examples, rows: [row])
    let network = session.network
    var stages: [Stage] = []
    for (value, shape) in zip(run.plan.inputs, network.inputShapes) {
      stages.append(
        Stage(
          name: run.plan[value].name, kind: "", does: "what goes in", sources: [],
          inputShapes: [], output: Self.tensor(of: value, shape, run)))
    }
    network.graph.walk(from: stages.map(\.name)) { call in
      guard let value = run.plan.value(named: call.path + "/output") else { return }
      stages.append(
        Stage(
          name: call.path, kind: call.layer.kind,
          does: Self.does(call.layer) ?? Self.operation(value, run.plan),
          sources: call.sources, inputShapes: call.inputShapes,
          output: Self.tensor(of: value, call.shape, run),
          canBeNegative: call.layer.canGiveNegatives))
    }
    self.init(
      rows: rows, row: row, hasUnseen: data.validation != nil, stages: stages,
      outcome: ForwardOutcome(session, examples, row: row, in: run))
  }

  /// The numbers of a value for the one example of the batch.
  private static func tensor(of value: Value, _ shape: Shape, _ run: Execution) -> Tensor {
    let numbers = run.numbers(of: value)
    // What does not depend on the examples has rows of its own.
    return Tensor(
      shape: numbers.count == shape.count ? shape : value.shape, scalars: numbers)
  }

  /// `an operation on arrays: y = exp(x)`.
  private static func operation(_ value: Value, _ plan: Plan) -> String {
    let maker = plan.origin(of: value).flatMap { plan.instructions[$0].results.first }
    return "an operation on arrays" + (maker.map { ": \($0.formula)" } ?? "")
  }

  /// `each unit weighs all inputs, then relu`; nil of what is no layer of the catalog.
  private static func does(_ layer: Network.PlacedLayer) -> String? {
    if layer.kind == "BatchNormalization" {
      return "normalizes each feature by its moving mean and variance"
    }
    guard let summary = LayerCatalog.type(named: layer.kind)?.summary else { return nil }
    if LayerCatalog.kindsThatKeepNumbers.contains(layer.kind), summary.contains("while training") {
      return summary + "; forward alone it gives what it gets"
    }
    guard let activation = layer.activationName, activation != "linear",
      layer.kind == "Dense" || LayerCatalog.kernelLayer(named: layer.kind) != nil
    else { return summary }
    return "\(summary), then \(activation)"
  }
}

extension ForwardWalk.Stage {
  fileprivate init(
    name: String, kind: String, does: String, sources: [String], inputShapes: [Shape],
    output: Tensor, canBeNegative: Bool? = nil
  ) {
    (self.name, self.kind, self.does) = (name, kind, does)
    (self.sources, self.inputShapes) = (sources, inputShapes)
    (self.output, self.canBeNegative) = (output, canBeNegative)
    facts = NumberFacts(output.scalars)
  }
}

/// A call of a layer on the way forward.
private struct LayerCall {
  let path: String
  let layer: Network.PlacedLayer
  let sources: [String]
  let inputShapes: [Shape]
  let shape: Shape
}

extension PlacedGraph {
  /// Visits every call of a layer, in order; of models within the model each of their layers.
  ///
  /// - Parameters:
  ///   - path: what the names in it begin with: `encoder/`.
  ///   - sources: the names of what gives its inputs.
  /// - Returns: the names of what gives its outputs.
  @discardableResult
  fileprivate func walk(
    below path: String = "", from sources: [String], _ visit: (LayerCall) -> Void
  ) -> [String] {
    var uses = [Int](repeating: 0, count: layers.count)
    var given: [[String]] = []
    func name(_ source: Wiring.Source) -> String? {
      switch source {
      case .input(let i): sources.indices.contains(i) ? sources[i] : nil
      case .call(let i, let output):
        given[i].indices.contains(output) ? given[i][output] : given[i].last
      case .weight, .constant: nil
      }
    }
    func shape(_ source: Wiring.Source) -> Shape? {
      switch source {
      case .input(let i): inputShapes[i]
      case .call(let i, let output): callShapes[i][output]
      case .weight, .constant: nil
      }
    }
    for (place, call) in wiring.calls.enumerated() {
      let layer = layers[call.layer]
      uses[call.layer] += 1
      let use = uses[call.layer]
      let own = path + layer.name + (use == 1 ? "" : "/call_\(use)")
      let from = call.inputs.compactMap(name)
      if let inner = layer.inner {
        given.append(inner.walk(below: own + "/", from: from, visit))
        continue
      }
      visit(
        LayerCall(
          path: own, layer: layer, sources: from, inputShapes: call.inputs.compactMap(shape),
          shape: callShapes[place][0]))
      given.append(callShapes[place].map { _ in own })
    }
    return wiring.outputs.compactMap(name)
  }
}
