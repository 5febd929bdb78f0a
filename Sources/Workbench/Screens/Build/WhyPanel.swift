import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// Why a layer does not fit: what comes in, what it wants, the formula with its numbers.
struct WhyPanel {
  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(
      area, title: area.width < 46 ? "Why" : "Why it does not fit", isFocused: isFocused
    ).inset(rows: area.height > 9 ? 1 : 0)
    guard let failure = view.blueprint.failure else { return }
    if let window = WindowMisfit(view.blueprint, layer: failure.layer) {
      return draw(window, in: inside, on: &grid)
    }
    let text: StyledText =
      .bad(failure.name) + .text(" \(failure.problem).\n \nRight would be ")
      + .text(failure.remedy + ".")
    grid.writeWrapped(text, in: inside)
  }

  private func draw(_ window: WindowMisfit, in area: Rect, on grid: inout CellGrid) {
    let pictureWidth = window.drawn ? 5 * window.height.kernel.clampedTo(1, 4) + 2 : 0
    if window.drawn { drawPixels(window, in: area, on: &grid) }
    let side = window.height.isShort ? window.height : window.width
    let room = area.trimmed(left: pictureWidth)
    let isNarrow = room.width < 28
    let pixels = "\(window.height.input) × \(window.width.input) pixels"
    let general = "(in − \(window.noun)) / stride + 1"
    let numbers = "(\(side.input) − \(side.kernel)) / \(side.stride) + 1 = "
    let lines: [StyledText] =
      [
        StyledText("■", .positive) + .secondary(isNarrow ? " \(pixels)" : " the \(pixels) it gets"),
        .warning("?") + .secondary(isNarrow ? " missing" : " pixels the \(window.noun) lacks"),
        StyledText(),
      ]
      + (isNarrow
        ? [.secondary("out ="), .text(numbers) + .bad("\(side.output)")]
        : [
          .secondary("size out ="), .text(general),
          .text("= " + numbers) + .bad("\(side.output)"),
        ])
    for (i, line) in lines.prefix(area.height - 1).enumerated() {
      grid.write(line, at: Point(room.x, room.y + i), width: room.width)
    }
    let size = "\(window.height.shown) × \(window.width.shown)"
    let last = isNarrow ? general : "an image of \(size) has nothing to pass on"
    grid.write(.secondary(last), at: area.row(-1).origin, width: area.width)
  }

  private func drawPixels(_ window: WindowMisfit, in area: Rect, on grid: inout CellGrid) {
    for row in 0..<window.height.kernel.clampedTo(1, 4) {
      for column in 0..<window.width.kernel.clampedTo(1, 4) {
        let rect = Rect(area.x + 5 * column, area.y + 2 * row, 4, 1)
        guard rect.y < area.bottom - 1 else { continue }
        let isThere = row < window.height.input && column < window.width.input
        for x in rect.x..<rect.right {
          grid.put(isThere ? "█" : "░", at: Point(x, rect.y), ink: isThere ? .positive : .warning)
        }
        if !isThere { grid.put("?", at: Point(rect.x + 1, rect.y), ink: .warning) }
      }
    }
  }
}

/// A window that is larger than the image it is to slide over.
struct WindowMisfit {
  /// One of the two axes.
  struct Side {
    let input: Int
    let kernel: Int
    let stride: Int

    var isShort: Bool { kernel > input }
    /// ⌊(in − kernel) / stride⌋ + 1
    var output: Int {
      Int((Double(input - kernel) / Double(max(1, stride))).rounded(.down)) + 1
    }
    /// No image has a negative size.
    var shown: Int { max(0, output) }
  }

  let height: Side
  let width: Side
  let noun: String
  /// What comes in and what it meets, in a few words.
  var reason: String {
    "\(height.input) × \(width.input) comes in, the \(noun) is \(height.kernel) × \(width.kernel)"
  }

  /// Whether it is small enough to draw pixel by pixel.
  var drawn: Bool { height.kernel <= 4 && width.kernel <= 4 }

