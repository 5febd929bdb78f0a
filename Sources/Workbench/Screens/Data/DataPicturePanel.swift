import Datasets
import Tensors
import TerminalGraphics

/// What the examples look like: points on a plane, or pictures.
enum DataPicturePanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let preview = view.state.data.preview else {
      let inside = view.box("Picture", on: &grid)
      grid.writeWrapped(
        .secondary(view.state.data.trouble ?? "Choose a data set to see it."), in: inside)
      return
    }
    let title = view.area.width < 46 ? view.state.data.name : "Picture"
    let inside = view.box(
      title, detail: detail(preview, view), note: note(preview, view), on: &grid)
    ViewStrip(preview: preview, chosen: view.state.data.view).draw(in: inside.row(0), on: &grid)
    let area = content(view.area, view.state)
    if let low = lowLegend(preview, view.area, view.state) {
      grid.write(low, at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
    switch view.state.data.view {
    case .plot:
      if let shape = preview.dataset.imageShape {
        drawGallery(preview, shape, area, view, on: &grid)
      } else if preview.dataset.vocabulary != nil {
        TokenGallery(preview: preview, area: area).draw(
          from: view.state.data.firstImage, on: &grid)
      } else {
        drawPoints(preview, area, view, on: &grid)
      }
    case .columns: ColumnsView(preview: preview, state: view.state).draw(in: area, on: &grid)
    case .pairs: PairsView(preview: preview, state: view.state).draw(in: area, on: &grid)
    case .classes: ClassesView(preview: preview, state: view.state).draw(in: area, on: &grid)
    case .advice: AdviceView(preview: preview, state: view.state).draw(in: area, on: &grid)
    }
  }

  /// Right in the upper border.
  private static func detail(_ preview: DataPreview, _ view: PanelView) -> StyledText {
    if view.state.data.view == .plot, let shape = preview.dataset.imageShape {
      return .secondary("\(shape[0]) × \(shape[1]) pixels")
    }
    if view.state.data.view == .plot, let words = preview.dataset.vocabulary {
      return .secondary("\(preview.dataset.exampleShape.count) tokens, \(words.count) words")
    }
    return view.state.data.view == .advice ? "" : legend(preview, view)
  }

  /// Right in the lower border.
  private static func note(_ preview: DataPreview, _ view: PanelView) -> StyledText {
    let area = content(view.area, view.state)
    switch view.state.data.view {
    case .plot:
      if preview.dataset.imageShape == nil, preview.dataset.vocabulary != nil {
        let shown = TokenGallery(preview: preview, area: area).shown(
          from: view.state.data.firstImage)
        return .secondary(
          "\(NumberFormat.integer(shown.lowerBound))–\(NumberFormat.integer(shown.upperBound - 1)) of "
            + NumberFormat.integer(preview.dataset.count))
      }
      guard let shape = preview.dataset.imageShape else { return "" }
      let (first, last) = gallery(preview, shape, area, view.state)
      return .secondary(
        "\(NumberFormat.integer(first))–\(NumberFormat.integer(last - 1)) of "
          + NumberFormat.integer(preview.dataset.count))
    case .columns:
      return .secondary(ColumnsView(preview: preview, state: view.state).note(in: area))
    case .pairs: return .secondary(PairsView(preview: preview, state: view.state).note(in: area))
    case .classes: return ""
    case .advice: return .secondary(AdviceView(preview: preview, state: view.state).note(in: area))
    }
  }

  /// Where the view is drawn: below the strip, above the legend.
  private static func content(_ area: Rect, _ state: AppState) -> Rect {
    let hasLegend = state.data.preview.flatMap { lowLegend($0, area, state) } != nil
    return area.inset().inset(columns: 1, rows: 0).trimmed(top: 1, bottom: hasLegend ? 1 : 0)
  }

  /// The classes with their marks and counts.
  private static func legend(_ preview: DataPreview, _ view: PanelView) -> StyledText {
    guard let classes = preview.dataset.task.classes else {
      return .secondary(preview.dataset.targetName)
    }
    let counts = preview.dataset.classCounts
    let full = StyledText.joined(
      classes.indices.map { group in
        DotCloud.mark(of: group, among: classes.count, ability: view.state.ability)
          + .text(" \(classes[group]): ") + .secondary(NumberFormat.integer(counts[group]))
      }, separator: "  ")
    if full.width < view.area.width - 18 { return full }
    let short = names(classes, view.state)
    return short.width < view.area.width - 18
      ? short : .secondary("\(classes.count) classes")
  }

  private static func names(_ classes: [String], _ state: AppState) -> StyledText {
    StyledText.joined(
      classes.indices.map { group in
        DotCloud.mark(of: group, among: classes.count, ability: state.ability)
          + .text(" \(classes[group])")
      }, separator: " ")
  }

  /// The marks of the classes in a line below the view, where the border has no room for them.
  private static func lowLegend(
    _ preview: DataPreview, _ area: Rect, _ state: AppState
  ) -> StyledText? {
    guard let classes = preview.dataset.task.classes, preview.dataset.imageShape == nil,
      [.plot, .columns, .pairs].contains(state.data.view),
      state.data.view != .plot || preview.dataset.vocabulary == nil, classes.count > 1,
      area.height > 12
    else { return nil }
    let names = names(classes, state)
    return names.width >= area.width - 18 && names.width <= area.width - 4 ? names : nil
  }

  // MARK: Points

  private static func columns(_ state: AppState, _ preview: DataPreview) -> (Int, Int?) {
    let count = preview.dataset.features.count
    let across = max(0, min(state.data.across, count - 1))
    // A number over an input; classes over two inputs.
    guard preview.dataset.task.classes != nil, count > 1 else { return (across, nil) }
    let up = max(0, min(state.data.up, count - 1))
    return (across, up)
  }

  private static func drawPoints(
    _ preview: DataPreview, _ inside: Rect, _ view: PanelView, on grid: inout CellGrid
  ) {
    let dataset = preview.dataset
    let (across, up) = columns(view.state, preview)
    let isOne = dataset.task.classes != nil && up == nil
    let dots = dataset.spreadRows(limit: 4000).map { row in
      ScatterPlot.Dot(
        x: preview.input(across, of: row),
        y: isOne
          ? Float(preview.group(of: row))
          : up.map { preview.input($0, of: row) } ?? preview.target(of: row),
        group: preview.group(of: row))
    }
    let picture = inside.trimmed(top: 1, bottom: 1)
    guard picture.height > 1 else { return }
    let cloud = DotCloud(
      dots: dots, xAxis: DataPreview.axis(dots.map(\.x)), yAxis: DataPreview.axis(dots.map(\.y)),
      groups: preview.groupCount)
    drawZeros(cloud, in: picture, on: &grid)
    cloud.draw(in: picture, on: &grid)
    let name = up.map { dataset.features[$0] } ?? (isOne ? "class" : dataset.targetName)
    grid.write(
      .secondary("up: ") + .text(name) + .secondary(" \(range(dots.map(\.y)))"),
      at: inside.origin, width: inside.width)
    var below: StyledText =
      .secondary("across: ") + .text(dataset.features[across])
      + .secondary(" \(range(dots.map(\.x)))")
    if dataset.features.count > 2 || (up == nil && dataset.features.count > 1) {
      below += "  " + .accent(up == nil ? "← →" : "← → ↑ ↓")
    }
    grid.write(below, at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  /// From the least to the most of what is drawn: the picture has a margin around it.
  private static func range(_ values: [Float]) -> String {
    let axis = Axis(fitting: values)
    return "\(NumberFormat.compact(axis.low, digits: 3)) … "
      + NumberFormat.compact(axis.high, digits: 3)
  }

  /// Faint lines where an input is 0.
  private static func drawZeros(_ cloud: DotCloud, in area: Rect, on grid: inout CellGrid) {
    if let across = cloud.xAxis.place(of: 0), (0..<1).contains(across) {
      let x = area.x + Int(across * Double(area.width))
      for y in area.y..<area.bottom { grid.put("┊", at: Point(x, y), ink: .border) }
    }
    if let up = cloud.yAxis.place(of: 0), (0..<1).contains(up) {
      let y = area.bottom - 1 - Int(up * Double(area.height))
      for x in area.x..<area.right { grid.put("┈", at: Point(x, y), ink: .border) }
    }
  }

  // MARK: Pictures

  private static func perRow(_ area: Rect, _ shape: Shape) -> Int {
    max(1, (area.width + 2) / (shape[1] + 2))
  }

  /// The first picture shown, and the one after the last.
  private static func gallery(
    _ preview: DataPreview, _ shape: Shape, _ area: Rect, _ state: AppState
  ) -> (first: Int, end: Int) {
    let columns = perRow(area, shape)
    let rows = max(1, area.height / ((shape[0] + 1) / 2 + 1))
    let count = preview.dataset.count
    let first = max(0, min(state.data.firstImage, count - 1)) / columns * columns
    return (first, min(count, first + rows * columns))
  }

  private static func drawGallery(
    _ preview: DataPreview, _ shape: Shape, _ inside: Rect, _ view: PanelView,
    on grid: inout CellGrid
  ) {
    let height = (shape[0] + 1) / 2 + 1
    let columns = perRow(inside, shape)
    let (first, last) = gallery(preview, shape, inside, view.state)
    let width = preview.dataset.exampleShape.count
    let pitch = inside.width / columns
    for (index, row) in (first..<last).enumerated() {
      let x = inside.x + index % columns * pitch
      let y = inside.y + index / columns * height
      let pixels = preview.dataset.inputs.scalars[row * width..<(row + 1) * width]
      WorstPanel.drawImage(
        Array(pixels), shape, in: Rect(x, y, min(shape[1], inside.right - x), height - 1),
        on: &grid)
      let names = preview.dataset.task.classes ?? []
      let group = preview.group(of: row)
      let label = names.isEmpty ? NumberFormat.compact(preview.target(of: row)) : names[group]
      grid.write(
        .secondary("is ") + .text(label), at: Point(x, y + height - 1), width: pitch)
    }
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    guard let preview = state.data.preview else { return nil }
    let area = state.panels.first { $0.id == DataPart.picture.rawValue }.map {
      content($0.area, state)
    }
    switch state.data.view {
    case .plot: break
    case .columns: return ColumnsView.press(key, area, &state)
    case .pairs: return PairsView.press(key, &state)
    case .classes: return nil
    case .advice: return AdviceView.press(key, area, &state)
    }
    if preview.dataset.imageShape != nil || preview.dataset.vocabulary != nil {
      return scroll(key, preview, &state)
    }
    let count = preview.dataset.features.count
    guard count > 1 else { return nil }
    func next(_ column: Int, _ places: Int) -> Int { (column + places + count) % count }
    switch key {
    case .left: state.data.across = next(state.data.across, -1)
    case .right: state.data.across = next(state.data.across, 1)
    case .up: state.data.up = next(state.data.up, 1)
    case .down: state.data.up = next(state.data.up, -1)
    default: return nil
    }
    return []
  }

  private static func scroll(
    _ key: Key, _ preview: DataPreview, _ state: inout AppState
  ) -> [Effect]? {
    var first = state.data.firstImage
    // A row of the gallery as it is laid out now.
    let area = state.panels.first { $0.id == DataPart.picture.rawValue }.map {
      content($0.area, state)
    }
    let isText = preview.dataset.imageShape == nil && preview.dataset.vocabulary != nil
    let row =
      isText
      ? 1 : area.flatMap { area in preview.dataset.imageShape.map { perRow(area, $0) } } ?? 4
    switch key {
    case .up, .character("k"): first -= row
    case .down, .character("j"): first += row
    case .pageUp: first -= 4 * row
    case .pageDown: first += 4 * row
    case .home: first = 0
    case .end: first = preview.dataset.count - 1
    default: return nil
    }
    state.data.firstImage = max(0, min(first, preview.dataset.count - 1))
    return []
  }

  /// A click on the strip chooses a view.
  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    guard let preview = state.data.preview else { return [] }
    let strip = ViewStrip(preview: preview, chosen: state.data.view)
    let line = area.inset().inset(columns: 1, rows: 0).row(0)
    if let view = strip.view(at: point, in: line) { state.data.view = view }
    return []
  }
}
