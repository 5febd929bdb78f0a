import ArgumentParser
import KerasCode
import NeuralNets
import Scripts
import Tensors

/// Shows what a model consists of.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Layers, output shapes, parameters, multiply-adds and memory of a model.",
    discussion: "Example: backstep summary model.py")

  @Argument(help: "A Keras program.", completion: .file(extensions: ["py"])) var model: String

  @Option(help: "The batch size that memory is counted for.") var batchSize = 32

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1_000_000).contains(batchSize) else {
      throw ValidationError("--batch-size is \(batchSize); right would be 1 or more")
    }
  }

  func run() throws {
    let loaded = try LoadedModel(model, seed: 0)
    let summary = ModelSummary(try loaded.network())
    try common.json ? writeJSON(summary) : writeText(summary, loaded)
  }

  private func writeText(_ summary: ModelSummary, _ loaded: LoadedModel) throws {
    try Output.line(summary.table())
    try Output.line(" Multiply-adds: \(ModelSummary.grouped(summary.multiplyAdds)) an example")
    let memory = summary.memory(batchSize: batchSize)
    let purpose =
      loaded.file.description.compilation == nil
      ? "to predict one example"
      : "to train on batches of \(batchSize), \(ModelSummary.bytes(memory.stepping)) to step "
        + "through one"
    try Output.line(" Memory: \(ModelSummary.bytes(memory.whole)) \(purpose)")
  }

  private func writeJSON(_ summary: ModelSummary) throws {
    for layer in summary.layers {
      let shape = layer.outputShape.extents.map { JSONLine.Value.integer($0) }
      try Output.line(
        JSONLine([
          ("layer", .text(layer.name)), ("type", .text(layer.kind)),
          ("output_shape", .list([.null] + shape)), ("parameters", .integer(layer.parameters)),
          ("multiply_adds", .integer(layer.multiplyAdds)),
          ("inputs", .list(layer.inputs.map { .text($0) })),
        ]).text)
    }
    let memory = summary.memory(batchSize: batchSize)
    try Output.line(
      JSONLine([
        ("model", .text(summary.name)),
        ("input_shape", .list([.null] + summary.inputShape.extents.map { .integer($0) })),
        (
          "input_shapes",
          .list(summary.inputShapes.map { .list([.null] + $0.extents.map { .integer($0) }) })
        ),
        ("parameters", .integer(summary.parameters)),
        ("trainable_parameters", .integer(summary.trainableParameters)),
        ("optimizer_parameters", .integer(summary.optimizerParameters)),
        ("multiply_adds", .integer(summary.multiplyAdds)), ("batch_size", .integer(batchSize)),
        ("memory_bytes", .integer(memory.whole)), ("stepping_bytes", .integer(memory.stepping)),
      ]).text)
  }
}
