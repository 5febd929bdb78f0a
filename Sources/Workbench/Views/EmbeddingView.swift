import TerminalGraphics
import Training

/// The rows of an embedding in the two dimensions in which they differ most, each word at its place.
enum EmbeddingView: CloseUpView {
  static let kind = CloseUp.embedding
  static let name = "tokens in two dimensions"
  static let help = "the rows of the table where they differ most, and the nearest of a chosen one"
  static let fits = "an Embedding"
  static let moves = "choose"

  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent? {
    guard case .embedding(let embedding) = picture else { return nil }
    return CloseUpExtent(parts: embedding.places.count)
  }

  static func draw(_ look: CloseUpLook, on grid: inout CellGrid) {
    guard case .embedding(let embedding) = look.picture else { return }
    EmbeddingDrawing(look: look, embedding: embedding).draw(on: &grid)
  }

  /// To the nearest word in the direction of the arrow, as far aside as ahead counting double.
  static func move(_ key: Key, _ picture: CloseUpPicture, _ interest: inout CloseUpInterest) {
    guard case .embedding(let embedding) = picture, !embedding.places.isEmpty else { return }
    let count = embedding.places.count
    switch key {
    case .home: interest.part = 0
    case .end: interest.part = count - 1
    default:
      let here = embedding.places[embedding.chosen]
      var best: (token: Int, distance: Float)?
      for (token, place) in embedding.places.enumerated() where token != embedding.chosen {
        let (x, y) = (place.x - here.x, place.y - here.y)
        let (ahead, aside): (Float, Float) =
          switch key {
          case .left: (-x, abs(y))
          case .right: (x, abs(y))
          case .up, .character("k"): (y, abs(x))
          default: (-y, abs(x))
          }
        guard ahead > 0 else { continue }
        let distance = ahead * ahead + 4 * aside * aside
        if best.map({ distance < $0.distance }) ?? true { best = (token, distance) }
      }
      interest.part = best?.token ?? embedding.chosen
    }
  }
}

private struct EmbeddingDrawing {
  let look: CloseUpLook
  let embedding: EmbeddingCloseUp

  private func name(_ token: Int) -> String { look.tokens.name(ofToken: token) }

  func draw(on grid: inout CellGrid) {
    let area = look.area
    let side = area.width >= 56 ? 26 : 0
    let parts = area.columns(.share(1), .cells(side), gap: side > 0 ? 2 : 0)
    let room = parts[0].trimmed(bottom: parts[0].height > 5 ? 1 : 0)
    drawPlaces(room, on: &grid)
    if room.bottom < parts[0].bottom {
      grid.write(legend, at: Point(parts[0].x, room.bottom), width: parts[0].width)
    }
    if side > 0, parts.count > 1 { drawChosen(parts[1], on: &grid) }
  }

  private var legend: StyledText {
    func share(_ place: Int) -> String {
      embedding.shares.indices.contains(place)
        ? NumberFormat.percent(embedding.shares[place], decimals: 0) : "0 %"
    }
    let long =
      "across and up: the 2 of \(embedding.size) directions with the largest variance, "
      + "\(share(0)) and \(share(1))"
    let short = "PCA of \(embedding.size): across \(share(0)), up \(share(1)) of the variance"
    let width = look.area.width - (look.area.width >= 56 ? 28 : 0)
    let names = Set(embedding.places.indices.map(name))
    let signs = [("_", "blank"), ("¶", "end of a line"), ("→", "tab")].filter {
      names.contains($0.0)
    }
    let key = signs.isEmpty ? [] : ["; " + signs.map { "\($0) \($1)" }.joined(separator: ", ")]
    let all = [long, short].flatMap { words in (key + [""]).map { words + $0 } }
    return .secondary(
      Fitting.text(
        all.filter { key.isEmpty || $0.contains("_ ") || $0.contains("¶ ") } + [short]
          + ["PCA: \(share(0)), \(share(1))"], width: width))
  }

  // MARK: The places

  private func axis(_ values: [Float]) -> Axis {
    let tight = Axis(fitting: values)
    let margin = max((tight.high - tight.low) * 0.04, 1e-9)
    return Axis(low: tight.low - margin, high: tight.high + margin)
  }

