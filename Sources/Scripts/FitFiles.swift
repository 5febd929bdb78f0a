import Foundation
import KerasCode
import NeuralNets
import Tensors
import Training

/// Where callbacks write: the program's folder.
struct FitFiles {
  let writeWeights: ([(name: String, tensor: Tensor)], _ file: String) throws -> Void
  let writeText: (_ text: String, _ file: String) throws -> Void
  /// Nil when there is no such file.
  let readText: (_ file: String) throws -> String?
  /// A name with its braces filled.
  let name: (_ template: String, _ epoch: Int, [NamedNumber]) throws -> String
}

/// `ModelCheckpoint`: writes the weights at the end of epochs, or after some batches.
struct Checkpoint: FitCallback {
  private let monitor: Monitor
  private let template: String
  private let files: FitFiles
  private let isTalkative: Bool
  private let savesBestOnly: Bool
  private let frequency: Int?
  private var best: Double?
  private var epoch = 0
  private var batches = 0

  init(_ arguments: Arguments, _ files: FitFiles) throws(RunFailure) {
    monitor = try Monitor(arguments)
    template = arguments.text("filepath")
    self.files = files
    isTalkative = arguments.integer("verbose") > 0
    savesBestOnly = arguments.boolean("save_best_only")
    if case .integer(let n) = arguments["save_freq"] { frequency = n } else { frequency = nil }
    if case .number(let x) = arguments["initial_value_threshold"] { best = x }
    guard template.hasSuffix(".safetensors"), arguments.boolean("save_weights_only") else {
      throw RunFailure(
        "ModelCheckpoint(\"\(template)\") is not understood: this version writes weights alone,"
          + " as safetensors",
        remedy: "ModelCheckpoint(\"\(Self.suggested(template))\", save_weights_only=True)")
    }
  }

  private static func suggested(_ file: String) -> String {
    var stem = file
    for ending in [".weights.h5", ".keras", ".h5", ".hdf5"] where stem.hasSuffix(ending) {
      stem = String(stem.dropLast(ending.count))
    }
    return stem + ".weights.safetensors"
  }

  func listens(to moment: FitMoment) -> Bool {
    switch moment {
    case .epochBegin, .epochEnd: true
    case .batchEnd: frequency != nil
    default: false
    }
  }

  mutating func met(
    _ moment: FitMoment, _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice {
    switch moment {
    case .epochBegin(let epoch): self.epoch = epoch
    case .epochEnd where frequency == nil: return try save(numbers, session)
    case .batchEnd:
      batches += 1
      guard let frequency, batches >= frequency else { break }
      batches = 0
      return try save(numbers, session)
    default: break
    }
    return CallbackAdvice()
  }

  private mutating func save(
    _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice {
    let file = try files.name(template, epoch + 1, numbers)
    let start = "\nEpoch \(epoch + 1): "
    var lines: [String] = []
    if savesBestOnly, let value = monitor.value(in: numbers) {
      let before = best.map { String(format: "%.5f", $0) } ?? "None"
      guard monitor.isBetter(value, than: best) else {
        return CallbackAdvice(
          lines: isTalkative ? [start + "\(monitor.name) did not improve from \(before)"] : [])
      }
      best = value
      lines.append(
        start + "\(monitor.name) improved from \(before) to "
          + String(format: "%.5f", value) + ", saving model to \(file)")
    } else {
      if savesBestOnly {
        lines.append(monitor.missing("ModelCheckpoint", among: numbers.map(\.name)))
      }
      lines.append(start + "saving model to \(file)")
    }
    try files.writeWeights(session.weights, file)
    lines.append(start + "finished saving model to \(file)")
    return CallbackAdvice(lines: isTalkative ? lines : [])
  }
}

/// `CSVLogger`: a line of numbers for each epoch.
struct TableLogger: FitCallback {
  private let file: String
  private let separator: String
  private let appends: Bool
  private let files: FitFiles
  private var keys: [String]?
  private var text = ""

  init(_ arguments: Arguments, _ files: FitFiles) {
    file = arguments.text("filename")
    separator = arguments.text("separator")
    appends = arguments.boolean("append")
    self.files = files
  }

  func listens(to moment: FitMoment) -> Bool {
    switch moment {
    case .trainBegin, .epochEnd: true
    default: false
    }
  }

  mutating func met(
    _ moment: FitMoment, _ numbers: [NamedNumber], _ session: Session
  ) throws -> CallbackAdvice {
    if case .epochEnd(let epoch) = moment {
      add(epoch, numbers)
    } else {
      keys = nil
      text = appends ? try files.readText(file) ?? "" : ""
    }
    try files.writeText(text, file)
    return CallbackAdvice()
  }

  private mutating func add(_ epoch: Int, _ numbers: [NamedNumber]) {
    var known = keys ?? numbers.map(\.name).sorted()
    if keys == nil {
      if !known.contains(where: { $0.hasPrefix("val_") }) { known += known.map { "val_" + $0 } }
      keys = known
      if text.isEmpty { addLine(["epoch"] + known) }
    }
    let values = known.map { key in
      numbers.first { $0.name == key }.map { PythonFormat.number($0.value) } ?? "NA"
    }
    addLine(["\(epoch)"] + values)
  }

  private mutating func addLine(_ cells: [String]) {
    text += cells.joined(separator: separator) + "\r\n"
  }
}
