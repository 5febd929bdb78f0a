import Tensors

/// Where the values of a plan lie when only a few of them are asked for after the step: values that
/// are not needed at the same time share memory.
///
/// While one steps, every value has memory of its own, so that all can be looked at and going back is
/// free. At full speed a value is needed from the call that writes it first to the call that reads it
/// last, in the order of `Schedule`. The calls of a chain are run piece by piece, so all of them are
/// one moment; but arrays that are cut alike may follow each other in one place there too, for each
/// piece meets its own examples only.
///
/// First the arrays are found that can take each other's very place (an activation that of the sum it
/// is made of). Then the largest are laid down first, each as low as it fits: greedy by size, as in
/// Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020.
package struct PackedMemory: Sendable {
  /// Where each value of the plan begins; 0 for those of the state.
  let offsets: [Int]
  /// The floats that all of them take up.
  package let count: Int
  /// By value: whether its numbers are there from before the step until after it.
  let isKept: [Bool]
  /// Calls that do the work of the next one too, by their place among all calls of the plan.
  let joined: [Int: KernelCall]

  /// Nil where all values together fit near the processor: there is nothing to gain then.
  package init?(worthwhileFor plan: Plan) {
    guard plan.arenaSizes.activations > 1 << 14 else { return nil }
    self.init(plan)
  }

  package init(_ plan: Plan) {
    let asked = Self.asked(of: plan)
    joined = Self.joined(in: plan.instructions.flatMap(\.calls), asked: asked)
    let blocks = MemoryBlocks(plan, asked: asked, joined: joined)
    let places = SharedPlace.all(of: blocks.all)
    count = places.map { $0.offset + $0.count }.max() ?? 0
    var starts = [Int](repeating: 0, count: blocks.all.count)
    for place in places { for block in place.blocks { starts[block] = place.offset } }
    offsets = plan.values.indices.map { id in
      blocks.home[id].map { starts[$0.block] + $0.offset } ?? 0
    }
    isKept = plan.values.indices.map { id in
      if case .state = plan.values[id].storage { return true }
      return blocks.home[id].map { blocks.all[$0.block].isPinned } ?? false
    }
  }

  /// The gradients of poolings that are for nothing but that of the relu below.
  private static func joined(in calls: [KernelCall], asked: [Int]) -> [Int: KernelCall] {
    var uses: [Int: Int] = [:]
    for id in asked + calls.flatMap({ $0.buffers.compactMap { $0?.value.id } }) {
      uses[id, default: 0] += 1
    }
    var found: [Int: KernelCall] = [:]
    for i in calls.indices.dropLast() {
      guard let both = calls[i].joined(with: calls[i + 1]),
        let between = calls[i].buffers[3]?.value.id, uses[between] == 2
      else { continue }
      found[i] = both
    }
    return found
  }

  /// What is there before the step, or read when it is over.
  private static func asked(of plan: Plan) -> [Int] {
    let given = plan.inputs + plan.targets + plan.sampleWeights + plan.constants.map(\.value)
    let judged = plan.lossTerms + [plan.loss, plan.exampleLoss].compactMap(\.self)
    let learned = plan.parameters.compactMap { plan.gradients[$0] }
    let values = given + plan.outputs + plan.targetMasks.compactMap(\.self) + judged + learned
    return values.map(\.id)
  }
}

/// Several arrays that have one place in memory, one after the other.
private struct SharedPlace {
  let count: Int
  var blocks: [Int]
  var lives: [ClosedRange<Int>]
  var offset = 0

  /// Every block in a place; the places laid down.
  static func all(of blocks: [MemoryBlock]) -> [SharedPlace] {
    var places: [SharedPlace] = []
    for i in blocks.indices.sorted(by: { blocks[$0].life.lowerBound < blocks[$1].life.lowerBound })
    {
      let block = blocks[i]
      let start = block.life.lowerBound
      // Those that are over by then are left to be laid over each other below.
      let found = places.lastIndex { place in
        place.count == block.count && !block.isPinned
          && place.lives.contains { $0.upperBound >= start }
          && place.blocks.allSatisfy { blocks[$0].canBeFollowed(by: block) }
      }
      if let found {
        places[found].blocks.append(i)
        places[found].lives.append(block.life)
      } else {
        places.append(SharedPlace(count: block.count, blocks: [i], lives: [block.life]))
      }
    }
    layDown(&places)
    return places
  }

