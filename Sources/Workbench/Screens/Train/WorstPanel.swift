import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Unseen examples beside what the network says of them: as pictures where they are pictures, else
/// as a table.
enum WorstPanel {
  /// How the gallery lies in its panel.
  private struct Layout {
    let image: Size?
    let cell: Size
    let perRow: Int
    let rows: Int
    /// With height for one row only, the words stand below the pictures, and more of them fit.
    let isUpright: Bool

    /// - Parameter hasMasks: whether what is said of every pixel stands beside the picture.
    init(_ image: Shape?, in area: Rect, hasMasks: Bool) {
      if let image, hasMasks {
        // Two of them below each other where there is height, and a line for what the colors mean.
        let highest = max(1, area.height >= 11 ? (area.height - 1) / 2 - 1 : area.height - 2)
        let most = max(4, min(16, 2 * highest, (area.width - 2) / 2))
        let wide = min(image[1], most)
        let high = max(1, min((image[0] * wide / max(1, image[1]) + 1) / 2, highest))
        self.image = Size(wide, high)
        (cell, isUpright) = (Size(max(27, 2 * wide + 3), high + 1), false)
        perRow = max(1, (area.width + 1) / cell.width)
        rows = max(1, (area.height - 1) / cell.height)
        return
      }
      guard let image else {
        (self.image, cell, perRow, isUpright) = (nil, Size(area.width, 1), 1, false)
        rows = max(1, area.height - 1)
        return
      }
      let most = max(4, min(14, area.width - 9))
      let wide = min(image[1], most)
      let high = min((image[0] * wide / max(1, image[1]) + 1) / 2, max(1, area.height))
      let size = Size(wide, high)
      self.image = size
      isUpright = area.height < 9 && area.height >= high + 3
      cell = isUpright ? Size(max(13, wide + 2), high + 3) : Size(wide + 8, max(4, high) + 1)
      perRow = max(1, (area.width + 1) / cell.width)
      rows = max(1, (area.height + 1) / cell.height)
    }

    var count: Int { perRow * rows }
  }

  private static func layout(_ view: PanelView) -> Layout {
    Layout(
      imageShape(view), in: view.area.inset().inset(columns: 1, rows: 0),
      hasMasks: pixels(view) != nil)
  }

  /// How many pixels each picture has, where every one of them has a class.
  private static func pixels(_ view: PanelView) -> Int? {
    guard let image = imageShape(view), let judged = view.lab.pictures?.judged else { return nil }
    let pixels = image[0] * image[1]
    guard pixels > 1, judged.count >= pixels, judged[0].row == judged[pixels - 1].row else {
      return nil
    }
    return pixels
  }

  private static func masks(_ view: PanelView) -> [JudgedMask]? {
    pixels(view).map { view.state.train.gallery.masks(view.lab.pictures, pixels: $0) }
  }

  /// What there is to choose from, in the order of the gallery; of a mask its worst pixel.
  private static func examples(_ view: PanelView) -> [JudgedExample] {
    masks(view)?.map(\.worst) ?? view.state.train.gallery.examples(view.lab.pictures)
  }

  static func examples(_ state: AppState) -> [JudgedExample] {
    examples(PanelView(state: state, area: state.body, isFocused: true))
  }

