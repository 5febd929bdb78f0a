import Autodiff
import Tensors

extension ActivationFunction {
  /// What the function makes of single numbers, and its slope at each; nil where it looks at a row,
  /// or does not take a single number.
  package func curve(over x: [Float]) -> (values: [Float], slopes: [Float])? {
    guard let formula else { return tracedCurve(over: x) }
    let slope = formula.derivative(by: 0)
    return (
      x.map { x in formula.value(of: { _ in x }, StepEnvironment()) },
      x.map { x in slope.value(of: { _ in x }, StepEnvironment()) }
    )
  }

  /// The same for a function of the program's own, by running it: the slopes are the gradient of
  /// the sum of its values.
  private func tracedCurve(over x: [Float]) -> (values: [Float], slopes: [Float])? {
    guard component.body != nil, (try? outputShape(for: [1])) == [1], !x.isEmpty else { return nil }
    var builder = GraphBuilder(mode: .training)
    let input = builder.parameter("x", "x", [x.count, 1])
    let output = builder.layer(name) { $0.apply(self, to: input) }
    builder.beginLoss()
    let sum = builder.reduce(.sum, output)
    let plan = Planner.plan(
      builder, inputs: [input], outputs: [output], parameters: [input],
      judgment: Judgment(loss: sum), optimizer: NoUpdate())
    let execution = Execution(plan)
    execution.begin(seed: 0, step: 0, learningRate: 0)
    execution.write(x, to: input)
    execution.run()
    return (
      execution.numbers(of: output),
      plan.gradients[input].map { execution.numbers(of: $0) } ?? x.map { _ in 0 }
    )
  }
}

/// Leaves parameters as they are, where only gradients are wanted.
private struct NoUpdate: UpdateRule {
  func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {}
}
