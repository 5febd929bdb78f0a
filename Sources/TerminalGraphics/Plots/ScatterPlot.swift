/// Points of classes on a plane, also over a picture drawn before.
package struct ScatterPlot: Sendable {
  /// One point; its class chooses the mark and the ink.
  package struct Dot: Sendable, Equatable {
    package var x: Float
    package var y: Float
    package var group: Int

    package init(x: Float, y: Float, group: Int) {
      self.x = x
      self.y = y
      self.group = group
    }
  }

  package var dots: [Dot]
  package var xAxis: Axis
  package var yAxis: Axis
  /// Whether the dots lie on a colored picture: then they are dark or light, whichever shows.
  package var isOverPicture = false
  /// The dot marked as chosen.
  package var chosen: Int? = nil

  /// Axes that are not given just hold the points.
  package init(
    dots: [Dot], xAxis: Axis? = nil, yAxis: Axis? = nil, isOverPicture: Bool = false,
    chosen: Int? = nil
  ) {
    self.dots = dots
    self.xAxis = xAxis ?? Axis(fitting: dots.map(\.x))
    self.yAxis = yAxis ?? Axis(fitting: dots.map(\.y))
    self.isOverPicture = isOverPicture
    self.chosen = chosen
  }

  /// The mark of a class; the same on every terminal that has it.
  package static func mark(of group: Int, ability: Ability) -> Unicode.Scalar {
    let marks: [Unicode.Scalar] =
      ability.glyphs == .full
      ? ["●", "○", "■", "□", "▲", "◆", "△", "◇", "▼", "▽"]
      : ["o", "x", "+", "*", "v", "#", "%", "&", "=", "@"]
    return marks[((group % marks.count) + marks.count) % marks.count]
  }

  /// The cell of a value; nil outside the axes.
  package func point(x: Float, y: Float, in area: Rect) -> Point? {
    guard let across = xAxis.place(of: Double(x)), let up = yAxis.place(of: Double(y)),
      (0...1).contains(across), (0...1).contains(up), !area.isEmpty
    else { return nil }
    let column = min(area.width - 1, Int(across * Double(area.width)))
    let row = area.height - 1 - min(area.height - 1, Int(up * Double(area.height)))
    return Point(area.x + column, area.y + row)
  }

  /// Draws the dots; those outside the axes are left out.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    guard !grid.says(words, in: area) else { return }
    for (index, dot) in dots.enumerated() where index != chosen { draw(dot, false, area, &grid) }
    if let chosen, dots.indices.contains(chosen) { draw(dots[chosen], true, area, &grid) }
  }

  private func draw(_ dot: Dot, _ isChosen: Bool, _ area: Rect, _ grid: inout CellGrid) {
    guard let point = point(x: dot.x, y: dot.y, in: area) else { return }
    // Over a picture the mark alone tells the class: the picture's colors mean something else.
    let plain: Ink =
      isOverPicture ? (grid.ability.hasBackgrounds ? .contrast : .text) : .series(dot.group)
    grid.put(
      Self.mark(of: dot.group, ability: grid.ability), at: point,
      ink: isChosen ? .accent : plain,
      attributes: isChosen ? [.bold, .reverse] : [])
  }
}