  private func drawPlaces(_ area: Rect, on grid: inout CellGrid) {
    let dots = embedding.places.map { ScatterPlot.Dot(x: $0.x, y: $0.y, group: 0) }
    let plot = ScatterPlot(
      dots: dots, xAxis: axis(dots.map(\.x)), yAxis: axis(dots.map(\.y)))
    guard !area.isEmpty, !grid.says(spoken, in: area) else { return }
    drawZeros(plot, area, on: &grid)
    var labels = Labels(area)
    let near = embedding.neighbors.prefix(5).map(\.token)
    let order = [embedding.chosen] + near + Array(embedding.places.indices)
    var seen: Set<Int> = []
    // Every dot keeps its cell; names then take what is left, the chosen one first.
    let points = embedding.places.map { plot.point(x: $0.x, y: $0.y, in: area) }
    for token in order where seen.insert(token).inserted {
      guard points.indices.contains(token), let point = points[token] else { continue }
      let isChosen = token == embedding.chosen
      let ink: Ink = isChosen ? .accent : near.contains(token) ? .series(0) : .text
      let text = String(name(token).prefix(14))
      guard let start = labels.place(text, at: point) else {
        if !labels.isTaken(point) { grid.put("·", at: point, ink: .secondary) }
        continue
      }
      grid.write(
        StyledText(text, ink, isChosen ? [.bold, .underline] : []), at: start)
      if isChosen { grid.point(at: Rect(start.x, start.y, TextWidth.columns(text), 1)) }
    }
  }

  /// For a frame that is read: the chosen word and those near it.
  private var spoken: [String] {
    let near = embedding.neighbors.prefix(5).map {
      "\(name($0.token)) \(NumberFormat.fixed($0.cosine, decimals: 2))"
    }
    return [
      "\(embedding.places.count) rows of \(embedding.size) numbers; nearest to "
        + "\(embedding.chosen < embedding.places.count ? name(embedding.chosen) : ""): "
        + near.joined(separator: ", ")
    ]
  }

  private func drawZeros(_ plot: ScatterPlot, _ area: Rect, on grid: inout CellGrid) {
    guard let zero = plot.point(x: 0, y: 0, in: area) else { return }
    for y in area.y..<area.bottom { grid.put("┊", at: Point(zero.x, y), ink: .border) }
    for x in area.x..<area.right { grid.put("┈", at: Point(x, zero.y), ink: .border) }
  }

  /// Which cells have a name already: none is written over another one.
  private struct Labels {
    private let area: Rect
    private var taken: Set<Point> = []

    init(_ area: Rect) { self.area = area }

    func isTaken(_ point: Point) -> Bool { taken.contains(point) }

    /// Where a name may begin so that it covers its point, with a blank around it; nil where it would
    /// touch another one.
    mutating func place(_ text: String, at point: Point) -> Point? {
      let width = TextWidth.columns(text)
      guard width > 0, width <= area.width else { return nil }
      let wanted = [point.x - width / 2, point.x, point.x - width + 1]
      for x in wanted.map({ max(area.x, min($0, area.right - width)) }) {
        let cells = (x - 1...x + width).map { Point($0, point.y) }
        guard cells.allSatisfy({ !taken.contains($0) }) else { continue }
        taken.formUnion(cells.dropFirst().dropLast())
        return Point(x, point.y)
      }
      return nil
    }
  }

  // MARK: The chosen one

  private func drawChosen(_ part: Rect, on grid: inout CellGrid) {
    guard embedding.places.indices.contains(embedding.chosen) else { return }
    grid.write(
      StyledText(name(embedding.chosen), .accent, .bold)
        + .secondary("  \(embedding.chosen) of \(embedding.places.count)"),
      at: part.origin, width: part.width)
    grid.write(
      .secondary("nearest, by cosine"), at: Point(part.x, part.y + 1), width: part.width)
    let hasRow = part.height >= 12
    let room = part.height - 2 - (hasRow ? 4 : 0)
    for (line, neighbor) in embedding.neighbors.prefix(max(0, room)).enumerated() {
      let y = part.y + 2 + line
      grid.write(.text(name(neighbor.token)), at: Point(part.x, y), width: 12)
      grid.write(
        StyledText(
          NumberFormat.column(neighbor.cosine, width: 6, decimals: 2),
          neighbor.cosine < 0 ? .negative : .positive),
        at: Point(part.x + 12, y), width: 6)
      let bar = Rect(part.x + 19, y, max(0, part.width - 19), 1)
      StackedBar(Double(max(0, neighbor.cosine)), ink: .series(0)).draw(in: bar, on: &grid)
    }
    guard hasRow else { return }
    grid.write(
      .secondary("its \(embedding.size) numbers"), at: Point(part.x, part.bottom - 3),
      width: part.width)
    Heatmap(
      values: embedding.row, rows: 1, columns: embedding.row.count,
      scale: .diverging(fitting: embedding.row), sampling: .strongest
    ).drawFilling(Rect(part.x, part.bottom - 2, part.width, 1), on: &grid)
    let limit = embedding.row.map { abs($0) }.max() ?? 0
    grid.write(
      LayersPanel.swatches(
        .diverging(limit: limit), "−" + NumberFormat.compact(limit, digits: 2),
        NumberFormat.compact(limit, digits: 2), look.ability),
      at: Point(part.x, part.bottom - 1), width: part.width)
  }
}
