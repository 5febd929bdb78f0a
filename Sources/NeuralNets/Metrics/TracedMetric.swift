import Autodiff
import Tensors

/// A metric that is a function of the program, of targets and predictions: the mean of what it gives
/// for each example.
enum TracedMetric {
  static func metric(_ model: ModelDescription) -> MeanMetric {
    MeanMetric(of: { (batch: MetricBatch) throws(MetricFailure) -> Tensor in
      let shapes = [batch.targets, batch.predictions].map {
        Shape(Array($0.shape.extents.dropFirst()))
      }
      let graph: PlacedGraph
      do throws(Network.Failure) { graph = try PlacedGraph(model, inputShapes: shapes) } catch {
        throw MetricFailure(error.problem, remedy: error.remedy)
      }
      return values(graph, [batch.targets, batch.predictions])
    })
  }

  private static func values(_ graph: PlacedGraph, _ arrays: [Tensor]) -> Tensor {
    var builder = GraphBuilder(mode: .inference, batchSize: arrays[0].shape.extents.first ?? 1)
    let inputs = arrays.enumerated().map { i, array in
      builder.input("input_\(i)", "x", array.shape)
    }
    let outputs = graph.lower(inputs, weights: [], into: &builder)
    let execution = Execution(
      Planner.plan(builder, inputs: inputs, outputs: outputs, parameters: []))
    for (value, array) in zip(inputs, arrays) { execution.write(array.scalars, to: value) }
    execution.run()
    return execution.tensor(outputs[0])
  }
}
