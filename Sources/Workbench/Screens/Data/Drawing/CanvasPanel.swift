import Datasets
import TerminalGraphics
import Training

/// Where one draws: a picture pixel by pixel, or points on a plane.
enum CanvasPanel {
  /// The rows below the canvas that say where the cursor is and which keys draw.
  ///
  /// - Parameter rows: those of the picture: a line of keys gives way where its pixels become larger.
  private static func footHeight(_ area: Rect, rows: Int) -> Int {
    let foot = area.height >= 24 ? 5 : area.height >= 20 ? 4 : area.height >= 12 ? 3 : 1
    let room = area.height - 2 - foot
    return foot > 3 && (room + 1) / rows > room / rows ? foot - 1 : foot
  }

  private static func canvas(_ area: Rect, _ state: AppState) -> Rect {
    area.inset().inset(columns: 1, rows: 0).trimmed(bottom: footHeight(area, rows: rows(state)))
  }

  private static func rows(_ state: AppState) -> Int {
    if case .picture(let picture) = state.data.drawing { max(1, picture.rows) } else { 1_000 }
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    switch view.state.data.drawing {
    case .picture(let picture): draw(picture, view, on: &grid)
    case .points(let points): draw(points, view, on: &grid)
    case nil: break
    }
  }

  private static func drawFoot(
    _ lines: [StyledText], _ view: PanelView, on grid: inout CellGrid
  ) {
    let inside = view.area.inset().inset(columns: 1, rows: 0)
    let height = footHeight(view.area, rows: rows(view.state))
    let shown = lines.prefix(height)
    for (row, line) in shown.enumerated() {
      grid.write(
        line, at: Point(inside.x, inside.bottom - shown.count + row), width: inside.width)
    }
  }

  /// The first of several texts that has room.
  private static func fitting(_ width: Int, _ texts: StyledText...) -> StyledText {
    texts.first { $0.width <= width } ?? texts.last?.truncated(to: width) ?? ""
  }

  // MARK: A picture

  private static func draw(
    _ picture: PictureDrawing, _ view: PanelView, on grid: inout CellGrid
  ) {
    let inside = view.box(
      view.state.judgedTitle ?? "Draw",
      detail: .secondary(
        "\(picture.rows) × \(picture.columns), ink "
          + "\(NumberFormat.compact(picture.range.lowerBound, digits: 2)) … "
          + NumberFormat.compact(picture.range.upperBound, digits: 2)), on: &grid)
    let area = canvas(view.area, view.state)
    let sheet = PictureSheet(picture: picture, area: area)
    sheet.draw(on: &grid)
    drawEdge(sheet.size, area, on: &grid)
    sheet.drawCursor(on: &grid)
    let ink = picture.input[picture.row * picture.columns + picture.column]
    let place =
      StyledText.secondary("pixel ") + .text("[\(picture.row), \(picture.column)]")
      + .secondary(" ink ") + .text(NumberFormat.compact(ink, digits: 3))
    let brush =
      StyledText.secondary("  brush ") + .text(picture.isSoft ? "soft" : "hard")
      + (picture.isDown ? .accent("  pen down") : .secondary("  pen up"))
    let width = inside.width
    drawFoot(
      [
        fitting(width, place + brush, place),
        fitting(
          width,
          .hint("Space", "ink") + "  " + .hint("x", "erase") + "  " + .hint("p", "pen")
            + "  " + .hint("c", "clear") + "  " + .hint("g", "get one"),
          .hint("Space", "ink") + " " + .hint("x", "erase") + " " + .hint("p", "pen"),
          .hint("Space", "ink")),
        fitting(
          width, .secondary("the mouse draws; its right button erases"),
          .secondary("mouse: draw, right: erase")),
        fitting(
          width,
          .hint("H J K L", "shift it") + "  " + .hint("b", "soft or hard")
            + "  " + .hint("u", "undo"), .hint("H J K L", "shift it") + "  " + .hint("u", "undo"),
          .hint("u", "undo")),
        fitting(width, exampleWords(picture, view.state), ""),
      ], view, on: &grid)
  }

  private static func exampleWords(_ picture: PictureDrawing, _ state: AppState) -> StyledText {
    guard let row = picture.example, let dataset = state.data.preview?.dataset,
      row < dataset.count
    else { return "" }
    return .secondary("began with example ") + .text("\(row)") + .secondary(", a ")
      + .text(dataset.answer(row))
  }

  /// A faint line right of the paper and below it, where no color says where it ends.
  private static func drawEdge(_ size: Size, _ area: Rect, on grid: inout CellGrid) {
    guard !grid.ability.hasBackgrounds, size.width < area.width else { return }
    for y in 0..<size.height {
      grid.put("│", at: Point(area.x + size.width, area.y + y), ink: .border)
    }
    guard size.height < area.height else { return }
    for x in 0..<size.width {
      grid.put("─", at: Point(area.x + x, area.y + size.height), ink: .border)
    }
    grid.put("╯", at: Point(area.x + size.width, area.y + size.height), ink: .border)
  }

  // MARK: Points

