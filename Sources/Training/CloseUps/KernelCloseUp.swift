import Autodiff
import Tensors

/// A window that slides over one example: a convolution, also a transposed one, or a pooling. One
/// number of what comes out is opened, term by term.
package struct KernelCloseUp: Hashable, Sendable {
  /// A part of rows and columns, each so many apart.
  package struct Places: Hashable, Sendable {
    package let rows, columns: ClosedRange<Int>
    package let rowStep, columnStep: Int

    package func contains(_ row: Int, _ column: Int) -> Bool {
      rows.contains(row) && columns.contains(column)
        && (row - rows.lowerBound) % rowStep == 0
        && (column - columns.lowerBound) % columnStep == 0
    }
  }

  package let layer: String
  /// What goes in for the example, [rows, columns, channels]; a sequence has one row.
  package let input: Tensor
  /// What comes out after bias and activation, [rows, columns, maps].
  package let output: Tensor
  /// The numbers of the chosen map's kernel, [rows, columns, channels it sees]; nil for a pooling.
  package let kernel: Tensor?
  package let isSequence: Bool
  /// Whether each number that goes in lays the kernel on what comes out.
  package let isTransposed: Bool
  /// The chosen number of what comes out.
  package let row, column, map: Int
  /// The chosen channel of what goes in, among those that the map sees.
  package let channel: Int
  package let channels: Range<Int>
  /// The places of the input that it is made of, also those that lie outside.
  package let reads: Places
  /// The rows and columns from the first to the last that any place is made of: a window at the edge
  /// may reach beyond what goes in.
  package let reachedRows, reachedColumns: ClosedRange<Int>
  /// How the number came about: the window's sum, then bias and activation.
  package let steps: [CellExplanation]

  /// The number of one pixel of the chosen channel, nil outside.
  package func pixel(_ row: Int, _ column: Int) -> Float? {
    let shape = input.shape
    guard (0..<shape[0]).contains(row), (0..<shape[1]).contains(column) else { return nil }
    return input.scalars[(row * shape[1] + column) * shape[2] + channel]
  }

  /// The number of one place of a map.
  package func number(_ row: Int, _ column: Int, map: Int) -> Float? {
    let shape = output.shape
    guard (0..<shape[0]).contains(row), (0..<shape[1]).contains(column) else { return nil }
    return output.scalars[(row * shape[1] + column) * shape[2] + map]
  }

  /// One map, row by row.
  package func map(_ map: Int) -> [Float] {
    stride(from: map, to: output.count, by: output.shape[2]).map { output.scalars[$0] }
  }
}

/// The instruction of a layer that looks through a window.
private struct WindowInstruction {
  let index: Int
  let result: InstructionResult
  let input: Value
  let kernel: Value?
  let geometry: WindowGeometry
  let isTransposed: Bool

  /// Nil when the instruction does not look through a window.
  init?(_ index: Int, _ instruction: Instruction) {
    guard let result = instruction.results.first else { return nil }
    switch result.rule {
    case .convolution(let x, let k, let g):
      (input, kernel, geometry, isTransposed) = (x, k, g, false)
    case .transposedConvolution(let x, let k, let g):
      (input, kernel, geometry, isTransposed) = (x, k, g, true)
    case .maximum(let x, let g), .windowMean(let x, let g):
      (input, kernel, geometry, isTransposed) = (x, nil, g, false)
    default: return nil
    }
    self.index = index
    self.result = result
  }

  /// [rows, columns, channels] of what goes in, and of what comes out.
  var shapes: (input: Shape, output: Shape) {
    let g = geometry
    let small: Shape = [g.outputHeight, g.outputWidth, kernel == nil ? g.channels : g.filters]
    let large: Shape = [g.height, g.width, g.channels]
    return isTransposed ? (small, large) : (large, small)
  }

  /// The channels of the input that a map is made of.
  func channels(ofMap map: Int) -> Range<Int> {
    guard kernel != nil else { return map..<map + 1 }
    let g = geometry
    let (mapsIn, mapsOut) =
      isTransposed
      ? (g.filters / g.groups, g.channels / g.groups)
      : (g.channels / g.groups, g.filters / g.groups)
    let first = map / max(1, mapsOut) * mapsIn
    return first..<first + mapsIn
  }

  /// Where along one axis the numbers lie that a place is made of; of a transposed window those it
  /// is laid from.
  func reads(_ place: Int, isRow: Bool) -> ClosedRange<Int> {
    let g = geometry
    let (size, stride, padding, dilation) =
      isRow
      ? (g.windowHeight, g.strideHeight, g.paddingTop, g.dilationHeight)
      : (g.windowWidth, g.strideWidth, g.paddingLeft, g.dilationWidth)
    guard isTransposed else {
      let first = place * stride - padding
      return first...first + (size - 1) * dilation
    }
    let sources = (0..<size).compactMap { offset -> Int? in
      let distance = place + padding - offset * dilation
      return distance % stride == 0 ? distance / stride : nil
    }
    return (sources.min() ?? 0)...(sources.max() ?? 0)
  }

  /// Where all places along one axis read, from the first to the last.
  func reach(of count: Int, isRow: Bool) -> ClosedRange<Int> {
    let all = (0..<max(1, count)).map { reads($0, isRow: isRow) }
    return (all.map(\.lowerBound).min() ?? 0)...(all.map(\.upperBound).max() ?? 0)
  }
}

