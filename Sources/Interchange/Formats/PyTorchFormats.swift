import FileFormats
import Training

// PyTorch: a module that predicts, and a step of training that it computes again.

/// The network as a module, its weights beside it.
enum PyTorchFormat: Format {
  static let name = "pytorch"
  static let summary = "the network as a module of PyTorch, its weights beside it"
  static let ending = ".py"
  static let needs = ExportNeed.weights

  static func files(of source: ExportSource, file: String) throws -> [ExportedFile] {
    var model = try TorchModel(source.network)
    let text = model.program(title: source.title, prelude: try PythonSource.text("torch_layers"))
    let tensors = model.tensors(source.weights)
    return [
      ExportedFile(file, text: text),
      ExportedFile(
        file.withEnding(".safetensors"),
        try WeightFile.bytes(tensors, file: "weights.safetensors")),
    ]
  }
}

/// A step of training: forward, autograd's gradients, the update of torch.optim.
enum PyTorchCheckFormat: Format {
  static let name = "pytorch-check"
  static let summary = "a training step that PyTorch computes again by autograd, all compared"
  static let ending = ".py"
  static let needs = ExportNeed.step

  static func files(of source: ExportSource, file: String) throws -> [ExportedFile] {
    let step = try source.neededStep()
    let check = try TorchCheck(step)
    let script = check.script(
      title: "Step \(step.step) of \(source.title)",
      layers: try PythonSource.text("torch_layers"), check: try PythonSource.text("torch_check"))
    return [
      ExportedFile(file, text: script),
      ExportedFile(file.withEnding(".safetensors"), try check.file()),
    ]
  }
}