  private static func mask(_ state: AppState) -> JudgedMask? {
    let view = PanelView(state: state, area: state.body, isFocused: true)
    guard let masks = masks(view) else { return nil }
    return masks[safe: min(state.train.gallery.chosen, masks.count - 1)]
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let gallery = view.state.train.gallery
    let masks = masks(view)
    let examples = masks?.map(\.worst) ?? gallery.examples(view.lab.pictures)
    let title = title(view)
    guard !examples.isEmpty else {
      let inside = view.box(title, on: &grid)
      let why =
        view.lab.pictures?.judged.isEmpty ?? true
        ? "The examples come with the next news of the run."
        : "None is so now. Backspace shows all."
      grid.writeWrapped(.secondary(why), in: inside)
      return
    }
    let layout = layout(view)
    let chosen = min(gallery.chosen, examples.count - 1)
    let first = chosen / layout.count * layout.count
    let shown = examples.dropFirst(first).prefix(layout.count)
    let last = first + shown.count
    let inside = view.box(
      title,
      detail: Fitting.detail(
        [view.area.width < 30 ? "" : masks == nil ? "loss L" : "picture, what is said"],
        beside: title, in: view.area),
      note: .secondary(
        "\(NumberFormat.integer(first + 1))–\(NumberFormat.integer(last)) of "
          + "\(NumberFormat.integer(examples.count))\(last < examples.count ? " ↓" : "")"),
      on: &grid)
    guard let image = imageShape(view) else {
      drawTable(
        Array(shown), view, chosen: chosen - first, mark: mark(of: chosen, view),
        inside.inset(columns: -1, rows: 0), on: &grid)
      return
    }
    if let masks, let size = layout.image {
      if let legend = Fitting.first(JudgedMask.legends(grid.ability), width: inside.width),
        inside.height > layout.cell.height
      {
        grid.write(legend, at: Point(inside.x, inside.bottom - 1))
      }
      for (index, mask) in masks.dropFirst(first).prefix(layout.count).enumerated() {
        let place = Rect(
          inside.x + index % layout.perRow * layout.cell.width,
          inside.y + index / layout.perRow * layout.cell.height,
          layout.cell.width - 1, layout.cell.height)
        draw(
          mask, image, size, view,
          mark: index == chosen - first ? self.mark(of: chosen, view) : nil, in: place, on: &grid)
      }
      return
    }
    for (index, example) in shown.enumerated() {
      let width = inside.width / layout.perRow
      let place = Rect(
        inside.x + index % layout.perRow * width,
        inside.y + index / layout.perRow * layout.cell.height, width, layout.cell.height)
      draw(
        example, image, view, layout,
        mark: index == chosen - first ? mark(of: chosen, view) : nil, in: place, on: &grid)
    }
  }

  /// The ink of the sign at the chosen example: once one has gone on from the first it stands there
  /// also while the keys go elsewhere.
  private static func mark(of chosen: Int, _ view: PanelView) -> Ink? {
    view.isFocused ? .accent : chosen > 0 ? .secondary : nil
  }

  /// `Unseen, worst first`, `is 8, said 1`
  private static func title(_ view: PanelView) -> String {
    let gallery = view.state.train.gallery
    if let cell = gallery.cell {
      return "is \(name(cell.row, view.state)), said \(name(cell.column, view.state))"
    }
    let words = gallery.order.words
    let isShort = view.area.width < 40 && view.state.isCompact
    let isHeldBack = view.lab.settings?.data.validation != nil
    return isHeldBack && !isShort
      ? "Unseen, \(words)" : words.prefix(1).uppercased() + words.dropFirst()
  }

  /// [rows, columns] when the examples of the run are pictures of one channel or more.
  static func imageShape(_ view: PanelView) -> Shape? {
    if let opened = view.state.train.opened, let shape = opened.dataset.imageShape,
      shape.count == view.lab.network?.inputShape.count
    {
      return shape
    }
    guard let input = view.lab.network?.inputShape, input.rank == 3 else { return nil }
    return input
  }

  static func name(_ index: Int, _ state: AppState) -> String {
    name(index, of: state.lab.classNames)
  }

  private static func name(_ index: Int, of classes: [String]) -> String {
    classes.indices.contains(index) ? classes[index] : "\(index)"
  }

  private static func draw(
    _ example: JudgedExample, _ image: Shape, _ view: PanelView, _ layout: Layout,
    mark: Ink?, in area: Rect, on grid: inout CellGrid
  ) {
    guard let size = layout.image, let input = view.state.input(ofRow: example.row) else { return }
    picture(input, image).draw(
      in: Rect(area.x, area.y, size.width, min(size.height, area.height)), on: &grid)
    if let mark {
      for y in area.y..<min(area.bottom, area.y + size.height) {
        grid.put(grid.brackets.left, at: Point(area.x - 1, y), ink: mark)
      }
    }
    let lines: [StyledText] = [
      .secondary("is ") + .text(name(example.isClass, view.state)),
      .secondary("said ")
        + StyledText(
          name(example.saidClass, view.state),
          example.isRight ? .good : .bad),
      .secondary("p ") + .text(NumberFormat.fixed(example.probability, decimals: 2)),
      // In the room of the words above: a longer number would touch the next picture.
      .secondary("L ")
        + .text(NumberFormat.fixed(example.loss, decimals: example.loss < 9.995 ? 2 : 1)),
    ]
    if layout.isUpright {
      let upright = [lines[0] + " " + lines[1], lines[2], lines[3]]
      for (row, line) in upright.enumerated() {
        grid.write(line, at: Point(area.x, area.y + size.height + row), width: area.width - 1)
      }
      return
    }
    for (row, line) in lines.enumerated() where row < area.height {
      let x = area.x + size.width + 1
      grid.write(line, at: Point(x, area.y + row), width: area.right - x)
    }
  }