  init?(_ blueprint: Blueprint, layer: Int?) {
    guard let layer, let input = blueprint.input(of: layer), input.rank == 3,
      LayerCatalog.kernelLayer(named: blueprint.model.layers[layer].kind)?.isTransposed != true
    else { return nil }
    let arguments = blueprint.model.layers[layer].arguments
    let isKernel = arguments[ifTaken: "kernel_size"] != nil
    guard
      case .integers(let size) = arguments[isKernel ? "kernel_size" : "pool_size"],
      size.count == 2, arguments["padding"] != .text("same")
    else { return nil }
    var strides = isKernel ? [1, 1] : size
    if case .integers(let given) = arguments["strides"], given.count == 2 { strides = given }
    var apart = [1, 1]
    if case .integers(let given) = arguments["dilation_rate"], given.count == 2 { apart = given }
    height = Side(input: input[0], kernel: (size[0] - 1) * apart[0] + 1, stride: strides[0])
    width = Side(input: input[1], kernel: (size[1] - 1) * apart[1] + 1, stride: strides[1])
    noun = isKernel ? "kernel" : "window"
    guard height.isShort || width.isShort else { return nil }
  }
}

extension Int {
  func clampedTo(_ low: Int, _ high: Int) -> Int { Swift.max(low, Swift.min(self, high)) }
}

/// Edits that make it fit, each with what it gives and costs.
struct WaysPanel {
  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let ways = WayOut.all(for: view.blueprint, view.state.workpiece.dataset)
    let isWide = area.width >= 60
    let inside = grid.box(
      area, title: title(ways.count),
      detail: isWide
        ? .hint("Enter", "does the marked one")
        : Fitting.detail(["parameters"], beside: title(ways.count), in: area),
      isFocused: isFocused)
    guard !ways.isEmpty else {
      grid.writeWrapped(
        .secondary("No single edit makes it fit. ") + .hint("u", "undoes the last edit, ")
          + .hint("x", "deletes a layer."), in: inside.inset(rows: 0))
      return
    }
    if isWide { drawHeading(in: inside.row(0), on: &grid) }
    let list = inside.trimmed(top: isWide ? 1 : 0)
    let perWay = list.height >= 2 * ways.count ? 2 : 1
    let marked = min(view.state.build.wayOut, ways.count - 1)
    let first = ListSelection(index: marked)
      .scroll(shown: max(1, list.height / perWay), count: ways.count).first
    for (i, way) in ways.enumerated().dropFirst(first) {
      let y = list.y + (i - first) * perWay
      guard y < list.bottom else { break }
      draw(
        way, isMarked: i == marked, isWide: isWide, hasCode: perWay == 2,
        in: Rect(list.x, y, list.width, perWay), on: &grid)
    }
  }

  /// The way out under a point.
  func way(at point: Point, in area: Rect) -> Int? {
    let count = WayOut.all(for: view.blueprint, view.state.workpiece.dataset).count
    let list = area.inset().trimmed(top: area.width >= 60 ? 1 : 0)
    guard count > 0, point.y >= list.y, point.y < list.bottom else { return nil }
    let perWay = list.height >= 2 * count ? 2 : 1
    let first = ListSelection(index: min(view.state.build.wayOut, count - 1))
      .scroll(shown: max(1, list.height / perWay), count: count).first
    let way = first + (point.y - list.y) / perWay
    return way < count ? way : nil
  }

  private func title(_ count: Int) -> String {
    let words = ["No way out", "One way out", "Two ways out", "Three ways out", "Four ways out"]
    return words.indices.contains(count) ? words[count] : "Ways out"
  }

  private func drawHeading(in row: Rect, on grid: inout CellGrid) {
    grid.writeTrailing(.secondary("all parameters"), in: row.trimmed(right: 2))
    grid.write(.secondary("gives"), at: Point(row.right - 32, row.y))
  }

  private func draw(
    _ way: WayOut, isMarked: Bool, isWide: Bool, hasCode: Bool, in area: Rect,
    on grid: inout CellGrid
  ) {
    if isMarked {
      grid.highlight(area.row(0))
      grid.write(.accent("▶"), at: Point(area.x + 1, area.y))
    }
    let shape = StyledText.text(way.gives.tuple)
    let count = StyledText(NumberFormat.integer(way.parameters), .series(0))
    let countWidth = isWide ? 14 : max(6, count.width)
    let shapeWidth = isWide ? 14 : shape.width
    let title = !hasCode && !isWide ? way.code : way.title
    let x = area.right - 2 - countWidth - (isWide ? 2 : 1) - shapeWidth
    grid.write(
      StyledText(title, .text, isMarked ? .bold : []), at: Point(area.x + 3, area.y),
      width: max(0, x - area.x - 4))
    grid.write(shape, at: Point(x, area.y), width: shapeWidth)
    grid.writeTrailing(count, in: area.row(0).trimmed(right: 2))
    if hasCode {
      grid.write(
        .secondary(way.code), at: Point(area.x + 3, area.y + 1), width: max(0, area.width - 4))
    }
  }
}