  private static func draw(
    _ drawing: PointsDrawing, _ view: PanelView, on grid: inout CellGrid
  ) {
    let count = drawing.points?.points.count ?? 0
    let field = DecisionField(drawing, view.state)
    let said = field == nil ? "" : view.area.width >= 48 ? "behind: the run" : ""
    let points =
      drawing.points == nil
      ? "" : "\(NumberFormat.integer(count)) point\(count == 1 ? "" : "s")"
    let inside = view.box(
      view.state.judgedTitle ?? (drawing.points == nil ? "Ask" : "Draw points"),
      detail: .secondary([points, said].filter { !$0.isEmpty }.joined(separator: " · ")),
      on: &grid)
    let area = canvas(view.area, view.state)
    field?.draw(in: area, on: &grid)
    let dots = (drawing.points?.points ?? []).map {
      ScatterPlot.Dot(x: $0.x, y: $0.y, group: $0.group)
    }
    DotCloud(
      dots: dots, xAxis: drawing.xAxis, yAxis: drawing.yAxis, groups: drawing.classes.count
    ).draw(in: area, on: &grid)
    let cursor = point(drawing, in: area)
    let ink: Ink = drawing.points == nil ? .accent : .series(drawing.group)
    for x in [-1, 1] { grid.put("─", at: Point(cursor.x + x, cursor.y), ink: .accent) }
    grid.put("◆", at: cursor, ink: ink, attributes: .bold)
    let width = inside.width
    let place =
      StyledText.secondary("\(drawing.names.first ?? "x₁") ")
      + .text(NumberFormat.fixed(drawing.x, decimals: 2))
      + .secondary("  \(drawing.names.last ?? "x₂") ")
      + .text(NumberFormat.fixed(drawing.y, decimals: 2))
    let next: StyledText =
      drawing.classes.indices.contains(drawing.group)
      ? .secondary("  next: ")
        + DotCloud.mark(
          of: drawing.group, among: drawing.classes.count, ability: grid.ability)
        + .text(" \(drawing.classes[drawing.group])") : ""
    drawFoot(
      [fitting(width, place + next, place)] + keys(drawing, width), view, on: &grid)
  }

  private static func keys(_ drawing: PointsDrawing, _ width: Int) -> [StyledText] {
    guard drawing.points != nil else {
      return [
        fitting(
          width, .secondary("arrows or the mouse move the cursor"), .secondary("arrows move")),
        fitting(
          width, .secondary("targets are numbers: no points to draw"),
          .secondary("targets are numbers")),
      ]
    }
    return [
      fitting(
        width,
        .hint("Space", "add") + "  " + .hint("x", "remove") + "  " + .hint("a", "class")
          + "  " + .hint("c", "clear all"),
        .hint("Space", "add") + " " + .hint("x", "remove") + " " + .hint("a", "class"),
        .hint("Space", "add")),
      fitting(
        width, .secondary("the mouse adds; its right button removes"),
        .secondary("mouse: add, right: remove")),
      fitting(
        width, .hint("+ -", "more, fewer classes") + "  " + .hint("H J K L", "five steps"),
        .hint("+ -", "classes")),
      fitting(
        width, .hint("Enter", "keep as a data set and learn from it"),
        .hint("Enter", "keep and use")),
    ]
  }

  private static func point(_ drawing: PointsDrawing, in area: Rect) -> Point {
    Point(
      area.x + min(area.width - 1, Int(drawing.across * Double(area.width))),
      area.bottom - 1 - min(area.height - 1, Int(drawing.up * Double(area.height))))
  }

  /// How far an arrow moves on the plane: a cell of the canvas.
  static func step(_ state: AppState) -> (across: Double, up: Double) {
    guard let panel = state.panels.first(where: { $0.id == DataPart.canvas.rawValue }),
      !panel.area.isEmpty
    else { return (0.02, 0.05) }
    let area = canvas(panel.area, state)
    return (1 / Double(max(1, area.width)), 1 / Double(max(1, area.height)))
  }

  // MARK: Mouse

  static func mouse(_ mouse: Mouse, _ area: Rect, _ state: inout AppState) -> [Effect]? {
    guard mouse.action == .press || mouse.action == .drag else { return [] }
    guard mouse.button == .left || mouse.button == .right else { return nil }
    state.focus[.data] = DataPart.canvas.rawValue
    let place = canvas(area, state)
    let isErasing = mouse.button == .right
    // A stroke is taken back as a whole.
    return DrawingKeys.change(&state, keepsPast: mouse.action == .press) { drawing in
      switch drawing {
      case .picture(var picture):
        let sheet = PictureSheet(picture: picture, area: place)
        guard let pixel = sheet.pixel(at: mouse.point) else { return }
        (picture.row, picture.column) = pixel
        if isErasing {
          picture.erase(pixel.row, pixel.column)
        } else {
          picture.paint(pixel.row, pixel.column)
        }
        drawing = .picture(picture)
      case .points(var points):
        guard place.contains(mouse.point) else { return }
        let before = point(points, in: place)
        points.across = (Double(mouse.point.x - place.x) + 0.5) / Double(place.width)
        points.up = (Double(place.bottom - 1 - mouse.point.y) + 0.5) / Double(place.height)
        // A drag adds a point in each cell it comes to.
        if mouse.action == .press || before != mouse.point {
          if isErasing { _ = points.removeNearest() } else { points.add() }
        }
        drawing = .points(points)
      }
    }
  }
}
