import FileFormats
import Tensors
import Training

/// A state as a safetensors file: its arrays by name, and where each lay in the run's memory.
enum CheckpointFile {
  static func bytes(of state: StateCopy) throws(FileFailure) -> [UInt8] {
    try Safetensors(
      entries: state.entries.map { Safetensors.Entry(name: $0.name, tensor: state[$0]) },
      metadata: [
        "format": "backstep checkpoint", "step": "\(state.step)", "part": "\(state.part)",
        "size": "\(state.numbers.count)",
        "offsets": state.entries.map { "\($0.offset)" }.joined(separator: " "),
      ]
    ).bytes()
  }

  /// - Throws: `FileFailure` when it is no such file.
  static func state(
    _ bytes: [UInt8], file: String, step: Int, part: Int
  ) throws(FileFailure) -> StateCopy {
    let tensors = try Safetensors(parsing: bytes, file: file)
    let offsets = (tensors.metadata["offsets"] ?? "").split(separator: " ").map { Int($0) ?? -1 }
    // A state is hardly larger than its arrays: each begins on a cache line.
    let count = tensors.entries.reduce(0) { $0 + $1.tensor.shape.count + 16 }
    let size = tensors.metadata["size"].flatMap { Int($0) } ?? -1
    guard offsets.count == tensors.entries.count, (0...count).contains(size) else {
      throw damaged(file)
    }
    var numbers = [Float](repeating: 0, count: size)
    for (entry, offset) in zip(tensors.entries, offsets) {
      let scalars = entry.tensor.scalars
      guard offset >= 0, scalars.count <= size, offset <= size - scalars.count else {
        throw damaged(file)
      }
      numbers.replaceSubrange(offset..<offset + scalars.count, with: scalars)
    }
    let entries = zip(tensors.entries, offsets).map {
      StateCopy.Entry(name: $0.name, shape: $0.tensor.shape, offset: $1)
    }
    guard let state = StateCopy(step: step, part: part, entries: entries, numbers: numbers) else {
      throw damaged(file)
    }
    return state
  }

  private static func damaged(_ file: String) -> FileFailure {
    FileFailure(
      at: file, found: "no checkpoint of Backstep",
      right: "remove it; the run goes back to an earlier one")
  }
}