extension KernelCloseUp {
  /// Nil when the layer looks through no window, or its numbers are not known yet.
  init?(of run: Execution, example: Int, _ interest: CloseUpInterest) {
    let plan = run.plan
    let window = plan.range(of: .forward).lazy.compactMap { index -> WindowInstruction? in
      guard plan.instructions[index].layer == interest.layer else { return nil }
      return WindowInstruction(index, plan.instructions[index])
    }.first
    guard let window, run.isKnown(window.result.value),
      window.geometry.batch == plan.batchSize
    else { return nil }
    let (inShape, outShape) = window.shapes
    layer = interest.layer
    isSequence = window.input.shape.rank == 3
    isTransposed = window.isTransposed
    let chain = Self.chain(after: window, plan, run)
    output = Self.example(example, of: chain.last?.value ?? window.result.value, outShape, run)
    map = min(max(0, interest.part), outShape[2] - 1)
    let place =
      interest.seeksLargest ? Self.largest(of: output, map: map) : (interest.row, interest.column)
    row = min(max(0, place.0), outShape[0] - 1)
    column = min(max(0, place.1), outShape[1] - 1)
    channels = window.channels(ofMap: map)
    channel = min(
      max(channels.lowerBound, channels.lowerBound + interest.channel),
      channels.upperBound - 1)
    let g = window.geometry
    reads = Places(
      rows: window.reads(row, isRow: true), columns: window.reads(column, isRow: false),
      rowStep: isTransposed ? 1 : max(1, g.dilationHeight),
      columnStep: isTransposed ? 1 : max(1, g.dilationWidth))
    reachedRows = window.reach(of: outShape[0], isRow: true)
    reachedColumns = window.reach(of: outShape[1], isRow: false)
    input = Self.example(example, of: window.input, inShape, run)
    kernel = Self.kernel(window, map: map, run)
    let offset =
      ((example * outShape[0] + row) * outShape[1] + column) * outShape[2] + map
    steps = chain.map { run.explain($0, at: offset) }
  }

  /// The numbers of one example.
  private static func example(
    _ example: Int, of value: Value, _ shape: Shape, _ run: Execution
  ) -> Tensor {
    run.withNumbers(of: value) { all in
      let part = all[example * shape.count..<(example + 1) * shape.count]
      return Tensor(shape: shape, scalars: Array(part))
    }
  }

  /// Where a map's number is largest in size, the first of several.
  private static func largest(of output: Tensor, map: Int) -> (row: Int, column: Int) {
    let (columns, maps) = (output.shape[1], output.shape[2])
    var best = (place: 0, size: Float(0))
    for place in 0..<output.count / maps {
      let size = abs(output.scalars[place * maps + map])
      if size > best.size { best = (place, size) }
    }
    return (best.place / columns, best.place % columns)
  }

  /// [rows, columns, channels the map sees] of the window's weights for a map.
  private static func kernel(
    _ window: WindowInstruction, map: Int, _ run: Execution
  ) -> Tensor? {
    guard let kernel = window.kernel else { return nil }
    let g = window.geometry
    let (height, width) = (g.windowHeight, g.windowWidth)
    let (ofGroup, filters) = (g.channels / g.groups, g.filters)
    let numbers = run.numbers(of: kernel)
    guard numbers.count == height * width * ofGroup * filters else { return nil }
    let channels = window.channels(ofMap: map)
    var shown: [Float] = []
    for place in 0..<height * width {
      for channel in channels {
        let (from, to) =
          window.isTransposed
          ? (map % ofGroup, channel)
          : (
            channel - channels.lowerBound, map
          )
        shown.append(numbers[(place * ofGroup + from) * filters + to])
      }
    }
    return Tensor(shape: [height, width, channels.count], scalars: shown)
  }

  /// The window and what the layer does with each of its numbers after it: bias, activation.
  private static func chain(
    after window: WindowInstruction, _ plan: Plan, _ run: Execution
  ) -> [InstructionResult] {
    var chain = [window.result]
    let own = plan.instructions[window.index].scopes
    for index in plan.range(of: .forward) where index > window.index {
      let instruction = plan.instructions[index]
      guard instruction.scopes == own, let next = instruction.results.first,
        let last = chain.last, next.rule.operands.contains(last.value),
        next.value.shape == last.value.shape, run.isKnown(next.value)
      else { continue }
      chain.append(next)
    }
    return chain
  }
}

extension Execution {
  /// How one number of an instruction's result came about. For what the instruction overwrote, the
  /// operands are the numbers before it.
  func explain(_ result: InstructionResult, at cell: Int) -> CellExplanation {
    // One value may be overwritten several times in a step: decayed, updated, held to a norm.
    let place =
      plan.instructions.firstIndex {
        $0.results.contains { $0.value == result.value && $0.rule == result.rule }
      } ?? 0
    let explainer = CellExplainer(plan, environment: stepEnvironment) { value, offset in
      self.number(value, at: offset, after: place)
    }
    return explainer.explain(
      result, at: cell, value: number(result.value, at: cell, after: place + 1))
  }
}