  /// A picture, what became of its pixels beside it, and how many of them are wrong below.
  private static func draw(
    _ mask: JudgedMask, _ image: Shape, _ size: Size, _ view: PanelView, mark: Ink?,
    in area: Rect, on grid: inout CellGrid
  ) {
    guard let input = view.state.input(ofRow: mask.row) else { return }
    let place = Rect(area.x, area.y, size.width, min(size.height, area.height))
    picture(input, image).draw(in: place, on: &grid)
    mask.draw(
      rows: image[0], columns: image[1],
      in: Rect(place.right + 1, place.y, place.width, place.height), on: &grid)
    if let mark {
      for y in place.y..<place.bottom {
        grid.put(grid.brackets.left, at: Point(area.x - 1, y), ink: mark)
      }
    }
    let count = NumberFormat.integer(mask.verdicts.count)
    let long =
      StyledText.text(NumberFormat.integer(mask.wrong)) + .secondary(" of \(count) wrong  L ")
      + .text(NumberFormat.compact(mask.loss, digits: 2))
    let short = StyledText.text(NumberFormat.integer(mask.wrong)) + .secondary(" wrong")
    grid.write(
      long.width <= area.width ? long : short, at: Point(area.x, place.bottom), width: area.width)
  }

  /// A picture of [rows, columns, channels], the first channel, as ink on paper.
  static func picture(_ numbers: [Float], _ shape: Shape) -> Heatmap {
    let channels = shape.rank > 2 ? shape[2] : 1
    let values = stride(from: 0, to: numbers.count, by: max(1, channels)).map { numbers[$0] }
    let low = min(0, values.min() ?? 0)
    let high = max(low + 1e-6, values.max() ?? 1)
    return Heatmap(
      values: values, rows: shape[0], columns: shape[1], scale: .ink(low, high), largestZoom: 1)
  }

  /// Draws such a picture.
  static func drawImage(
    _ numbers: [Float], _ shape: Shape, in area: Rect, on grid: inout CellGrid
  ) {
    picture(numbers, shape).draw(in: area, on: &grid)
  }

  private static func drawTable(
    _ examples: [JudgedExample], _ view: PanelView, chosen: Int, mark: Ink?, _ area: Rect,
    on grid: inout CellGrid
  ) {
    let classes = view.state.lab.classNames
    Table(
      columns: [
        .init("#", .cells(4), .trailing), .init("is", .share(1)), .init("said", .share(1)),
        .init("p", .cells(4), .trailing), .init("L", .cells(7), .trailing),
      ],
      rows: examples.map { example in
        [
          .secondary("\(example.row)"), .text(name(example.isClass, of: classes)),
          StyledText(
            name(example.saidClass, of: classes),
            example.isRight ? .good : .bad),
          .text(NumberFormat.fixed(example.probability, decimals: 2)),
          .text(NumberFormat.compact(example.loss, digits: 3)),
        ]
      }, gap: 1
    ).draw(in: area, on: &grid)
    if let mark {
      let line = Rect(area.x, area.y + 1 + chosen, area.width, 1)
      if view.isFocused { grid.highlight(line) }
      grid.put(grid.ability.glyphs == .ascii ? ">" : "▶", at: line.origin, ink: mark)
    }
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let panel = state.panels.first { $0.id == TrainPart.worst.rawValue }
    let view = PanelView(state: state, area: panel?.area ?? Rect(0, 0, 20, 10), isFocused: true)
    let (layout, count) = (layout(view), examples(view).count)
    var chosen = min(state.train.gallery.chosen, count - 1)
    switch key {
    case .left: chosen -= 1
    case .right: chosen += 1
    case .up, .character("k"): chosen -= layout.perRow
    case .down, .character("j"): chosen += layout.perRow
    case .pageUp: chosen -= layout.count
    case .pageDown: chosen += layout.count
    case .home: chosen = 0
    case .end: chosen = count - 1
    default: return nil
    }
    state.train.gallery.chosen = max(0, min(chosen, count - 1))
    return []
  }

