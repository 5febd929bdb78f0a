import Autodiff
import Tensors

/// An optimizer that Keras code may name: what an update makes of a weight. What all optimizers do
/// besides (clipping, decay, averages) is `OptimizerRule`'s.
///
/// To add one, write `Optimizers/X.swift` and name it in `OptimizerCatalog`.
package protocol OptimizerClass: Catalogued {
  /// What is remembered for all weights together, brought up to date before theirs.
  func begin(_ timing: UpdateTiming, _ emitter: inout Emitter) -> [Value]
  /// Emits the update of one weight, making the state it needs.
  func update(_ weight: LearnedWeight, _ emitter: inout Emitter)
  /// What `update` makes for a weight of a shape, and keeps.
  func kept(of shape: Shape) -> [KeptNumbers]
}

extension OptimizerClass {
  package func begin(_ timing: UpdateTiming, _ emitter: inout Emitter) -> [Value] { [] }
}

/// An array that is kept of a weight from step to step.
package struct KeptNumbers: Hashable, Sendable {
  /// As formulas write it: `m`.
  package let symbol: String
  package let shape: Shape
}

/// An optimizer that treats every number of a weight by itself: formulas over the number, its
/// gradient and what is remembered of it.
package protocol ElementwiseOptimizer: OptimizerClass {
  var states: [OptimizerState] { get }
  /// What the weight and each state become.
  func update(_ before: UpdateOperands) -> (weight: Formula, states: [Formula])
}

/// What the formulas of an update are made of: the numbers before it.
package struct UpdateOperands: Sendable {
  let w = Formula.operand(0)
  let g = Formula.operand(1)
  /// The number of the update, from 1.
  let t: Formula
  let stateCount: Int

  subscript(state: Int) -> Formula { .operand(2 + state) }

  /// What is remembered for all weights, as `begin` left it.
  func shared(_ i: Int) -> Formula { .operand(2 + stateCount + i) }
}

extension ElementwiseOptimizer {
  package func kept(of shape: Shape) -> [KeptNumbers] {
    states.map { KeptNumbers(symbol: $0.symbol, shape: shape) }
  }

  package func update(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    emitFormulas(weight, &emitter)
  }

  func emitFormulas(_ weight: LearnedWeight, _ emitter: inout Emitter) {
    let kept = states.map { weight.state($0, nil, &emitter) }
    let after = update(UpdateOperands(t: weight.timing.count, stateCount: kept.count))
    weight.assign(
      [(weight.value, after.weight)] + zip(kept, after.states).map { ($0, $1) },
      operands: [weight.value, weight.gradient] + kept + weight.shared, &emitter)
  }
}

extension Formula {
  /// The same under a name that texts say instead: `v` for what v becomes.
  func called(_ name: String) -> Formula { .named(name, self) }
}

/// The optimizers, alphabetical: one line registers one.
package enum OptimizerCatalog {
  static let types: [any OptimizerClass.Type] = [
    Adadelta.self, Adafactor.self, Adagrad.self, Adam.self, AdamW.self, Adamax.self, Ftrl.self,
    Lamb.self, Lion.self, Nadam.self, Perceptron.self, RMSprop.self, SGD.self,
  ]

  package static let all: [ComponentClass] = types.map { $0.entry }

  /// The optimizer of a class name or a short name.
  package static func named(_ name: String) -> ComponentClass? {
    ComponentFamily.optimizer.named(name)
  }

  static func optimizer(_ component: Component) -> any OptimizerClass {
    guard let type = types.first(where: { $0.entry.kind == component.kind }) else {
      preconditionFailure("no optimizer \(component.kind)")
    }
    return type.init(component.arguments)
  }

  /// The update of the weights of a network: by the optimizer, within their constraints.
  static func rule(
    _ component: Component, for weights: [(value: Value, spec: WeightSpec)]
  ) -> any UpdateRule {
    OptimizerRule(component, for: weights)
  }
}

extension OptimizerCatalog {
  /// What an optimizer keeps of a weight besides itself and its gradient: `m` and `v` of Adam.
  package static func kept(_ component: Component, of shape: Shape) -> [KeptNumbers] {
    optimizer(component).kept(of: shape) + OptimizerRule(component).kept(of: shape)
  }
}