  private static func layDown(_ places: inout [SharedPlace]) {
    var laid: [SharedPlace] = []
    for place in places.sorted(by: { $0.count > $1.count }) {
      var place = place
      for other in laid where other.meets(place) {
        if other.offset >= place.offset + place.count { break }
        place.offset = max(place.offset, other.offset + other.count)
      }
      let next = laid.firstIndex { $0.offset > place.offset } ?? laid.count
      laid.insert(place, at: next)
    }
    places = laid
  }

  /// Whether both are needed at some moment.
  private func meets(_ other: SharedPlace) -> Bool {
    lives.contains { life in other.lives.contains { $0.overlaps(life) } }
  }
}

/// An array of a plan with all that lies inside it, and when it is needed.
struct MemoryBlock {
  /// A call that reads or writes a part.
  fileprivate struct Access {
    /// Which item of the schedule.
    let moment: Int
    /// Which call of all, in the order of the schedule.
    let call: Int
    /// How far apart the examples of a chain lie; 0 where the call takes all of it.
    var stride: Int
    /// From which of its numbers on the call begins.
    let offset: Int
    /// Whether the call may write its results where it reads this, number for number.
    var allowsOver: Bool

    /// The same with what else happens to the part at that moment.
    func joined(with other: Access) -> Access {
      var both = other
      both.stride = stride == other.stride ? stride : 0
      if call == other.call {
        both.allowsOver = allowsOver && other.allowsOver && offset == other.offset
      }
      return both
    }
  }

  /// Numbers of the block that calls take together.
  fileprivate struct Part {
    let range: Range<Int>
    /// The first call that takes it, with the stride of all at that moment.
    var first: Access
    /// The last one.
    var last: Access
  }

  fileprivate(set) var count = 0
  fileprivate var parts: [Part] = []
  /// Whether it has its place to itself, from before the step until after it.
  fileprivate(set) var isPinned = false

  /// The moments from the first to the last at which it is needed.
  fileprivate var life: ClosedRange<Int> {
    guard !isPinned, let first = parts.map(\.first.moment).min(),
      let last = parts.map(\.last.moment).max()
    else { return isPinned ? 0...Int.max : 0...0 }
    return first...last
  }

  /// Whether another block can have the same place afterwards: whichever number of it is written, the
  /// one that lay there is needed no more.
  fileprivate func canBeFollowed(by next: MemoryBlock) -> Bool {
    guard !isPinned else { return false }
    return parts.allSatisfy { part in
      next.parts.allSatisfy { other in
        guard part.range.overlaps(other.range), part.last.moment >= other.first.moment
        else { return true }
        let (old, new) = (part.last, other.first)
        guard old.moment == new.moment, part.range == other.range, old.stride == new.stride
        else { return false }
        // In a chain a piece is done before the next one begins: it has to stay with its examples.
        return old.call == new.call
          ? old.allowsOver && old.offset == new.offset : old.call < new.call && old.stride > 0
      }
    }
  }
}

/// The blocks of a plan: arrays that calls take and that overlap are one. A stack of time steps is
/// many blocks where every call takes a step of it only.
struct MemoryBlocks {
  private(set) var all: [MemoryBlock] = []
  /// In which block each value lies, and from where on; nil in the state, and where no call takes it.
  private(set) var home: [(block: Int, offset: Int)?]
  /// Where each part stands among those of its block.
  private var places: [[Range<Int>: Int]] = []
  /// What is written of each block so far: ranges in order that do not touch.
  private var written: [[Range<Int>]] = []

  /// - Parameters:
  ///   - asked: values that have their place to themselves.
  ///   - joined: calls that are done with the next one.
  init(_ plan: Plan, asked: [Int], joined: [Int: KernelCall]) {
    home = Array(repeating: nil, count: plan.values.count)
    layOut(plan, asked)
    places = Array(repeating: [:], count: all.count)
    written = Array(repeating: [], count: all.count)
    noteCalls(of: plan, joined)
    for value in asked { if let home = home[value] { all[home.block].isPinned = true } }
  }

  private mutating func layOut(_ plan: Plan, _ asked: [Int]) {
    let taken = plan.instructions.flatMap { $0.calls.flatMap(\.buffers) }
      .compactMap { $0?.value.id }
    let placed = Set(taken + asked).compactMap { id -> (id: Int, range: Range<Int>)? in
      guard case .activations(let start) = plan.values[id].storage else { return nil }
      return (id, start..<start + max(plan.values[id].shape.count, 1))
    }.sorted { ($0.range.lowerBound, $1.range.count) < ($1.range.lowerBound, $0.range.count) }
    var (start, end) = (0, 0)
    for value in placed {
      if value.range.lowerBound >= end {
        (start, end) = (value.range.lowerBound, value.range.upperBound)
        all.append(MemoryBlock())
      }
      end = max(end, value.range.upperBound)
      // Every block starts on a cache line.
      all[all.count - 1].count = (end - start + 15) / 16 * 16
      home[value.id] = (all.count - 1, value.range.lowerBound - start)
    }
  }

