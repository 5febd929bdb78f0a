import Autodiff
import Tensors
import TerminalGraphics
import Training

/// The kernel sliding: what goes in, with the window framed that the chosen number reads, its sum
/// term by term, and all the maps that come out.
enum KernelView: CloseUpView {
  static let kind = CloseUp.kernel
  static let name = "kernel sliding"
  static let help = "the window that a number reads, its sum term by term, and all maps"
  static let fits = "a convolution or a pooling"
  static let moves = "slide"
  static let part = "map"
  static let channel = "channel"

  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent? {
    guard case .kernel(let kernel) = picture else { return nil }
    let shape = kernel.output.shape
    return CloseUpExtent(
      rows: shape[0], columns: shape[1], parts: shape[2], channels: kernel.channels.count)
  }

  /// A pooling has no kernel.
  static func title(_ picture: CloseUpPicture) -> String {
    guard case .kernel(let kernel) = picture, kernel.kernel == nil else { return name }
    return "window sliding"
  }

  static func draw(_ look: CloseUpLook, on grid: inout CellGrid) {
    guard case .kernel(let kernel) = look.picture else { return }
    KernelDrawing(look: look, kernel: kernel).draw(on: &grid)
  }
}

private struct KernelDrawing {
  let look: CloseUpLook
  let kernel: KernelCloseUp

  private var area: Rect { look.area.trimmed(bottom: look.area.height > 6 ? 1 : 0) }

  func draw(on grid: inout CellGrid) {
    let input = inputPicture
    let output = outputPicture
    // Sums need few columns: what is left makes the pictures larger.
    let most = area.width < 66 ? area.width * 40 / 100 : (area.width - 36) * 55 / 100
    let left = width(of: input, in: Rect(0, 0, most, area.height - 2))
    let rest = area.width - left - 40
    let right = area.width < 66 ? 0 : width(of: output, in: Rect(0, 0, rest, area.height / 2))
    let parts = area.columns(.cells(left), .share(1), .cells(right), gap: area.width < 90 ? 1 : 2)
    drawInput(input, parts[0], on: &grid)
    drawSum(parts[1], on: &grid)
    if right > 0 { drawMaps(output, parts[2], on: &grid) }
    if area.height < look.area.height {
      grid.write(
        legend, at: Point(look.area.x, look.area.bottom - 1), width: look.area.width)
    }
  }

  /// The columns for a picture and the words above it.
  private func width(of picture: PixelPicture, in room: Rect) -> Int {
    min(room.width, max(20, picture.size(zoom: picture.zoom(in: room)).width))
  }

  // MARK: What goes in

  private var inputScale: ColorScale {
    let all = kernel.input.scalars
    let facts = NumberFacts(all)
    let isPicture = facts.least >= 0 && kernel.input.shape[2] == 1 && !kernel.isSequence
    return isPicture ? .ink(0, max(facts.most, 1e-6)) : facts.scale
  }

  /// A picture; of a sequence a row for each channel.
  private var inputPicture: PixelPicture {
    let shape = kernel.input.shape
    guard kernel.isSequence else {
      return PixelPicture(
        rows: shape[0], columns: shape[1], scale: inputScale,
        frame: (kernel.reads.rows, kernel.reads.columns),
        reach: (kernel.reachedRows, kernel.reachedColumns)
      ) { kernel.pixel($0, $1) }
    }
    let channels =
      kernel.channels.lowerBound...max(kernel.channels.lowerBound, kernel.channels.upperBound - 1)
    return PixelPicture(
      rows: shape[2], columns: shape[1], scale: inputScale,
      frame: (channels, kernel.reads.columns), reach: (channels, kernel.reachedColumns)
    ) { channel, time in
      guard (0..<shape[1]).contains(time), (0..<shape[2]).contains(channel) else { return nil }
      return kernel.input.scalars[time * shape[2] + channel]
    }
  }

  private static let input = "what goes in"

  private func drawInput(_ picture: PixelPicture, _ part: Rect, on grid: inout CellGrid) {
    let channels = kernel.input.shape[2]
    let which =
      kernel.isSequence
      ? "\(channels) channel\(channels == 1 ? "" : "s") over time"
      : channels > 1 ? "channel \(kernel.channel) of \(channels)" : Self.input
    let room = part.trimmed(top: 1, bottom: part.height > 6 ? 1 : 0)
    drawHead("x", which, picture.cutWords(in: room), part, on: &grid)
    picture.draw(in: room, on: &grid)
    guard room.bottom < part.bottom else { return }
    let y = min(room.bottom, room.y + picture.height(in: room))
    grid.write(
      .secondary(Fitting.text(readWords, width: part.width)), at: Point(part.x, y),
      width: part.width)
  }

  /// What a picture is, and what of it is shown where it is cut.
  private func drawHead(
    _ name: String, _ what: String, _ cut: String?, _ part: Rect, on grid: inout CellGrid
  ) {
    let ways = cut.map { ["\(what) · \($0)"] + (what == Self.input ? [$0] : []) } ?? []
    let words = Fitting.first(ways, width: part.width - 3) ?? what
    grid.write(.strong(name + "  ") + .secondary(words), at: part.origin, width: part.width)
  }

  /// `reads rows 2–4, columns 3–5`.
  private var readWords: [String] {
    func span(_ range: ClosedRange<Int>) -> String {
      // Beside a sign a dash would be read as another one.
      let dash = range.lowerBound < 0 ? " to " : "–"
      return range.count == 1
        ? "\(range.lowerBound)" : "\(range.lowerBound)\(dash)\(range.upperBound)"
    }
    let (rows, columns) = (span(kernel.reads.rows), span(kernel.reads.columns))
    return kernel.isSequence
      ? ["reads steps \(columns)"]
      : [
        "reads rows \(rows), columns \(columns)", "rows \(rows), columns \(columns)",
        "reads \(rows), \(columns)",
      ]
  }

