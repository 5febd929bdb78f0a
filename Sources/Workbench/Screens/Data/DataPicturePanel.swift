import Datasets
import TerminalGraphics
import Tensors

/// What the examples look like: points on a plane, or pictures.
enum DataPicturePanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let preview = view.state.data.preview else {
      let inside = view.box("Picture", on: &grid)
      grid.writeWrapped(
        .secondary(view.state.data.trouble ?? "Choose a data set to see it."), in: inside)
      return
    }
    let title = view.area.width < 46 ? preview.dataset.name : "Picture"
    if let shape = preview.dataset.imageShape {
      drawGallery(preview, shape, title, view, on: &grid)
    } else {
      drawPoints(preview, title, view, on: &grid)
    }
  }

  private static func legend(_ preview: DataPreview, _ view: PanelView) -> StyledText {
    guard let classes = preview.dataset.task.classes else {
      return .secondary(preview.dataset.targetName)
    }
    let counts = preview.dataset.classCounts
    let full = StyledText.joined(
      classes.indices.map { group in
        DotCloud.mark(of: group, ability: view.state.ability)
          + .text(" \(classes[group]) ") + .secondary(NumberFormat.integer(counts[group]))
      }, separator: "  ")
    if full.width < view.area.width - 18 { return full }
    let short = StyledText.joined(
      classes.indices.map { group in
        DotCloud.mark(of: group, ability: view.state.ability) + .text(" \(classes[group])")
      }, separator: " ")
    return short.width < view.area.width - 18
      ? short : .secondary("\(classes.count) classes")
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
    _ preview: DataPreview, _ title: String, _ view: PanelView, on grid: inout CellGrid
  ) {
    let dataset = preview.dataset
    let (across, up) = columns(view.state, preview)
    let inside = view.box(title, detail: legend(preview, view), on: &grid)
    let isOne = dataset.task.classes != nil && up == nil
    let dots = (0..<dataset.count).map { row in
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
      dots: dots, xAxis: axis(dots.map(\.x)), yAxis: axis(dots.map(\.y)))
    drawZeros(cloud, in: picture, on: &grid)
    cloud.draw(in: picture, on: &grid)
    let name = up.map { dataset.features[$0] } ?? (isOne ? "class" : dataset.targetName)
    grid.write(
      .secondary("up: ") + .text(name) + .secondary(" \(words(cloud.yAxis))"),
      at: inside.origin, width: inside.width)
    var below: StyledText =
      .secondary("across: ") + .text(dataset.features[across])
      + .secondary(" \(words(cloud.xAxis))")
    if dataset.features.count > 2 || (up == nil && dataset.features.count > 1) {
      below += "  " + .accent(up == nil ? "← →" : "← → ↑ ↓")
    }
    grid.write(below, at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  /// The axis with a margin.
  private static func axis(_ values: [Float]) -> Axis {
    let tight = Axis(fitting: values)
    let margin = (tight.high - tight.low) * 0.05
    return Axis(low: tight.low - margin, high: tight.high + margin)
  }

  private static func words(_ axis: Axis) -> String {
    "\(NumberFormat.compact(axis.low, digits: 3)) … \(NumberFormat.compact(axis.high, digits: 3))"
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

  private static func drawGallery(
    _ preview: DataPreview, _ shape: Shape, _ title: String, _ view: PanelView,
    on grid: inout CellGrid
  ) {
    let height = (shape[0] + 1) / 2 + 1
    let area = view.area.inset().inset(columns: 1, rows: 0)
    let columns = perRow(area, shape)
    let rows = max(1, area.height / height)
    let count = preview.dataset.count
    let first = max(0, min(view.state.data.firstImage, count - 1)) / columns * columns
    let last = min(count, first + rows * columns)
    let inside = view.box(
      title, detail: .secondary("\(shape[0]) × \(shape[1]) pixels"),
      note: "\(NumberFormat.integer(first))–\(NumberFormat.integer(last - 1)) of "
        + "\(StyledText.text(NumberFormat.integer(count)).plain)", on: &grid)
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
    if preview.dataset.imageShape != nil { return scroll(key, preview, &state) }
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
    let row = 4
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
}
