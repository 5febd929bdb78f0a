import Autodiff
import Tensors

/// All that outlives a step, as it was at the start of one: parameters, what the optimizer remembers,
/// statistics, states that layers carry on. It restores a moment of a run without training it again.
package struct StateCopy: Hashable, Sendable {
  /// One array of the state and where it begins among its numbers.
  package struct Entry: Hashable, Sendable {
    /// As the debugger calls it: `dense/kernel`.
    package let name: String
    package let shape: Shape
    package let offset: Int

    package init(name: String, shape: Shape, offset: Int) {
      (self.name, self.shape, self.offset) = (name, shape, offset)
    }
  }

  /// Steps done.
  package let step: Int
  /// How often all settings were changed before it: each change may bring other arrays.
  package let part: Int
  package let entries: [Entry]
  /// The whole memory, row-major, with the gaps between arrays.
  package let numbers: [Float]

  /// - Returns: nil when an array reaches beyond the numbers: a file that other hands wrote.
  package init?(step: Int, part: Int, entries: [Entry], numbers: [Float]) {
    let isSound = entries.allSatisfy {
      $0.offset >= 0 && $0.shape.count <= numbers.count
        && $0.offset <= numbers.count - $0.shape.count
    }
    guard isSound, step >= 0 else { return nil }
    (self.step, self.part, self.entries, self.numbers) = (step, part, entries, numbers)
  }

  /// What `info digest` shows of this moment.
  package var digest: Digest {
    var digest = Digest()
    digest.add(UInt64(bitPattern: Int64(step)))
    digest.add(0)
    numbers.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { digest.add(base, count: buffer.count) }
    }
    return digest
  }

  package subscript(entry: Entry) -> Tensor {
    Tensor(
      shape: entry.shape,
      scalars: Array(numbers[entry.offset..<entry.offset + entry.shape.count]))
  }
}

/// States of a run that are kept outside of its memory, in files: going to a step restores the
/// nearest of them.
package struct StateArchive {
  /// Which there are: the steps at whose start, and how often all settings were changed before.
  private var places: [(step: Int, part: Int)]
  private let read: (Int) -> StateCopy?

  /// - Parameter read: gives the state at the start of a step; nil when it can no longer be read.
  package init(_ places: [(step: Int, part: Int)], read: @escaping (Int) -> StateCopy?) {
    self.places = places.sorted { $0.step < $1.step }
    self.read = read
  }

  /// The newest step at or before one, within a part.
  func nearest(atOrBefore step: Int, in part: Int) -> Int? {
    places.last { $0.step <= step && $0.part == part }?.step
  }

  func state(at step: Int) -> StateCopy? { read(step) }

  /// What lies after a step belongs to another future.
  mutating func forget(after step: Int) { places.removeAll { $0.step > step } }

  mutating func remove(_ step: Int) { places.removeAll { $0.step == step } }
}
