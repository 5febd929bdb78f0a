import Tensors

/// In what order and pieces the calls of a phase are run at full speed.
///
/// Many calls treat each example by itself. A row of such calls can be run for a few examples at a
/// time, from the first call to the last: their numbers are then still in the processor's cache when
/// the next call reads them, and pieces can be run by several threads at once. Each number comes
/// from the very same operations as when calls are run one by one, so the bytes are the same.
enum Schedule {
  /// One thing to do.
  enum Item {
    /// A call by itself.
    case whole(Int)
    case pieces(Chain)
  }

  /// Calls that are run one after the other for each piece of the batch.
  struct Chain {
    var calls: [CutCall]
    /// How many examples are run at a time so that what a few calls pass on stays in the cache.
    var examples = 1
  }

  /// A call that can be run for some examples alone.
  struct CutCall {
    let index: Int
    /// The size that counts rows, and how many of them an example has.
    let size: Int
    let rows: Int
    /// How many numbers further on the next example lies in each buffer; 0 where all share it.
    let strides: [Int]
    let scratch: Int?
  }

  /// Numbers that a chain may pass on between calls: 1 MiB, a usual second cache.
  static let nearNumbers = 1 << 18

  /// What is to be done for some instructions of a plan, calls counted over the whole plan.
  static func items(of instructions: Range<Int>, in plan: Plan) -> [Item] {
    var builder = ScheduleBuilder(plan)
    var index = plan.instructions[..<instructions.lowerBound].reduce(0) { $0 + $1.calls.count }
    for instruction in plan.instructions[instructions] {
      for call in instruction.calls {
        builder.add(call, index)
        index += 1
      }
    }
    return builder.finished()
  }
}

/// Gathers calls into chains, as long as no call moves past another that it depends on.
private struct ScheduleBuilder {
  /// The numbers of one buffer that a call may touch: those of one arena from `start` on.
  private struct Reach {
    let isState: Bool
    let range: Range<Int>
    let isWritten: Bool
    /// Numbers of one example, where the call touches them example by example.
    let stride: Int?

    /// Whether the order of the two accesses matters.
    func meets(_ other: Reach) -> Bool {
      isState == other.isState && (isWritten || other.isWritten) && range.overlaps(other.range)
    }

    /// Whether the same holds when both are done piece by piece, in this order in each piece.
    func meetsInPieces(_ other: Reach) -> Bool {
      meets(other)
        && !(stride != nil && stride == other.stride && range.lowerBound == other.range.lowerBound)
    }
  }

  private struct Member {
    let call: Schedule.CutCall
    let reaches: [Reach]
    /// Numbers of one example that it writes.
    let written: Int
  }

  private let plan: Plan
  private var items: [Schedule.Item] = []
  private var members: [Member] = []
  /// Calls between those of the chain that can be done after it.
  private var later: [(index: Int, reaches: [Reach])] = []

  init(_ plan: Plan) { self.plan = plan }

  mutating func add(_ call: KernelCall, _ index: Int) {
    if let member = member(call, index) {
      let fits = { (self: Self) in
        !self.later.contains { Self.meet($0.reaches, member.reaches) { $0.meets($1) } }
          && !self.members.contains {
            Self.meet($0.reaches, member.reaches) { $0.meetsInPieces($1) }
          }
      }
      if !fits(self) { close() }
      members.append(member)
    } else if members.isEmpty {
      items.append(.whole(index))
    } else {
      later.append((index, reaches(call, cut: nil)))
    }
  }

  mutating func finished() -> [Schedule.Item] {
    close()
    return items
  }

  private static func meet(
    _ a: [Reach], _ b: [Reach], _ matters: (Reach, Reach) -> Bool
  ) -> Bool {
    a.contains { one in b.contains { matters(one, $0) } }
  }

  /// Ends the chain at hand.
  private mutating func close() {
    if members.count == 1 {
      items.append(.whole(members[0].call.index))
    } else if !members.isEmpty {
      let near = members.indices.map { i in
        members[i..<min(i + 3, members.count)].reduce(0) { $0 + $1.written }
      }
      items.append(
        .pieces(
          Schedule.Chain(
            calls: members.map(\.call),
            examples: max(1, Schedule.nearNumbers / max(1, near.max() ?? 1)))))
    }
    items += later.map { .whole($0.index) }
    (members, later) = ([], [])
  }

  /// The call as part of a chain, nil where examples depend on each other.
  private func member(_ call: KernelCall, _ index: Int) -> Member? {
    let batch = plan.batchSize
    guard batch > 1, let cut = call.rowCut, call.sizes[cut.size] % batch == 0 else { return nil }
    let rows = call.sizes[cut.size] / batch
    var strides = [Int](repeating: 0, count: call.buffers.count)
    for (place, stride) in cut.strides {
      guard place < call.buffers.count, let slice = call.buffers[place] else { continue }
      let numbers = slice.value.shape.count
      guard rows > 0, numbers == rows * stride * batch, slice.offset < rows * stride else {
        return nil
      }
      strides[place] = rows * stride
    }
    // What is written has to belong to the examples.
    guard call.written.allSatisfy({ $0 == cut.scratch || strides[$0] > 0 }) else { return nil }
    return Member(
      call: Schedule.CutCall(
        index: index, size: cut.size, rows: rows, strides: strides, scratch: cut.scratch),
      reaches: reaches(call, cut: (strides, cut.scratch)),
      written: call.written.reduce(0) { $0 + strides[$1] })
  }

  private func reaches(
    _ call: KernelCall, cut: (strides: [Int], scratch: Int?)?
  ) -> [Reach] {
    let written = Set(call.written)
    return call.buffers.enumerated().compactMap { place, slice in
      // A piece works in room of its own.
      guard let slice, cut == nil || place != cut?.scratch else { return nil }
      let stride = cut.flatMap { $0.strides[place] > 0 ? $0.strides[place] : nil }
      let count = slice.value.shape.count
      let (isState, start) =
        switch plan[slice.value].storage {
        case .state(let offset): (true, offset)
        case .activations(let offset): (false, offset)
        }
      return Reach(
        isState: isState, range: start..<start + count, isWritten: written.contains(place),
        stride: stride)
    }
  }
}
