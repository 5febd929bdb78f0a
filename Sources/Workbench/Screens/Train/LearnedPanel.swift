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
    let classes = view.lab.shownClasses
    let isShort = view.area.width < 40
    let right = rightWords(view, isShort: isShort)
    let title = isShort ? "Learned" : TrainPart.learned.title
    let meanings = quantities(plane.meaning, classes, view.state.ability)
    let inside = view.box(
      title,
      detail: isShort && !right.isEmpty
        ? right : Fitting.detail(meanings, beside: title, in: view.area),
      on: &grid)
    let lines = isShort || right.isEmpty ? 1 : 2
    let picture = inside.trimmed(bottom: lines)
    drawField(plane, in: picture, on: &grid)
    drawPoints(plane, classes, in: picture, on: &grid)
    let names = LayersPanel.axes(view.state)
    let limit = NumberFormat.compact(plane.across.upperBound, digits: 2)
    let part = settings.data.validation == nil ? "points" : "unseen"
    let key = legend(plane, classes, view.state.ability)
    let long = key + .secondary("\(part); across \(names.across), up \(names.up), ±\(limit)")
    let short = key + .secondary("\(names.across) × \(names.up), ±\(limit)")
    let words = [long, short, key + .secondary("±\(limit)")].map {
      $0.spelled(for: grid.ability.glyphs)
    }.first { $0.width <= inside.width }
    grid.write(words ?? key, at: Point(inside.x, picture.bottom), width: inside.width)
    if lines > 1 {
      grid.write(right, at: Point(inside.x, picture.bottom + 1), width: inside.width)
    }
  }

  /// What the color means, the shorter ways last.
  private static func quantities(
    _ meaning: PlanePicture.Meaning, _ classes: [String], _ ability: Ability
  ) -> [String] {
    switch meaning {
    case .probability, .difference:
      return ["p(\(classes[safe: 0] ?? "0")) − p(\(classes[safe: 1] ?? "1"))"]
    case .margin:
      // Sixteen colors have no faint ones.
      guard !ability.hasHalfBlocks || ability.depth == .direct || ability.depth == .indexed else {
        return ["the likeliest class", "likeliest"]
      }
      let unsure = ability.hasHalfBlocks ? "faint: unsure" : "blank: unsure"
      return ["the likeliest class; \(unsure)", unsure]
    case .value: return ["ŷ"]
    }
  }

  // MARK: The field

  private static func scale(_ plane: PlanePicture) -> ColorScale {
    guard plane.meaning == .value else { return .diverging(limit: 1) }
    let targets = plane.points.map { $0.target - plane.center }.filter(\.isFinite)
    let limit = (plane.parted.filter(\.isFinite) + targets).map(abs).max() ?? 1
    return .diverging(limit: Float(RoundLimits.above(Double(max(limit, 1e-6)))))
  }

  /// Each place the color of the nearest computed one.
  static func drawField(_ plane: PlanePicture, in area: Rect, on grid: inout CellGrid) {
    let (height, width) = (plane.field.shape[0], plane.field.shape[1])
    guard plane.meaning == .margin else {
      Heatmap(
        values: plane.parted, rows: height, columns: width, scale: scale(plane)
      ).drawFilling(area, on: &grid)
      return
    }
    let rows = area.height * 2
    func place(_ row: Int, _ column: Int) -> Int {
      row * height / rows * width + column * width / max(1, area.width)
    }
    for y in 0..<area.height {
      for x in 0..<area.width {
        let (upper, lower) = (place(2 * y, x), place(2 * y + 1, x))
        let point = Point(area.x + x, area.y + y)
        if grid.ability.hasHalfBlocks {
          grid.put("▀", at: point, ink: ink(plane, upper), background: ink(plane, lower))
        } else {
          let isSure = plane.field.scalars[upper] > 0.3
          let group = plane.winners[safe: upper] ?? 0
          grid.put(
            isSure ? texture(group, grid.ability) : " ", at: point, ink: .series(group))
        }
      }
    }
  }

  /// A class's hue where it is surely the likeliest, the same faded where it is not.
  private static func ink(_ plane: PlanePicture, _ place: Int) -> Ink {
    let group = plane.winners[safe: place] ?? 0
    return plane.field.scalars[place] > 0.3 ? .series(group) : .faded(group)
  }

  /// What fills a class's area where cells have no color.
  private static func texture(_ group: Int, _ ability: Ability) -> Unicode.Scalar {
    let textures: [Unicode.Scalar] =
      ability.glyphs == .ascii
      ? [".", ":", "-", "=", "~", "'"] : ["░", "▒", "▓", "·", ":", "-"]
    return textures[group % textures.count]
  }

  private static func drawPoints(
    _ plane: PlanePicture, _ classes: [String], in area: Rect, on grid: inout CellGrid
  ) {
    guard plane.meaning == .value, classes.isEmpty else {
      ScatterPlot(
        dots: plane.points.map { dot($0, classes) }, xAxis: axis(plane.across),
        yAxis: axis(plane.up), isOverPicture: true
      ).draw(in: area, on: &grid)
      return
    }
    // The field has a color of its own under each point: what it should be the mark says.
    let plot = ScatterPlot(dots: [], xAxis: axis(plane.across), yAxis: axis(plane.up))
    for point in plane.points {
      guard let cell = plot.point(x: point.x, y: point.y, in: area) else { continue }
      grid.put(
        mark(of: point.target > plane.center, grid.ability), at: cell,
        ink: grid.ability.hasBackgrounds ? .contrast : .text)
    }
  }

  /// The mark of a target above the center, and of one at or below it.
  private static func mark(of isHigh: Bool, _ ability: Ability) -> Unicode.Scalar {
    guard ability.hasBackgrounds else { return isHigh ? "+" : "-" }
    return ScatterPlot.mark(of: isHigh ? 0 : 1, ability: ability)
  }

  private static func axis(_ range: ClosedRange<Float>) -> Axis {
    Axis(low: Double(range.lowerBound), high: Double(range.upperBound))
  }

  private static func dot(_ point: PlanePoint, _ classes: [String]) -> ScatterPlot.Dot {
    let number = point.target.classNumber ?? 0
    return ScatterPlot.Dot(
      x: point.x, y: point.y, group: classes.indices.contains(number) ? number : 0)
  }

  // MARK: Words

  private static func legend(
    _ plane: PlanePicture, _ classes: [String], _ ability: Ability
  ) -> StyledText {
    if plane.meaning == .value {
      let scale = scale(plane)
      let (low, high) = (
        NumberFormat.compact(plane.center - scale.high, digits: 2),
        NumberFormat.compact(plane.center + scale.high, digits: 2)
      )
      let below = StyledText.text(String(Character(mark(of: false, ability))) + " ")
      let above = StyledText.text(" " + String(Character(mark(of: true, ability))) + "  ")
      return below + LayersPanel.swatches(scale, low, high, ability) + above
    }
    guard classes.count > 1 else { return "" }
    return classes.prefix(6).enumerated().reduce(StyledText()) { text, entry in
      let mark = String(Character(ScatterPlot.mark(of: entry.offset, ability: ability)))
      let isTwo = plane.meaning != .margin
      let ink: Ink =
        ability.depth == .none
        ? .text
        : isTwo ? (entry.offset == 0 ? .positive : .negative) : .series(entry.offset)
      // What fills the area of a class, then the mark of its points.
      let fill = ColorScale.diverging(limit: 1).shade(
        of: entry.offset == 0 ? 1 : -1, ability: ability)
      let swatch =
        ability.hasHalfBlocks
        ? "■" : String(Character(isTwo ? fill.scalar : texture(entry.offset, ability)))
      let field: Ink = isTwo && ink != .text ? .diverging(entry.offset == 0 ? 1 : -1) : ink
      // The points themselves are dark or light, as the place they lie on asks.
      return text + StyledText(swatch, field) + .text("\(mark) \(entry.element) ")
    }
  }

  /// `77 of 80 right (val_accuracy now 0.963)`; beside it curves have what the last epoch ended with.
  ///
  /// - Parameter title: what stands before it in the border where it is short.
  static func rightWords(
    _ view: PanelView, isShort: Bool, beside title: String = "Learned"
  ) -> StyledText {
    guard let pictures = view.lab.pictures, let right = pictures.right, !pictures.judged.isEmpty
    else { return "" }
    let count = NumberFormat.integer(pictures.judged.count)
    let digits = count.count
    let first = StyledText.strong(
      NumberFormat.padded(NumberFormat.integer(right), to: isShort ? 0 : digits) + " of \(count)")
    // A class for each pixel or each place of a sequence: what is counted are not examples.
    let unit =
      switch (view.lab.network?.outputShape.rank, view.lab.network?.inputShape.rank) {
      case (3, 3): " pixels"
      case (2, _): " places"
      default: ""
      }
    guard !isShort else {
      let words =
        unit.isEmpty
        ? view.isJudgedNow ? [" right now", " right"] : [" right"]
        : [unit + " right", unit] + (unit == " pixels" ? [" px"] : [])
      let room = view.area.width - title.count - 9 - first.width
      return first.inked(.secondary) + .secondary(words.first { $0.count <= room } ?? "")
    }
    let share = NumberFormat.share(Double(right) / Double(pictures.judged.count))
    let name = view.lab.settings?.data.validation == nil ? "accuracy" : "val_accuracy"
    return first + .secondary("\(unit) right (\(name) \(view.isJudgedNow ? "now " : "")")
      + .text(share)
      + .secondary(")")
  }
}