  /// Notes when calls take parts, in the order in which they are run.
  private mutating func noteCalls(of plan: Plan, _ joined: [Int: KernelCall]) {
    let calls = plan.instructions.flatMap(\.calls)
    var (moment, number) = (0, 0)
    for phase in Phase.allCases {
      for item in Schedule.items(of: plan.range(of: phase), in: plan) {
        let cuts: [(index: Int, cut: Schedule.CutCall?)] =
          switch item {
          case .whole(let index): [(index, nil)]
          case .pieces(let chain): chain.calls.map { ($0.index, $0) }
          }
        for (index, cut) in cuts where joined[index - 1] == nil {
          note(joined[index] ?? calls[index], cut, moment: moment, number: number)
          number += 1
        }
        moment += 1
      }
    }
  }

  private mutating func note(
    _ call: KernelCall, _ cut: Schedule.CutCall?, moment: Int, number: Int
  ) {
    let results = Set(call.written)
    // What a call reads was there before what it writes.
    for place in call.buffers.indices.sorted(by: { !results.contains($0) && results.contains($1) })
    {
      guard let slice = call.buffers[place], let home = home[slice.value.id] else { continue }
      let range = home.offset..<home.offset + max(slice.value.shape.count, 1)
      if results.contains(place) {
        write(range, in: home.block)
      } else if !written[home.block].contains(where: { $0.contains(range) }) {
        // Numbers that were there before the step, or that nothing writes.
        all[home.block].isPinned = true
      }
      let access = MemoryBlock.Access(
        moment: moment, call: number, stride: cut?.strides[place] ?? 0, offset: slice.offset,
        allowsOver: !results.contains(place) && call.allowsResultsOver(place))
      guard let known = places[home.block][range] else {
        places[home.block][range] = all[home.block].parts.count
        all[home.block].parts.append(MemoryBlock.Part(range: range, first: access, last: access))
        continue
      }
      let part = all[home.block].parts[known]
      if part.first.moment == moment {
        all[home.block].parts[known].first.stride = part.first.joined(with: access).stride
      }
      all[home.block].parts[known].last =
        part.last.moment == moment ? part.last.joined(with: access) : access
    }
  }

  private mutating func write(_ range: Range<Int>, in block: Int) {
    var merged = range
    var others: [Range<Int>] = []
    for old in written[block] {
      if old.upperBound < merged.lowerBound || old.lowerBound > merged.upperBound {
        others.append(old)
      } else {
        merged = min(old.lowerBound, merged.lowerBound)..<max(old.upperBound, merged.upperBound)
      }
    }
    written[block] = others + [merged]
  }
}

extension KernelCall {
  /// Whether what it writes may lie where it reads a buffer: it reads each number, or each row, before
  /// it writes the one at the same place.
  fileprivate func allowsResultsOver(_ place: Int) -> Bool {
    let n = sizes
    return switch kernel {
    case .map: n[3] == n[4]
    case .mapGradient: n[3] == n[5] && n[4] == n[5]
    case .productGradient: n[2] == n[3]
    case .addBias: place == 0 && n[2] == n[3]
    case .add, .multiply, .softmax, .softmaxGradient: true
    case .copyStrided: n[6..<12] == n[12..<18]
    // Windows side by side: each number of the image is read before the gradient at its place is written.
    case .maxPool2DGradient: place == 0 && n[4] == n[6] && n[5] == n[7]
    case .evaluate:
      // The one result is written by the last step, which reads all it needs first.
      program?.outputs.count == 1 && sizes[2 + place] == OperandMode.full.rawValue
        && endsWithinVectors
    default: false
    }
  }

  /// Whether the formula kernel, which works in chunks of whole vectors and of whole rows, writes
  /// nothing behind a chunk that the next one reads.
  private var endsWithinVectors: Bool {
    let modes = sizes.dropFirst(2).compactMap { OperandMode(rawValue: $0) }
    return sizes[1] % 16 == 0 || !modes.contains { $0 == .perRow || $0 == .perColumn }
  }
}
