import Autodiff
import NeuralNets
import Tensors

/// Which units of a layer do nothing any more, seen on some examples.
package struct UnitHealth: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    /// Its output is 0 for every example, at every place.
    case dead
    /// Its output lies at an end of its activation, where the slope is almost 0, for at least 95 %
    /// of the examples: |tanh| > 0.99, a sigmoid below 0.01 or above 0.99.
    case saturated
  }

  package let name: String
  package let unitCount: Int
  package let dead: [Int]
  package let saturated: [Int]
  /// How many examples were looked at.
  package let exampleCount: Int

  package func state(of unit: Int) -> State? {
    dead.contains(unit) ? .dead : saturated.contains(unit) ? .saturated : nil
  }

  /// So many examples are looked at: the first of those held back, of the training examples where none
  /// are.
  static let mostExamples = 512

  /// The share of examples at an end of the activation from which a unit counts as saturated.
  package static let share: Float = 0.95

  /// Both definitions, in a sentence each.
  package static let definition = [
    "dead: the output is 0 for every example looked at",
    "saturated: |tanh| > 0.99, or a sigmoid below 0.01 or above 0.99, for 95 % of them",
  ]
}

/// Beyond these an activation is almost flat.
struct ActivationEnds: Hashable, Sendable {
  let low: Float
  let high: Float
}

extension ActivationEnds {
  /// The ends of the activation that a component names; nil for functions without two ends.
  static func of(_ component: Component) -> ActivationEnds? {
    let name: String? =
      switch component.arguments["activation"] {
      case .text(let name): name
      case .component(let function): function.kind.lowercased()
      default: component.kind == "LSTM" ? "tanh" : nil
      }
    switch name {
    case "tanh", "hard_tanh", "hardtanh": return ActivationEnds(low: -0.99, high: 0.99)
    case "sigmoid", "hard_sigmoid", "hardsigmoid": return ActivationEnds(low: 0.01, high: 0.99)
    default: return nil
    }
  }
}

/// Counts while examples go by what each unit of the hidden layers gives.
struct UnitCounter {
  fileprivate struct Layer {
    let name: String
    let ends: ActivationEnds?
    let units: Int
    var isAlive: [Bool]
    /// At how many places of how many examples the output lay at an end.
    var atEnd: [Int]
    var seen = 0
  }

  private var layers: [Layer]
  private var examples = 0

  /// - Parameter network: its layers with weights or an activation are counted, but for those that
  ///   give an output: there the ends are what is wanted.
  init(_ network: Network) {
    let outputs = Set(network.graph.outputLayerNames)
    layers = network.layers.compactMap { layer in
      let isActivation =
        layer.component.arguments[ifTaken: "activation"] != nil || layer.kind == "ReLU"
      guard !outputs.contains(layer.name), isActivation || layer.kind == "LSTM",
        layer.outputShapes.count == 1, layer.outputShape.count > 0
      else { return nil }
      let units = layer.outputShape.last
      return Layer(
        name: layer.name, ends: ActivationEnds.of(layer.component), units: units,
        isAlive: [Bool](repeating: false, count: units), atEnd: [Int](repeating: 0, count: units))
    }
  }

  /// Looks at the batch that an execution has just run.
  mutating func look(at run: Execution, count: Int) {
    examples += count
    for index in layers.indices {
      guard let output = run.plan.value(named: layers[index].name + "/output") else { continue }
      run.withNumbers(of: output) { layers[index].look(at: $0) }
    }
  }

  var health: [UnitHealth] {
    layers.map { layer in
      let places = max(layer.seen, 1)
      return UnitHealth(
        name: layer.name, unitCount: layer.units,
        dead: layer.isAlive.indices.filter { !layer.isAlive[$0] && layer.seen > 0 },
        saturated: layer.ends == nil
          ? []
          : layer.atEnd.indices.filter {
            Float(layer.atEnd[$0]) >= UnitHealth.share * Float(places) && layer.seen > 0
          },
        exampleCount: examples)
    }
  }
}

extension UnitCounter.Layer {
  fileprivate mutating func look(at numbers: UnsafeMutableBufferPointer<Float>) {
    let places = numbers.count / max(units, 1)
    seen += places
    isAlive.withUnsafeMutableBufferPointer { alive in
      var i = 0
      for _ in 0..<places {
        for unit in 0..<units {
          if numbers[i] != 0 { alive[unit] = true }
          i += 1
        }
      }
    }
    guard let ends else { return }
    atEnd.withUnsafeMutableBufferPointer { atEnd in
      var i = 0
      for _ in 0..<places {
        for unit in 0..<units {
          if numbers[i] > ends.high || numbers[i] < ends.low { atEnd[unit] += 1 }
          i += 1
        }
      }
    }
  }
}