  // MARK: The sum

  private func drawSum(_ whole: Rect, on grid: inout CellGrid) {
    // A product stands near its factors.
    let part = Rect(whole.x, whole.y, min(48, whole.width), whole.height)
    var room = part
    if let weights = kernel.kernel { room = drawKernel(weights.shape.extents, part, on: &grid) }
    let names = kernel.steps.indices.map { place in
      place == kernel.steps.count - 1 ? "y" : place == 0 && kernel.kernel != nil ? "x ∗ K" : "z"
    }
    let later = zip(kernel.steps, names).dropFirst().map {
      TermLines(explanation: $0, name: $1).lines(atMost: 1, width: room.width)
    }
    guard let first = kernel.steps.first, room.height > 1 else { return }
    let place =
      kernel.isSequence
      ? "map \(kernel.map), step \(kernel.column)"
      : "map \(kernel.map), row \(kernel.row), column \(kernel.column)"
    grid.write(
      .strong(kernel.kernel == nil ? "out of the window  " : "its sum  ") + .secondary(place),
      at: room.origin, width: room.width)
    let rows = TermLines(explanation: first, name: names[0]).lines(
      atMost: room.height - 1 - later.count, width: room.width,
      heading: kernel.kernel == nil ? nil : "x × K")
    TermLines.draw(rows + later.flatMap { $0 }, in: room.trimmed(top: 1), on: &grid)
  }

  /// The chosen channel's weights as numbers; returns what is left below.
  private func drawKernel(_ shape: [Int], _ part: Rect, on grid: inout CellGrid) -> Rect {
    guard let weights = kernel.kernel else { return part }
    let channel = kernel.channel - kernel.channels.lowerBound
    let width = max(6, min(8, part.width / max(1, shape[1])))
    // A sequence's kernel: a row for each channel.
    let isFlat = kernel.isSequence
    let rows = isFlat ? shape[2] : shape[0]
    let values = (0..<rows).flatMap { row in
      (0..<shape[1]).map { column in
        weights.scalars[
          isFlat ? column * shape[2] + row : (row * shape[1] + column) * shape[2] + channel]
      }
    }
    let least = 5 + kernel.steps.count
    let height = min(rows, part.height - least - 1)
    guard height >= min(rows, 3), width * shape[1] <= part.width else { return part }
    let of = shape[2] > 1 && !isFlat ? ", channel \(kernel.channel)" : ""
    grid.write(
      .strong("K  ") + .secondary("of map \(kernel.map)\(of)"), at: part.origin, width: part.width)
    var matrix = NumberMatrix(
      values: values, rows: rows, columns: shape[1], scale: .diverging(fitting: weights.scalars),
      cellWidth: width, decimals: width > 6 ? 3 : 2)
    matrix.hasHeadings = false
    matrix.draw(in: Rect(part.x, part.y + 1, part.width, height), on: &grid)
    return part.trimmed(top: height + 2)
  }

  // MARK: What comes out

  private var outputScale: ColorScale { NumberFacts(kernel.output.scalars).scale }

  private var outputPicture: PixelPicture {
    let shape = kernel.output.shape
    if kernel.isSequence {
      return PixelPicture(
        rows: shape[2], columns: shape[1], scale: outputScale,
        frame: (kernel.map...kernel.map, kernel.column...kernel.column)
      ) { kernel.number(0, $1, map: $0) }
    }
    return PixelPicture(
      rows: shape[0], columns: shape[1], scale: outputScale,
      frame: (kernel.row...kernel.row, kernel.column...kernel.column)
    ) { kernel.number($0, $1, map: kernel.map) }
  }

  private func drawMaps(_ picture: PixelPicture, _ part: Rect, on grid: inout CellGrid) {
    let count = kernel.output.shape[2]
    let what = kernel.isSequence ? "\(count) maps over time" : "map \(kernel.map) of \(count)"
    let room = part.trimmed(top: 1)
    let isAlone = kernel.isSequence || count == 1
    let spot = Rect(
      room.x, room.y, room.width, isAlone ? room.height : min(room.height, area.height / 2))
    drawHead("y", what, picture.cutWords(in: spot), part, on: &grid)
    picture.draw(in: spot, on: &grid)
    let high = picture.height(in: spot)
    if !kernel.isSequence, count > 1 {
      MapGrid(
        count: count, rows: kernel.output.shape[0], columns: kernel.output.shape[1],
        scale: outputScale, chosen: kernel.map
      ) { kernel.map($0) }.draw(in: room.trimmed(top: high + 1), on: &grid)
    }
  }

  private var legend: StyledText {
    func scale(_ name: String, _ scale: ColorScale) -> StyledText {
      let high = NumberFormat.compact(scale.high, digits: 2)
      return .secondary(name + " ")
        + LayersPanel.swatches(
          scale, scale.ramp == .diverging ? "−\(high)" : "0", high, look.ability, steps: 4)
    }
    let (x, y) = (scale("x", inputScale), scale("y", outputScale))
    let isPadded =
      kernel.reachedRows.lowerBound < 0 || kernel.reachedColumns.lowerBound < 0
      || kernel.reachedRows.upperBound >= kernel.input.shape[0]
      || kernel.reachedColumns.upperBound >= kernel.input.shape[1]
    let zeros: StyledText = isPadded ? .secondary("  · outside, counts 0") : ""
    let both = x + "  " + y
    return (both + zeros).width <= look.area.width ? both + zeros : both
  }
}
