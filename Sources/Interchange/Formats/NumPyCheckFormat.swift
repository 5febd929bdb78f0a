import Training

/// A step of training that NumPy computes again, instruction by instruction.
enum NumPyCheckFormat: Format {
  static let name = "numpy-check"
  static let summary = "a training step that NumPy computes again, every instruction compared"
  static let ending = ".py"
  static let needs = ExportNeed.step

  static func files(of source: ExportSource, file: String) throws -> [ExportedFile] {
    let step = try source.neededStep()
    let check = NumPyCheck(step)
    let script = check.script(
      title: "Step \(step.step) of \(source.title)", prelude: try PythonSource.text("numpy_check"))
    return [
      ExportedFile(file, text: script),
      ExportedFile(file.withEnding(".npz"), try check.archive()),
    ]
  }
}
