import Autodiff
import FileFormats
import Foundation
import Tensors
import Training

/// A training step as a script of NumPy, beside the lab's numbers: it computes every instruction
/// again in 64 bits, compares, and prints the first number that differs.
struct NumPyCheck {
  private let step: RecordedStep
  private var emitter: NumPyEmitter
  private var body: [String] = []
  private var skipped = 0

  init(_ step: RecordedStep) {
    self.step = step
    emitter = NumPyEmitter(step.plan)
    // Also what is only read as a part of it.
    for (value, _) in step.start { _ = emitter.name(value) }
    for i in step.plan.instructions.indices { add(i) }
  }

  /// The script; what it reads lies beside it under its own name.
  func script(title: String, prelude: String) -> String {
    let environment = step.environment
    let arrays = emitter.used.map { value, name in "\(name) = \(place(of: value))" }
    let starts = step.start.compactMap { value, _ -> String? in
      guard let name = emitter.used.first(where: { $0.value == value })?.name else { return nil }
      return "start(\(PythonText.quoted(step.plan[value].name)), \(name))"
    }
    let settings = [
      "seed = \(environment.seed)", "draw = \(environment.step)",
      "update = \(environment.step + 1)",
      "learning_rate = \(PythonText.number(environment.learningRate))",
    ]
    return
      ([
        "\"\"\"\(PythonText.docstring(title)), computed again in NumPy.", "",
        "Needs numpy, and the .npz with the lab's numbers beside it. Every instruction is computed",
        "in 64 bits and compared with the lab; the first number that differs ends the script with",
        "status 1.", "\"\"\"", "", prelude, "",
        "# What changes from step to step.", "",
      ] + settings + [
        "", "# The arrays of the step: what outlives it, and the rest.", "",
        "state = memory(\(step.plan.arenaSizes.state))",
        "activations = memory(\(step.plan.arenaSizes.activations))", "",
      ] + arrays + [""] + starts + body + ["", ending, ""]).joined(separator: "\n")
  }

  /// The lab's numbers.
  func archive() throws(FileFailure) -> [UInt8] {
    let start = step.start.map { (name: "start:" + step.plan[$0.value].name, $0) }
    let made = step.results.enumerated().flatMap { i, results in
      results.enumerated().map { (name: key(i, $0), $1) }
    }
    return try NumPyArchive(
      entries: (start + made).map { name, array in
        .init(
          name: name,
          array: NumPyArray(Tensor(shape: array.value.shape, scalars: array.numbers)))
      }
    ).bytes()
  }

  private var ending: String {
    let rest =
      skipped == 0
      ? "" : "; \(skipped) instructions skipped: not expressed in NumPy"
    return "print(f\"all {compared} values agree\(rest)\")"
  }

  private mutating func add(_ index: Int) {
    let instruction = step.plan.instructions[index]
    let place = ([instruction.phase.rawValue] + instruction.scopes + [instruction.title])
      .joined(separator: " › ")
    body += ["", PythonText.comment("\(index + 1)  \(place)")]
    body += instruction.results.map { PythonText.comment("    " + $0.formula) }
    var statements: [String] = []
    for call in instruction.calls {
      guard let made = emitter.statements(call) else {
        skipped += 1
        let kernel = PythonText.comment("skipped: \(call.kernel) is not expressed in NumPy")
        body += [kernel] + instruction.results.indices.map { adopted(index, $0) }
        return
      }
      statements += made
    }
    body += statements
    for (i, result) in instruction.results.enumerated() {
      let name = PythonText.quoted(step.plan[result.value].name)
      body.append(
        "agree(\(PythonText.quoted(key(index, i))), \(name), \(emitter.name(result.value)))")
    }
  }

  /// The lab's number in place of one that is not computed.
  private mutating func adopted(_ index: Int, _ result: Int) -> String {
    let name = emitter.name(step.plan.instructions[index].results[result].value)
    return "\(name)[...] = Array(numbers[\(PythonText.quoted(key(index, result)))]"
      + ".reshape(\(name).shape))"
  }

  /// What the lab's numbers of a result are called; several results may have one name.
  private func key(_ index: Int, _ result: Int) -> String {
    let names = step.plan.instructions[index].results.map { step.plan[$0.value].name }
    let before = names[..<result].count { $0 == names[result] }
    return "\(index + 1):" + names[result] + (before > 0 ? ":\(before + 1)" : "")
  }

  private func place(of value: Value) -> String {
    let shape =
      value.shape.rank == 0
      ? "1"
      : value.shape.extents.map { "\($0)" }
        .joined(separator: ", ")
    return switch step.plan[value].storage {
    case .state(let offset): "part(state, \(offset), \(shape))"
    case .activations(let offset): "part(activations, \(offset), \(shape))"
    }
  }
}

extension PythonText {
  /// A text within three quotes.
  static func docstring(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "'").replacing("\n", with: " ")
  }
}
