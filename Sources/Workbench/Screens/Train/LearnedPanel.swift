import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What the network gives over the plane of two inputs, and the unseen points on it.
enum LearnedPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let plane = view.lab.pictures?.plane, let settings = view.lab.settings else {
      let inside = view.box(TrainPart.learned.title, on: &grid)
      grid.writeWrapped(.secondary("The picture comes with the next news of the run."), in: inside)
      return
    }
    let classes = settings.data.classes
    let outputs = view.lab.network?.outputShape.last ?? 1
    let isShort = view.area.width < 40
    let inside = view.box(
      isShort ? "Learned" : TrainPart.learned.title,
      detail: isShort ? rightWords(view, isShort: true) : .text(quantity(classes, outputs)),
      on: &grid)
    let lines = isShort ? 1 : 2
    let picture = inside.trimmed(bottom: lines)
    field(plane, in: picture).draw(in: picture, on: &grid)
    ScatterPlot(
      dots: plane.points.map { dot($0, classes) },
      xAxis: axis(plane.across), yAxis: axis(plane.up), isOverPicture: true
    ).draw(in: picture, on: &grid)
    let features = view.state.train.opened?.dataset.features ?? []
    let names = features.count == 2 ? (features[0], features[1]) : ("x₁", "x₂")
    let limit = NumberFormat.compact(plane.across.upperBound, digits: 2)
    let axes = "across \(names.0), up \(names.1), ±\(limit)"
    let part = settings.data.validation == nil ? "points" : "unseen"
    let key = legend(classes, outputs, view.state.ability)
    let words: StyledText =
      isShort
      ? key + .secondary("±\(limit)")
      : key + .secondary("\(part); \(axes)")
    grid.write(words, at: Point(inside.x, picture.bottom), width: inside.width)
    if !isShort {
      grid.write(
        rightWords(view, isShort: false), at: Point(inside.x, picture.bottom + 1),
        width: inside.width)
    }
  }

  /// What the color means.
  private static func quantity(_ classes: [String], _ outputs: Int) -> String {
    if outputs == 1 { return classes.count == 2 ? "2 p(\(classes[1])) − 1" : "2y − 1" }
    if outputs == 2, classes.count == 2 { return "p(\(classes[1])) − p(\(classes[0]))" }
    return "largest p − second"
  }

  /// The field as large as the area, each place the color of the nearest computed one.
  private static func field(_ plane: PlanePicture, in area: Rect) -> Heatmap {
    let (rows, columns) = Heatmap.resolution(of: area)
    let (height, width) = (plane.field.shape[0], plane.field.shape[1])
    let values = (0..<rows).flatMap { row in
      (0..<columns).map { column in
        plane.field.scalars[row * height / rows * width + column * width / columns]
      }
    }
    return Heatmap(values: values, rows: rows, columns: columns, scale: .diverging(limit: 1))
  }

  private static func axis(_ range: ClosedRange<Float>) -> Axis {
    Axis(low: Double(range.lowerBound), high: Double(range.upperBound))
  }

  private static func dot(_ point: PlanePoint, _ classes: [String]) -> ScatterPlot.Dot {
    let number = point.target.classNumber ?? 0
    return ScatterPlot.Dot(
      x: point.x, y: point.y, group: classes.indices.contains(number) ? number : 0)
  }

  private static func legend(
    _ classes: [String], _ outputs: Int, _ ability: Ability
  ) -> StyledText {
    guard classes.count > 1 else { return "" }
    return classes.prefix(4).enumerated().reduce(StyledText()) { text, entry in
      let mark = String(Character(ScatterPlot.mark(of: entry.offset, ability: ability)))
      let isTwo = classes.count == 2 && ability.depth != .none
      let ink: Ink = isTwo ? (entry.offset == 1 ? .positive : .negative) : .text
      return text + StyledText("\(isTwo ? "■" : "")\(mark) \(entry.element) ", ink)
    }
  }

  /// `77 of 80 right (val_accuracy 0.963)`
  static func rightWords(_ view: PanelView, isShort: Bool) -> StyledText {
    guard let pictures = view.lab.pictures, let right = pictures.right, pictures.unseenCount > 0
    else { return "" }
    let count = NumberFormat.integer(pictures.unseenCount)
    let digits = count.count
    let first = StyledText.strong(
      NumberFormat.padded(NumberFormat.integer(right), to: isShort ? 0 : digits) + " of \(count)")
    guard !isShort else {
      return first.inked(.secondary) + .secondary(view.area.width < 30 ? "" : " right")
    }
    let share = NumberFormat.fixed(
      Double(right) / Double(pictures.unseenCount), decimals: 3)
    let name = view.lab.settings?.data.validation == nil ? "accuracy" : "val_accuracy"
    return first + .secondary(" right (\(name) ") + .text(share) + .secondary(")")
  }
}