  /// A click chooses the example under it.
  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let view = PanelView(state: state, area: area, isFocused: true)
    let layout = layout(view)
    let inside = area.inset().inset(columns: 1, rows: 0)
    let count = examples(view).count
    guard count > 0, inside.contains(point) else { return [] }
    let chosen = min(state.train.gallery.chosen, count - 1)
    let (x, y) = (point.x - inside.x, point.y - inside.y)
    let place: Int
    if layout.image == nil {
      place = y - 1
    } else {
      let width = pixels(view) == nil ? inside.width / layout.perRow : layout.cell.width
      let column = min(layout.perRow - 1, x / max(1, width))
      place = y / layout.cell.height * layout.perRow + column
    }
    let index = chosen / layout.count * layout.count + place
    guard (0..<layout.count).contains(place), index < count else { return [] }
    state.train.gallery.chosen = index
    return []
  }

  /// The example under the cursor.
  static func chosen(_ state: AppState) -> JudgedExample? {
    let examples = examples(state)
    return examples[safe: min(state.train.gallery.chosen, examples.count - 1)]
  }

  @Sendable static func nextOrder(_ state: inout AppState) -> [Effect] {
    let orders = GalleryView.Order.allCases
    let here = orders.firstIndex(of: state.train.gallery.order) ?? 0
    state.train.gallery.order = orders[(here + 1) % orders.count]
    state.train.gallery.chosen = 0
    return []
  }

  /// Puts the chosen example to the network: as a drawing where it can be drawn, else in words.
  @Sendable static func open(_ state: inout AppState) -> [Effect] {
    guard let example = chosen(state), let input = state.input(ofRow: example.row),
      let data = state.lab.settings?.data
    else {
      state.say("there is no example to open", .warning)
      return []
    }
    let shaped = Tensor(shape: [1, input.count], scalars: input)
    let raw = (data.scaler?.inverse(of: shaped) ?? shaped).scalars
    let canDraw =
      state.train.opened?.dataset.imageShape != nil || state.lab.network?.inputShape == [2]
    if canDraw {
      let effects = state.draw(from: .train)
      if state.take(raw) {
        state.data.judged = mask(state) == nil ? example : nil
        return effects + [.lab(.look(state.interest))]
      }
      if state.screen == .data { _ = state.endDrawing() }
    }
    state.overlay = .reader(Reader("example \(example.row)", words(example, raw, state)))
    return [.lab(.look(state.interest))]
  }

  private static func words(
    _ example: JudgedExample, _ raw: [Float], _ state: AppState
  ) -> [String] {
    let features = state.train.opened?.dataset.features ?? []
    let width = min(30, features.map { TextWidth.columns($0) }.max() ?? 8)
    let (isName, said) = (name(example.isClass, state), name(example.saidClass, state))
    let head = mask(state).map { mask in
      [
        "\(NumberFormat.integer(mask.wrong)) of \(NumberFormat.integer(mask.verdicts.count))"
          + " pixels are wrong; the mean of their losses is \(NumberFormat.compact(mask.loss, digits: 4))",
        "the worst pixel is \(isName); the run says \(said) with p = "
          + NumberFormat.fixed(example.probability, decimals: 4), "",
      ]
    }
    return
      (head ?? [
        "It is \(isName); the run says \(said) with p = "
          + NumberFormat.fixed(example.probability, decimals: 4),
        "loss -log p(\(isName)) = \(NumberFormat.compact(example.loss, digits: 4))", "",
      ])
      + raw.prefix(400).enumerated().map { index, value in
        let label = features[safe: index] ?? "x\(index)"
        return NumberFormat.padded(String(label.prefix(width)), to: width) + "  "
          + NumberFormat.compact(value, digits: 5)
      }
  }
}

extension AppState {
  /// Makes an example of the run what is drawn; false when nothing like it can be drawn.
  fileprivate mutating func take(_ raw: [Float]) -> Bool {
    switch data.drawing {
    case .picture(var picture):
      guard picture.ink.count == raw.count else { return false }
      // Its row counts among the unseen examples, not in the data set.
      picture.take(raw, example: nil)
      data.drawing = .picture(picture)
    case .points(var points):
      guard raw.count >= 2, let across = points.xAxis.place(of: Double(raw[0])),
        let up = points.yAxis.place(of: Double(raw[1]))
      else { return false }
      (points.across, points.up) = (min(1, max(0, across)), min(1, max(0, up)))
      data.drawing = .points(points)
    case nil: return false
    }
    return true
  }
}
