import KerasCode
import NeuralNets
import Tensors
import Training

/// A network that is trained beside its peers: Keras code, arrays of its shapes, and what to expect.
struct Workload {
  /// What the command line calls it, and the peers' script too.
  let name: String
  let title: String
  /// Keras code that makes and compiles `model`.
  let code: String
  let examples: Int
  let batchSize: Int
  var shuffles = true
  let input: Shape
  let target: Target
  /// Floating-point operations of the products of one example: forward 2, backward 4 a multiply-add,
  /// less those of the gradient for the input.
  let flops: Double
  /// What is counted in a second, and how many of them an example has.
  let unit: (name: String, count: Double)
  /// The peers measured beside it; the bar is how many times as fast as one the lab wants to be.
  let peers: [Peer]

  /// What is to be learned; random, because only the time counts.
  enum Target {
    case half
    case sides
    case classes(Int, Shape)
  }

  struct Peer {
    let name: String
    /// Nil where it is only shown.
    var bar: Double?
  }

  /// The settings of a run over them.
  func settings() throws -> RunSettings {
    let file = try ModelFile.read(code, file: name + ".py")
    return RunSettings(
      model: file.description,
      data: TrainingData(name: "random", training: Examples(inputs: inputs(), targets: targets())),
      batchSize: batchSize, epochs: 1_000_000, shuffles: shuffles)
  }

  private func uniform(_ count: Int, _ from: Int = 0) -> [Float] {
    let random = CounterRandom(seed: 1, name: "bench")
    return (from..<from + count).map { Float(random.uniform(at: $0)) }
  }

  private func inputs() -> Tensor {
    let shape = Shape([examples] + input.extents)
    guard name != "gpt" else {
      return Tensor(shape: shape, scalars: uniform(shape.count).map { ($0 * 65).rounded(.down) })
    }
    return Tensor(shape: shape, scalars: uniform(shape.count))
  }

  private func targets() -> Tensor {
    let noise = 100_000_000
    switch target {
    case .half:
      return Tensor(
        shape: [examples, 1], scalars: uniform(examples, noise).map { $0 < 0.5 ? 0 : 1 })
    case .sides:
      return Tensor(
        shape: [examples, 1], scalars: uniform(examples, noise).map { $0 < 0.5 ? -1 : 1 })
    case .classes(let count, let each):
      let shape = Shape([examples] + each.extents)
      return Tensor(
        shape: shape,
        scalars: uniform(shape.count, noise).map { ($0 * Float(count)).rounded(.down) })
    }
  }
}
